"""What is asked about protection: the list, one with all that hangs on it, and what a case or a person has."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from app import i18n
from app.access import visible
from app.accounts.models import User
from app.agenda import SOON, TEAM
from app.cases.models import Case, CaseMember
from app.dates import UncertainDate
from app.db import db
from app.incidents.models import Act, Incident
from app.people.models import CaseRole, Person
from app.people.queries import roles_in
from app.protection.models import (
    AdvocacyAction,
    Beneficiary,
    Commitment,
    Protection,
    ProtectionMeasure,
    Recipient,
    RiskAssessment,
)
from app.protection.names import KINDS
from app.search import matching
from app.vocabulary.queries import label

WITHDRAWN = "WITHDRAWN"
OPEN, LATE, NEAR, OVER = "OPEN", "LATE", "SOON", "OVER"


@dataclass(frozen=True)
class ProtectionWish:
    """What the list is asked for."""

    text: str = ""
    kind: str = ""
    status: str = ""
    due: str = ""
    whose: str = ""
    case: str = ""


def protection_found(user: User, wish: ProtectionWish, day: date) -> Select[tuple[Protection]]:
    """Visible records that fit: open ones first, by the day on which something is due."""
    is_withdrawn = wish.status == WITHDRAWN
    statement = matching(visible(Protection, user, withdrawn=is_withdrawn), Protection, wish.text, user)
    standing = visible(Case, user).with_only_columns(Case.id)
    if is_withdrawn:
        statement = statement.where(Protection.withdrawn_at.is_not(None))
    else:
        statement = statement.where(Protection.case_id.in_(standing))
        if wish.status:
            statement = statement.where(Protection.status == wish.status)
    if wish.kind:
        statement = statement.where(Protection.kind == wish.kind)
    if wish.case:
        statement = statement.where(Protection.case_id.in_(standing.where(Case.reference == wish.case)))
    statement = _due(_whose(statement, user, wish.whose), wish.due, day)
    return statement.order_by(Protection.is_open.desc(), Protection.next_on.asc().nulls_last(), Protection.id.desc())


def _whose(statement: Select[Any], user: User, whose: str) -> Select[Any]:
    if whose == TEAM:
        return statement.where(Protection.team_id.in_(list(user.roles)))
    if whose == "mine":
        followed = select(CaseMember.case_id).where(CaseMember.user_id == user.id)
        return statement.where(Protection.case_id.in_(followed))
    return statement


def _due(statement: Select[Any], due: str, day: date) -> Select[Any]:
    if due == OVER:
        return statement.where(Protection.is_open.is_(False))
    if due in (OPEN, LATE, NEAR):
        statement = statement.where(Protection.is_open)
    if due == LATE:
        return statement.where(Protection.next_on < day)
    if due == NEAR:
        return statement.where(Protection.next_on.between(day, day + SOON))
    return statement


def for_list(statement: Select[Any]) -> Select[Any]:
    """With what a line of the list shows."""
    return statement.options(
        selectinload(Protection.case),
        selectinload(Protection.body),
        selectinload(Protection.beneficiaries).selectinload(Beneficiary.person),
        selectinload(Protection.recipients).selectinload(Recipient.organisation),
        selectinload(Protection.person),
    )


def for_page(statement: Select[Any]) -> Select[Any]:
    """With all that a page of one shows, in a fixed number of statements."""
    return for_list(statement).options(selectinload(Protection.steps), selectinload(Protection.factors))


def protection_in(user: User, case: Case) -> Select[tuple[Protection]]:
    return (
        visible(Protection, user)
        .where(Protection.case_id == case.id)
        .order_by(Protection.is_open.desc(), Protection.next_on.asc().nulls_last(), Protection.id.desc())
    )


def protection_of(user: User, person: Person) -> Select[tuple[Protection]]:
    """What is about that person, for who reads it in full: to others it would say who is at risk."""
    named = select(Beneficiary.protection_id).where(Beneficiary.person_id == person.id)
    return (
        visible(Protection, user)
        .where(
            Protection.case_id.in_(visible(Case, user).with_only_columns(Case.id)),
            or_(Protection.id.in_(named), Protection.person_id == person.id),
            Protection.full_to(user),
        )
        .order_by(Protection.is_open.desc(), Protection.next_on.asc().nulls_last(), Protection.id.desc())
    )


def entries_told_by_protection(user: User, case: Case) -> Select[Any]:
    """Numbers of the timeline's entries for which one of these stands."""
    return protection_in(user, case).order_by(None).with_only_columns(Protection.entry_uid)


def people_in(user: User, case: Case, *kept: Person | None) -> list[Person]:
    """Whom a form may name: who has a role in the case or is affected in it, read in full; who is named already."""
    affected = visible(Act, user).join(Act.incident).where(Incident.case_id == case.id)
    concerned = Person.id.in_(
        roles_in(user, case).with_only_columns(CaseRole.person_id).order_by(None)
    ) | Person.id.in_(affected.with_only_columns(Act.person_id))
    statement = visible(Person, user).where(Person.full_to(user), concerned).order_by(Person.pseudonym, Person.id)
    return list(dict.fromkeys([*db.session.scalars(statement), *(one for one in kept if one is not None)]))


def incidents_in(user: User, case: Case) -> list[Incident]:
    statement = visible(Incident, user).where(Incident.case_id == case.id)
    ordered = statement.order_by(Incident.happened_from.desc().nulls_last(), Incident.id.desc())
    found: Any = db.session.scalars(ordered).unique()
    return list(found)


def incident_of(user: User, record: Protection) -> Incident | None:
    """Its reason, where it is still to be seen: an incident may have left the case, or been withdrawn."""
    statement = visible(Incident, user).where(Incident.id == record.incident_id)
    found: Any = db.session.scalars(statement).unique().one_or_none() if record.incident_id else None
    return found


def part_of(record: Protection, uid: str) -> Any:
    """What hangs on this record, and on no other, under that number; None for anything else."""
    try:
        number = uuid.UUID(uid)
    except ValueError:
        return None
    parts: list[Any] = [*record.steps, *record.beneficiaries]
    return next((part for part in parts if part.uid == number), None)


# --- in words ------------------------------------------------------------------------------------


def kind_words(record: Protection) -> str:
    """What it is, by its code: says nothing of a person."""
    found = ""
    if isinstance(record, ProtectionMeasure):
        found = label("protection_measures", record.measure)
    elif isinstance(record, AdvocacyAction):
        found = label("advocacy_actions", record.action)
    return found or str(KINDS[record.kind])


def shown_title(record: Protection, in_full: bool) -> str:
    """Who reads without identity is given the kind alone; others also whom it is about or to whom it goes."""
    words = kind_words(record)
    if not in_full:
        return words
    if isinstance(record, RiskAssessment):
        about = record.whose
    elif isinstance(record, AdvocacyAction):
        about = _several([row.name for row in record.recipients])
    else:
        about = record.addressed
    return f"{words}: {about}" if about else words


def _several(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def status_words(record: Protection) -> str:
    if isinstance(record, RiskAssessment):
        return label("risk_levels", record.level)
    if isinstance(record, Commitment):
        return label("commitment_outcomes", record.outcome) or _("waited for")
    return label("intervention_status", record.status)


def shown_day(value: UncertainDate, in_full: bool) -> str:
    """The day as far as it is known; the words of the source are for full readers."""
    return i18n.uncertain_date_words(value if in_full else replace(value, text=None))
