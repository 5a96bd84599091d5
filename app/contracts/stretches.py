"""A term as stretches of time with uncertain ends, for words and for the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.contracts.models import CERTAIN, POSSIBLE
from app.contracts.terms import FIRST_DAY, LAST_DAY
from app.dates import UncertainDate

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """From a beginning to an end, in between for certain.

    *sure* is None where no day is certain: then it began on the first day at the earliest, and ended on the last day at
    the latest.
    """

    begins: UncertainDate
    ends: UncertainDate
    sure: tuple[date, date] | None

    @property
    def is_open(self) -> bool:
        """No end is on record."""
        return self.ends.latest is None


def stretches(spans: Iterable[Any]) -> list[Stretch]:
    """The spans of an agreement in their order; what has no beginning on record at all is not among them."""
    kept = sorted(spans, key=lambda span: span.from_day)
    found = []
    for whole in (span for span in kept if span.kind == POSSIBLE):
        sure = [
            (span.from_day, span.to_day)
            for span in kept
            if span.kind == CERTAIN and whole.from_day <= span.from_day <= whole.to_day
        ]
        found += _split(whole.from_day, whole.to_day, sure)
    return found


def _split(first: date, last: date, sure: list[tuple[date, date]]) -> list[Stretch]:
    if not sure:
        return [Stretch(_between(first, LAST_DAY), _between(FIRST_DAY, last), None)]
    pieces, begins = [], first
    for number, (start, end) in enumerate(sure):
        until = last if number == len(sure) - 1 else end
        pieces.append(Stretch(_between(begins, start), _between(end, until), (start, end)))
        begins = end if end == LAST_DAY else end + _ONE_DAY
    return pieces


def _between(first: date, last: date) -> UncertainDate:
    if first == last and first not in (FIRST_DAY, LAST_DAY):
        return UncertainDate.on(first)
    # A whole year or month is called so.
    for whole in (UncertainDate.in_year(first.year), UncertainDate.in_month(first.year, first.month)):
        if (first, last) == (whole.earliest, whole.latest):
            return whole
    return UncertainDate.between(None if first == FIRST_DAY else first, None if last == LAST_DAY else last)
