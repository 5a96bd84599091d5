"""Whether a text that is to leave tells who somebody is: in headlines and summaries names slip in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select

from app.access import unguarded, visible
from app.accounts.models import User
from app.dates import today
from app.db import db, folded_words
from app.people.allowed import NAMED_PUBLIC, reach_of
from app.people.consent import ANY_PURPOSE, answer_for, holding_on
from app.people.models import Consent, Person, PersonAlias, PersonIdentity
from app.upr.rule import PURPOSE
from app.vocabulary.queries import upr_code

PARTICLES = frozenset({"de", "del", "la", "las", "los", "el", "y", "e", "da", "do", "dos", "van", "von"})
"""They stand in names and in every other sentence too."""
INDIVIDUAL = "individual"

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


def is_single(person: Any) -> bool:
    """One person: of a community or an organisation the name is no secret of one of its members."""
    return person.kind is None or upr_code("person_kinds", person.kind) == INDIVIDUAL


def everybody(user: User) -> HiddenNames:
    """All whom the user knows and who did not agree to be named in the review: a headline may name whom no row does."""
    hidden = HiddenNames()
    may_be_named = _who_may_be_named()
    persons: Any = visible(Person, user, withdrawn=True).with_only_columns(
        Person.id, Person.kind, Person.pseudonym, Person.is_public_figure
    )
    known: set[int] = set()
    for person in db.session.execute(persons):
        if person.is_public_figure or person.id in may_be_named or not is_single(person):
            continue
        known.add(person.id)
        if len(words := calling(person.pseudonym)) > 1:
            hidden.add([words])
    names: Any = visible(PersonIdentity, user).with_only_columns(PersonIdentity.person_id, PersonIdentity.legal_name)
    for person_id, name in db.session.execute(names):
        if person_id in known:
            hidden.add(far(name))
    aliases: Any = visible(PersonAlias, user).with_only_columns(PersonAlias.person_id, PersonAlias.name)
    for person_id, name in db.session.execute(aliases):
        if person_id in known and len(words := calling(name)) > 1:
            hidden.add([words])
    return hidden


def _who_may_be_named() -> set[int]:
    """Ids of those whose answer for the review itself allows the name today."""
    columns = (Consent.person_id, Consent.id, Consent.purpose, Consent.level, Consent.given_on)
    statement = select(*columns).where(holding_on(today()), Consent.purpose.in_([PURPOSE, ANY_PURPOSE]))
    answers: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(unguarded(statement, "only ids leave it, to be compared with rows that were seen")):
        answers[row.person_id].append(row)
    named = set()
    for person_id, given in answers.items():
        answer = answer_for(PURPOSE, given)
        if answer.purpose == PURPOSE and reach_of(answer) == NAMED_PUBLIC:
            named.add(person_id)
    return named
