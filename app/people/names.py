"""Names as they are said, not as they are written: accents, letters that sound alike, and the many spellings of
Quechua and Aymara names (Huamán and Guamán, Quispe and Qquispe, Ccari and Qari) are one."""

from __future__ import annotations

import re

from app.db import folded_words

_SOUNDS = (
    (r"ph", "f"),
    (r"([cskqtp])h", r"\1"),  # an aspirate is written or not
    (r"(cc|ck|kk|qq|k|q)u(?=[ei])|cc|ck|kk|qq|k|q|c(?![ei])", "k"),
    (r"[hgw]?u(?=[aeio])|w", "w"),  # Huamán, Guamán, Wamán
    (r"c(?=[ei])|z|ss|x", "s"),
    (r"ll|y|i|j(?=[aou])", "i"),
    (r"e", "i"),  # Quechua has three vowels; Spanish ears wrote five
    (r"o", "u"),
    (r"v", "b"),
    (r"h", ""),
    (r"n(?=[bp])", "m"),
    (r"(.)\1+", r"\1"),
)


def sound_of(word: str) -> str:
    """What is left of a folded word when only its sound counts. For comparing, never for showing."""
    for pattern, sound in _SOUNDS:
        word = re.sub(pattern, sound, word)
    return word


def sounds_of(name: str | None) -> list[str]:
    return [sound_of(word) for word in folded_words(name)]


SHORTEST_BEGINNING = 2
"""So many sounds begin a name; one alone, as of «zzz», is only like a name that is no longer itself."""


def sounds_like(typed: str, name: str | None) -> bool:
    """Whether each word typed is, by its sound, a word of the name or begins one. No word is like no name."""
    wanted, there = sounds_of(typed), sounds_of(name)
    return bool(wanted) and all(any(_begins(sound, word) for word in there) for sound in wanted)


def _begins(sound: str, word: str) -> bool:
    return word == sound or (len(sound) >= SHORTEST_BEGINNING and word.startswith(sound))
