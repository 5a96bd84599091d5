"""Who is signed in: Flask-Login is touched here and nowhere else. Sign-ins live on the server and end there."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from app import web
from app.accounts.models import SignIn, User
from app.accounts.operations import begin_sign_in, digest_of, end_sign_in
from app.db import db, now

TOUCH_AFTER = timedelta(minutes=2)

manager = LoginManager()
# A changed address does not end a sign-in: caseworkers move between networks. The server's own record does.
manager.session_protection = None


@manager.user_loader
def load_user(token: str) -> User | None:
    """The user of a sign-in that is neither too old nor idle for too long."""
    settings = current_app.config["SETTINGS"]
    found = db.session.scalar(
        select(SignIn).where(SignIn.token_digest == digest_of(token)).options(joinedload(SignIn.user))
    )
    if found is None or not found.user.active:
        return None
    if found.seen_at < now() - timedelta(minutes=settings.session_idle_minutes):
        return None
    if found.began_at < now() - timedelta(hours=settings.session_hours):
        return None
    if found.seen_at < now() - TOUCH_AFTER:
        _touch(found.id)
    found.user.token = token
    return found.user


def _touch(sign_in_id: int) -> None:
    touch = update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now())
    if request.method not in web.SAFE_METHODS:
        db.session.execute(touch)
        return
    # The page's transaction only reads; this is a short one beside it.
    with db.engine.begin() as connection:
        connection.execute(touch)


def sign_in(user: User) -> None:
    # A form left open in another tab goes on working for the same person, and for nobody else.
    _forget_all_but("csrf_token" if session.get("was") == user.id else None)
    session["language"] = user.language
    user.token = begin_sign_in(user)
    login_user(user)
    web.remember_who_was_here(user.id)


def sign_out() -> None:
    end_sign_in(current_user.token if current_user.is_authenticated else None)
    logout_user()
    _forget_all_but("csrf_token", "was", "language")


def _forget_all_but(*keys: str | None) -> None:
    kept = {key: session[key] for key in keys if key and key in session}
    session.clear()
    session.update(kept)
    # Flask-WTF holds the token of this request apart; a page drawn from now on needs the new one.
    g.pop("csrf_token", None)


def init_app(app: Flask) -> None:
    manager.init_app(app)
