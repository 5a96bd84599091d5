"""One look at the records for a wish: the rows that leave, what stays and why. Preview and pack both stand on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.access import visible
from app.accounts.models import User
from app.contracts.models import Contract
from app.dates import today
from app.db import db
from app.evidence.models import Source
from app.i18n import language
from app.incidents.models import SUMMARY_LENGTH, Incident
from app.people.allowed import ANONYMISED_PUBLIC, NAMED_PUBLIC
from app.people.hidden_names import HiddenNames
from app.people.models import PersonIdentity
from app.proceedings.models import ProceedingIncident
from app.protection.models import ProtectionMeasure
from app.upr import contract_rows, proceeding_rows, recommendation_rows, rule, source_rows
from app.upr.coarsening import INCIDENT, PROCEEDING, Coarsening, coarsened
from app.upr.columns import WITHHELD, columns_of
from app.upr.filters import Filters
from app.upr.incident_rows import INTERNAL_COLUMNS, SUMMARIES, Facts, Row, killed, row_of, steps_of
from app.upr.linked import ARISES_FROM, EVIDENCE_FOR, PART_OF, link, sorted_links
from app.upr.models import OPEN
from app.upr.names import everybody, is_single, names_of
from app.upr.noted import Noted
from app.upr.period import OVERLAPS
from app.upr.spool import Spool
from app.upr.sums import Sums

AT_A_TIME = 200

EMPTY, NAME_IN_SUMMARY, SUMMARY_SHORTENED = "empty_result", "name_in_summary", "summary_shortened"
NO_RECOMMENDATIONS, NAME_IN_SOURCE, LOWER_K = "no_recommendations_imported", "name_in_source", "lower_thresholds"
NAME_IN_TEXT = "name_in_text"
MISSING = {"summary_es": "missing_summary_es", "summary_en": "missing_summary_en"}
EXAMPLES = 40
"""So many of the newest records that are already public wait for the annex to choose among them."""


@dataclass
class File:
    """The rows of one file: as they came, and what each may say in the end."""

    name: str
    spool: Spool = field(default_factory=Spool)
    coarsening: Coarsening = field(default=None)  # type: ignore[assignment]
    later: dict[str, Row] = field(default_factory=lambda: defaultdict(dict))
    """Reference → what is known of the row only when all have been looked at."""
    is_internal: bool = False
    left_out: set[int] = field(default_factory=set)
    """Positions of rows that were to leave and do not."""

    @property
    def key(self) -> str:
        return columns_of(self.name)[0].name

    def __len__(self) -> int:
        return len(self.spool) - len(self.left_out)

    def __iter__(self) -> Iterator[Row]:
        return (row for _position, row in self.told())

    def told(self) -> Iterator[tuple[int, Row]]:
        """The rows as they leave, each with its position among all that came."""
        columns = columns_of(self.name)
        for position, row in enumerate(self.spool):
            if position in self.left_out:
                continue
            row |= self.later.get(row[self.key], {})
            steps, is_alone = self.coarsening.taken(position), self.coarsening.is_alone(position)
            is_public = self.is_internal or row["already_public"]
            yield position, coarsened(row, columns, steps, is_alone=is_alone, is_public=is_public)

    def says_all(self, position: int) -> bool:
        """Whether the row is public already, or like enough others as it stands."""
        coarsening = self.coarsening
        return coarsening.is_exempt(position) or not (coarsening.taken(position) or coarsening.is_alone(position))


@dataclass
class Survey:
    """What a wish gives. Every record that matches is a row, or is counted only, or stays: for exactly one reason."""

    filters: Filters
    rows: File = field(default_factory=lambda: File("incidents"))
    proceedings: File = field(default_factory=lambda: File("proceedings"))
    contracts: list[Row] = field(default_factory=list)
    recommendations: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    sums: Sums = field(default=None)  # type: ignore[assignment]

    incident_ids: dict[int, str] = field(default_factory=dict)
    """Of those that leave as rows → their reference, in the order of the file."""
    reaches: dict[int, str] = field(default_factory=dict)
    """How far each of those went."""
    counted_ids: list[int] = field(default_factory=list)
    """Of those that are counted and are no row."""
    proceeding_ids: dict[int, str] = field(default_factory=dict)
    proceeding_reaches: dict[int, str] = field(default_factory=dict)
    contract_ids: list[int] = field(default_factory=list)
    counted_proceedings: list[int] = field(default_factory=list)
    stays: dict[str, Noted] = field(default_factory=lambda: {reason: Noted() for reason in rule.REASONS})
    contracts_stay: dict[str, Noted] = field(
        default_factory=lambda: {reason: Noted() for reason in contract_rows.REASONS}
    )
    proceedings_stay: dict[str, Noted] = field(default_factory=lambda: {reason: Noted() for reason in rule.REASONS})
    generalised: Noted = field(default_factory=Noted)
    """Rows that were coarsened, to be like others."""
    not_public: int = 0
    """Rows that are not public already, those included: they carry no day, province, summary or case."""
    alone: int = 0
    """Of them: those that say only year, type, alleged perpetrator and status."""
    generalised_fields: dict[str, int] = field(default_factory=dict)
    """Column → in how many rows it is held back."""
    flagged: list[str] = field(default_factory=list)
    noticed: dict[str, Noted] = field(default_factory=dict)
    """Warning → the rows that it is about."""
    printed_persons: list[int] = field(default_factory=list)
    """Persons whose legal name stands in a row."""
    examples: list[Row] = field(default_factory=list)
    """Of the rows that are already public and have a summary: the newest."""
    rec_source: dict[str, str] | None = None
    """The file from which recommendations were read last; its name only where it names nobody."""
    proposals: list[Row] = field(default_factory=list)
    """Recommendations that the user's team proposes, as text_es and text_en."""

    @property
    def excluded(self) -> dict[str, int]:
        return {reason: len(records) for reason, records in self.stays.items()}

    @property
    def matched(self) -> int:
        return len(self.rows) + sum(self.excluded.values())

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.contracts or self.proceedings)

    @property
    def warnings(self) -> list[str]:
        found = [EMPTY] if self.is_empty else []
        if not self.recommendations:
            found.append(NO_RECOMMENDATIONS)
        if self.filters.shows_more and not self.filters.is_internal:
            found.append(LOWER_K)
        return found + sorted(self.noticed)

    def notice(self, warning: str, reference: str, title: str) -> None:
        self.noticed.setdefault(warning, Noted()).add(reference, title)

    def close(self) -> None:
        self.rows.spool.close()
        self.proceedings.spool.close()


