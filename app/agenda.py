"""What is due on a day: each room brings its own; list, calendar, feed and reminders show them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask, current_app, url_for

from app.dates import today

SOON = timedelta(days=14)
MINE, TEAM = "", "team"


@dataclass(frozen=True)
class Due:
    """A day on which something must be done or will happen. *words* and *reference* say nothing of a person.

    *title* and *detail* are for the reader who was asked for; *uid* stays the same while the day moves.
    """

    day: date
    words: str
    detail: str = ""
    kind: str = ""
    at: str | None = None
    settled_on: date | None = None
    """When it was done. What has happened and needs nothing more is settled on its day."""
    confirmed: bool = True
    """Not so for a proposed term that no lawyer has confirmed."""
    reference: str = ""
    title: str = ""
    endpoint: str = ""
    """The page of the record, and with *anchor* the place on it."""
    anchor: str | None = None
    uid: str = ""

    @property
    def url(self) -> str:
        return url_for(self.endpoint, reference=self.reference, _anchor=self.anchor)

    @property
    def late(self) -> bool:
        return self.settled_on is None and self.day < today()

    @property
    def soon(self) -> bool:
        return self.settled_on is None and not self.late and self.day - today() <= SOON


@dataclass(frozen=True)
class DueWish:
    """Days from *first* to *last*, inclusive; of cases that the user follows, or of all their team."""

    first: date | None = None
    last: date | None = None
    whose: str = MINE
    settled: bool | None = False
    """None for what is open and what is done alike."""
    case_id: int | None = None
    """Only of this case, which the user reads."""
    team_id: int | None = None
    """Only of this one of the user's teams."""

    def holds(self, due: Due) -> bool:
        in_time = (self.first is None or due.day >= self.first) and (self.last is None or due.day <= self.last)
        return in_time and self.settled in (None, due.settled_on is not None)


Source = Callable[[Any, DueWish], list[Due]]
"""Gives a user what they may see of it, narrowed by the wish as far as its database can."""


def add_source(app: Flask, source: Source, kinds: dict[str, Any]) -> None:
    """*kinds*: what the source gives → its words, for those who want to see one kind only."""
    sources, words = app.extensions.setdefault("agenda", ([], {}))
    sources.append(source)
    words.update(kinds)


def kinds() -> dict[str, Any]:
    found: dict[str, Any] = current_app.extensions.get("agenda", ([], {}))[1]
    return found


def due_days(user: Any, wish: DueWish) -> list[Due]:
    """All that all rooms know, the earliest first; what was done last on top where only that is asked for."""
    if not user.roles:  # who is of no team has no case to follow: the menu asks on every page
        return []
    sources: list[Source] = current_app.extensions.get("agenda", ([], {}))[0]
    found = [due for source in sources for due in source(user, wish) if wish.holds(due)]
    return sorted(
        found, key=lambda due: (due.day, due.at or "", due.reference, due.words), reverse=wish.settled is True
    )
