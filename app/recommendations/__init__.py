"""Recommendations of the Universal Periodic Review, at work: what was promised, how it stands, and what bears on it."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.recommendations import cli, coming_views, evidence_views, import_views, models, panels, views
from app.recommendations.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    place = web.Place("recommendations.index", _l("UPR recommendations"), "list-check", "records.read", 68, group=1)
    web.add_place(app, place)
    for page in ("incident", "proceeding", "contract"):
        web.add_panel(app, page, "recommendations", panels.evidence_for, order=70)
    cli.init_app(app)


__all__ = ["coming_views", "evidence_views", "import_views", "models", "views"]
