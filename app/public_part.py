"""The public part of a record: one person says that it is public already, and another one approves that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import Reader
from app.db import now
from app.history import Row
from app.workflow import Hindrance, Move, check_move

PRIVATE, PROPOSED, PUBLIC = "PRIVATE", "PROPOSED", "PUBLIC"
SET, APPROVE, REVOKE = "set_public", "approve_public", "revoke_public"


@dataclass(frozen=True)
class PublicPart:
    """The public part has states of its own, beside those of the record."""

    record: Any

    @property
    def state(self) -> str:
        if self.record.is_already_public:
            return PUBLIC
        return PROPOSED if self.record.public_set_at is not None else PRIVATE

    @property
    def team_id(self) -> int:
        return int(self.record.team_id)


def proposed_by_oneself(part: PublicPart, user: Reader) -> str | None:
    if part.record.public_set_by_id == user.id:
        return _("You marked it as public; another person has to approve it.")
    return None


def public_moves(*needed: Hindrance) -> dict[str, Move]:
    """The moves of the public part; *needed* is what the record must have before it is said to be public."""
    return {
        SET: Move(frozenset({PRIVATE}), PROPOSED, "records.write", _l("Mark as already public"), hindrances=needed),
        APPROVE: Move(
            frozenset({PROPOSED}),
            PUBLIC,
            "records.review",
            _l("Approve as public"),
            hindrances=(*needed, proposed_by_oneself),
        ),
        REVOKE: Move(
            frozenset({PROPOSED, PUBLIC}),
            PRIVATE,
            "records.write",
            _l("Take back from the public part"),
            asks_note=True,
            is_grave=True,
        ),
    }


DONE: dict[str, Any] = {
    SET: _l("Marked as already public. It counts once another coordinator of the team approves it."),
    APPROVE: _l("Approved as public."),
    REVOKE: _l("Taken back from the public part."),
}
TOLD: dict[str, Any] = {
    SET: _l("marked it as already public"),
    APPROVE: _l("approved it as public"),
    REVOKE: _l("took it back from the public part"),
}
"""The same as the history says it, after a name."""


def check_public_move(record: Any, moves: dict[str, Move], name: str, user: Reader) -> Move:
    """Raises MoveNotAllowed when the table, the role or a hindrance says no."""
    return check_move(PublicPart(record), moves, name, user)


def note_public_move(record: Any, name: str, user: Reader) -> None:
    """Write down a move that was checked."""
    if name == SET:
        record.public_set_by_id, record.public_set_at = user.id, now()
    elif name == APPROVE:
        record.public_approved_by_id, record.public_approved_at = user.id, now()
    else:
        close_public_part(record)


def close_public_part(record: Any) -> None:
    """What was approved is no longer what is written, or was taken back."""
    record.public_set_by_id = record.public_set_at = None
    record.public_approved_by_id = record.public_approved_at = None


def public_phrases(before: Row, after: Row) -> list[str]:
    """What became of the public part between two pictures of a record."""
    if before.get("public_set_at") and not after.get("public_set_at"):
        return [str(TOLD[REVOKE])]
    return [
        str(TOLD[name])
        for name, column in ((SET, "public_set_at"), (APPROVE, "public_approved_at"))
        if after.get(column) and not before.get(column)
    ]
