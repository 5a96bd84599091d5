"""Protection: assessments of risk, measures, advocacy, and what authorities have promised."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.agenda import add_source
from app.protection import followers, models, panels, part_views, views
from app.protection.agenda import KINDS, steps_due
from app.protection.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    web.add_place(app, web.Place("protection.index", _l("Protection"), "shield", "records.read", order=27))
    add_source(app, steps_due, KINDS)
    web.add_panel(app, "case", "protection", panels.protection_in_case, order=16)
    web.add_panel(app, "add to case", "protection", panels.add_to_case, order=20)
    web.add_panel(app, "incident", "protection", panels.protection_after_incident, order=20)
    web.add_panel(app, "person", "protection", panels.protection_of_person, order=15)


__all__ = ["followers", "models", "part_views", "views"]
