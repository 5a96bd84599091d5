"""Pages of what left the house: who took which list, and which of them a file is."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app import web
from app.access import allow
from app.downloads import FILTERS, FORMATS
from app.people import exports
from app.people.models import Export
from app.vocabulary.queries import label

bp = Blueprint("exports", __name__, url_prefix="/exports", template_folder="templates")

_DIGEST = re.compile(r"[0-9a-f]{64}")


@bp.get("/")
@allow("records.export")
def index() -> Any:
    typed = request.args.get("sha256", "").strip()[:200]
    digest = "".join(typed.lower().split())
    found = exports.exports_taken(current_user)
    is_digest = _DIGEST.fullmatch(digest) is not None
    page = web.paged(exports.with_digest(found, digest) if is_digest else found)
    return render_template(
        "exports/index.html",
        page=page,
        typed=typed,
        is_digest=is_digest,
        digest=digest,
        kind_words=exports.kind_words,
        form_words=form_words,
        filter_words=filter_words,
        persons=exports.persons_counted(page.rows),
        taken_back=exports.taken_back_since(current_user, page.rows),
    )


def form_words(export: Export) -> str:
    if export.form not in FORMATS:
        return (export.form or "").upper()
    words = str(FORMATS[export.form].words)
    return _("%(format)s, in a locked archive", format=words) if export.sha256_inside else words


def filter_words(export: Export) -> list[tuple[str, str]]:
    """What a filter is called, and what was chosen; codes in words."""
    named = FILTERS.get(export.kind, {})
    found = []
    for name, value in (export.filters or {}).items():
        words, values = named.get(name, (name, None))
        found.append((str(words), _value_words(str(value), values)))
    return found


def _value_words(value: str, values: Any) -> str:
    if value == "(text)":
        return _("words that are not kept")
    if value == "yes":
        return _("yes")
    found = label(values, value) if isinstance(values, str) else str((values or {}).get(value, ""))
    return found or value
