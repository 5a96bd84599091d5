"""The reviews of a country: when they were, until when organisations could send in, and to which cycle they belong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LAST_SESSIONS = (12, 26, 40, 54)
"""Of cycles 1, 2, 3 and 4."""


@dataclass(frozen=True)
class Review:
    """A review of a country. The deadline is the one for what organisations send in."""

    country: str
    cycle: int
    session: int
    reviewed_on: date | None = None
    deadline: date | None = None
    deadline_is_estimate: bool = False
    expected_deadline: tuple[tuple[int, int], tuple[int, int]] | None = None
    """For one that has no date yet: first and last (year, month) in which the deadline may fall; an estimate."""


CALENDAR = (
    Review("PE", 1, 2, reviewed_on=date(2008, 5, 6)),
    Review("PE", 2, 14, reviewed_on=date(2012, 11, 1)),
    # The deadline itself is not on record; the papers of organisations carry this date.
    Review("PE", 3, 28, reviewed_on=date(2017, 11, 8), deadline=date(2017, 3, 30), deadline_is_estimate=True),
    Review("PE", 4, 42, reviewed_on=date(2023, 1, 25), deadline=date(2022, 7, 14)),
    Review("PE", 5, 56, expected_deadline=((2027, 4), (2027, 7))),
)


def cycle_of(session: int) -> int:
    """The cycle to which a session of the working group belongs."""
    return next((cycle for cycle, last in enumerate(LAST_SESSIONS, start=1) if session <= last), len(LAST_SESSIONS) + 1)


def reviews_of(country: str) -> list[Review]:
    """In their order."""
    return [review for review in CALENDAR if review.country == country]


def review_in(country: str, session: int) -> Review | None:
    return next((review for review in reviews_of(country) if review.session == session), None)


def coming_review(country: str, today: date) -> Review | None:
    """The first review that has not been yet; None for a country whose calendar is not known here."""
    return next((one for one in reviews_of(country) if one.reviewed_on is None or one.reviewed_on > today), None)


def default_first(country: str, today: date) -> date | None:
    """The day after the last deadline; None for a country whose calendar is not known here."""
    deadlines = [review.deadline for review in reviews_of(country) if review.deadline]
    passed = [deadline for deadline in deadlines if deadline < today]
    return max(passed) + timedelta(days=1) if passed else None
