"""The two ways of a part of a record through its form: written down once, and mended; doubts ask for a reason first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, request
from flask_babel import gettext as _

from app import conflicts, web
from app.db import db
from app.doubts import Doubt, Unconfirmed

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
