"""Detentions: how long one has lasted and may last, in calendar days, both ends included; whether it was arbitrary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.accounts.models import User
from app.dates import today as this_day
from app.proceedings.models import Measure, Proceeding
from app.proceedings.terms import COMMON, months_later
from app.proceedings.workflow import IN_CUSTODY, LIMITS, Limit


def limit_for(measure: str, complexity: str | None) -> Limit | None:
    return LIMITS.get(measure, {}).get(complexity or COMMON)


def last_day(start: date, limit: Limit, *, extended: bool = False) -> date:
    """The last day that the law allows for a measure that began on that day."""
    amount = limit.amount + (limit.longer if extended else 0)
    if limit.unit == "days":
        return start + timedelta(days=amount)
    return months_later(start, amount)


def days_held(measure: Measure, today: date) -> tuple[int, int] | None:
    """Least and most days in custody so far; None for a measure that leaves liberty, or without a first day.

    An uncertain beginning or end gives two numbers: what is certain, and what is possible.
    """
    earliest, latest = measure.started.earliest, measure.started.latest
    if measure.measure not in IN_CUSTODY or earliest is None:
        return None
    first_end = measure.ended.earliest or (measure.ended.latest if measure.has_ended else None) or today
    last_end = measure.ended.latest or (today if not measure.has_ended else first_end)
    least = max((min(first_end, last_end) - (latest or earliest)).days + 1, 1)
    most = max((last_end - earliest).days + 1, least)
    return (least, most) if earliest <= today else (0, 0)


def days_in_all(measures: Iterable[Measure], today: date) -> tuple[int, int] | None:
    """Of one person: days in custody over several measures, one after the other. Days that overlap count once."""
    held = [one for one in measures if days_held(one, today) is not None and (one.started.earliest or today) <= today]
    if not held:
        return None
    sure = _days(
        (one.started.latest or one.started.earliest or today, one.ended.earliest or one.ended.latest or today)
        for one in held
    )
    possible = _days((one.started.earliest or today, one.ended.latest or one.ended.earliest or today) for one in held)
    return min(sure, possible), max(sure, possible)


def _days(spans: Iterable[tuple[date, date]]) -> int:
    total, reached = 0, date.min
    for start, end in sorted(spans):
        first = max(start, reached + timedelta(days=1)) if reached > date.min else start
        if end >= first:
            total += (end - first).days + 1
            reached = end
    return total


@dataclass
class Assessment:
    """A reviewer's answer to whether a detention was arbitrary: YES, NO, UNKNOWN; None takes the answer back."""

    arbitrary: str | None
    grounds: list[str] = field(default_factory=list)
    why: str | None = None


def detentions_of(proceeding: Proceeding) -> list[Measure]:
    return [measure for measure in proceeding.measures if measure.measure in IN_CUSTODY]


def assess(user: User, proceeding: Proceeding, detentions: Iterable[Measure], given: Assessment) -> None:
    """The same answer for each, with the day and the reviewer."""
    for one in detentions:
        one.arbitrary = given.arbitrary
        one.arbitrary_grounds = (given.grounds or None) if given.arbitrary == "YES" else None
        one.arbitrary_why = given.why if given.arbitrary else None
        one.arbitrary_on = this_day() if given.arbitrary else None
        one.arbitrary_by_id = user.id if given.arbitrary else None
    proceeding.touch(user.id)
