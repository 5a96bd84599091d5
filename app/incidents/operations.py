"""Logging and changing incidents: what is given becomes a record. No operation here commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import inspect

from app.accounts.models import User
from app.audit import give_reason
from app.cases.models import Case
from app.dates import UncertainDate
from app.db import db
from app.evidence.models import Source
from app.evidence.operations import record_source, revise_source
from app.incidents.key_facts import fact_words, key_facts
from app.incidents.models import (
    UNKNOWN,
    Act,
    Incident,
    IncidentCompany,
    IncidentProject,
    Involvement,
    ReviewNote,
    SourceLink,
)
from app.incidents.persons import PersonGiven, forget_slips, person_of
from app.incidents.text import clean
from app.incidents.urgent import alert_if_urgent
from app.incidents.workflow import DRAFT, IN_REVIEW, REVIEWED, WITH_AUTHOR, lacks_what_a_review_needs
from app.organisations.models import Organisation, Project
from app.people.models import Person
from app.places.models import Place
from app.public_part import close_public_part

Count = tuple[int | None, int | None]
"""Least and most; (None, None) is «not on record»."""

NOT_COUNTED: Count = (None, None)
COUNTS = ("affected", "killed", "injured", "detained")
KEY_FACT_MOVE = "key_fact"


class IncidentProblem(Exception):
    """Something that cannot be done to this incident; the message is a sentence for people."""


class ReasonMissing(IncidentProblem):
    """A reviewed record was changed without saying why."""


class FactsLost(IncidentProblem):
    """A record that was sent to review would lose what it was sent with."""


def kept_words() -> str:
    return _("A record that was sent to review keeps what a review needs. Correct it, or withdraw the record.")


@dataclass
class VictimGiven:
    """Someone affected: a person on record, a person to be found or recorded (*who*), or a counted group."""

    person: Person | None = None
    group_label: str | None = None
    act_type: str | None = None
    affected: Count = NOT_COUNTED
    killed: Count = NOT_COUNTED
    injured: Count = NOT_COUNTED
    detained: Count = NOT_COUNTED
    who: PersonGiven | None = None


@dataclass
class PerpetratorGiven:
    perpetrator_type: str | None
    organisation: Organisation | None = None
    degree: str | None = None


@dataclass
class SourceGiven:
    """*source* links one on record; with *revise* its own facts become these."""

    citation: str
    url: str | None = None
    kind: str | None = None
    reliability: str | None = None
    credibility: str | None = None
    origin_group: str | None = None
    published_on: date | None = None
    source: Source | None = None
    is_public: bool = False
    revise: bool = False


@dataclass
class IncidentGiven:
    """All facts of an incident as they shall be; what is left out is not on record."""

    title_es: str | None = None
    title_en: str | None = None
    narrative: str | None = None
    language: str | None = None
    notes: str | None = None
    summary_es: str | None = None
    summary_en: str | None = None
    main_type: str | None = None
    other_types: list[str] = field(default_factory=list)
    happened: UncertainDate = field(default_factory=UncertainDate)
    country: str | None = None
    place: Place | None = None
    community: str | None = None
    region_text: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    coordinate_precision: str | None = None
    sector: str | None = None
    urgency: str | None = None
    protest: str = UNKNOWN
    emergency: str = UNKNOWN
    threats_before: str = UNKNOWN
    reprisals: list[str] = field(default_factory=list)
    threat_type: str | None = None
    threat_channel: str | None = None
    threat_credibility: str | None = None
    embargo_until: date | None = None
    victims: list[VictimGiven] = field(default_factory=list)
    perpetrators: list[PerpetratorGiven] = field(default_factory=list)
    sources: list[SourceGiven] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    companies: list[Organisation] = field(default_factory=list)


LIMITS = {
    "title_es": 200,
    "title_en": 200,
    "narrative": 50_000,
    "notes": 20_000,
    "summary_es": 600,
    "summary_en": 600,
    "community": 200,
    "region_text": 200,
}
"""The longest text of each; a longer one is refused, never cut."""

PLAIN_FACTS = (
    "main_type", "country", "place", "latitude", "longitude", "coordinate_precision", "sector", "urgency", "protest",
    "emergency", "threats_before", "threat_type", "threat_channel", "threat_credibility", "embargo_until", "language",
)  # fmt: skip


def log_incident(
    user: User,
    team_id: int,
    given: IncidentGiven,
    *,
    case: Case | None = None,
    external: tuple[str, str] | None = None,
    batch: Any = None,
) -> Incident:
    """A new draft. *external* is (source, id) of the row elsewhere; *batch* the import that brings it."""
    incident = Incident(team_id=team_id, state=DRAFT, created_by_id=user.id, updated_by_id=user.id)
    incident.case = _case_of_team(case, team_id)
    if external:
        incident.external_source, incident.external_id = external
    if batch is not None:
        incident.import_batch_id = batch.id
    with db.session.no_autoflush:
        _apply(user, incident, given)
    db.session.add(incident)
    if external is None and batch is None:  # what is brought in from elsewhere happened long ago
        alert_if_urgent(user, incident)
    return incident


def edit_incident(user: User, incident: Incident, given: IncidentGiven, *, why: str | None = None) -> list[str]:
    """Replace the facts by what is given; gives the key facts that changed, in words.

    Whatever changes in a reviewed record changes for a reason that stays in its history: raises ReasonMissing unless
    *why* says it. A changed key fact of it sends it back to review.
    Raises FactsLost where a record that was sent would lose its type or its last source.
    """
    was_complete = incident.state not in WITH_AUTHOR and lacks_what_a_review_needs(incident, user) is None
    urgency_before = incident.urgency
    written_before = _as_written(incident) if incident.state in REVIEWED else None
    before, public_before, persons_before = key_facts(incident), _public_text(incident), _persons(incident)
    with db.session.no_autoflush:
        _apply(user, incident, given)
    incident.touch(user.id)
    if was_complete and lacks_what_a_review_needs(incident, user) is not None:
        raise FactsLost(kept_words())
    after = key_facts(incident)
    changed = [name for name in after if after[name] != before[name]]
    if incident.state == DRAFT:
        forget_slips(user, incident, [person for person in persons_before if person not in _persons(incident)])
    if public_before != _public_text(incident) and incident.public_set_at is not None:
        close_public_part(incident)
    if changed and incident.state in REVIEWED:
        back_to_review(user, incident, changed, clean(why))
    if written_before is not None and written_before != _as_written(incident):
        ask_reason(incident, why)
    alert_if_urgent(user, incident, urgency_before)
    return [str(fact_words(name)) for name in changed]


def back_to_review(user: User, incident: Incident, changed: list[str], why: str | None) -> None:
    """*changed*: names of key facts. Raises ReasonMissing without a reason."""
    facts = ", ".join(str(fact_words(name)) for name in changed)
    if why is None:
        raise ReasonMissing(
            _("You changed key facts of a reviewed record (%(facts)s). Write why; it goes back to review.", facts=facts)
        )
    note = _("Changed: %(facts)s. %(why)s", facts=facts, why=why)
    incident.reviews.append(
        ReviewNote(move=KEY_FACT_MOVE, from_state=incident.state, to_state=IN_REVIEW, note=note, by_id=user.id)
    )
    incident.state = IN_REVIEW


def ask_reason(incident: Incident, why: str | None, *, needed: bool = False) -> None:
    """Let a reviewed record change only for a reason, which then stands with what is written of it now."""
    reason = clean(why)
    if reason is None and (needed or incident.state in REVIEWED):
        raise ReasonMissing(_("You changed a reviewed record. Write why; it stays in the history."))
    if reason is not None:
        give_reason(db.session, incident, reason)


def _as_written(incident: Incident) -> list[Any]:
    """Everything that an edit may change, as values that compare; what a number refers to stands for the number."""
    written: list[Any] = [_own_columns(incident), incident.place]
    written += [(_own_columns(act), act.person) for act in incident.acts]
    written += [(_own_columns(one), one.organisation) for one in incident.involvements]
    written += [(_own_columns(link), _own_columns(link.source)) for link in incident.source_links]
    return [*written, list(incident.projects), list(incident.companies)]


def _own_columns(row: Any) -> dict[str, Any]:
    names = inspect(row).mapper.column_attrs.keys()
    derived = ("id", "updated_at", "version", "search_full", "search_reduced")
    return {name: getattr(row, name) for name in names if name not in derived and not name.endswith("_id")}


def _persons(incident: Incident) -> list[Person]:
    return list(dict.fromkeys(act.person for act in incident.acts if act.person is not None))


def _public_text(incident: Incident) -> tuple[str | None, ...]:
    return (incident.title_es, incident.title_en, incident.summary_es, incident.summary_en)


def assign_to_case(user: User, incident: Incident, case: Case | None) -> None:
    """Put the incident into a case of its team, or take it out of every case."""
    incident.case = _case_of_team(case, incident.team_id)
    incident.touch(user.id)


def _case_of_team(case: Case | None, team_id: int) -> Case | None:
    if case is not None and case.team_id != team_id:
        raise IncidentProblem(_("The case belongs to another team."))
    return case


def withdraw_incident(user: User, incident: Incident, reason: str) -> None:
    """Take it out of every list and export; it keeps its state and can be restored."""
    incident.withdraw(user.id, clean(reason) or "")


def restore_incident(user: User, incident: Incident) -> None:
    incident.restore(user.id)


# --- the facts -----------------------------------------------------------------------------------


def _apply(user: User, incident: Incident, given: IncidentGiven) -> None:
    for name, limit in LIMITS.items():
        words = clean(getattr(given, name))
        if words and len(words) > limit:
            raise IncidentProblem(_("Too long: at most %(limit)s characters (%(field)s).", limit=limit, field=name))
        setattr(incident, name, words)
    for name in PLAIN_FACTS:
        setattr(incident, name, getattr(given, name))
    incident.reprisals = list(dict.fromkeys(given.reprisals)) or None
    happened = given.happened
    incident.happened = UncertainDate(happened.earliest, happened.latest, happened.precision, clean(happened.text))
    _apply_business(incident, given)
    _apply_acts(user, incident, given)
    _apply_perpetrators(incident, given.perpetrators)
    _apply_sources(user, incident, given.sources)


Row = TypeVar("Row", Act, Involvement, SourceLink, IncidentProject, IncidentCompany)


def _reuse(rows: list[Row], fits: Callable[[Row], bool]) -> Row | None:
    """Take a row that fits out of those of before, so that what stays the same leaves no trace of a change."""
    for row in rows:
        if fits(row):
            rows.remove(row)
            return row
    return None


def _apply_acts(user: User, incident: Incident, given: IncidentGiven) -> None:
    earlier, acts = list(incident.acts), []
    known = _persons(incident)
    for victim in given.victims:
        person = victim.person
        if victim.who is not None:
            person = person_of(user, incident, victim.who, person, known)
            known.append(person)
        acts.append(_act(earlier, victim, person))
    of_victims = {victim.act_type or given.main_type for victim in given.victims}
    for code in dict.fromkeys(given.other_types):
        if code not in of_victims and code != given.main_type:
            acts.append(_act(earlier, VictimGiven(act_type=code), None))
    incident.acts = _in_order(acts)


def _act(earlier: list[Act], victim: VictimGiven, person: Person | None) -> Act:
    group = clean(victim.group_label)
    act = (
        _reuse(earlier, lambda act: (act.person, act.group_label, act.act_type) == (person, group, victim.act_type))
        or _reuse(earlier, lambda act: person is not None and act.person is person)
        or _reuse(earlier, lambda act: bool(group) and act.group_label == group)
        or Act()
    )
    act.person, act.group_label, act.act_type = person, group, victim.act_type
    for name in COUNTS:
        least, most = getattr(victim, name)
        setattr(act, f"{name}_least", least)
        setattr(act, f"{name}_most", most if most is not None else least)
    return act


def _apply_perpetrators(incident: Incident, perpetrators: Iterable[PerpetratorGiven]) -> None:
    earlier, involvements = list(incident.involvements), []
    for given in perpetrators:
        same = _same_perpetrator(given)
        involvement = _reuse(earlier, same) or Involvement()
        involvement.perpetrator_type, involvement.degree = given.perpetrator_type, given.degree
        involvement.organisation = given.organisation
        involvements.append(involvement)
    incident.involvements = _in_order(involvements)


def _same_perpetrator(given: PerpetratorGiven) -> Callable[[Involvement], bool]:
    wanted = (given.perpetrator_type, given.organisation)
    return lambda row: (row.perpetrator_type, row.organisation) == wanted


def _apply_business(incident: Incident, given: IncidentGiven) -> None:
    projects, companies = list(incident.project_links), list(incident.company_links)
    incident.project_links = _in_order(
        [_reuse(projects, _names_project(one)) or IncidentProject(project=one) for one in dict.fromkeys(given.projects)]
    )
    incident.company_links = _in_order(
        [
            _reuse(companies, _names_company(one)) or IncidentCompany(organisation=one)
            for one in dict.fromkeys(given.companies)
        ]
    )


def _names_project(project: Project) -> Callable[[IncidentProject], bool]:
    return lambda link: link.project is project


def _names_company(company: Organisation) -> Callable[[IncidentCompany], bool]:
    return lambda link: link.organisation is company


def _apply_sources(user: User, incident: Incident, sources: Iterable[SourceGiven]) -> None:
    earlier, links = list(incident.source_links), []
    linked: set[int] = set()
    for given in sources:
        source = _source_of(user, incident, given)
        if id(source) in linked:
            continue
        linked.add(id(source))
        link = _reuse(earlier, _links_to(source)) or SourceLink(source=source)
        link.credibility = given.credibility
        links.append(link)
    incident.source_links = _in_order(links)


def _links_to(source: Source) -> Callable[[SourceLink], bool]:
    return lambda link: link.source is source


def _source_of(user: User, incident: Incident, given: SourceGiven) -> Source:
    facts = {
        "citation": clean(given.citation) or clean(given.url) or "",
        "url": clean(given.url),
        "kind": given.kind,
        "reliability": given.reliability,
        "origin_group": clean(given.origin_group),
        "published_on": given.published_on,
    }
    if given.source is None:
        return record_source(user, incident.team_id, facts, is_public=given.is_public, country=incident.country)
    if given.revise:
        revise_source(user, given.source, facts)
    return given.source


def _in_order(rows: list[Row]) -> list[Row]:
    for position, row in enumerate(rows):
        row.position = position
    return rows
