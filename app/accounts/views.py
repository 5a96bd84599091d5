"""Signing in and out, the first administrator, one-time links."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from app import access, i18n, web
from app.access import PUBLIC, allow
from app.accounts import operations, queries, throttle
from app.accounts.forms import PasswordForm, SetUpForm, SignInForm
from app.accounts.models import User
from app.accounts.operations import AccountProblem
from app.accounts.session import sign_in as begin
from app.accounts.session import sign_out as end
from app.db import db, transactions
from app.i18n import LANGUAGES

bp = Blueprint("accounts", __name__, template_folder="templates")


@bp.route("/sign-in", methods=["GET", "POST"])
@allow(PUBLIC)
def sign_in() -> Any:
    if operations.first_administrator_is_missing():
        return redirect(url_for(".set_up"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(_target() or url_for("home"))
    form = SignInForm()
    if (asked := request.form.get("language")) in LANGUAGES:
        # The kept text travels in this page, so that the language changes here and not by another address.
        session["language"] = asked
        refresh()
        return _sign_in_page(SignInForm())
    if not form.validate_on_submit():
        return _sign_in_page(form, status=400 if form.errors else 200)
    wait, user = _try_password(form.email.data or "", form.password.data or "")
    if user is not None:
        return _after_sign_in(user)
    return _sign_in_page(form, status=429 if wait else 401, wait=wait)


def _sign_in_page(form: SignInForm, *, status: int = 200, wait: int = 0) -> Any:
    kept = request.form.get("kept")
    answer = current_app.make_response(
        render_template(
            "accounts/sign_in_again.html" if kept else "accounts/sign_in.html",
            form=form,
            kept=kept,
            next=request.args.get("next") or request.form.get("next"),
            refused=status == 401,
            wait=wait,
            demonstration=_demonstration(),
        )
    )
    answer.status_code = status
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _demonstration() -> list[User]:
    if current_app.config["KIND"] != "demo":
        return []
    return list(db.session.scalars(queries.demonstration_accounts()))


def _try_password(email: str, password: str) -> tuple[int, User | None]:
    """The seconds to wait, or the user whose password it was and who is now signed in, or neither."""
    address = request.remote_addr or ""
    wait = throttle.seconds_to_wait(email, address)
    if wait:
        return wait, None
    throttle.note_try(email, address)
    db.session.commit()
    with transactions(writing=False):
        user_id = operations.password_fits(email, password)
    user = db.session.get(User, user_id) if user_id else None
    if user is None or not user.active:
        return 0, None
    throttle.forget_try(email, address)
    begin(user)
    db.session.commit()
    return 0, user


def _after_sign_in(user: User) -> Any:
    if kept := request.form.get("kept"):
        refresh()
        if form := web.unsealed(kept, user.id):
            return render_template("accounts/resume.html", kept=form)
        web.say(_("The text that waited behind the sign-in belongs to another account, or is too old."), "warn")
    return redirect(_target() or url_for("home"), 303)


def _target() -> str | None:
    return web.page_path(request.args.get("next") or request.form.get("next"))


@bp.post("/sign-out")
@allow("self")
def sign_out() -> Any:
    end()
    db.session.commit()
    return web.back_to(".sign_in")


@bp.post("/language")
@allow(PUBLIC)
def language() -> Any:
    chosen = request.form.get("language")
    if chosen not in LANGUAGES:
        abort(400)
    session["language"] = chosen
    if current_user.is_authenticated:
        current_user.language = chosen
        db.session.commit()
    return redirect(_target() or url_for("home"), 303)


@bp.route("/set-up", methods=["GET", "POST"])
@allow(PUBLIC)
def set_up() -> Any:
    """The first visit: makes the first administrator, once, for whoever reads the terminal."""
    if not operations.first_administrator_is_missing():
        return web.back_to(".sign_in")
    form = SetUpForm()
    if form.validate_on_submit():
        if not _is_set_up_code(form.code.data or ""):
            form.code.errors = [_("This is not the code that is shown in the terminal.")]
        elif password_hash := _hashed(form, form.email.data or "", form.name.data or ""):
            return _make_first_administrator(form, password_hash)
    return render_template("accounts/set_up.html", form=form), 400 if form.errors else 200


def _is_set_up_code(given: str) -> bool:
    expected = current_app.extensions.get("set_up_code", "")
    return bool(expected) and hmac.compare_digest(given.strip().upper().encode(), expected.encode())


def _make_first_administrator(form: SetUpForm, password_hash: str) -> Any:
    if not operations.first_administrator_is_missing():
        return web.back_to(".sign_in")
    user = operations.create_user(
        form.email.data or "",
        form.name.data or "",
        password_hash=password_hash,
        language=i18n.language(),
        installation_role=access.ADMINISTRATOR,
    )
    begin(user)
    db.session.commit()
    current_app.extensions.pop("set_up_code", None)
    return redirect(url_for("home"), 303)


@bp.route("/link/<token>", methods=["GET", "POST"])
@allow(PUBLIC)
def link(token: str) -> Any:
    """A one-time link: choose a password."""
    found = operations.link_of(token)
    if found is None:
        abort(404, _("This link has been used or is too old. Ask the administration for a new one."))
    if not current_user.is_authenticated and "language" not in session:
        g.language = found.user.language
        refresh()
    form = PasswordForm()
    name, email = found.user.name, found.user.email
    if form.validate_on_submit() and (password_hash := _hashed(form, email, name)):
        # Looked up once more: hashing took a while, and the link opens once.
        found = operations.link_of(token)
        if found is None:
            abort(404, _("This link has been used or is too old. Ask the administration for a new one."))
        operations.use_link(found, password_hash)
        begin(found.user)
        db.session.commit()
        return redirect(url_for("home"), 303)
    return render_template("accounts/link.html", form=form, name=name, email=email), 400 if form.errors else 200


def _hashed(form: PasswordForm, *about: str) -> str | None:
    """The hash of the password in a form, or None with the reason beside its field."""
    # Nobody else may wait for the write lock while Argon2 works.
    db.session.rollback()
    try:
        return operations.hash_password(form.password.data or "", *about)
    except AccountProblem as problem:
        form.password.errors = [str(problem)]
        return None


@allow("self")
def home() -> Any:
    """The first page after signing in: what waits for this role."""
    for place in web.house().places:
        if place.order == 0 and access.may(current_user, place.permission):
            return redirect(place.url)
    return redirect(url_for("help.index"))
