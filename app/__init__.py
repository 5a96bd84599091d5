"""Amparo: the table of contents. `create_app` puts the floor down, then lets each room in."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_bootstrap import Bootstrap5
from werkzeug.middleware.proxy_fix import ProxyFix

from app import commands, conflicts, i18n, icons, web
from app.db import database_file, db, engine_options
from app.keyring import open_keyring
from config import Settings

__version__ = "0.1.0"

ROOMS = (
    "vocabulary",
    "places",
    "accounts",
    "organisations",
    "cases",
    "alerts",
    "people",
    "evidence",
    "incidents",
    "protection",
    "proceedings",
    "contracts",
    "recommendations",
    "duplicates",
    "timeline",
    "deadlines",
    "analysis",
    "desk",
    "letters",
    "reports",
    "imports",
    "upr",
    "demonstration",
    "help",
)
"""From the ground up; each has an `init_app`. A new room is a new line here."""


def create_app(settings: Settings) -> Flask:
    """The application for one data directory. Raises config.SettingError in one clear sentence."""
    app = Flask(__name__)
    commands.prepare_directory(settings.instance)
    keyring = open_keyring(settings.instance, may_create=not database_file(settings.instance).exists())
    app.extensions["keyring"] = keyring
    app.config.update(
        SETTINGS=settings,
        KIND=commands.kind_of(settings.instance),
        SECRET_KEY=keyring.key_for("cookies"),
        SQLALCHEMY_ENGINES={"default": engine_options(settings, keyring)},
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_request_bytes,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_NAME="amparo",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        BOOTSTRAP_SERVE_LOCAL=True,
        # One-time links carry the name under which the page was called: it must not be a stranger's.
        TRUSTED_HOSTS=["localhost", "127.0.0.1", "[::1]", *settings.hosts],
        TESTING=settings.testing,
        PROPAGATE_EXCEPTIONS=settings.testing or None,
    )
    if settings.secure_cookies:
        # Behind one reverse proxy that ends TLS; without one these headers are anybody's to write.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    db.init_app(app)
    Bootstrap5(app)
    i18n.init_app(app)
    icons.init_app(app)
    web.init_app(app)
    conflicts.init_app(app)
    commands.init_app(app)
    for room in ROOMS:
        if (Path(__file__).parent / room).is_dir():
            import_module(f"app.{room}").init_app(app)
    web.check_every_route_states_its_permission(app)
    return app
