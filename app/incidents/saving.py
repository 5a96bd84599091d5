"""What is posted of an incident becomes the record; what it does not take is kept for who typed it."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from app import conflicts, web
from app.db import db, fold
from app.incidents import unsaved
from app.incidents.completeness import is_complete, keeps_what_it_had
from app.incidents.filling import stored_form
from app.incidents.form_page import Outcome, form_page, may_be_sent, the_user
from app.incidents.forms import IncidentForm
from app.incidents.given import Reading, complain, writing_cases
from app.incidents.kept import keep_begun, keep_what_was_not_taken
from app.incidents.models import Incident
from app.incidents.operations import (
    IncidentProblem,
    ReasonMissing,
    ask_reason,
    assign_to_case,
    edit_incident,
    log_incident,
)
from app.incidents.review import advance
from app.incidents.workflow import WITH_AUTHOR
from app.workflow import MoveNotAllowed


def save(form: IncidentForm, incident: Incident | None) -> Any:
    """A sound record is saved, and sent where that was asked. A draft that is not sound keeps what could be read."""
    reading = Reading(form, the_user(), incident, writing_cases(the_user(), incident.team_id if incident else None))
    sends = request.form.get("save") != "draft"
    is_ready = _is_ready(reading, incident, sends)
    if not (reading.given.title_es or reading.given.title_en) or not (is_ready or may_be_sent(incident)):
        return _refused(form, incident)
    try:
        saved = write(reading, incident)
        db.session.flush()
        if is_ready and sends and saved.state in WITH_AUTHOR:
            advance(saved, "submit", by=the_user())
    except ReasonMissing as problem:
        db.session.rollback()
        complain(form.why, str(problem))
        return _refused(form, incident)
    except (IncidentProblem, MoveNotAllowed) as problem:
        db.session.rollback()
        form.form_errors.append(str(problem))
        return _refused(form, incident)
    return _after_saving(form, saved, is_ready, sends)


def _is_ready(reading: Reading, incident: Incident | None, sends: bool) -> bool:
    if incident is not None and not may_be_sent(incident):
        return keeps_what_it_had(reading, incident)
    return is_complete(reading) if sends else reading.is_sound


def _refused(form: IncidentForm, incident: Incident | None) -> Any:
    """Nothing is written; what was typed is kept for when the form is opened again."""
    if incident is None:
        keep_begun(the_user(), form)
    else:
        keep_what_was_not_taken(the_user(), incident, form, was_saved=False)
    db.session.commit()
    return form_page(form, incident), 400


def _after_saving(form: IncidentForm, saved: Incident, is_ready: bool, sends: bool) -> Any:
    unsaved.forget(the_user(), form.form_token.data, form.unsaved.data)
    if form.place_guess:
        typed, place = form.place_guess
        web.say(_("“%(typed)s” was taken as %(place)s.", typed=typed, place=place), "info")
    again = web.already_done(form.form_token.data) is not None
    if is_ready:
        unsaved.forget(the_user(), unsaved.of_record(saved.reference))
        page = "incidents.edit" if not sends and saved.state in WITH_AUTHOR else "incidents.show"
        address = web.commit_once(url_for(page, reference=saved.reference), form.form_token.data, again=again)
        web.say(_("Sent to review.") if sends and saved.state == "SUBMITTED" else _("Saved."))
        return redirect(address, 303)
    know_the_rows(form, saved)
    left = keep_what_was_not_taken(the_user(), saved, form, was_saved=True)
    web.commit_once(url_for("incidents.edit", reference=saved.reference), form.form_token.data, again=again)
    form.version.data, form.form_token.data, form.unsaved.data = str(saved.version), "", ""
    conflicts.reopened(conflicts.digest(stored_form(saved, the_user())))
    return form_page(form, saved, saved_as=Outcome(sends, left)), 400


def write(reading: Reading, incident: Incident | None) -> Incident:
    reading.record_new_names()
    if incident is None:
        incident = log_incident(the_user(), reading.team_id, reading.given, case=reading.case)
        db.session.flush()
        return incident
    edit_incident(the_user(), incident, reading.given, why=reading.form.why.data or None)
    if incident.case is not reading.case and (reading.case is not None or not reading.form.case.data):
        ask_reason(incident, reading.form.why.data)
        assign_to_case(the_user(), incident, reading.case)
    return incident


def know_the_rows(form: IncidentForm, saved: Incident) -> None:
    """The lines of a form that stays open, tied to what was recorded for them: saved again, they make nothing new."""
    people = {fold(act.person.pseudonym): act.person.reference for act in saved.acts if act.person}
    for entry in form.victims:
        entry.form.person.data = people.get(fold(entry.form.who.data), "")
    sources = {fold(link.source.citation): link.source.reference for link in saved.source_links}
    for entry in form.sources:
        entry.form.source.data = sources.get(fold(entry.form.citation.data or entry.form.url.data), "")
