"""Whether a text that is to leave the house tells who somebody is: in headlines and summaries names slip in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from app.db import folded_words

PARTICLES = frozenset({"de", "del", "la", "las", "los", "el", "y", "e", "da", "do", "dos", "van", "von"})
"""They stand in names and in every other sentence too: they are passed over in both."""

Words = tuple[str, ...]


class HiddenNames:
    """How people are called who may not be named, as folded words."""

    def __init__(self) -> None:
        self._parts: set[str] = set()
        self._lengths: set[int] = set()

    def add(self, parts: Iterable[Words]) -> None:
        for part in parts:
            if part:
                self._parts.add(" ".join(part))
                self._lengths.add(len(part))

    def stand_in(self, text: str | None) -> bool:
        """Whether the text says one of them, with whatever accents, marks and signs that nobody sees."""
        if not text or not self._parts:
            return False
        seen = "".join(sign for sign in unquote(text) if unicodedata.category(sign) != "Cf")
        words = _told(seen)
        return any(
            " ".join(words[start : start + length]) in self._parts
            for length in self._lengths
            for start in range(len(words) - length + 1)
        )


def _told(text: str | None) -> Words:
    return tuple(word for word in folded_words(text) if word not in PARTICLES)


def near(name: str | None) -> Iterator[Words]:
    """For a text about the very person: any two words of the legal name, in either order, and a name of one word."""
    words = _told(name)
    if len(words) < 2:
        yield words
    for first in range(len(words)):
        for second in range(len(words)):
            if first != second:
                yield from _together(words[first], words[second])


def far(name: str | None) -> Iterator[Words]:
    """For any other text: two words of the legal name as they follow each other in it, others may stand between.

    Of «given, given, surname, surname» two given names alone are no name: many are called so.
    """
    words = _told(name)
    for first in range(len(words)):
        for second in range(first + 1, len(words)):
            if not (len(words) > 3 and second == 1):
                yield from _together(words[first], words[second])


def _together(first: str, second: str) -> Iterator[Words]:
    yield (first, second)
    yield (first + second,)


def calling(name: str | None) -> Words:
    """A pseudonym or an alias, whole."""
    return _told(name)
