"""People by their pseudonym: who sees whom, and how they are recorded."""

import pytest
from sqlalchemy import func, select

from app.access import unguarded
from app.db import db
from app.incidents.models import Incident
from app.people.models import CaseRole, Person
from app.people.queries import person_named
from tests import factories

EVERYBODY = ("caseworker", "colleague", "coordinator", "analyst", "stranger", "administrator", "auditor")
SEES = {
    "RESTRICTED": {"caseworker", "coordinator", "analyst"},
    "TEAM": {"caseworker", "colleague", "coordinator", "analyst"},
    "NETWORK": {"caseworker", "colleague", "coordinator", "analyst", "stranger"},
}


@pytest.mark.parametrize("level", SEES)
@pytest.mark.parametrize("who", EVERYBODY)
def test_whoever_sees_the_case_sees_the_person_in_it(world, sign_in, level, who):
    person = factories.a_person(world.second_coordinator, pseudonym="Heron")
    person.note, person.community = "Private note", "Private hamlet"
    factories.a_role(person, factories.a_case(world.south, world.caseworker, confidentiality=level))
    factories.a_person(world.foreign_coordinator, pseudonym="Heroine")
    browser = sign_in(getattr(world, who))

    page = browser.get(f"/people/{person.reference}")
    listed, suggested = browser.get("/people/?text=hero"), browser.get("/people/suggest?q=her")

    if who in ("administrator", "auditor"):
        assert {page.status_code, listed.status_code, suggested.status_code} == {403}
        return
    sees = who in SEES[level]
    assert page.status_code == (200 if sees else 404)
    assert ("Heron" in listed.text) == sees
    assert [each["value"] for each in suggested.json] == ([f"Heron ({person.reference})"] if sees else [])
    assert "Heroine" not in listed.text
    assert ("Private" in page.text) == (sees and who not in ("analyst", "stranger"))


def test_whoever_recorded_a_person_sees_them_and_nobody_else(world, sign_in):
    person = factories.a_person(world.caseworker)

    assert sign_in(world.caseworker).get(f"/people/{person.reference}").status_code == 200
    for other in (world.colleague, world.coordinator, world.analyst, world.stranger):
        assert sign_in(other).get(f"/people/{person.reference}").status_code == 404


def test_cases_that_one_does_not_see_stay_off_the_page(world, sign_in):
    person = factories.a_person(world.caseworker)
    factories.a_role(person, factories.a_case(world.south, world.caseworker, title="Known"))
    hidden = factories.a_case(world.south, world.colleague, title="Unknown")
    factories.a_role(person, hidden)

    page = sign_in(world.caseworker).get(f"/people/{person.reference}").text

    assert "Known" in page
    assert "Unknown" not in page and hidden.reference not in page


def test_namesakes_stay_apart_by_their_reference(world, sign_in):
    first = factories.a_person(world.caseworker, pseudonym="Heron")
    second = factories.a_person(world.caseworker, pseudonym="heron")

    suggested = sign_in(world.caseworker).get("/people/suggest?q=heron").json

    assert {each["value"] for each in suggested} == {f"Heron ({first.reference})", f"heron ({second.reference})"}
    assert person_named(world.caseworker, "Heron") is None
    assert person_named(world.caseworker, f"Heron ({first.reference})") is first
    assert person_named(world.stranger, first.reference) is None


def test_a_person_is_recorded_from_a_case_with_their_role(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)
    values = {"team_id": world.south.id, "pseudonym": "Crane", "kind": "INDIVIDUAL", "role": "WITNESS", "country": "PE"}
    values |= {"defender_groups": ["LAND", "LAWYER"], "form_token": "t" * 43}
    browser = sign_in(world.caseworker)

    answers = [browser.post(f"/people/new?case={case.reference}", values) for _time in range(2)]

    role = db.session.scalars(unguarded(select(CaseRole), "test")).one()
    assert (role.case_id, role.role, role.person.pseudonym) == (case.id, "WITNESS", "Crane")
    assert role.person.defender_groups == ["LAND", "LAWYER"]
    assert {answer.location for answer in answers} == {f"/people/{role.person.reference}"}
    assert "Crane" in browser.get(f"/cases/{case.reference}").text


