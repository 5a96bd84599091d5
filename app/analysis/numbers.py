"""Contracts by region and year, officers and money: counted once, for the map, the charts, the tables and the files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.analysis.queries import AnalysisWish, agreements_found, departments_of, papers_of
from app.analysis.sums import OVERLAPPING, SEVERAL, Paper, Sum, Totals, apart, paper_of, sums, totals
from app.contracts.models import Contract
from app.db import db
from app.places.models import DEPARTMENT, Place

COLUMNS = (
    Contract.id, Contract.base_id, Contract.company_id, Contract.starts_from, Contract.starts_to,
    Contract.officers_least, Contract.officers_most, Contract.total_amount, Contract.total_currency,
    Contract.total_basis, Contract.total_qualifier, Contract.count_basis, Contract.counts,
)  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """An agreement as it is counted."""

    id: int
    year: int | None
    """In which it began; None where that is not on record, or not to the year."""
    departments: frozenset[int]
    stands_for_several: bool
    officers: tuple[int, int] | None
    """None where it states none, and where the source adds up several agreements that may be on record themselves."""


@dataclass(frozen=True)
class Count:
    """A line of a table, a bubble of the map or a bar. A record counts once, however many papers it stands for."""

    agreements: int
    several: int
    """How many of these stand for several papers that the source only counts."""
    officers_least: int
    officers_most: int
    with_officers: int
    """How many of the agreements say how many officers."""


def counted(agreements: Iterable[Agreement]) -> Count:
    agreements = list(agreements)
    officers = [one.officers for one in agreements if one.officers is not None]
    return Count(
        agreements=len(agreements),
        several=sum(one.stands_for_several for one in agreements),
        officers_least=sum(least for least, _most in officers),
        officers_most=sum(most for _least, most in officers),
        with_officers=len(officers),
    )


@dataclass(frozen=True)
class Numbers:
    agreements: list[Agreement]
    papers: list[Paper]
    names: dict[int, str]
    """Department → its name."""

    @property
    def is_empty(self) -> bool:
        return not self.agreements

    @cached_property
    def total(self) -> Count:
        return counted(self.agreements)

    @cached_property
    def years(self) -> list[int | None]:
        """In which any of them began, in order; None at the end where one has no year."""
        found = {one.year for one in self.agreements}
        return [*sorted(year for year in found if year is not None), *([None] if None in found else [])]

    @cached_property
    def by_year(self) -> list[tuple[int | None, Count]]:
        return [(year, counted(one for one in self.agreements if one.year == year)) for year in self.years]

    @cached_property
    def departments(self) -> list[int | None]:
        """In the order of their names; None at the end where one has no place."""
        found = {department for one in self.agreements for department in one.departments}
        without = [None] if any(not one.departments for one in self.agreements) else []
        return [*sorted(found, key=lambda number: self.names[number]), *without]

    @cached_property
    def by_department(self) -> list[tuple[int | None, Count]]:
        """An agreement that covers several counts in each: the lines come to more than the total."""
        return [(department, counted(self._in(department))) for department in self.departments]

    @cached_property
    def by_department_and_year(self) -> list[tuple[int | None, int | None, Count]]:
        return [
            (department, year, count)
            for department in self.departments
            for year in self.years
            if (count := self.cell(department, year)).agreements
        ]

    def cell(self, department: int | None, year: int | None) -> Count:
        return counted(one for one in self._in(department) if one.year == year)

    def _in(self, department: int | None) -> list[Agreement]:
        if department is None:
            return [one for one in self.agreements if not one.departments]
        return [one for one in self.agreements if department in one.departments]

    @cached_property
    def money(self) -> Totals:
        return totals(self.papers)

    @cached_property
    def money_by_year(self) -> list[tuple[int | None, Sum]]:
        """By the year in which each paper itself begins: what an addendum brings is of its own year."""
        stated, _contained = apart(self.papers)
        years = sorted({paper.year for paper in stated}, key=lambda year: year or 10**4)
        return [(year, line) for year in years for line in sums(paper for paper in stated if paper.year == year)]


def numbers_of(user: User, wish: AnalysisWish) -> Numbers:
    """In three statements, however many contracts there are."""
    found = agreements_found(user, wish)
    rows = db.session.execute(papers_of(user, found).with_only_columns(*COLUMNS)).all()
    departments = departments_of(user, found)
    names = db.session.execute(select(Place.id, Place.name).where(Place.level == DEPARTMENT))
    papers = [paper_of(row) for row in rows]
    agreements = [
        _agreement(row, paper, departments.get(row.id, set()))
        for row, paper in zip(rows, papers, strict=True)
        if not paper.is_addendum
    ]
    return Numbers(agreements, papers, {number: name for number, name in names})


def _agreement(row: Any, paper: Paper, departments: set[int]) -> Agreement:
    least, most = row.officers_least, row.officers_most
    known = (least, most) != (None, None) and row.count_basis not in OVERLAPPING
    return Agreement(
        id=row.id,
        year=paper.year,
        departments=frozenset(departments),
        stands_for_several=row.count_basis in SEVERAL,
        officers=(least if least is not None else 0, most if most is not None else least) if known else None,
    )
