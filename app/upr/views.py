"""The UPR page: preview first, then the pack as a download; and the packs that were made."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sized
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from app import i18n, web
from app.access import allow
from app.accounts.models import User
from app.dates import UncertainDate, today
from app.db import alpha2, db
from app.downloads import digest_of, sent
from app.i18n import uncertain_date_words
from app.places.countries import country_words
from app.upr.annex import ANNEX_LANGUAGES, annex_name, meters
from app.upr.annex_words import code_words
from app.upr.filters import BadFilters, Filters, read_filters
from app.upr.forms import CoverForm, FiltersForm, arguments, arguments_of
from app.upr.narrowed import narrowed_words
from app.upr.operations import record_pack
from app.upr.pack import PackFailed, build, or_nothing, zipped
from app.upr.period import presets
from app.upr.queries import last_cover, pack_of, packs_made
from app.upr.readme import reason_words
from app.upr.recalls import recall_count, recalled
from app.upr.survey import look
from app.upr.tables import TABLES
from app.upr.words import column_words, file_words, reason_details, recall_words, warning_words

bp = Blueprint("upr", __name__, url_prefix="/upr", template_folder="templates")


@bp.get("/")
@allow("upr.export")
def index() -> Any:
    try:
        filters = _filters(request.args)
    except BadFilters as bad:
        return _refused(request.args, bad)
    last = last_cover(current_user)
    return _preview(filters, CoverForm(formdata=None, data=last.as_kept()))


def _preview(filters: Filters, form: CoverForm, status: int = 200) -> Any:
    found = look(current_user, filters)
    try:
        page = render_template(
            "upr/index.html",
            form=_form(arguments(filters)),
            cover=form,
            filters=filters,
            arguments=arguments(filters),
            narrowed=narrowed_words(filters),
            found=found,
            meters=meters(found, form.cover()),
            tables=[(table, _number_of(table.rows(found))) for table in TABLES],
            reason_words=reason_words,
            reason_details=reason_details,
            warning_words=warning_words,
            file_words=file_words,
            column_words=column_words,
            code_words=code_words,
            annexes=[annex_name(language) for language in ANNEX_LANGUAGES],
            **_around(filters.country),
        )
    finally:
        found.close()
    return page, status


def _number_of(rows: Iterable[Any]) -> int:
    return len(rows) if isinstance(rows, Sized) else sum(1 for _row in rows)


@bp.post("/")
@allow("upr.export")
def create() -> Any:
    try:
        filters = _filters(request.form)
    except BadFilters as bad:
        return _refused(request.form, bad)
    form = CoverForm()
    if not form.validate():
        return _preview(filters, form, 400)
    user: User = current_user._get_current_object()
    try:
        with or_nothing(), build(user, filters, form.cover()) as built:
            content = zipped(built)
            record_pack(user, built, digest_of(content))
            # Before the first byte leaves: what leaves the house is on record even if the line breaks.
            db.session.commit()
            name = built.name
    except PackFailed:
        abort(503, _("The pack could not be made, and nothing was kept of it. Please tell the administration."))
    return sent(content, f"{name}.zip", "application/zip", content.close)


@bp.get("/recalls")
@allow("upr.export")
def recalls() -> Any:
    return render_template("upr/recalls.html", recalls=recalled(current_user), recall_words=recall_words, **_names())


@bp.get("/packs/<uuid:uid>")
@allow("upr.export")
def show(uid: uuid.UUID) -> Any:
    pack = pack_of(current_user, uid) or abort(404)
    return render_template(
        "upr/show.html",
        pack=pack,
        recalls=recalled(current_user, pack),
        recall_words=recall_words,
        again=arguments_of(pack.manifest or {}, pack.country),
        **_names(),
        reason_words=reason_words,
        warning_words=warning_words,
        file_words=file_words,
    )


def _names() -> dict[str, Any]:
    return {"country_words": country_words, "alpha2": alpha2}


def _filters(given: MultiDict[str, str]) -> Filters:
    return read_filters(given.to_dict(flat=False), country=_home(), language=i18n.language(), today=today())


def _form(given: MultiDict[str, str]) -> FiltersForm:
    return FiltersForm.asked(given, i18n.language(), today())


def _refused(given: MultiDict[str, str], bad: BadFilters) -> Any:
    form = _form(given)
    form.tell(bad)
    return render_template("upr/index.html", form=form, found=None, **_around(_home())), 400


def _around(country: str) -> dict[str, Any]:
    """What stands around the preview: periods to choose, and the packs that were made."""
    return {
        **_names(),
        "recall_count": recall_count(current_user),
        "presets": presets(country, today()),
        "month_words": lambda month: uncertain_date_words(UncertainDate.in_month(*month)),
        "packs": web.paged(packs_made(current_user), per_page=20),
    }


def _home() -> str:
    country: str = current_app.config["SETTINGS"].country
    return country
