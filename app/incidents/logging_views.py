"""Logging an incident, changing it, and keeping what is being typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from app import access, web
from app.access import allow, find_visible, full_or_404
from app.dates import today
from app.db import db
from app.i18n import date_words
from app.incidents import completeness, merging
from app.incidents.blueprint import bp
from app.incidents.drafting import forget_typed, keep_typed, unsaved_of
from app.incidents.filled import cleaned, digests, values_of
from app.incidents.form_fields import NOTHING, options
from app.incidents.forms import IncidentForm
from app.incidents.given import Reading, complain, writing_cases, writing_teams
from app.incidents.models import Incident
from app.incidents.operations import (
    LIMITS,
    IncidentGiven,
    ReasonMissing,
    assign_to_case,
    edit_incident,
    log_incident,
)
from app.incidents.queries import Wish, incidents_found
from app.incidents.review import advance
from app.incidents.workflow import REVIEWED, WITH_AUTHOR
from app.places.models import DEPARTMENT
from app.workflow import MoveNotAllowed

SEND, DRAFT_BUTTON = "send", "draft"
ROWS = {
    "victim": "victims",
    "perpetrator": "perpetrators",
    "source": "sources",
    "company": "companies",
    "project": "projects",
}


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    if request.method == "GET":
        return _show(_blank(), None)
    earlier = web.already_done(request.form.get("form_token"))
    if earlier is None:
        return _posted(None)
    autosaved = _autosaved(earlier)
    return _posted(autosaved) if autosaved is not None else redirect(earlier, 303)


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    incident = _open_or_404(reference)
    if request.method == "GET":
        return _show(_opened(incident), incident)
    if "discard" in request.form:
        forget_typed(current_user, incident)
        db.session.commit()
        return web.back_to(".edit", reference=reference)
    if earlier := web.already_done(request.form.get("form_token")):
        return redirect(earlier, 303)
    return _posted(incident)


def _open_or_404(reference: str) -> Incident:
    incident = full_or_404(Incident, current_user, reference)
    if incident.is_withdrawn:
        abort(409, _("The record was withdrawn. Restore it first."))
    return incident


# --- the form as it lies before somebody ---------------------------------------------------------


def _form(
    incident: Incident | None, typed: MultiDict[str, str] | None = None, values: dict[str, Any] | None = None
) -> IncidentForm:
    form = IncidentForm(formdata=typed, data=values or {})
    form.cases = writing_cases(current_user, incident.team_id if incident else None)
    if incident is not None and incident.case is not None:
        form.cases.setdefault(incident.case.reference, incident.case)
    names = (
        (reference, f"{case.title_in(web.i18n.language())} · {reference}") for reference, case in form.cases.items()
    )
    form.case.choices = options([("", _("No case")), *names])
    form.team.choices = options([("", NOTHING), *((team.handle, team.name) for team in writing_teams(current_user))])
    return form


def _blank() -> IncidentForm:
    """An empty form; with the case from which one came (`?case=`)."""
    form = _form(None)
    asked = request.args.get("case", "")
    if asked in form.cases:
        form.case.data = asked
        form.country.data = form.cases[asked].country or form.country.data
    return form


def _opened(incident: Incident) -> IncidentForm:
    """The record, or what one typed of it last and did not save."""
    kept = unsaved_of(current_user, incident)
    if kept is None:
        form = _stored(incident)
        form.version.data, form.as_read.data = str(incident.version), digests(form)
        return form
    form = _form(incident, MultiDict((name, value) for name, value in kept.typed))
    form.version.data, form.kept_at = str(kept.version), kept.at
    return form


def _stored(incident: Incident) -> IncidentForm:
    return _form(incident, values=values_of(incident))


def _show(form: IncidentForm, incident: Incident | None, status: int = 200, **words: Any) -> Any:
    """The page. Without *words* nothing was tried to be saved, and nothing is complained about."""
    tried = status != 200
    reading = words.pop("reading", None)
    if reading is None:
        reading = Reading(form, current_user, incident, form.cases)
        _forget_errors(form)
    found = completeness.gaps(reading) if not tried else []
    if not form.form_token.data or tried:
        form.form_token.data = web.new_form_token()
    if not form.as_read.data:
        form.as_read.data = digests(form)
    page = render_template(
        "incidents/form.html",
        form=form,
        incident=incident,
        steps=completeness.progress(form, found),
        tried=tried,
        with_author=incident is None or incident.state in WITH_AUTHOR,
        reviewed=incident is not None and incident.state in REVIEWED,
        several_teams=incident is None and len(writing_teams(current_user)) > 1,
        earlier=_earlier_here(form, incident),
        today=today(),
        **words,
    )
    return page, status


def _forget_errors(form: IncidentForm) -> None:
    for field in form:
        for leaf in completeness.leaves(field):
            leaf.errors = []
        field_errors = getattr(field, "entries", None)
        if field_errors is not None:
            field.errors = []


def _earlier_here(form: IncidentForm, incident: Incident | None) -> dict[str, Any] | None:
    """How many other records the user sees in the same province or department."""
    place = form.place_part.place
    if place is None:
        return None
    area = place if place.level == DEPARTMENT else place.province or place
    statement = incidents_found(current_user, Wish(place=area.key))
    if incident is not None:
        statement = statement.where(Incident.id != incident.id)
    number = access.count(statement)
    return {"number": number, "area": area.name, "url": url_for(".index", place=area.key)} if number else None


# --- what was pressed ----------------------------------------------------------------------------


def _posted(incident: Incident | None) -> Any:
    posted = cleaned(request.form)
    if incident is not None and posted.get("resolved") == "yes":
        posted = merging.chosen(posted, _stored(incident))
    if "add" in posted or "remove" in posted or "refresh" in posted:
        return _show(_rearranged(posted, incident), incident)
    form = _form(incident, posted)
    if incident is not None and form.version.data != str(incident.version) and not _is_autosaved(incident):
        return _conflict(form, incident, posted)
    try:
        return _save(form, incident, posted)
    except StaleDataError:
        if incident is None:
            raise
        reference = incident.reference
        db.session.rollback()
        return _conflict(_form(_open_or_404(reference), posted), _open_or_404(reference), posted)


def _rearranged(posted: MultiDict[str, str], incident: Incident | None) -> IncidentForm:
    """The form with a line more, or without one; nothing is saved."""
    gone = posted.get("remove", "-")
    form = _form(
        incident,
        MultiDict(
            (name, value)
            for name, value in posted.items(multi=True)
            if name != gone and not name.startswith(f"{gone}-")
        ),
    )
    if rows := ROWS.get(posted.get("add", "")):
        form[rows].append_entry()
    return form


def _conflict(form: IncidentForm, incident: Incident, posted: MultiDict[str, str]) -> Any:
    stored = _stored(incident)
    address = url_for(".edit", reference=incident.reference)
    page = render_template(
        "conflict.html",
        title=incident.title_in(web.i18n.language()),
        action=address,
        cancel_url=url_for(".show", reference=incident.reference),
        version=incident.version,
        who=incident.editor.name if incident.editor else None,
        at=incident.updated_at,
        carried=merging.carried(posted, stored),
        fields=merging.differing(form, stored),
    )
    return page, 409


# --- saving --------------------------------------------------------------------------------------


def _save(form: IncidentForm, incident: Incident | None, posted: MultiDict[str, str]) -> Any:
    """Save what can be saved, keep the rest as it was typed, and go on or say what is wrong."""
    reading = Reading(form, current_user, incident, form.cases)
    token, is_sound = form.form_token.data, reading.is_sound
    if form.title.errors and incident is None:
        return _show(form, None, 400, reading=reading, lead=_("Nothing is saved yet; your text is still here."))
    if is_sound or incident is None or (incident.state in WITH_AUTHOR and not form.title.errors):
        try:
            incident = _write(reading, incident)
        except ReasonMissing as missing:
            return _ask_why(form, incident, posted, str(missing))
        saved = True
    else:
        saved = False
    assert incident is not None
    return _answer(form, reading, incident, posted, token, saved)


def _write(reading: Reading, incident: Incident | None) -> Incident:
    reading.record_new_names()
    if incident is None:
        incident = log_incident(current_user, reading.team_id, reading.given, case=reading.case)
    else:
        if reading.case is not incident.case and not reading.form.case.errors:
            assign_to_case(current_user, incident, reading.case)
        edit_incident(current_user, incident, reading.given, why=reading.form.why.data)
    db.session.flush()
    reading.note_references()
    return incident


def _ask_why(form: IncidentForm, incident: Incident | None, posted: MultiDict[str, str], words: str) -> Any:
    assert incident is not None
    reference = incident.reference
    db.session.rollback()
    incident = _open_or_404(reference)
    keep_typed(current_user, incident, list(posted.items(multi=True)), incident.version)
    db.session.commit()
    complain(form.why, words)
    reading = Reading(form, current_user, incident, form.cases)
    complain(form.why, words)
    return _show(form, incident, 400, reading=reading, lead=_("The record is unchanged; what you typed is kept."))


def _answer(
    form: IncidentForm, reading: Reading, incident: Incident, posted: MultiDict[str, str], token: str, saved: bool
) -> Any:
    pressed = posted.get("save", DRAFT_BUTTON)
    found = completeness.gaps(reading) if pressed == SEND and incident.state in WITH_AUTHOR else []
    going_on = reading.is_sound and not found
    if reading.is_sound:
        forget_typed(current_user, incident)
    else:
        keep_typed(current_user, incident, list(posted.items(multi=True)), incident.version)
    refusal = _send(incident) if going_on and pressed == SEND and incident.state in WITH_AUTHOR else None
    stays = not going_on or (pressed == DRAFT_BUTTON and incident.state in WITH_AUTHOR)
    address = url_for(".edit" if stays else ".show", reference=incident.reference)
    kept = web.commit_once(address, token)
    if kept != address:
        return redirect(kept, 303)
    if going_on:
        web.say(refusal or _said(incident, pressed), "warn" if refusal else "good")
        return redirect(address, 303)
    completeness.ask_for(found, form)
    form.version.data, form.as_read.data = str(incident.version), digests(form)
    lead = _("The draft is saved; nothing is lost.") if saved else _("The record is unchanged; what you typed is kept.")
    return _show(form, incident, 400, reading=reading, lead=lead, sending=pressed == SEND and reading.is_sound)


def _send(incident: Incident) -> str | None:
    """A sentence when it cannot be sent."""
    try:
        advance(incident, "submit", by=current_user)
    except MoveNotAllowed as problem:
        return str(problem.reason)
    return None


def _said(incident: Incident, pressed: str) -> str:
    if pressed == SEND:
        return _("Sent to review. Thank you.")
    return _("Draft saved.") if incident.state in WITH_AUTHOR else _("Changes saved.")


# --- while one types -----------------------------------------------------------------------------


@bp.post("/autosave")
@allow("records.write")
def autosave_new() -> Any:
    """Make a draft of a form that has none yet, once, and keep what is typed beside it."""
    posted = cleaned(request.form)
    token = posted.get("form_token")
    if earlier := web.already_done(token):
        incident = _autosaved(earlier)
        if incident is None:
            abort(409)
        return _kept(incident, posted, incident.version)
    form = _form(None, posted)
    reading = Reading(form, current_user, None, form.cases)
    incident = log_incident(current_user, reading.team_id, _provisional(posted), case=reading.case)
    db.session.flush()
    keep_typed(current_user, incident, list(posted.items(multi=True)), incident.version)
    web.commit_once(url_for(".edit", reference=incident.reference), token)
    return _said_to_script(incident)


@bp.post("/<reference>/autosave")
@allow("records.write")
def autosave(reference: str) -> Any:
    """Keep what is typed. State, facts and version of the record stay as they are."""
    incident = _open_or_404(reference)
    posted = cleaned(request.form)
    return _kept(incident, posted, posted.get("version", type=int) or incident.version)


def _kept(incident: Incident, posted: MultiDict[str, str], version: int) -> Any:
    keep_typed(current_user, incident, list(posted.items(multi=True)), version)
    db.session.commit()
    return _said_to_script(incident)


def _provisional(posted: MultiDict[str, str]) -> IncidentGiven:
    titles = {name: posted.get(name, "")[: LIMITS[name]] or None for name in ("title_es", "title_en")}
    if not any(titles.values()):
        titles["title_es"] = titles["title_en"] = _("Draft of %(day)s", day=date_words(today()))
    return IncidentGiven(**titles)


def _said_to_script(incident: Incident) -> dict[str, Any]:
    zone = ZoneInfo(current_app.config["SETTINGS"].timezone)
    return {
        "at": f"{datetime.now(zone):%H:%M}",
        "action": url_for(".edit", reference=incident.reference),
        "autosave": url_for(".autosave", reference=incident.reference),
        "version": incident.version,
    }


def _autosaved(address: str) -> Incident | None:
    """The draft that autosaving made of this form, as long as nobody has saved it since."""
    parts = address.strip("/").split("/")
    if len(parts) != 3 or parts[2] != "edit":
        return None
    incident = find_visible(Incident, current_user, parts[1], withdrawn=False)
    if incident is None or unsaved_of(current_user, incident) is None or incident.version != 1:
        return None
    return incident


def _is_autosaved(incident: Incident) -> bool:
    """A first form that never learned that autosaving had made a draft of it carries no version."""
    return not request.form.get("version") and incident.version == 1
