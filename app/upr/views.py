"""The UPR page: preview first, then the pack as a download; and the packs that were made."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app import i18n, web
from app.access import allow
from app.accounts.models import User
from app.dates import UncertainDate, today
from app.db import alpha2, db
from app.i18n import uncertain_date_words
from app.places.countries import country_words
from app.upr.filters import BadFilters, Filters, read_filters
from app.upr.forms import FiltersForm, arguments
from app.upr.operations import record_pack
from app.upr.pack import PackFailed, build, or_nothing, zipped
from app.upr.period import presets
from app.upr.queries import pack_of, packs_made
from app.upr.readme import reason_words
from app.upr.survey import look
from app.upr.tables import TABLES
from app.upr.words import file_words, reason_details, warning_words

bp = Blueprint("upr", __name__, url_prefix="/upr", template_folder="templates")

ON_PAGE = 50
"""Of a long list of records the preview names so many."""


@bp.get("/")
@allow("upr.export")
def index() -> Any:
    try:
        filters = _filters(request.args)
    except BadFilters as bad:
        return _refused(request.args, bad)
    found = look(current_user, filters)
    return render_template(
        "upr/index.html",
        form=_form(request.args),
        filters=filters,
        arguments=arguments(filters),
        found=found,
        tables=[(table, len(list(table.rows(found)))) for table in TABLES],
        on_page=ON_PAGE,
        reason_words=reason_words,
        reason_details=reason_details,
        warning_words=warning_words,
        file_words=file_words,
        **_around(filters.country),
    )


@bp.post("/")
@allow("upr.export")
def create() -> Any:
    try:
        filters = _filters(request.form)
    except BadFilters as bad:
        return _refused(request.form, bad)
    user: User = current_user._get_current_object()
    try:
        with or_nothing():
            built = build(user, filters)
            content = zipped(built)
            record_pack(user, built, hashlib.sha256(content).hexdigest())
            # Before the first byte leaves: what leaves the house is on record even if the line breaks.
            db.session.commit()
    except PackFailed:
        abort(503, _("The pack could not be made, and nothing was kept of it. Please tell the administration."))
    headers = {"Content-Disposition": f'attachment; filename="{built.name}.zip"'}
    return Response(content, mimetype="application/zip", headers=headers)


@bp.get("/packs/<uuid:uid>")
@allow("upr.export")
def show(uid: uuid.UUID) -> Any:
    pack = pack_of(current_user, uid) or abort(404)
    return render_template(
        "upr/show.html",
        pack=pack,
        country_words=country_words,
        alpha2=alpha2,
        reason_words=reason_words,
        warning_words=warning_words,
        file_words=file_words,
    )


def _filters(given: Mapping[str, str]) -> Filters:
    return read_filters(given, country=_home(), language=i18n.language(), today=today())


def _form(given: Mapping[str, str]) -> FiltersForm:
    return FiltersForm.asked(given, i18n.language(), today())


def _refused(given: Mapping[str, str], bad: BadFilters) -> Any:
    form = _form(given)
    form.tell(bad)
    return render_template("upr/index.html", form=form, found=None, **_around(_home())), 400


def _around(country: str) -> dict[str, Any]:
    """What stands around the preview: periods to choose, and the packs that were made."""
    return {
        "country_words": country_words,
        "alpha2": alpha2,
        "presets": presets(country, today()),
        "month_words": lambda month: uncertain_date_words(UncertainDate.in_month(*month)),
        "packs": web.paged(packs_made(current_user), per_page=20),
    }


def _home() -> str:
    country: str = current_app.config["SETTINGS"].country
    return country
