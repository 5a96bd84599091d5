"""Reviewing an incident: its page, the moves, the public part, and who works on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app import access, web
from app.access import allow, full_or_404
from app.accounts.models import User
from app.db import db
from app.history import ended
from app.incidents import review
from app.incidents.blueprint import bp
from app.incidents.history_words import note_phrase
from app.incidents.models import Incident, ReviewNote
from app.incidents.views import facts_of, review_of, shown_or_404
from app.incidents.workflow import MOVES, done_words
from app.workflow import MoveNotAllowed


@bp.get("/<reference>/review")
@allow("records.read")
def review_page(reference: str) -> Any:
    return _review_page(reference)


def _review_page(reference: str, note: str = "", problem: str | None = None) -> str:
    incident = shown_or_404(reference)
    if not access.reads_in_full(current_user, incident):
        abort(404)
    return render_template(
        "incidents/review.html",
        back_to=web.local_path(request.values.get("next")),
        typed=note,
        problem=problem,
        said=_said(incident),
        **review_of(incident),
        **facts_of(incident, True),
    )


def _said(incident: Incident) -> list[tuple[str, datetime]]:
    """Each step of the review in a sentence, newest first."""
    steps = reversed(incident.reviews)
    return [
        (ended(f"{_name_of(step)} {note_phrase({'move': step.move, 'note': step.note})}"), step.at) for step in steps
    ]


def _name_of(step: ReviewNote) -> str:
    return step.by.name if step.by else "Amparo"


@bp.post("/<reference>/move")
@allow("records.write")
def move(reference: str) -> Any:
    incident = full_or_404(Incident, current_user, reference)
    name, note = request.form.get("move", ""), request.form.get("note", "")
    if request.form.get("version") != str(incident.version):
        changed = _("The record was changed after you opened it. Read it again; your note is still here.")
        return _review_page(reference, note, changed), 409
    try:
        review.advance(incident, name, current_user, note)
    except MoveNotAllowed as problem:
        db.session.rollback()
        return _review_page(reference, note, str(problem.reason)), 400 if name in MOVES else 409
    db.session.commit()
    web.say(_("%(reference)s: %(done)s", reference=reference, done=done_words(name)))
    return redirect(web.local_path(request.form.get("next")) or url_for(".show", reference=reference), 303)


@bp.post("/<reference>/public")
@allow("records.write")
def public(reference: str) -> Any:
    incident = full_or_404(Incident, current_user, reference)
    name = request.form.get("move", "")
    if request.form.get("version") != str(incident.version):
        abort(409, _("The record was changed after you opened it. Read it again before you decide."))
    try:
        if name == "set_public":
            review.set_public(current_user, incident)
        elif name == "approve_public":
            review.approve_public(current_user, incident)
        elif name == "revoke_public":
            review.revoke_public(current_user, incident, request.form.get("note"))
        else:
            abort(400)
    except MoveNotAllowed as problem:
        db.session.rollback()
        abort(409, str(problem.reason))
    db.session.commit()
    web.say(done_words(name))
    return web.back_to(".show", reference=reference)


@bp.post("/<reference>/assign")
@allow("records.review")
def assign(reference: str) -> Any:
    incident = full_or_404(Incident, current_user, reference, "records.review")
    handle = request.form.get("to", "")
    to_user = db.session.scalar(select(User).where(User.handle == handle)) if handle else None
    if handle and to_user is None:
        abort(400)
    try:
        review.assign(incident, to_user, current_user)
    except MoveNotAllowed as problem:
        db.session.rollback()
        abort(409, str(problem.reason))
    db.session.commit()
    web.say(_("%(name)s works on it now.", name=to_user.name) if to_user else _("Nobody works on it now."))
    return web.back_to(".show", reference=reference)
