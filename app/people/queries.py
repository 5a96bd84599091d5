"""What is asked of people: always by pseudonym, never by who they are."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import unguarded, visible
from app.accounts.models import User
from app.cases.models import Case
from app.db import db, fold
from app.merging import kept_instead, standing_pairs
from app.people.models import CaseRole, Consent, Person, PersonIdentity, PersonMerge
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
        found = found or [person for person in [kept_instead(user, Person, PersonMerge, reference.group(1))] if person]
    elif fold(text):
        candidates: Any = db.session.scalars(matching(visible(Person, user), Person, text, user))
        found = [person for person in candidates if fold(person.pseudonym) == fold(text)]
    else:
        return None
    return found[0] if len(found) == 1 else None


def suggestions(people: list[Person]) -> list[dict[str, str]]:
    """Values that `person_named` understands. The reference says who is meant, so nobody is asked about them again."""
    return [
        {
            "value": f"{person.pseudonym} ({person.reference})",
            "label": " · ".join(filter(None, [person.pseudonym, label("person_kinds", person.kind), person.reference])),
        }
        for person in people
    ]


def standing_merges(user: User, person: Person) -> list[PersonMerge]:
    """What went into this record, the last on top."""
    statement = (
        visible(PersonMerge, user)
        .where(PersonMerge.kept_id == person.id, PersonMerge.undone_at.is_(None))
        .options(joinedload(PersonMerge.gone), joinedload(PersonMerge.merged_by))
        .order_by(PersonMerge.id.desc())
    )
    return list(db.session.scalars(statement).unique())  # type: ignore[arg-type]


def went_into_another(person: Person) -> bool:
    return person.id in standing_pairs(PersonMerge)


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
    found += [number for number, name in _left_names(user) if sounds_like(typed, name)]
    people = visible(Person, user).where(Person.id.in_(found)).options(selectinload(Person.consents))
    return sorted(db.session.scalars(people), key=lambda person: (fold(person.pseudonym), person.id))


def _left_names(user: User) -> list[tuple[int, str | None]]:
    """Legal names that stayed with a record that went into another one, by the number of the one that stayed."""
    into = standing_pairs(PersonMerge)
    if not into:
        return []
    open_to = visible(Person, user).where(Person.identity_open_to(user), Person.id.in_(set(into.values())))
    may_ask = set(db.session.scalars(open_to.with_only_columns(Person.id)))
    names = select(PersonIdentity.person_id, PersonIdentity.legal_name).where(PersonIdentity.person_id.in_(into))
    rows = db.session.execute(unguarded(names, "the names of who went into a record that one may ask about"))
    return [(into[number], name) for number, name in rows if into[number] in may_ask]


def other_identities(user: User, person: Person) -> list[tuple[PersonMerge, PersonIdentity]]:
    """Who it is by the records that went into this one, where that is a second answer nobody has chosen between.

    For who may ask of the person who they are; the caller has taken down a reason.
    """
    waiting = {merge.gone_id: merge for merge in standing_merges(user, person) if merge.identity_chosen is None}
    if not waiting or not may_reveal(user, person):
        return []
    statement = select(PersonIdentity).where(PersonIdentity.person_id.in_(waiting))
    found = db.session.scalars(unguarded(statement, "the person may be asked about, and this record went into theirs"))
    return [(waiting[identity.person_id], identity) for identity in found]


def has_identity(user: User, person: Person) -> bool:
    """Whether an identity is on record, without reading it."""
    statement = visible(PersonIdentity, user).where(PersonIdentity.person_id == person.id)
    return db.session.scalar(statement.with_only_columns(PersonIdentity.id)) is not None


def pseudonyms_taken(user: User, text: str) -> list[str]:
    """References of visible people who already bear this pseudonym: a hint, not a ban."""
    candidates: Any = db.session.scalars(matching(visible(Person, user), Person, text, user).limit(50))
    return [person.reference for person in candidates if fold(person.pseudonym) == fold(text)]
