"""The summary tables of a pack, and the numbers that the annex states: counted in one place, so that they agree.

They count more than the row files hold: what may be counted and not shown. A record that stands under several values
of one dimension counts once under each, and such a table says so and has no total.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
Cell = tuple[Any, ...]

MULTI = "multi"
UNKNOWN = "unknown"
STEPS = ("incidents", "complaint", "investigation", "charges", "conviction")
REACHED = {
    "open": ("investigation",),
    "closed_no_action": ("investigation",),
    "charges": ("investigation", "charges"),
    "conviction": ("investigation", "charges", "conviction"),
}
"""What a step of the State shows to have been reached."""
FEWEST = 3
MANY = 4
"""So many sources and more stand in one line."""
ASKED = (
    "admin1_code", "event_month", "persons_affected_min", "affected_kind", "defender_groups", "gender_of_affected",
    "indigenous_or_rural_community", "minors_involved", "alleged_perpetrators", "sector", "protest_context",
    "state_of_emergency", "complaint_filed", "investigation_status", "protection_requested", "protection_granted",
    "n_sources", "summary_es", "summary_en",
)  # fmt: skip
"""Columns of which a blank or an unknown is an answer that is missing."""


@dataclass
class Tally:
    """Incidents and persons of one cell."""

    records: int = 0
    persons: int = 0
    numbered: int = 0
    """Of the records: those of which a number of persons is on record."""

    def add(self, persons: int | None) -> None:
        self.records += 1
        self.persons += persons or 0
        self.numbered += persons is not None


@dataclass
class Sums:
    """Counts what it is given; then tells the tables."""

    cell_min: int
    incidents: int = 0
    persons: int = 0
    rows: int = 0
    """Of the incidents: those that stand in incidents.csv."""
    killings: int = 0
    """Incidents in which somebody was killed; and those of them of which a number is on record."""
    killings_numbered: int = 0
    killed: int = 0
    by_year_type: dict[Cell, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_year_region: dict[Cell, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_perpetrator_type: dict[Cell, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_group_gender: dict[Cell, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_context_type: dict[Cell, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_step: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_verification: Counter[Cell] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    proceedings: list[Row] = field(default_factory=list)
    """Only of those columns that are counted."""
    contracts: list[Row] = field(default_factory=list)
    recommendations: list[Row] = field(default_factory=list)

    # --- counting

    def add_incident(self, row: Row, steps: Iterable[str], killed: int | None, *, is_row: bool) -> None:
        """*row* before it is coarsened; *steps* as `incident_rows.steps_of` gives them."""
        persons, kind, year = row["persons_affected_min"], row["incident_type"], row["event_year"]
        self.incidents += 1
        self.persons += persons or 0
        self.rows += is_row
        self.killings += killed is not None
        self.killings_numbered += bool(killed)
        self.killed += killed or 0
        self.by_year_type[year, kind].add(persons)
        self.by_year_region[year, row["admin1_code"], row["admin1_name"]].add(persons)
        for perpetrator in _each(row["alleged_perpetrators"]):
            self.by_perpetrator_type[perpetrator, kind].add(persons)
        for group in _each(row["defender_groups"]):
            self.by_group_gender[group, row["gender_of_affected"]].add(persons)
        self.by_context_type[row["protest_context"], row["state_of_emergency"], kind].add(persons)
        reached = {"incidents"} | ({"complaint"} if row["complaint_filed"] == "yes" else set())
        reached |= {step for one in steps for step in REACHED.get(one, ())}
        for step in reached:
            self.by_step[step].add(persons)
        sources = row["n_sources"] if isinstance(row["n_sources"], int) else None
        self.by_verification[row["verification_status"], _sources(sources)] += 1
        self.missing.update(name for name in ASKED if row[name] in (None, [], [UNKNOWN], UNKNOWN))

    def add_proceeding(self, row: Row) -> None:
        wanted = ("direction", "kind", "stage", "outcome", "offence_codes", "accused_total", "duration_months",
                  "open_at_cutoff", "proceeding_ref")  # fmt: skip
        self.proceedings.append({name: row[name] for name in wanted})

    # --- telling

    def tables(self) -> dict[str, list[Row]]:
        """Name → rows, in a fixed order."""
        return {name: self.table(name) for name in NAMES}

    def table(self, name: str) -> list[Row]:
        return list(getattr(self, f"_{name}")())

    @property
    def suppressed_cells(self) -> int:
        return sum(row["suppressed"] for row in self._t04())

    def _t01(self) -> Iterator[Row]:
        return _rows(self.by_year_type, ("year", "incident_type"))

    def _t02(self) -> Iterator[Row]:
        return _rows(self.by_year_region, ("year", "admin1_code", "admin1_name"))

    def _t03(self) -> Iterator[Row]:
        return _rows(self.by_perpetrator_type, ("alleged_perpetrator", "incident_type"), note=MULTI)

    def _t04(self) -> Iterator[Row]:
        hidden = suppressed({cell: tally.records for cell, tally in self.by_group_gender.items()}, self.cell_min)
        return _rows(self.by_group_gender, ("defender_group", "gender_of_affected"), note=MULTI, hidden=hidden)

    def _t05(self) -> Iterator[Row]:
        cells: dict[Cell, Tally] = defaultdict(Tally)
        for row in self.proceedings:
            if row["direction"] == "against_defender":
                for offence in _each(row["offence_codes"]):
                    cells[offence, row["stage"], row["outcome"]].add(row["accused_total"])
        return _rows(cells, ("offence_code", "stage", "outcome"), note=MULTI)

    def _t06(self) -> Iterator[Row]:
        groups: dict[Cell, list[Row]] = defaultdict(list)
        for row in self.proceedings:
            groups[row["direction"], row["kind"]].append(row)
        for cell in _sorted(groups):
            rows = groups[cell]
            months = [row["duration_months"] for row in rows if row["duration_months"] is not None]
            yield {
                "direction": cell[0],
                "kind": cell[1],
                "n": len(rows),
                "n_with_duration": len(months),
                **_months(months),
                "share_open": share(sum(bool(row["open_at_cutoff"]) for row in rows), len(rows)),
                "suppressed": False,
            }

    def _t07(self) -> Iterator[Row]:
        groups: dict[Cell, list[Row]] = defaultdict(list)
        for row in self.contracts:
            if row["incidents_in_validity"] is not None:  # an addendum is no agreement of its own
                year = (row["start_date"] or "")[:4] or None
                groups[year, row["sector"], row["currency"], row["amount_basis"]].append(row)
        for cell in _sorted(groups):
            rows = groups[cell]
            yield {
                "start_year": cell[0],
                "sector": cell[1],
                "currency": cell[2],
                "amount_basis": cell[3],
                "n": len(rows),
                "officers_min": _sum(row["officers_min"] for row in rows),
                "officers_max": _sum(row["officers_max"] or row["officers_min"] for row in rows),
                "amount": _amount(row["amount"] for row in rows),
                "incidents_in_validity": sum(row["incidents_in_validity"] for row in rows),
                "suppressed": False,
            }

    def _t08(self) -> Iterator[Row]:
        for step in STEPS:
            tally = self.by_step.get(step, Tally())
            if self.incidents:
                yield {
                    "step": step,
                    "n": tally.records,
                    "n_persons": tally.persons,
                    "share": share(tally.records, self.incidents),
                    "suppressed": False,
                }

    def _t09(self) -> Iterator[Row]:
        cells: dict[Cell, list[int]] = defaultdict(list)
        for row in self.recommendations:
            cells[row["cycle"], row["position"], row["implementation"]].append(row["n_states"] or 0)
        for cell in _sorted(cells):
            yield {
                "cycle": cell[0],
                "position": cell[1],
                "implementation": cell[2],
                "n": len(cells[cell]),
                "n_states": sum(cells[cell]),
                "suppressed": False,
            }

    def _t10(self) -> Iterator[Row]:
        return _rows(self.by_context_type, ("protest_context", "state_of_emergency", "incident_type"))

    def _t11(self) -> Iterator[Row]:
        for cell in _sorted(self.by_verification):
            number = self.by_verification[cell]
            yield {
                "measure": "verification",
                "verification_status": cell[0],
                "n_sources": cell[1],
                "n": number,
                "share": share(number, self.incidents),
                "suppressed": False,
            }
        # Beside cells that are held back, how many are missing would be the one number that opens them.
        hidden = {"defender_groups", "gender_of_affected"} if self.suppressed_cells else set()
        for name in ASKED if self.incidents else ():
            missing: int | None = None if name in hidden else self.missing[name]
            yield {
                "measure": "missing",
                "column": name,
                "n": missing,
                "share": None if missing is None else share(missing, self.incidents),
                "suppressed": missing is None,
            }


NAMES = ("t01", "t02", "t03", "t04", "t05", "t06", "t07", "t08", "t09", "t10", "t11")


def suppressed(cells: dict[Cell, int], cell_min: int) -> set[Cell]:
    """The cells of a table with two dimensions that are not printed: small ones, and as many beside them that no line
    holds a single hidden cell, which a total known from elsewhere would open."""
    hidden = {cell for cell, number in cells.items() if 0 < number < cell_min}
    found = True
    while found:
        found = False
        for dimension in (0, 1):
            for value in _sorted({cell[dimension] for cell in hidden}):
                line = [cell for cell in cells if cell[dimension] == value and cells[cell]]
                shown = [cell for cell in line if cell not in hidden]
                if shown and len(line) - len(shown) == 1:
                    hidden.add(min(shown, key=lambda cell: (cells[cell], _order(cell))))
                    found = True
    return hidden


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def _rows(
    cells: dict[Cell, Tally], names: tuple[str, ...], *, note: str | None = None, hidden: Collection[Cell] = ()
) -> Iterator[Row]:
    for cell in _sorted(cells):
        is_hidden = cell in hidden
        tally = cells[cell]
        yield dict(zip(names, cell, strict=True)) | {
            "n": None if is_hidden else tally.records,
            "n_persons": None if is_hidden else tally.persons,
            "suppressed": is_hidden,
            "note": note,
        }


def _each(values: Any) -> list[Any]:
    """The values of a column; one unknown where there are none."""
    return list(values) if isinstance(values, list) and values else [None]


def _sources(number: int | None) -> str | None:
    if number is None:
        return None
    return f"{MANY}+" if number >= MANY else str(number)


def _order(value: Any) -> tuple[Any, ...]:
    """Of cells whose parts may be missing: those stand at the end."""
    parts = value if isinstance(value, tuple) else (value,)
    return tuple((part is None, str(part)) for part in parts)


def _sorted(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=_order)


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _amount(texts: Iterable[str | None]) -> str | None:
    known = [Decimal(text) for text in texts if text]
    return str(sum(known, Decimal(0))) if known else None


def _months(months: list[int]) -> Row:
    """Of one or two alone the numbers would be those of a single proceeding."""
    if len(months) < FEWEST:
        return {"median_months": None, "min_months": None, "max_months": None}
    return {
        "median_months": _number(statistics.median(months)),
        "min_months": min(months),
        "max_months": max(months),
    }


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value
