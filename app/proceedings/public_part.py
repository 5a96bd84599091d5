"""Saying that a proceeding is public already: what its page shows of that, and the moves. Nothing here commits."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app import public_part
from app.access import reads_in_full
from app.accounts.models import User
from app.accounts.queries import names_of
from app.audit import give_reason
from app.db import db, now
from app.proceedings.models import Proceeding
from app.workflow import MoveNotAllowed, open_moves

MOVES = public_part.public_moves()


def advance_public(user: User, proceeding: Proceeding, name: str, reason: str | None = None) -> None:
    """Raises MoveNotAllowed. The last editor stays who it was: to approve is not to edit."""
    if not reads_in_full(user, proceeding):
        raise MoveNotAllowed(_("Your role does not carry this step."))
    move = public_part.check_public_move(proceeding, MOVES, name, user)
    words = (reason or "").strip() or None
    if move.asks_note and words is None:
        raise MoveNotAllowed(_("Write why it is taken back."))
    public_part.note_public_move(proceeding, name, user)
    proceeding.updated_at = now()
    if words is not None:
        give_reason(db.session, proceeding, words)


def public_part_of(proceeding: Proceeding, user: User) -> dict[str, Any]:
    """What the page shows to who may write to the proceeding."""
    said = {"first": proceeding.public_set_by_id, "second": proceeding.public_approved_by_id}
    names = names_of(said.values())
    return {
        "said_public": {part: names.get(number, "Amparo") for part, number in said.items()},
        "public_moves": [
            {"name": one.name, "words": one.move.label, "reason": one.hindrance, "is_grave": one.move.is_grave}
            for one in open_moves(public_part.PublicPart(proceeding), MOVES, user)
        ],
    }
