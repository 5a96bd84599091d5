"""What of a case can go into a letter, and of whom it then tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, or_
from sqlalchemy.orm import selectinload

from app.access import full_ids, visible
from app.accounts.models import User
from app.cases.models import Case
from app.dates import today
from app.db import db, fold
from app.incidents.models import Incident
from app.incidents.queries import for_page as incidents_for_page
from app.people.models import CaseRole, Person, PersonLeadership, PersonOrganisation
from app.proceedings.models import AGAINST, Proceeding
from app.proceedings.queries import for_page as proceedings_for_page
from app.protection.models import Protection, RiskAssessment
from app.protection.queries import for_page as protection_for_page
from app.protection.queries import protection_in
from app.timeline.people import persons_in

NEVER = ("REJECTED",)
REVIEWED = ("UNVERIFIED", "CORROBORATED", "VERIFIED")
NOT_ASKED_FOR = frozenset({"ALLEGED"})
"""Roles of people who are not asked what may be said of them, unless the letter tells of them as of a defender."""
TOLD_OF = frozenset({"AFFECTED", "REPRESENTATIVE"})
"""Roles of people of whom a letter is, unless somebody says otherwise."""


@dataclass
class Material:
    """All that the reader could put into a letter."""

    incidents: list[Incident]
    proceedings: list[Proceeding]
    protection: list[Protection]
    """What was asked of whom, and promised."""
    risks: list[RiskAssessment]
    people: list[Person]
    roles: dict[int, str | None]
    in_full: set[int] = field(default_factory=set)
    """Ids of the people whom the reader reads in full."""

    def people_told_of(
        self, incidents: Iterable[Incident], proceedings: Iterable[Proceeding], protection: Iterable[Protection]
    ) -> set[int]:
        """Ids of those affected by the incidents, accused in proceedings against defenders, and to be protected."""
        affected = {act.person_id for incident in incidents for act in incident.acts if act.person_id}
        against = [one for one in proceedings if one.direction == AGAINST]
        accused = {row.person_id for one in against for row in one.accused if row.person_id}
        cared_for = {row.person_id for one in protection for row in one.beneficiaries if row.person_id}
        cared_for |= {one.person_id for one in protection if one.person_id}
        return affected | accused | cared_for


def asking_not_to_be_named(protection: Iterable[Protection]) -> set[int]:
    """Ids of those whom these measures protect, and who said with one of them that their name is to stay out."""
    rows = [row for one in protection for row in one.beneficiaries]
    return {row.person_id for row in rows if row.person_id and row.asks_not_to_be_named}


def incidents_for_letter(user: User, case: Case) -> Select[tuple[Incident]]:
    """Read in full; not those that were rejected, nor those that wait for a day to come."""
    return (
        visible(Incident, user)
        .where(
            Incident.case_id == case.id,
            Incident.full_to(user),
            Incident.state.not_in(NEVER),
            or_(Incident.embargo_until.is_(None), Incident.embargo_until <= today()),
        )
        .order_by(Incident.happened_from.asc().nulls_last(), Incident.id)
    )


def proceedings_for_letter(user: User, case: Case) -> Select[tuple[Proceeding]]:
    return (
        visible(Proceeding, user).where(Proceeding.case_id == case.id, Proceeding.full_to(user)).order_by(Proceeding.id)
    )


def protection_for_letter(user: User, case: Case) -> Select[tuple[Protection]]:
    whole = protection_in(user, case).where(Protection.full_to(user))
    return whole.order_by(None).order_by(Protection.happened_from.asc().nulls_last(), Protection.id)


def material_of(user: User, case: Case) -> Material:
    incidents: Any = db.session.scalars(incidents_for_page(incidents_for_letter(user, case))).unique().all()
    proceedings: Any = db.session.scalars(proceedings_for_page(proceedings_for_letter(user, case))).unique().all()
    roles: Any = db.session.scalars(visible(CaseRole, user).where(CaseRole.case_id == case.id)).all()
    protection: Any = db.session.scalars(protection_for_page(protection_for_letter(user, case))).unique().all()
    asked_for = [one for one in protection if not isinstance(one, RiskAssessment)]
    risks = [one for one in protection if isinstance(one, RiskAssessment)]
    # Who is alleged and something else in the case counts as that.
    last = sorted(roles, key=lambda role: (role.role not in NOT_ASKED_FOR, role.id))
    found = Material(
        list(incidents), list(proceedings), asked_for, risks, [], {role.person_id: role.role for role in last}
    )
    statement = persons_in(user, case, withdrawn=True).options(
        selectinload(Person.consents), selectinload(Person.leaderships).selectinload(PersonLeadership.organisation)
    )
    people: Any = db.session.scalars(statement).all()
    found.in_full = full_ids(Person, user, people)
    told = found.people_told_of(found.incidents, found.proceedings, found.protection)
    asked = [one for one in people if one.withdrawn_at is None and found.roles.get(one.id) not in NOT_ASKED_FOR]
    found.people = sorted(
        {*asked, *(one for one in people if one.id in told)}, key=lambda one: (fold(one.pseudonym), one.id)
    )
    return found


def ties_of(user: User, people: Collection[Person]) -> dict[int, list[PersonOrganisation]]:
    """Person id, of each of these people → what they are in organisations."""
    statement = (
        visible(PersonOrganisation, user)
        .where(PersonOrganisation.person_id.in_([person.id for person in people]))
        .options(selectinload(PersonOrganisation.organisation))
        .order_by(PersonOrganisation.id)
    )
    ties: dict[int, list[PersonOrganisation]] = {person.id: [] for person in people}
    found: Any = db.session.scalars(statement).all()
    for tie in found:
        ties[tie.person_id].append(tie)
    return ties
