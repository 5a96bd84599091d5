"""What the pages of cases, people, organisations and projects show of the incidents that name them."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import joinedload, selectinload

from app.access import count, full_ids, visible
from app.accounts.models import User
from app.cases.models import Case
from app.db import db
from app.incidents.models import Act, Incident, IncidentCompany, IncidentProject, Involvement
from app.incidents.queries import shown_date, shown_title
from app.organisations.models import Organisation, Project
from app.people.models import Person
from app.places.models import Place
from app.timeline.providers import fit_for_paper

MOST = 20


def _incidents(user: User, rule: ColumnElement[bool]) -> Select[Any]:
    """Visible incidents that fit the rule, the last day first."""
    return (
        visible(Incident, user)
        .where(rule)
        .options(
            joinedload(Incident.place).joinedload(Place.department),
            joinedload(Incident.place).joinedload(Place.province),
            selectinload(Incident.acts),
        )
        .order_by(Incident.happened_from.desc().nulls_last(), Incident.id.desc())
    )


def _table(title: str, rule: ColumnElement[bool], *, when_none: str = "", anchor: str = "incidents") -> str:
    statement = _incidents(current_user, rule)
    incidents: Any = db.session.scalars(statement.limit(MOST)).unique().all()
    if not incidents and not when_none:
        return ""
    in_full = full_ids(Incident, current_user, incidents)
    return render_template(
        "timeline/incidents.html",
        title=title,
        anchor=anchor,
        rows=[(i, shown_title(i, i.id in in_full), shown_date(i, i.id in in_full)) for i in incidents],
        total=count(statement),
        when_none=when_none,
    )


def incidents_in_case(case: Case) -> str:
    rule = and_(Incident.case_id == case.id, *fit_for_paper(current_user))
    return _table(_("Incidents in this case"), rule, when_none=_("No incident of this case is on record yet."))


def incidents_of_person(person: Person) -> str:
    rule = Incident.acts.any(Act.person_id == person.id)
    return _table(_("In incidents"), rule, when_none=_("In no incident that you see."))


def _named_in(rule: ColumnElement[bool]) -> str:
    """Which company or project an incident names is for full readers: nobody may find it out from this side."""
    return _table(
        _("In incidents"),
        and_(rule, Incident.full_to(current_user)),
        when_none=_("In no incident that you read in full."),
    )


def incidents_of_organisation(organisation: Organisation) -> str:
    as_company = Incident.company_links.any(IncidentCompany.organisation_id == organisation.id)
    as_actor = Incident.involvements.any(Involvement.organisation_id == organisation.id)
    return _named_in(or_(as_company, as_actor))


def incidents_of_project(project: Project) -> str:
    return _named_in(Incident.project_links.any(IncidentProject.project_id == project.id))