def look(user: User, filters: Filters) -> Survey:
    """Judge every record that the wish asks for. Reads only."""
    found = Survey(filters, sums=Sums(filters.cell_min))
    found.rows.coarsening = Coarsening(INCIDENT, filters.k)
    found.proceedings.coarsening = Coarsening(PROCEEDING, filters.k)
    found.rows.is_internal = found.proceedings.is_internal = filters.is_internal
    hidden = everybody(rule.teams_of(user))
    records = db.session.execute(rule.candidates(user, filters).execution_options(yield_per=AT_A_TIME))
    for some in records.partitions():
        _judge(found, user, some, hidden)
    found.rows.coarsening.decide()
    if found.filters.tells_more_than_rows:
        few = _leave_out_the_few(found.rows, found.incident_ids, found.reaches, found.stays)
        found.counted_ids += few
        references = set(few.values())
        found.flagged = [one for one in found.flagged if one not in references]
    found.flagged.sort()
    public = _count_generalised(found, user)
    _add_proceedings(found, user, public)
    papers = _add_contracts(found, user, public, hidden)
    _add_recommendations(found, user, {paper.id: paper.reference for paper in papers}, hidden)
    _add_sources(found, user, public, papers, hidden)
    found.links = sorted_links(found.links)
    found.sums.contracts = found.contracts
    found.sums.recommendations = found.recommendations
    return found


# --- incidents -----------------------------------------------------------------------------------


def _judge(found: Survey, user: User, records: Sequence[Any], hidden: HiddenNames) -> None:
    day = today()
    leaving: list[tuple[Incident, bool, str]] = []
    for incident, is_own in records:
        placed = rule.placed_in(incident, found.filters)
        if not rule.matches(placed) or not rule.is_asked_for(incident, found.filters):
            continue
        verdict = rule.judge(incident, placed, is_own, day, found.filters)
        if verdict.reason is not None:
            found.stays[verdict.reason].add(incident.reference, _title(incident, is_own))
        if verdict.reach == rule.NOTHING:
            continue
        leaving.append((incident, is_own, verdict.reach))
        if verdict.reach == rule.ROW and placed == OVERLAPS:
            found.flagged.append(incident.reference)
    known = _Known.of(user, [one[0] for one in leaving], [incident for incident, is_own, _reach in leaving if is_own])
    for incident, is_own, reach in leaving:
        facts = known.facts(incident, bool(is_own), day, hidden)
        row = row_of(facts)
        found.sums.add_incident(row, steps_of(facts), killed(facts), is_row=reach == rule.ROW)
        if reach != rule.ROW:
            found.counted_ids.append(incident.id)
            continue
        _add_row(found, facts, row)


