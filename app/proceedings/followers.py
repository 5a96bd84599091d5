"""What proceedings owe to the rooms below: search that follows a new name, and that they hold files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access import unguarded
from app.evidence.files import add_holder
from app.organisations.models import Organisation
from app.people.models import Person
from app.proceedings.models import Accused, Proceeding
from app.search import follows, is_renamed


def _of_person(session: Session, person: Person) -> list[Any]:
    if not is_renamed(person, "pseudonym"):
        return []
    named = select(Accused.proceeding_id).where(Accused.person_id == person.id)
    statement = select(Proceeding).where(Proceeding.id.in_(named))
    return list(session.scalars(unguarded(statement, "search index upkeep")))


def _of_organisation(session: Session, body: Organisation) -> list[Any]:
    if not any(is_renamed(body, column) for column in ("name", "aliases", "team_aliases")):
        return []
    columns = (Proceeding.court_id, Proceeding.prosecutor_id, Proceeding.complainant_id)
    statement = select(Proceeding).where(or_(*(column == body.id for column in columns)))
    return list(session.scalars(unguarded(statement, "search index upkeep")))


follows(Person, _of_person)
follows(Organisation, _of_organisation)


def _takes_files(proceeding: Proceeding) -> bool:
    return not proceeding.is_withdrawn and not proceeding.case.is_withdrawn


add_holder(Proceeding, "proceedings.show", _takes_files)
