"""The history of an incident in sentences."""

from datetime import date, timedelta

import pytest
from flask import g
from sqlalchemy import select

from app.audit import AuditEntry, acting
from app.dates import UncertainDate
from app.db import db, now
from app.incidents import review
from app.incidents.history import history_of
from app.incidents.models import Incident
from app.incidents.operations import IncidentGiven, ReasonMissing, edit_incident
from app.organisations.models import Project
from tests import factories


@pytest.fixture(autouse=True)
def in_english(app):
    g.language = "en"


@pytest.fixture
def incident(world):
    case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM")
    return factories.an_incident(world.caseworker, case=case, title="Eviction", on=date(2022, 4, 27))


def sentences(incident, user):
    db.session.commit()
    return [step.sentence for step in history_of(incident, user)[0]]


@pytest.fixture
def later(monkeypatch):
    """`later()` lets an hour pass: what comes next is another sitting."""
    hours = []

    def clock():
        return now() + timedelta(hours=len(hours))

    monkeypatch.setattr("app.audit.now", clock)
    return lambda: hours.append(1)


def test_a_record_begins_with_who_made_it(app, world, incident):
    assert sentences(incident, world.caseworker) == ["Caseworker made the record."]


def test_an_uncertain_date_is_one_sentence(app, world, incident, later):
    later()
    with acting(world.coordinator.id):
        incident.happened = UncertainDate.in_month(2022, 5)
        db.session.commit()

    assert sentences(incident, world.caseworker)[0] == (
        "Coordinator changed the date: before 27 Apr 2022, now May 2022."
    )


def test_codes_and_places_stand_in_words(app, world, incident, later):
    later()
    with acting(world.caseworker.id):
        incident.main_type, incident.place = "LAND.EVICT", factories.a_place("PE-030506")
        db.session.commit()

    assert sentences(incident, world.caseworker)[0] == (
        "Caseworker changed the main type: before Other threat, now Forced eviction; "
        "filled in the place: Challhuahuacho, Cotabambas, Apurímac."
    )


def test_changes_of_one_sitting_are_told_once(app, world, incident, later):
    later()
    with acting(world.caseworker.id):
        for community in ("Sec", "Sector", "Sector Alto"):
            incident.community = community
            db.session.commit()

    assert sentences(incident, world.caseworker)[0] == "Caseworker filled in the community: Sector Alto."


def test_two_people_are_never_one_sitting(app, world, incident):
    for user, words in ((world.caseworker, "Low"), (world.coordinator, "High")):
        with acting(user.id):
            incident.community = words
            db.session.commit()

    assert sentences(incident, world.caseworker)[0] == "Coordinator changed the community: before Low, now High."


def test_a_long_text_stands_apart_as_it_was(app, world, incident, later):
    incident.narrative = "At dawn they came. " * 20
    db.session.commit()
    later()
    with acting(world.coordinator.id):
        incident.narrative = "Nobody came. " * 20
        db.session.commit()

    step = history_of(incident, world.caseworker)[0][0]

    assert step.sentence == "Coordinator changed the narrative."
    assert step.earlier == [("the narrative", "At dawn they came. " * 20)]


def test_moves_are_told_with_what_was_said(app, world, incident):
    factories.a_source(incident)
    with acting(world.caseworker.id):
        review.advance(incident, "submit", world.caseworker)
        db.session.commit()
    with acting(world.coordinator.id):
        review.advance(incident, "start_review", world.coordinator)
        db.session.commit()
        review.advance(incident, "ask", world.coordinator, "Which unit?")
        db.session.commit()

    assert sentences(incident, world.caseworker)[:3] == [
        "Coordinator asked for information: “Which unit?”",
        "Coordinator started the review.",
        "Caseworker sent the record to review.",
    ]


def test_persons_stand_under_their_pseudonym_and_never_their_name(app, world, incident, later):
    later()
    with acting(world.caseworker.id):
        person = factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Rosa Quispe", consent="C3")
        act = factories.a_victim(incident, person, injured_least=3)
    later()
    with acting(world.caseworker.id):
        act.injured_most = 5
        db.session.commit()
    later()
    with acting(world.caseworker.id):
        incident.acts.remove(act)
        db.session.commit()

    told = sentences(incident, world.caseworker)

    assert told[0] == "Caseworker took out of affected persons and acts: Heron, injured: 3 to 5."
    assert told[1] == (
        "Caseworker changed affected persons and acts: before Heron, injured: 3, now Heron, injured: 3 to 5."
    )
    assert told[2] == "Caseworker added to affected persons and acts: Heron, injured: 3."
    assert "Rosa" not in " ".join(told)


def test_sources_and_perpetrators_are_told(app, world, incident, later):
    later()
    with acting(world.caseworker.id):
        factories.a_source(incident, "La Voz", credibility="2")
    later()
    with acting(world.caseworker.id):
        factories.a_perpetrator(incident, "PNP", "DIRECT")

    assert sentences(incident, world.caseworker)[:2] == [
        "Caseworker added to alleged perpetrators: National Police, Directly carried out.",
        "Caseworker added to sources: La Voz (B2).",
    ]


def given(incident, **changes):
    """What the form would give of this record, with changes."""
    return IncidentGiven(
        **{
            "title_es": incident.title_es, "title_en": incident.title_en, "main_type": incident.main_type,
            "country": incident.country, "happened": incident.happened, **changes,
        }
    )  # fmt: skip


