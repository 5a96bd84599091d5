"""Reports: what is told of the records to others, from the same select that lists and pages stand on."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.reports import sdg_views
from app.reports.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    place = web.Place("reports.index", _l("Reports"), "clipboard-data", "records.read", order=65, group=1)
    web.add_place(app, place)


__all__ = ["sdg_views"]
