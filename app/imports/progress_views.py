"""How far an import of many rows is: a page that renews itself, says what is left, and can stop it."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app import web
from app.access import allow
from app.imports import running
from app.imports.intake import PERMISSION
from app.imports.kinds import KINDS
from app.imports.models import ImportBatch
from app.imports.queries import batch_of
from app.imports.views import DIGEST_IN_ADDRESS, bp
from app.imports.words import done_words

SECONDS = 5
"""After so many the page asks again, unless it is asked to keep still."""


@bp.get("/<token>/progress")
@allow(PERMISSION)
def progress(token: str) -> Any:
    state = running.state_of(token, current_user.id)
    # The database is asked, not the file: what it has was taken in, whatever became of the server.
    batch = batch_of(current_user, running.uid_of(token))
    if batch is not None:
        return _taken_in(token, batch, state)
    if state is None:
        abort(404, _("Nothing was imported here: the server was started again meanwhile, or more than an hour has "
                     "passed. Choose the file again."))  # fmt: skip
    if state.phase == running.STOPPED:
        running.forget(token)
        web.say(state.words, "warn")
        return web.back_to(".show", token=token)
    is_still = "still" in request.args
    stopping = running.is_asked_to_stop(token)
    page = make_response(
        render_template("imports/progress.html", token=token, state=state, stopping=stopping, still=is_still)
    )
    if not is_still:
        page.headers["Refresh"] = str(SECONDS)
    return page


def _taken_in(token: str, batch: ImportBatch, state: running.State | None) -> Any:
    running.forget(token)
    kind = KINDS[batch.kind or ""]
    web.say(done_words(kind, batch))
    if state is not None and state.rest:
        return web.back_to(".show", token=state.rest)
    return web.back_to(".index", brought=batch.sha256[:DIGEST_IN_ADDRESS], kind=kind.name)


@bp.post("/<token>/progress")
@allow(PERMISSION)
def stop(token: str) -> Any:
    if running.state_of(token, current_user.id) is None:
        abort(404)
    running.ask_to_stop(token)
    return web.back_to(".progress", token=token)
