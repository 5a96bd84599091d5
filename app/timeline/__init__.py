"""The timeline: a case in order, from what all rooms know."""

from flask import Flask

from app import web
from app.timeline import contracts, court, panels, protection, providers, summary_views, views
from app.timeline.moments import add_provider, add_stretches


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    add_provider("incidents", providers.incident_moments)
    add_provider("entries", providers.entry_moments)
    add_provider("proceedings", court.proceeding_moments)
    add_stretches("proceedings", court.proceeding_stretches)
    add_provider("protection", protection.protection_moments)
    add_stretches("protection", protection.protection_stretches)
    add_provider("contracts", contracts.contract_moments)
    add_stretches("contracts", contracts.contract_stretches)
    web.add_panel(app, "case", "timeline", views.timeline_panel, order=10)
    web.add_panel(app, "case next", "incidents", views.next_panel, order=10)
    web.add_panel(app, "case acts", "summary", views.acts_panel, order=10)
    web.add_panel(app, "case tags", "places", views.places_tag, order=10)
    web.add_panel(app, "add to case", "incident", views.add_panel, order=10)
    web.add_panel(app, "case", "incidents", panels.incidents_in_case, order=15)
    web.add_panel(app, "person", "incidents", panels.incidents_of_person, order=10)
    web.add_panel(app, "organisation", "incidents", panels.incidents_of_organisation, order=10)
    web.add_panel(app, "project", "incidents", panels.incidents_of_project, order=10)


__all__ = ["summary_views"]
