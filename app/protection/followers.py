"""What protection owes to the rooms below: search that follows a new name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access import unguarded
from app.organisations.models import Organisation
from app.people.models import Person
from app.protection.models import Beneficiary, Protection, Recipient
from app.search import follows, is_renamed


def _of_person(session: Session, person: Person) -> list[Any]:
    if not is_renamed(person, "pseudonym"):
        return []
    named = select(Beneficiary.protection_id).where(Beneficiary.person_id == person.id)
    statement = select(Protection).where(or_(Protection.id.in_(named), Protection.person_id == person.id))
    return list(session.scalars(unguarded(statement, "search index upkeep")))


def _of_organisation(session: Session, body: Organisation) -> list[Any]:
    if not any(is_renamed(body, column) for column in ("name", "aliases", "team_aliases")):
        return []
    written_to = select(Recipient.protection_id).where(Recipient.organisation_id == body.id)
    statement = select(Protection).where(or_(Protection.id.in_(written_to), Protection.body_id == body.id))
    return list(session.scalars(unguarded(statement, "search index upkeep")))


follows(Person, _of_person)
follows(Organisation, _of_organisation)
