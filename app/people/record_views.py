"""The history of a person, withdrawing it with a reason, and bringing it back."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app import web
from app.access import allow, full_or_404, reads_in_full, visible_or_404
from app.db import db
from app.people import operations, queries
from app.people.blueprint import bp
from app.people.history import history_of
from app.people.models import Person


@bp.get("/<reference>/history")
@allow("records.read")
def history(reference: str) -> Any:
    person = visible_or_404(Person, current_user, reference)
    if not reads_in_full(current_user, person):
        abort(404)
    steps, _more = history_of(person)
    return render_template("people/history.html", person=person, steps=steps)


@bp.post("/<reference>/withdraw")
@allow("records.write")
def withdraw(reference: str) -> Any:
    person = full_or_404(Person, current_user, reference)
    operations.withdraw_person(current_user, person, request.form.get("reason", ""))
    db.session.commit()
    web.say(_("The record is withdrawn. It keeps its history and can be restored."))
    return web.back_to(".show", reference=reference)


@bp.post("/<reference>/restore")
@allow("records.write")
def restore(reference: str) -> Any:
    person = full_or_404(Person, current_user, reference)
    if queries.went_into_another(person):
        abort(409, _("It went into another record. Take that back on the page of the record that stayed."))
    operations.restore_person(current_user, person)
    db.session.commit()
    web.say(_("The record is restored."))
    return web.back_to(".show", reference=reference)
