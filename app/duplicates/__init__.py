"""Likely duplicates: one event told by two sources, found, decided by a person, brought together, and taken apart."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.duplicates import models, views
from app.duplicates.blueprint import bp
from app.duplicates.queue import Kept


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.extensions["duplicates"] = Kept()
    web.add_place(app, web.Place("duplicates.index", _l("Duplicates"), "layers", views.READ, order=62, group=1))
    web.add_panel(app, "incident", "duplicates", views.panel, order=70)


__all__ = ["models"]
