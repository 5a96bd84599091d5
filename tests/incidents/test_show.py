"""The page of an incident: in full, without identity, withdrawn; and what is not there for one at all."""

from datetime import date

import pytest

from app.dates import UNKNOWN, UncertainDate
from app.db import db
from app.incidents import review
from tests import factories


@pytest.fixture
def incident(world):
    """A threat in a case of the south that is shared with the network."""
    case = factories.a_case(world.south, world.caseworker, title="The case of the valley", confidentiality="NETWORK")
    incident = factories.an_incident(
        world.caseworker,
        case=case,
        title="A leader was followed",
        state="IN_REVIEW",
        narrative="A white car waited.\nIt had no plates.",
        notes="Call back before six.",
        community="Sector Alto",
        place=factories.a_place("PE-030506"),
        summary_en="A leader was followed home.",
        urgency="URGENT",
    )
    person = factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Rosa Quispe", consent="C3")
    factories.a_victim(incident, person, affected_least=1, affected_most=1)
    factories.a_victim(incident, group="Families of Sector Alto", injured_least=3, injured_most=5)
    factories.a_perpetrator(
        incident, "COMPANY", "SUSPECTED", factories.an_organisation("Minera Alta", team=world.south)
    )
    factories.a_source(incident, "La Voz, page 3", url="https://voz.example/a")
    factories.a_source(incident, "La Voz, page 4", url="https://voz.example/b")
    return incident


FOR_FULL_READERS = (
    "A leader was followed",
    "A white car waited.",
    "Call back before six.",
    "Sector Alto",
    "Challhuahuacho",
    "Families of Sector Alto",
    "Minera Alta",
    "La Voz, page 3",
    "The case of the valley",
    "A leader was followed home.",
)
FOR_EVERYBODY = ("Heron", "Apurímac", "3 to 5 injured", "Company", "2 May 2024")


@pytest.mark.parametrize("who", ["caseworker", "colleague", "coordinator"])
def test_full_readers_see_the_record_and_never_the_identity(app, world, sign_in, incident, who):
    page = sign_in(getattr(world, who)).get(f"/incidents/{incident.reference}")

    assert page.status_code == 200
    for words in (*FOR_FULL_READERS, *FOR_EVERYBODY):
        assert words in page.text
    assert "Rosa Quispe" not in page.text


@pytest.mark.parametrize("who", ["analyst", "stranger", "foreign_coordinator"])
def test_the_others_read_without_identity(app, world, sign_in, incident, who):
    page = sign_in(getattr(world, who)).get(f"/incidents/{incident.reference}")

    assert page.status_code == 200
    for words in FOR_EVERYBODY:
        assert words in page.text
    for words in (*FOR_FULL_READERS, "Rosa Quispe", 'name="move"', "History"):
        assert words not in page.text


def test_a_public_record_shows_title_and_summary_to_all_who_see_it_and_nothing_more(app, world, sign_in, incident):
    review.set_public(world.caseworker, incident)
    review.approve_public(world.coordinator, incident)
    db.session.commit()

    page = sign_in(world.analyst).get(f"/incidents/{incident.reference}")

    assert "A leader was followed home." in page.text
    assert "white car" not in page.text and "Sector Alto" not in page.text


def test_a_record_one_may_not_see_is_like_one_that_was_never_there(app, world, sign_in):
    hidden = factories.an_incident(world.caseworker)

    for who in ("colleague", "analyst", "stranger", "foreign_coordinator"):
        browser = sign_in(getattr(world, who))
        for part in ("", "/review", "/history"):
            there = browser.get(f"/incidents/{hidden.reference}{part}")
            never = browser.get(f"/incidents/PER-I-00000{part}")
            assert (there.status_code, never.status_code) == (404, 404)
            assert there.text.count("<p") == never.text.count("<p")


@pytest.mark.parametrize("who", ["analyst", "stranger"])
def test_history_and_review_are_for_full_readers(app, world, sign_in, incident, who):
    browser = sign_in(getattr(world, who))

    assert browser.get(f"/incidents/{incident.reference}/review").status_code == 404
    assert browser.get(f"/incidents/{incident.reference}/history").status_code == 404


@pytest.mark.parametrize("action", ["move", "public", "withdraw", "restore", "assign"])
@pytest.mark.parametrize("who", ["analyst", "stranger", "administrator"])
def test_who_reads_without_identity_changes_nothing(app, world, sign_in, incident, who, action):
    address = f"/incidents/{incident.reference}/{action}"
    data = {"move": "submit", "version": incident.version, "reason": "Mine", "to": ""}

    answer = sign_in(getattr(world, who)).post(address, data, form_at="/help/")

    db.session.refresh(incident)
    assert answer.status_code == 403
    assert incident.state == "IN_REVIEW" and not incident.is_withdrawn


def test_two_texts_of_one_outlet_are_said_to_count_as_one(app, world, sign_in, incident):
    page = sign_in(world.coordinator).get(f"/incidents/{incident.reference}")

    assert "2 sources, 1 independent" in page.text
    assert "no: same origin as 1" in page.text


def test_an_address_of_a_source_that_is_no_web_address_is_no_link(app, world, sign_in, incident):
    incident.source_links[0].source.url = "javascript:alert(1)"
    db.session.commit()

    assert "javascript:" not in sign_in(world.coordinator).get(f"/incidents/{incident.reference}").text


def test_withdrawing_asks_for_a_reason_and_can_be_undone(app, world, sign_in, incident):
    browser = sign_in(world.caseworker)
    page = f"/incidents/{incident.reference}"

    assert browser.post(f"{page}/withdraw", {"reason": " "}, form_at=page).status_code == 400
    browser.post(f"{page}/withdraw", {"reason": "Recorded twice."}, form_at=page)
    assert incident.reference not in browser.get("/incidents/").text
    assert "Recorded twice." in browser.get(page).text
    assert 'name="move"' not in browser.get(page).text

    browser.post(f"{page}/restore", form_at=page)
    assert incident.reference in browser.get("/incidents/").text


def test_the_page_costs_as_many_statements_however_much_hangs_on_the_record(app, world, sign_in, incident, statements):
    browser = sign_in(world.coordinator)

    def cost():
        with statements() as made:
            browser.get(f"/incidents/{incident.reference}")
        return len(made)

    cost()
    few = cost()
    for number in range(12):
        person = factories.a_person(world.caseworker, pseudonym=f"Bird {number}", consent="C1")
        factories.a_victim(incident, person)
        factories.a_perpetrator(
            incident, "COMPANY", organisation=factories.an_organisation(f"Firm {number}", team=world.south)
        )
        factories.a_source(incident, f"Paper {number}")

    assert cost() == few
    assert few <= 57


def test_the_words_of_the_source_for_a_date_stay_with_full_readers(world, sign_in, incident):
    incident.happened = UncertainDate(None, date(2024, 5, 2), UNKNOWN, "when she came from her mother")
    db.session.commit()
    address = f"/incidents/{incident.reference}"

    full, reduced = sign_in(world.caseworker).get(address).text, sign_in(world.stranger).get(address).text

    assert "by 2 May 2024 (“when she came from her mother”)" in full
    assert "by 2 May 2024" in reduced and "her mother" not in reduced
