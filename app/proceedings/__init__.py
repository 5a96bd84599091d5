"""Proceedings: accusations against defenders, and cases that call those responsible to account."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.agenda import add_source
from app.proceedings import closed_days, deadline_views, followers, models, panels, part_views, views
from app.proceedings.agenda import KINDS, due_in_proceedings
from app.proceedings.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    web.add_place(app, web.Place("proceedings.index", _l("Proceedings"), "bank", "records.read", order=25))
    add_source(app, due_in_proceedings, KINDS)
    app.register_blueprint(closed_days.bp)
    days = web.Place("closed_days.index", _l("Days without court"), "calendar-x", "codes.manage", order=20)
    web.add_place(app, days)
    web.add_panel(app, "case", "proceedings", panels.proceedings_in_case, order=17)
    web.add_panel(app, "add to case", "proceeding", panels.add_to_case, order=15)
    web.add_panel(app, "incident", "proceedings", panels.proceedings_from_incident, order=20)
    web.add_panel(app, "organisation", "proceedings", panels.proceedings_of_organisation, order=20)
    web.add_panel(app, "person", "proceedings", panels.proceedings_of_person, order=20)


__all__ = ["deadline_views", "followers", "models", "part_views", "views"]
