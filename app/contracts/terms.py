"""When an agreement is in force: worked out from its papers, claiming no more than is on record.

Each paper gives a period whose ends may be uncertain. From all periods follow spans of days: CERTAIN, in force
whatever the true days are; POSSIBLE, in force if they fall so; UNKNOWN, where no beginning is on record at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.contracts.models import AMENDS, CERTAIN, ENDS, EXTENDS, POSSIBLE, TERM_UNKNOWN, Contract, ContractSpan
from app.dates import UncertainDate

FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
"""Stand for an end that is open; comparable on both databases."""
ENDED_EARLY = frozenset({"TERMINATED", "ANNULLED"})
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Paper:
    """An agreement or addendum as far as the term is concerned. *effect* is None for the agreement itself."""

    signed: UncertainDate = UncertainDate()
    starts: UncertainDate = UncertainDate()
    ends: UncertainDate = UncertainDate()
    terminated: UncertainDate = UncertainDate()
    effect: str | None = None
    ended_early: bool = False
    """Ended or annulled before its term, on a day that may not be on record."""


@dataclass(frozen=True)
class Period:
    """One stretch of force. None: of the beginning that it is not known, of the end that none is on record."""

    start_earliest: date | None
    start_latest: date | None
    end_earliest: date | None
    end_latest: date | None


@dataclass(frozen=True)
class Span:
    kind: str
    from_day: date
    to_day: date


def paper_of(contract: Contract) -> Paper:
    return Paper(
        signed=contract.signed,
        starts=contract.starts,
        ends=contract.ends,
        terminated=contract.terminated,
        effect=contract.effect if contract.is_addendum else None,
        ended_early=contract.status in ENDED_EARLY,
    )


def chain_of(base: Contract) -> list[Contract]:
    """The agreement and what hangs on it, at any depth, in the order in which it took effect.

    Left out is what was withdrawn, or rejected in its review. What has no day comes where it was written down.
    """
    found, waiting = [], list(base.addenda)
    while waiting:
        paper = waiting.pop(0)
        if not paper.is_withdrawn and paper.state != "REJECTED":
            found.append(paper)
            waiting += paper.addenda
    return in_order(base, found)


def before(paper: Paper, contract: Contract, chain: Iterable[Contract]) -> list[Contract]:
    """The papers of a chain that took effect before one that says *paper*; without a day it comes where it was written.

    *contract* is the record of that paper, as it stands in the chain or not yet.
    """
    day = _known(paper.starts) or _known(paper.signed)
    found: list[Contract] = []
    last = FIRST_DAY
    for other in chain:
        last = max(last, _known(other.starts) or _known(other.signed) or last)
        if other is contract:
            if day is None:
                break
        elif day is None or last <= day or not other.is_addendum:
            found.append(other)
    return found


def in_order(base: Contract, papers: Iterable[Contract]) -> list[Contract]:
    """The agreement, then the others by the day on which they took effect, or where they were written down."""
    addenda = sorted((paper for paper in papers if paper is not base), key=lambda paper: paper.id or 10**12)
    last = FIRST_DAY
    keys: dict[int, date] = {}
    for paper in addenda:
        last = _known(paper.starts) or _known(paper.signed) or last
        keys[id(paper)] = last
    return [base, *sorted(addenda, key=lambda paper: keys[id(paper)])]


def _known(day: UncertainDate) -> date | None:
    return day.earliest or day.latest


def spans(papers: Iterable[Paper]) -> list[Span]:
    """The spans of a chain, the agreement first, each addendum in its order; of one kind they never touch."""
    periods = _periods(papers)
    certain = [
        (period.start_latest, period.end_earliest)
        for period in periods
        if period.start_latest and period.end_earliest and period.start_latest <= period.end_earliest
    ]
    dated = [period for period in periods if period.start_earliest]
    possible = [(period.start_earliest, period.end_latest or LAST_DAY) for period in dated if period.start_earliest]
    found = [Span(CERTAIN, *ends) for ends in _united(certain)] + [Span(POSSIBLE, *ends) for ends in _united(possible)]
    undated = [period.end_latest or LAST_DAY for period in periods if period.start_earliest is None]
    begins = min((period.start_earliest for period in dated if period.start_earliest), default=None)
    if undated and begins != FIRST_DAY:
        # Before the first beginning that is on record nothing is known; after it, what is on record speaks.
        until = min(max(undated), begins - _ONE_DAY) if begins else max(undated)
        found.append(Span(TERM_UNKNOWN, FIRST_DAY, until))
    return found


def _periods(papers: Iterable[Paper]) -> list[Period]:
    periods: list[Period] = []
    for paper in papers:
        if paper.effect == AMENDS:
            continue
        if paper.effect == ENDS:
            periods = _cut(periods, _first_known(paper.starts, paper.signed, paper.ends))
            continue
        if paper.effect == EXTENDS and periods:
            periods = _extended(periods, paper)
        else:
            periods = [*_closed_by(periods, paper), _own(paper)]
        if paper.ended_early or _known(paper.terminated):
            periods = _cut(periods, paper.terminated)
    return periods


def known_end(papers: Iterable[Paper]) -> date | None:
    """The last day to which the term of these papers is known to reach, given that all they say is so."""
    return max((period.end_earliest for period in _periods(papers) if period.end_earliest), default=None)


def _first_known(*days: UncertainDate) -> UncertainDate:
    return next((day for day in days if _known(day)), UncertainDate())


def _own(paper: Paper) -> Period:
    """What a paper says by itself. A signature says from when it may have held, not that it did."""
    latest = paper.starts.latest
    begins = _first_known(paper.starts, paper.signed)
    # «By May 2015 at the latest» leaves every earlier day possible.
    earliest = begins.earliest or (FIRST_DAY if begins.latest else None)
    return Period(earliest, latest, paper.ends.earliest, paper.ends.latest)


def _closed_by(periods: list[Period], paper: Paper) -> list[Period]:
    """A term without an end on record has ended by the time at which a new one begins."""
    begins = paper.starts.latest or paper.signed.latest
    if begins is None:
        return periods
    return [replace(period, end_latest=begins) if period.end_latest is None else period for period in periods]


def _extended(periods: list[Period], paper: Paper) -> list[Period]:
    """The last term reaches to the new end; one that had run out before begins anew.

    Of an addendum without a day of its own it is not known whether it came in time: what lies between is possible.
    """
    *before, last = periods
    begins = _first_known(paper.starts, paper.signed)
    if _known(begins) is None:
        until = paper.ends.latest
        return [*before, replace(last, end_latest=last.end_latest or until), _to(paper, last.start_earliest, None)]
    if last.end_latest and begins.earliest and begins.earliest > last.end_latest:
        resumed = replace(paper, starts=begins)
        return [*periods, _own(resumed)]
    if last.end_earliest and (begins.latest is None or begins.latest > last.end_earliest + _ONE_DAY):
        # It may have come in time or late: sure is only what each says of itself.
        return [*periods, _to(paper, begins.earliest or last.start_earliest, begins.latest)]
    first, latest = last.start_earliest, last.start_latest
    if begins.latest and (first or FIRST_DAY) <= begins.latest < (latest or LAST_DAY):
        # What is extended on a day was in force on that day.
        latest = begins.latest
    if first is None and begins.earliest:
        # From then on the term is known; how long it had run before is not.
        return [*before, replace(last, end_latest=begins.earliest), _to(paper, begins.earliest, latest)]
    kept = [last] if _known(paper.ends) is None else []
    return [*before, *kept, _to(paper, first, latest)]


def _to(paper: Paper, first: date | None, latest: date | None) -> Period:
    return Period(first, latest, paper.ends.earliest, paper.ends.latest)


def _cut(periods: list[Period], day: UncertainDate) -> list[Period]:
    """Nothing holds beyond that day; where it is not known, nothing is certain to have held."""
    earliest, latest = day.earliest, day.latest or day.earliest
    if earliest is None and latest is None:
        return [replace(period, end_earliest=None) for period in periods]
    return [
        replace(
            period,
            end_earliest=min(filter(None, (period.end_earliest or LAST_DAY, earliest or FIRST_DAY))),
            end_latest=min(filter(None, (period.end_latest or LAST_DAY, latest))),
        )
        for period in periods
        if not (period.start_earliest and latest and period.start_earliest > latest)
    ]


def _united(pairs: Iterable[tuple[date | None, date | None]]) -> list[tuple[date, date]]:
    """Overlapping and adjoining stretches as one."""
    found: list[tuple[date, date]] = []
    for first, last in sorted((first, last) for first, last in pairs if first and last and first <= last):
        if found and (found[-1][1] == LAST_DAY or first <= found[-1][1] + _ONE_DAY):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def in_force(spans: Iterable[Span | ContractSpan], first: date | None, last: date | None) -> str | None:
    """CERTAIN, POSSIBLE or UNKNOWN for something that happened on a day between *first* and *last*, else None.

    An end that is None is open. What happened on no known day can be said of no contract.
    """
    if first is None and last is None:
        return None
    found = set()
    for span in spans:
        if span.kind == CERTAIN:
            if first and last and span.from_day <= first and last <= span.to_day:
                found.add(CERTAIN)
        elif span.from_day <= (last or LAST_DAY) and (first or FIRST_DAY) <= span.to_day:
            found.add(span.kind)
    return next((kind for kind in (CERTAIN, POSSIBLE, TERM_UNKNOWN) if kind in found), None)
