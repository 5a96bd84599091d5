"""An event as one record or row tells it: what is compared, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from app.dates import DAY, UncertainDate
from app.db import folded_words
from app.people.names import sound_of

SMALL_WORDS = frozenset(
    ["de", "del", "la", "las", "los", "el", "y", "e", "da", "do", "dos", "das", "di", "van", "von", "of", "the", "en"]
)
SAYS_NOTHING = SMALL_WORDS | frozenset(
    ["a", "al", "con", "contra", "por", "para", "un", "una", "in", "at", "on", "and", "to", "for", "from", "off",
     "near", "distrito", "provincia", "departamento", "region", "district", "province", "department", "unspecified",
     "location", "ciudad", "city", "municipio"]
)  # fmt: skip
LONGEST_NAME = 12

sound = lru_cache(maxsize=50_000)(sound_of)


def name_sounds(name: str) -> tuple[str, ...]:
    """The words of a name as they sound, in alphabetical order: «Quispe, Ana» and «Ana Qispe» are one."""
    words = [word for word in folded_words(name)[:LONGEST_NAME] if word not in SMALL_WORDS]
    return tuple(sorted(filter(None, map(sound, words))))


def sounds_of_names(names: Iterable[str | None]) -> list[tuple[str, ...]]:
    """Of names that were told: «Person X7K» was made here, and says nothing of whom it means. A name has no digits."""
    told = (name for name in names if name and not any(sign.isdigit() for sign in name))
    return [sounds for name in told if (sounds := name_sounds(name))]


def known_codes(codes: Iterable[str | None]) -> frozenset[str]:
    """Of genders and age groups, those that say something."""
    return frozenset(code for code in codes if code not in (None, "U"))


def place_words(*texts: str | None) -> frozenset[str]:
    return frozenset(
        word for text in texts for word in folded_words(text) if word not in SAYS_NOTHING and not word.isdigit()
    )


@dataclass(frozen=True)
class Telling:
    """*key* names the record or row. Names are only those that may be compared; of who has none nothing is said."""

    key: object
    happened: UncertainDate = UncertainDate()
    country: str | None = None
    places: frozenset[str] = frozenset()
    """Words of the place, from the community to the department."""
    finest: str = ""
    """The name of the smallest place that is told, folded: a district, or a town."""
    point: tuple[float, float] | None = None
    type: str | None = None
    names: tuple[tuple[str, ...], ...] = ()
    """Each as `name_sounds` gives it."""
    genders: frozenset[str] = frozenset()
    ages: frozenset[str] = frozenset()
    victims: int | None = None
    sources: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    """Of the title."""

    @cached_property
    def days(self) -> tuple[date, date] | None:
        first, last = self.happened.earliest, self.happened.latest
        return (first or last, last or first) if first or last else None  # type: ignore[return-value]

    @cached_property
    def day(self) -> date | None:
        return self.happened.earliest if self.happened.precision == DAY else None


BLOCK = 60
"""What more tellings share than these says nothing of any two of them."""


def keys_of(telling: Telling) -> Iterable[tuple[object, ...]]:
    """What two tellings of one event have in common; those that share none of these are never compared."""
    for name in telling.names:
        if len(name) == 1:
            yield ("one name", *name)
        for at, word in enumerate(name):
            yield from (("names", word, other) for other in name[at + 1 :])
            if telling.days:
                yield ("name", word, telling.days[0].year)
    where = sorted(telling.places) or [telling.country or ""]
    for day in _days_about(telling.day):
        yield from (("day", day, word) for word in where)
        if telling.point:
            yield ("point", day, *(round(degree) for degree in telling.point))
    if telling.days and (telling.days[1] - telling.days[0]).days <= LONGEST_MONTH:
        month = (telling.days[0].year, telling.days[0].month)
        if telling.finest:
            yield ("month", month, telling.finest)
        yield from (("month", month, name) for name in telling.names)
    for source in telling.sources:
        yield ("source", source)


LONGEST_MONTH = 31


def _days_about(day: date | None) -> list[date]:
    """The day and its neighbours; and where day and month could be taken for one another, that day too."""
    if day is None:
        return []
    found = [day + timedelta(days=number) for number in (-1, 0, 1)]
    other = swapped(day)
    return [*found, other] if other else found


def swapped(day: date) -> date | None:
    """03/04 read as 04/03."""
    return date(day.year, day.day, day.month) if day.day <= 12 and day.day != day.month else None
