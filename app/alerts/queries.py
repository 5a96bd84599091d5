"""What is asked of alerts: those that wait for me, those that I raised, those of a record."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Select, or_
from sqlalchemy.orm import joinedload

from app.access import COORDINATOR, in_teams_where, teams_where, visible
from app.accounts.models import User
from app.alerts.models import Alert
from app.db import db


def _with_names(statement: Select[Any]) -> Select[Any]:
    return statement.options(joinedload(Alert.raised_by), joinedload(Alert.acknowledged_by))


def _open(user: User) -> Select[Any]:
    return visible(Alert, user).where(Alert.acknowledged_at.is_(None), Alert.ended_at.is_(None))


def waiting_for(user: User) -> Select[Any]:
    """The open alerts of the teams that the user coordinates, what is due first on top."""
    mine = in_teams_where(Alert.team_id, user, COORDINATOR)
    return _open(user).where(mine).order_by(Alert.due_at, Alert.id)


def may_wait_for(user: User) -> bool:
    """Whether any could: who coordinates no team is not asked about on every page."""
    return bool(teams_where(user, COORDINATOR))


def open_for(user: User) -> Select[Any]:
    """Those that wait for the user, and those that the user has raised."""
    mine = or_(in_teams_where(Alert.team_id, user, COORDINATOR), Alert.raised_by_id == user.id)
    return _with_names(_open(user).where(mine).order_by(Alert.due_at, Alert.id))


def alerts_of(user: User, root: Any) -> list[Alert]:
    """The alerts on a record, the newest first."""
    statement = visible(Alert, user).where(Alert.root_table == root.__tablename__, Alert.root_id == root.id)
    return list(db.session.scalars(_with_names(statement.order_by(Alert.id.desc()))))


def alert_of(user: User, uid: str) -> Alert | None:
    try:
        number = uuid.UUID(uid)
    except ValueError:
        return None
    found: Alert | None = db.session.scalar(_with_names(visible(Alert, user).where(Alert.uid == number)))
    return found
