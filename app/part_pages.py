"""The ways of records through their pages that are the same in every room: a part is written down once, and mended;
a record is withdrawn with a reason, and restored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, full_or_404
from app.db import db
from app.doubts import Doubt, Unconfirmed


def form_page(template: str, form: Any, *, doubts: list[Doubt] | None = None, **shown: Any) -> Any:
    """The page of a form that makes or mends something once: with a token of its own, and as a refusal (400) where it
    holds errors or doubts."""
    if not form.form_token.data:
        form.form_token.data = web.new_form_token()
    page = render_template(template, form=form, doubts=doubts or [], **shown)
    return page, 400 if form.errors or doubts else 200


ShowPage = Callable[[list[Doubt] | None], Any]
"""The form again, with what speaks against the entry."""


def write_part(form: Any, address: str, show: ShowPage, write: Callable[[], str | None]) -> Any:
    """Something new, once however often the form is sent; leads to *address*.

    *write* gives the sentence for the next page, or None where the form now holds an error.
    """
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    doubts = None
    if form.validate_on_submit():
        try:
            sentence = write()
        except Unconfirmed as problem:
            doubts = problem.doubts
        else:
            if sentence is not None:
                done = web.commit_once(address, form.form_token.data)
                web.say(sentence)
                return redirect(done, 303)
    return show(doubts)


def mend_part(
    form: Any, stored: Any, part: Any, *, title: str, address: str, show: ShowPage, write: Callable[[], None]
) -> Any:
    """What is on record; of two who change it, the second sees both. *stored* is the form as the record fills it."""
    doubts = None
    if form.validate_on_submit():
        if conflicts.is_stale(form, part):
            return conflicts.page(form, stored, part, title=title, action=request.path, cancel_url=address)
        try:
            write()
        except Unconfirmed as problem:
            doubts = problem.doubts
        else:
            db.session.commit()
            web.say(_("The changes are saved."))
            return redirect(address, 303)
    return show(doubts)


Withdraw = Callable[[Any, Any, str], None]
Restore = Callable[[Any, Any], None]


def add_withdrawal(bp: Blueprint, model: Any, withdraw: Withdraw, restore: Restore) -> None:
    """The routes `withdraw` and `restore` of a kind of record, for who reads one in full and writes in its team.

    The operations take the user, the record and, to withdraw it, the reason; ReasonMissing becomes an answer in `web`.
    """

    def withdraw_record(reference: str) -> Any:
        row = full_or_404(model, current_user, reference)
        withdraw(current_user, row, request.form.get("reason", ""))
        db.session.commit()
        web.say(_("The record is withdrawn. It keeps its history and can be restored."))
        return web.back_to(".show", reference=reference)

    def restore_record(reference: str) -> Any:
        row = full_or_404(model, current_user, reference)
        restore(current_user, row)
        db.session.commit()
        web.say(_("The record is restored."))
        return web.back_to(".show", reference=reference)

    for name, view in (("withdraw", withdraw_record), ("restore", restore_record)):
        bp.post(f"/<reference>/{name}", endpoint=name)(allow("records.write")(view))
