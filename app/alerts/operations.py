"""Raising, acknowledging and ending alerts. No operation here commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.access import unguarded
from app.accounts.models import User
from app.alerts.models import Alert
from app.db import ReasonMissing, db, now

LONGEST_WORDS = 1000


class AlreadyAcknowledged(Exception):
    """Somebody was faster; the message is a sentence for people."""


def raise_alert(kind: str, root: Any, *, due_at: datetime, by: int | None, about: str | None = None) -> Alert:
    """Alert the coordinators of the record's team. One that is open already is not raised twice: it presses sooner.

    *root* is a record with a reference and a team; *about* tells apart what is overdue on one record.
    """
    db.session.flush()  # a record that was made just now has its number and reference from here on
    open_one: Alert | None = db.session.scalar(_open_ones(kind, root, about))
    if open_one is not None:
        open_one.due_at = min(open_one.due_at, due_at)
        return open_one
    alert = Alert(
        kind=kind,
        team_id=root.team_id,
        root_table=root.__tablename__,
        root_id=root.id,
        reference=root.reference,
        about=about,
        due_at=due_at,
        raised_by_id=by,
    )
    db.session.add(alert)
    return alert


def end_alert(kind: str, root: Any, about: str | None = None) -> None:
    """Its reason is gone, as when the urgency was chosen by mistake. What was acknowledged stays as it is."""
    for alert in db.session.scalars(_open_ones(kind, root, about)):
        alert.ended_at = now()


def acknowledge(alert: Alert, by: User, words: str) -> None:
    """Raises ReasonMissing without words, AlreadyAcknowledged when it is no longer open."""
    said = words.strip()
    if alert.acknowledged_at is not None:
        name = alert.acknowledged_by.name if alert.acknowledged_by else "Amparo"
        raise AlreadyAcknowledged(_("%(name)s has acknowledged it already. Nothing was changed.", name=name))
    if alert.ended_at is not None:
        raise AlreadyAcknowledged(_("The record is no longer urgent. Nothing was changed."))
    if not said:
        raise ReasonMissing(_("Write what will be done."))
    if len(said) > LONGEST_WORDS:
        raise ReasonMissing(_("Too long: at most %(limit)s characters.", limit=LONGEST_WORDS))
    alert.acknowledged_at, alert.acknowledged_by_id, alert.will_do = now(), by.id, said


def _open_ones(kind: str, root: Any, about: str | None) -> Select[Any]:
    statement = select(Alert).where(
        Alert.kind == kind,
        Alert.root_table == root.__tablename__,
        Alert.root_id == root.id,
        Alert.about.is_(None) if about is None else Alert.about == about,
        Alert.acknowledged_at.is_(None),
        Alert.ended_at.is_(None),
    )
    marked: Select[Any] = unguarded(statement, "what stands on a record that is being written")
    return marked
