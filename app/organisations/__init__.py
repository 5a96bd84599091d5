"""Organisations: companies, units, courts, communities and projects, with their aliases, owners and homes."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.organisations import merge_views, models, operations, views
from app.organisations.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    web.add_place(app, web.Place("organisations.index", _l("Organisations"), "building", "records.read", order=40))
    app.extensions["packs"].append(operations.load_organisations)


__all__ = ["merge_views", "models", "views"]
