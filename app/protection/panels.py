"""What the pages of cases, incidents and people show of protection."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select

from app.access import full_ids, visible
from app.cases.models import Case
from app.dates import today
from app.db import db
from app.incidents.models import Incident
from app.people.models import Person
from app.protection.models import ACTION, COMMITMENT, MEASURE, RISK, Protection
from app.protection.names import KINDS
from app.protection.queries import for_list, protection_in, protection_of, shown_title, status_words

MOST = 50


def _table(statement: Select[Any]) -> str:
    rows: Any = db.session.scalars(for_list(statement).limit(MOST)).unique().all()
    if not rows:
        return ""
    in_full = full_ids(Protection, current_user, rows)
    return render_template(
        "protection/panel.html",
        rows=[(row, shown_title(row, row.id in in_full)) for row in rows],
        kinds=KINDS,
        status_words=status_words,
        today=today(),
    )


def protection_in_case(case: Case) -> str:
    return _table(protection_in(current_user, case))


def protection_of_person(person: Person) -> str:
    return _table(protection_of(current_user, person))


def protection_after_incident(incident: Incident) -> str:
    statement = visible(Protection, current_user).where(Protection.incident_id == incident.id)
    return _table(statement.order_by(Protection.is_open.desc(), Protection.id.desc()))


def add_to_case(case: Case) -> str:
    details = {
        RISK: _("Factors that weigh, a level that you decide, and when to look again."),
        MEASURE: _("What was asked of whom, what was answered, and what was really done."),
        ACTION: _("A letter, a meeting, a hearing, a complaint, a visit."),
        COMMITMENT: _("What an authority promised, and by when."),
    }
    offers = [(kind, KINDS[kind], details[kind]) for kind in (RISK, MEASURE, ACTION, COMMITMENT)]
    return render_template("protection/add.html", case=case, offers=offers)
