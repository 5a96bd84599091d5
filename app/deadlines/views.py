"""What is due: as a list, and as a month."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app import agenda, web
from app.access import allow
from app.agenda import TEAM, Due, DueWish, due_days
from app.dates import today
from app.deadlines import export, queries
from app.deadlines.blueprint import bp
from app.downloads import give
from app.i18n import month_words

LATE, SOON, LATER, DONE = "late", "soon", "later", "done"


@bp.get("/deadlines/")
@allow("records.read")
def index() -> Any:
    whose, kind, is_done = _asked(request.args)
    found = _found(whose, kind, is_done)
    page = _page(found)
    of_team = 0 if whose or is_done else len(due_days(current_user, DueWish(whose=TEAM))) - len(found)
    groups = [(name, list(rows)) for name, rows in groupby(page.rows, _group)]
    return render_template(
        "deadlines/index.html",
        page=page,
        groups=groups,
        group_words={
            LATE: _("Their day has passed"), SOON: _("In the next 14 days"), LATER: _("Later"), DONE: _("Done"),
        },
        of_team=max(of_team, 0) if not kind else 0,
        kinds=agenda.kinds(),
        kind=kind,
        whose=whose,
        is_done=is_done,
        filters={"whose": whose, "kind": kind, "done": "yes" if is_done else ""},
    )  # fmt: skip


@bp.post("/deadlines/export")
@allow("records.export")
def export_list() -> Any:
    whose, kind, is_done = _asked(request.form)
    table = export.table_of(lambda: _found(whose, kind, is_done), whose=whose, kind=kind, is_done=is_done)
    return give(current_user, table)


def _asked(given: Any) -> tuple[str, str, bool]:
    """Whose, of which kind, and whether those that are done."""
    return _whose(given), given.get("kind", "")[:20], given.get("done") == "yes"


def _found(whose: str, kind: str, is_done: bool) -> list[Due]:
    found = due_days(current_user, DueWish(whose=whose, settled=is_done))
    return [due for due in found if not kind or due.kind == kind]


def _whose(given: Any) -> str:
    return TEAM if given.get("whose") == TEAM else agenda.MINE


def _page(found: list[Due]) -> web.Page:
    per_page = web.PER_PAGE
    number = min(max(request.args.get("page", 1, type=int), 1), max(1, -(-len(found) // per_page)))
    return web.Page(found[(number - 1) * per_page : number * per_page], number, len(found))


def _group(due: Due) -> str:
    if due.settled_on is not None:
        return DONE
    return LATE if due.late else SOON if due.soon else LATER


@bp.get("/deadlines/month")
@allow("records.read")
def month() -> Any:
    year, number = queries.month_named(request.args.get("month", "")) or (today().year, today().month)
    weeks = queries.month_of(current_user, year, number, _whose(request.args))
    before, after = queries.months_beside(year, number)
    return render_template(
        "deadlines/month.html",
        weeks=weeks,
        title=month_words(date(year, number, 1)),
        this=f"{year:04}-{number:02}",
        before=before,
        after=after,
        whose=_whose(request.args),
        number=sum(len(square.due) for week in weeks for square in week),
    )
