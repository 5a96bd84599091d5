"""What left the house, and which persons in it: noted before the first byte leaves, so that it can be called back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, false, func, insert, literal, or_, select, update
from sqlalchemy.orm import joinedload

from app.access import COORDINATOR, teams_where, unguarded, visible
from app.accounts.models import Membership, User
from app.dates import day_of
from app.db import db
from app.downloads import KINDS, Taken
from app.people.consent import REFUSED
from app.people.models import Consent, Export, ExportedPerson, Person

UPR = "upr"

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
    form: str | None = None,
    filters: Mapping[str, str] | None = None,
    sha256: str | None = None,
) -> Export:
    """*persons* selects the ids of all in it; *named* are those whose legal name stands there. The caller commits.

    *case_id* is that of the one case of which it tells, where its name carries that of the case.
    """
    export = Export(kind=kind, name=name, taken_by_id=user.id, case_id=case_id, rows=rows, form=form, sha256=sha256)
    export.first_day, export.last_day = period
    export.filters = dict(filters) if filters else None
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


AT_ONCE = 1000


def keep_record(user: User, taken: Taken) -> None:
    """Of a list that was taken as a file; without names, for no list carries any."""
    table = taken.table
    export = Export(
        kind=table.kind, name=taken.name, taken_by_id=user.id, rows=taken.rows, form=taken.form,
        first_day=table.period[0], last_day=table.period[1], filters=dict(table.filters) or None,
        sha256=taken.sha256, sha256_inside=taken.sha256_inside,
    )  # fmt: skip
    db.session.add(export)
    db.session.flush()
    for first in range(0, len(taken.persons), AT_ONCE):
        numbers = taken.persons[first : first + AT_ONCE]
        lines = [{"export_id": export.id, "person_id": number, "is_named": False} for number in numbers]
        db.session.execute(insert(ExportedPerson), lines)


def exports_taken(user: User) -> Select[Any]:
    """One's own, and those of who works in no team but those that one coordinates; the newest first."""
    mine = teams_where(user, COORDINATOR)
    elsewhere = select(Membership.user_id).where(Membership.team_id.not_in(mine))
    coordinated = select(Membership.user_id).where(Membership.team_id.in_(mine), Membership.user_id.not_in(elsewhere))
    return (
        visible(Export, user)
        .where(or_(Export.taken_by_id == user.id, Export.taken_by_id.in_(coordinated)))
        .options(joinedload(Export.taken_by))
        .order_by(Export.taken_at.desc(), Export.id.desc())
    )


def with_digest(exports: Select[Any], digest: str) -> Select[Any]:
    """Which of these a file is: as it left, or as it lay in its locked archive."""
    return exports.where(or_(Export.sha256 == digest, Export.sha256_inside == digest))


def persons_counted(exports: Collection[Export]) -> dict[int, int]:
    """Number of an export → how many persons it told of."""
    ids = [export.id for export in exports]
    counted = select(ExportedPerson.export_id, func.count()).where(ExportedPerson.export_id.in_(ids))
    rows = db.session.execute(
        unguarded(counted.group_by(ExportedPerson.export_id), "how many, and nothing of who they are")
    )
    return {number: total for number, total in rows}


def taken_back_since(user: User, exports: Collection[Export]) -> dict[int, list[Person]]:
    """Number of an export → who in it took an answer back or refused on that day or later, of whom the user reads in
    full."""
    days = {export.id: day_of(export.taken_at) for export in exports}
    said_no = or_(Consent.withdrawn_on.is_not(None), Consent.level == REFUSED)
    statement = (
        visible(ExportedPerson, user)
        .where(ExportedPerson.export_id.in_(days))
        .join(ExportedPerson.person)
        .join(Consent, Consent.person_id == Person.id)
        .where(said_no)
        .with_only_columns(ExportedPerson.export_id, Person, Consent)
        .order_by(Person.pseudonym, Person.id)
    )
    found: dict[int, list[Person]] = {}
    for number, person, consent in db.session.execute(statement):
        refused_on = consent.given_on if consent.level == REFUSED else None
        since = [day for day in (consent.withdrawn_on, refused_on) if day is not None and day >= days[number]]
        if since and person not in found.setdefault(number, []):
            found[number].append(person)
    return found


def exports_of(user: User, person: Person) -> Select[Any]:
    """What carried the person, the newest first; nothing for who does not read the person in full."""
    return (
        visible(ExportedPerson, user)
        .where(ExportedPerson.person_id == person.id)
        .join(ExportedPerson.export)
        .options(joinedload(ExportedPerson.export).joinedload(Export.taken_by))
        .order_by(Export.taken_at.desc(), Export.id.desc())
    )
