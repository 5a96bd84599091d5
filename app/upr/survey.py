"""One look at the records for a wish: the rows that leave, what stays and why. Preview and pack both stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select

from app.access import visible
from app.accounts.models import User
from app.contracts.models import Contract
from app.dates import today
from app.db import db
from app.i18n import language
from app.incidents.models import SUMMARY_LENGTH, Incident
from app.people.models import PersonIdentity
from app.upr import contract_rows, rule
from app.upr.columns import WITHHELD
from app.upr.filters import Filters
from app.upr.incident_rows import SUMMARIES, Facts, Row, row_of
from app.upr.period import OVERLAPS

AT_A_TIME = 200

EMPTY, NAME_IN_SUMMARY, SUMMARY_SHORTENED = "empty_result", "name_in_summary", "summary_shortened"
MISSING = {"summary_es": "missing_summary_es", "summary_en": "missing_summary_en"}


@dataclass(frozen=True)
class Named:
    """A record as the preview names it to the user: never part of a pack."""

    reference: str
    title: str


@dataclass
class Survey:
    """What a wish gives. Every record that matches is either a row or stays for exactly one reason."""

    filters: Filters
    rows: list[Row] = field(default_factory=list)
    incident_ids: list[int] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    """Of the same incidents, in the same order."""
    stays: dict[str, list[Named]] = field(default_factory=lambda: {reason: [] for reason in rule.REASONS})
    generalised: list[Named] = field(default_factory=list)
    flagged: list[str] = field(default_factory=list)
    noticed: dict[str, list[Named]] = field(default_factory=dict)
    """Warning → the rows that it is about."""
    printed_persons: list[int] = field(default_factory=list)
    """Persons whose legal name stands in a row."""
    contracts: list[Row] = field(default_factory=list)
    contracts_stay: dict[str, list[Named]] = field(
        default_factory=lambda: {reason: [] for reason in contract_rows.REASONS}
    )
    links: list[Row] = field(default_factory=list)

    @property
    def excluded(self) -> dict[str, int]:
        return {reason: len(records) for reason, records in self.stays.items()}

    @property
    def matched(self) -> int:
        return len(self.rows) + sum(self.excluded.values())

    @property
    def warnings(self) -> list[str]:
        return ([] if self.rows or self.contracts else [EMPTY]) + sorted(self.noticed)


def look(user: User, filters: Filters) -> Survey:
    """Judge every record that the wish asks for. Reads only."""
    found = Survey(filters)
    records = db.session.execute(rule.candidates(user, filters).execution_options(yield_per=AT_A_TIME))
    for some in records.partitions():
        _judge(found, user, some)
    found.rows.sort(key=lambda row: row["incident_ref"])
    found.flagged.sort()
    _add_contracts(found, user)
    return found


def _add_contracts(found: Survey, user: User) -> None:
    """The agreements that leave, and which of the incidents that are already public fell into their terms.

    A row that says little would say where it happened through the agreement: such rows are linked to nothing.
    """
    leaving: list[Contract] = []
    teams = rule.teams_of(user)
    papers: Any = db.session.scalars(contract_rows.contracts_asked(user, found.filters)).unique()
    for paper in papers:
        if reason := contract_rows.reason_to_stay(paper, teams):
            found.contracts_stay[reason].append(Named(paper.reference, paper.title))
        else:
            leaving.append(paper)
    rows = {row["incident_ref"]: row for row in found.rows if row["already_public"]}
    ids = dict(zip(found.incident_ids, found.references, strict=True))
    public = {id_: reference for id_, reference in ids.items() if reference in rows}
    told = contract_rows.terms_told(leaving)
    links = contract_rows.links_between(user, found.filters, public, leaving, told)
    found.links = contract_rows.link_rows(links, public, {paper.id: paper.reference for paper in leaving})
    found.contracts = list(contract_rows.contract_rows(user, leaving, links, told, found.filters))
    for link in found.links:
        row = rows[link["from_ref"]]
        row["contract_refs"] = [*(row["contract_refs"] or []), link["to_ref"]]
        if link["relation"] == contract_rows.DURING_VALIDITY:
            row["agreement_in_force"] = "yes"


def _judge(found: Survey, user: User, records: Sequence[Any]) -> None:
    day = today()
    leaving: list[tuple[Incident, bool]] = []
    for incident, is_own in records:
        placed = rule.placed_in(incident, found.filters)
        if not rule.matches(placed):
            continue
        reason = rule.reason_to_stay(incident, placed, is_own, day)
        if reason is not None:
            found.stays[reason].append(_named(incident, is_own))
            continue
        leaving.append((incident, is_own))
        if placed == OVERLAPS:
            found.flagged.append(incident.reference)
    names = _legal_names(user, [incident for incident, is_own in leaving if is_own and incident.is_already_public])
    for incident, is_own in leaving:
        _add_row(found, Facts(incident, bool(is_own), day, names))


def _add_row(found: Survey, facts: Facts) -> None:
    row = row_of(facts)
    found.rows.append(row)
    found.incident_ids.append(facts.incident.id)
    found.references.append(facts.incident.reference)
    named = _named(facts.incident, facts.is_own)
    if not row["already_public"]:
        found.generalised.append(named)
        return
    if row["name_published"]:
        found.printed_persons += [person.id for person in facts.persons if facts.names.get(person.id)]
    for column in sorted(SUMMARIES):
        if warning := _warning_about(column, row, facts):
            found.noticed.setdefault(warning, []).append(named)


def _warning_about(column: str, row: Row, facts: Facts) -> str | None:
    if row[column] is None:
        return MISSING[column]
    if row[column] == WITHHELD:
        return NAME_IN_SUMMARY
    return SUMMARY_SHORTENED if len(getattr(facts.incident, column)) > SUMMARY_LENGTH else None


def _named(incident: Incident, is_own: bool) -> Named:
    shows_title = is_own or incident.is_already_public
    return Named(incident.reference, incident.title_in(language()) if shows_title else "")


def _legal_names(user: User, incidents: list[Incident]) -> dict[int, str]:
    """By person: to keep them out of summaries, and to print those of whom all in the row want it."""
    persons = {person.id for incident in incidents for person in rule.persons_in(incident)}
    if not persons:
        return {}
    statement: Select[Any] = visible(PersonIdentity, user).where(PersonIdentity.person_id.in_(persons))
    identities = db.session.scalars(statement)
    return {identity.person_id: identity.legal_name for identity in identities if identity.legal_name}
