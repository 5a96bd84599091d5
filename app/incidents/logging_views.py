"""Logging an incident, changing it, and keeping what is being typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from app import access, conflicts, web
from app.access import allow, full_or_404
from app.accounts.models import User
from app.db import db, fold
from app.incidents import queries, unsaved
from app.incidents.blueprint import bp
from app.incidents.completeness import is_complete, keeps_what_it_had
from app.incidents.filling import empty_form, offer, stored_form
from app.incidents.forms import IncidentForm
from app.incidents.given import Reading, complain, writing_cases, writing_teams
from app.incidents.models import Incident
from app.incidents.operations import (
    IncidentProblem,
    ReasonMissing,
    assign_to_case,
    edit_incident,
    log_incident,
)
from app.incidents.place_part import PlacePart
from app.incidents.queries import Wish, incidents_found
from app.incidents.review import advance
from app.incidents.workflow import WITH_AUTHOR
from app.workflow import MoveNotAllowed

ROWS = ("victims", "perpetrators", "companies", "projects", "sources")


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    if request.method == "GET":
        return _page(_new_form(), None)
    if earlier := web.already_done(request.form.get("form_token")):
        return redirect(earlier, 303)
    form = empty_form(_user())
    if _rows_changed(form):
        return _page(form, None)
    return _save(form, None)


def _new_form() -> IncidentForm:
    """Empty; or with what the user had begun and goes on with (`?unsaved=`). Each window has a token of its own."""
    begun = None
    if form_token := request.args.get("unsaved"):
        begun = unsaved.begun_as(_user(), form_token) or abort(404)
    case = request.args.get("case", "")
    form = empty_form(_user(), case=case, formdata=MultiDict(begun.typed) if begun else None)
    form.form_token.data, form.unsaved.data = web.new_form_token(), begun.mark if begun else ""
    PlacePart(form)
    return form


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    incident = _editable(reference)
    stored = stored_form(incident, _user())
    if request.method == "GET":
        return _page(stored, incident)
    form = IncidentForm(formdata=conflicts.answers(stored))
    offer(form, _user(), incident)
    if _rows_changed(form):
        return _page(form, incident)
    if conflicts.is_stale(form, incident):
        address = url_for("incidents.edit", reference=reference)
        back = url_for("incidents.show", reference=reference)
        title = queries.shown_title(incident, True)
        return conflicts.page(form, stored, incident, title=title, action=address, cancel_url=back)
    return _save(form, incident)


@bp.post("/<reference>/autosave")
@allow("records.write")
def autosave(reference: str) -> Any:
    """Keep a draft as it stands. Never moves the record on, never saves over somebody else's text."""
    incident = _editable(reference)
    form = IncidentForm()
    offer(form, _user(), incident)
    if incident.state not in WITH_AUTHOR or conflicts.is_stale(form, incident):
        return {}, 409
    reading = Reading(form, _user(), incident, writing_cases(_user(), incident.team_id))
    if not reading.is_sound:
        return {}, 400
    try:
        _write(reading, incident)
    except IncidentProblem:
        db.session.rollback()
        return {}, 400
    db.session.commit()
    opened = conflicts.digest(stored_form(incident, _user()))
    return {"at": clock(), "version": incident.version, "opened": opened}


def _user() -> User:
    user: User = current_user._get_current_object()
    return user


def _editable(reference: str) -> Incident:
    incident = full_or_404(Incident, _user(), reference)
    if incident.is_withdrawn:
        abort(409, _("The record was withdrawn. Restore it first."))
    return incident


def clock() -> str:
    zone = ZoneInfo(current_app.config["SETTINGS"].timezone)
    return f"{datetime.now(zone):%H:%M}"


# --- rows, without saving ------------------------------------------------------------------------


def _rows_changed(form: IncidentForm) -> bool:
    """Whether a button only asked for another line, one line less, or the next step of the place."""
    added, removed = request.form.get("add"), request.form.get("remove", "")
    if added in ROWS:
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


# --- saving --------------------------------------------------------------------------------------


def _save(form: IncidentForm, incident: Incident | None) -> Any:
    """A sound record is saved, and sent where that was asked. A draft that is not sound keeps what could be read."""
    reading = Reading(form, _user(), incident, writing_cases(_user(), incident.team_id if incident else None))
    sends = request.form.get("save") != "draft"
    is_ready = _is_ready(reading, incident, sends)
    if not (reading.given.title_es or reading.given.title_en) or not (is_ready or _may_be_sent(incident)):
        return _page(form, incident), 400
    try:
        saved = _write(reading, incident)
        db.session.flush()
        if is_ready and sends and saved.state in WITH_AUTHOR:
            advance(saved, "submit", by=_user())
    except ReasonMissing as problem:
        db.session.rollback()
        complain(form.why, str(problem))
        return _page(form, incident), 400
    except (IncidentProblem, MoveNotAllowed) as problem:
        db.session.rollback()
        form.form_errors.append(str(problem))
        return _page(form, incident), 400
    return _after_saving(form, saved, is_ready, sends)


