"""What left the house with a person in it: noted before it leaves, listed when an answer is taken back."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.people.models import Consent, Export, ExportedPerson
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

    sign_in(world.caseworker).post("/proceedings/export", form_at="/proceedings/")

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


NOT_SEEN = "an export of a case that you do not see"


def test_a_case_that_one_does_not_see_is_not_named_by_what_left_it(world, sign_in):
    hidden = factories.a_case(world.south, world.caseworker, title="Hidden")
    known = factories.a_case(world.south, world.coordinator, title="Known", confidentiality="TEAM")
    person = factories.a_person(world.caseworker, pseudonym="Heron", consent="C3")
    answers = ("UN_LETTER", "PUBLICATION")
    person.consents += [Consent(purpose=one, level="C4", given_on=date(2024, 1, 5)) for one in answers]
    for case in (hidden, known):
        factories.a_role(person, case)
    incident = factories.an_incident(
        world.caseworker, case=hidden, state="VERIFIED", narrative="Beaten", on=date(2022, 4, 27)
    )
    factories.a_victim(incident, person)
    taker, colleague = sign_in(world.caseworker), sign_in(world.colleague)
    chosen = {"people": [person.reference], "incidents": [incident.reference]}
    letter = {"language": "en", "kind": "allegation", **chosen}
    assert taker.post(f"/cases/{hidden.reference}/summary", {"identities": "without"}).status_code == 200
    assert taker.post(f"/cases/{hidden.reference}/letter", letter).status_code == 200
    assert colleague.post(f"/cases/{known.reference}/summary", {"identities": "without"}).status_code == 200

    withdraw = f"/people/{person.reference}/consent/{person.consents[0].uid}/withdraw"
    for address in (f"/people/{person.reference}", withdraw):
        listed = exports_on(colleague, address)
        assert "3 exports" in listed and listed.count(NOT_SEEN) == 2
        assert hidden.reference not in listed and "Caseworker" not in listed and "letter" not in listed.lower()
        assert f"case_summary-{known.reference}" in listed and "Colleague" in listed
        whole = exports_on(taker, address)
        assert f"case_summary-{hidden.reference}" in whole and f"un-letter-{hidden.reference}" in whole
        assert "3 exports" in whole and NOT_SEEN not in whole
    values = {"withdrawn_on": "1/2/2025", "reason": "They said so"}
    assert "3 exports carried this person" in colleague.post(withdraw, values, follow=True).text


def test_another_team_is_not_told_who_took_what(world, sign_in):
    theirs = factories.a_case(world.north, world.stranger, title="Theirs", confidentiality="NETWORK")
    person = factories.a_person(world.stranger, pseudonym="Heron")
    factories.a_role(person, theirs)
    case = factories.a_case(world.south, world.caseworker, title="Ours")
    incident = factories.an_incident(world.caseworker, case=case, state="VERIFIED")
    factories.a_victim(incident, person)
    browser = sign_in(world.caseworker)
    assert browser.post(f"/cases/{case.reference}/summary").status_code == 200
    assert browser.post("/incidents/export", form_at="/incidents/").status_code == 200
    sign_in(world.stranger).post(f"/cases/{theirs.reference}/summary")

    listed = exports_on(sign_in(world.stranger), f"/people/{person.reference}")

    assert "3 exports" in listed and listed.count(NOT_SEEN) == 2
    assert f"case_summary-{theirs.reference}" in listed
    assert case.reference not in listed and "amparo-incidents-" not in listed and "Caseworker" not in listed
