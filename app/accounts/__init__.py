"""Accounts: teams, people who work here, roles, signing in."""

from flask import Flask

from app.accounts import cli, session, views


def init_app(app: Flask) -> None:
    session.init_app(app)
    app.register_blueprint(views.bp)
    app.add_url_rule("/", "home", views.home)
    cli.init_app(app)
