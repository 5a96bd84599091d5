"""Signing in and out, the first administrator, one-time links, one's own language and look."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from app import access, web
from app.access import PUBLIC, allow
from app.accounts import operations
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
    form = SignInForm()
    kept = request.form.get("kept")
    problem, status = None, 200
    if form.validate_on_submit():
        problem, status = _try_password(form.email.data or "", form.password.data or "")
        if problem is None:
            return _after_sign_in(kept)
    return render_template("accounts/sign_in.html", form=form, problem=problem, kept=kept), status


def _try_password(email: str, password: str) -> tuple[str | None, int]:
    """A sentence and a status, or None when the user is now signed in."""
    address = request.remote_addr or ""
    db.session.rollback()
    with transactions(writing=False):
        wait = operations.seconds_to_wait(email, address)
        if wait:
            return _("Too many tries. Wait %(seconds)s seconds and try again.", seconds=wait), 429
        user_id = operations.password_fits(email, password)
    user = db.session.get(User, user_id) if user_id else None
    if user is None:
        operations.note_failure(email, address)
        db.session.commit()
        return _("E-mail or password is not right."), 401
    operations.forget_failures(email, address)
    begin(user)
    db.session.commit()
    return None, 200


def _after_sign_in(kept: str | None) -> Any:
    if kept and (unsealed := web.unsealed(kept, current_user.id)):
        path, fields = unsealed
        refresh()
        return render_template("accounts/resume.html", path=path, fields=fields)
    target = web.local_path(request.args.get("next") or request.form.get("next"))
    return redirect(target or url_for("home"), 303)


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
    if current_user.is_authenticated:
        current_user.language = chosen
        db.session.commit()
    else:
        session["language"] = chosen
    return redirect(web.local_path(request.form.get("next")) or url_for("home"), 303)


@bp.post("/theme")
@allow("self")
def theme() -> Any:
    chosen = request.form.get("theme")
    if chosen not in ("auto", "light", "dark"):
        abort(400)
    current_user.theme = chosen
    db.session.commit()
    return redirect(web.local_path(request.form.get("next")) or url_for("home"), 303)


@bp.route("/set-up", methods=["GET", "POST"])
@allow(PUBLIC)
def set_up() -> Any:
    """The first visit: makes the first administrator, once, for whoever reads the terminal."""
    if not operations.first_administrator_is_missing():
        return web.back_to(".sign_in")
    form = SetUpForm()
    if form.validate_on_submit():
        expected = current_app.extensions.get("set_up_code", "")
        given = (form.code.data or "").strip().upper()
        if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
            form.code.errors = [_("This is not the code that stands in the terminal.")]
        else:
            try:
                user = operations.create_user(
                    form.email.data or "",
                    form.name.data or "",
                    password=form.password.data,
                    language=str(session.get("language") or current_app.config["SETTINGS"].language),
                    installation_role=access.ADMINISTRATOR,
                )
            except AccountProblem as problem:
                form.password.errors = [str(problem)]
            else:
                begin(user)
                db.session.commit()
                return redirect(url_for("home"), 303)
    return render_template("accounts/set_up.html", form=form), 400 if form.errors else 200


@bp.route("/link/<token>", methods=["GET", "POST"])
@allow(PUBLIC)
def link(token: str) -> Any:
    """A one-time link: choose a password."""
    found = operations.link_of(token)
    if found is None:
        abort(404, _("This link has been used or is too old. Ask the administration for a new one."))
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            operations.use_link(found, form.password.data or "")
        except AccountProblem as problem:
            form.password.errors = [str(problem)]
        else:
            begin(found.user)
            db.session.commit()
            return redirect(url_for("home"), 303)
    return render_template("accounts/link.html", form=form, user=found.user), 400 if form.errors else 200


@allow("self")
def home() -> Any:
    """The first page after signing in: what waits for this role."""
    for place in web.house().places:
        if place.order == 0 and access.may(current_user, place.permission):
            return redirect(place.url)
    return redirect(url_for("help.index"))
