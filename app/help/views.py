"""The handbook: its pages in the reader's language."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template

from app import i18n
from app.access import PUBLIC, allow
from app.help.pages import NAMES, all_pages, help_page

bp = Blueprint("help", __name__, template_folder="templates", url_prefix="/help")


@bp.get("/")
@allow("self")
def index() -> Any:
    return _show("index")


@bp.get("/safety")
@allow(PUBLIC)
def safety() -> Any:
    """Also for those who cannot sign in: what to do before, during and after working on a shared computer."""
    return _show("safety")


@bp.get("/<name>")
@allow("self")
def page(name: str) -> Any:
    if name not in NAMES or name == "index":
        abort(404)
    return _show(name)


def _show(name: str) -> Any:
    language = i18n.language()
    return render_template("help/page.html", page=help_page(language, name), pages=all_pages(language))
