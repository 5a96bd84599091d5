"""A person's history in words, and the person withdrawn and brought back; who it is stands in neither."""

from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import select

from app.access import unguarded
from app.audit import acting
from app.dates import today
from app.db import db, now
from app.people import operations
from app.people.history import history_of
from app.people.models import Person
from app.people.operations import ConsentGiven, Identity
from tests import factories

CANARY = "Zyxwvut Quetzalcanary"
FACTS = {"pseudonym": "Heron", "kind": "INDIVIDUAL", "country": "PE"}


@pytest.fixture
def later(monkeypatch):
    """`later()` lets an hour pass: what comes next is another sitting."""
    hours = []
    monkeypatch.setattr("app.audit.now", lambda: now() + timedelta(hours=len(hours)))
    return lambda: hours.append(1)


@pytest.fixture
def person(world):
    with acting(world.caseworker.id):
        person = operations.record_person(world.caseworker, world.south.id, dict(FACTS))
        db.session.commit()
    return person


def sentences(person):
    g.language = "en"
    db.session.commit()
    return [step.sentence for step in history_of(person)[0]]


def test_facts_answers_and_withdrawal_are_told_in_words(app, world, person, later):
    user = world.caseworker
    with acting(user.id):
        later()
        operations.edit_person(user, person, {**FACTS, "gender": "W", "defender_groups": ["LAND"]})
        db.session.commit()
        later()
        given = operations.add_consent(user, person, ConsentGiven("ALL", "C3", today()))
        db.session.commit()
        later()
        operations.withdraw_consent(user, given, today(), "She is afraid.")
        db.session.commit()
    later()
    with acting(world.coordinator.id):
        operations.withdraw_person(world.coordinator, person, "Recorded twice.")
        db.session.commit()
        operations.restore_person(world.coordinator, person)
        db.session.commit()

    told = sentences(person)

    assert told[0] == "Coordinator restored the record."
    assert told[1] == "Coordinator withdrew the record: “Recorded twice.”"
    assert told[2].startswith("Caseworker took back an answer: ") and "She is afraid." in told[2]
    assert told[3].startswith("Caseworker wrote down an answer: ") and "C3" in told[3]
    assert told[4].startswith("Caseworker filled in the gender: Woman; filled in the groups of defenders: ")
    assert told[5] == "Caseworker made the record."


def test_of_the_identity_only_the_deed_is_told(app, world, person, later):
    with acting(world.caseworker.id):
        for name in (CANARY, f"{CANARY} the second"):
            later()
            known = db.session.scalars(
                unguarded(select(operations.PersonIdentity), "the test writes it as the page does")
            ).one_or_none()
            operations.save_identity(world.caseworker, person, known, Identity(legal_name=name, document="44556677"))
            db.session.commit()

    told = sentences(person)

    assert told[:2] == ["Caseworker changed what is written of who it is.", "Caseworker wrote down who it is."]
    assert "Zyxwvut" not in " ".join(told) and "44556677" not in " ".join(told)


def test_a_pseudonym_that_was_the_name_is_not_told(app, world, person, later):
    user = world.caseworker
    with acting(user.id):
        for pseudonym, note in ((CANARY, f"Her name is {CANARY}. " * 10), ("Crane", "None")):
            later()
            operations.edit_person(user, person, {**FACTS, "pseudonym": pseudonym, "note": note})
            db.session.commit()
        later()
        operations.save_identity(user, person, None, Identity(legal_name=CANARY))
        db.session.commit()

    g.language = "en"
    steps = history_of(person)[0]

    assert "says who they are" in sentences(person)[1]
    assert CANARY not in " ".join([*sentences(person), *(text for step in steps for _what, text in step.earlier)])


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "colleague", "analyst", "stranger"])
def test_only_those_who_read_the_person_in_full_open_the_history(world, sign_in, person, who):
    factories.a_role(person, factories.a_case(world.south, world.caseworker, confidentiality="NETWORK"))

    answer = sign_in(getattr(world, who)).get(f"/people/{person.reference}/history")

    assert answer.status_code == (200 if who in ("caseworker", "coordinator", "colleague") else 404)
    assert ("made the record" in answer.text) == (answer.status_code == 200)


def test_withdrawn_with_a_reason_and_brought_back(world, sign_in, person):
    case = factories.a_case(world.south, world.caseworker)
    factories.a_role(person, case)
    incident = factories.an_incident(world.caseworker, case=case)
    factories.a_victim(incident, person)
    browser = sign_in(world.caseworker)
    page = f"/people/{person.reference}"

    without = browser.post(f"{page}/withdraw", {"reason": "  "}, form_at=page)
    assert without.status_code == 400
    assert "Heron" in browser.get("/people/").text

    browser.post(f"{page}/withdraw", {"reason": "Recorded twice."}, form_at=page)

    assert "Recorded twice." in browser.get(page).text
    listed = browser.get("/people/").text
    assert "Heron" not in listed and "1 withdrawn, not shown" in listed
    assert "Heron" in browser.get("/people/?withdrawn=yes").text
    assert browser.get("/people/suggest?q=her").json == []
    assert person.reference not in re_people(browser.get(f"/cases/{case.reference}").text)
    assert "Heron" in browser.get(f"/incidents/{incident.reference}").text
    for address in ("edit", "consent", "identity"):
        assert browser.get(f"{page}/{address}").status_code == 409

    browser.post(f"{page}/restore", {}, form_at=page)

    assert "Heron" in browser.get("/people/").text
    assert browser.get(f"{page}/edit").status_code == 200


def re_people(text):
    """The part of a case's page that lists its people."""
    return text.partition('id="people"')[2].partition("</section>")[0]


def test_who_reads_without_identity_is_not_told_why(world, sign_in, person):
    factories.a_role(person, factories.a_case(world.south, world.caseworker, confidentiality="NETWORK"))
    with acting(world.caseworker.id):
        operations.withdraw_person(world.caseworker, person, "Her brother asked.")
        db.session.commit()
    browser = sign_in(world.analyst)

    page = browser.get(f"/people/{person.reference}")

    assert page.status_code == 200
    assert "Her brother asked." not in page.text
    for deed in ("withdraw", "restore"):
        answer = browser.post(f"/people/{person.reference}/{deed}", {"reason": "Mine."}, form_at="/profile")
        assert answer.status_code == 403
    assert db.session.scalar(unguarded(select(Person.withdrawal_reason), "test")) == "Her brother asked."
