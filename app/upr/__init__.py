"""The UPR pack: what leaves for Geneva, and what stays."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.upr import cli, models, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    web.add_place(app, web.Place("upr.index", _l("UPR export"), "globe2", "upr.export", 70, group=1))
    cli.init_app(app)


__all__ = ["models"]
