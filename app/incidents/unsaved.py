"""Text that is in no record yet: kept on the server for who types it, until saved or discarded.

That of a new record before its first save goes by the token of its form; that which a record did not take, by the
record's reference.

No operation here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from app.access import unguarded, visible
from app.accounts.models import User
from app.db import db, now
from app.incidents.models import Unsaved

MOST_KEPT = 10
KEPT_FOR = timedelta(days=30)
LONGEST = 300_000
LONGEST_TOKEN = 43

OF_RECORD = "of:"

Pairs = list[tuple[str, str]]


class TooMuchToKeep(Exception):
    """More text than the form takes."""


@dataclass(frozen=True)
class Begun:
    """A record begun and not saved, as it is offered; *mark* names this keeping of it and no later one."""

    form_token: str
    at: datetime
    title: str
    typed: Pairs
    mark: str


def begun_by(user: User) -> list[Begun]:
    """The new records that the user has begun, the latest first."""
    is_new = Unsaved.form_token.not_like(f"{OF_RECORD}%")
    statement = visible(Unsaved, user).where(is_new, Unsaved.at > now() - KEPT_FOR).order_by(Unsaved.at.desc())
    rows: Any = db.session.scalars(statement)
    return [_begun(row) for row in rows]


def of_record(reference: str) -> str:
    """Under what that is kept which a record did not take."""
    return f"{OF_RECORD}{reference}"


def begun_as(user: User, form_token: str) -> Begun | None:
    row = _row(user, form_token)
    return _begun(row) if row is not None else None


def _row(user: User, form_token: str) -> Unsaved | None:
    found: Any = db.session.scalars(visible(Unsaved, user).where(Unsaved.form_token == form_token)).one_or_none()
    return found


def _begun(row: Unsaved) -> Begun:
    typed = [(name, value) for name, value in row.typed]
    said = dict(reversed(typed))
    words = next((said[name] for name in ("title_es", "title_en", "narrative") if said.get(name, "").strip()), "")
    title = " ".join(words.split())
    title = title if len(title) <= 80 else title[:79].rstrip() + "…"
    return Begun(row.form_token, row.at, title or _("(untitled)"), typed, f"{row.form_token}:{row.version}")


def keep(user: User, form_token: str, typed: Pairs, taken: str | None = None) -> None:
    """Keep the text of a window. *taken*: the mark of an earlier text with which this window went on.

    Raises TooMuchToKeep.
    """
    if sum(len(name) + len(value) for name, value in typed) > LONGEST:
        raise TooMuchToKeep
    row = _row(user, form_token)
    if row is None:
        row = Unsaved(user_id=user.id, form_token=form_token, version=0)
        db.session.add(row)
    row.typed, row.at, row.version = [list(pair) for pair in typed], now(), row.version + 1
    db.session.flush()
    _forget_taken(user, taken)
    _forget_old(user)


def forget(user: User, form_token: str | None, taken: str | None = None) -> None:
    """Erase the text of a window that is saved or discarded, and the earlier one that it went on with."""
    if form_token:
        _erase(user, Unsaved.form_token == form_token)
    _forget_taken(user, taken)


def _forget_taken(user: User, mark: str | None) -> None:
    """What was typed in the other window after this one went on stays: it is nowhere else."""
    form_token, _colon, version = (mark or "").rpartition(":")
    if form_token and version.isascii() and version.isdigit() and len(version) < 10:
        _erase(user, Unsaved.form_token == form_token, Unsaved.version == int(version))


def _forget_old(user: User) -> None:
    _erase(user, Unsaved.at <= now() - KEPT_FOR)
    for begun in begun_by(user)[MOST_KEPT:]:
        _erase(user, Unsaved.form_token == begun.form_token)


def _erase(user: User, *conditions: object) -> None:
    statement = delete(Unsaved).where(Unsaved.user_id == user.id, *conditions)  # type: ignore[arg-type]
    db.session.execute(unguarded(statement, "one's own unsaved text"))
