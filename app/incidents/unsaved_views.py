"""Keeping the text of a new record while it is typed, and discarding it."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app import conflicts, web
from app.access import allow
from app.db import db
from app.incidents import kept, unsaved
from app.incidents.blueprint import bp
from app.incidents.filling import empty_form
from app.incidents.form_page import clock
from app.incidents.place_part import PlacePart


@bp.post("/new/autosave")
@allow("records.write")
def autosave_new() -> Any:
    """Keep what is being typed; no record yet. A form that was saved meanwhile keeps nothing."""
    form_token = request.form.get("form_token", "")
    if not form_token or len(form_token) > unsaved.LONGEST_TOKEN:
        return {}, 400
    if web.already_done(form_token):
        return {}, 409
    typed = kept.typed()
    try:
        if _says_something(typed):
            unsaved.keep(current_user, form_token, typed, request.form.get("unsaved"))
        else:
            unsaved.forget(current_user, form_token)
        db.session.commit()
    except unsaved.TooMuchToKeep:
        db.session.rollback()
        return {}, 413
    except IntegrityError:  # the same window, twice at the same moment
        db.session.rollback()
        return {}, 409
    return {"at": clock()}


def _says_something(typed: unsaved.Pairs) -> bool:
    """More than the form says by itself."""
    blank = empty_form(current_user, formdata=None)
    PlacePart(blank)
    by_itself = {pair for field in blank for pair in conflicts.pairs(field)}
    return any(value.strip() and (name, value) not in by_itself for name, value in typed)


@bp.post("/new/discard")
@allow("records.write")
def discard_unsaved() -> Any:
    form_token = request.form.get("form_token", "")
    if not form_token:
        abort(400)
    unsaved.forget(current_user, form_token)
    db.session.commit()
    web.say(_("What you had begun is discarded."), "info")
    if form_token.startswith(unsaved.OF_RECORD):
        return web.back_to(".edit", reference=form_token.removeprefix(unsaved.OF_RECORD))
    return web.back_to(".new")
