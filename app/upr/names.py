"""Whose names must not stand in any text of a pack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from app.access import unguarded
from app.dates import today
from app.db import db
from app.people.allowed import INTERNAL_ONLY, NAMED_PUBLIC, reach_of
from app.people.consent import ANY_PURPOSE, answer_for, holding_on
from app.people.hidden_names import HiddenNames, calling, far
from app.people.models import Consent, Person, PersonAlias, PersonIdentity
from app.upr.rule import PURPOSE
from app.vocabulary.queries import upr_code

INDIVIDUAL = "individual"
WHY = "only whether a text holds one of them leaves it; no name is shown"


def is_single(person: Any) -> bool:
    """One person: of a community or an organisation the name is no secret of one of its members."""
    return person.kind is None or upr_code("person_kinds", person.kind) == INDIVIDUAL


def everybody(teams: Collection[int], but: Collection[int] = ()) -> HiddenNames:
    """All in these teams who did not agree to be named in the review: a headline may name whom no row does.

    Those too whom the reader does not see: what was written may tell of them. Of public figures and of communities
    only those who refused. *but*: numbers of persons whose names may stand.
    """
    hidden = HiddenNames()
    reaches = _reaches()
    columns = (Person.id, Person.kind, Person.pseudonym, Person.is_public_figure, Person.open_name)
    persons = select(*columns).where(Person.team_id.in_(teams))
    known: set[int] = set()
    for person in db.session.execute(unguarded(persons, WHY)):
        reach = reaches.get(person.id)
        is_open = person.is_public_figure or not is_single(person)
        if person.id in but or reach == NAMED_PUBLIC or (is_open and reach != INTERNAL_ONLY):
            continue
        known.add(person.id)
        hidden.add(far(person.open_name))
        if len(words := calling(person.pseudonym)) > 1:
            hidden.add([words])
    names = select(PersonIdentity.person_id, PersonIdentity.legal_name)
    for person_id, name in db.session.execute(unguarded(names, WHY)):
        if person_id in known:
            hidden.add(far(name))
    aliases = select(PersonAlias.person_id, PersonAlias.name)
    for person_id, name in db.session.execute(unguarded(aliases, WHY)):
        if person_id in known and len(words := calling(name)) > 1:
            hidden.add([words])
    return hidden


def _reaches() -> dict[int, str]:
    """Of each person who was asked, how far the answer for the review reaches today."""
    columns = (Consent.person_id, Consent.id, Consent.purpose, Consent.level, Consent.given_on)
    statement = select(*columns).where(holding_on(today()), Consent.purpose.in_([PURPOSE, ANY_PURPOSE]))
    answers: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(unguarded(statement, WHY)):
        answers[row.person_id].append(row)
    reaches = {}
    for person_id, given in answers.items():
        answer = answer_for(PURPOSE, given)
        reach = reach_of(answer)
        # Only who said so for the review itself may be named in it.
        reaches[person_id] = reach if reach != NAMED_PUBLIC or answer.purpose == PURPOSE else "other"
    return reaches


def names_of(persons: Collection[int]) -> tuple[dict[int, str], dict[int, list[str]]]:
    """Legal names and aliases of the persons of some rows, whoever keeps them: to be looked for in texts, not told."""
    if not persons:
        return {}, {}
    ids = list(persons)
    identities = select(PersonIdentity.person_id, PersonIdentity.legal_name).where(PersonIdentity.person_id.in_(ids))
    legal = {number: name for number, name in db.session.execute(unguarded(identities, WHY)) if name}
    aliases: dict[int, list[str]] = defaultdict(list)
    named = select(PersonAlias.person_id, PersonAlias.name).where(PersonAlias.person_id.in_(ids))
    for number, name in db.session.execute(unguarded(named, WHY)):
        aliases[number].append(name)
    return legal, aliases
