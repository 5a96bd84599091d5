"""Whether a text that is to leave the house tells who somebody is: in headlines and summaries names slip in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.db import folded_words

PARTICLES = frozenset({"de", "del", "la", "las", "los", "el", "y", "e", "da", "do", "dos", "van", "von"})
"""They stand in names and in every other sentence too."""

Words = tuple[str, ...]


class HiddenNames:
    """How people are called who may not be named, as folded words."""

    def __init__(self) -> None:
        self._parts: set[Words] = set()
        self._lengths: set[int] = set()

    def add(self, parts: Iterable[Words]) -> None:
        for part in parts:
            if part:
                self._parts.add(part)
                self._lengths.add(len(part))

    def stand_in(self, text: str | None) -> bool:
        """Whether the text says one of them, with whatever accents and marks."""
        words = folded_words(text)
        return any(
            tuple(words[start : start + length]) in self._parts
            for length in self._lengths
            for start in range(len(words) - length + 1)
        )


def near(name: str | None) -> Iterator[Words]:
    """For a text about the very person: any two words of the legal name, one after the other, are taken for it."""
    words = tuple(folded_words(name))
    if len(words) < 3:
        yield words
    for start in range(len(words) - 1):
        pair = words[start : start + 2]
        if not PARTICLES.intersection(pair):
            yield pair
    yield from far(name)


def far(name: str | None) -> Iterator[Words]:
    """For any other text: the whole legal name, and the short forms in which Spanish names are said.

    Of «given, given, surname, surname» the first given name with the first surname, with one or both of the others.
    """
    words = tuple(folded_words(name))
    if len(words) > 1:
        yield words
    if len(words) > 2:
        first, surname = words[0], words[-2]
        if surname not in PARTICLES:
            yield (first, surname)
            yield (first, surname, words[-1])
        yield words[:-1]


def calling(name: str | None) -> Words:
    return tuple(folded_words(name))
