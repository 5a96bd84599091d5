"""What stands in a column: how many cells, which examples, and as what they can be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import select

from app.db import db, fold, folded_words
from app.fields import Field
from app.imports.cells import SEPARATORS, SYNONYMS, known_words, read_age, read_coordinate, read_country, read_url
from app.imports.day_words import read_uncertain_date
from app.imports.days import order_of
from app.imports.maps import Way
from app.imports.problems import CellProblem
from app.places.models import DEPARTMENT, DISTRICT, PROVINCE, Place

LOOKED_AT = 300
"""So many different cells say what a column holds."""
EXAMPLES, LONGEST_EXAMPLE = 3, 60
LONG_TEXT = 90

_WHOLE = re.compile(r"\d{1,6}(?:[.,]0+)?")
_PAIR = re.compile(r"\(?\s*-?\d{1,2}[.,]\d+\s*°?\s*[,;/| ]\s*-?\d{1,3}[.,]\d+.*")
_DECIMAL = re.compile(r"-?\d{1,3}[.,]\d{2,}")
_UBIGEO = re.compile(r"\d{5,6}")
_SEVERAL = re.compile(r"[;|\n/]|\s(?:y|e|and|&)\s")
_ONLY_A_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Places:
    """The folded names of the places that the installation knows, by level."""

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()


def known_places() -> Places:
    """Of the country of the installation."""
    country = current_app.config["SETTINGS"].country
    names: dict[str, set[str]] = {DEPARTMENT: set(), PROVINCE: set(), DISTRICT: set()}
    codes = set()
    statement = select(Place.level, Place.name, Place.code_inei).where(Place.country == country)
    for level, name, code in db.session.execute(statement):
        names.setdefault(level, set()).add(" ".join(folded_words(name)))
        codes.add(code)
    return Places({level: frozenset(found) for level, found in names.items()}, frozenset(filter(None, codes)))


@dataclass(frozen=True)
class Content:
    """A column: its cells that say something, counted, and the share of them that can be read as this or that."""

    index: int
    heading: str
    filled: int
    different: int
    examples: tuple[str, ...]
    shares: Mapping[str, float]
    """By what they are read as: date, year, country, country in words, url, age, whole, number, coordinate, pair,
    several, sentence, long, ubigeo, a level of places, «list:» and the name of a code list."""

    def share(self, name: str) -> float:
        return self.shares.get(name, 0.0)


def content_of(index: int, heading: str, cells: Sequence[str], lists: Sequence[str], places: Places) -> Content:
    """*cells*: what the column says, without the empty ones and those that say that nothing is known."""
    counted = Counter(cells)
    looked_at = [text for text, _number in counted.most_common(LOOKED_AT)]
    examples = tuple(text if len(text) <= LONGEST_EXAMPLE else text[:LONGEST_EXAMPLE] + "…" for text in _some(counted))
    shares = _shares(looked_at, lists, places) if looked_at else {}
    return Content(index, heading, len(cells), len(counted), examples, shares)


def _some(counted: Counter[str]) -> list[str]:
    return [text for text, _number in counted.most_common(EXAMPLES)]


def _shares(texts: Sequence[str], lists: Sequence[str], places: Places) -> dict[str, float]:
    order = order_of((0, text) for text in texts)
    day = Way(formats=order.formats if order and order.which else ("dd/mm/yyyy", "mm/dd/yyyy"))
    tests: dict[str, Callable[[str], bool]] = {
        "date": lambda text: _is_date(text, day),
        "year": lambda text: bool(_ONLY_A_YEAR.fullmatch(text)),
        "country": lambda text: not text.isdecimal() and _reads(read_country, text),
        # Two or three letters are initials of people as often as countries.
        "country in words": lambda text: len(text) > 3 and not text.isdecimal() and _reads(read_country, text),
        "url": lambda text: _reads(read_url, re.split(r"[,;|\s]", text, maxsplit=1)[0]),
        "age": lambda text: _reads(read_age, text),
        "whole": lambda text: bool(_WHOLE.fullmatch(text)),
        "number": lambda text: bool(re.fullmatch(r"-?\d+(?:[.,]\d+)?", text)),
        "coordinate": lambda text: bool(_DECIMAL.fullmatch(text)) or ("°" in text and _is_coordinate(text)),
        "pair": lambda text: bool(_PAIR.fullmatch(text)),
        "several": lambda text: bool(_SEVERAL.search(text)),
        "sentence": lambda text: text.count(" ") >= 5,
        "long": lambda text: len(text) >= LONG_TEXT,
        "ubigeo": lambda text: bool(_UBIGEO.fullmatch(text)) and text.zfill(6) in places.codes,
        **{level: _is_called(names) for level, names in places.names.items() if names},
        **{f"list:{name}": _is_in(name) for name in lists},
    }
    return {name: sum(map(test, texts)) / len(texts) for name, test in tests.items()}


_ANY = Field("any", "")


def _reads(reader: Callable[..., object], text: str) -> bool:
    with suppress(CellProblem):
        reader(text, _ANY, Way())
        return True
    return False


def _is_date(text: str, way: Way) -> bool:
    if text.isdecimal() and len(text) != 8:
        return False
    with suppress(CellProblem):
        read_uncertain_date(text, _ANY, way)
        return True
    return False


def _is_coordinate(text: str) -> bool:
    with suppress(CellProblem):
        read_coordinate(text, _ANY, Way())
        return True
    return False


def _is_called(names: frozenset[str]) -> Callable[[str], bool]:
    return lambda text: " ".join(folded_words(text)) in names


def _is_in(list_name: str) -> Callable[[str], bool]:
    """Every word of the cell a code or a label of the list. Words of one sign say nothing by themselves."""
    known = {word for word in (*known_words(list_name), *SYNONYMS.get(list_name, {})) if len(word) > 1}

    def holds(text: str) -> bool:
        parts = [fold(part) for part in SEPARATORS.split(text) if part.strip()]
        return bool(parts) and all(part in known for part in parts)

    return holds
