"""Police–company contracts: the register, what was in force when, and how it bears on incidents."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.agenda import add_source
from app.contracts import (
    documents,
    link_history,
    link_views,
    links,
    models,
    panels,
    part_views,
    request_agenda,
    request_followers,
    request_panels,
    request_views,
    views,
)
from app.contracts.blueprint import bp, requests_bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(requests_bp)
    web.add_place(app, web.Place("contracts.index", _l("Contracts"), "file-earmark-text", "records.read", order=28))
    add_source(app, request_agenda.requests_due, request_agenda.KINDS)
    web.add_panel(app, "organisation", "contracts", panels.contracts_of_organisation, order=15)
    web.add_panel(app, "project", "contracts", panels.contracts_of_project, order=15)
    web.add_panel(app, "proceeding", "contracts", panels.contracts_of_proceeding, order=20)
    web.add_panel(app, "incident", "contracts", link_views.panel_of_incident, order=10)
    web.add_panel(app, "contract", "incidents", link_views.panel_of_contract, order=10)
    web.add_panel(app, "work", "contract links", link_views.panel_of_work, order=60)
    web.add_panel(app, "review", "contract links", link_views.panel_of_work, order=10)
    web.add_panel(app, "contract", "requests", request_panels.requests_of_contract, order=60)
    web.add_panel(app, "proceeding", "requests", request_panels.requests_of_proceeding, order=60)
    web.add_panel(app, "organisation", "requests", request_panels.requests_of_organisation, order=60)


__all__ = ["documents", "link_history", "links", "models", "part_views", "request_followers", "request_views", "views"]
