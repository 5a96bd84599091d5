"""Amounts added up, and never what does not go together.

One line for each currency, coverage, way of counting and exactness. Amounts for a month or for an officer and day are
rates: of them the least and the most are told. What one paper states of the whole is not added again for the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.proceedings.money import money_words
from app.vocabulary.queries import label

TOTAL, NOT_SAID = "TOTAL", "UNKNOWN"
WHOLE_CHAIN = "AGREEMENTS_ADDENDA"
"""The amount is of the agreement with its addenda."""
OVERLAPPING = frozenset({"AGREEMENTS", "IN_FORCE", "PAYMENTS"})
"""Ways of counting by which the source tells of several agreements at once: they may be on record one by one too."""
SEVERAL = OVERLAPPING | {WHOLE_CHAIN}
"""Ways of counting by which one record stands for several papers."""

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Paper:
    """An agreement or addendum as far as money is concerned. *base_id* is the agreement of its chain."""

    id: int
    base_id: int
    amount: int | None
    currency: str | None
    basis: str | None
    qualifier: str | None
    count_basis: str | None
    counts: int | None
    year: int | None = None
    """In which the paper itself begins to hold."""

    @property
    def is_addendum(self) -> bool:
        return self.id != self.base_id

    @property
    def key(self) -> Key:
        return (self.currency or "", self.basis or NOT_SAID, self.count_basis or "", self.qualifier or "")


@dataclass(frozen=True)
class Sum:
    """What one combination comes to."""

    currency: str
    basis: str
    count_basis: str
    qualifier: str
    records: int
    papers: int
    """As many papers as these records stand for."""
    least: int
    most: int
    total: int | None
    """None where adding would say nothing: rates, and amounts of which it is not known what they cover."""

    @property
    def words(self) -> str:
        if self.total is not None:
            amount = money_words(self.total, self.currency)
        elif self.least == self.most:
            amount = money_words(self.least, self.currency)
        else:
            amount = _(
                "%(least)s to %(most)s",
                least=money_words(self.least, self.currency),
                most=money_words(self.most, self.currency),
            )
        if self.qualifier == "AT_LEAST":
            return _("at least %(amount)s", amount=amount)
        if self.qualifier == "ABOUT":
            return _("about %(amount)s", amount=amount)
        return amount

    @property
    def covers(self) -> str:
        return label("contract_amount_bases", self.basis)

    @property
    def counted(self) -> str:
        return label("contract_count_bases", self.count_basis) or _("Not said")

    @property
    def exactness(self) -> str:
        return label("amount_qualifiers", self.qualifier) or _("Not said")


@dataclass(frozen=True)
class Totals:
    lines: list[Sum]
    contained: int
    """Amounts left out because another paper of the chain states the whole."""
    agreements_without: int
    addenda_without: int

    @property
    def are_rates_among_them(self) -> bool:
        return any(line.total is None for line in self.lines)

    @property
    def may_overlap(self) -> bool:
        return any(line.count_basis in OVERLAPPING for line in self.lines)


def paper_of(contract: Any) -> Paper:
    """Of a contract, or of a row of `numbers.COLUMNS`."""
    first, last = contract.starts_from, contract.starts_to
    return Paper(
        id=contract.id,
        base_id=contract.base_id or contract.id,
        amount=contract.total_amount,
        currency=contract.total_currency,
        basis=contract.total_basis,
        qualifier=contract.total_qualifier,
        count_basis=contract.count_basis,
        counts=contract.counts,
        year=first.year if first and last and first.year == last.year else None,
    )


def totals(papers: Sequence[Paper]) -> Totals:
    stated, contained = apart(papers)
    silent = [paper for paper in papers if paper.amount is None]
    return Totals(
        lines=sums(stated),
        contained=len(contained),
        agreements_without=sum(not paper.is_addendum for paper in silent),
        addenda_without=sum(paper.is_addendum for paper in silent),
    )


def apart(papers: Iterable[Paper]) -> tuple[list[Paper], list[Paper]]:
    """(what is added, what another paper of the same agreement contains already)."""
    stated = [paper for paper in papers if paper.amount is not None]
    whole: dict[tuple[int, str, str], Paper] = {}
    for paper in stated:
        if paper.count_basis == WHOLE_CHAIN:
            # Of several, the last one: it knows of all the addenda before it.
            whole[_measure(paper)] = paper
    kept = [paper for paper in stated if whole.get(_measure(paper), paper) is paper]
    numbers = {paper.id for paper in kept}
    return kept, [paper for paper in stated if paper.id not in numbers]


def _measure(paper: Paper) -> tuple[int, str, str]:
    return (paper.base_id, paper.currency or "", paper.basis or NOT_SAID)


def sums(stated: Iterable[Paper]) -> list[Sum]:
    """One line for each combination, the sums before the rates."""
    groups: dict[Key, list[Paper]] = {}
    for paper in stated:
        groups.setdefault(paper.key, []).append(paper)
    return [_sum(key, groups[key]) for key in sorted(groups, key=lambda key: (key[1] != TOTAL, key))]


def _sum(key: Key, papers: list[Paper]) -> Sum:
    amounts = [paper.amount or 0 for paper in papers]
    total = sum(amounts) if key[1] == TOTAL else None
    stand_for = sum(paper.counts or 1 for paper in papers)
    return Sum(*key, len(papers), stand_for, min(amounts), max(amounts), total)
