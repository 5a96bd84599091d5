"""Reviewing in the browser: moves, notes, the public part, who works on it."""

import pytest

from app.db import db
from app.incidents.models import Incident
from tests import factories


@pytest.fixture
def incident(world):
    case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM")
    incident = factories.an_incident(world.caseworker, case=case, title="Eviction", narrative="They came at dawn.")
    factories.a_source(incident, "One", group="one")
    factories.a_source(incident, "Two", group="two")
    return incident


def send(browser, incident, move, note="", version=None):
    page = f"/incidents/{incident.reference}"
    db.session.refresh(incident)
    data = {"move": move, "note": note, "version": version or incident.version}
    answer = browser.post(f"{page}/move", data, form_at=page)
    db.session.refresh(incident)
    return answer


def test_from_draft_to_verified(app, world, sign_in, incident):
    author, coordinator = sign_in(world.caseworker), sign_in(world.coordinator)

    send(author, incident, "submit")
    send(coordinator, incident, "start_review")
    send(coordinator, incident, "ask", "Which unit was it?")
    assert "Coordinator asks for information" in author.get(f"/incidents/{incident.reference}").text
    assert "Which unit was it?" in author.get("/work/").text
    send(author, incident, "submit")
    send(coordinator, incident, "start_review")
    answer = send(coordinator, incident, "verify", "Two papers saw it.")

    assert answer.status_code == 303
    assert incident.state == "VERIFIED"
    assert [note.move for note in incident.reviews] == [
        "submit", "start_review", "ask", "submit", "start_review", "verify",
    ]  # fmt: skip


def test_a_move_without_its_note_is_answered_with_what_is_missing(app, world, sign_in, incident):
    incident.state = "IN_REVIEW"
    db.session.commit()

    answer = send(sign_in(world.coordinator), incident, "verify")

    assert answer.status_code == 400
    assert "reasonable grounds" in answer.text
    assert incident.state == "IN_REVIEW"


def test_the_author_is_told_that_somebody_else_assesses_and_cannot_get_round_it(app, world, sign_in):
    own = factories.an_incident(world.coordinator, state="IN_REVIEW")
    browser = sign_in(world.coordinator)

    assert "another coordinator has to assess it" in browser.get(f"/incidents/{own.reference}").text
    answer = send(browser, own, "set_unverified")

    assert answer.status_code == 400
    assert own.state == "IN_REVIEW"


def test_a_note_is_not_lost_when_somebody_else_changed_the_record(app, world, sign_in, incident):
    incident.state = "IN_REVIEW"
    db.session.commit()
    before = incident.version
    incident.community = "Sector Alto"
    db.session.commit()

    answer = send(sign_in(world.coordinator), incident, "ask", "My long note.", version=before)

    assert answer.status_code == 409
    assert "My long note." in answer.text and "was changed after you opened it" in answer.text
    assert incident.state == "IN_REVIEW"


def test_a_move_that_does_not_exist_is_refused(app, world, sign_in, incident):
    assert send(sign_in(world.coordinator), incident, "publish").status_code == 409
    assert send(sign_in(world.coordinator), incident, "verify", "x").status_code == 400
    assert incident.state == "DRAFT"


def test_the_review_page_shows_facts_sources_gaps_and_what_was_said(app, world, sign_in, incident):
    send(sign_in(world.caseworker), incident, "submit")

    page = sign_in(world.coordinator).get(f"/incidents/{incident.reference}/review")

    assert page.status_code == 200
    for words in ("They came at dawn.", "2 sources, 2 independent", "Missing:", "Start the review"):
        assert words in page.text
    assert "Caseworker sent the record to review." in page.text


def test_the_public_part_needs_two_people(app, world, sign_in, incident):
    incident.summary_en = "They were evicted."
    db.session.commit()
    page = f"/incidents/{incident.reference}"

    def act(user, move, **data):
        db.session.refresh(incident)
        data = {"move": move, "version": incident.version, **data}
        answer = sign_in(user).post(f"{page}/public", data, form_at=page)
        db.session.refresh(incident)
        return answer.status_code

    assert act(world.coordinator, "set_public") == 303
    assert act(world.coordinator, "approve_public") == 409
    assert not incident.is_already_public
    assert act(world.second_coordinator, "approve_public") == 303
    assert incident.is_already_public
    assert "approved by Second Coordinator" in sign_in(world.caseworker).get(page).text
    assert act(world.caseworker, "revoke_public") == 409
    assert act(world.caseworker, "revoke_public", note="A name slipped in.") == 303
    assert not incident.is_already_public
    assert act(world.caseworker, "publish") == 400
    assert act(world.caseworker, "set_public", version=1) == 409


def test_a_coordinator_assigns_and_it_waits_on_that_desk(app, world, sign_in, incident):
    page = f"/incidents/{incident.reference}"
    browser = sign_in(world.coordinator)

    answer = browser.post(f"{page}/assign", {"to": world.colleague.handle}, form_at=page)

    assert answer.status_code == 303
    assert incident.reference in sign_in(world.colleague).get("/work/").text
    assert browser.post(f"{page}/assign", {"to": world.stranger.handle}, form_at=page).status_code == 409
    assert browser.post(f"{page}/assign", {"to": "nobody-like-this"}, form_at=page).status_code == 400
    assert sign_in(world.caseworker).post(f"{page}/assign", {"to": ""}, form_at=page).status_code == 403
    assert browser.post(f"{page}/assign", {"to": ""}, form_at=page).status_code == 303
    db.session.refresh(incident)
    assert isinstance(incident, Incident) and incident.assigned_to_id is None
