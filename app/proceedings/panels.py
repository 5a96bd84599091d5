"""What the pages of cases, people and organisations show of their proceedings."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select

from app.access import count, full_ids
from app.cases.models import Case
from app.db import db
from app.incidents.models import Incident
from app.organisations.models import Organisation
from app.people.models import Person
from app.proceedings.models import Proceeding
from app.proceedings.queries import (
    for_list,
    proceedings_from,
    proceedings_in,
    proceedings_of,
    proceedings_with,
    shown_title,
)

MOST = 50


def _table(statement: Select[Any], when_none: str, title: str | None = None) -> str:
    rows: Any = db.session.scalars(for_list(statement).limit(MOST)).unique().all()
    total = len(rows) if len(rows) < MOST else count(statement)
    if not rows and not when_none:
        return ""
    in_full = full_ids(Proceeding, current_user, rows)
    return render_template(
        "proceedings/panel.html",
        rows=[(row, shown_title(row, row.id in in_full)) for row in rows],
        total=total,
        when_none=when_none,
        title=title or _("Proceedings"),
    )


def proceedings_in_case(case: Case) -> str:
    return _table(proceedings_in(current_user, case), "")


def proceedings_from_incident(incident: Incident) -> str:
    return _table(proceedings_from(current_user, incident), "", _("Proceedings that arise from it"))


def proceedings_of_person(person: Person) -> str:
    return _table(proceedings_of(current_user, person), "")


def proceedings_of_organisation(organisation: Organisation) -> str:
    return _table(proceedings_with(current_user, organisation), "")


def add_to_case(case: Case) -> str:
    return render_template("proceedings/add.html", case=case, words=_("A proceeding"))
