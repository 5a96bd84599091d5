"""The case at a glance: one small drawing per lane. Solid is known, hatched is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.timeline.moments import LANES, Moment

MOST_YEARS_NAMED = 14
A_POINT = 62
"""Days up to which an uncertain date is drawn as a point: a month is one at this scale."""
NEAR = 1.7
"""Per cent of the width within which two signs would lie on each other."""
LETTER = 0.95
"""Per cent of the width that a letter takes on a laptop."""


@dataclass
class Mark:
    shape: str
    x: float
    title: str
    width: float = 0.0
    row: int = 0
    words: str = ""
    before: bool = False
    known_start: bool = False


@dataclass
class DrawnLane:
    name: Any
    sentence: str
    marks: list[Mark] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return max((mark.row for mark in self.marks), default=0) + 1


@dataclass
class Picture:
    caption: str
    years: list[tuple[str, float]]
    lanes: list[DrawnLane]
    now: float | None
    shapes: set[str]


def picture_of(moments: list[Moment], today: date) -> Picture | None:
    """None where fewer than two moments have a day: a picture of one point says nothing."""
    dated = [moment for moment in moments if moment.day is not None]
    if len(dated) < 2:
        return None
    first = min(moment.day.year for moment in dated if moment.day)
    last = max(max(_end(moment).year for moment in dated), today.year) + 1
    scale = _Scale(date(first, 1, 1), date(last, 1, 1))
    lanes = [_lane(name, [m for m in dated if m.lane == name], scale) for name in LANES]
    drawn = [lane for lane in lanes if lane.marks]
    return Picture(
        caption=_(
            "Lanes of the case from %(first)s to %(last)s. The list below says the same.", first=first, last=last - 1
        ),
        years=scale.years(first, last),
        lanes=drawn,
        now=scale.x(today),
        shapes={mark.shape for lane in drawn for mark in lane.marks},
    )


@dataclass(frozen=True)
class _Scale:
    start: date
    end: date

    def x(self, day: date) -> float:
        return round(100 * (day - self.start).days / (self.end - self.start).days, 2)

    def years(self, first: int, last: int) -> list[tuple[str, float]]:
        step = 1 + (last - first) // MOST_YEARS_NAMED
        return [(str(year), self.x(date(year, 1, 1))) for year in range(first, last, step)]


def _end(moment: Moment) -> date:
    return moment.happened.latest or moment.happened.earliest or date.min


def _lane(name: str, moments: list[Moment], scale: _Scale) -> DrawnLane:
    moments = sorted(moments, key=lambda moment: moment.day or date.min)
    marks = [_mark(moment, LANES[name].shape, scale) for moment in moments]
    _stack(marks)
    _caption(marks, moments)
    return DrawnLane(LANES[name].name, _sentence(name, moments) if moments else "", marks)


def _mark(moment: Moment, shape: str, scale: _Scale) -> Mark:
    start, end = moment.day or date.min, _end(moment)
    title = f"{moment.when}: {moment.title}"
    if end - start > timedelta(days=A_POINT):
        return Mark("open", scale.x(start), title, width=max(scale.x(end) - scale.x(start), 0.8))
    x = scale.x(start + (end - start) / 2)
    return Mark(shape, x, title, width=0.8 if shape == "bar" else 0.0)


def _stack(marks: list[Mark]) -> None:
    """What would lie on each other goes into the next row, three at most."""
    ends: list[float] = []
    for mark in marks:
        free = [row for row, end in enumerate(ends) if mark.x - end > NEAR]
        mark.row = free[0] if free else min(len(ends), 2)
        ends[mark.row : mark.row + 1] = [mark.x + mark.width]


def _caption(marks: list[Mark], moments: list[Moment]) -> None:
    """Words beside a sign only where there is room for them."""
    for number, mark in enumerate(marks):
        row = [other for other in marks if other.row == mark.row]
        place = row.index(mark)
        room_after = (row[place + 1].x - NEAR if place + 1 < len(row) else 100) - mark.x - mark.width - NEAR
        previous = row[place - 1] if place else None
        taken = 0.0
        if previous:
            taken = previous.x + previous.width + NEAR
            taken += 0 if previous.before else len(previous.words) * LETTER
        words = moments[number].short
        length = len(words) * LETTER
        if words and length <= room_after:
            mark.words = words
        elif words and length <= mark.x - NEAR - taken:
            mark.words, mark.before = words, True


def _sentence(name: str, moments: list[Moment]) -> str:
    said = ngettext(
        "%(lane)s: one, %(first)s.",
        "%(lane)s: %(num)s, from %(first)s to %(last)s.",
        len(moments),
        lane=LANES[name].name,
        first=moments[0].when,
        last=moments[-1].when,
    )
    uncertain = sum(_end(moment) != moment.day for moment in moments)
    if uncertain:
        said += " " + ngettext("One is not dated to the day.", "%(num)s of them are not dated to the day.", uncertain)
    return said
