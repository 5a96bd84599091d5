"""Who is in a case: by a role of their own, in one of its incidents or proceedings, or because of their protection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.accounts.models import User
from app.cases.models import Case
from app.db import db, fold
from app.incidents.models import Act, Incident
from app.people.models import CaseRole, Person, PersonIdentity
from app.proceedings.models import Accused, Proceeding
from app.protection.models import Beneficiary, Protection


def persons_in(user: User, case: Case, *, withdrawn: bool = False) -> Select[tuple[Person]]:
    """All of whom anything that the user reads in the case tells.

    Who is accused, protected or at risk is told to who reads that in full; to others its page gives counts only.
    """
    incidents = select(Incident.id).where(
        Incident.case_id == case.id, Incident.withdrawn_at.is_(None), Incident.visible_to(user)
    )
    proceedings = select(Proceeding.id).where(
        Proceeding.case_id == case.id, Proceeding.withdrawn_at.is_(None), Proceeding.full_to(user)
    )
    protections = select(Protection.id).where(
        Protection.case_id == case.id, Protection.withdrawn_at.is_(None), Protection.full_to(user)
    )
    return visible(Person, user, withdrawn=withdrawn).where(
        or_(
            Person.id.in_(select(CaseRole.person_id).where(CaseRole.case_id == case.id)),
            Person.id.in_(select(Act.person_id).where(Act.incident_id.in_(incidents))),
            Person.id.in_(select(Accused.person_id).where(Accused.proceeding_id.in_(proceedings))),
            Person.id.in_(select(Beneficiary.person_id).where(Beneficiary.protection_id.in_(protections))),
            Person.id.in_(select(Protection.person_id).where(Protection.id.in_(protections))),
        )
    )


@dataclass(frozen=True)
class Known:
    """A person of the case with their role in it, and the legal name where it was asked for."""

    person: Person
    role: str | None
    legal_name: str | None = None


def people_of(user: User, case: Case, names: dict[int, str] | None = None) -> list[Known]:
    """By pseudonym; *names*: person id → legal name, of those whose name was revealed."""
    statement = persons_in(user, case).options(selectinload(Person.consents))
    people: Any = db.session.scalars(statement).all()
    roles: Any = db.session.scalars(visible(CaseRole, user).where(CaseRole.case_id == case.id)).all()
    role_of = {role.person_id: role.role for role in roles}
    known = [Known(one, role_of.get(one.id), (names or {}).get(one.id)) for one in people]
    return sorted(known, key=lambda one: (fold(one.person.pseudonym), one.person.id))


def identities_in(user: User, case: Case) -> Select[tuple[PersonIdentity]]:
    """Of whom the user may ask who they are, and it is on record."""
    ids = persons_in(user, case).with_only_columns(Person.id)
    return visible(PersonIdentity, user).where(PersonIdentity.person_id.in_(ids)).order_by(PersonIdentity.id)
