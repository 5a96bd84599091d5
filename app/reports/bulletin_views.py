"""The monthly bulletin of a team: a month is chosen, read and taken along."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask_login import current_user

from app.access import allow
from app.accounts.models import Team
from app.i18n import month_words
from app.reports import bulletin_files as files
from app.reports.blueprint import bp
from app.reports.bulletin import BulletinWish, bulletin_of
from app.reports.bulletin_forms import BulletinForm


def _teams() -> list[Team]:
    found = [membership.team for membership in current_user.memberships]
    return sorted(dict.fromkeys(found), key=lambda team: team.name)


@bp.get("/bulletin")
@allow("records.read")
def bulletin() -> Any:
    form = _form(request.args)
    form.validate()
    return _page(form)


def _form(arguments: Any) -> BulletinForm:
    return BulletinForm(arguments, _teams() or abort(404))


def _page(form: BulletinForm) -> str:
    wish: BulletinWish = form.wish()
    return render_template(
        "reports/bulletin.html",
        form=form,
        wish=wish,
        found=bulletin_of(current_user, wish),
        month_words=month_words,
        said_of=files.said_of,
    )


@bp.post("/bulletin/export")
@allow("records.export")
def export_bulletin() -> Any:
    form = _form(request.form)
    if not form.validate():
        # Nothing leaves the house by a wish that could not be read: the file would hold another month.
        return _page(form), 400
    return files.download(current_user, bulletin_of(current_user, form.wish()), request.form.get("format", ""))
