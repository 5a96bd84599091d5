"""Whether a text that is to leave tells who somebody is: in headlines and summaries names slip in."""

from __future__ import annotations

from collections.abc import Iterable

from app.db import folded_words

TOGETHER = 2
"""So many words of a legal name, one after the other, are taken for the name."""
PARTICLES = frozenset({"de", "del", "la", "las", "los", "el", "y", "e", "da", "do", "dos", "van", "von"})
"""They stand in names and in every other sentence too."""


def tells_a_name(text: str | None, names: Iterable[str | None], callings: Iterable[str | None] = ()) -> bool:
    """*names* are legal names, of which two words together suffice; *callings* pseudonyms and aliases, whole."""
    if not text:
        return False
    words = f" {' '.join(folded_words(text))} "
    return any(f" {part} " in words for part in _parts(names, callings))


def _parts(names: Iterable[str | None], callings: Iterable[str | None]) -> Iterable[str]:
    for name in names:
        parts = folded_words(name)
        if len(parts) <= TOGETHER:
            yield from filter(None, [" ".join(parts)])
        for start in range(len(parts) - TOGETHER + 1):
            if not PARTICLES.intersection(parts[start : start + TOGETHER]):
                yield " ".join(parts[start : start + TOGETHER])
    yield from filter(None, (" ".join(folded_words(calling)) for calling in callings))
