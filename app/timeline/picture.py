"""The case at a glance: one small drawing per lane. Solid is known, hatched is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.timeline.moments import LANES, Moment, Stretch

MOST_YEARS_NAMED = 14
A_POINT = 62
"""Days up to which an uncertain date is drawn as a point: a month is one at this scale."""
NEAR = 1.7
"""Per cent of the width within which two signs would lie on each other."""
LETTER = 1.2
"""Per cent of the width that a letter takes on paper; a laptop has more room."""
THINNEST = 0.8
"""Per cent of the width below which a bar could not be seen."""
BARS = {"court": "line", "actions": "care"}
"""Lane → the shape of its bars, where they are not those of the lane itself."""


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
    group: str = ""


@dataclass
class DrawnLane:
    name: Any
    sentence: str
    marks: list[Mark] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return max((mark.row for mark in self.marks), default=0) + 1

    @property
    def step(self) -> int:
        """How high a row is; many proceedings at once stand closer together."""
        return 34 if self.rows <= 3 else 22


@dataclass
class Picture:
    caption: str
    years: list[tuple[str, float]]
    lanes: list[DrawnLane]
    now: float | None
    shapes: set[str]

    @property
    def is_hatched(self) -> bool:
        return any(shape.endswith("open") for shape in self.shapes)


def of_the_case(first: int, last: int) -> str:
    return _("Lanes of the case from %(first)s to %(last)s. The list below says the same.", first=first, last=last)


def picture_of(
    moments: list[Moment],
    today: date,
    stretches: list[Stretch] | None = None,
    *,
    lanes: Iterable[str] | None = None,
    caption: Callable[[int, int], str] = of_the_case,
) -> Picture | None:
    """None where fewer than two things have a day: a picture of one point says nothing.

    *lanes*, all if none are named, are drawn in their order; *caption* is given the first year and the last.
    """
    dated = [moment for moment in moments if moment.day is not None]
    bars = [stretch for stretch in stretches or [] if stretch.begins.earliest is not None]
    if len(dated) + len(bars) < 2:
        return None
    begins = [moment.day for moment in dated if moment.day] + [bar.begins.earliest for bar in bars]
    first = min(day.year for day in begins if day)
    ends = [_end(moment) for moment in dated] + [_last_day(bar, today) for bar in bars]
    last = max(max(day.year for day in ends), today.year) + 1
    scale = _Scale(date(first, 1, 1), date(last, 1, 1), today)
    all_lanes = [
        _lane(name, [m for m in dated if m.lane == name], [bar for bar in bars if bar.lane == name], scale)
        for name in (LANES if lanes is None else lanes)
    ]
    drawn = [lane for lane in all_lanes if lane.marks]
    return Picture(
        caption=caption(first, last - 1),
        years=scale.years(first, last),
        lanes=drawn,
        now=scale.x(today),
        shapes={mark.shape for lane in drawn for mark in lane.marks},
    )


@dataclass(frozen=True)
class _Scale:
    start: date
    end: date
    today: date

    def x(self, day: date) -> float:
        return round(100 * (day - self.start).days / (self.end - self.start).days, 2)

    def years(self, first: int, last: int) -> list[tuple[str, float]]:
        step = 1 + (last - first) // MOST_YEARS_NAMED
        return [(str(year), self.x(date(year, 1, 1))) for year in range(first, last, step)]


def _end(moment: Moment) -> date:
    return moment.happened.latest or moment.happened.earliest or date.min


def _lane(name: str, moments: list[Moment], stretches: list[Stretch], scale: _Scale) -> DrawnLane:
    bars, rows = _bars(stretches, scale, BARS.get(name, LANES[name].shape))
    if LANES[name].lasts:
        return DrawnLane(LANES[name].name, _sentence_of_bars(name, stretches) if stretches else "", bars)
    moments = sorted(moments, key=lambda moment: moment.day or date.min)
    row_of = {bar.group: bar.row for bar in bars if bar.group}
    on_bars = [moment for moment in moments if moment.group in row_of]
    free = [moment for moment in moments if moment.group not in row_of]
    signs = [_mark(moment, LANES[name].shape, scale) for moment in on_bars]
    for sign, moment in zip(signs, on_bars, strict=True):
        sign.row = row_of[moment.group]
    marks = [_mark(moment, LANES[name].shape, scale) for moment in free]
    _stack(marks)
    _caption(marks, [moment.short for moment in free])
    for mark in marks:
        mark.row += rows
    said = _sentence(name, moments) if moments else _sentence_of_bars(name, stretches) if stretches else ""
    return DrawnLane(LANES[name].name, said, [*bars, *signs, *marks])


# --- what lasts ----------------------------------------------------------------------------------


def _bars(stretches: list[Stretch], scale: _Scale, shape: str) -> tuple[list[Mark], int]:
    """The bars, and how many rows they take: those that do not meet share one."""
    marks: list[Mark] = []
    ends: list[float] = []
    for stretch in sorted(stretches, key=lambda one: one.begins.earliest or date.min):
        parts = _parts(stretch, scale, shape)
        start, end = parts[0].x, parts[-1].x + parts[-1].width
        words = len(stretch.short) * LETTER + NEAR if stretch.short else 0
        is_before = end + words > 100
        free = [row for row, taken in enumerate(ends) if (start - words if is_before else start) - taken > NEAR]
        row = free[0] if free else len(ends)
        ends[row : row + 1] = [end if is_before else end + words]
        if words and not (is_before and start - words < 0):
            (parts[0] if is_before else parts[-1]).words = stretch.short
            parts[0].before = is_before
        for part in parts:
            part.row = row
        marks += parts
    return marks, len(ends)


def _parts(stretch: Stretch, scale: _Scale, shape: str) -> list[Mark]:
    """Hatched as long as it is not known whether it had begun; solid; hatched from where nothing more is known."""
    first = stretch.begins.earliest or scale.today
    begun = first if _is_a_point(stretch.begins.earliest, stretch.begins.latest) else stretch.begins.latest or first
    last = _last_day(stretch, scale.today)
    sure = min(_surely_until(stretch, last), last)
    sure = last if _is_a_point(sure, last) else max(sure, begun)
    pieces = [(f"{shape}-open", first, begun), (shape, begun, sure), (f"{shape}-open", sure, last)]
    title = f"{stretch.title}: {stretch.begun} – {stretch.ended}"
    drawn = [
        Mark(kind, scale.x(start), title, width=round(scale.x(end) - scale.x(start), 2), group=stretch.group)
        for kind, start, end in pieces
        if end > start
    ]
    drawn = drawn or [Mark(shape, scale.x(first), title, group=stretch.group)]
    if len(drawn) == 1:
        drawn[0].width = max(drawn[0].width, THINNEST)
    return drawn


def _is_a_point(first: date | None, last: date | None) -> bool:
    return first is not None and (last is None or last - first <= timedelta(days=A_POINT))


def _last_day(stretch: Stretch, today: date) -> date:
    known = stretch.ends.latest or stretch.ends.earliest or (today if stretch.runs else stretch.begins.latest)
    return max(known or today, stretch.begins.earliest or date.min)


def _surely_until(stretch: Stretch, last: date) -> date:
    if stretch.ends.latest or stretch.ends.earliest:
        return stretch.ends.earliest or last
    return stretch.known_until or last


# --- moments -------------------------------------------------------------------------------------


def _mark(moment: Moment, shape: str, scale: _Scale) -> Mark:
    start, end = moment.day or date.min, _end(moment)
    title = f"{moment.when}: {moment.title}"
    if end - start > timedelta(days=A_POINT):
        return Mark("open", scale.x(start), title, width=max(scale.x(end) - scale.x(start), THINNEST))
    x = scale.x(start + (end - start) / 2)
    return Mark(shape, x, title, width=THINNEST if shape == "bar" else 0.0)


def _stack(marks: list[Mark]) -> None:
    """What would lie on each other goes into the next row, three at most."""
    ends: list[float] = []
    for mark in marks:
        free = [row for row, end in enumerate(ends) if mark.x - end > NEAR]
        mark.row = free[0] if free else min(len(ends), 2)
        ends[mark.row : mark.row + 1] = [mark.x + mark.width]


def _caption(marks: list[Mark], shorts: list[str]) -> None:
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
        words = shorts[number]
        length = len(words) * LETTER
        if words and length <= room_after:
            mark.words = words
        elif words and length <= mark.x - NEAR - taken:
            mark.words, mark.before = words, True


# --- the same in words ---------------------------------------------------------------------------


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


def _sentence_of_bars(name: str, stretches: list[Stretch]) -> str:
    number = len(stretches)
    first = min(stretches, key=lambda one: one.begins.earliest or date.max)
    said = ngettext(
        "%(lane)s: one, %(first)s – %(last)s.",
        "%(lane)s: %(num)s, the first %(first)s – %(last)s.",
        number,
        lane=LANES[name].name,
        first=first.begun,
        last=first.ended,
    )
    running = sum(one.runs for one in stretches)
    if running:
        said += " " + ngettext("One has not ended.", "%(num)s have not ended.", running)
    return said
