"""The pages beside an incident: its links, what the State did, and notes on its answers."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import web
from app.access import allow, writable_or_404
from app.db import db
from app.incidents import clarifying, linking, queries, responses
from app.incidents.beside_forms import LinkForm, ResponseForm
from app.incidents.blueprint import bp
from app.incidents.linking import LinkRefused
from app.incidents.models import Incident
from app.incidents.operations import ReasonMissing, ask_reason
from app.incidents.text import clean
from app.incidents.workflow import REVIEWED


def _page(template: str, incident: Incident, **values: Any) -> str:
    return render_template(
        f"incidents/{template}.html",
        incident=incident,
        title=queries.shown_title(incident, True),
        asks_why=incident.state in REVIEWED,
        shown_title=queries.shown_title,
        shown_place=queries.shown_place,
        shown_date=queries.shown_date,
        **values,
    )


def _writable(reference: str) -> Incident:
    return writable_or_404(Incident, current_user, reference)


# --- links ---------------------------------------------------------------------------------------


@bp.route("/<reference>/links", methods=["GET", "POST"])
@allow("records.write")
def links(reference: str) -> Any:
    incident, form = _writable(reference), LinkForm()
    form.offer()
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit() and _linked(form, incident):
        address = url_for(".links", reference=reference)
        web.commit_once(address, form.form_token.data)
        web.say(_("The link is made. It stands on the page of both."))
        return redirect(address, 303)
    return _links_page(incident, form), 400 if form.errors else 200


def _linked(form: LinkForm, incident: Incident) -> bool:
    other = linking.incident_called(current_user, form.other.data)
    if other is None:
        form.other.errors = [_("No incident with this reference is on record.")]
        return False
    try:
        linking.link_incidents(current_user, incident, form.relation.data, other, form.note.data)
    except LinkRefused as problem:
        form.other.errors = [str(problem)]
        return False
    return True


def _links_page(incident: Incident, form: LinkForm, problem: str | None = None) -> str:
    form.form_token.data = form.form_token.data or web.new_form_token()
    return _page(
        "links",
        incident,
        form=form,
        links=linking.shown_links(current_user, incident),
        others=linking.offered_others(current_user, incident),
        problem=problem,
    )


@bp.post("/<reference>/links/<uid>/erase")
@allow("records.write")
def erase_link(reference: str, uid: str) -> Any:
    incident = _writable(reference)
    link = linking.link_of(current_user, incident, uid) or abort(404)
    shown = next(one for one in linking.shown_links(current_user, incident) if one.link is link)
    if not shown.may_undo:
        abort(403, _("Who made the link, who writes to both records, or the coordination can undo it."))
    why = request.form.get("why")
    try:
        ask_reason(incident, why, needed=shown.asks_why)
    except ReasonMissing as problem:
        form = LinkForm(formdata=None)
        form.offer()
        return _links_page(incident, form, str(problem)), 400
    linking.unlink(link, incident, clean(why))
    db.session.commit()
    web.say(_("The link is undone. The history keeps it."))
    return web.back_to(".links", reference=reference)


# --- what the State did --------------------------------------------------------------------------


@bp.route("/<reference>/responses", methods=["GET", "POST"], endpoint="responses")
@allow("records.write")
def response_page(reference: str) -> Any:
    incident, form = _writable(reference), ResponseForm()
    form.offer()
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        responses.add_response(current_user, incident, form.given())
        address = url_for(".responses", reference=reference)
        web.commit_once(address, form.form_token.data)
        web.say(_("Saved."))
        return redirect(address, 303)
    return _responses_page(incident, form), 400 if form.errors else 200


def _responses_page(incident: Incident, form: ResponseForm, problem: str | None = None) -> str:
    form.form_token.data = form.form_token.data or web.new_form_token()
    return _page("responses", incident, form=form, grade=responses.grade_of(incident.responses), problem=problem)


@bp.post("/<reference>/responses/<uid>/erase")
@allow("records.write")
def erase_response(reference: str, uid: str) -> Any:
    incident = _writable(reference)
    response = responses.response_of(incident, uid) or abort(404)
    try:
        ask_reason(incident, request.form.get("why"))
    except ReasonMissing as problem:
        form = ResponseForm(formdata=None)
        form.offer()
        return _responses_page(incident, form, str(problem)), 400
    responses.erase_response(current_user, incident, response)
    db.session.commit()
    web.say(_("The step is gone. The history keeps it."))
    return web.back_to(".responses", reference=reference)


# --- notes on answers ----------------------------------------------------------------------------


@bp.route("/<reference>/clarify", methods=["GET", "POST"])
@allow("records.write")
def clarify(reference: str) -> Any:
    incident = _writable(reference)
    if request.method == "GET":
        return _page("clarify", incident, answers=clarifying.answers_of(incident), typed={}, why="", problem=None)
    typed = {name: request.form[f"note-{name}"] for name in clarifying.NAMES if f"note-{name}" in request.form}
    try:
        if request.form.get("version") != str(incident.version):
            problem = _("The record was changed after you opened it. Read it again; what you typed is still here.")
            return _clarify_again(incident, typed, problem), 409
        if clarifying.clarify(current_user, incident, typed):
            ask_reason(incident, request.form.get("why"))
    except (clarifying.NoteTooLong, ReasonMissing) as refused:
        db.session.rollback()
        return _clarify_again(_writable(reference), typed, str(refused)), 400
    db.session.commit()
    web.say(_("Saved."))
    return web.back_to(".show", reference=reference)


def _clarify_again(incident: Incident, typed: dict[str, str], problem: str) -> str:
    answers = clarifying.answers_of(incident)
    return _page("clarify", incident, answers=answers, typed=typed, why=request.form.get("why", ""), problem=problem)
