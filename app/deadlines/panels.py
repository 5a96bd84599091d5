"""What is due, on the desk and in the menu."""

from __future__ import annotations

from flask import g, render_template

from app.accounts.models import User
from app.agenda import SOON, Due, DueWish, due_days
from app.dates import today
from app.deadlines import queries

MOST = 6


def _soon(user: User) -> list[Due]:
    """Asked for once a request: the menu counts what the desk shows."""
    if "due_soon" not in g:
        g.due_soon = due_days(user, DueWish(last=today() + SOON))
    return list(g.due_soon)


def due_soon(user: User) -> str:
    found = _soon(user)
    return render_template("deadlines/panel.html", rows=found[:MOST], total=len(found)) if found else ""


def pressing_number(user: User) -> int:
    """What the menu counts: days that have passed with nothing done, and the next three."""
    last = today() + queries.PRESSING
    return sum(due.day <= last for due in _soon(user))
