"""My work: what waits, drafts, gaps, cases; and going to a reference."""

from datetime import timedelta

import pytest

from app.db import db, now
from app.desk.queries import page_of_reference
from tests import factories


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, title="The valley", confidentiality="TEAM")


def desk(browser):
    page = browser.get("/work/")
    assert page.status_code == 200
    return page.text


def test_what_is_urgent_stands_on_the_desks_of_author_assignee_and_coordinators_only(app, world, case, sign_in):
    pressing = factories.an_incident(
        world.caseworker, case=case, title="They are at the door", urgency="IMMEDIATE", state="SUBMITTED"
    )
    factories.an_incident(world.caseworker, case=case, title="Long ago", urgency="IMMEDIATE", state="VERIFIED")

    for user in (world.caseworker, world.coordinator):
        text = desk(sign_in(user))
        assert "They are at the door" in text and "Long ago" not in text
    for user in (world.colleague, world.analyst, world.stranger, world.foreign_coordinator):
        assert pressing.reference not in desk(sign_in(user))


def test_what_was_sent_back_waits_for_its_author(app, world, case, sign_in):
    back = factories.an_incident(world.caseworker, case=case, title="Sent back", state="NEEDS_INFO")
    factories.an_incident(world.colleague, case=case, title="Sent back to a colleague", state="NEEDS_INFO")

    text = desk(sign_in(world.caseworker))

    assert "Sent back" in text and back.reference in text
    assert "Sent back to a colleague" not in text
    assert "1 record sent back or assigned" in text


def test_drafts_and_gaps_are_mine(app, world, case, sign_in):
    factories.an_incident(world.caseworker, title="My draft")
    factories.an_incident(world.colleague, case=case, title="A colleague's draft")

    text = desk(sign_in(world.caseworker))

    assert "My draft" in text and "A colleague&#39;s draft" not in text
    assert "<b>1</b> without a place" in text
    assert "<b>1</b> with one source or none" in text


def test_a_gap_is_the_number_of_the_list_behind_it(app, world, sign_in):
    for _ in range(3):
        factories.an_incident(world.caseworker)

    browser = sign_in(world.caseworker)

    assert "<b>3</b> without a place" in desk(browser)
    assert "<b>3 incidents</b>" in browser.get("/incidents/?mine=yes&gap=no_place").text


def test_withdrawn_records_wait_for_nobody(app, world, sign_in):
    gone = factories.an_incident(world.caseworker, title="Gone", urgency="IMMEDIATE")
    gone.withdrawn_at = now()
    db.session.commit()

    assert "Gone" not in desk(sign_in(world.caseworker))


def test_my_cases_are_those_i_follow(app, world, case, sign_in):
    factories.an_incident(world.caseworker, case=case)
    factories.a_case(world.south, world.colleague, title="Another valley", confidentiality="TEAM")

    text = desk(sign_in(world.caseworker))

    assert "The valley" in text and "Another valley" not in text
    assert "1 incident" in text


def test_analysts_get_counts_and_no_titles(app, world, case, sign_in):
    factories.an_incident(world.caseworker, case=case, title="Eviction of Rosa", state="VERIFIED", urgency="IMMEDIATE")

    text = desk(sign_in(world.analyst))

    assert "Incidents by state of review" in text and "/incidents/?state=VERIFIED" in text
    assert "Rosa" not in text and "My drafts" not in text


@pytest.mark.parametrize("who", ["administrator", "auditor"])
def test_administration_and_audit_have_no_desk(app, world, sign_in, who):
    browser = sign_in(getattr(world, who))

    assert browser.get("/work/").status_code == 403
    assert browser.get("/find?q=x").status_code == 403
    assert browser.get("/review/").status_code == 403


