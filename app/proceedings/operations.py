"""Open a proceeding and write down what becomes of it. Each operation is whole; the caller commits once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.accounts.models import User
from app.cases.models import Case
from app.dates import UncertainDate
from app.db import db
from app.doubts import confirmed
from app.incidents.models import Incident
from app.people.models import Person
from app.people.operations import give_role, record_person
from app.proceedings import doubts
from app.proceedings.models import (
    ACCOUNTABILITY,
    Accused,
    CaseNumber,
    Charge,
    FairTrialAnswer,
    Hearing,
    Measure,
    MeasureExtension,
    Proceeding,
    Stage,
)
from app.public_part import close_public_part


def open_proceeding(user: User, case: Case, facts: dict[str, Any]) -> Proceeding:
    """A new proceeding of the case. *facts* are columns by their name."""
    proceeding = Proceeding(case=case, case_id=case.id, team_id=case.team_id, country=case.country)
    proceeding.created_by_id = user.id
    db.session.add(proceeding)
    change_proceeding(user, proceeding, facts)
    return proceeding


def change_proceeding(user: User, proceeding: Proceeding, facts: dict[str, Any]) -> None:
    """What was approved as public is no longer what is written once its title says something else."""
    title = (proceeding.title_es, proceeding.title_en)
    for name, value in facts.items():
        setattr(proceeding, name, value)
    if proceeding.public_set_at is not None and title != (proceeding.title_es, proceeding.title_en):
        close_public_part(proceeding)
    proceeding.touch(user.id)


def set_origin(user: User, proceeding: Proceeding, offered: Collection[Incident], chosen: Collection[Incident]) -> None:
    """It arises from those *chosen* among the *offered*; the links that the user was not shown stay."""
    there = {link.incident_id: link for link in proceeding.incident_links}
    for incident in offered:
        link = there.get(incident.id)
        if incident in chosen and link is None:
            proceeding.incidents.append(incident)
        elif incident not in chosen and link is not None:
            proceeding.incident_links.remove(link)
    proceeding.touch(user.id)


def withdraw_proceeding(user: User, proceeding: Proceeding, reason: str) -> None:
    """Take it out of lists, cases and timelines. Raises ReasonMissing."""
    proceeding.withdraw(user.id, reason)


def restore_proceeding(user: User, proceeding: Proceeding) -> None:
    proceeding.restore(user.id)


def erase_part(user: User, proceeding: Proceeding, part: Any) -> None:
    """Take out what does not belong here; the trail keeps that it was there, and what it said."""
    for parts in (
        proceeding.numbers, proceeding.accused, proceeding.stages, proceeding.hearings, proceeding.deadlines,
    ):  # fmt: skip
        if part in parts:
            parts.remove(part)
    if isinstance(part, Charge):
        part.accused.charges.remove(part)
    if isinstance(part, Measure):
        part.accused.measures.remove(part)
    if isinstance(part, MeasureExtension):
        part.measure.extensions.remove(part)
    _settle(proceeding)
    proceeding.touch(user.id)


# --- numbers -------------------------------------------------------------------------------------


def add_number(user: User, proceeding: Proceeding, number_type: str, number: str, issuing_body: str | None) -> None:
    """Of the same number of the same type there is one."""
    if (number_type, number) not in {(one.number_type, one.number) for one in proceeding.numbers}:
        row = CaseNumber(number_type=number_type, number=number, issuing_body=issuing_body)
        proceeding.numbers.append(row)
        proceeding.touch(user.id)


# --- accused -------------------------------------------------------------------------------------


@dataclass
class AccusedGiven:
    """Whom the form names: people on record, pseudonyms that are new, or a group that is counted."""

    role: str = "ACCUSED"
    people: Sequence[Person] = ()
    pseudonyms: Sequence[str] = ()
    group_label: str | None = None
    count_least: int | None = None
    count_most: int | None = None


def add_accused(user: User, proceeding: Proceeding, given: AccusedGiven) -> list[Accused]:
    """The rows that are new; who is among the accused in this role already is left as they are."""
    case_role = "ALLEGED" if proceeding.direction == ACCOUNTABILITY else "AFFECTED"
    known = {(row.person_id, row.role) for row in proceeding.accused}
    people = list(given.people)
    for pseudonym in given.pseudonyms:
        facts = {"pseudonym": pseudonym, "kind": "INDIVIDUAL", "country": proceeding.country}
        people.append(record_person(user, proceeding.team_id, facts))
    added = []
    for person in people:
        if not any(role.case_id == proceeding.case_id for role in person.case_roles):
            give_role(person, proceeding.case, case_role)
        if person.id is None or (person.id, given.role) not in known:
            added.append(Accused(person=person, role=given.role))
    if given.group_label or given.count_least is not None:
        group = {name: getattr(given, name) for name in ("group_label", "count_least", "count_most")}
        added.append(Accused(role=given.role, **group))
    proceeding.accused.extend(added)
    proceeding.touch(user.id)
    return added


def set_outcome(user: User, proceeding: Proceeding, accused: Iterable[Accused], outcome: str | None) -> None:
    """What came out for these; their charges that have no outcome of their own yet get the same."""
    for row in accused:
        before = row.outcome
        row.outcome = outcome
        for charge in row.charges:
            if charge.outcome in (None, before):
                charge.outcome = outcome
    proceeding.touch(user.id)


@dataclass
class ChargeGiven:
    offence: str
    article: str | None = None
    participation: str | None = None
    outcome: str | None = None


def add_charge(
    user: User, proceeding: Proceeding, accused: Iterable[Accused], given: ChargeGiven, reason: str | None = None
) -> None:
    """The same charge for each. Raises Unconfirmed."""
    kept = confirmed(doubts.of_charge(proceeding, given.offence), reason)
    for row in accused:
        if given.offence not in {charge.offence for charge in row.charges}:
            row.charges.append(Charge(proceeding_id=proceeding.id, **vars(given), **kept))
    proceeding.touch(user.id)


def mend_charge(
    user: User, proceeding: Proceeding, charge: Charge, given: ChargeGiven, reason: str | None = None
) -> None:
    """Raises Unconfirmed."""
    _set(charge, vars(given) | confirmed(doubts.of_charge(proceeding, given.offence), reason))
    proceeding.touch(user.id)


# --- stages --------------------------------------------------------------------------------------


@dataclass
class StageGiven:
    stage: str
    entered: UncertainDate = field(default_factory=UncertainDate)
    left: UncertainDate = field(default_factory=UncertainDate)
    outcome: str | None = None
    note: str | None = None
    citation: str | None = None
    url: str | None = None
    entry_uid: uuid.UUID | None = None


def enter_stage(user: User, proceeding: Proceeding, given: StageGiven, reason: str | None = None) -> Stage:
    """For the whole proceeding. Raises Unconfirmed."""
    kept = confirmed(doubts.of_stage(proceeding, given.stage, given.entered, given.left), reason)
    stage = Stage(**vars(given), **kept)
    proceeding.stages.append(stage)
    _settle(proceeding)
    proceeding.touch(user.id)
    return stage


def mend_stage(user: User, proceeding: Proceeding, stage: Stage, given: StageGiven, reason: str | None = None) -> None:
    kept = confirmed(doubts.of_stage(proceeding, given.stage, given.entered, given.left, stage), reason)
    _set(stage, vars(given) | kept | {"entry_uid": stage.entry_uid})
    _settle(proceeding)
    proceeding.touch(user.id)


def _settle(proceeding: Proceeding) -> None:
    """The stage in which it stands, for lists and filters."""
    ordered = proceeding.stages_in_order
    proceeding.current_stage = ordered[-1].stage if ordered else None


def _set(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


# --- measures ------------------------------------------------------------------------------------


@dataclass
class MeasureGiven:
    measure: str
    started: UncertainDate = field(default_factory=UncertainDate)
    limit_on: date | None = None
    ended: UncertainDate = field(default_factory=UncertainDate)
    note: str | None = None


def add_measure(
    user: User, proceeding: Proceeding, accused: Iterable[Accused], given: MeasureGiven, reason: str | None = None
) -> None:
    """The same measure for each. Raises Unconfirmed."""
    found = doubts.of_measure(proceeding, given.measure, given.started, given.limit_on, given.ended)
    kept = confirmed(found, reason)
    for row in accused:
        row.measures.append(Measure(proceeding_id=proceeding.id, **vars(given), **kept))
    proceeding.touch(user.id)


def mend_measure(
    user: User, proceeding: Proceeding, measure: Measure, given: MeasureGiven, reason: str | None = None
) -> None:
    """Change it, or write down its end. Raises Unconfirmed."""
    extended = bool(measure.extensions)
    found = doubts.of_measure(proceeding, given.measure, given.started, given.limit_on, given.ended, extended=extended)
    _set(measure, vars(given) | confirmed(found, reason))
    proceeding.touch(user.id)


def extend_measure(
    user: User,
    proceeding: Proceeding,
    measure: Measure,
    until_on: date,
    decided_on: date | None,
    note: str | None,
    reason: str | None = None,
) -> None:
    """Raises Unconfirmed."""
    found = doubts.of_measure(proceeding, measure.measure, measure.started, until_on, UncertainDate(), extended=True)
    kept = confirmed(found, reason)
    extension = MeasureExtension(
        proceeding_id=proceeding.id, until_on=until_on, decided_on=decided_on, note=note, **kept
    )
    measure.extensions.append(extension)
    proceeding.touch(user.id)


# --- hearings and the checklist ------------------------------------------------------------------


@dataclass
class HearingGiven:
    held_on: date
    held_at: str | None = None
    kind: str | None = None
    place: str | None = None
    what_happened: str | None = None
    next_on: date | None = None


def add_hearing(user: User, proceeding: Proceeding, given: HearingGiven, reason: str | None = None) -> Hearing:
    """Raises Unconfirmed."""
    kept = confirmed(doubts.of_hearing(proceeding, given.held_on, given.next_on), reason)
    hearing = Hearing(**vars(given), **kept)
    proceeding.hearings.append(hearing)
    proceeding.touch(user.id)
    return hearing


def mend_hearing(
    user: User, proceeding: Proceeding, hearing: Hearing, given: HearingGiven, reason: str | None = None
) -> None:
    kept = confirmed(doubts.of_hearing(proceeding, given.held_on, given.next_on), reason)
    _set(hearing, vars(given) | kept)
    proceeding.touch(user.id)


@dataclass
class AnswerGiven:
    answer: str | None
    note: str | None = None
    source: str | None = None


def answer_checklist(user: User, proceeding: Proceeding, given: dict[str, AnswerGiven]) -> None:
    """Point → answer. A point without an answer is open, which is not the same as «not on record»."""
    known = {row.point: row for row in proceeding.answers}
    for point, said in given.items():
        row = known.get(point)
        if said.answer is None:
            if row is not None:
                proceeding.answers.remove(row)
            continue
        if row is None:
            row = FairTrialAnswer(point=point)
            proceeding.answers.append(row)
        _set(row, vars(said))
    proceeding.touch(user.id)