@dataclass(frozen=True)
class _Known:
    """What hangs on some incidents, asked for all of them at once."""

    names: dict[int, str]
    """Of the user's own records: these may be printed."""
    others_names: dict[int, str]
    callings: dict[int, list[str]]
    measures: dict[int, list[ProtectionMeasure]]

    @classmethod
    def of(cls, user: User, incidents: Collection[Incident], own: Collection[Incident]) -> _Known:
        persons = {person.id: person for incident in incidents for person in rule.persons_in(incident)}
        legal, aliases = names_of(persons)
        printable = _legal_names(user, {person.id for incident in own for person in rule.persons_in(incident)})
        callings = {
            number: [person.pseudonym, *aliases.get(number, ())]
            for number, person in persons.items()
            if is_single(person) and not person.is_public_figure
        }
        measures: dict[int, list[ProtectionMeasure]] = defaultdict(list)
        wanted = [incident.id for incident in own]
        asked: Any = visible(ProtectionMeasure, user).where(ProtectionMeasure.incident_id.in_(wanted))
        for measure in db.session.scalars(asked) if wanted else ():
            measures[measure.incident_id].append(measure)
        return cls(printable, legal, callings, measures)

    def facts(self, incident: Incident, is_own: bool, day: date, hidden: HiddenNames) -> Facts:
        callings = [name for person in rule.persons_in(incident) for name in self.callings.get(person.id, ())]
        measures = self.measures.get(incident.id, ())
        return Facts(incident, is_own, day, self.names, self.others_names, callings, measures, hidden)


def _add_row(found: Survey, facts: Facts, row: Row) -> None:
    incident = facts.incident
    if not (row["already_public"] or found.filters.is_internal):
        row |= dict.fromkeys(INTERNAL_COLUMNS, None)
    is_exempt = row["already_public"] or found.filters.is_internal
    found.rows.coarsening.add(row, is_exempt=is_exempt)
    found.rows.spool.append(row)
    found.incident_ids[incident.id] = incident.reference
    found.reaches[incident.id] = (
        NAMED_PUBLIC if row["name_published"] else OPEN if row["already_public"] else ANONYMISED_PUBLIC
    )
    if row["name_published"]:
        found.printed_persons += [person.id for person in facts.persons if facts.names.get(person.id)]
    title = _title(incident, facts.is_own)
    for column in sorted(SUMMARIES):
        if warning := _warning_about(column, row, facts):
            found.notice(warning, incident.reference, title)
    if row["already_public"] and any(row[name] not in (None, WITHHELD) for name in SUMMARIES):
        found.examples.append(row)
        if len(found.examples) > EXAMPLES * 2:
            found.examples = newest(found.examples, EXAMPLES)


def newest(rows: Iterable[Row], number: int) -> list[Row]:
    return sorted(rows, key=lambda row: (row["event_month"] or row["event_year"] or "", row["incident_ref"]))[-number:]


def _warning_about(column: str, row: Row, facts: Facts) -> str | None:
    if row[column] == WITHHELD:
        return NAME_IN_SUMMARY
    if not row["already_public"]:
        return None
    if row[column] is None:
        return MISSING[column]
    return SUMMARY_SHORTENED if len(getattr(facts.incident, column)) > SUMMARY_LENGTH else None


def _title(incident: Incident, is_own: bool) -> str:
    return incident.title_in(language()) if is_own or incident.is_already_public else ""


def _legal_names(user: User, persons: Collection[int]) -> dict[int, str]:
    """By person: to keep them out of texts, and to print those of whom all in the row want it."""
    if not persons:
        return {}
    statement: Any = visible(PersonIdentity, user).where(PersonIdentity.person_id.in_(list(persons)))
    identities = db.session.scalars(statement)
    return {identity.person_id: identity.legal_name for identity in identities if identity.legal_name}


def _count_generalised(found: Survey, user: User) -> dict[int, str]:
    """Note what rows do not say; tells which incidents may be linked to others: those that are public already."""
    ids = {reference: id_ for id_, reference in found.incident_ids.items()}
    public: dict[int, str] = {}
    for position, row in found.rows.told():
        reference = row["incident_ref"]
        for name in row["generalised_fields"]:
            found.generalised_fields[name] = found.generalised_fields.get(name, 0) + 1
        if row["already_public"]:
            public[ids[reference]] = reference
        else:
            found.not_public += 1
            if not found.rows.says_all(position):
                found.generalised.add(reference, "")
                found.alone += found.rows.coarsening.is_alone(position)
        if row["case_ref"] not in (None, WITHHELD):
            found.links.append(link(reference, row["case_ref"], PART_OF))
    _name_generalised(found, user)
    return public


