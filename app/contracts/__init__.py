"""Police–company contracts: the register, what was in force when, and how it bears on incidents."""

from flask import Flask

from app import web
from app.agenda import add_source
from app.contracts import links, models, request_agenda, request_followers, request_panels, request_views
from app.contracts.blueprint import bp, requests_bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(requests_bp)
    add_source(app, request_agenda.requests_due, request_agenda.KINDS)
    web.add_panel(app, "contract", "requests", request_panels.requests_of_contract, order=60)
    web.add_panel(app, "proceeding", "requests", request_panels.requests_of_proceeding, order=60)
    web.add_panel(app, "organisation", "requests", request_panels.requests_of_organisation, order=60)


__all__ = ["links", "models", "request_followers", "request_views"]