def test_nobody_is_put_into_a_case_of_others(world, sign_in):
    theirs = factories.a_case(world.north, world.stranger)
    browser = sign_in(world.caseworker)

    for address in (f"/people/new?case={theirs.reference}", f"/people/join?case={theirs.reference}", "/people/join"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/people/new?case={theirs.reference}", {"pseudonym": "Spy"}).status_code == 404
    assert db.session.scalar(unguarded(select(func.count(Person.id)), "test")) == 0


def test_someone_on_record_joins_a_case_and_leaves_it(world, sign_in):
    case = factories.a_case(world.south, world.caseworker)
    person = factories.a_person(world.caseworker, pseudonym="Heron")
    hidden = factories.a_person(world.colleague, pseudonym="Crane")
    browser = sign_in(world.caseworker)
    address = f"/people/join?case={case.reference}"

    refused = browser.post(address, {"person": hidden.pseudonym, "role": "AFFECTED"})
    browser.post(address, {"person": "heron", "role": "LAWYER"})
    joined = browser.get(f"/cases/{case.reference}").text
    browser.post(f"/people/{person.reference}/leave", {"case": case.reference}, form_at=f"/people/{person.reference}")

    assert refused.status_code == 400
    assert "Heron" in joined
    assert db.session.scalar(unguarded(select(func.count(CaseRole.id)), "test")) == 0
    assert person.reference not in browser.get(f"/cases/{case.reference}").text


def test_two_edits_at_once_show_both_texts(world, sign_in):
    case = factories.a_case(world.south, world.caseworker, world.colleague)
    person = factories.a_person(world.caseworker, pseudonym="Heron")
    factories.a_role(person, case)
    values = {"version": person.version, "defender_groups": ["LAND"]}
    sign_in(world.caseworker).post(f"/people/{person.reference}/edit", {**values, "pseudonym": "Crane"})

    answer = sign_in(world.colleague).post(f"/people/{person.reference}/edit", {**values, "pseudonym": "Ibis"})

    assert answer.status_code == 409
    assert "Crane" in answer.text and "Ibis" in answer.text


def test_analysts_and_other_teams_change_nobody(world, sign_in):
    person = factories.a_person(world.caseworker)
    factories.a_role(person, factories.a_case(world.south, world.caseworker, confidentiality="NETWORK"))

    for user in (world.analyst, world.stranger):
        browser = sign_in(user)
        for address in ("edit", "consent"):
            assert browser.get(f"/people/{person.reference}/{address}").status_code == 403


def test_the_list_costs_the_same_number_of_statements_however_long(world, sign_in, statements):
    browser = sign_in(world.caseworker)
    factories.a_person(world.caseworker, consent="C3")
    with statements() as few:
        browser.get("/people/")
    for number in range(15):
        factories.a_person(world.caseworker, pseudonym=f"Heron {number}", consent="C2")
    db.session.expire_all()

    with statements() as many:
        browser.get("/people/")

    assert len(many) <= len(few)


def test_incidents_are_found_by_a_new_pseudonym_and_no_longer_by_the_old(world, sign_in):
    from app.access import visible
    from app.search import matching

    incident = factories.an_incident(world.caseworker)
    person = factories.a_person(world.caseworker, pseudonym="Heron")
    factories.a_victim(incident, person)
    incident.index_for_search()
    db.session.commit()

    sign_in(world.caseworker).post(
        f"/people/{person.reference}/edit", {"pseudonym": "Crane", "version": person.version}
    )

    def found(text):
        return db.session.scalars(matching(visible(Incident, world.caseworker), Incident, text, world.caseworker)).all()

    assert found("crane") == [incident]
    assert found("heron") == []


def test_incidents_are_found_by_a_new_alias_of_an_organisation(world):
    from app.access import visible
    from app.audit import acting
    from app.organisations.operations import edit_organisation, record_organisation
    from app.search import matching

    with acting(world.caseworker.id):
        company = record_organisation(world.caseworker, world.south.id, {"name": "Big Mine", "aliases": ["Old"]})
        incident = factories.an_incident(world.caseworker)
        incident.companies.append(company)
        db.session.commit()
        edit_organisation(world.caseworker, company, {"name": "Big Mine", "aliases": ["Newcomer"]})
        db.session.commit()

    def found(text):
        return db.session.scalars(matching(visible(Incident, world.caseworker), Incident, text, world.caseworker)).all()

    assert found("newcomer") == [incident]
    assert found("old") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", " "), ("gender", "\u2028"), ("country", " "), ("peoples", [" ", "NOBODY"]), ("rights_defended", [" "])],
)
def test_a_blank_does_not_carry_a_word_past_a_list(world, sign_in, field, value):
    values = {"team_id": world.south.id, "pseudonym": "Crane", "kind": "INDIVIDUAL", field: value}

    answer = sign_in(world.caseworker).post("/people/new", values)

    assert answer.status_code == 400
    assert db.session.scalar(unguarded(select(func.count(Person.id)), "test")) == 0
