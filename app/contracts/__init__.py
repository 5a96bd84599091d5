"""Police–company contracts: the register, what was in force when, and how it bears on incidents."""

from flask import Flask

from app import web
from app.contracts import link_history, link_views, links, models
from app.contracts.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    web.add_panel(app, "incident", "contracts", link_views.panel_of_incident, order=10)
    web.add_panel(app, "contract", "incidents", link_views.panel_of_contract, order=10)
    web.add_panel(app, "work", "contract links", link_views.panel_of_work, order=60)
    web.add_panel(app, "review", "contract links", link_views.panel_of_work, order=10)


__all__ = ["link_history", "links", "models"]
