"""How likely two tellings are of one event: what agrees and what differs, weighed as it was measured.

Each aspect (names, day, place, type …) agrees at one of some levels. The weight of a level is the logarithm of how
much more often it is met in two tellings of one event than in two of different ones (Fellegi and Sunter 1969). It was
counted on one half of a labelled set; `bench/duplicates.py` makes the set, counts anew, and says what came out on the
other half.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from app.duplicates.tellings import BLOCK, Telling, keys_of, swapped

LIKELY, POSSIBLE = 0.5, 0.2
"""From the first on a pair is said to be likely; from the second on it is shown to a person at all."""

Levels = tuple[tuple[str, str], ...]

WEIGHTS: dict[tuple[str, str], float] = {
    ("age", "other"): -3.22,
    ("age", "same"): 0.24,
    ("day", "far"): -4.8,
    ("day", "month"): -5.0,
    ("day", "same"): 1.56,
    ("day", "slip"): 0.11,
    ("day", "within month"): 1.56,
    ("day", "within"): 0.77,
    ("day", "year"): -5.0,
    ("gender", "other"): -5.0,
    ("gender", "same"): -0.25,
    ("names", "alike"): 4.83,
    ("names", "one word"): -3.26,
    ("names", "other"): -5.0,
    ("names", "part"): 3.83,
    ("names", "same long"): 5.0,
    ("names", "same"): 5.0,
    ("place", "far"): -5.0,
    ("place", "other country"): -4.69,
    ("place", "other"): -5.0,
    ("place", "same"): 1.7,
    ("place", "shared"): -2.38,
    ("place", "within"): 2.28,
    ("type", "family"): -1.8,
    ("type", "same"): 0.36,
    ("victims", "near"): 0.23,
    ("victims", "other"): 0.31,
    ("victims", "same"): -0.1,
}
PRIOR = -2.85
ASSUMED = {
    ("names", "same word"): 1.5,  # a pseudonym of one word: Garza
    ("source", "same"): 2.0,
    ("type", "other"): -0.8,
    ("words", "many"): 1.5,
    ("words", "some"): 0.5,
    ("words", "few"): -0.3,
}
"""What the labelled set does not tell of: judged, not counted."""


@dataclass(frozen=True)
class Likeness:
    """*score* between 0 and 1, and at which level each aspect agrees."""

    score: float
    levels: Levels

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY


def compare(one: Telling, other: Telling) -> Likeness:
    levels = levels_of(one, other)
    weight = PRIOR + sum(WEIGHTS.get(level, ASSUMED.get(level, 0.0)) for level in levels)
    return Likeness(1 / (1 + math.exp(-max(-30.0, min(30.0, weight)))), levels)


def pairs(tellings: Sequence[Telling], among: Sequence[Telling] = ()) -> Iterable[tuple[Telling, Telling]]:
    """Each two that share a key, once; *among* are compared with the others, and not with one another."""
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    all_of_them = [*tellings, *among]
    for number, telling in enumerate(all_of_them):
        for key in set(keys_of(telling)):
            blocks[key].append(number)
    seen: set[tuple[int, int]] = set()
    for members in blocks.values():
        if len(members) > BLOCK:
            continue
        for place, number in enumerate(members):
            if number >= len(tellings):
                break
            for other in members[place + 1 :]:
                if (number, other) not in seen:
                    seen.add((number, other))
                    yield all_of_them[number], all_of_them[other]


# --- aspects -------------------------------------------------------------------------------------


def levels_of(one: Telling, other: Telling) -> Levels:
    return (
        ("names", _names(one, other)),
        ("day", _day(one, other)),
        ("place", _place(one, other)),
        ("type", _type(one.type, other.type)),
        ("source", "same" if one.sources & other.sources else ""),
        ("words", _words(one.words, other.words)),
        ("victims", _equal(one.victims, other.victims)),
        ("gender", _shared(one.genders, other.genders)),
        ("age", _shared(one.ages, other.ages)),
    )


SAME, ALIKE = 97.0, 86.0


def _names(one: Telling, other: Telling) -> str:
    if not one.names or not other.names:
        return ""
    levels = (_name(ours, theirs) for ours in one.names for theirs in other.names)
    return max(levels, key=lambda level: _ORDER[level])


LEVELS_OF_NAMES = ("other", "one word", "same word", "part", "alike", "same", "same long")
_ORDER = {level: number for number, level in enumerate(LEVELS_OF_NAMES)}


def _name(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    ours, theirs = " ".join(one), " ".join(other)
    score = fuzz.ratio(ours, theirs)
    if score >= SAME:
        return "same long" if len(one) >= 3 else "same" if len(one) == 2 else "same word"
    if score >= ALIKE and abs(len(one) - len(other)) <= 1:
        return "alike"
    shared = _shared_words(one, other)
    if shared >= 2 and shared >= min(len(one), len(other)):
        return "part"
    return "one word" if shared == min(len(one), len(other)) == 1 or shared >= 2 else "other"


def names_agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the two names, as they sound, may be those of one person."""
    return _ORDER[_name(one, other)] >= _ORDER["same word"]


