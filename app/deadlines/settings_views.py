"""Calendar feed and reminders: one's own choice, both off until it is made."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from app import web
from app.access import PUBLIC, allow
from app.db import db
from app.deadlines import feed, queries
from app.deadlines.blueprint import bp


@bp.get("/deadlines/reminders")
@allow("records.read")
def reminders() -> Any:
    return _page()


def _page(address: str | None = None) -> str:
    return render_template(
        "deadlines/reminders.html",
        chosen=queries.settings_of(current_user),
        can_mail=current_app.config["SETTINGS"].can_mail,
        address=address,
    )


@bp.post("/deadlines/reminders")
@allow("records.read")
def save_reminders() -> Any:
    feed.wanted_settings(current_user).by_email = request.form.get("by_email") == "yes"
    db.session.commit()
    web.say(_("Saved."))
    return web.back_to(".reminders")


@bp.post("/deadlines/feed")
@allow("records.read")
def make_feed() -> Any:
    """The answer itself shows the address: it stands in no cookie or log, and a reload does not bring it back."""
    token = feed.make_feed(current_user, request.form.get("whose", ""))
    db.session.commit()
    return _page(url_for(".calendar", token=token, _external=True))


@bp.post("/deadlines/feed/end")
@allow("records.read")
def end_feed() -> Any:
    feed.end_feed(current_user)
    db.session.commit()
    web.say(_("The feed has ended: its address opens nothing any more."))
    return web.back_to(".reminders")


@bp.get("/calendar/<token>.ics")
@allow(PUBLIC)
def calendar(token: str) -> Any:
    """Whoever holds the address reads it: calendar programmes cannot sign in."""
    found = feed.feed_of(token)
    if found is None:
        abort(404)
    g.language = found.user.language
    refresh()
    return Response(feed.calendar_of(found), content_type="text/calendar; charset=utf-8")
