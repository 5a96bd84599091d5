"""What incidents owe to the rooms below: search that follows a new name, who may ask who a person is, and files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, inspect, or_, select
from sqlalchemy.orm import Session, selectinload

from app.access import Reader, unguarded, widen
from app.cases.models import CaseMember
from app.evidence.files import add_holder
from app.incidents.models import Act, Incident, IncidentCompany, IncidentProject, Involvement
from app.organisations.models import Organisation, OrganisationAlias, Project
from app.people.models import Person, PersonIdentity
from app.search import follows

UPKEEP = "search index upkeep"
CALLED = ("name", "aliases", "team_aliases")


def _has_changed(row: Any, *columns: str) -> bool:
    """Whether one of these columns of a stored row is about to change."""
    state = inspect(row)
    return state.persistent and any(state.attrs[column].history.has_changes() for column in columns)


def _found(session: Session, statement: Select[Any]) -> list[Any]:
    return list(session.scalars(unguarded(statement, UPKEEP)))


def _incidents_of_person(session: Session, person: Person) -> list[Any]:
    if not _has_changed(person, "pseudonym"):
        return []
    named = select(Act.incident_id).where(Act.person_id == person.id)
    return _found(session, select(Incident).where(Incident.id.in_(named)))


def _incidents_of_organisation(session: Session, organisation: Organisation) -> list[Any]:
    return _naming(session, organisation) if _has_changed(organisation, *CALLED) else []


def _incidents_of_alias(session: Session, alias: OrganisationAlias) -> list[Any]:
    return _naming(session, alias.organisation) if alias.organisation and _has_changed(alias, "name") else []


def _naming(session: Session, organisation: Organisation) -> list[Any]:
    if not inspect(organisation).persistent:
        return []
    as_company = select(IncidentCompany.incident_id).where(IncidentCompany.organisation_id == organisation.id)
    as_actor = select(Involvement.incident_id).where(Involvement.organisation_id == organisation.id)
    statement = select(Incident).where(or_(Incident.id.in_(as_company), Incident.id.in_(as_actor)))
    return _found(session, statement.options(selectinload(Incident.company_links), selectinload(Incident.involvements)))


def _incidents_of_project(session: Session, project: Project) -> list[Any]:
    if not _has_changed(project, *CALLED):
        return []
    named = select(IncidentProject.incident_id).where(IncidentProject.project_id == project.id)
    return _found(session, select(Incident).where(Incident.id.in_(named)))


follows(Person, _incidents_of_person)
follows(Organisation, _incidents_of_organisation)
follows(OrganisationAlias, _incidents_of_alias)
follows(Project, _incidents_of_project)


def _follows_a_case_of(user: Reader) -> ColumnElement[bool]:
    return exists(
        select(Act.id)
        .join(Incident, Incident.id == Act.incident_id)
        .join(CaseMember, CaseMember.case_id == Incident.case_id)
        .where(Act.person_id == Person.id, CaseMember.user_id == user.id)
        .correlate(Person)
    )


widen(PersonIdentity, visible_to=_follows_a_case_of, full_to=_follows_a_case_of)
add_holder(Incident, "incidents.show")
