"""What is typed and not yet saved: kept for the one who types, in the record only when it is saved."""

from __future__ import annotations

from app.access import visible
from app.accounts.models import User
from app.db import db, now
from app.incidents.filled import Pairs
from app.incidents.models import Incident, Unsaved

NOT_KEPT = frozenset({"csrf_token", "form_token", "version", "resolved", "save", "add", "remove", "refresh", "discard"})


def unsaved_of(user: User, incident: Incident) -> Unsaved | None:
    statement = visible(Unsaved, user).where(Unsaved.incident_id == incident.id)
    found: Unsaved | None = db.session.scalars(statement).one_or_none()  # type: ignore[assignment]
    return found


def keep_typed(user: User, incident: Incident, pairs: Pairs, version: int) -> None:
    """Keep the form as it stands. The record itself, its state and its version stay untouched."""
    typed = [[name, value] for name, value in pairs if name not in NOT_KEPT and not name.startswith("keep-")]
    kept = unsaved_of(user, incident)
    if kept is None:
        kept = Unsaved(user_id=user.id, incident_id=incident.id)
        db.session.add(kept)
    kept.typed, kept.version, kept.at = typed, version, now()


def forget_typed(user: User, incident: Incident) -> None:
    kept = unsaved_of(user, incident)
    if kept is not None:
        db.session.delete(kept)
