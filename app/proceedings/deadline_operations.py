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
from app.proceedings.terms import Term


@dataclass
class DeadlineGiven:
    """What may be changed of a term after it was counted."""

    overridden_on: date | None = None
    override_reason: str | None = None
    confirmed_on: date | None = None
    confirmed_by: str | None = None
    done_on: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class Counted:
    """From what a term is counted: the rule, perhaps a part of it, the day, and what the order or the penalty adds."""

    rule: str
    triggered_on: date
    part: str | None = None
    triggered_at: str | None = None
    amount: int | None = None


def term_counted(proceeding: Proceeding, counted: Counted) -> Term:
    """Raises CannotCount."""
    return term_of(
        counted.rule,
        counted.triggered_on,
        part=counted.part,
        hour=counted.triggered_at,
        amount=counted.amount,
        complexity=proceeding.complexity,
    )


def keep_deadline(user: User, proceeding: Proceeding, counted: Counted, given: DeadlineGiven) -> Deadline:
    """Raises CannotCount, and ReasonMissing where another day is set without saying why."""
    computed_on = term_counted(proceeding, counted).last_on
    deadline = Deadline(**vars(counted), computed_on=computed_on, created_by_id=user.id)
    _apply(deadline, given)
    proceeding.deadlines.append(deadline)
    proceeding.touch(user.id)
    return deadline


def mend_deadline(user: User, proceeding: Proceeding, deadline: Deadline, given: DeadlineGiven) -> bool:
    """Whether a confirmation was taken back: it was of another day. Raises ReasonMissing."""
    before = deadline.due_on, deadline.confirmed_on, deadline.confirmed_by
    _apply(deadline, given)
    lapsed = deadline.due_on != before[0] and given.confirmed_on is not None
    lapsed = lapsed and (given.confirmed_on, given.confirmed_by) == before[1:]
    if lapsed:
        deadline.confirmed_on = deadline.confirmed_by = None
    proceeding.touch(user.id)
    return lapsed


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
