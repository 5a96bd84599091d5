"""SDG indicator 16.10.1: victims by year, category, kind of defender and sex, counted once for page and file.

Counted are records that were corroborated or verified and that the reader sees. Nobody counts who refused or wants it
kept inside: a refusal holds for totals too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import selectinload

from app.access import count, visible
from app.accounts.models import User
from app.dates import today
from app.db import db
from app.incidents.models import Act, Incident
from app.incidents.workflow import CORROBORATED, REJECTED, VERIFIED
from app.people.allowed import INTERNAL_ONLY, reach_for
from app.people.models import Person
from app.reports.sdg_mapping import (
    KILL,
    NONE,
    NOT_ON_RECORD,
    REVIEW,
    SEXES,
    UNKNOWN,
    categories,
    category_of,
    kind_of,
    kinds,
    sex_of,
)

FIRM_ENOUGH = (CORROBORATED, VERIFIED)
PURPOSE = "PUBLICATION"
AT_A_TIME = 500

COUNTED_BY = {
    "KILL": ("killed", "affected"),
    "AD": ("detained", "affected"),
    "KIDN": ("detained", "affected"),
    "TORT": ("affected", "injured"),
}
"""Which number of an act says how many victims of a category it has: the first that is on record."""
ELSE = ("affected", "injured", "detained")

Range = tuple[int, int]


@dataclass(frozen=True)
class SdgWish:
    country: str = ""
    first_year: int | None = None
    last_year: int | None = None


def incidents_in_time(user: User, wish: SdgWish) -> Select[tuple[Incident]]:
    """Visible incidents of the country; of the years only those that lie in them for certain."""
    statement = visible(Incident, user)
    if wish.country:
        statement = statement.where(Incident.country == wish.country)
    if wish.first_year:
        statement = statement.where(Incident.happened_from >= date(wish.first_year, 1, 1))
    if wish.last_year:
        statement = statement.where(Incident.happened_to <= date(wish.last_year, 12, 31))
    return statement


def incidents_counted(user: User, wish: SdgWish) -> Select[tuple[Incident]]:
    """Those that are firm enough, with whom they harmed."""
    return (
        incidents_in_time(user, wish)
        .where(Incident.state.in_(FIRM_ENOUGH))
        .options(selectinload(Incident.acts).joinedload(Act.person).selectinload(Person.consents))
        .order_by(Incident.id)
    )


# --- whom an incident harmed ---------------------------------------------------------------------


@dataclass(frozen=True)
class Victims:
    """A person, or a group that is counted, in one category of one incident. *number* None: nobody has counted."""

    incident: int
    year: int | None
    category: str
    kind: str
    sex: str
    number: Range | None


@dataclass(frozen=True)
class Line:
    incidents: int
    least: int
    most: int
    without_number: int
    """Groups, and incidents that name nobody, of which it is not on record how many were harmed."""


def line_of(victims: Iterable[Victims]) -> Line:
    rows = list(victims)
    numbers = [row.number for row in rows if row.number is not None]
    return Line(
        incidents=len({row.incident for row in rows}),
        least=sum(least for least, _most in numbers),
        most=sum(most for _least, most in numbers),
        without_number=len(rows) - len(numbers),
    )


@dataclass
class Sdg:
    """What is counted, and what stands apart, so that nothing is missing without a word."""

    victims: list[Victims] = field(default_factory=list)
    incidents: int = 0
    apart: Counter[str] = field(default_factory=Counter)
    """Category REVIEW, NONE or "" → acts that no category of the indicator counts."""
    refused: int = 0
    """Persons, each in each of their incidents, who refused or want it kept inside."""
    embargoed: int = 0
    not_firm: int = 0
    """Incidents that nobody has corroborated yet."""

    @cached_property
    def years(self) -> list[int | None]:
        found = {one.year for one in self.victims}
        return [*sorted(year for year in found if year is not None), *([None] if None in found else [])]

    @cached_property
    def by_year(self) -> list[tuple[int | None, dict[str, Line]]]:
        """Year → category → line; the categories that have something."""
        return [(year, self._by_category(one for one in self.victims if one.year == year)) for year in self.years]

    @cached_property
    def by_category(self) -> dict[str, Line]:
        return self._by_category(self.victims)

    @cached_property
    def by_kind_and_sex(self) -> list[tuple[str, str, dict[str, Line], Line]]:
        """(category, kind, sex → line, line of both together), for what has something."""
        found = []
        for category in categories():
            for kind in (*kinds(), NOT_ON_RECORD):
                rows = [one for one in self.victims if (one.category, one.kind) == (category, kind)]
                if rows:
                    cells = {sex: line_of(one for one in rows if one.sex == sex) for sex in SEXES}
                    found.append((category, kind, cells, line_of(rows)))
        return found

    @staticmethod
    def _by_category(victims: Iterable[Victims]) -> dict[str, Line]:
        rows = list(victims)
        lines = {code: line_of(one for one in rows if one.category == code) for code in categories()}
        return {code: line for code, line in lines.items() if line.incidents}


def sdg_of(user: User, wish: SdgWish) -> Sdg:
    found, day = Sdg(), today()
    rows: Any = db.session.scalars(incidents_counted(user, wish).execution_options(yield_per=AT_A_TIME))
    for incident in rows:
        if incident.embargo_until is not None and incident.embargo_until >= day:
            found.embargoed += 1
            continue
        found.incidents += 1
        _add(found, incident, day)
    waiting = incidents_in_time(user, wish).where(Incident.state.not_in((*FIRM_ENOUGH, REJECTED)))
    found.not_firm = count(waiting)
    return found


def _add(found: Sdg, incident: Incident, day: date) -> None:
    refusing = {act.person for act in incident.acts if act.person and _stays_inside(act.person, day)}
    found.refused += len(refusing)
    acts = [act for act in incident.acts if act.names_someone and act.person not in refusing]
    # What is said of a refusing person alone is not told as an act without a victim either.
    silent = {_type_of(act, incident) for act in incident.acts if act.person in refusing}
    harmed: dict[tuple[str, Any], Victims] = {}
    for act in acts:
        for victims in _harmed(act, incident):
            harmed.setdefault((victims.category, act.person or act), victims)
    told = {category_of(_type_of(act, incident)) for act in acts} | {category for category, _who in harmed}
    for code in incident.types:
        category = category_of(code)
        if category not in categories():
            found.apart[category if category in (REVIEW, NONE) else ""] += 1
        elif category not in told and code not in silent:
            told.add(category)
            found.victims.append(Victims(incident.id, _year_of(incident), category, NOT_ON_RECORD, UNKNOWN, None))
    found.victims += harmed.values()


def _stays_inside(person: Person, day: date) -> bool:
    return reach_for(person, PURPOSE, day) == INTERNAL_ONLY


def _type_of(act: Act, incident: Incident) -> str | None:
    return act.act_type or incident.main_type


def _harmed(act: Act, incident: Incident) -> Iterator[Victims]:
    """Whom an act harmed, in the category of its type; and as killed who was killed, whatever else was done."""
    category, killed = category_of(_type_of(act, incident)), _number(act, ("killed",))
    person = act.person
    whose = (kind_of(person.defender_groups), sex_of(person.gender)) if person else (NOT_ON_RECORD, UNKNOWN)
    if category in categories():
        number = _how_many(act, COUNTED_BY.get(category, ELSE))
        yield Victims(incident.id, _year_of(incident), category, *whose, number)
    if category != KILL and killed and killed[1]:
        yield Victims(incident.id, _year_of(incident), KILL, *whose, (1, 1) if _is_one(act) else killed)


def _how_many(act: Act, names: tuple[str, ...]) -> Range | None:
    if _is_one(act):
        return (1, 1)
    number = _number(act, names)
    if number is None and act.person and act.person.members_least is not None:
        return (act.person.members_least, act.person.members_most or act.person.members_least)
    return number


def _is_one(act: Act) -> bool:
    return act.person is not None and act.person.kind in (None, "INDIVIDUAL")


def _number(act: Act, names: tuple[str, ...]) -> Range | None:
    for name in names:
        least, most = getattr(act, f"{name}_least"), getattr(act, f"{name}_most")
        if (least, most) != (None, None):
            return (least or 0, most if most is not None else least)
    return None


def _year_of(incident: Incident) -> int | None:
    """None where the day is not on record, or not to the year."""
    first, last = incident.happened_from, incident.happened_to
    return first.year if first and last and first.year == last.year else None
