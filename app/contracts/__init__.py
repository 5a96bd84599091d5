"""Police–company contracts: the register, what was in force when, and how it bears on incidents."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.contracts import links, models, panels, part_views, views
from app.contracts.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    web.add_place(app, web.Place("contracts.index", _l("Contracts"), "file-earmark-text", "records.read", order=28))
    web.add_panel(app, "organisation", "contracts", panels.contracts_of_organisation, order=15)
    web.add_panel(app, "project", "contracts", panels.contracts_of_project, order=15)
    web.add_panel(app, "proceeding", "contracts", panels.contracts_of_proceeding, order=20)


__all__ = ["links", "models", "part_views", "views"]
