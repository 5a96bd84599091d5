"""The periods between the deadlines of reviews, and whether an event of uncertain date lies in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.dates import UNKNOWN, UncertainDate
from app.recommendations.calendar import Review, reviews_of

INSIDE, OVERLAPS, OUTSIDE, UNDATED = "inside", "overlaps", "outside", "undated"


@dataclass(frozen=True)
class Preset:
    """A period between two deadlines, as a choice. The last one runs until today."""

    review: Review
    first: date
    last: date
    first_is_estimate: bool
    is_open: bool


def presets(country: str, today: date) -> list[Preset]:
    """The periods of a country's reviews, the newest first.

    They run from deadline to deadline, not from review to review: what happens between a deadline and the review
    stands in no submission.
    """
    found: list[Preset] = []
    earlier: Review | None = None
    for review in reviews_of(country):
        if earlier is not None and earlier.deadline is not None and earlier.deadline < today:
            is_open = review.deadline is None or review.deadline >= today
            last = today if is_open or review.deadline is None else review.deadline
            first = earlier.deadline + timedelta(days=1)
            found.append(Preset(review, first, last, earlier.deadline_is_estimate, is_open))
        earlier = review
    return found[::-1]


def preset_of(country: str, session: int, today: date) -> Preset | None:
    """The period of one review, by the number of its session."""
    return next((preset for preset in presets(country, today) if preset.review.session == session), None)


def session_of(country: str, first: date | None, last: date, today: date) -> int | None:
    """The review for which somebody asks who asks for just its period."""
    found = (one.review.session for one in presets(country, today) if (one.first, one.last) == (first, last))
    return next(found, None)


def place_in_period(happened: UncertainDate, first: date, last: date) -> str:
    """INSIDE when the whole interval lies in the period; OVERLAPS when month, year or range only touch it.

    Of a range with one open end, the known end has to lie in the period. A date whose precision is unknown
    counts only when both its ends are known and lie inside.
    """
    earliest, latest = happened.earliest, happened.latest
    if earliest is None and latest is None:
        return UNDATED
    if (earliest and earliest > last) or (latest and latest < first):
        return OUTSIDE
    if earliest and latest:
        if first <= earliest and latest <= last:
            return INSIDE
        return UNDATED if happened.precision == UNKNOWN else OVERLAPS
    if happened.precision == UNKNOWN:
        return UNDATED
    known = earliest or latest
    assert known is not None
    return OVERLAPS if first <= known <= last else OUTSIDE
