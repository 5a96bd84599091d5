"""The monthly bulletin of a team, as its reader may read it: page, Word file and table are made of the same parts.

Without titles it says what codes, days and places say, as to who reads without identity; titles are free text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import count, full_ids
from app.accounts.models import Team, User
from app.agenda import TEAM, Due, DueWish, due_days
from app.analysis.queries import chains_of
from app.contracts.link_words import contract_title
from app.contracts.models import Contract
from app.contracts.stretches import stretches
from app.db import db
from app.i18n import date_words, uncertain_date_words
from app.incidents.models import Incident
from app.incidents.queries import for_list, harm_words, shown_date, shown_place, shown_title
from app.incidents.workflow import REVIEWED
from app.proceedings.agenda import HEARING
from app.proceedings.models import Proceeding
from app.proceedings.queries import for_page as proceedings_for_page
from app.protection.agenda import KINDS as PROTECTION_DAYS
from app.protection.models import Protection
from app.protection.queries import for_page as protection_for_page
from app.reports import bulletin_queries as queries
from app.reports.bulletin_queries import Month
from app.timeline import court, protection
from app.timeline.moments import Moment
from app.vocabulary.queries import label


@dataclass(frozen=True)
class BulletinWish:
    team: Team
    month: Month
    with_titles: bool = False
    """Titles as they were written, of what the reader reads in full or what is public already."""


@dataclass(frozen=True)
class Item:
    """A line of the bulletin."""

    day: str
    """As far as it is known, for machines."""
    when: str
    what: str
    reference: str
    address: str
    title: str = ""
    place: str = ""
    counts: str = ""
    state: str = ""

    @property
    def detail(self) -> str:
        return " · ".join(filter(None, [self.title, self.place, self.counts, self.state]))

    @property
    def mark(self) -> str:
        """The reference, where it does not stand there already in place of a title."""
        return "" if self.reference in self.what else self.reference


@dataclass(frozen=True)
class Part:
    key: str
    title: str
    items: list[Item]


@dataclass(frozen=True)
class Bulletin:
    wish: BulletinWish
    parts: list[Part] = field(default_factory=list)
    perhaps: int = 0
    """Incidents that may have happened in the month; it is not known well enough."""

    @property
    def items(self) -> int:
        return sum(len(part.items) for part in self.parts)

    @property
    def references(self) -> list[str]:
        return sorted({item.reference for part in self.parts for item in part.items})


TITLES = {
    "happened": _l("Incidents of the month"),
    "recorded": _l("Incidents recorded in the month that happened at another time"),
    "court": _l("Proceedings that moved"),
    "hearings": _l("Hearings of the month"),
    "protection": _l("Protection: asked, answered, done"),
    "contracts": _l("Contracts that began or ended"),
    "hearings_ahead": _l("Hearings of the next month"),
    "terms_ahead": _l("Deadlines of the next month"),
    "protection_ahead": _l("Protection: due in the next month"),
}


def bulletin_of(user: User, wish: BulletinWish) -> Bulletin:
    team_id, month = wish.team.id, wish.month
    dues = due_days(user, DueWish(month.first, month.next.last, TEAM, None, team_id=team_id))
    items: dict[str, Iterable[Item]] = {
        "happened": _incidents(user, wish, queries.happened_in(user, team_id, month)),
        "recorded": _incidents(user, wish, queries.recorded_in(user, team_id, month)),
        "court": _court(user, wish),
        "hearings": _due(wish, (one for one in dues if one.kind == HEARING and one.day <= month.last)),
        "protection": _protection(user, wish),
        "contracts": _contracts(user, wish),
    }
    ahead = [one for one in dues if one.day > month.last and one.settled_on is None]
    items |= {
        "hearings_ahead": _due(wish, (one for one in ahead if one.kind == HEARING)),
        "terms_ahead": _due(wish, (one for one in ahead if one.kind not in (HEARING, *PROTECTION_DAYS))),
        "protection_ahead": _due(wish, (one for one in ahead if one.kind in PROTECTION_DAYS)),
    }
    parts = [Part(key, str(title), list(items[key])) for key, title in TITLES.items()]
    return Bulletin(wish, parts, count(queries.perhaps_in(user, team_id, month)))


def _in_full(user: User, wish: BulletinWish, model: Any, rows: Any) -> set[int]:
    return full_ids(model, user, rows) if wish.with_titles else set()


def _incidents(user: User, wish: BulletinWish, statement: Any) -> Iterator[Item]:
    rows: Any = db.session.scalars(for_list(statement)).unique().all()
    in_full = _in_full(user, wish, Incident, rows)
    for one in rows:
        full = one.id in in_full
        yield Item(
            day=one.happened.written(),
            when=shown_date(one, full),
            what=label("incident_types", one.main_type) or _("Incident"),
            title=shown_title(one, full) if wish.with_titles and (full or one.is_already_public) else "",
            place=shown_place(one, full),
            counts=", ".join(harm_words(one)),
            state=label("verification_statuses", one.state) if one.state in REVIEWED else _("not yet reviewed"),
            reference=one.reference,
            address=url_for("incidents.show", reference=one.reference),
        )


def _court(user: User, wish: BulletinWish) -> Iterator[Item]:
    """Stages with what came out, and coercive measures; hearings have a part of their own."""
    statement = proceedings_for_page(queries.proceedings_moved(user, wish.team.id, wish.month))
    rows: Any = db.session.scalars(statement).unique().all()
    moments = court.moments_of(rows, _in_full(user, wish, Proceeding, rows), hearings=False)
    yield from _moments(wish, moments)


def _protection(user: User, wish: BulletinWish) -> Iterator[Item]:
    statement = protection_for_page(queries.protection_moved(user, wish.team.id, wish.month))
    rows: Any = db.session.scalars(statement).unique().all()
    yield from _moments(wish, protection.moments_of(rows, _in_full(user, wish, Protection, rows)))


def _moments(wish: BulletinWish, moments: Iterable[Moment]) -> list[Item]:
    """Those that lie in the month, the first day first; their texts are for the desk."""
    found = [one for one in moments if wish.month.holds(one.happened)]
    return [
        Item(one.happened.written(), one.when, one.title, one.reference, one.address or "")
        for one in sorted(found, key=lambda one: (one.happened.earliest, one.title))
    ]


def _due(wish: BulletinWish, dues: Iterable[Due]) -> Iterator[Item]:
    """What is still to be asked and written stays on the desk; of a proposed term it is said that it is one."""
    for one in dues:
        yield Item(
            day=one.day.isoformat(),
            when=" ".join(filter(None, [date_words(one.day), one.at])),
            what=one.words,
            title=one.title if wish.with_titles and one.title != one.reference else "",
            state="" if one.confirmed else _("a proposal that no lawyer has confirmed"),
            reference=one.reference,
            address=one.url,
        )


def _contracts(user: User, wish: BulletinWish) -> list[Item]:
    """By the term of an agreement with its addenda, where its end is known to the month."""
    chains = chains_of(user, queries.contracts_moved(user, wish.team.id, wish.month))
    agreements = [chain[0] for chain in chains]
    in_full = _in_full(user, wish, Contract, agreements)
    found = []
    for one in agreements:
        term = stretches(one.spans)
        days = [(term[0].begins, _("Begins")), (term[-1].ends, _("Ends"))] if term else []
        for day, what in days:
            if wish.month.holds(day):
                words = f"{what}: {contract_title(one, one.id in in_full)}"
                address = url_for("contracts.show", reference=one.reference)
                unit = label("police_units", one.police_unit)
                item = Item(day.written(), uncertain_date_words(day), words, one.reference, address, place=unit)
                found.append((day.earliest, item))
    return [item for _day, item in sorted(found, key=lambda pair: (pair[0], pair[1].reference))]
