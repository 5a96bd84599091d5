"""Write down risks, measures, actions and promises, and what becomes of them. The caller commits once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.access import visible
from app.accounts.models import User
from app.cases.models import Case
from app.dates import UncertainDate, today
from app.db import ReasonMissing, db
from app.doubts import Doubt, confirmed
from app.incidents.models import Incident
from app.organisations.models import Organisation
from app.people.models import Person
from app.people.operations import give_role, record_person
from app.protection import doubts, risk
from app.protection.models import (
    AdvocacyAction,
    Beneficiary,
    Commitment,
    Factor,
    Protection,
    ProtectionIncident,
    ProtectionMeasure,
    Recipient,
    RiskAssessment,
    Step,
)
from app.vocabulary.queries import entries


@dataclass(frozen=True)
class Ground:
    """What a record hangs on: a case; without one an incident; without either a person."""

    case: Case | None = None
    incident: Incident | None = None
    person: Person | None = None

    @property
    def root(self) -> Case | Incident | Person:
        found = self.case or self.incident or self.person
        assert found is not None
        return found


def _new(user: User, model: type[Any], ground: Ground) -> Any:
    root = ground.root
    record = model(
        team_id=root.team_id,
        country=root.country,
        case_id=ground.case.id if ground.case else None,
        incident_id=ground.incident.id if ground.incident else None,
        person_id=ground.person.id if ground.person else None,
        created_by_id=user.id,
    )
    record.case, record.incident, record.person = ground.case, ground.incident, ground.person
    if ground.incident is not None:
        record.incident_links = [ProtectionIncident(incident=ground.incident)]
    db.session.add(record)
    return record


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _change(user: User, record: Protection, facts: Mapping[str, Any], found: Iterable[Doubt], reason: str | None) -> None:
    """Raises Unconfirmed."""
    kept = confirmed(found, reason)
    incidents, recipients = facts.get("incidents"), facts.get("recipients")
    _set(record, {name: value for name, value in facts.items() if name not in ("incidents", "recipients", "factors")})
    _set(record, kept)
    if incidents is not None:
        _link(record, incidents)
    if recipients is not None:
        _address(record, recipients)
    settle(record)
    record.touch(user.id)


def settle(record: Protection) -> None:
    """Whether anything is still to be done: a next day keeps it open, whatever its state."""
    if isinstance(record, Commitment):
        record.is_open = record.outcome is None
    elif isinstance(record, ProtectionMeasure | AdvocacyAction):
        state = entries("intervention_status").get(record.status or "")
        is_over = bool(state and state.extra.get("is_over"))
        has_ended = isinstance(record, ProtectionMeasure) and record.has_ended
        record.is_open = record.next_on is not None or not (is_over or has_ended)


def _link(record: Protection, incidents: Sequence[Incident]) -> None:
    wanted = {incident.id for incident in incidents}
    for link in [link for link in record.incident_links if link.incident_id not in wanted]:
        record.incident_links.remove(link)
    known = {link.incident_id for link in record.incident_links}
    record.incident_links += [ProtectionIncident(incident=one) for one in incidents if one.id not in known]


def _address(record: Protection, recipients: Sequence[tuple[Organisation | None, str]]) -> None:
    """Recipients anew, where they are others than before."""
    before = [(row.organisation_id, row.words) for row in record.recipients]
    wanted = [(body.id if body else None, None if body else words) for body, words in recipients]
    if before != wanted:
        record.recipients = [Recipient(organisation=body, words=None if body else words) for body, words in recipients]


# --- measures ------------------------------------------------------------------------------------


def ask_for_measure(
    user: User, ground: Ground, facts: dict[str, Any], reason: str | None = None
) -> ProtectionMeasure:
    """Who the page of a person leads here for is the first to be protected. Raises Unconfirmed."""
    found = _doubts_of_request(facts)
    confirmed(found, reason)
    record: ProtectionMeasure = _new(user, ProtectionMeasure, ground)
    if ground.person is not None:
        record.beneficiaries = [Beneficiary(person=ground.person)]
    _change(user, record, facts, found, reason)
    return record


def change_measure(user: User, record: ProtectionMeasure, facts: dict[str, Any], reason: str | None = None) -> None:
    _change(user, record, facts, _doubts_of_request(facts), reason)


def _doubts_of_request(facts: Mapping[str, Any]) -> list[Doubt]:
    ended = facts.get("ended") or UncertainDate()
    found = doubts.of_request(facts["happened"], facts["answered"], ended, facts["next_on"])
    return found + doubts.of_day(facts["answered"], today())


@dataclass
class BeneficiariesGiven:
    """People on record, pseudonyms that are new, or a group that is counted."""

    people: Sequence[Person] = ()
    pseudonyms: Sequence[str] = ()
    group_label: str | None = None
    count_least: int | None = None
    count_most: int | None = None
    asks_not_to_be_named: bool = False


def add_beneficiaries(user: User, record: ProtectionMeasure, given: BeneficiariesGiven) -> list[Beneficiary]:
    """The rows that are new; who is to be protected already is left as they are."""
    known = {row.person_id for row in record.beneficiaries}
    people = list(given.people)
    for pseudonym in given.pseudonyms:
        facts = {"pseudonym": pseudonym, "kind": "INDIVIDUAL", "country": record.country}
        people.append(record_person(user, record.team_id, facts))
    added = []
    for person in dict.fromkeys(people):
        if record.case is not None and not any(role.case_id == record.case_id for role in person.case_roles):
            give_role(person, record.case, "AFFECTED")
        if person.id is None or person.id not in known:
            added.append(Beneficiary(person=person, asks_not_to_be_named=given.asks_not_to_be_named))
    if given.group_label or given.count_least is not None:
        group = {name: getattr(given, name) for name in ("group_label", "count_least", "count_most")}
        added.append(Beneficiary(asks_not_to_be_named=given.asks_not_to_be_named, **group))
    record.beneficiaries.extend(added)
    record.touch(user.id)
    return added


def ask_not_to_be_named(user: User, record: Protection, row: Beneficiary, asks: bool) -> None:
    row.asks_not_to_be_named = asks
    record.touch(user.id)


@dataclass
class StepGiven:
    step: str
    taken: UncertainDate = field(default_factory=UncertainDate)
    sector: str | None = None
    note: str | None = None
    really_done: str | None = None


def take_step(user: User, record: Protection, given: StepGiven, reason: str | None = None) -> Step:
    """Raises Unconfirmed."""
    kept = confirmed(_doubts_of_step(record, given), reason)
    step = Step(**vars(given), **kept)
    record.steps.append(step)
    record.touch(user.id)
    return step


def mend_step(user: User, record: Protection, step: Step, given: StepGiven, reason: str | None = None) -> None:
    _set(step, vars(given) | confirmed(_doubts_of_step(record, given), reason))
    record.touch(user.id)


def _doubts_of_step(record: Protection, given: StepGiven) -> list[Doubt]:
    return doubts.of_step(record.happened, given.taken) + doubts.of_day(given.taken, today())


def erase_part(user: User, record: Protection, part: Any) -> None:
    """Take out what does not belong here; the trail keeps that it was there, and what it said."""
    for parts in (record.steps, record.beneficiaries):
        if part in parts:
            parts.remove(part)
    record.touch(user.id)


# --- actions and promises ------------------------------------------------------------------------


def take_action(user: User, ground: Ground, facts: dict[str, Any], reason: str | None = None) -> AdvocacyAction:
    """Raises Unconfirmed."""
    found = _doubts_of_request(facts)
    confirmed(found, reason)
    record: AdvocacyAction = _new(user, AdvocacyAction, ground)
    _change(user, record, facts, found, reason)
    return record


def change_action(user: User, record: AdvocacyAction, facts: dict[str, Any], reason: str | None = None) -> None:
    _change(user, record, facts, _doubts_of_request(facts), reason)


def note_commitment(user: User, ground: Ground, facts: dict[str, Any], reason: str | None = None) -> Commitment:
    """Raises Unconfirmed."""
    found = _doubts_of_promise(facts)
    confirmed(found, reason)
    record: Commitment = _new(user, Commitment, ground)
    _change(user, record, facts, found, reason)
    return record


def change_commitment(user: User, record: Commitment, facts: dict[str, Any], reason: str | None = None) -> None:
    told = {"answered": record.answered} | facts
    _change(user, record, facts, _doubts_of_promise(told), reason)


def _doubts_of_promise(facts: Mapping[str, Any]) -> list[Doubt]:
    told = facts.get("answered") or UncertainDate()
    return doubts.of_promise(facts["happened"], facts["next_on"], told) + doubts.of_day(facts["happened"], today())


@dataclass
class Outcome:
    """What became of a promise; no outcome opens it again."""

    outcome: str | None
    what_happened: str | None = None
    told: UncertainDate = field(default_factory=UncertainDate)
    evidence: str | None = None


def settle_commitment(user: User, record: Commitment, given: Outcome, reason: str | None = None) -> None:
    """Raises ReasonMissing without words on what happened, and Unconfirmed."""
    if given.outcome and not given.what_happened:
        raise ReasonMissing(_("Write what happened. Nothing was changed."))
    found = doubts.of_promise(record.happened, record.next_on, given.told) + doubts.of_day(given.told, today())
    facts = {
        "outcome": given.outcome,
        "answer": given.what_happened,
        "answered": given.told,
        "evidence": given.evidence,
    }
    _change(user, record, facts, found, reason)


# --- risk ----------------------------------------------------------------------------------------


def assess_risk(user: User, ground: Ground, facts: dict[str, Any], reason: str | None = None) -> RiskAssessment:
    """A person decides the level. The assessment of the same person or group before this one is closed by it.

    Raises Unconfirmed.
    """
    found = doubts.of_day(facts["happened"], today())
    confirmed(found, reason)
    record: RiskAssessment = _new(user, RiskAssessment, ground)
    _weigh(record, facts)
    _change(user, record, facts, found, reason)
    db.session.flush()
    _settle_risks(user, record)
    return record


def change_risk(user: User, record: RiskAssessment, facts: dict[str, Any], reason: str | None = None) -> None:
    _weigh(record, facts)
    _change(user, record, facts, doubts.of_day(facts["happened"], today()), reason)
    db.session.flush()
    _settle_risks(user, record)


def _weigh(record: RiskAssessment, facts: Mapping[str, Any]) -> None:
    """Factors with the weight that they have today; one that stays keeps the weight that it had."""
    wanted: dict[str, str | None] = facts["factors"]
    kept = {row.factor: row for row in record.factors}
    for row in [row for code, row in kept.items() if code not in wanted]:
        record.factors.remove(row)
    for code, note in wanted.items():
        if code in kept:
            kept[code].note = note
        else:
            record.factors.append(Factor(factor=code, weight=risk.weight_of(code), note=note))
    record.score = sum(row.weight for row in record.factors)
    record.level_suggested = risk.level_for(record.score)


def _settle_risks(user: User, record: RiskAssessment) -> None:
    """Of the assessments of one person, or of one group in one case, the last one is open."""
    rule = RiskAssessment.person_id == record.person_id
    if record.person_id is None:
        same = (RiskAssessment.case_id == record.case_id, RiskAssessment.incident_id == record.incident_id)
        rule = RiskAssessment.person_id.is_(None)
        for one in same:
            rule = rule & one
        rule = rule & (RiskAssessment.group_label == record.group_label)
    statement = visible(RiskAssessment, user).where(rule, RiskAssessment.full_to(user), RiskAssessment.team_id == record.team_id)
    rows: Any = db.session.scalars(statement).all()
    ordered = sorted(rows, key=lambda row: (row.happened_from is not None, row.happened_from, row.id))
    for row in ordered:
        row.is_open = row is ordered[-1]


# --- all of them ---------------------------------------------------------------------------------


def withdraw(user: User, record: Protection, reason: str) -> None:
    """Take it out of lists, cases and timelines. Raises ReasonMissing."""
    record.withdraw(user.id, reason)
    _settle_after(user, record)


def restore(user: User, record: Protection) -> None:
    record.restore(user.id)
    _settle_after(user, record)


def _settle_after(user: User, record: Protection) -> None:
    if isinstance(record, RiskAssessment):
        db.session.flush()
        _settle_risks(user, record)


