"""Analysis: contracts and incidents seen from companies, projects, police units and home countries; map and charts."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.analysis import panels, views
from app.analysis.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    web.add_place(app, web.Place("analysis.index", _l("Analysis"), "bar-chart", "records.read", order=35))
    web.add_panel(app, "organisation", "analysis", panels.of_organisation, order=5)
    web.add_panel(app, "project", "analysis", panels.of_project, order=5)


__all__ = ["views"]
