"""Write down a term, set another day for it, say that it is done; and the days on which local courts are closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.db import ReasonMissing, db
from app.proceedings.models import ClosedDay, Deadline, Proceeding
from app.proceedings.proposals import term_of


@dataclass
class DeadlineGiven:
    """What may be changed of a term after it was counted."""

    overridden_on: date | None = None
    override_reason: str | None = None
    done_on: date | None = None
    note: str | None = None


def keep_deadline(
    user: User,
    proceeding: Proceeding,
    rule: str,
    triggered_on: date,
    given: DeadlineGiven,
    *,
    triggered_at: str | None = None,
    amount: int | None = None,
) -> Deadline:
    """Raises CannotCount, and ReasonMissing where another day is set without saying why."""
    term = term_of(rule, triggered_on, hour=triggered_at, amount=amount, complexity=proceeding.complexity)
    deadline = Deadline(
        rule=rule,
        triggered_on=triggered_on,
        triggered_at=triggered_at,
        amount=amount,
        computed_on=term.last_on,
        created_by_id=user.id,
    )
    _apply(deadline, given)
    proceeding.deadlines.append(deadline)
    proceeding.touch(user.id)
    return deadline


def mend_deadline(user: User, proceeding: Proceeding, deadline: Deadline, given: DeadlineGiven) -> None:
    """Raises ReasonMissing."""
    _apply(deadline, given)
    proceeding.touch(user.id)


def _apply(deadline: Deadline, given: DeadlineGiven) -> None:
    if given.overridden_on and not given.override_reason:
        raise ReasonMissing(_("Write why another day counts."))
    for name, value in vars(given).items():
        setattr(deadline, name, value)
    deadline.due_on = given.overridden_on or deadline.computed_on


def close_day(user: User, day: date, reason: str) -> None:
    """Of one day there is one reason; terms on record stay as they were counted."""
    row = db.session.scalar(select(ClosedDay).where(ClosedDay.day == day))
    if row is None:
        row = ClosedDay(day=day, created_by_id=user.id)
        db.session.add(row)
    row.reason = reason


def open_day(day: date) -> None:
    if row := db.session.scalar(select(ClosedDay).where(ClosedDay.day == day)):
        db.session.delete(row)
