"""What a user is to be told: days ahead, and how many of them press."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.agenda import Due, DueWish, due_days
from app.dates import today
from app.db import db
from app.deadlines.models import ReminderSettings
from app.proceedings.proposals import court_days
from app.proceedings.working_days import DayOff

REMINDED = timedelta(days=7)
"""How far ahead a reminder looks."""

PRESSING = timedelta(days=3)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


def settings_of(user: User) -> ReminderSettings | None:
    return db.session.scalar(select(ReminderSettings).where(ReminderSettings.user_id == user.id))


def pressing(user: User) -> list[Due]:
    """Of one's own cases: days that have passed with nothing done, and the next three."""
    return due_days(user, DueWish(last=today() + PRESSING))


@dataclass(frozen=True)
class MonthDay:
    """A square of the calendar. *off*: why the courts are closed."""

    day: date
    is_of_month: bool
    off: DayOff | None
    due: list[Due]


def month_of(user: User, year: int, month: int, whose: str) -> list[list[MonthDay]]:
    """Weeks from Monday to Sunday; what is done stays, so that the month can be looked back upon."""
    weeks = Calendar().monthdatescalendar(year, month)
    wish = DueWish(date(year, month, 1), weeks[-1][-1], whose, None)
    by_day: dict[date, list[Due]] = {}
    for due in due_days(user, wish):
        by_day.setdefault(due.day, []).append(due)
    courts = court_days()
    return [
        [
            MonthDay(day, day.month == month, courts.off(day), by_day.get(day, []) if day.month == month else [])
            for day in week
        ]
        for week in weeks
    ]


def month_named(text: str) -> tuple[int, int] | None:
    """'2026-05' → (2026, 5); None for anything else, and for years that no record may bear."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return (day.year, day.month) if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def months_beside(year: int, month: int) -> tuple[str, str]:
    """The month before and the month after, as addresses name them."""
    first = date(year, month, 1)
    before, after = first - timedelta(days=1), (first + timedelta(days=31)).replace(day=1)
    return before.isoformat()[:7], after.isoformat()[:7]


def count_words_of(found: list[Any]) -> tuple[int, int]:
    """(days whose time has passed, days to come)."""
    late = sum(due.late for due in found)
    return late, len(found) - late
