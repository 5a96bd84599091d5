"""What is due, on the desk and in the menu."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user

from app.accounts.models import User
from app.agenda import SOON, DueWish, due_days
from app.cases.models import Case
from app.dates import today
from app.deadlines import queries

MOST = 6


def due_soon(user: User) -> str:
    found = due_days(user, DueWish(last=today() + SOON))
    return render_template("deadlines/panel.html", rows=found[:MOST], total=len(found)) if found else ""


def next_in_case(case: Case) -> str:
    """The nearest days of a case, whatever they are of; the page asks only for who reads the case in full."""
    found = due_days(current_user, DueWish(case_id=case.id))[:MOST]
    return render_template("deadlines/next.html", rows=found) if found else ""


def pressing_number(user: User) -> int:
    """What the menu counts: it stands on every page, so it looks no further than three days ahead."""
    return len(queries.pressing(user))
