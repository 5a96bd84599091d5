"""What the pages of organisations, projects and proceedings show of the contracts about them."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user
from sqlalchemy import Select

from app.access import count, full_ids
from app.contracts import queries, words
from app.contracts.models import Contract
from app.db import db
from app.organisations.models import Organisation, Project
from app.proceedings.models import Proceeding

MOST = 50


def _table(statement: Select[Any]) -> str:
    rows: Any = db.session.scalars(queries.for_list(statement).limit(MOST)).unique().all()
    if not rows:
        return ""
    return render_template(
        "contracts/panel.html",
        rows=rows,
        total=len(rows) if len(rows) < MOST else count(statement),
        addenda=queries.addenda_counted(current_user, rows),
        full=full_ids(Contract, current_user, rows),
        words=words,
    )


def contracts_of_organisation(organisation: Organisation) -> str:
    return _table(queries.contracts_of_company(current_user, organisation))


def contracts_of_project(project: Project) -> str:
    return _table(queries.contracts_of_project(current_user, project))


def contracts_of_proceeding(proceeding: Proceeding) -> str:
    return _table(queries.contracts_challenged(current_user, proceeding))