def test_the_desk_costs_a_fixed_number_of_statements(app, world, case, sign_in, statements):
    browser = sign_in(world.coordinator)

    def make(number):
        for _ in range(number):
            for state in ("DRAFT", "NEEDS_INFO", "SUBMITTED"):
                incident = factories.an_incident(
                    world.coordinator, case=case, state=state, urgency="URGENT", place=factories.a_place()
                )
                factories.a_source(incident)

    def cost():
        with statements() as made:
            browser.get("/work/")
        return len(made)

    make(1)
    cost()
    few = cost()
    make(6)

    assert cost() == few <= 50


# --- going to a reference ------------------------------------------------------------------------


def test_a_reference_leads_to_its_record_however_it_is_typed(app, world, case, sign_in):
    incident = factories.an_incident(world.caseworker, case=case)
    incident.reference = "PER-I-01ABC"
    db.session.commit()
    browser = sign_in(world.caseworker)

    for typed in ("PER-I-01ABC", " per-i-01abc ", "PER-I-OLABC", "per-i-oiabc"):
        assert browser.get("/find", query_string={"q": typed}).location == "/incidents/PER-I-01ABC"
    assert browser.get(f"/find?q={case.reference}").location == f"/cases/{case.reference}"


def test_people_and_organisations_are_found_by_reference_too(app, world):
    person = factories.a_person(world.caseworker)
    company = factories.an_organisation(team=world.south)

    assert page_of_reference(world.caseworker, person.reference) == ("people.show", person.reference)
    assert page_of_reference(world.caseworker, company.reference) == ("organisations.show", company.reference)
    assert page_of_reference(world.stranger, person.reference) is None
    assert page_of_reference(world.stranger, company.reference) is None


def test_a_hidden_reference_and_one_that_never_was_lead_to_the_same_search(app, world, sign_in):
    hidden = factories.an_incident(world.caseworker)
    browser = sign_in(world.stranger)

    assert browser.get(f"/find?q={hidden.reference}").location == f"/incidents/?q={hidden.reference}"
    assert browser.get("/find?q=PER-I-00000").location == "/incidents/?q=PER-I-00000"
    assert f'href="/incidents/{hidden.reference}"' not in browser.get(f"/incidents/?q={hidden.reference}").text


def test_words_are_searched(app, world, sign_in):
    assert sign_in(world.caseworker).get("/find?q=las bambas").location == "/incidents/?q=las+bambas"
    assert sign_in(world.caseworker).get("/find?q=").location == "/incidents/"


def test_what_waits_longest_stands_on_top(app, world, sign_in):
    old = factories.an_incident(world.caseworker, title="Old", state="NEEDS_INFO")
    new = factories.an_incident(world.caseworker, title="New", state="NEEDS_INFO")
    new.updated_at, old.updated_at = now() - timedelta(days=1), now() - timedelta(days=5)
    db.session.commit()

    text = desk(sign_in(world.caseworker))

    assert text.index(old.reference) < text.index(new.reference)
    assert "5 days" in text


def test_the_bar_of_a_phone_lets_one_log_who_may(app, world, sign_in):
    """There the rail with its button is hidden."""
    bars = {
        who: sign_in(getattr(world, who)).get("/work/").text.partition('class="tabs"')[2]
        for who in ("caseworker", "coordinator", "analyst")
    }

    assert 'href="/incidents/new"' in bars["caseworker"]
    assert 'href="/incidents/new"' in bars["coordinator"]
    assert 'href="/incidents/new"' not in bars["analyst"]
    assert bars["coordinator"].count("<li>") == 5


def test_more_cases_than_fit_are_counted_and_lead_to_their_list(app, world, sign_in):
    for number in range(9):
        factories.a_case(world.south, world.caseworker, title=f"Followed {number}")
    factories.a_case(world.south, world.colleague, title="Not mine")

    page = sign_in(world.caseworker).get("/work/").text

    assert 'href="/cases/?mine=yes">All 9 cases that you follow</a>' in page
    assert page.count("<b>Followed ") == 8 and "Not mine" not in page
