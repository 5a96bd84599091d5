"""Moves between states, as a table: what the buttons show and what the operation checks are the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.access import Reader, may


class MoveNotAllowed(Exception):
    """A move that the table does not allow now; `reason` is a sentence for people."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


Hindrance = Callable[[Any, Reader], Any]
"""Looks at the record and the user; gives a sentence that says why not, or None."""


@dataclass(frozen=True)
class Move:
    """From which states, to which one, with what permission, and what may stand in the way."""

    sources: frozenset[str]
    target: str
    permission: str
    label: Any
    asks_note: bool = False
    hindrances: tuple[Hindrance, ...] = ()
    is_grave: bool = False


@dataclass(frozen=True)
class OpenMove:
    """A move as a button: possible, or visible with the reason why not."""

    name: str
    move: Move
    hindrance: Any = None

    @property
    def is_possible(self) -> bool:
        return self.hindrance is None


def open_moves(record: Any, moves: Mapping[str, Move], user: Reader) -> list[OpenMove]:
    """The moves of the record's state that the user's role carries, each with what hinders it now."""
    return [
        OpenMove(name, move, hindrance_of(record, move, user))
        for name, move in moves.items()
        if record.state in move.sources and may(user, move.permission, record.team_id)
    ]


def hindrance_of(record: Any, move: Move, user: Reader) -> Any:
    return next((reason for check in move.hindrances if (reason := check(record, user))), None)


def check_move(record: Any, moves: Mapping[str, Move], name: str, user: Reader) -> Move:
    """The move of that name. Raises MoveNotAllowed when the table, the role or a hindrance says no."""
    from flask_babel import gettext as _

    move = moves.get(name)
    if move is None or record.state not in move.sources:
        raise MoveNotAllowed(_("This step is not possible in the current state of the record."))
    if not may(user, move.permission, record.team_id):
        raise MoveNotAllowed(_("Your role does not carry this step."))
    if reason := hindrance_of(record, move, user):
        raise MoveNotAllowed(reason)
    return move
