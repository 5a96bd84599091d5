"""What is asked of people: always by pseudonym, never by who they are."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.accounts.models import User
from app.cases.models import Case
from app.db import db, fold
from app.people.models import CaseRole, Consent, Person, PersonIdentity
from app.people.names import sounds_like
from app.search import matching
from app.vocabulary.queries import label

SUGGESTIONS = 12


@dataclass(frozen=True)
class PeopleWish:
    """What the list is asked for."""

    text: str = ""
    kind: str = ""
    withdrawn: bool = False
    """Those that were withdrawn, and no others."""


def people_found(user: User, wish: PeopleWish) -> Select[tuple[Person]]:
    statement = matching(visible(Person, user, withdrawn=wish.withdrawn), Person, wish.text, user)
    if wish.withdrawn:
        statement = statement.where(Person.withdrawn_at.is_not(None))
    if wish.kind:
        statement = statement.where(Person.kind == wish.kind)
    return statement.options(selectinload(Person.consents)).order_by(Person.updated_at.desc(), Person.id.desc())


def person_named(user: User, text: str | None) -> Person | None:
    """The one visible person with that pseudonym or reference; None when there is none, or more than one."""
    reference = re.search(r"\b([A-Z]{3}-D-[0-9A-Z]{5})\b", (text or "").upper())
    if reference:
        found: Any = db.session.scalars(visible(Person, user).where(Person.reference == reference.group(1))).all()
    elif fold(text):
        candidates: Any = db.session.scalars(matching(visible(Person, user), Person, text, user))
        found = [person for person in candidates if fold(person.pseudonym) == fold(text)]
    else:
        return None
    return found[0] if len(found) == 1 else None


def suggestions(people: list[Person]) -> list[dict[str, str]]:
    """Values that `person_named` understands: namesakes stay apart by their reference."""
    names = [fold(person.pseudonym) for person in people]
    return [
        {
            "value": person.pseudonym
            if names.count(fold(person.pseudonym)) == 1
            else f"{person.pseudonym} ({person.reference})",
            "label": " · ".join(filter(None, [person.pseudonym, label("person_kinds", person.kind), person.reference])),
        }
        for person in people
    ]


def roles_of(user: User, person: Person) -> Select[tuple[CaseRole]]:
    """The person's roles in the cases that the user sees."""
    return (
        visible(CaseRole, user)
        .where(CaseRole.person_id == person.id, CaseRole.case.has(Case.withdrawn_at.is_(None)))
        .options(selectinload(CaseRole.case))
        .order_by(CaseRole.id)
    )


def roles_in(user: User, case: Case) -> Select[tuple[CaseRole]]:
    """Who is in the case, as what."""
    return (
        visible(CaseRole, user)
        .where(CaseRole.case_id == case.id, CaseRole.person.has(Person.withdrawn_at.is_(None)))
        .options(selectinload(CaseRole.person).selectinload(Person.consents))
        .order_by(CaseRole.id)
    )


def consent_of(user: User, person: Person, uid: str) -> Consent | None:
    try:
        number = uuid.UUID(uid)
    except ValueError:
        return None
    statement = visible(Consent, user).where(Consent.person_id == person.id, Consent.uid == number)
    return db.session.scalars(statement).one_or_none()  # type: ignore[return-value]


def may_reveal(user: User, person: Person) -> bool:
    """Whether the user may ask who it is."""
    statement = visible(Person, user, withdrawn=True).where(Person.id == person.id, Person.identity_open_to(user))
    return db.session.scalar(statement.with_only_columns(Person.id)) is not None


def identity_of(user: User, person: Person) -> PersonIdentity | None:
    """Who it is, for who may ask; the caller has taken down a reason."""
    statement = visible(PersonIdentity, user).where(PersonIdentity.person_id == person.id)
    return db.session.scalars(statement).one_or_none()  # type: ignore[return-value]


def people_of_that_name(user: User, typed: str) -> list[Person]:
    """The people whose legal name sounds so, among those whom the user may ask who they are.

    Names stand sealed in the database, so they are opened and compared here, in memory.
    """
    sealed = visible(PersonIdentity, user).with_only_columns(PersonIdentity.person_id, PersonIdentity.legal_name)
    found = [number for number, name in db.session.execute(sealed) if sounds_like(typed, name)]
    people = visible(Person, user).where(Person.id.in_(found)).options(selectinload(Person.consents))
    return sorted(db.session.scalars(people), key=lambda person: (fold(person.pseudonym), person.id))


def has_identity(user: User, person: Person) -> bool:
    """Whether an identity is on record, without reading it."""
    statement = visible(PersonIdentity, user).where(PersonIdentity.person_id == person.id)
    return db.session.scalar(statement.with_only_columns(PersonIdentity.id)) is not None


def pseudonyms_taken(user: User, text: str) -> list[str]:
    """References of visible people who already bear this pseudonym: a hint, not a ban."""
    candidates: Any = db.session.scalars(matching(visible(Person, user), Person, text, user).limit(50))
    return [person.reference for person in candidates if fold(person.pseudonym) == fold(text)]
