"""Plain functions that build what tests need; a test states only what matters to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.accounts.models import Membership, Team, User
from app.audit import acting
from app.cases.models import Case, CaseMember, TimelineEntry
from app.contracts.operations import DAYS, record_contract
from app.contracts.requests import record_request
from app.dates import UncertainDate
from app.db import db, fold
from app.evidence.filing import add_file, receive
from app.evidence.models import Source
from app.incidents.models import Act, Incident, Involvement, SourceLink
from app.organisations.models import Organisation, Project
from app.people.models import CaseRole, Consent, Person, PersonIdentity
from app.places.models import Place
from app.proceedings.operations import open_proceeding
from app.protection.operations import write_down


@dataclass
class World:
    """Team *south* and team *north*, each with its own people."""

    south: Team
    north: Team
    caseworker: User
    colleague: User
    coordinator: User
    second_coordinator: User
    analyst: User
    stranger: User
    foreign_coordinator: User
    administrator: User
    auditor: User


class Browser:
    """A test client that fills in what a browser would: the form's own token."""

    def __init__(self, client):
        self.client = client

    def get(self, address, **options):
        return self.client.get(address, **options)

    def post(self, address, data=None, *, form_at=None, follow=False, **options):
        """Post as from the form that stands at *form_at* (default: the address itself), unless *data* has a token."""
        values = dict(data or {})
        if "csrf_token" not in values:
            values["csrf_token"] = self.token_at(form_at or address)
        return self.client.post(address, data=values, follow_redirects=follow, **options)

    def token_at(self, address):
        """The token of the form there, good for the whole visit: a walk past many addresses reads it once."""
        for place in (address, "/sign-in"):
            page = self.get(place, follow_redirects=True)
            if token := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text):
                return token[1]
        return ""


def a_team(name="South"):
    team = Team(name=name)
    db.session.add(team)
    db.session.flush()
    return team


def a_user(name, *roles, installation_role=None, language="en"):
    """*roles* are (team, role) pairs."""
    email = f"{fold(name).replace(' ', '.')}@example.org"
    user = User(email=email, email_folded=email, name=name, language=language, installation_role=installation_role)
    user.memberships = [Membership(team_id=team.id, role=role) for team, role in roles]
    user.active = True
    db.session.add(user)
    db.session.flush()
    return user


PEOPLE = {
    "caseworker": ("south", "CASEWORKER"),
    "colleague": ("south", "CASEWORKER"),
    "coordinator": ("south", "COORDINATOR"),
    "second_coordinator": ("south", "COORDINATOR"),
    "analyst": ("south", "ANALYST"),
    "stranger": ("north", "CASEWORKER"),
    "foreign_coordinator": ("north", "COORDINATOR"),
    "administrator": (None, "ADMINISTRATOR"),
    "auditor": (None, "AUDITOR"),
}


def a_world():
    """Make the people of a World, once for all tests."""
    teams = {name: a_team(name.title()) for name in ("south", "north")}
    for word, (team, role) in PEOPLE.items():
        name = word.replace("_", " ").title()
        if team:
            a_user(name, (teams[team], role))
        else:
            a_user(name, installation_role=role)
    db.session.commit()


def the_world():
    """The World that stands in the database; no transaction is left open, so that a test may write beside it."""
    teams = {team.name.lower(): team for team in db.session.scalars(select(Team))}
    users = {user.name.lower().replace(" ", "_"): user for user in db.session.scalars(select(User))}
    db.session.commit()
    return World(**teams, **users)


def a_case(team, *members, title="A case", confidentiality="RESTRICTED", country="PE", by=None):
    case = Case(
        team_id=team.id,
        title_es=title,
        title_en=title,
        country=country,
        confidentiality=confidentiality,
        created_by_id=by.id if by else None,
    )
    case.members = [CaseMember(user_id=user.id) for user in members]
    db.session.add(case)
    db.session.commit()
    return case


def an_incident(by, *, team=None, case=None, title="An incident", state="DRAFT", on=date(2024, 5, 2), **values):
    """An incident recorded by *by*; *values* are its columns."""
    with acting(by.id):
        incident = Incident(
            team_id=team.id if team else next(iter(by.roles), None) or case.team_id,
            case_id=case.id if case else None,
            title_es=title,
            title_en=title,
            state=state,
            country="PE",
            created_by_id=by.id,
            updated_by_id=by.id,
            **{"main_type": "THR.OTHER", **values},
        )
        incident.happened = UncertainDate.on(on) if isinstance(on, date) else (on or UncertainDate())
        db.session.add(incident)
        db.session.commit()
    return incident


def a_source(incident, citation="A newspaper", *, group=None, kind="PRESS", reliability="B", credibility="2", url=None):
    source = Source(
        team_id=incident.team_id,
        citation=citation,
        kind=kind,
        reliability=reliability,
        origin_group=group,
        url=url,
        created_by_id=incident.created_by_id,
    )
    incident.source_links.append(
        SourceLink(source=source, credibility=credibility, position=len(incident.source_links))
    )
    db.session.commit()
    return source