def _leave_out_the_few(
    file: File, ids: dict[int, str], reaches: dict[int, str], stays: dict[str, Noted]
) -> dict[int, str]:
    """The choices stand in the manifest: a row that withholds what they say would say it all the same. So rows that
    are too few of their kind are counted, and do not leave. Tells which ones: number → reference."""
    numbers = {reference: id_ for id_, reference in ids.items()}
    few: dict[int, str] = {}
    for position, row in enumerate(file.spool):
        if not file.says_all(position):
            reference = row[file.key]
            file.left_out.add(position)
            stays[rule.TOO_FEW].add(reference, "")
            number = numbers[reference]
            few[number] = ids.pop(number)
            del reaches[number]
    return few


def _name_generalised(found: Survey, user: User) -> None:
    """Their titles are asked for at the end: of the few that the preview names."""
    wanted = set(found.generalised.references)
    ids = [id_ for id_, reference in found.incident_ids.items() if reference in wanted]
    named = Noted(number=0)
    if ids:
        statement: Any = visible(Incident, user).where(Incident.id.in_(ids)).order_by(Incident.reference)
        for incident in db.session.scalars(statement):
            named.add(incident.reference, incident.title_in(language()))
    found.generalised.named = named.named


# --- what else leaves ----------------------------------------------------------------------------


def _add_proceedings(found: Survey, user: User, public: dict[int, str]) -> None:
    day = today()
    filters = found.filters
    records: Any = db.session.execute(proceeding_rows.proceedings_asked(user, filters)).unique().all()
    incidents = _incidents_of(user, [proceeding.id for proceeding, _is_own in records])
    wronged = proceeding_rows.wronged_persons(user, [proceeding.case_id for proceeding, _is_own in records])
    for proceeding, is_own in records:
        told = proceeding_rows.Told(
            proceeding, incidents.get(proceeding.id, ()), wronged.get(proceeding.case_id, ()), filters
        )
        if not rule.matches(told.place_in_period) or not told.is_asked_for:
            continue
        verdict = proceeding_rows.judge(told, is_own, day)
        if verdict.reason is not None:
            title = proceeding.title_in(language()) if is_own else ""
            found.proceedings_stay[verdict.reason].add(proceeding.reference, title)
        if verdict.reach == rule.NOTHING:
            continue
        row = proceeding_rows.row_of(told)
        found.sums.add_proceeding(row)
        if verdict.reach != rule.ROW:
            found.counted_proceedings.append(proceeding.id)
            continue
        if not filters.is_internal:
            row = proceeding_rows.without_internal(row)
        is_exempt = row["already_public"] or filters.is_internal
        found.proceedings.coarsening.add(row, is_exempt=is_exempt)
        found.proceedings.spool.append(row)
        found.proceeding_ids[proceeding.id] = proceeding.reference
        found.proceeding_reaches[proceeding.id] = OPEN if row["already_public"] else ANONYMISED_PUBLIC
        if row["already_public"]:
            _link_to_incidents(found, row["proceeding_ref"], told.incidents, public)
    _settle_proceedings(found)


def _settle_proceedings(found: Survey) -> None:
    found.proceedings.coarsening.decide()
    if found.filters.tells_more_than_rows:
        found.counted_proceedings += _leave_out_the_few(
            found.proceedings, found.proceeding_ids, found.proceeding_reaches, found.proceedings_stay
        )
    for row in found.proceedings:
        if row["case_ref"] not in (None, WITHHELD):
            found.links.append(link(row["proceeding_ref"], row["case_ref"], PART_OF))


def _link_to_incidents(found: Survey, reference: str, incidents: Iterable[Incident], public: dict[int, str]) -> None:
    """Both ways, where both are public already."""
    for incident in incidents:
        if incident.id not in public:
            continue
        of_incident = found.rows.later[incident.reference]
        of_incident["proceeding_refs"] = sorted([*of_incident.get("proceeding_refs", []), reference])
        of_proceeding = found.proceedings.later[reference]
        of_proceeding["incident_refs"] = sorted([*of_proceeding.get("incident_refs", []), incident.reference])
        found.links.append(link(reference, incident.reference, ARISES_FROM))


def _incidents_of(user: User, proceedings: Collection[int]) -> dict[int, list[Incident]]:
    """Proceeding → the incidents that it arises from, as far as the user sees both."""
    found: dict[int, list[Incident]] = defaultdict(list)
    if proceedings:
        statement: Any = (
            visible(Incident, user)
            .join(ProceedingIncident, ProceedingIncident.incident_id == Incident.id)
            .where(ProceedingIncident.proceeding_id.in_(proceedings))
            .add_columns(ProceedingIncident.proceeding_id)
            .order_by(Incident.reference)
        )
        for incident, proceeding in db.session.execute(statement):
            found[proceeding].append(incident)
    return found


