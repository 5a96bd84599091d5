"""Where a row is a victim: the rows of one incident become one record, with a victim each."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _

from app.db import fold
from app.imports.columns import Columns
from app.imports.incident_fields import OF_A_VICTIM
from app.imports.incident_rows import OF_A_PERPETRATOR, OF_A_RESPONSE, OF_A_SOURCE
from app.imports.layout import Sheet
from app.imports.maps import ONE_VICTIM, MapProblem, SheetMap
from app.imports.reading import Row

IN_STEP_OF = (OF_A_SOURCE, OF_A_PERPETRATOR, OF_A_RESPONSE)
APART = OF_A_VICTIM.union(*IN_STEP_OF)
BY_THEMSELVES = ("happened", "place_id", "region_text", "community", "main_type")
"""What makes rows one incident where no column says it: the same day, place and type."""


def check_together(sheet: Sheet, sheet_map: SheetMap) -> None:
    """Raises MapProblem for headings that the sheet does not have."""
    missing = [heading for heading in sheet_map.together if heading not in sheet.header]
    if missing:
        raise MapProblem("missing_columns", columns=", ".join(missing), present=", ".join(sheet.header))


def grouped(rows: Iterable[Row], sheet: Sheet, columns: Columns, sheet_map: SheetMap) -> list[Row]:
    """The first row of each incident, with the others as its `further` rows; every row alone unless it is a victim."""
    rows = list(rows)
    if sheet_map.row != ONE_VICTIM:
        return rows
    indexes = [sheet.header.index(heading) for heading in sheet_map.together]
    by_number = not indexes and columns.of("external_id") is not None
    first: dict[Any, Row] = {}
    for row in rows:
        row.is_victim = True
        key = _key(row, indexes, by_number)
        if key is None or row.number in sheet.broken:
            first[("alone", row.number)] = row
        elif key in first:
            first[key].further.append(row)
        else:
            first[key] = row
            if indexes:
                row.external_id = hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:32]
    for row in first.values():
        _settle_together(row)
    return list(first.values())


def _key(row: Row, indexes: list[int], by_number: bool) -> Any:
    """What an incident is known by; None where the row does not say it."""
    if indexes:
        said = tuple(fold(row.cells[index]) for index in indexes)
        return said if any(said) else None
    if by_number:
        return row.external_id
    known = tuple(row.facts.get(name) for name in BY_THEMSELVES)
    return known if known[0] and any(known[1:4]) else None


def _settle_together(row: Row) -> None:
    """What only a later row says of the incident is taken; where they differ, the first counts, and that is said."""
    if not row.further:
        return
    _tell_apart(row)
    _beside_one_another(row)
    differing: dict[str, list[int]] = {}
    for other in row.further:
        _take_problems(row, other)
        for name in _take_facts(row, other):
            differing.setdefault(name, []).append(other.number)
    for name, numbers in differing.items():
        row.remarks.append(
            _("Other rows of the incident say something else in “%(field)s” (%(rows)s); the first one counts.",
              field=name, rows=_some(numbers))
        )  # fmt: skip
    number = len(row.further) + 1
    if len(row.numbers) > 1:  # else it is one answer of a form
        row.remarks.append(
            _("Rows %(rows)s are one incident with %(number)s victims.", rows=_some(row.numbers), number=number)
        )


def _take_problems(row: Row, other: Row) -> None:
    for problem in other.problems:
        words = _("Row %(number)s: %(problem)s", number=other.number, problem=problem)
        row.problems.append(words)
        if problem in other.wrong:
            row.wrong[words] = other.wrong[problem]


def _take_facts(row: Row, other: Row) -> Iterator[str]:
    """Gives the fields in which the two say different things, and only one can be right."""
    for name, value in other.facts.items():
        if name in APART or value is None:
            continue
        ours = row.facts.get(name)
        if ours is None:
            row.facts[name] = value
        elif isinstance(value, list):
            row.facts[name] = list(dict.fromkeys([*ours, *value]))
        elif ours != value and not name.startswith("title"):
            yield name


def _some(numbers: list[int], most: int = 10) -> str:
    return ", ".join(map(str, numbers[:most])) + (" …" if len(numbers) > most else "")


def _beside_one_another(row: Row) -> None:
    """Sources, perpetrators and steps of all rows, each once, with what stands in step with it."""
    for names in IN_STEP_OF:
        rows = [one for one in (row, *row.further) if any(one.facts.get(name) for name in names)]
        told = [cells for one in rows for cells in zip_longest(*(one.facts.get(name) or () for name in names))]
        told = list(dict.fromkeys(told))
        for name, column in zip(names, zip(*told, strict=True), strict=True) if told else ():
            row.facts[name] = list(column) if any(column) else None


def _tell_apart(row: Row) -> None:
    """Pseudonyms that a template made alike get the place of the victim behind them."""
    rows = [row, *row.further]
    often = Counter(name for one in rows for name in one.facts.get("pseudonym") or ())
    for place, one in enumerate(rows, start=1):
        if names := one.facts.get("pseudonym"):
            one.facts["pseudonym"] = [f"{name}-{place}" if often[name] > 1 else name for name in names]