def _is_ready(reading: Reading, incident: Incident | None, sends: bool) -> bool:
    if incident is not None and not _may_be_sent(incident):
        return keeps_what_it_had(reading, incident)
    return is_complete(reading) if sends else reading.is_sound


def _after_saving(form: IncidentForm, saved: Incident, is_ready: bool, sends: bool) -> Any:
    unsaved.forget(_user(), form.form_token.data, form.unsaved.data)
    if is_ready:
        page = "incidents.edit" if not sends and saved.state in WITH_AUTHOR else "incidents.show"
        address = web.commit_once(url_for(page, reference=saved.reference), form.form_token.data)
        web.say(_("Sent to review.") if sends and saved.state == "SUBMITTED" else _("Saved."))
        return redirect(address, 303)
    web.commit_once(url_for("incidents.edit", reference=saved.reference), form.form_token.data)
    form.version.data, form.form_token.data, form.unsaved.data = str(saved.version), "", ""
    _know_the_rows(form, saved)
    conflicts.reopened(conflicts.digest(stored_form(saved, _user())))
    return _page(form, saved, is_saved=True), 400


def _may_be_sent(incident: Incident | None) -> bool:
    return incident is None or incident.state in WITH_AUTHOR


def _write(reading: Reading, incident: Incident | None) -> Incident:
    reading.record_new_names()
    if incident is None:
        incident = log_incident(_user(), reading.team_id, reading.given, case=reading.case)
        db.session.flush()
        return incident
    edit_incident(_user(), incident, reading.given, why=reading.form.why.data or None)
    if incident.case is not reading.case and (reading.case is not None or not reading.form.case.data):
        assign_to_case(_user(), incident, reading.case)
    return incident


def _know_the_rows(form: IncidentForm, saved: Incident) -> None:
    """The lines of a form that stays open, tied to what was recorded for them: saved again, they make nothing new."""
    people = {fold(act.person.pseudonym): act.person.reference for act in saved.acts if act.person}
    for entry in form.victims:
        entry.form.person.data = people.get(fold(entry.form.who.data), "")
    sources = {fold(link.source.citation): link.source.reference for link in saved.source_links}
    for entry in form.sources:
        entry.form.source.data = sources.get(fold(entry.form.citation.data or entry.form.url.data), "")


# --- the page ------------------------------------------------------------------------------------


def _page(form: IncidentForm, incident: Incident | None, is_saved: bool = False) -> str:
    if not form.place_before.data:
        PlacePart(form)
    number = _number_of_problems(form)
    return render_template(
        "incidents/form.html",
        form=form,
        incident=incident,
        is_saved=is_saved,
        problems=ngettext(
            "%(num)s thing is missing before it can be reviewed",
            "%(num)s things are missing before it can be reviewed",
            number,
        )
        if is_saved
        else None,
        can_send=_may_be_sent(incident),
        asks_why=incident is not None and incident.state not in WITH_AUTHOR,
        several_teams=incident is None and len(writing_teams(_user())) > 1,
        earlier=_earlier_here(form),
        begun=_begun(form) if incident is None else [],
    )


def _begun(form: IncidentForm) -> list[unsaved.Begun]:
    """What else the user has begun, on a form that is opened anew."""
    if request.method != "GET":
        return []
    return [begun for begun in unsaved.begun_by(_user()) if begun.mark != form.unsaved.data]


def _number_of_problems(form: IncidentForm) -> int:
    def counted(errors: Any) -> int:
        if isinstance(errors, dict):
            return sum(counted(one) for one in errors.values())
        if isinstance(errors, list | tuple):
            return sum(counted(one) for one in errors)
        return 1 if errors else 0

    return counted(form.errors)


def _earlier_here(form: IncidentForm) -> tuple[int, str, str] | None:
    """How many visible records there are in the department, its name, and its list."""
    key = form.department.data
    name = next((one.label for one in form.department.choices if key and one.value == key), None)
    if not name:
        return None
    number = access.count(incidents_found(_user(), Wish(place=key)))
    return (number, str(name), url_for("incidents.index", place=key)) if number else None
