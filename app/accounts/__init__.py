"""Accounts: teams, people who work here, roles, signing in, the audit trail."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.accounts import administration, cli, forms, profile, session, trail, views
from app.web import Place, add_place

# Their routes belong to the blueprint of views.py.
PAGES = (administration, profile, trail)


def init_app(app: Flask) -> None:
    session.init_app(app)
    app.register_blueprint(views.bp)
    app.add_url_rule("/", "home", views.home)
    # A form that meets a closed session is answered from the floor, which knows no forms.
    app.jinja_env.globals["sign_in_form"] = lambda: forms.SignInForm(formdata=None)
    add_place(app, Place("accounts.index", _l("Accounts"), "person-gear", "accounts.manage", 0, on_tabs=True))
    add_place(app, Place("accounts.teams", _l("Teams"), "people", "accounts.manage", 5, on_tabs=True))
    add_place(app, Place("accounts.trail", _l("Audit trail"), "shield-check", "audit.read", 0, on_tabs=True))
    cli.init_app(app)