def _shared_words(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both have, a slip of the pen apart."""
    left = list(other)
    number = 0
    for word in one:
        found = next((theirs for theirs in left if theirs == word or fuzz.ratio(word, theirs) >= 84), None)
        if found is not None:
            left.remove(found)
            number += 1
    return number


def _day(one: Telling, other: Telling) -> str:
    if one.days is None or other.days is None:
        return ""
    if one.day and other.day:
        apart = abs((one.day - other.day).days)
        if apart == 0:
            return "same"
        if apart <= 2 or swapped(one.day) == other.day:
            return "slip"
        return "month" if apart <= 31 else "year" if apart <= 366 else "far"
    (first, last), (from_, to) = one.days, other.days
    if first <= to and from_ <= last:
        return "within month" if min((last - first).days, (to - from_).days) <= 31 and max(
            (last - first).days, (to - from_).days) <= 62 else "within"  # fmt: skip
    apart = (from_ - last).days if from_ > last else (first - to).days
    return "month" if apart <= 31 else "year" if apart <= 366 else "far"


def _place(one: Telling, other: Telling) -> str:
    if one.country and other.country and one.country != other.country:
        return "other country"
    if one.point and other.point:
        away = kilometres(one.point, other.point)
        if away <= 3:
            return "same"
        if away > 150:
            return "far"
    if one.finest and one.finest == other.finest:
        return "same"
    if not one.places or not other.places:
        return ""
    shared = one.places & other.places
    if shared == one.places or shared == other.places:
        return "within"
    # «Mani» and «Maní», «Toribio» and «Toribío» are one already; a slip of the pen is not.
    if not shared and not any(fuzz.ratio(a, b) >= 86 for a in one.places for b in other.places):
        return "other"
    return "shared"


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two points in degrees, along the great circle."""
    (lat, lon), (to_lat, to_lon) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    arc = math.sin((to_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    return 12_742 * math.asin(min(1.0, math.sqrt(arc)))


def _type(one: str | None, other: str | None) -> str:
    if not one or not other:
        return ""
    if one == other:
        return "same"
    return "family" if one.split(".")[0] == other.split(".")[0] else "other"


def _words(one: frozenset[str], other: frozenset[str]) -> str:
    if len(one) < 2 or len(other) < 2:
        return ""
    share = len(one & other) / min(len(one), len(other))
    return "many" if share >= 0.6 else "some" if share >= 0.3 else "few"


def _equal(one: int | None, other: int | None) -> str:
    if one is None or other is None:
        return ""
    return "same" if one == other else "near" if abs(one - other) <= 1 else "other"


def _shared(one: frozenset[str], other: frozenset[str]) -> str:
    if not one or not other:
        return ""
    return "same" if one & other else "other"
