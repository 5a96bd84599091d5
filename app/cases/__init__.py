"""Cases: the stories, their members and their timeline entries."""

from flask import Flask, render_template
from flask_babel import lazy_gettext as _l

from app import web
from app.cases import entry_views, models, views
from app.cases.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    place = web.Place("cases.index", _l("Cases"), "folder2-open", "records.read", order=20, on_tabs=True)
    web.add_place(app, place)
    web.add_panel(app, "add to case", "entry", lambda case: render_template("cases/add_entry.html", case=case), 20)


__all__ = ["entry_views", "models", "views"]
