"""An import of many rows, outside the request that asked for it: how far it is, and a way to stop it.

One thread writes all rows in one transaction. How far it is stands sealed in a file beside what was uploaded, so that
every process of the server can say it. Whether it came to its end is asked of the database alone: the import bears a
number that follows from the token of its address.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cryptography.fernet import InvalidToken
from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import User
from app.audit import acting
from app.db import begin_again, db, refresh_statistics
from app.imports import uploads
from app.imports.field_media import MediaProblem, received_media
from app.imports.intake import FileProblem, TargetProblem, find_target
from app.imports.operations import take_in
from app.imports.planning import Plan
from app.imports.uploads import Upload

MANY = 500
"""From so many rows on, an import runs by itself."""
SILENCE = 900
"""Seconds without a word after which whoever wrote is taken for dead."""

RUNNING, STOPPED = "RUNNING", "STOPPED"


@dataclass(frozen=True)
class State:
    """How far an import is. *words*: why it stopped; *rest*: the token of the rows that stayed out."""

    user_id: int
    process: int
    phase: str = RUNNING
    done: int = 0
    total: int = 0
    words: str = ""
    rest: str = ""

    @property
    def left(self) -> int:
        return self.total - self.done


class AskedToStop(Exception):
    """Somebody asked for it; nothing is written."""


@dataclass(frozen=True)
class Work:
    """What is to be done, by whom: what the thread needs of the views."""

    upload: Upload
    user_id: int
    language: str
    plan: Callable[[Upload, User], Plan]
    keep_rest: Callable[[Upload, Plan], str]


def uid_of(token: str) -> uuid.UUID:
    """The number that the import of this upload bears, and no other one can: it is taken in once."""
    key = current_app.extensions["keyring"].key_for("import numbers")
    return uuid.UUID(bytes=hmac.digest(key, token.encode(), "sha256")[:16], version=4)


def start(work: Work) -> None:
    """Begin; does nothing where it was begun already."""
    token = work.upload.token
    with contextlib.suppress(OSError):
        _path(token, "stop").unlink()
    state = State(work.user_id, os.getpid())
    try:
        descriptor = os.open(_path(token, "run"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(_sealed(state))
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_run, args=(app, work, state), name=f"import {token[:6]}", daemon=True).start()


def state_of(token: str, user_id: int) -> State | None:
    """How far this user's import is. One whose process is gone wrote nothing, and never will."""
    if not uploads.is_token(token):
        return None
    path = _path(token, "run")
    try:
        state = State(**json.loads(uploads.seal().decrypt(path.read_bytes())))
        silent_for = time.time() - path.stat().st_mtime
    except (OSError, InvalidToken):
        return None
    if state.user_id != user_id:
        return None
    if state.phase == RUNNING and (silent_for > SILENCE or not _is_alive(state.process)):
        ask_to_stop(token)
        return replace(state, phase=STOPPED, words=_("The server stopped in the middle. Nothing was imported."))
    return state


def ask_to_stop(token: str) -> None:
    _path(token, "stop").touch(mode=0o600)


def is_asked_to_stop(token: str) -> bool:
    return _path(token, "stop").exists()


def forget(token: str) -> None:
    for what in ("run", "stop"):
        with contextlib.suppress(OSError):
            _path(token, what).unlink()


def _is_alive(process: int) -> bool:
    if os.name != "posix":  # elsewhere signal 0 is not a question
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _path(token: str, what: str) -> Path:
    return uploads.directory() / f"{token}.{what}"


def _sealed(state: State) -> bytes:
    return uploads.seal().encrypt(json.dumps(asdict(state)).encode())


def _say(token: str, state: State) -> None:
    """Whole or not at all: somebody may read it at this moment."""
    path, written = _path(token, "run"), _path(token, "run-next")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_sealed(state))
    written.replace(path)


# --- in the thread -------------------------------------------------------------------------------


def _run(app: Flask, work: Work, state: State) -> None:
    token = work.upload.token
    with app.app_context(), acting(work.user_id), force_locale(work.language):
        try:
            _write(work, state)
        except AskedToStop:
            _stopped(token, state, _("The import was stopped. Nothing was imported."))
        except (TargetProblem, FileProblem, MediaProblem) as problem:
            _stopped(token, state, str(problem))
        except (IntegrityError, StaleDataError):
            _stopped(token, state, _("Somebody imported or changed the same records at this moment. Nothing was "
                                     "imported; look at the rows again."))  # fmt: skip
        except OperationalError:
            _stopped(token, state, _("The database was busy. Nothing was imported; try again in a moment."))
        except Exception as error:  # noqa: BLE001
            # The outermost edge of this thread. Never the message: it may hold what stood in a cell.
            app.logger.error("%s in an import", type(error).__name__)
            _stopped(token, state, _("Something went wrong. Nothing was imported."))


def _stopped(token: str, state: State, words: str) -> None:
    db.session.rollback()
    with contextlib.suppress(OSError):
        _say(token, replace(state, phase=STOPPED, words=words))


def _write(work: Work, state: State) -> None:
    upload, token = work.upload, work.upload.token
    begin_again(writing=False)
    plan = work.plan(upload, db.session.get_one(User, work.user_id))
    state = replace(state, total=len(plan.to_write) + len(plan.to_correct))
    _say(token, state)
    if plan.refused:  # said before the end: then the database alone is asked
        state = replace(state, rest=work.keep_rest(upload, plan))

    def told(done: int) -> None:
        _say(token, replace(state, done=done))
        if is_asked_to_stop(token):
            raise AskedToStop

    with received_media(plan, uploads.media_of(upload)) as media:
        begin_again(writing=True)
        user = db.session.get_one(User, work.user_id)
        target = find_target(user, upload.team_id, upload.case)
        uid, content, case = uid_of(token), upload.content, target.case
        take_in(user, target.team_id, plan, content, case=case, skip_bad=True, uid=uid, media=media, told=told)
        told(state.total)
        db.session.commit()
    refresh_statistics()
    uploads.remove_with_media(upload)
