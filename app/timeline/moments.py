"""The moments of a case: what each room knows of it, brought into one order.

A room below brings its own from `timeline/` (as `court.py`, `protection.py`), a room above from its `init_app`:

    add_lane("shelter", Lane(_l("Shelter"), "prot", "diamond", order=55))      # only for a lane of its own
    add_provider("shelter", shelter_moments)        # (case, user) -> Moments: lines and signs
    add_stretches("shelter", shelter_stretches)     # (case, user) -> Stretches: bars

Providers narrow with `visible()` and give to who reads without identity only codes, counts and days. A lane without
moments and stretches is not drawn; one with `lasts=True` is drawn from its stretches alone.
"""

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
    order: int = 50
    lasts: bool = False
    """Drawn from what lasts, as bars; its moments stand in the list alone."""


LANES: dict[str, Lane] = {}
"""In the order in which they are drawn."""


def add_lane(key: str, lane: Lane) -> None:
    """Give a kind of moment a lane and a filter of its own. A room that brings new moments brings its lane here."""
    lanes = {**LANES, key: lane}
    LANES.clear()
    LANES.update(sorted(lanes.items(), key=lambda pair: pair[1].order))


add_lane("incidents", Lane(_l("Incidents"), "inc", "circle", 10))
add_lane("court", Lane(_l("In court"), "proc", "square", 20))
add_lane("custody", Lane(_l("Custody"), "proc", "held", 30, lasts=True))
add_lane("limits", Lane(_l("Other measures"), "proc", "limit", 40, lasts=True))
add_lane("actions", Lane(_l("Actions"), "prot", "diamond", 50))
add_lane("contracts", Lane(_l("Contracts"), "con", "bar", 60))
add_lane("context", Lane(_l("Context"), "other", "ring", 70))


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
    group: str = ""
    """Of what lasting thing it is a moment: it is drawn on that bar."""
    reference: str = ""
    """Of the record that it tells of; empty for an entry of the case itself."""
    anchor: str | None = None
    """By which an address leads to the line."""

    @property
    def day(self) -> date | None:
        """Where it stands in the order: its earliest possible day, else its latest."""
        return self.happened.earliest or self.happened.latest


@dataclass(frozen=True)
class Stretch:
    """Something that lasts, as this reader may read it: a bar of its lane and a line of the table under it."""

    lane: str
    begins: UncertainDate
    ends: UncertainDate = UncertainDate()
    """As far as it is on record."""
    runs: bool = False
    """It has not ended: the bar reaches today."""
    known_until: date | None = None
    """Of what runs: the last day of which something is known. From there the bar is hatched."""
    title: str = ""
    begun: str = ""
    ended: str = ""
    """First and last day in words."""
    lasted: str = ""
    short: str = ""
    """A few words for the picture."""
    address: str | None = None
    group: str = ""
    """Moments of the same group stand on this bar."""


Provider = Callable[[Case, User], Iterable[Moment]]
StretchProvider = Callable[[Case, User], Iterable[Stretch]]
_providers: dict[str, Provider] = {}
_stretches: dict[str, StretchProvider] = {}


def add_provider(kind: str, provide: Provider) -> None:
    """Let a room bring its records into the timeline. *provide* starts with `visible()` and gives what may be read."""
    _providers[kind] = provide


def add_stretches(kind: str, provide: StretchProvider) -> None:
    """The same for what lasts."""
    _stretches[kind] = provide


def stretches_of(case: Case, user: User) -> list[Stretch]:
    """What lasts, lane by lane, the earliest first."""
    found = [stretch for provide in _stretches.values() for stretch in provide(case, user)]
    order = list(LANES)
    return sorted(found, key=lambda one: (order.index(one.lane), one.begins.earliest or date.max, one.title))


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
