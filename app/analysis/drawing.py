"""Contracts on a time axis, with what happened beneath: the picture of the timeline, drawn for a company or unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.contracts.stretches import Stretch as Term
from app.contracts.stretches import stretches
from app.dates import UncertainDate
from app.i18n import uncertain_date_words
from app.timeline.moments import Moment, Stretch
from app.timeline.picture import Picture, picture_of

LANES = ("contracts", "incidents")
MOST = 60
"""So many agreements are drawn; all of them stand in the table."""


def picture(agreements: Sequence[Any], moments: list[Moment], today: date) -> Picture | None:
    """*agreements*: objects with spans, title, short and address, as the page shows them."""
    terms = [(one, term) for one in agreements[:MOST] for term in stretches(one.spans)]
    ends = [value for _one, term in terms for value in (term.begins, term.ends)]
    known = [day for value in ends for day in (value.earliest, value.latest) if day]
    known += [moment.day for moment in moments if moment.day]
    if not known:
        return None
    edge = date(min(known).year, 1, 1)
    bars = [_stretch(one, term, edge, today) for one, term in terms]
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


def _stretch(one: Any, term: Term, edge: date, today: date) -> Stretch:
    """Hatched from the edge where it is not known since when, up to today where no end is on record."""
    first = term.begins.earliest or edge
    last = term.ends.latest or max(today, first, term.ends.earliest or first)
    return Stretch(
        lane="contracts",
        begins=UncertainDate.between(first, last if term.sure is None else term.begins.latest),
        ends=UncertainDate.between(term.ends.earliest or last, last),
        title=one.title,
        begun=uncertain_date_words(term.begins),
        ended=uncertain_date_words(term.ends),
        short=one.short,
        address=one.address,
    )
