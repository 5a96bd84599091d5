"""What KoboToolbox gives back of our form: a sheet of answers, and one for each part of it that repeats.

An answer becomes one incident, known by the number that the phone gave it. It is written as rows of a sheet whose
headings an import knows, one for each victim, so that everything after it is as with any other sheet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from app.imports.columns import ADDED, ROW_COLUMN
from app.imports.field_forms import FORM_ID, survey
from app.imports.incident_fields import IMPORTED, IN_STEP, LISTED, OF_A_VICTIM
from app.imports.kinds import PLAIN
from app.imports.layout import Sheet
from app.imports.maps import ONE_VICTIM, SheetMap, Way
from app.places.models import LEVELS
from app.sheets import Grid, Line

UUID = "_uuid"
FILES = "_attachments"
"""The column that carries the files of an answer: in which folder of the ZIP, and under which name."""
SOURCE = f"kobo:{FORM_ID}"

ROOT = "rootUuid"
"""What stays when an answer is edited on the server, where it is given; `_uuid` becomes another one."""
NOT_ASKED = frozenset(
    {"safety", "start", "end", "today", "username", "deviceid", "phonenumber", "simserial", "subscriberid", "audit",
     "instanceID", "instanceName", "deprecatedID", "uuid", ROOT}
)  # fmt: skip
SAID_BY_PEOPLE = frozenset({"_notes", "_tags"})
TICKED = frozenset({"1", "yes", "true"})
POINT = "geopoint"
NAMES = frozenset(one.name for one in IMPORTED)
ONE_FOR_ALL = "perpetrator_degree"
"""What an incident says of all its perpetrators together."""


@dataclass(frozen=True)
class Form:
    """What the form asks: its questions by the part that repeats, those with several answers, those for files."""

    of_part: Mapping[str, frozenset[str]]
    several: frozenset[str]
    files: frozenset[str]


@dataclass
class Answers:
    """One line of the export."""

    number: int
    facts: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    """What the server says of it: its number, and to which answer it belongs."""
    files: list[tuple[str, str]] = field(default_factory=list)
    """The question, and the name of the file."""
    further: list[str] = field(default_factory=list)
    """What was asked beside our questions, in words."""

    @property
    def own_number(self) -> str:
        return self.about.get(ROOT, "").removeprefix("uuid:") or self.about.get(UUID, "")


def is_field_export(header: Iterable[str], sheet_map: SheetMap) -> bool:
    """Whether these are the headings of our form's answers, and nobody said otherwise how they are to be read."""
    names = {_last(heading) for heading in header}
    return {UUID, "main_type"} <= names and sheet_map.kind == PLAIN and not (sheet_map.name or sheet_map.sheet)


def map_of_export(sheet_map: SheetMap) -> SheetMap:
    ways = {"external_id": Way(column=UUID)}
    return replace(sheet_map, source=SOURCE, row=ONE_VICTIM, ways=ways, carried=frozenset({FILES}))


def taken_apart(grid: Grid, read: Callable[[str], Grid]) -> Sheet:
    """The rows of the incidents; *read* gives the other sheets of the workbook."""
    form = _form()
    header = grid.lines[0][1]
    as_typed = ROW_COLUMN not in header
    main = _answers(header, grid.lines[1:], form, as_typed)
    parts, remarks = _parts_of(main, [read(name) for name in grid.sheets if name != grid.sheet], form)
    rows = [(one.number, row) for place, one in enumerate(main) for row in _rows_of(one, parts.get(place, {}))]
    said = {name for _number, row in rows for name in row}
    names = [UUID, "main_type", *(one.name for one in IMPORTED), FILES, *ADDED]
    names = [name for name in dict.fromkeys(names) if name in said or name in (UUID, "main_type")]
    if len(grid.sheets) < 2 and as_typed:
        remarks.append(_("This file holds no sheets for what repeats: affected persons, perpetrators, sources and "
                         "attachments. Export from KoboToolbox as XLSX to bring them in."))  # fmt: skip
    words = ngettext("%(num)s answer of the form for the field.", "%(num)s answers of the form for the field.",
                     len(main))  # fmt: skip
    return Sheet(
        name=grid.name,
        header=names,
        rows=[(number, [row.get(name, "") for name in names]) for number, row in rows],
        grid=replace(grid, lines=[]),
        header_rows=(grid.lines[0][0],),
        remarks=(words, *remarks),
    )


# --- what the form asks --------------------------------------------------------------------------


def _form() -> Form:
    of_part: dict[str, set[str]] = defaultdict(set)
    several, files, part = set(), set(), ""
    for row in survey():
        kind = row["type"].split()[0]
        if kind == "begin_repeat":
            part = row["name"]
        elif kind == "end_repeat":
            part = ""
        elif not kind.startswith(("begin_", "end_")):
            of_part[part].add(row["name"])
            if kind == "select_multiple":
                several.add(row["name"])
            elif kind in ("image", "audio", "video", "file"):
                files.add(row["name"])
    return Form({name: frozenset(asked) for name, asked in of_part.items()}, frozenset(several), frozenset(files))


def _last(heading: str) -> str:
    """The question, without the groups in which it stands."""
    return heading.rpartition("/")[2]


# --- lines ---------------------------------------------------------------------------------------


def _answers(header: Sequence[str], lines: Iterable[Line], form: Form, as_typed: bool) -> list[Answers]:
    return [_answers_of(number, zip(header, cells, strict=False), form, as_typed) for number, cells in lines]


