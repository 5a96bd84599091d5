"""One's own account: language, look, password, open sign-ins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app, render_template, request, session
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from app import web
from app.access import allow
from app.accounts import operations, queries, throttle
from app.accounts.forms import ChangePasswordForm, SettingsForm
from app.accounts.views import _hashed, bp
from app.db import db, now, transactions


@bp.get("/profile")
@allow("self")
def profile() -> Any:
    return _page(SettingsForm(obj=current_user), ChangePasswordForm(formdata=None))


def _page(settings: SettingsForm, passwords: ChangePasswordForm, status: int = 200) -> Any:
    idle = timedelta(minutes=current_app.config["SETTINGS"].session_idle_minutes)
    return render_template(
        "accounts/profile.html",
        settings=settings,
        passwords=passwords,
        sign_ins=db.session.scalars(queries.sign_ins_of(current_user, now() - idle)).all(),
        own=operations.digest_of(current_user.token),
    ), status


@bp.post("/profile")
@allow("self")
def save_settings() -> Any:
    form = SettingsForm()
    if not form.validate_on_submit():
        return _page(form, ChangePasswordForm(formdata=None), 400)
    form.populate_obj(current_user)
    session["language"] = current_user.language
    db.session.commit()
    refresh()
    web.say(_("Saved."))
    return web.back_to(".profile")


@bp.post("/profile/password")
@allow("self")
def change_password() -> Any:
    form = ChangePasswordForm()
    user_id, email, name, token = current_user.id, current_user.email, current_user.name, current_user.token
    if not form.validate_on_submit():
        return _page(SettingsForm(formdata=None, obj=current_user), form, 400)
    if wait := _seconds_or_wrong(form, email, user_id):
        form.old_password.errors = [_("Too many tries. Wait %(seconds)s seconds and try again.", seconds=wait)]
    if not form.errors and (password_hash := _hashed(form, email, name)):
        operations.change_password(current_user, password_hash, but_for=token)
        db.session.commit()
        web.say(_("The password is changed. Other open sign-ins have ended."))
        return web.back_to(".profile")
    return _page(SettingsForm(formdata=None, obj=current_user), form, 400)


def _seconds_or_wrong(form: ChangePasswordForm, email: str, user_id: int) -> int:
    """Whoever finds a screen unlocked may not guess here faster than at the door."""
    address = request.remote_addr or ""
    if wait := throttle.seconds_to_wait(email, address):
        return wait
    throttle.note_try(email, address)
    db.session.commit()
    with transactions(writing=False):
        fits = operations.password_fits(email, form.old_password.data or "") == user_id
    if fits:
        throttle.forget_try(email, address)
        db.session.commit()
    else:
        form.old_password.errors = [_("This is not your current password.")]
    return 0


@bp.post("/profile/end-others")
@allow("self")
def end_others() -> Any:
    operations.end_all_sign_ins(current_user, but_for=current_user.token)
    db.session.commit()
    web.say(_("The other sign-ins have ended."))
    return web.back_to(".profile")