def test_companies_and_projects_are_told_and_written_in_the_trail(app, world, incident, later):
    mine, other = factories.an_organisation("Minera Alta"), factories.an_organisation("Minera Baja")
    road = Project(team_id=world.south.id, name="The Road", name_folded="the road")
    for changes in (
        {"companies": [mine], "projects": [road]},
        {"companies": [mine, other], "projects": [road]},
        {"companies": [other]},
    ):
        later()
        with acting(world.caseworker.id):
            edit_incident(world.caseworker, incident, given(incident, **changes))
            db.session.commit()

    assert sentences(incident, world.caseworker)[:3] == [
        "Caseworker took out of projects: The Road; took out of companies: Minera Alta.",
        "Caseworker added to companies: Minera Baja.",
        "Caseworker added to projects: The Road; added to companies: Minera Alta.",
    ]
    entries = select(AuditEntry.deed, AuditEntry.table_name).where(AuditEntry.table_name == "incident_company")
    assert [entry.deed for entry in db.session.execute(entries.order_by(AuditEntry.id))] == [
        "created", "created", "changed", "deleted",
    ]  # fmt: skip


def test_a_company_of_another_team_is_not_named(app, world, incident, later):
    later()
    with acting(world.caseworker.id):
        incident.companies.append(factories.an_organisation("Their word for it", team=world.north))
        db.session.commit()

    assert sentences(incident, world.caseworker)[0] == "Caseworker added to companies: a company."


def test_a_case_that_the_reader_may_not_see_is_another_case(app, world, incident, later):
    hidden = factories.a_case(world.south, world.colleague, title="The secret case")
    open_case = incident.case_id
    later()
    with acting(world.coordinator.id):
        incident.case_id = hidden.id
        db.session.commit()
    later()
    with acting(world.coordinator.id):
        incident.case_id = open_case
        db.session.commit()

    assert "The secret case" in " ".join(sentences(incident, world.coordinator))
    assert "The secret case" not in " ".join(sentences(incident, world.caseworker))
    assert "before another case" in sentences(incident, world.caseworker)[0]


def test_withdrawing_restoring_and_assigning_are_told(app, world, incident, later):
    later()
    with acting(world.coordinator.id):
        review.assign(incident, world.caseworker, world.coordinator)
        db.session.commit()
    with acting(world.caseworker.id):
        incident.withdrawn_at, incident.withdrawal_reason = now(), "Twice."
        db.session.commit()
        incident.withdrawn_at = incident.withdrawal_reason = None
        db.session.commit()

    assert sentences(incident, world.caseworker)[:3] == [
        "Caseworker restored the record.",
        "Caseworker withdrew the record: “Twice.”",
        "Coordinator assigned it to Caseworker.",
    ]


def test_it_is_told_in_the_language_of_the_reader(app, world, sign_in, incident):
    world.caseworker.language = "es"
    db.session.commit()
    with acting(world.coordinator.id):
        incident.happened = UncertainDate.in_year(2021)
        db.session.commit()

    page = sign_in(world.caseworker).get(f"/incidents/{incident.reference}/history")

    assert "Coordinator cambió la fecha: antes 27 abr 2022, ahora 2021." in page.text


def test_only_the_newest_steps_are_read_when_asked(app, world, incident, later):
    for number in range(5):
        later()
        with acting(world.caseworker.id):
            incident.community = f"Sector {number}"
            db.session.commit()

    steps, there_is_more = history_of(incident, world.caseworker, 2)

    assert [step.sentence for step in steps] == [
        "Caseworker changed the community: before Sector 3, now Sector 4.",
        "Caseworker changed the community: before Sector 2, now Sector 3.",
    ]
    assert there_is_more
    assert isinstance(incident, Incident)


def test_a_reviewed_record_changes_for_a_reason_that_stays_in_its_history(app, world, incident, later):
    incident.state = "VERIFIED"
    db.session.commit()
    later()

    with acting(world.caseworker.id), pytest.raises(ReasonMissing):
        edit_incident(world.caseworker, incident, given_of(incident, notes="A neighbour called"))
    db.session.rollback()
    with acting(world.caseworker.id):
        edit_incident(world.caseworker, incident, given_of(incident, notes="A neighbour called"), why="New call")
        db.session.commit()

    assert incident.state == "VERIFIED"
    assert sentences(incident, world.caseworker)[0] == (
        "Caseworker filled in the notes: A neighbour called. Reason: “New call”."
    )
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.table_name == "incident").order_by(AuditEntry.id.desc())
    ).first()
    assert entry.reason == "New call"


def test_saving_a_reviewed_record_unchanged_asks_for_nothing(app, world, incident):
    incident.state = "VERIFIED"
    db.session.commit()

    with acting(world.caseworker.id):
        edit_incident(world.caseworker, incident, given_of(incident))
        db.session.commit()

    assert incident.state == "VERIFIED"


def test_a_reason_is_not_carried_into_the_next_transaction(app, world, incident):
    incident.state = "VERIFIED"
    db.session.commit()
    with acting(world.caseworker.id):
        edit_incident(world.caseworker, incident, given_of(incident, notes="One"), why="Because")
        db.session.commit()
        incident.notes = "Two"
        db.session.commit()

    reasons = db.session.scalars(
        select(AuditEntry.reason).where(AuditEntry.table_name == "incident").order_by(AuditEntry.id)
    ).all()
    assert reasons[-2:] == ["Because", None]


def given_of(incident, **changes):
    """What an edit gives that changes nothing but this."""
    facts = {
        "title_es": incident.title_es,
        "title_en": incident.title_en,
        "main_type": incident.main_type,
        "country": incident.country,
        "happened": incident.happened,
    }
    return IncidentGiven(**{**facts, **changes})