def _answers_of(number: int, said: Iterable[tuple[str, str]], form: Form, as_typed: bool) -> Answers:
    """*as_typed*: bars within a text are those of whoever typed it."""
    found = Answers(number)
    ticked: dict[str, list[str]] = defaultdict(list)
    for heading, cell in said:
        question = _last(heading.rpartition("/")[0])
        if cell and question not in form.several:
            _take(found, heading, cell, form, as_typed)
        elif cell.casefold() in TICKED:
            ticked[question].append(_last(heading))
    for question, codes in ticked.items():
        found.facts.setdefault(question, "|".join(codes))
    # The key of the smallest place says what lies above it.
    keys = [found.facts.pop(level, "") for level in LEVELS] if as_typed else []
    if any(keys):
        found.facts["place"] = [key for key in keys if key][-1]
    return found


def _take(found: Answers, heading: str, cell: str, form: Form, as_typed: bool) -> None:
    name = _last(heading)
    if name in form.files:
        found.files.append((name, cell))
    elif name in {FILES, *ADDED}:
        found.facts[name] = cell
    elif name == POINT:
        found.facts |= dict.fromkeys(("latitude", "longitude"), cell)
    elif name in form.several:
        found.facts[name] = "|".join(cell.split())
    elif name in NAMES:
        found.facts[name] = cell.replace("|", "\\|") if as_typed and name in IN_STEP | LISTED else cell
    elif _is_of_the_server(heading):
        found.about[name] = cell
    elif name.removesuffix("_URL") not in form.files:
        found.further.append(f"{heading}: {cell}")


def _is_of_the_server(heading: str) -> bool:
    name = _last(heading)
    return name in NOT_ASKED or (any(one.startswith("_") for one in (heading, name)) and name not in SAID_BY_PEOPLE)


def _parts_of(
    main: Sequence[Answers], sheets: Iterable[Grid], form: Form
) -> tuple[dict[int, dict[str, list[Answers]]], list[str]]:
    """What repeats, by the place of the answer and the part; and what must be said of the sheets."""
    by_number = {one.about[UUID]: place for place, one in enumerate(main) if UUID in one.about}
    by_index = {one.about["_index"]: place for place, one in enumerate(main) if "_index" in one.about}
    parts: dict[int, dict[str, list[Answers]]] = defaultdict(lambda: defaultdict(list))
    remarks, lost = [], 0
    for sheet in sheets:
        header = sheet.lines[0][1]
        names = {_last(heading) for heading in header} | {_last(one.rpartition("/")[0]) for one in header}
        if not names & {"_submission__uuid", "_parent_index"}:
            remarks.append(_("The sheet “%(sheet)s” is none of the form and was not read.", sheet=sheet.sheet))
            continue
        part = max((name for name in form.of_part if name), key=lambda name: len(form.of_part[name] & names))
        is_ours = bool(form.of_part[part] & names)
        for one in _answers(header, sheet.lines[1:], form, as_typed=True):
            place = by_index.get(one.about.get("_parent_index", ""))
            place = by_number.get(one.about.get("_submission__uuid", ""), place)
            if place is None:
                lost += 1
            else:
                parts[place][part if is_ours else sheet.sheet].append(one)
    if lost:
        remarks.append(
            ngettext("%(num)s line of the further sheets belongs to no answer of the first sheet and is left out.",
                     "%(num)s lines of the further sheets belong to no answer of the first sheet and are left out.",
                     lost)
        )  # fmt: skip
    return parts, remarks


# --- rows ----------------------------------------------------------------------------------------


def _rows_of(answers: Answers, parts: Mapping[str, list[Answers]]) -> list[dict[str, str]]:
    """The first says all of the incident; the others bring a victim each."""
    everything = [answers, *(one for part in parts.values() for one in part)]
    facts = dict(answers.facts)
    victims = [one.facts for one in parts.get("victims", ())]
    counted = {name: facts.pop(name) for name in list(facts) if name in OF_A_VICTIM} if any(victims) else {}
    further = [words for one in everything for words in one.further]
    further += [f"{question}: {name}" for one in everything for question, name in one.files]
    further += _set_in_step(facts, parts.get("by_whom", ()))
    _set_in_step(facts, parts.get("how_known", ()))
    further += [
        f"{part}/{name}: {text}"
        for part, lines in parts.items()
        if part not in ("victims", "by_whom", "how_known")
        for one in lines
        for name, text in one.facts.items()
    ]
    if further:
        facts["notes"] = "\n".join(filter(None, [facts.get("notes"), *further]))
    folder = answers.about.get(UUID, "")
    if files := [f"{folder}/{name}" for one in everything for _question, name in one.files]:
        facts[FILES] = "|".join(files)
    rows = [one for one in (*victims, counted) if one] or [{}]
    # A title is what a row cannot do without.
    called = {name: facts[name] for name in (("title",) if "title" in facts else ("main_type",)) if name in facts}
    number = {UUID: answers.own_number}
    return [facts | rows[0] | number, *(called | row | number for row in rows[1:])]


def _set_in_step(facts: dict[str, str], lines: Sequence[Answers]) -> list[str]:
    """Each in its place among the others; gives what cannot be said of one of several, in words."""
    told = []
    of_all = {one.facts[ONE_FOR_ALL] for one in lines if ONE_FOR_ALL in one.facts}
    if len(of_all) == 1 and all(ONE_FOR_ALL in one.facts for one in lines):
        facts[ONE_FOR_ALL] = of_all.pop()
    elif of_all:
        told = [f"{ONE_FOR_ALL}: {one.facts.get('perpetrators', '')} {one.facts.get(ONE_FOR_ALL, '')}" for one in lines]
    for name in dict.fromkeys(name for one in lines for name in one.facts if name in IN_STEP):
        facts[name] = "|".join(one.facts.get(name, "") for one in lines)
    return told
