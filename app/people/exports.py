"""Which persons an export carried: noted before the first byte leaves, so that what went out can be called back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, false, insert, literal, select, update
from sqlalchemy.orm import joinedload

from app.access import unguarded, visible
from app.accounts.models import User
from app.db import db
from app.people.models import Export, ExportedPerson, Person

INCIDENTS, PROCEEDINGS, UPR = "incidents", "proceedings", "upr"

KINDS: dict[str, Any] = {
    INCIDENTS: _l("List of incidents"),
    PROCEEDINGS: _l("List of proceedings (CSV)"),
    UPR: _l("UPR pack"),
}
"""Words for each kind; a room above adds its own."""

WHY = "notes which persons an export carries; the rows themselves were narrowed by who takes it"


def kind_words(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def note_export(
    user: User,
    kind: str,
    name: str,
    persons: Select[Any],
    *,
    rows: int,
    case_id: int | None = None,
    period: tuple[date | None, date | None] = (None, None),
    named: Collection[int] = (),
) -> Export:
    """*persons* selects the ids of all in it; *named* are those whose legal name stands there. The caller commits.

    *case_id* is that of the one case of which it tells, where its name carries that of the case.
    """
    export = Export(kind=kind, name=name, taken_by_id=user.id, case_id=case_id, rows=rows)
    export.first_day, export.last_day = period
    db.session.add(export)
    db.session.flush()
    found = persons.order_by(None).distinct().subquery()
    (number,) = found.columns
    lines = select(literal(export.id), number, false()).where(number.is_not(None))
    into = insert(ExportedPerson).from_select(["export_id", "person_id", "is_named"], lines, include_defaults=False)
    db.session.execute(unguarded(into, WHY))
    if named:
        of_these = ExportedPerson.export_id == export.id, ExportedPerson.person_id.in_(named)
        statement = update(ExportedPerson).where(*of_these).values(is_named=True)
        db.session.execute(unguarded(statement, WHY), execution_options={"synchronize_session": False})
    return export


def exports_of(user: User, person: Person) -> Select[Any]:
    """What carried the person, the newest first; nothing for who does not read the person in full."""
    return (
        visible(ExportedPerson, user)
        .where(ExportedPerson.person_id == person.id)
        .join(ExportedPerson.export)
        .options(joinedload(ExportedPerson.export).joinedload(Export.taken_by))
        .order_by(Export.taken_at.desc(), Export.id.desc())
    )
