"""Contracts on a time axis, with what happened beneath: the picture of the timeline, drawn for a company or unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from app.contracts.models import CERTAIN, POSSIBLE
from app.contracts.terms import FIRST_DAY, LAST_DAY
from app.dates import UncertainDate
from app.i18n import uncertain_date_words
from app.timeline.moments import Moment, Stretch
from app.timeline.picture import Picture, picture_of

LANES = ("contracts", "incidents")
MOST = 60
"""So many agreements are drawn; all of them stand in the table."""
_ONE_DAY = timedelta(days=1)


def stretches_of_term(spans: Iterable[Any]) -> list[tuple[UncertainDate, UncertainDate]]:
    """The spans of an agreement as beginnings and ends that may be uncertain: what lies between is certain.

    Where no day is certain, it may have held at any time from the first day to the last.
    """
    kept = sorted(spans, key=lambda span: span.from_day)
    found: list[tuple[UncertainDate, UncertainDate]] = []
    for whole in (span for span in kept if span.kind == POSSIBLE):
        sure = [span for span in kept if span.kind == CERTAIN and whole.from_day <= span.from_day <= whole.to_day]
        begins = whole.from_day
        for number, span in enumerate(sure):
            until = whole.to_day if number == len(sure) - 1 else span.to_day
            found.append((_between(begins, span.from_day), _between(span.to_day, until)))
            begins = span.to_day + _ONE_DAY if span.to_day < LAST_DAY else LAST_DAY
        if not sure:
            found.append((_between(whole.from_day, LAST_DAY), _between(FIRST_DAY, whole.to_day)))
    return found


def _between(first: date, last: date) -> UncertainDate:
    if first == last and first not in (FIRST_DAY, LAST_DAY):
        return UncertainDate.on(first)
    return UncertainDate.between(None if first == FIRST_DAY else first, None if last == LAST_DAY else last)


def picture(agreements: Sequence[Any], moments: list[Moment], today: date) -> Picture | None:
    """*agreements*: objects with spans, title, short and address, as the page shows them."""
    terms = [(one, begins, ends) for one in agreements[:MOST] for begins, ends in stretches_of_term(one.spans)]
    known = [day for _one, *both in terms for value in both for day in (value.earliest, value.latest) if day]
    known += [moment.day for moment in moments if moment.day]
    if not known:
        return None
    edge = date(min(known).year, 1, 1)
    bars = [_stretch(one, begins, ends, edge, today) for one, begins, ends in terms]
    return picture_of(
        moments,
        today,
        bars,
        lanes=LANES,
        caption=lambda first, last: _(
            "Contracts from %(first)s to %(last)s, and the incidents beneath. The tables below say the same.",
            first=first,
            last=last,
        ),
    )


def _stretch(one: Any, begins: UncertainDate, ends: UncertainDate, edge: date, today: date) -> Stretch:
    """Hatched from the edge where it is not known since when, up to today where no end is on record."""
    first = begins.earliest or edge
    last = ends.latest or max(today, first, ends.earliest or first)
    nothing_sure = begins.latest is None and ends.earliest is None
    return Stretch(
        lane="contracts",
        begins=UncertainDate.between(first, last if nothing_sure else begins.latest),
        ends=UncertainDate.between(ends.earliest or last, last),
        title=one.title,
        begun=uncertain_date_words(begins),
        ended=uncertain_date_words(ends),
        short=one.short,
        address=one.address,
    )
