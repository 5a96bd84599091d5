"""What the pages of contracts, proceedings and organisations show of requests for information."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user
from sqlalchemy import Select

from app.access import count
from app.contracts.models import Contract
from app.contracts.request_agenda import silence_words, title_of
from app.contracts.request_queries import for_list, in_order, requests_about, requests_fought_in, requests_to
from app.dates import today
from app.db import db
from app.organisations.models import Organisation
from app.proceedings.models import Proceeding

MOST = 20


def _table(statement: Select[Any]) -> str:
    rows: Any = db.session.scalars(for_list(in_order(statement, today())).limit(MOST)).unique().all()
    if not rows:
        return ""
    total = len(rows) if len(rows) < MOST else count(statement)
    return render_template(
        "contracts/requests/panel.html", rows=rows, total=total, title_of=title_of, silence_words=silence_words
    )


def requests_of_contract(contract: Contract) -> str:
    return _table(requests_about(current_user, contract))


def requests_of_proceeding(proceeding: Proceeding) -> str:
    return _table(requests_fought_in(current_user, proceeding))


def requests_of_organisation(body: Organisation) -> str:
    return _table(requests_to(current_user, body))
