"""The moments of a case: what each room knows of it, brought into one order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.accounts.models import User
from app.cases.models import Case
from app.dates import UncertainDate


@dataclass(frozen=True)
class Lane:
    """A kind of moment: its name as a filter and as a lane, its sign in the list and in the picture."""

    name: Any
    sign: str
    shape: str


LANES = {
    "incidents": Lane(_l("Incidents"), "inc", "circle"),
    "court": Lane(_l("In court"), "proc", "square"),
    "actions": Lane(_l("Actions"), "prot", "diamond"),
    "contracts": Lane(_l("Contracts"), "con", "bar"),
    "context": Lane(_l("Context"), "other", "ring"),
}
"""In the order in which they are drawn. A later room may bring one more."""


@dataclass(frozen=True)
class Moment:
    """One line of the timeline, as this reader may read it."""

    lane: str
    happened: UncertainDate
    when: str
    title: str
    what: str = ""
    """The kind in words, read before the title."""
    address: str | None = None
    text: str | None = None
    source: str | None = None
    source_address: str | None = None
    state: str | None = None
    """Where it stands in its review, if it has one."""
    is_unreviewed: bool = False
    """Said on paper, where a tag alone may not be understood."""
    is_public: bool = False
    tags: Markup = field(default_factory=Markup)
    short: str = ""
    """A few words for the picture."""
    edit_address: str | None = None
    anchor: str | None = None
    """By which an address leads to the line."""

    @property
    def day(self) -> date | None:
        """Where it stands in the order: its earliest possible day, else its latest."""
        return self.happened.earliest or self.happened.latest


Provider = Callable[[Case, User], Iterable[Moment]]
_providers: dict[str, Provider] = {}


def add_provider(kind: str, provide: Provider) -> None:
    """Let a room bring its records into the timeline. *provide* starts with `visible()` and gives what may be read."""
    _providers[kind] = provide


def timeline_of(case: Case, user: User, lane: str | None = None) -> list[Moment]:
    """All that the user may read of the case, the last day first, what has no day at the end."""
    found = [moment for provide in _providers.values() for moment in provide(case, user)]
    dated = [moment for moment in found if moment.day is not None]
    ordered = sorted(dated, key=lambda moment: (moment.day or date.min, moment.title), reverse=True)
    ordered += [moment for moment in found if moment.day is None]
    return [moment for moment in ordered if lane in (None, moment.lane)]


def counts(moments: Iterable[Moment]) -> dict[str, int]:
    """Lane → how many; only lanes that hold something, in their order."""
    lanes = [moment.lane for moment in moments]
    return {name: lanes.count(name) for name in LANES if name in lanes}