def _add_contracts(found: Survey, user: User, public: dict[int, str], hidden: HiddenNames) -> list[Contract]:
    """The agreements that leave, and which of the incidents that are already public fell into their terms.

    A row that says little would say where it happened through the agreement: such rows are linked to nothing.
    """
    leaving: list[Contract] = []
    teams = rule.teams_of(user)
    papers: Any = db.session.scalars(contract_rows.contracts_asked(user, found.filters)).unique()
    for paper in papers:
        if not contract_rows.is_asked_for(paper, found.filters):
            continue
        if reason := contract_rows.reason_to_stay(paper, teams):
            found.contracts_stay[reason].add(paper.reference, paper.title)
        else:
            leaving.append(paper)
    found.contract_ids = [paper.id for paper in leaving]
    told = contract_rows.terms_told(leaving)
    links = contract_rows.links_between(user, found.filters, public, leaving, told)
    rows = contract_rows.link_rows(links, public, {paper.id: paper.reference for paper in leaving})
    found.contracts = list(contract_rows.contract_rows(user, leaving, links, told, found.filters))
    for contract in found.contracts:
        for name in ("scope_note", "company_name", "parent_group", "project_name"):
            text = contract[name]
            if hidden.stand_in(" | ".join(text) if isinstance(text, list) else text):
                contract[name] = WITHHELD
                found.notice(NAME_IN_TEXT, contract["contract_ref"], "")
    for row in rows:
        later = found.rows.later[row["from_ref"]]
        later["contract_refs"] = [*later.get("contract_refs", []), row["to_ref"]]
        if row["relation"] == contract_rows.DURING_VALIDITY:
            later["agreement_in_force"] = "yes"
    found.links += rows
    return leaving


def _add_recommendations(found: Survey, user: User, contracts: dict[int, str], hidden: HiddenNames) -> None:
    """Recommendations with the evidence that leaves with them: only rows that say all they know are evidence."""
    reach = {
        "incident": _open(found.rows, found.incident_ids, found.reaches),
        "proceeding": _open(found.proceedings, found.proceeding_ids, found.proceeding_reaches),
        "contract": contracts,
    }
    found.recommendations, evidence = recommendation_rows.rows_for(user, found.filters, reach)
    found.proposals = recommendation_rows.proposals_for(user, found.filters)
    found.rec_source = recommendation_rows.source_of_recommendations(found.filters)
    if found.rec_source and hidden.stand_in(found.rec_source["file"]):
        found.rec_source["file"] = WITHHELD
    for row in [*found.recommendations, *found.proposals]:
        for name in recommendation_rows.OWN_WORDS:
            if hidden.stand_in(row.get(name)):
                row[name] = WITHHELD
                found.notice(NAME_IN_TEXT, row.get("rec_uid") or row["topic"], "")
    incidents = set(reach["incident"].values())
    for reference, recommendation, themes in evidence:
        found.links.append(link(reference, recommendation, EVIDENCE_FOR))
        if reference in incidents:
            later = found.rows.later[reference]
            later["rec_refs"] = sorted({*later.get("rec_refs", []), recommendation})
            later["uhri_themes"] = sorted({*later.get("uhri_themes", []), *themes})


def _open(file: File, ids: dict[int, str], reaches: dict[int, str]) -> dict[int, str]:
    """Those that are public already: a link of another would tell more of it than its row does."""
    return {id_: reference for id_, reference in ids.items() if file.is_internal or reaches[id_] != ANONYMISED_PUBLIC}


def _add_sources(
    found: Survey, user: User, public: dict[int, str], papers: Collection[Contract], hidden: HiddenNames
) -> None:
    """Sources that may be cited, of what leaves openly: of the agreements, and of incidents that are public already."""
    of: dict[int, set[str]] = defaultdict(set)
    for paper in papers:
        for one in paper.source_links:
            of[one.source.id].add(paper.reference)
    for source_id, references in source_rows.of_incidents(user, public).items():
        of[source_id] |= references
    sources: list[Source] = source_rows.sources_told(user, of)
    for source in sources:
        row, holds_name = source_rows.row_of(source, hidden)
        found.sources.append(row)
        if holds_name:
            found.notice(NAME_IN_SOURCE, source.reference, source.citation)
        found.links += [link(source.reference, reference, EVIDENCE_FOR) for reference in sorted(of[source.id])]
