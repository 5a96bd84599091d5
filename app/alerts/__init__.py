"""Alerts: what cannot wait, shown to a team's coordinators on every page until one of them acknowledges it."""

from flask import Flask

from app.alerts import models, views
from app.alerts.views import banner, work_panel
from app.web import add_panel


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    add_panel(app, "banner", "alerts", banner)
    add_panel(app, "work_first", "alerts", work_panel, order=10)


__all__ = ["models", "views"]
