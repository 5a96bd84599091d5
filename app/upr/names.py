"""Whose names must not stand in any text of a pack."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from app.access import unguarded, visible
from app.accounts.models import User
from app.dates import today
from app.db import db
from app.people.allowed import NAMED_PUBLIC, reach_of
from app.people.consent import ANY_PURPOSE, answer_for, holding_on
from app.people.hidden_names import HiddenNames, calling, far
from app.people.models import Consent, Person, PersonAlias, PersonIdentity
from app.upr.rule import PURPOSE
from app.vocabulary.queries import upr_code

INDIVIDUAL = "individual"


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
