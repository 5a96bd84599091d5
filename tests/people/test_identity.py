"""Who a person is: apart, with a reason that is recorded, on one answer and nowhere else."""

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.audit import AuditEntry, AuditValue
from app.db import db
from app.people.models import PersonIdentity
from tests import factories

CANARY = "Zyxwvut Quetzalcanary"
REASON = "The hearing is tomorrow"


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")


@pytest.fixture
def person(world, case):
    person = factories.a_person(world.second_coordinator, pseudonym="Heron", legal_name=CANARY, consent="C4")
    factories.a_role(person, case)
    incident = factories.an_incident(world.caseworker, case=case, title="An incident", state="VERIFIED")
    factories.a_victim(incident, person)
    return person


def reveals():
    return db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "identity_revealed")).all()


def show(browser, person, reason=REASON):
    page = f"/people/{person.reference}"
    return browser.post(f"{page}/identity/show", {"reason": reason}, form_at=page)


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "second_coordinator"])
def test_members_and_coordination_see_it_with_a_reason_that_is_recorded(world, sign_in, person, who):
    user = getattr(world, who)

    answer = show(sign_in(user), person)

    assert answer.status_code == 200 and CANARY in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert [(entry.actor_id, entry.reference, entry.reason) for entry in reveals()] == [
        (user.id, person.reference, REASON)
    ]


@pytest.mark.parametrize("who", ["colleague", "analyst", "stranger", "administrator", "auditor"])
def test_nobody_else_sees_it_and_nothing_is_recorded(world, sign_in, person, who):
    answer = show(sign_in(getattr(world, who)), person)

    assert answer.status_code == 403
    assert CANARY not in answer.text
    assert reveals() == []


@pytest.mark.parametrize("reason", ["", "   ", "why not", "x" * 600])
def test_without_a_reason_nothing_is_shown_and_nothing_is_recorded(world, sign_in, person, reason):
    answer = show(sign_in(world.caseworker), person, reason)

    assert answer.status_code == 400
    assert CANARY not in answer.text
    assert reveals() == []


def test_a_member_of_a_case_whose_incident_names_the_person_may_ask(world, sign_in):
    case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM")
    person = factories.a_person(world.coordinator, legal_name=CANARY)
    factories.a_victim(factories.an_incident(world.caseworker, case=case), person)

    assert CANARY in show(sign_in(world.caseworker), person).text
    assert show(sign_in(world.colleague), person).status_code == 403


def test_an_identity_cannot_be_asked_for_with_get(world, sign_in, person):
    browser = sign_in(world.caseworker)

    assert browser.get(f"/people/{person.reference}/identity/show?reason={REASON}").status_code == 405
    assert CANARY not in browser.get(f"/people/{person.reference}/identity", follow_redirects=True).text
    assert reveals() == []


def test_the_page_says_only_that_an_identity_is_on_record(world, sign_in, person):
    page = sign_in(world.caseworker).get(f"/people/{person.reference}").text

    assert "An identity is on record." in page
    assert CANARY not in page


def test_the_legal_name_is_in_no_export(world, sign_in, person, case):
    browser = sign_in(world.coordinator)

    exported = browser.post("/incidents/export", form_at="/incidents/")

    assert CANARY not in exported.text


def test_an_identity_is_written_and_changed_and_leaves_no_value_in_the_trail(world, sign_in):
    person = factories.a_person(world.caseworker, pseudonym="Crane")
    browser = sign_in(world.caseworker)
    address = f"/people/{person.reference}/identity"

    browser.post(address, {"legal_name": CANARY, "document": "12345678", "version": person.version})
    db.session.expire_all()
    browser.post(address, {"legal_name": CANARY + " II", "version": person.version}, form_at="/people/")

    identity = db.session.scalars(unguarded(select(PersonIdentity), "test")).one()
    values = db.session.scalars(select(AuditValue)).all()
    assert (identity.legal_name, identity.document) == (CANARY + " II", None)
    assert not [value for value in values if CANARY in f"{value.old}{value.new}" or "12345678" in f"{value.old}"]
    deeds = select(AuditEntry.deed).where(AuditEntry.table_name == "person_identity").order_by(AuditEntry.id)
    assert db.session.scalars(deeds).all() == ["created", "changed"]


def test_a_stale_identity_form_loses_nothing_and_overwrites_nothing(world, sign_in):
    person = factories.a_person(world.caseworker, pseudonym="Crane")
    browser = sign_in(world.caseworker)
    address = f"/people/{person.reference}/identity"
    stale = person.version
    browser.post(address, {"legal_name": "First Name", "version": stale})

    answer = browser.post(address, {"legal_name": "Second Name", "version": stale}, form_at="/people/")

    identity = db.session.scalars(unguarded(select(PersonIdentity), "test")).one()
    assert answer.status_code == 409
    assert "Second Name" in answer.text and "First Name" not in answer.text
    assert identity.legal_name == "First Name"


def test_the_pseudonym_is_not_the_legal_name(world, sign_in):
    person = factories.a_person(world.caseworker, pseudonym="Crane")

    answer = sign_in(world.caseworker).post(
        f"/people/{person.reference}/identity", {"legal_name": "CRANE", "version": person.version}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("who", ["colleague", "analyst", "stranger"])
def test_nobody_else_writes_an_identity(world, sign_in, person, who):
    answer = sign_in(getattr(world, who)).post(
        f"/people/{person.reference}/identity", {"legal_name": "Other", "version": person.version}
    )

    assert answer.status_code == 403
    assert db.session.scalars(unguarded(select(PersonIdentity.legal_name), "test")).all() == [CANARY]
