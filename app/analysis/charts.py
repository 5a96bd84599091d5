"""Bars by year and a map of bubbles, as numbers that a template draws: no script, no tiles, nothing from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.analysis.numbers import Numbers
from app.analysis.sums import Sum
from app.db import db
from app.places.models import DEPARTMENT, PROVINCE, Place
from app.proceedings.money import short_amount

MOST_YEARS_NAMED = 16
FEWEST_PLACES = 8
"""Fewer bars than these leave room beside them and grow no wider."""
HEIGHT = 120
"""Of the highest bar, in pixels."""
WIDTH = 400
"""Of the map, in its own units; how high it is follows from the country."""
MARGIN = 26
LARGEST, SMALLEST = 34.0, 9.0
"""Radius of a bubble: its surface goes with the number, but for the smallest that still takes a figure."""

LETTER, LINE = 6.4, 13
"""How wide a letter of a name is on the map, and how high its line."""


@dataclass(frozen=True)
class Bar:
    name: str
    """Empty where there is no room for it."""
    number: int
    x: float
    """Per cent of the width."""
    width: float
    height: float
    words: str
    is_known: bool = True


def bars(by_year: Mapping[int | None, int], words: Callable[[int], str] = str) -> list[Bar]:
    """One for each year between the first and the last, and one for what has no year; *words* tells a number on it."""
    years = [year for year in by_year if year is not None]
    slots: list[int | None] = list(range(min(years), max(years) + 1)) if years else []
    slots += [None] if None in by_year else []
    if not slots:
        return []
    slot = 100 / max(len(slots), FEWEST_PLACES)
    most = max(by_year.values()) or 1
    step = 1 + (len(slots) - 1) // MOST_YEARS_NAMED
    found = []
    for place, year in enumerate(slots):
        number = by_year.get(year, 0)
        found.append(
            Bar(
                name=str(year) if year is not None and place % step == 0 else "",
                number=number,
                words=words(number),
                x=round(slot * (place + 0.12), 2),
                width=round(slot * 0.76, 2),
                height=round(HEIGHT * number / most, 1),
                is_known=year is not None,
            )
        )
    return found


@dataclass(frozen=True)
class MoneyChart:
    """The sums of one currency, coverage, way of counting and exactness; what does not go together has another one."""

    title: str
    bars: list[Bar]


def money_charts(lines: Iterable[tuple[int | None, Sum]]) -> list[MoneyChart]:
    """Of *lines* as `Numbers.money_by_year` gives them; rates are not added and have no bars."""
    groups: dict[str, dict[int | None, int]] = {}
    for year, line in lines:
        if line.total is not None:
            title = " · ".join([line.currency, line.covers, line.counted, line.exactness])
            groups.setdefault(title, {})[year] = line.total
    return [MoneyChart(title, bars(by_year, short_amount)) for title, by_year in groups.items()]


# --- the map -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bubble:
    name: str
    number: int
    x: float
    y: float
    radius: float
    name_x: float = 0
    name_y: float = 0
    anchor: str = "middle"


@dataclass(frozen=True)
class Map:
    width: int
    height: int
    dots: str
    """A path: the places that give the country its shape."""
    bubbles: list[Bubble]
    elsewhere: int
    """Departments of other countries, which stand in the table alone."""


def map_of(numbers: Numbers, country: str) -> Map | None:
    """The departments of the installation's country; None where its places are not known."""
    columns = (Place.id, Place.level, Place.latitude, Place.longitude)
    statement = select(*columns).where(
        Place.country == country,
        Place.level.in_((DEPARTMENT, PROVINCE)),
        Place.latitude.is_not(None),
        Place.longitude.is_not(None),
    )
    rows = db.session.execute(statement).all()
    if not rows:
        return None
    frame = _Frame.around([(row.latitude, row.longitude) for row in rows])
    points = {row.id: frame.point(row.latitude, row.longitude) for row in rows if row.level == DEPARTMENT}
    dots = [frame.point(row.latitude, row.longitude) for row in rows if row.level == PROVINCE]
    found = [(id_, count.agreements) for id_, count in numbers.by_department if id_ is not None]
    most = max((number for _id, number in found), default=1)
    bubbles = [
        Bubble(numbers.names[id_], number, *points[id_], _radius(number, most))
        for id_, number in found
        if id_ in points
    ]
    # The small ones on top, so that none is hidden.
    bubbles.sort(key=lambda bubble: -bubble.radius)
    return Map(WIDTH, frame.height, _path(dots), _named(bubbles), len(found) - len(bubbles))


def _radius(number: int, most: int) -> float:
    return round(max(SMALLEST, LARGEST * math.sqrt(number / max(most, 12))), 1)


Box = tuple[float, float, float, float]


def _named(bubbles: list[Bubble]) -> list[Bubble]:
    """With the place of each name: below, above or beside its bubble, where it lies on nothing else if there is one."""
    taken: list[Box] = [(b.x - b.radius, b.y - b.radius, b.x + b.radius, b.y + b.radius) for b in bubbles]
    found = []
    for bubble in bubbles:
        places = _places_of(bubble)
        free = [place for place in places if not any(_meet(place[1], box) for box in taken)]
        (x, y, anchor), box = (free or places)[0]
        taken.append(box)
        found.append(replace(bubble, name_x=round(x, 1), name_y=round(y, 1), anchor=anchor))
    return found


def _places_of(bubble: Bubble) -> list[tuple[tuple[float, float, str], Box]]:
    long, x, y, away = len(bubble.name) * LETTER, bubble.x, bubble.y, bubble.radius + 3
    below, above, beside = y + bubble.radius + LINE, y - bubble.radius - 4, y + 4
    return [
        ((x, below, "middle"), (x - long / 2, below - LINE + 2, x + long / 2, below + 2)),
        ((x, above, "middle"), (x - long / 2, above - LINE + 2, x + long / 2, above + 2)),
        ((x + away, beside, "start"), (x + away, beside - LINE, x + away + long, beside + 2)),
        ((x - away, beside, "end"), (x - away - long, beside - LINE, x - away, beside + 2)),
    ]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _path(points: Iterable[tuple[float, float]]) -> str:
    """Strokes of no length: with round ends they are dots, and cost a few letters each."""
    return "".join(f"M{x:.0f} {y:.0f}h0" for x, y in sorted(points))


@dataclass(frozen=True)
class _Frame:
    west: float
    north: float
    scale: float
    narrowing: float
    height: int

    @classmethod
    def around(cls, points: list[tuple[float, float]]) -> _Frame:
        south, north = min(point[0] for point in points), max(point[0] for point in points)
        west, east = min(point[1] for point in points), max(point[1] for point in points)
        narrowing = math.cos(math.radians((south + north) / 2))
        scale = (WIDTH - 2 * MARGIN) / max((east - west) * narrowing, 0.1)
        return cls(west, north, scale, narrowing, round((north - south) * scale + 2 * MARGIN))

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        x = MARGIN + (longitude - self.west) * self.narrowing * self.scale
        return round(x, 1), round(MARGIN + (self.north - latitude) * self.scale, 1)
