"""Organisations: companies, units, courts, communities and projects, with their aliases."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.organisations import models, operations, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    web.add_place(app, web.Place("organisations.index", _l("Organisations"), "building", "records.read", order=40))
    app.extensions["packs"].append(operations.load_organisations)


__all__ = ["models"]
