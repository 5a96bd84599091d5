"""What was in force on a day, and which paper says it. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.contracts import terms
from app.contracts.models import AMENDS, CERTAIN, ENDS, EXTENDS, POSSIBLE, RENEWS, TERM_UNKNOWN, Contract
from app.contracts.terms import FIRST_DAY, LAST_DAY
from app.contracts.workflow import REVIEWED
from app.dates import UncertainDate

Days = tuple[date | None, date | None]
"""The first and the last day on which something may have happened; None for an end that is open."""


@dataclass(frozen=True)
class Verdict:
    """How an agreement stood on a day. *kind*: CERTAIN, POSSIBLE, UNKNOWN, or None for not in force.

    *since* and *until*: the stretch in which the day lies, certain or possible. Where it is only possible, *began* and
    *ended* say between which days it began, and was for the last time in force.
    """

    kind: str | None
    since: date | None = None
    until: date | None = None
    began: Days | None = None
    ended: Days | None = None


def verdict_on(spans: Iterable[Any], day: date) -> Verdict:
    """*spans* have `kind`, `from_day` and `to_day`, as `terms.spans` gives them and `Contract.spans` keeps them."""
    spans = list(spans)
    kind = terms.in_force(spans, day, day)
    here = next((one for one in spans if one.kind == kind and one.from_day <= day <= one.to_day), None)
    if here is None:
        return Verdict(None)
    if kind != POSSIBLE:
        return Verdict(kind, _open(here.from_day), _open(here.to_day))
    sure = [one for one in spans if one.kind == CERTAIN and here.from_day <= one.from_day and one.to_day <= here.to_day]
    before = max((one.to_day for one in sure if one.to_day < day), default=None)
    after = min((one.from_day for one in sure if one.from_day > day), default=None)
    return Verdict(
        kind,
        _open(here.from_day),
        _open(here.to_day),
        began=(_open(here.from_day), after) if after and not before else None,
        ended=(before, _open(here.to_day)) if before and not after else None,
    )


def kind_within(spans: Iterable[Any], when: UncertainDate) -> str | None:
    """The surest way in which an agreement was in force at some time between two days."""
    first, last = when.earliest or FIRST_DAY, when.latest or LAST_DAY
    found = {one.kind for one in spans if one.from_day <= last and first <= one.to_day}
    return next((kind for kind in (CERTAIN, POSSIBLE, TERM_UNKNOWN) if kind in found), None)


def unreviewed_on(chain: Sequence[Contract], day: date) -> int:
    """On how many addenda that nobody has reviewed it rests that an agreement was certainly in force on a day.

    Of the papers in their order, only as many as it takes: a later one says nothing of an earlier day.
    """
    base, *addenda = chain

    def holds(papers: Iterable[Contract]) -> bool:
        return terms.in_force(terms.spans(terms.paper_of(one) for one in papers), day, day) == CERTAIN

    reviewed = [one for one in addenda if one.state in REVIEWED]
    if holds([base, *reviewed]):
        return 0
    taken = next((number for number in range(len(addenda) + 1) if holds([base, *addenda[:number]])), len(addenda))
    return sum(one.state not in REVIEWED and one.effect in (EXTENDS, RENEWS) for one in addenda[:taken])


def _open(day: date) -> date | None:
    return None if day in (FIRST_DAY, LAST_DAY) else day


def nearest_day(spans: Iterable[Any], day: date) -> date | None:
    """The day nearest to one on which nothing was in force, on which something was, or may have been."""
    ends = [end for span in spans for end in (span.from_day, span.to_day) if _open(end)]
    return min(ends, key=lambda end: abs(end - day), default=None)


@dataclass(frozen=True)
class Said:
    """What a paper says of one term. Not *surely*: whether the paper had taken effect by that day is not known."""

    paper: Contract
    value: Any
    surely: bool
    effect_from: UncertainDate


def said_on(chain: Sequence[Contract], day: date, read: Callable[[Contract], Any]) -> list[Said]:
    """What holds of one term on a day, the latest paper first; *chain* is in its order, the agreement first.

    The last paper in effect that states it is the answer; papers that may have been in effect stand before it.
    """
    found: list[Said] = []
    for paper in reversed(chain):
        surely = is_in_effect(paper, day)
        if surely is None or not (value := read(paper)):
            continue
        found.append(Said(paper, value, surely, effect_from(paper)))
        if surely:
            break
    return found


def effect_from(paper: Contract) -> UncertainDate:
    """From when the terms of a paper hold: its start, or else its signature."""
    return next((one for one in (paper.starts, paper.signed) if one.earliest or one.latest), UncertainDate())


def is_in_effect(paper: Contract, day: date) -> bool | None:
    """True for sure, False perhaps, None for no. The agreement's own words hold until an addendum changes them."""
    if not paper.is_addendum:
        return True
    if paper.effect == ENDS:
        return None
    begins = effect_from(paper)
    if begins.earliest and day < begins.earliest:
        return None
    surely = bool(begins.latest and begins.latest <= day)
    if paper.effect == AMENDS and (paper.ends.earliest or paper.ends.latest):
        if paper.ends.latest and paper.ends.latest < day:
            return None
        surely = surely and bool(paper.ends.earliest and day <= paper.ends.earliest)
    return surely
