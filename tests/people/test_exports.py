"""What left the house with a person in it: noted before it leaves, listed when an answer is taken back."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.people.models import Export, ExportedPerson
from app.proceedings.models import Accused
from tests import factories


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker)


def a_person_in_an_incident(world, case, pseudonym, *, on=date(2024, 5, 2), **values):
    person = factories.a_person(world.caseworker, pseudonym=pseudonym, consent="C3")
    incident = factories.an_incident(world.caseworker, case=case, on=on, **values)
    factories.a_victim(incident, person)
    return person


def carried():
    statement = select(ExportedPerson).join(Export).order_by(Export.id, ExportedPerson.person_id)
    rows = db.session.scalars(unguarded(statement, "the test looks")).all()
    return [(row.export.kind, row.person_id, row.is_named) for row in rows]


def exports_on(browser, address):
    part = re.search(r'(?s)aria-labelledby="exports">(.*?)</section>', browser.get(address).text)
    return part[1] if part else ""


def test_the_list_of_incidents_notes_whom_its_rows_tell_of(world, sign_in, case):
    inside = a_person_in_an_incident(world, case, "Heron", urgency="URGENT")
    a_person_in_an_incident(world, case, "Crane", urgency="LOW")  # another filter
    a_person_in_an_incident(
        world, factories.a_case(world.south, world.colleague), "Ibis", urgency="URGENT"
    )  # not theirs to see

    sign_in(world.caseworker).post("/incidents/export", {"urgency": "URGENT"}, form_at="/incidents/")

    assert carried() == [("incidents", inside.id, False)]


def test_a_person_twice_in_a_file_is_listed_once(world, sign_in, case):
    person = a_person_in_an_incident(world, case, "Heron")
    factories.a_victim(factories.an_incident(world.caseworker, case=case), person)

    sign_in(world.caseworker).post("/incidents/export", form_at="/incidents/")

    assert carried() == [("incidents", person.id, False)]


def test_the_list_of_proceedings_notes_the_accused(world, sign_in, case):
    person = factories.a_person(world.caseworker, pseudonym="Heron")
    factories.a_person(world.caseworker, pseudonym="Crane")  # in no proceeding
    proceeding = factories.a_proceeding(case, world.caseworker)
    proceeding.accused = [Accused(person=person), Accused(group_label="Marchers", count_least=20)]
    db.session.commit()

    sign_in(world.caseworker).post("/proceedings/csv", form_at="/proceedings/")

    assert carried() == [("proceedings", person.id, False)]


def test_a_pack_notes_whom_its_rows_tell_of_and_not_those_whose_records_stayed(world, sign_in, case):
    leaves = a_person_in_an_incident(world, case, "Heron", state="VERIFIED")
    a_person_in_an_incident(world, case, "Crane", state="DRAFT")
    browser = sign_in(world.coordinator)

    browser.post("/upr/", {"country": "PER", "from": "2024-01-01", "to": "2024-12-31"}, form_at="/upr/")

    assert carried() == [("upr", leaves.id, False)]
    listed = exports_on(browser, f"/people/{leaves.reference}")
    assert "UPR pack" in listed and "upr-pack_PER_2024-01-01" in listed and "Coordinator" in listed
    assert "1 Jan 2024 to 31 Dec 2024" in listed


def test_taking_an_answer_back_lists_the_exports_before_and_after(world, sign_in, case):
    person = a_person_in_an_incident(world, case, "Heron")
    other = factories.a_person(world.caseworker, pseudonym="Crane", consent="C3")
    browser = sign_in(world.caseworker)
    browser.post("/incidents/export", form_at="/incidents/")
    address = f"/people/{person.reference}/consent/{person.consents[0].uid}/withdraw"

    before = exports_on(browser, address)
    values = {"withdrawn_on": "1/2/2025", "reason": "They said so"}
    after = browser.post(address, values, follow=True).text

    assert "amparo-incidents-" in before and "Caseworker" in before
    assert "1 export carried this person" in after
    assert "amparo-incidents-" in exports_on(browser, f"/people/{person.reference}")
    assert "No export has carried this person" in exports_on(browser, f"/people/{other.reference}")


def test_who_reads_without_identity_is_shown_no_exports(world, sign_in):
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")
    person = a_person_in_an_incident(world, case, "Heron")
    sign_in(world.caseworker).post("/incidents/export", form_at="/incidents/")

    for who in (world.analyst, world.stranger):
        page = sign_in(who).get(f"/people/{person.reference}")
        assert page.status_code == 200
        assert "amparo-incidents-" not in page.text
