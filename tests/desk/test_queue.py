"""The review queue: what waits for a coordinator, in which order, and whose it is not to assess."""

from datetime import timedelta

import pytest

from app.db import db, now
from app.desk.queries import QueueWish, queue_of
from app.desk.views import queue_length
from tests import factories


def waiting(by, title, *, urgency=None, days=0, state="SUBMITTED", **values):
    incident = factories.an_incident(by, title=title, state=state, urgency=urgency, **values)
    incident.submitted_at = now() - timedelta(days=days)
    db.session.commit()
    return incident


def titles(user, **wish):
    return [found.title_en for found in db.session.scalars(queue_of(user, QueueWish(**wish))).unique()]


def test_the_most_urgent_stands_first_then_what_waits_longest(app, world):
    waiting(world.caseworker, "Low and old", urgency="LOW", days=9)
    waiting(world.caseworker, "Urgent", urgency="URGENT", days=1)
    waiting(world.caseworker, "Low", urgency="LOW", days=2)
    waiting(world.caseworker, "Nothing said", days=20)

    assert titles(world.coordinator) == ["Urgent", "Low and old", "Low", "Nothing said"]
    assert titles(world.coordinator, order="wait") == ["Nothing said", "Low and old", "Low", "Urgent"]


def test_only_what_waits_in_the_teams_one_coordinates(app, world):
    waiting(world.caseworker, "South")
    waiting(world.caseworker, "South, under way", state="IN_REVIEW", days=3)
    waiting(world.stranger, "North")
    case = factories.a_case(world.north, world.stranger, confidentiality="NETWORK")
    waiting(world.stranger, "North, shared", case=case)
    for state in ("DRAFT", "NEEDS_INFO", "VERIFIED", "REJECTED"):
        waiting(world.caseworker, state, state=state)
    gone = waiting(world.caseworker, "Withdrawn")
    gone.withdrawn_at = now()
    db.session.commit()

    assert titles(world.coordinator) == ["South, under way", "South"]
    assert set(titles(world.foreign_coordinator)) == {"North", "North, shared"}
    assert titles(world.caseworker) == titles(world.analyst) == []


def test_it_narrows_to_an_author(app, world):
    waiting(world.caseworker, "One")
    waiting(world.colleague, "Two")

    assert titles(world.coordinator, author=world.colleague.handle) == ["Two"]
    assert titles(world.coordinator, team=world.north.handle) == []


def test_the_page_shows_gaps_and_whose_it_is_not_to_assess(app, world, sign_in):
    own = waiting(world.coordinator, "My own")
    other = waiting(world.caseworker, "Somebody else's", days=4)
    factories.a_source(other)
    back = waiting(world.caseworker, "Sent back", state="NEEDS_INFO")

    page = sign_in(world.coordinator).get("/review/")

    assert page.status_code == 200
    text = page.text
    assert "2 records are waiting." in text and "The oldest has waited 4 days." in text
    assert "Your own record:" in text and own.reference in text
    assert "econd independent source" in text
    assert text.index(other.reference) < text.index("Sent back to the authors") < text.index(back.reference)


def test_after_a_review_one_is_back_in_the_queue(app, world, sign_in):
    incident = waiting(world.caseworker, "One", state="IN_REVIEW")
    browser = sign_in(world.coordinator)
    page = f"/incidents/{incident.reference}/review?next=/review/?order%3Dwait"
    assert 'name="next" value="/review/?order=wait"' in browser.get(page).text

    for target, expected in (("/review/?order=wait", "/review/?order=wait"), ("https://else.example/", None)):
        data = {"move": "ask", "note": "Who?", "version": incident.version, "next": target}
        answer = browser.post(f"/incidents/{incident.reference}/move", data, form_at=page)
        assert answer.location == (expected or f"/incidents/{incident.reference}")
        db.session.refresh(incident)
        incident.state = "IN_REVIEW"
        db.session.commit()


def test_the_menu_counts_what_waits(app, world, sign_in):
    waiting(world.caseworker, "One")
    waiting(world.stranger, "Another team's")

    assert '<span class="n">1<span' in sign_in(world.coordinator).get("/work/").text
    assert '<span class="n">' not in sign_in(world.caseworker).get("/work/").text


@pytest.mark.parametrize("who", ["caseworker", "analyst", "administrator", "auditor"])
def test_the_queue_is_for_coordinators(app, world, sign_in, who):
    assert sign_in(getattr(world, who)).get("/review/").status_code == 403


def test_an_empty_queue_says_so_and_a_wrong_filter_is_no_error(app, world, sign_in):
    assert "Nothing is waiting for a review." in sign_in(world.coordinator).get("/review/?author=nobody").text


def test_the_queue_costs_a_fixed_number_of_statements(app, world, sign_in, statements):
    browser = sign_in(world.coordinator)

    def make(number):
        for _ in range(number):
            incident = waiting(world.caseworker, "One", place=factories.a_place())
            factories.a_source(incident)
            factories.a_perpetrator(incident)
            waiting(world.caseworker, "Two", state="NEEDS_INFO")

    def cost():
        with statements() as made:
            browser.get("/review/")
        return len(made)

    make(1)
    cost()
    few = cost()
    make(7)

    assert cost() == few <= 35


def test_contracts_of_ones_teams_wait_too_but_not_ones_own(app, world, sign_in, statements):
    factories.a_contract(world.caseworker, "To be assessed")
    factories.a_contract(world.coordinator, "My own")
    factories.a_contract(world.caseworker, "Changed by me last").updated_by_id = world.coordinator.id
    factories.a_contract(world.caseworker, "Verified").state = "VERIFIED"
    factories.a_contract(world.stranger, "North, shared", confidentiality="NETWORK")
    gone = factories.a_contract(world.caseworker, "Withdrawn")
    gone.withdrawn_at = now()
    db.session.commit()
    browser = sign_in(world.coordinator)
    browser.get("/review/")

    with statements() as few:
        page = browser.get("/review/").text
    contracts = page[page.index('id="contracts"') :]
    assert "To be assessed" in contracts and "state=SUBMITTED" in contracts
    others = ("My own", "Changed by me last", "Verified<", "North, shared", "Withdrawn")
    assert not any(title in page for title in others)
    assert queue_length(world.coordinator) == 1 and queue_length(world.caseworker) == 0

    for number in range(5):
        factories.a_contract(world.caseworker, f"More {number}", company=factories.an_organisation(f"Mine {number}"))
    db.session.commit()
    with statements() as many:
        browser.get("/review/")
    assert len(many) == len(few) and queue_length(world.coordinator) == 6
