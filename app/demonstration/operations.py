"""Load the demonstration data: whatever does not resolve stops the load, so that the files stay right."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.access import ADMINISTRATOR, ANALYST, AUDITOR, CASEWORKER, COORDINATOR, unguarded
from app.accounts.models import Team, User
from app.accounts.operations import create_team, create_user, set_roles
from app.audit import acting
from app.cases.models import Case, CaseMember, TimelineEntry
from app.contracts.models import Contract
from app.dates import UncertainDate
from app.db import db
from app.demonstration.beside import Loaded, load_beside
from app.demonstration.contracts import load_contract, review_contract
from app.demonstration.people import load_person, load_tie
from app.demonstration.problem import DemonstrationProblem
from app.demonstration.proceedings import link_incidents, load_proceeding, make_public
from app.demonstration.protection import load_protection
from app.demonstration.recommendations import load_recommendations
from app.demonstration.requests import load_request
from app.incidents.models import Incident
from app.incidents.operations import IncidentGiven, PerpetratorGiven, SourceGiven, VictimGiven, log_incident
from app.incidents.review import advance, approve_public, set_public
from app.organisations.models import Organisation, Project
from app.people.models import Person
from app.places.models import Place
from config import PACKS

PASSWORD = "amparo-demo"  # noqa: S105 – printed on the terminal of every demonstration
ORIGIN = "demonstration"
DIRECTORY = PACKS / "demo"


@dataclass(frozen=True)
class Account:
    """A demonstration account; *team* is None for the roles over the whole installation."""

    email: str
    name: str
    team: str | None
    role: str


TEAMS = {"A": "Equipo Sur", "B": "Equipo Norte"}
ACCOUNTS = (
    Account("caseworker@demo.example", "Rosa (casos)", "A", CASEWORKER),
    Account("coordinator@demo.example", "Julia (coordinación)", "A", COORDINATOR),
    Account("analyst@demo.example", "Inés (análisis)", "A", ANALYST),
    Account("caseworker2@demo.example", "Tomás (casos)", "B", CASEWORKER),
    Account("coordinator2@demo.example", "Elena (coordinación)", "B", COORDINATOR),
    Account("admin@demo.example", "Administración", None, ADMINISTRATOR),
    Account("auditor@demo.example", "Auditoría", None, AUDITOR),
)


@dataclass
class Cast:
    """Who records and who reviews in a team."""

    team: Team
    caseworker: User
    coordinator: User


def load_demonstration() -> None:
    """Accounts, cases, people, incidents, entries and proceedings. Raises DemonstrationProblem; the caller commits."""
    casts = _load_accounts()
    shelf = _Shelf()
    with acting(None):
        cases = {row["key"]: _load_case(row, casts[row["team"]]) for row in _rows("cases")}
        people = {row["key"]: load_person(row, cases, ORIGIN) for row in _rows("people")}
        db.session.flush()
    events = {row["id"]: row for row in _rows("events")}
    incidents: Loaded = {}
    caseworkers = {cast.team.id: cast.caseworker for cast in casts.values()}
    coordinators = {cast.team.id: cast.coordinator for cast in casts.values()}
    for row in _rows("ties"):
        person = _found(people, row["person"], {**row, "id": row["person"]})
        by = caseworkers[person.team_id]
        with acting(by.id):
            load_tie(row, by, person, events, ORIGIN)
    for row in events.values():
        cast, case = casts[row["team"]], _found(cases, row["case"], row)
        with acting(cast.caseworker.id):
            if row["kind"] == "incident":
                incident = _load_incident(row, cast, case, people, shelf)
                _review(incident, row, cast)
                incidents[row["id"]] = (incident, cast.caseworker)
            else:
                _load_entry(row, cast, case)
    contracts = _load_contracts(casts, cases, shelf)
    load_beside(_rows, incidents, events)
    proceedings: dict[str, Any] = {}
    for row in _rows("proceedings"):
        case = _found(cases, row["case"], {**row, "id": row["key"]})
        by = caseworkers[case.team_id]
        with acting(by.id):
            proceeding = proceedings[row["key"]] = load_proceeding(row, by, case, events, ORIGIN)
            link_incidents(row, by, proceeding, incidents)
            db.session.flush()
            if row["already_public"] == "yes":
                make_public(by, coordinators[case.team_id], proceeding)
    for row in _rows("protection"):
        event = _found(events, row["event"], {**row, "id": row["event"]})
        cast, case = casts[event["team"]], _found(cases, event["case"], event)
        with acting(cast.caseworker.id):
            load_protection(row, event, cast.caseworker, case, ORIGIN)
            db.session.flush()
    for row in _rows("requests"):
        event = _found(events, row["event"], {**row, "id": row["event"]})
        cast = casts[event["team"]]
        with acting(cast.caseworker.id):
            load_request(row, event, cast.caseworker, cast.team.id, ORIGIN)
            db.session.flush()
    load_recommendations(
        _rows,
        {key: cast.coordinator for key, cast in casts.items()},
        {key: cast.caseworker for key, cast in casts.items()},
        {**{key: incident for key, (incident, _by) in incidents.items()}, **proceedings, **contracts},
    )


def _load_contracts(casts: dict[str, Cast], cases: dict[str, Case], shelf: _Shelf) -> dict[str, Contract]:
    """Each agreement stands for a line of its case: that of an event, or one of its own."""
    loaded: dict[str, Contract] = {}
    for row in _rows("contracts"):
        cast, case = casts[row["team"]], _found(cases, row["case"], row)
        for shelved, name in ((shelf.companies, "companies"), (shelf.projects, "projects")):
            for key in _parts(row[name]):
                _found(shelved, key, row)
        with acting(cast.caseworker.id):
            if not row["same_as_event"]:
                _load_entry(row, cast, case)
            db.session.flush()
            told = row["same_as_event"] or row["id"]
            entry = next((entry.uid for entry in case.entries if entry.external_id == told), None)
            contract = load_contract(row, cast.caseworker, loaded, shelf.companies, shelf.projects, entry, ORIGIN)
            loaded[row["id"]] = contract
        with acting(cast.coordinator.id):
            review_contract(row, contract, cast.coordinator)
    return loaded


def _rows(name: str) -> Iterable[dict[str, str]]:
    with (DIRECTORY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _load_accounts() -> dict[str, Cast]:
    language = current_app.config["SETTINGS"].language
    teams = {key: create_team(name) for key, name in TEAMS.items()}
    users: dict[tuple[str | None, str], User] = {}
    for account in ACCOUNTS:
        user = create_user(account.email, account.name, password=PASSWORD, language=language)
        if account.team is None:
            set_roles(user, set(), account.role)
        else:
            set_roles(user, {(teams[account.team].id, account.role)}, None)
        users[account.team, account.role] = user
    db.session.flush()
    return {key: Cast(team, users[key, CASEWORKER], users[key, COORDINATOR]) for key, team in teams.items()}


class _Shelf:
    """Companies, projects and places of the packs, by their keys."""

    def __init__(self) -> None:
        why = "the demonstration links to what the packs brought"
        companies = db.session.scalars(
            unguarded(select(Organisation).where(Organisation.external_source == "pack"), why)
        )
        projects = db.session.scalars(unguarded(select(Project).where(Project.key.is_not(None)), why))
        self.companies: dict[str, Organisation] = {row.external_id: row for row in companies if row.external_id}
        self.projects: dict[str, Project] = {row.key: row for row in projects if row.key}
        self.places: dict[str, Place] = {row.key: row for row in db.session.scalars(select(Place))}


def _found(shelf: dict[str, Any], key: str, row: dict[str, str]) -> Any:
    if key not in shelf:
        raise DemonstrationProblem(f"{row['id']}: {key!r} is not in the packs")
    return shelf[key]


def _parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _load_case(row: dict[str, str], cast: Cast) -> Case:
    case = Case(
        team_id=cast.team.id,
        title_es=row["title_es"],
        title_en=row["title_en"],
        summary=row["summary_es"],
        country="PE",
        confidentiality=row["confidentiality"],
        external_source=ORIGIN,
        external_id=row["key"],
        created_by_id=cast.caseworker.id,
    )
    followers = [cast.caseworker, *([cast.coordinator] if row["confidentiality"] == "RESTRICTED" else [])]
    case.members = [CaseMember(user_id=follower.id) for follower in followers]
    db.session.add(case)
    return case


def _happened(row: dict[str, str]) -> UncertainDate:
    earliest, latest = (date.fromisoformat(row[name]) if row[name] else None for name in ("date_from", "date_to"))
    return UncertainDate(earliest, latest, row["precision"].upper(), row.get("date_text_es") or None)


def _range(row: dict[str, str], name: str) -> tuple[int | None, int | None]:
    least, most = row[f"{name}_min"], row[f"{name}_max"]
    return (int(least) if least else None, int(most) if most else None)


def _load_incident(row: dict[str, str], cast: Cast, case: Case, people: dict[str, Person], shelf: _Shelf) -> Incident:
    main_type, *other_types = _parts(row["incident_types"])
    counts: dict[str, Any] = {name: _range(row, name) for name in ("affected", "killed", "injured", "detained")}
    victims = [VictimGiven(person=_found(people, key, row)) for key in _parts(row["people"])]
    if row["group_es"] or any(least is not None for least, _most in counts.values()):
        victims.insert(0, VictimGiven(group_label=row["group_es"] or None, **counts))
    given = IncidentGiven(
        title_es=row["title_es"],
        title_en=row["title_en"],
        narrative=" ".join(part for part in (row["summary_es"], row["counts_note_es"]) if part),
        language="es",
        notes=row["notes"] or None,
        summary_es=row["summary_es"],
        summary_en=row["summary_en"],
        main_type=main_type,
        other_types=other_types,
        happened=_happened(row),
        country=row["country"],
        place=_found(shelf.places, row["place"], row) if row["place"] else None,
        sector=row["sector"] or None,
        urgency=row["urgency"] or None,
        protest=row["protest"].upper(),
        emergency=row["emergency"].upper(),
        victims=victims,
        perpetrators=[PerpetratorGiven(kind) for kind in _parts(row["actor_type"])],
        sources=_sources(row),
        companies=[_found(shelf.companies, key, row) for key in _parts(row["companies"])],
        projects=[_found(shelf.projects, key, row) for key in _parts(row["projects"])],
    )
    return log_incident(cast.caseworker, cast.team.id, given, case=case, external=(ORIGIN, row["id"]))


def _sources(row: dict[str, str]) -> list[SourceGiven]:
    return [
        SourceGiven(
            citation=row[f"source_{number}_citation"] or row[f"source_{number}_title"],
            url=row[f"source_{number}_url"] or None,
            kind=row[f"source_{number}_kind"] or None,
            reliability=row[f"source_{number}_reliability"] or None,
            credibility=row[f"source_{number}_credibility"] or None,
            origin_group=row[f"source_{number}_origin"] or None,
            is_public=True,
        )
        for number in (1, 2, 3)
        if row[f"source_{number}_url"] or row[f"source_{number}_title"]
    ]


STEPS: dict[str, tuple[str, ...]] = {
    "DRAFT": (),
    "SUBMITTED": ("submit",),
    "IN_REVIEW": ("submit", "start_review"),
    "NEEDS_INFO": ("submit", "start_review", "ask"),
    "UNVERIFIED": ("submit", "start_review", "set_unverified"),
    "CORROBORATED": ("submit", "start_review", "corroborate"),
    "VERIFIED": ("submit", "start_review", "verify"),
}


def _review(incident: Incident, row: dict[str, str], cast: Cast) -> None:
    """Walk the record to its state by the steps that people would take."""
    db.session.flush()
    steps = STEPS[row["state"]]
    for step in steps:
        by = cast.caseworker if step == "submit" else cast.coordinator
        note = row["review_note_es"] or None if step == steps[-1] and step != "submit" else None
        with acting(by.id):
            advance(incident, step, by=by, note=note)
            db.session.flush()
    if row["already_public"] == "yes":
        set_public(cast.caseworker, incident)
        db.session.flush()
        with acting(cast.coordinator.id):
            approve_public(cast.coordinator, incident)
            db.session.flush()


def _load_entry(row: dict[str, str], cast: Cast, case: Case) -> None:
    case.entries.append(
        TimelineEntry(
            kind=row["kind"],
            entry_type=row["entry_type"] or None,
            text_es=row["title_es"],
            text_en=row["title_en"],
            detail_es=row["summary_es"] or None,
            detail_en=row["summary_en"] or None,
            citation=row["source_1_title"] or None,
            url=row["source_1_url"] or None,
            is_public=True,
            external_source=ORIGIN,
            external_id=row["id"],
            created_by_id=cast.caseworker.id,
        )
    )
    case.entries[-1].happened = _happened(row)
