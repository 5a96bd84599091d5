"""Which columns name a person, in whatever room: the tables are asked, so that no future one is forgotten."""

from __future__ import annotations

from app.merging import Key, keys_to
from app.people.models import Person

LEFT_ALONE = frozenset({"person_merge"})
"""Tables whose keys say what was merged: they do not move."""


def keys_to_a_person() -> list[Key]:
    return keys_to(Person, LEFT_ALONE)
