"""Importing recommendations in the browser: choose a file, look at what would become of each, then import or cancel."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import ObjectDeletedError

from app import uploads, web
from app.access import allow
from app.db import begin_again, db
from app.i18n import size_words
from app.places.countries import country_words
from app.recommendations import words
from app.recommendations.blueprint import bp
from app.recommendations.import_forms import ImportForm
from app.recommendations.import_words import KINDS, counted_words, done_words, fact_words, value_words
from app.recommendations.intake import Plan, imports_of, planned, take_in
from app.recommendations.telling import FileProblem
from app.recommendations.views import MANAGE, home

ROOM = "recommendations"
ROWS_SHOWN = 200


@bp.get("/import")
@allow(MANAGE)
def import_index() -> Any:
    return _index(ImportForm.for_country(home()))


@bp.post("/import")
@allow(MANAGE)
@web.takes_files("import_max_bytes")
def upload() -> Any:
    """Read the file once to say what is wrong with it; then keep it sealed until one has decided."""
    begin_again(writing=False)
    form = ImportForm.for_country(home())
    if not form.validate_on_submit():
        return _index(form), 400
    if not form.file.data:
        form.file.errors = [_("Choose the file that holds the recommendations.")]
        return _index(form), 400
    name, content = (form.file.data.filename or "")[:300], form.file.data.read()
    try:
        planned(name, content, form.country.data, form.session.data)
    except FileProblem as problem:
        form.file.errors = [str(problem)]
        return _index(form), 413 if problem.is_too_large else 400
    facts = {
        "room": ROOM,
        "user_id": current_user.id,
        "name": name,
        "country": form.country.data,
        "session": form.session.data,
    }
    return web.back_to(".preview", token=uploads.seal_away(facts, content))


def _index(form: ImportForm) -> str:
    settings = current_app.config["SETTINGS"]
    return render_template(
        "recommendations/import.html",
        form=form,
        limit=size_words(settings.import_max_bytes),
        earlier=web.paged(imports_of(home()), per_page=20),
        kinds=KINDS,
    )


def _waiting_or_404(token: str) -> tuple[dict[str, Any], bytes]:
    found = uploads.opened(token)
    if found is None or found[0].get("room") != ROOM or found[0]["user_id"] != current_user.id:
        abort(404, _("What was uploaded is kept for one hour, for the person who uploaded it. Choose the file again."))
    return found


def _plan(token: str) -> Plan:
    facts, content = _waiting_or_404(token)
    try:
        return planned(facts["name"], content, facts["country"], facts["session"])
    except FileProblem as problem:
        abort(400, str(problem))


@bp.get("/import/<token>")
@allow(MANAGE)
def preview(token: str) -> Any:
    plan = _plan(token)
    return render_template(
        "recommendations/preview.html",
        plan=plan,
        kind=KINDS[plan.telling.kind],
        shown=ROWS_SHOWN,
        counted=counted_words(plan),
        country=country_words(plan.country),
        words=words,
        fact_words=fact_words,
        value_words=value_words,
    )


@bp.post("/import/<token>")
@allow(MANAGE)
def decide(token: str) -> Any:
    if request.form.get("decision") == "cancel":
        _waiting_or_404(token)
        uploads.forget(token)
        web.say(_("Nothing was imported. The file is no longer kept."), "info")
        return web.back_to(".import_index")
    form_token = request.form.get("form_token")
    if earlier := web.already_done(form_token):
        return redirect(earlier, 303)
    begin_again(writing=False)
    plan = _plan(token)
    if not plan.does_something:
        return web.back_to(".preview", token=token)
    begin_again(writing=True)
    try:
        done = take_in(current_user, plan)
        sentence = done_words(done)
        to = plan.country if plan.country != home() else None
        address = web.commit_once(url_for(".index", country=to), form_token)
    except (IntegrityError, ObjectDeletedError):
        db.session.rollback()
        web.say(_("Nothing was imported: somebody imported the same records at this moment. Try again."), "warn")
        return web.back_to(".preview", token=token)
    uploads.forget(token)
    web.say(sentence)
    return redirect(address, 303)
