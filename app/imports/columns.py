"""Which column of a sheet brings which field: as the map says, else by the heading."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from app.db import folded_words
from app.fields import Field
from app.imports.kinds import RecordKind
from app.imports.maps import MapProblem, SheetMap, Way

REASON_COLUMN, ROW_COLUMN = "amparo_reason", "row_in_file"
"""Stand in the file of the rows that stayed out; passed over when that file comes back."""
ADDED = frozenset({REASON_COLUMN, ROW_COLUMN})

OWN_EXPORT = "amparo"
"""The source of a sheet that Amparo itself wrote: its records are known by their references."""


@dataclass(frozen=True)
class Bringer:
    """One field and how it gets its value from a row: from these columns, or without any."""

    field: Field
    way: Way
    indexes: tuple[int, ...] = ()
    headings: tuple[str, ...] = ()
    blanks: frozenset[str] = frozenset()
    """Cells that say nothing in these columns, as they stand there."""


@dataclass(frozen=True)
class Columns:
    """A sheet understood: what brings what, under which name its records are known, and which cells count as them."""

    kind: RecordKind
    bringers: tuple[Bringer, ...]
    source: str
    counted: tuple[int, ...]
    """The columns whose cells make a row what it is."""
    passed_over: tuple[str, ...] = ()
    """Headings that bring nothing, to be said in the dry run."""

    def of(self, name: str) -> Bringer | None:
        return next((one for one in self.bringers if one.field.name == name), None)


def understand(header: list[str], sheet_map: SheetMap) -> Columns:
    """Raises MapProblem: missing_columns, two_columns, unknown_columns, nothing, identity."""
    kind = sheet_map.record_kind
    position = {heading: index for index, heading in enumerate(header)}
    _check_named(sheet_map, position)
    named = {column for way in sheet_map.ways.values() for column in (way.column, *way.columns) if column}
    named |= set(sheet_map.together)
    own = _of_own_export(header, kind) - named
    passed_over = sheet_map.ignore | sheet_map.carried | ADDED | own
    recognised = _recognised([one for one in header if one not in named | passed_over], sheet_map)
    ways = {**{name: Way(column=heading) for name, heading in recognised.items()}}
    for name, way in sheet_map.ways.items():
        if way.names_a_source:
            ways[name] = way
        elif name in recognised:
            ways[name] = replace(way, column=recognised[name])
    if not named | set(recognised.values()):
        raise MapProblem("nothing")
    bringers = tuple(_bringer(field, ways[field.name], position) for field in kind.fields if field.name in ways)
    counted = tuple(index for heading, index in sorted(position.items()) if heading not in ADDED)
    quiet = {one for one in own if one.endswith("_label") or (kind.own_export and one == kind.own_export.mark)}
    brought = named | set(recognised.values())
    told = tuple(one for one in header if one not in brought | sheet_map.carried | ADDED | quiet)
    return Columns(kind, bringers, _source(sheet_map, header), counted, told)


def _of_own_export(header: list[str], kind: RecordKind) -> set[str]:
    """Columns that Amparo's export has beside those that an import reads."""
    export = kind.own_export
    if export is None:
        return set()
    labels = {f"{field.name}_label" for field in export.fields if field.code_list and field.name in header}
    return set(header) & (labels | (export.not_taken | {export.mark} if export.mark in header else frozenset()))


def _check_named(sheet_map: SheetMap, position: dict[str, int]) -> None:
    named = [column for way in sheet_map.ways.values() for column in (way.column, *way.columns) if column]
    missing = [column for column in dict.fromkeys(named) if column not in position]
    if missing:
        raise MapProblem("missing_columns", columns=", ".join(missing), present=", ".join(position))


def _recognised(headings: list[str], sheet_map: SheetMap) -> dict[str, str]:
    """Field → heading, for what the map does not speak of."""
    found: dict[str, str] = {}
    unknown = []
    for heading in headings:
        field = sheet_map.record_kind.fields.recognise(heading)
        if field is None or (field.name in sheet_map.ways and sheet_map.ways[field.name].names_a_source):
            unknown.append(heading)
        elif field.name in found:
            raise MapProblem("two_columns", field=str(field.label), columns=f"{found[field.name]}, {heading}")
        else:
            found[field.name] = heading
    if unknown and not sheet_map.ignores_unknown:
        raise MapProblem("unknown_columns", columns=", ".join(unknown), names=tuple(unknown))
    return found


def _bringer(field: Field, way: Way, position: dict[str, int]) -> Bringer:
    headings = (way.column,) if way.column else way.columns
    return Bringer(field, way, tuple(position[one] for one in headings), headings)


def _source(sheet_map: SheetMap, header: list[str]) -> str:
    """Under which name the records are known when the file comes again: never by its bytes, which a rest changes."""
    if sheet_map.source:
        return sheet_map.source
    if sheet_map.name:
        return f"import:{sheet_map.name}"
    export = sheet_map.record_kind.own_export
    if export and {export.mark, "reference"} <= set(header):
        return OWN_EXPORT
    headings = sorted(" ".join(folded_words(heading)) for heading in header if heading not in ADDED)
    return f"import:{hashlib.sha256('|'.join(headings).encode()).hexdigest()[:16]}"


def hides(bringer: Bringer, columns: Columns) -> bool:
    """Whether a report must not repeat what stands in the column."""
    secret = {
        index for one in columns.bringers if one.field.name in columns.kind.identity_fields for index in one.indexes
    }
    return bool(secret & set(bringer.indexes))
