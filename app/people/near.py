"""People who may be meant by a name: asked before a second record is made of one person, so that nobody is twice.

Only pseudonyms and further names are compared, and only of people whom the user sees; legal names never.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from rapidfuzz import fuzz

from app.access import visible
from app.accounts.models import User
from app.db import db, fold, folded_words
from app.people.models import Person, PersonAlias
from app.people.names import sound_of

MOST_OFFERED = 6
ALIKE = 84
"""From how much of a hundred two names, as they sound, are taken for one with a slip of the pen."""

LONG_ENOUGH = 4
"""A word of so many sounds says something: «Retama» alone may be «Retama del Sur», «La» is nobody."""

MOST_READ = 60
_sound = lru_cache(maxsize=20_000)(sound_of)


def people_like(user: User, *names: str | None, but: Person | None = None) -> list[tuple[Person, str]]:
    """Visible people who could be meant, the likeliest first, each with the name that is like one of *names*."""
    wanted = [name for name in names if folded_words(name)]
    if not wanted:
        return []
    best: dict[int, tuple[float, str]] = {}
    for number, called in _called(user):
        score = max(likeness(name or "", called) for name in wanted)
        if score > best.get(number, (0.0, ""))[0] and (but is None or number != but.id):
            best[number] = (score, called)
    ordered = sorted(best.items(), key=lambda item: (-item[1][0], fold(item[1][1]), item[0]))[:MOST_OFFERED]
    found: Any = db.session.scalars(visible(Person, user).where(Person.id.in_([number for number, _best in ordered])))
    people: dict[int, Person] = {person.id: person for person in found}
    return [(people[number], called) for number, (_score, called) in ordered if number in people]


def near_words(person: Person, called: str) -> str:
    """A person by the pseudonym, and by the name under which they were found."""
    if called == person.pseudonym:
        return f"{person.pseudonym} · {person.reference}"
    return _(
        "%(name)s, also called %(alias)s · %(reference)s",
        name=person.pseudonym,
        alias=called,
        reference=person.reference,
    )


def _called(user: User) -> Iterable[Any]:
    people = visible(Person, user)
    yield from db.session.execute(people.with_only_columns(Person.id, Person.pseudonym))
    in_full = people.where(Person.full_to(user), Person.is_public_figure, Person.open_name.is_not(None))
    yield from db.session.execute(in_full.with_only_columns(Person.id, Person.open_name))
    aliases = visible(PersonAlias, user).where(PersonAlias.person.has(Person.withdrawn_at.is_(None)))
    yield from db.session.execute(aliases.with_only_columns(PersonAlias.person_id, PersonAlias.name))


def likeness(one: str, other: str) -> float:
    """0 where two names have nothing to do with each other, 100 where they sound the same. A number tells apart."""
    ours, theirs = folded_words(one)[:MOST_READ], folded_words(other)[:MOST_READ]
    if _numbers(ours) != _numbers(theirs):
        return 0.0
    heard, there = [_sound(word) for word in ours], [_sound(word) for word in theirs]
    score = fuzz.token_sort_ratio(" ".join(heard), " ".join(there), score_cutoff=ALIKE)
    shared = set(heard) & set(there)
    if shared in (set(heard), set(there)) and any(len(word) >= LONG_ENOUGH for word in shared):
        return max(score, float(ALIKE))
    return score


def _numbers(words: list[str]) -> list[str]:
    return [word for word in words if word.isdigit()]