def a_file(row, by, name="photo.jpg", content=b"\xff\xd8\xff a picture", description=None):
    """A file on a record, its bytes on disk."""
    with acting(by.id):
        file = add_file(by, row, receive(name, content), description)
        db.session.commit()
    return file


def a_victim(incident, person=None, *, group=None, **counts):
    act = Act(person=person, group_label=group, position=len(incident.acts), **counts)
    incident.acts.append(act)
    db.session.commit()
    return act


def a_perpetrator(incident, kind="PNP", degree="DIRECT", organisation=None):
    involvement = Involvement(
        perpetrator_type=kind, degree=degree, organisation=organisation, position=len(incident.involvements)
    )
    incident.involvements.append(involvement)
    db.session.commit()
    return involvement


def a_person(by, *, team=None, pseudonym="Heron", kind="INDIVIDUAL", legal_name=None, consent=None, purpose="ALL"):
    person = Person(
        team_id=team.id if team else next(iter(by.roles)),
        pseudonym=pseudonym,
        kind=kind,
        country="PE",
        created_by_id=by.id,
    )
    person.consents = [Consent(purpose=purpose, level=consent, given_on=date(2020, 1, 1))] if consent else []
    if legal_name:
        person.identity = PersonIdentity(legal_name=legal_name)
    db.session.add(person)
    db.session.commit()
    return person


def a_place(key="PE-030506"):
    from sqlalchemy import select

    return db.session.scalars(select(Place).where(Place.key == key)).one()


def an_organisation(name="Minera Norte", *, team=None, kind="COMPANY", **values):
    organisation = Organisation(team_id=team.id if team else None, kind=kind, **values)
    organisation.rename(name)
    db.session.add(organisation)
    db.session.commit()
    return organisation


def an_entry(case, by, text="A judgment", *, kind="proceeding", on=date(2024, 3, 1), **values):
    """An entry of the case's timeline."""
    with acting(by.id):
        entry = TimelineEntry(case_id=case.id, kind=kind, text_es=text, text_en=text, created_by_id=by.id, **values)
        entry.happened = UncertainDate.on(on) if isinstance(on, date) else (on or UncertainDate())
        db.session.add(entry)
        db.session.commit()
    return entry


def a_role(person, case, role="AFFECTED"):
    """The person's place in a case."""
    found = CaseRole(case_id=case.id, person_id=person.id, role=role)
    db.session.add(found)
    db.session.commit()
    return found


def a_proceeding(case, by, title="A trial", *, direction="AGAINST", kind="CRIMINAL", **values):
    """A proceeding of the case; *values* are its columns."""
    with acting(by.id):
        proceeding = open_proceeding(
            by, case, {"title_es": title, "title_en": title, "direction": direction, "kind": kind, **values}
        )
        db.session.commit()
    return proceeding


def a_protection(case, by, kind="MEASURE", *, on=date(2024, 5, 2), reason="It is right all the same", **values):
    """A risk, measure, action or commitment of the case; *values* are its columns."""
    nothing = UncertainDate()
    facts = {
        "RISK": {"factors": [], "level": "LOW", "group_label": "The community"},
        "MEASURE": {"measure": "PM_GARANT", "status": "SENT", "answered": nothing, "ended": nothing},
        "ACTION": {"action": "MEETING", "status": "SENT", "answered": nothing},
        "COMMITMENT": {"asked": "A police post"},
    }[kind]
    happened = UncertainDate.on(on) if on else nothing
    with acting(by.id):
        record = write_down(by, case, kind, {"happened": happened, "next_on": None, **facts, **values}, reason)
        db.session.commit()
    return record


def a_project(name="Cerro Alto", *, places=(), companies=(), team=None):
    project = Project(name=name, name_folded=fold(name), team_id=team.id if team else None)
    project.places.extend(places)
    project.companies.extend(companies)
    db.session.add(project)
    db.session.flush()
    return project


def a_contract(by, title="Police–mine agreement", *, company=None, team=None, confidentiality="TEAM", **facts):
    """A contract of the user's team, recorded by the operation; days as `when("2021-02")` reads them."""
    company = company or an_organisation()
    given = {"title": title, "modality": "INSTITUTIONAL", "company": company, "confidentiality": confidentiality}
    given |= {name: when(day) if isinstance(day, str) and name in DAYS else day for name, day in facts.items()}
    with acting(by.id):
        contract = record_contract(by, team.id if team else by.memberships[0].team_id, given)
        db.session.flush()
    return contract


def an_addendum(by, parent, effect="EXTENDS", **facts):
    facts = {"modality": "ADDENDUM", "parent": parent, "effect": effect} | facts
    return a_contract(by, "Addendum", company=parent.company, **facts)


def a_request(by, subject="The agreements", **facts):
    """A draft of the user's team."""
    with acting(by.id):
        given = {"subject": subject, "body_text": "The police", **facts}
        request = record_request(by, by.memberships[0].team_id, given)
        db.session.commit()
    return request


def when(text):
    """`2021-02`, `2021-02-03/2021-03-01`, `/2021-05-01` (by then), or nothing."""
    if text.startswith("/"):
        return UncertainDate.between(None, UncertainDate.read(text[1:]).latest)
    return UncertainDate.read(text)
