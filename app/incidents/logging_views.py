"""Logging an incident, changing it, and keeping what is being typed."""

from __future__ import annotations

import re
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import conflicts, web
from app.access import allow, visible, writable_or_404
from app.db import db
from app.incidents import queries, unsaved
from app.incidents.blueprint import bp
from app.incidents.filling import empty_form, offer, stored_form
from app.incidents.form_page import clock, form_page, the_user
from app.incidents.forms import MOST_ROWS, IncidentForm
from app.incidents.given import Reading, writing_cases
from app.incidents.kept import keep_what_was_not_taken, opened_form
from app.incidents.models import Incident
from app.incidents.operations import IncidentProblem
from app.incidents.place_part import PlacePart
from app.incidents.saving import know_the_rows, save, write
from app.incidents.workflow import WITH_AUTHOR

REFERENCE = re.compile(r"[A-Z]{3}-I-[0-9A-Z]{5}")
ROWS = ("victims", "perpetrators", "companies", "projects", "sources")


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    if request.method == "GET":
        return _opened_new()
    form = empty_form(the_user())
    if _rows_changed(form):
        return form_page(form, None)
    if used := web.used_form(form.form_token.data):
        return _posted_again(form, used)
    return save(form, None)


def _opened_new() -> Any:
    """Each form has an address of its own: who comes back to it finds what was typed, or the record made of it."""
    form_token = request.args.get("form", "")
    if not 0 < len(form_token) <= unsaved.LONGEST_TOKEN:
        asked: dict[str, Any] = request.args.to_dict()
        return redirect(url_for(".new", **{**asked, "form": web.new_form_token()}))
    if earlier := web.already_done(form_token):
        web.say(_("What you had typed was saved. It is this record; here you can correct it."), "info")
        return redirect(earlier)
    begun = unsaved.begun_as(the_user(), form_token)
    if begun is None and (other := request.args.get("unsaved")):
        begun = unsaved.begun_as(the_user(), other) or abort(404)
    case = request.args.get("case", "")
    form = empty_form(the_user(), case=case, formdata=MultiDict(begun.typed) if begun else None)
    form.form_token.data, form.unsaved.data = form_token, begun.mark if begun else ""
    PlacePart(form)
    return form_page(form, None)


def _posted_again(form: IncidentForm, used: web.FormToken) -> Any:
    """Of a form that made a record already: a second click, or a correction of the draft; never another record."""
    if used.content == web.posted_content():
        return redirect(used.address, 303)
    incident = _made_by(used)
    if incident is None:
        return redirect(used.address, 303)
    if incident.state in WITH_AUTHOR and not incident.is_withdrawn and incident.updated_at <= used.used_at:
        know_the_rows(form, incident)
        form.version.data = str(incident.version)
        return save(form, incident)
    form.form_token.data = web.new_form_token()
    return form_page(form, None, earlier_made=incident), 409


def _made_by(used: web.FormToken) -> Incident | None:
    reference = next((part for part in used.address.split("/") if REFERENCE.fullmatch(part)), "")
    statement = visible(Incident, the_user(), withdrawn=True)
    found: Any = (
        db.session.scalars(statement.where(Incident.full_to(the_user()), Incident.reference == reference))
        .unique()
        .one_or_none()
    )
    incident: Incident | None = found
    return incident


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    incident = _editable(reference)
    if request.method == "GET":
        opened, left = opened_form(the_user(), incident)
        return form_page(opened, incident, left=left)
    stored = stored_form(incident, the_user())
    form = IncidentForm(formdata=conflicts.answers(stored))
    offer(form, the_user(), incident)
    if _rows_changed(form):
        return form_page(form, incident)
    if conflicts.is_stale(form, incident):
        address = url_for("incidents.edit", reference=reference)
        back = url_for("incidents.show", reference=reference)
        title = queries.shown_title(incident, True)
        return conflicts.page(form, stored, incident, title=title, action=address, cancel_url=back)
    return save(form, incident)


@bp.post("/<reference>/autosave")
@allow("records.write")
def autosave(reference: str) -> Any:
    """Keep a draft as it stands. Never moves the record on, never saves over somebody else's text.

    What the record does not take is kept beside it, for who typed it.
    """
    incident = _editable(reference)
    form = IncidentForm()
    offer(form, the_user(), incident)
    if incident.state not in WITH_AUTHOR:
        return {}, 409
    if conflicts.is_stale(form, incident):
        keep_what_was_not_taken(the_user(), incident, form, was_saved=False)
        db.session.commit()
        return {"at": clock(), "words": _("Somebody else has saved meanwhile. Your text is kept, for you only.")}
    reading = Reading(form, the_user(), incident, writing_cases(the_user(), incident.team_id))
    was_saved = bool(reading.given.title_es or reading.given.title_en)
    try:
        if was_saved:
            write(reading, incident)
            db.session.flush()
    except IncidentProblem:
        db.session.rollback()
        was_saved = False
    left = keep_what_was_not_taken(the_user(), incident, form, was_saved=was_saved)
    db.session.commit()
    answer = {"at": clock(), "version": incident.version}
    if was_saved:
        answer["opened"] = conflicts.digest(stored_form(incident, the_user()))
    if left:
        answer["words"] = _("Not taken yet, and kept for you only: %(fields)s.", fields=", ".join(left))
    return answer


def _editable(reference: str) -> Incident:
    return writable_or_404(Incident, the_user(), reference)


# --- rows, without saving ------------------------------------------------------------------------


def _rows_changed(form: IncidentForm) -> bool:
    """Whether a button only asked for another line, one line less, or the next step of the place."""
    added, removed = request.form.get("add"), request.form.get("remove", "")
    if added in ROWS:
        if len(form[added].entries) < MOST_ROWS:
            form[added].append_entry()
    elif removed:
        rows, _dash, number = removed.rpartition("-")
        if rows in ROWS:
            form[rows].entries = [entry for entry in form[rows].entries if entry.name != f"{rows}-{number}"]
            if not form[rows].entries:
                form[rows].append_entry()
    elif "refresh" not in request.form:
        return False
    PlacePart(form)
    return True
