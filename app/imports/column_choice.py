"""What somebody chose for the columns of a sheet, and the map that says the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from app.imports.cells import NAMES_OF_PERSONS
from app.imports.columns import ADDED, understand
from app.imports.days import DATE_KINDS, FORMATS
from app.imports.kinds import RecordKind
from app.imports.map_writing import toml_of
from app.imports.maps import ONE_RECORD, ONE_VICTIM, MapProblem, SheetMap, Way, read_map
from app.imports.usual_headings import is_given_name
from app.imports.words import map_words

PASS_OVER, IN_WORDS = "", "*"
"""What a column may bring beside fields: nothing, or its words for the notes."""
SEPARATORS = (";", ",", "/", " - ", "\n")
"""Between several persons in a cell."""


class ChoiceProblem(Exception):
    """Choices that do not go together; the sentences say which."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


@dataclass(frozen=True)
class Choices:
    """For a sheet with its columns in order."""

    targets: tuple[str, ...]
    """What each column brings: a field, several parted by a plus sign, PASS_OVER or IN_WORDS."""
    language: str | None = None
    empty: tuple[str, ...] | None = None
    row: str = ONE_RECORD
    together: tuple[str, ...] = ()
    separator: str | None = None
    orders: Mapping[str, str] = field(default_factory=dict)
    """Heading → in which order its days are written, where one did not leave it to the column."""


def targets_of(header: Sequence[str], sheet_map: SheetMap) -> dict[str, str]:
    """What a map says each column brings, by heading; columns of which it says nothing are left out."""
    notes = notes_field(sheet_map.record_kind)
    found: dict[str, list[str]] = {}
    for name, way in sheet_map.ways.items():
        for heading in way.columns or ((way.column,) if way.column else ()):
            found.setdefault(heading, []).append(IN_WORDS if way.columns and name == notes else name)
    for name, way in sheet_map.ways.items():
        if not way.names_a_source:
            for heading in header:
                recognised = sheet_map.record_kind.fields.recognise(heading)
                if recognised is not None and recognised.name == name:
                    found.setdefault(heading, []).append(name)
    targets = {
        heading: "+".join([name for name in names if name != IN_WORDS] or [IN_WORDS])
        for heading, names in found.items()
    }
    return {**dict.fromkeys(sheet_map.ignore, PASS_OVER), **targets}


def notes_field(kind: RecordKind) -> str:
    """Where words go that have no field."""
    return "notes" if any(one.name == "notes" for one in kind.fields) else "note"


def choices_of(header: Sequence[str], targets: Sequence[str], sheet_map: SheetMap) -> Choices:
    ways = sheet_map.ways
    orders = {
        way.column: which
        for way in ways.values()
        if way.column
        for which, formats in FORMATS.items()
        if way.formats == formats
    }
    return Choices(
        targets=tuple(targets),
        language=sheet_map.language,
        empty=sheet_map.empty,
        row=sheet_map.row,
        together=sheet_map.together,
        separator=next((ways[name].separator for name in NAMES_OF_PERSONS if name in ways), None),
        orders=orders,
    )


def map_chosen(header: Sequence[str], choices: Choices, before: SheetMap) -> SheetMap:
    """The map of these choices. What *before* says of columns that still bring the same stays, and so does what needs
    no column. Raises ChoiceProblem."""
    kind = before.record_kind
    brought = _brought(header, choices, before)
    _check_once(brought, before)
    ways = {name: way for name, way in before.ways.items() if way.constant is not None or way.template is not None}
    for one in kind.fields:
        if headings := brought.get(one.name):
            ways[one.name] = _way(one.name, headings, choices, before, is_day=one.kind in DATE_KINDS)
    used = {heading for headings in brought.values() for heading in headings}
    found = replace(
        before,
        ways={one.name: ways[one.name] for one in kind.fields if one.name in ways},
        ignore=frozenset(heading for heading in header if heading not in used | ADDED),
        language=choices.language,
        empty=choices.empty,
        row=choices.row if kind.takes_victims else ONE_RECORD,
        together=choices.together if choices.row == ONE_VICTIM else (),
    )
    return _known_by_its_source(header, found)


def _brought(header: Sequence[str], choices: Choices, before: SheetMap) -> dict[str, list[str]]:
    """Field → the headings that bring it. A column that a map keeps in words as well still is."""
    notes = notes_field(before.record_kind)
    kept = set(before.ways.get(notes, Way()).columns)
    brought: dict[str, list[str]] = {}
    in_words = []
    for heading, target in zip(header, choices.targets, strict=True):
        if target == IN_WORDS or (heading in kept and target not in (PASS_OVER, notes)):
            in_words.append(heading)
        for name in target.split("+") if target not in (PASS_OVER, IN_WORDS) else ():
            brought.setdefault(name, []).append(heading)
    if in_words:
        brought.setdefault(notes, []).extend(in_words)
    return brought


def _check_once(brought: Mapping[str, Sequence[str]], before: SheetMap) -> None:
    problems = [
        _("“%(field)s” is chosen for several columns: %(columns)s. Leave one of them, or keep the others in words.",
          field=before.record_kind.fields[name].label, columns=", ".join(headings))
        for name, headings in brought.items()
        if len(headings) > 1 and not _takes_several(name, headings, before)
    ]  # fmt: skip
    if problems:
        raise ChoiceProblem(problems)


def _takes_several(name: str, headings: Sequence[str], before: SheetMap) -> bool:
    """Long texts, and a name that stands in parts; else where a map says how the columns go together."""
    is_long = before.record_kind.fields[name].kind == "long_text"
    return is_long or name == "legal_name" or _is_said(name, headings, before)


def _is_said(name: str, headings: Sequence[str], before: SheetMap) -> bool:
    known = before.ways.get(name)
    return known is not None and len(known.columns) == len(headings) and set(known.columns) == set(headings)


def _way(name: str, headings: Sequence[str], choices: Choices, before: SheetMap, *, is_day: bool) -> Way:
    known = before.ways.get(name, Way())
    is_notes = name == notes_field(before.record_kind)
    if _is_said(name, headings, before):
        return known
    if len(headings) > 1 or (is_notes and (IN_WORDS in choices.targets or headings[0] in known.columns)):
        if name == "legal_name":
            headings = sorted(headings, key=lambda heading: not is_given_name(heading))
        return Way(columns=tuple(headings))
    (heading,) = headings
    stays = known if known.column == heading or not known.names_a_source else Way()
    way = replace(stays, column=heading)
    if name in NAMES_OF_PERSONS:
        way = replace(way, separator=choices.separator)
    if is_day:
        own = () if way.formats in FORMATS.values() else way.formats
        way = replace(way, formats=FORMATS.get(choices.orders.get(heading, ""), own))
    return way


def _known_by_its_source(header: Sequence[str], found: SheetMap) -> SheetMap:
    """The name under which the records are known is written down: under another name the map must not bring them
    once more. Raises ChoiceProblem."""
    try:
        columns = understand(list(header), found)
        return replace(read_map("", toml_of(replace(found, source=columns.source)).encode()), name=found.name)
    except MapProblem as problem:
        raise ChoiceProblem([map_words(problem)]) from problem


def checked_targets(said: Iterable[str], kind: RecordKind) -> list[str]:
    """What a form says of each column; whatever is none of the fields passes the column over."""
    known = {one.name for one in kind.fields}
    return [
        target if target == IN_WORDS or (target and set(target.split("+")) <= known) else PASS_OVER for target in said
    ]
