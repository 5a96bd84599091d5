"""The map of a sheet, as TOML: which column brings which field, with what words, and what to leave out."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

from app.imports.kinds import KINDS, PLAIN, RecordKind
from app.tabular import BYTE_ORDER_MARK
from config import PACKS

SHIPPED = PACKS / "maps"
LARGEST = 256 * 1024
MOST_DOTS = 200

KEEP, DROP, REFUSE = "keep", "drop", "refuse"
HTML = "html"
"""The format of a column whose texts are pages of the web: their words are taken."""
ONE_RECORD, ONE_VICTIM = "record", "victim"


class MapProblem(Exception):
    """A map that cannot be used. *reason* is a code, *details* what it is about; `words.py` puts it into a sentence."""

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


@dataclass(frozen=True)
class Way:
    """How one field gets its value: from a column, several columns in words, always the same, or from a template."""

    column: str | None = None
    columns: tuple[str, ...] = ()
    constant: str | None = None
    template: str | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    other: str = KEEP
    """What becomes of a cell that the table of values does not name."""
    formats: tuple[str, ...] = ()
    separator: str | None = None
    join: str = " "
    """Between the cells of several columns that are one value: a day, a month and a year; a name and a surname."""
    after: str | None = None
    """What goes before this sign in a cell is left out: the number in «12-Name»."""
    ticked: bool = False
    """Whether of several columns those count that say yes, each by its heading."""

    @property
    def names_a_source(self) -> bool:
        return bool(self.column or self.columns or self.constant is not None or self.template)


@dataclass(frozen=True)
class SheetMap:
    """A whole map. Without a `source` of its own, records are known by the name of the map."""

    kind: str = PLAIN
    name: str | None = None
    title: str = ""
    source: str | None = None
    language: str | None = None
    ignore: frozenset[str] = frozenset()
    ignores_unknown: bool = False
    """Whether columns that nobody knows are passed over instead of refused."""
    ways: Mapping[str, Way] = field(default_factory=dict)
    sheet: str | None = None
    """Of a workbook, the sheet that is meant; else the first that holds anything."""
    header: int | None = None
    """The line that holds the headings, where it is not found by itself."""
    empty: tuple[str, ...] | None = None
    """Words that say that nothing is known; None for the usual ones."""
    row: str = ONE_RECORD
    """What one row stands for: a record, or one of the victims of an incident."""
    together: tuple[str, ...] = ()
    """Columns that say the same in all rows of one incident, where a row is a victim."""
    carried: frozenset[str] = frozenset()
    """Columns that bring no field and are not passed over either: something else is read there."""

    @property
    def record_kind(self) -> RecordKind:
        return KINDS[self.kind]


NO_MAP = SheetMap()


def map_for(name: str | None, kind: str | None) -> SheetMap:
    """The map of that name; without one, columns by their headings. *kind* is what was chosen. Raises MapProblem."""
    return find_map(name, kind) if name else SheetMap(kind=kind or PLAIN)


def shipped_maps() -> dict[str, SheetMap]:
    """The maps that come with Amparo, by name."""
    return {path.stem: read_map(path.name, path.read_bytes()) for path in sorted(SHIPPED.glob("*.toml"))}


def find_map(wanted: str, kind: str | None = None) -> SheetMap:
    """A shipped map by its name, else a file. Raises MapProblem."""
    path = SHIPPED / f"{wanted}.toml" if wanted.replace("-", "").isalnum() else Path(wanted)
    path = path if path.is_file() else Path(wanted)
    try:
        return read_map(path.name, path.read_bytes(), kind)
    except OSError as error:
        shipped = ", ".join(sorted(one.stem for one in SHIPPED.glob("*.toml")))
        raise MapProblem("no_file", name=wanted, shipped=shipped) from error


def read_map(filename: str, content: bytes, kind: str | None = None) -> SheetMap:
    """Read a map, for sheets of that kind where it was chosen. Raises MapProblem: too_large, encoding, not_toml,
    unknown_key, unknown_record_kind, other_record_kind, unknown_field, wrong_kind, placeholder, template, format,
    identity."""
    if len(content) > LARGEST:
        raise MapProblem("too_large", limit=LARGEST)
    # The reader of TOML needs memory by the square of a key's dots: 40 KB of them filled two gigabytes.
    if any(line.count(b".") > MOST_DOTS for line in content.splitlines()):
        raise MapProblem("not_toml", about=f"more than {MOST_DOTS} dots in one line")
    try:
        given = tomllib.loads(normalize("NFC", content.decode("utf-8").removeprefix(BYTE_ORDER_MARK)))
    except UnicodeDecodeError as error:
        raise MapProblem("encoding") from error
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise MapProblem("not_toml", about=str(error)[:200]) from error
    _only(given, _KEYS_OF_A_MAP, "")
    for key, known in (("language", ("es", "en")), ("row", (ONE_RECORD, ONE_VICTIM))):
        if given.get(key, known[0]) not in known:
            raise MapProblem("wrong_kind", key=key)
    found_kind = _kind(given.get("kind"), kind)
    ways = {name: _way(name, way, found_kind) for name, way in given.get("fields", {}).items()}
    found = SheetMap(
        kind=found_kind.name,
        name=Path(filename).stem[:80],
        title=given.get("title", ""),
        source=(given.get("source") or "").replace("\x00", "")[:200] or None,
        language=given.get("language"),
        ignore=frozenset(_texts(given.get("ignore", []), "ignore")),
        ways=ways,
        sheet=given.get("sheet"),
        header=given.get("header"),
        empty=tuple(_texts(given["empty"], "empty")) if "empty" in given else None,
        row=given.get("row", ONE_RECORD),
        together=tuple(_texts(given.get("together", []), "together")),
    )
    if found.row == ONE_VICTIM and not found_kind.takes_victims:
        raise MapProblem("wrong_kind", key="row")
    check_identity_stays_apart(found)
    return found


def _kind(said: str | None, chosen: str | None) -> RecordKind:
    """What the map says, what was chosen, or what is usual; the first two must not differ."""
    if said is not None and said not in KINDS:
        raise MapProblem("unknown_record_kind", kind=said, known=", ".join(KINDS))
    if said and chosen and said != chosen:
        raise MapProblem("other_record_kind", said=said, chosen=chosen)
    return KINDS[said or chosen or PLAIN]


_KEYS_OF_A_MAP: dict[str, type | tuple[type, ...]] = {
    "kind": str,
    "title": str,
    "source": str,
    "language": str,
    "ignore": list,
    "sheet": str,
    "header": int,
    "empty": (str, list),
    "row": str,
    "together": (str, list),
    "fields": dict,
}
_KEYS: dict[str, type | tuple[type, ...]] = {
    "column": str,
    "columns": list,
    "constant": (str, list, int, float, bool),
    "template": str,
    "values": dict,
    "other": str,
    "format": (str, list),
    "separator": str,
    "join": str,
    "after": str,
    "ticked": bool,
}


def _way(name: str, given: Any, kind: RecordKind) -> Way:
    if name not in {target.name for target in kind.fields}:
        raise MapProblem("unknown_field", field=name, known=", ".join(target.name for target in kind.fields))
    where = f"fields.{name}"
    if isinstance(given, str):
        given = {"column": given}
    if not isinstance(given, dict):
        raise MapProblem("wrong_kind", key=where)
    _only(given, _KEYS, where + ".")
    if len({"column", "columns", "constant", "template"} & set(given)) > 1:
        raise MapProblem("two_ways", key=where)
    if given.get("other", KEEP) not in (KEEP, DROP, REFUSE):
        raise MapProblem("wrong_kind", key=f"{where}.other")
    if "template" in given:
        _check_template(name, given["template"], kind)
    return Way(
        column=given.get("column"),
        columns=tuple(_texts(given.get("columns", []), f"{where}.columns")),
        constant=_constant(given["constant"]) if "constant" in given else None,
        template=given.get("template"),
        values={key: tuple(_texts(value, f"{where}.values")) for key, value in given.get("values", {}).items()},
        other=given.get("other", KEEP),
        formats=tuple(_formats(given.get("format", []), f"{where}.format")),
        separator=given.get("separator"),
        join=given.get("join", " "),
        after=given.get("after"),
        ticked=given.get("ticked", False),
    )


def _constant(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)


def _texts(value: Any, key: str) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise MapProblem("wrong_kind", key=key)
    return values


def _formats(value: Any, key: str) -> list[str]:
    formats = _texts(value, key)
    if any(one != HTML and (one.count("yyyy") != 1 or one.count("mm") > 1 or one.count("dd") > 1) for one in formats):
        raise MapProblem("format", key=key)
    return formats


def _only(given: Mapping[str, Any], known: Mapping[str, Any], where: str) -> None:
    for key, value in given.items():
        if key not in known:
            raise MapProblem("unknown_key", key=where + key, known=", ".join(known))
        if not isinstance(value, known[key]):
            raise MapProblem("wrong_kind", key=where + key)


def _check_template(name: str, template: str, kind: RecordKind) -> None:
    if name not in kind.templates:
        raise MapProblem("template", field=name, known=", ".join(sorted(kind.templates)) or "–")
    known = kind.templates[name]
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise MapProblem("wrong_kind", key=f"fields.{name}.template") from error
    for _text, placeholder, form, conversion in parts:
        if placeholder is not None and (placeholder not in known or form or conversion):
            raise MapProblem("placeholder", field=name, placeholder=placeholder, known=", ".join(sorted(known)))


def check_identity_stays_apart(found: SheetMap) -> None:
    """A column of names may bring nothing else, except by a table that names each value that passes.

    Raises MapProblem.
    """
    identity = [way for name, way in found.ways.items() if name in found.record_kind.identity_fields]
    names = {column for way in identity for column in (way.column, *way.columns)}
    for name, way in found.ways.items():
        used = ({way.column, *way.columns} & names) - {None}
        guarded = way.values and way.other == DROP
        if name not in found.record_kind.identity_fields and used and not guarded:
            raise MapProblem("identity", field=name, column=", ".join(sorted(str(one) for one in used)))
