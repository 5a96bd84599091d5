"""Who a person belongs with: relations, organisations, posts; for full readers, and never beyond whom they see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, or_
from sqlalchemy.orm import joinedload

from app.access import reads_in_full, visible
from app.accounts.models import User
from app.dates import UncertainDate
from app.db import db
from app.i18n import language, uncertain_date_words
from app.people.models import Person, PersonLeadership, PersonOrganisation, PersonRelation
from app.vocabulary.queries import choices, entry

INVERSE = ":inverse"
"""After the code of a relation: said from the other end."""

MEMBER = "MEMBER"


@dataclass(frozen=True)
class Tie:
    """A relation as the page of one of the two tells it."""

    row: PersonRelation
    other: Person
    is_inverse: bool

    @property
    def words(self) -> str:
        return relation_words(self.row.kind, self.is_inverse)

    @property
    def is_member(self) -> bool:
        """The other belongs to this family, collective or organisation."""
        return self.is_inverse and self.row.kind == MEMBER


def relation_words(kind: str, is_inverse: bool) -> str:
    """What one is to the other; a relation that is the same from both ends has one word."""
    found = entry("person_relations", kind)
    if found is None:
        return kind
    inverse = (found.extra or {}).get(f"inverse_{language()}") if is_inverse else None
    return str(inverse or found.label)


def relation_choices(keep: str | None = None) -> list[tuple[str, str]]:
    """Each relation, and where it reads otherwise from the other end, that too."""
    found = []
    for code, words in choices("person_relations", keep=keep):
        found.append((code, words))
        if (inverse := relation_words(code, True)) != words:
            found.append((f"{code}{INVERSE}", inverse))
    return found


def lasting_words(row: Any) -> str:
    """«since 2012», «until May 2016», «2012 – May 2016»; empty where no day is known."""
    since, until = (uncertain_date_words(UncertainDate.read(text)) if text else "" for text in (row.since, row.until))
    if since and until:
        return f"{since} – {until}"
    if since:
        return _("since: %(day)s", day=since)
    return _("until: %(day)s", day=until) if until else ""


def relations_of(user: User, person: Person) -> list[Tie]:
    """Those of which the user sees both ends; a withdrawn person is at none."""
    statement = (
        visible(PersonRelation, user)
        .where(
            or_(PersonRelation.person_id == person.id, PersonRelation.other_id == person.id),
            PersonRelation.person.has(Person.withdrawn_at.is_(None) | (Person.id == person.id)),
            PersonRelation.other.has(Person.withdrawn_at.is_(None) | (Person.id == person.id)),
        )
        .options(joinedload(PersonRelation.person), joinedload(PersonRelation.other))
        .order_by(PersonRelation.id)
    )
    rows: Any = db.session.scalars(statement).unique()
    return [
        Tie(row, row.other if row.person_id == person.id else row.person, row.person_id != person.id) for row in rows
    ]


def of_organisations(user: User, person: Person) -> Select[Any]:
    return _of(PersonOrganisation, user, person)


def leaderships_of(user: User, person: Person) -> Select[Any]:
    return _of(PersonLeadership, user, person)


def _of(model: Any, user: User, person: Person) -> Select[Any]:
    statement = visible(model, user).where(model.person_id == person.id).options(joinedload(model.organisation))
    return statement.order_by(model.since.desc().nulls_last(), model.id)


def tie_of(user: User, person: Person, uid: str) -> Any:
    """The tie of that number at either end of which the person stands; None for one that is not the user's to open.

    A relation says as much of the other end as of this one: it is open to who reads both in full.
    """
    try:
        number = uuid.UUID(uid)
    except ValueError:
        return None
    for tie in relations_of(user, person):
        if tie.row.uid == number:
            return tie.row if reads_in_full(user, tie.row) else None
    for model in (PersonOrganisation, PersonLeadership):
        found: Any = db.session.scalars(_of(model, user, person).where(model.uid == number)).one_or_none()
        if found is not None:
            return found
    return None
