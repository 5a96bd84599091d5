"""Earlier threats against the same people or in the same case, shown while another incident is being logged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import joinedload, selectinload

from app import access
from app.access import visible
from app.accounts.models import User
from app.cases.models import Case
from app.db import db
from app.incidents.beside import IncidentLink
from app.incidents.models import Act, Incident
from app.people.models import Person
from app.vocabulary.queries import entries, label

MOST = 10
THREATS = "THR"
LEADS_ON = ("PRECEDES", "CAUSES")


@dataclass(frozen=True)
class Threat:
    """*followed_by* is what it is linked to as having come before: graver than a threat."""

    incident: Incident
    kind: str
    followed_by: list[Incident]


@dataclass(frozen=True)
class EarlierThreats:
    threats: list[Threat]
    total: int
    asked: bool = True
    """Whether there was anybody, or a case, to ask about."""


def earlier_threats(
    user: User, people: Collection[Person], case: Case | None, *, besides: Incident | None, until: date | None
) -> EarlierThreats:
    """Among what the user may see; those without a date count as earlier."""
    same: list[ColumnElement[bool]] = []
    if people:
        same.append(Incident.acts.any(Act.person_id.in_([person.id for person in people])))
    if case is not None:
        same.append(Incident.case_id == case.id)
    if not same:
        return EarlierThreats([], 0, asked=False)
    codes = threat_codes()
    statement = visible(Incident, user).where(
        or_(*same),
        or_(
            Incident.threat_type.is_not(None),
            Incident.main_type.in_(codes),
            Incident.acts.any(Act.act_type.in_(codes)),
        ),
    )
    if besides is not None:
        statement = statement.where(Incident.id != besides.id)
    if until is not None:
        statement = statement.where(or_(Incident.happened_from.is_(None), Incident.happened_from <= until))
    ordered = statement.order_by(Incident.happened_from.desc().nulls_last(), Incident.id.desc())
    found: Any = list(db.session.scalars(ordered.limit(MOST).options(selectinload(Incident.acts))).unique())
    after = _what_followed(user, found)
    threats = [Threat(one, _kind_words(one, codes), after.get(one.id, [])) for one in found]
    return EarlierThreats(threats, access.count(statement))


def threat_codes() -> list[str]:
    return [entry.code for entry in entries("incident_types").values() if THREATS in (entry.code, entry.parent)]


def _kind_words(incident: Incident, codes: list[str]) -> str:
    if incident.threat_type:
        return label("threat_types", incident.threat_type)
    return label("incident_types", next((code for code in incident.types if code in codes), incident.main_type))


def _what_followed(user: User, threats: list[Incident]) -> dict[int, list[Incident]]:
    """Number of a threat → the incidents, other than threats, that it is linked to as having come before."""
    codes, found = threat_codes(), dict[int, list[Incident]]()
    statement = visible(IncidentLink, user).where(
        IncidentLink.first_id.in_([one.id for one in threats]), IncidentLink.kind.in_(LEADS_ON)
    )
    second = joinedload(IncidentLink.second).selectinload(Incident.acts)
    links: Any = db.session.scalars(statement.options(second).order_by(IncidentLink.id)).unique()
    for link in links:
        is_graver = any(code not in codes for code in link.second.types)
        if is_graver and link.second not in found.setdefault(link.first_id, []):
            found[link.first_id].append(link.second)
    return found
