"""Write down risks, measures, actions and promises, and what becomes of them. The caller commits once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.access import visible
from app.accounts.models import User
from app.cases.models import Case
from app.dates import UncertainDate, today
from app.db import ReasonMissing, db
from app.doubts import Doubt, confirmed
from app.organisations.models import Organisation
from app.people.models import Person
from app.protection import doubts, risk
from app.protection.models import (
    COMMITMENT,
    RISK,
    AdvocacyAction,
    Beneficiary,
    Commitment,
    Factor,
    Protection,
    ProtectionMeasure,
    Recipient,
    RiskAssessment,
    Step,
)
from app.vocabulary.queries import entries

MODELS: dict[str, type[Any]] = {
    model.__mapper_args__["polymorphic_identity"]: model
    for model in (RiskAssessment, ProtectionMeasure, AdvocacyAction, Commitment)
}


def write_down(user: User, case: Case, kind: str, facts: Mapping[str, Any], reason: str | None = None) -> Protection:
    """A new one of that kind. Raises Unconfirmed before anything is written."""
    kept = confirmed(_doubts(kind, facts), reason)
    record: Protection = MODELS[kind](team_id=case.team_id, country=case.country, created_by_id=user.id)
    record.case = case
    db.session.add(record)
    _fill(user, record, facts, kept)
    return record


def change(user: User, record: Protection, facts: Mapping[str, Any], reason: str | None = None) -> None:
    """Raises Unconfirmed."""
    told = {"answered": record.answered} | dict(facts)
    _fill(user, record, facts, confirmed(_doubts(record.kind, told), reason))


def _doubts(kind: str, facts: Mapping[str, Any]) -> list[Doubt]:
    nothing = UncertainDate()
    asked, answered = facts["happened"], facts.get("answered") or nothing
    if kind == RISK:
        return doubts.of_day(asked, today()) + doubts.of_review(asked, facts["next_on"])
    if kind == COMMITMENT:
        return doubts.of_promise(asked, facts["next_on"], answered) + doubts.of_day(asked, today())
    found = doubts.of_request(asked, answered, facts.get("ended") or nothing, facts["next_on"])
    return found + doubts.of_day(answered, today())


def _fill(user: User, record: Protection, facts: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    columns = {name: value for name, value in facts.items() if name not in ("recipients", "factors")}
    for name, value in (columns | dict(kept)).items():
        setattr(record, name, value)
    if "recipients" in facts:
        _address(record, facts["recipients"])
    if isinstance(record, RiskAssessment):
        _weigh(record, facts["factors"])
    settle(record)
    record.touch(user.id)
    if isinstance(record, RiskAssessment):
        _settle_risks(user, record)


def settle(record: Protection) -> None:
    """Whether anything is still to be done: a next day keeps it open, whatever its state."""
    if isinstance(record, Commitment):
        record.is_open = record.outcome is None
    elif isinstance(record, ProtectionMeasure | AdvocacyAction):
        state = entries("intervention_status").get(record.status or "")
        is_over = bool(state and state.extra.get("is_over"))
        has_ended = isinstance(record, ProtectionMeasure) and record.has_ended
        record.is_open = record.next_on is not None or not (is_over or has_ended)


def _address(record: Protection, recipients: Sequence[tuple[Organisation | None, str]]) -> None:
    """Recipients anew, where they are others than before."""
    before = [(row.organisation_id, row.words) for row in record.recipients]
    wanted = [(body.id if body else None, None if body else words) for body, words in recipients]
    if before != wanted:
        record.recipients = [Recipient(organisation=body, words=None if body else words) for body, words in recipients]


# --- risk ----------------------------------------------------------------------------------------


def _weigh(record: RiskAssessment, factors: Sequence[str]) -> None:
    """Factors with the weight that they have today; one that stays keeps the weight that it had."""
    known = {row.factor for row in record.factors}
    for row in [row for row in record.factors if row.factor not in factors]:
        record.factors.remove(row)
    record.factors += [Factor(factor=code, weight=risk.weight_of(code)) for code in factors if code not in known]
    record.score = sum(row.weight for row in record.factors)
    record.level_suggested = risk.level_for(record.score)


def _settle_risks(user: User, record: RiskAssessment) -> None:
    """Of the assessments of one person in a case, or of one group, the last one is open and has its review."""
    db.session.flush()
    same_case = visible(RiskAssessment, user).where(RiskAssessment.case_id == record.case_id)
    whose = (
        RiskAssessment.group_label == record.group_label
        if record.person_id is None
        else Protection.person_id == record.person_id
    )
    rows: Any = db.session.scalars(same_case.where(whose)).all()
    ordered = sorted(rows, key=lambda row: (row.happened_from is not None, row.happened_from, row.id))
    for row in ordered:
        row.is_open = row is ordered[-1]


# --- who is protected, and step by step ----------------------------------------------------------


@dataclass
class BeneficiariesGiven:
    """People of the case, or a group that is counted."""

    people: Sequence[Person] = ()
    group_label: str | None = None
    count_least: int | None = None
    count_most: int | None = None
    asks_not_to_be_named: bool = False


def add_beneficiaries(user: User, record: Protection, given: BeneficiariesGiven) -> list[Beneficiary]:
    """The rows that are new; who is to be protected already is left as they are."""
    known = {row.person_id for row in record.beneficiaries}
    added = [Beneficiary(person=person) for person in dict.fromkeys(given.people) if person.id not in known]
    if given.group_label or given.count_least is not None:
        group = {name: getattr(given, name) for name in ("group_label", "count_least", "count_most")}
        added.append(Beneficiary(**group))
    for row in added:
        row.asks_not_to_be_named = given.asks_not_to_be_named
    record.beneficiaries.extend(added)
    record.touch(user.id)
    return added


@dataclass
class StepGiven:
    step: str
    taken: UncertainDate = field(default_factory=UncertainDate)
    sector: str | None = None
    note: str | None = None
    really_done: str | None = None


def take_step(user: User, record: Protection, given: StepGiven, reason: str | None = None) -> Step:
    """Raises Unconfirmed."""
    step = Step(**vars(given), **confirmed(_doubts_of_step(record, given), reason))
    record.steps.append(step)
    record.touch(user.id)
    return step


def mend_step(user: User, record: Protection, step: Step, given: StepGiven, reason: str | None = None) -> None:
    """Raises Unconfirmed."""
    for name, value in (vars(given) | confirmed(_doubts_of_step(record, given), reason)).items():
        setattr(step, name, value)
    record.touch(user.id)


def _doubts_of_step(record: Protection, given: StepGiven) -> list[Doubt]:
    return doubts.of_step(record.happened, given.taken) + doubts.of_day(given.taken, today())


def erase_part(user: User, record: Protection, part: Step | Beneficiary) -> None:
    """Take out what does not belong here; the trail keeps that it was there, and what it said."""
    parts: list[Any] = record.steps if isinstance(part, Step) else record.beneficiaries
    parts.remove(part)
    record.touch(user.id)


# --- what became of a promise --------------------------------------------------------------------


@dataclass
class OutcomeGiven:
    """No outcome opens the promise again."""

    outcome: str | None
    what_happened: str | None = None
    told: UncertainDate = field(default_factory=UncertainDate)
    evidence: str | None = None


def settle_commitment(user: User, record: Commitment, given: OutcomeGiven, reason: str | None = None) -> None:
    """Raises ReasonMissing without words on what happened, and Unconfirmed."""
    if given.outcome and not given.what_happened:
        raise ReasonMissing(_("Write what happened. Nothing was changed."))
    found = doubts.of_promise(record.happened, record.next_on, given.told) + doubts.of_day(given.told, today())
    kept = confirmed(found, reason)
    facts = {
        "outcome": given.outcome,
        "answer": given.what_happened,
        "answered": given.told,
        "evidence": given.evidence,
    }
    _fill(user, record, facts, kept)


# --- all of them ---------------------------------------------------------------------------------


def withdraw(user: User, record: Protection, reason: str) -> None:
    """Take it out of lists, cases and timelines. Raises ReasonMissing."""
    record.withdraw(user.id, reason)
    _settle_after(user, record)


def restore(user: User, record: Protection) -> None:
    record.restore(user.id)
    _settle_after(user, record)


def _settle_after(user: User, record: Protection) -> None:
    """The assessment before a withdrawn one is in force again."""
    if isinstance(record, RiskAssessment):
        _settle_risks(user, record)
