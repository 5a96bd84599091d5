"""Note a letter before it leaves: who made it, of whom it tells, and whose name stands in it."""

from __future__ import annotations

from collections.abc import Collection

from app import audit
from app.access import visible
from app.accounts.models import User
from app.cases.models import Case
from app.db import db
from app.people.exports import note_export
from app.people.models import Person

UN_LETTER = "un_letter"


def file_name(case: Case) -> str:
    return f"un-letter-{case.reference}.docx"


def record_letter(
    user: User, case: Case, persons: Collection[int], named: Collection[int], rows: int, reason: str | None
) -> None:
    """Commit this before the first byte is given away."""
    told = visible(Person, user, withdrawn=True).where(Person.id.in_(persons)).with_only_columns(Person.id)
    note_export(user, UN_LETTER, file_name(case), told, rows=rows, case_id=case.id, named=named)
    audit.note_read(db.session, "export_taken", case, reason=reason, kind=UN_LETTER, rows=rows, named=len(named))
