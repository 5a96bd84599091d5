"""Days on which the courts of the place are closed: an administrator writes them down, terms skip them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import StringField, ValidationError
from wtforms.validators import DataRequired

from app import web
from app.access import allow
from app.db import db
from app.incidents.texts import line
from app.people.days import Day
from app.proceedings import deadline_operations
from app.proceedings.models import ClosedDay

bp = Blueprint("closed_days", __name__, url_prefix="/deadlines/closed-days", template_folder="templates")


class ClosedDayForm(FlaskForm):
    day = Day(_l("Day"), [DataRequired(_l("Write the day, like 22/10/2024."))])
    reason = line(
        _l("Why the courts are closed"), 200, optional=False, description=_l("A regional holiday, a strike, a decree.")
    )

    def validate_reason(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Write why the courts are closed."))


@bp.route("", methods=["GET", "POST"])
@allow("codes.manage")
def index() -> Any:
    form = ClosedDayForm()
    if form.validate_on_submit():
        deadline_operations.close_day(current_user, form.day.data, form.reason.data or "")
        db.session.commit()
        web.say(_("The day is saved. Terms that are on record stay as they were counted."))
        return web.back_to(".index")
    rows = db.session.scalars(select(ClosedDay).order_by(ClosedDay.day.desc())).all()
    return render_template("proceedings/closed_days.html", form=form, rows=rows), 400 if form.errors else 200


@bp.post("/erase")
@allow("codes.manage")
def erase() -> Any:
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        abort(400)
    deadline_operations.open_day(day)
    db.session.commit()
    return web.back_to(".index")
