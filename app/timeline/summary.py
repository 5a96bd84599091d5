"""The case on paper, with or without the names of those in it: recorded before it is shown."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app import audit
from app.access import count
from app.accounts.models import User
from app.cases.models import Case
from app.db import db
from app.downloads import KINDS
from app.people.exports import note_export
from app.people.models import Person, PersonIdentity
from app.people.operations import reveal_identity
from app.timeline.people import identities_in, persons_in

SUMMARY = "case_summary"
KINDS[SUMMARY] = _l("Case summary on paper")


def may_name(user: User, case: Case) -> bool:
    """Whether there is anybody in the case of whom the user could ask who it is."""
    return count(identities_in(user, case)) > 0


def names_revealed(user: User, case: Case, reason: str | None, only: Collection[int] | None = None) -> dict[int, str]:
    """Person id → legal name; each is on record as revealed. Raises ReasonMissing where the reason says too little.

    *only* narrows to these persons.
    """
    statement = identities_in(user, case).options(joinedload(PersonIdentity.person))
    if only is not None:
        statement = statement.where(PersonIdentity.person_id.in_(only))
    found: Any = db.session.scalars(statement).all()
    names = {one.person_id: reveal_identity(one.person, one, reason).legal_name for one in found}
    return {number: name for number, name in names.items() if name}


def record_summary(user: User, case: Case, rows: int, named: dict[int, str], reason: str | None) -> None:
    """Commit this before the page is given away: it is an export like a file."""
    name = f"{SUMMARY}-{case.reference}"
    persons = persons_in(user, case, withdrawn=True).with_only_columns(Person.id)
    note_export(user, SUMMARY, name, persons, rows=rows, case_id=case.id, named=list(named))
    audit.note_read(db.session, "export_taken", case, reason=reason, kind=SUMMARY, rows=rows, named=len(named))
