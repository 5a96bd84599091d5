"""Nothing but a title: enough for a draft by every way in, too little for a review, and no way back from one."""

import pytest
from flask import g

from app.access import visible
from app.audit import acting
from app.db import db
from app.incidents.models import Incident
from app.incidents.operations import IncidentGiven, IncidentProblem, edit_incident
from tests import factories
from tests.incidents.test_logging import WHOLE, problems, recorded

TITLE = {"title_es": "Solo el título"}


def drafted(browser, user):
    browser.post("/incidents/new", {**TITLE, "save": "draft"})
    (incident,) = recorded(user)
    return incident, f"/incidents/{incident.reference}"


def is_bare_draft(user):
    (incident,) = recorded(user)
    return (incident.title_es, incident.state, incident.main_type, incident.source_links) == (
        "Solo el título", "DRAFT", None, [],
    )  # fmt: skip


def test_saving_a_new_draft(world, sign_in):
    response = sign_in(world.caseworker).post("/incidents/new", {**TITLE, "save": "draft"})

    assert response.status_code == 303, problems(response)
    assert is_bare_draft(world.caseworker)


def test_sending_a_new_one_keeps_the_draft_and_says_what_is_missing(world, sign_in):
    response = sign_in(world.caseworker).post("/incidents/new", {**TITLE, "save": "send"})

    assert response.status_code == 400
    assert "Choose what was done." in response.text
    assert is_bare_draft(world.caseworker)


@pytest.mark.parametrize(("save", "status"), [("draft", 303), ("send", 400)])
def test_editing_a_draft(world, sign_in, save, status):
    browser = sign_in(world.caseworker)
    incident, address = drafted(browser, world.caseworker)

    response = browser.post(f"{address}/edit", {**TITLE, "version": incident.version, "save": save})

    assert response.status_code == status, problems(response)
    assert is_bare_draft(world.caseworker)


def test_a_draft_saved_by_itself(world, sign_in):
    browser = sign_in(world.caseworker)
    incident, address = drafted(browser, world.caseworker)

    response = browser.post(f"{address}/autosave", {**TITLE, "version": incident.version}, form_at=f"{address}/edit")

    assert response.status_code == 200
    assert is_bare_draft(world.caseworker)


def test_a_draft_emptied_down_to_its_title(world, sign_in):
    browser = sign_in(world.caseworker)
    browser.post("/incidents/new", {**WHOLE, "save": "draft"})
    (incident,) = recorded(world.caseworker)

    response = browser.post(
        f"/incidents/{incident.reference}/edit", {**TITLE, "version": incident.version, "save": "draft"}
    )

    assert response.status_code == 303, problems(response)
    assert is_bare_draft(world.caseworker)


def test_a_row_of_a_sheet(app, world, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text("titulo\nSolo el título\n", encoding="utf-8")
    world.caseworker.language = "es"
    db.session.commit()

    outcome = app.test_cli_runner().invoke(args=["import", "incidents", str(path), "--as", world.caseworker.email])

    assert outcome.exit_code == 0, outcome.output
    assert is_bare_draft(world.caseworker)


def test_the_review_does_not_take_it_and_says_why(world, sign_in):
    browser = sign_in(world.caseworker)
    incident, address = drafted(browser, world.caseworker)

    response = browser.post(
        f"{address}/move", {"move": "submit", "version": incident.version}, form_at=f"{address}/edit"
    )

    assert response.status_code == 400
    assert "The type of act is missing. Edit the record first." in response.text
    assert is_bare_draft(world.caseworker)


def sent(browser, user, state):
    browser.post("/incidents/new", {**WHOLE, "save": "send"})
    (incident,) = recorded(user)
    incident.state = state
    db.session.commit()
    return incident


@pytest.mark.parametrize("state", ["SUBMITTED", "IN_REVIEW", "UNVERIFIED", "CORROBORATED", "VERIFIED", "REJECTED"])
def test_what_a_review_has_had_is_not_emptied_again(world, sign_in, state):
    browser = sign_in(world.caseworker)
    incident = sent(browser, world.caseworker, state)

    response = browser.post(
        f"/incidents/{incident.reference}/edit",
        {**TITLE, "version": incident.version, "save": "send", "why": "Less is more."},
    )

    assert response.status_code == 400
    assert "A record that was sent to review keeps what a review needs." in response.text
    for field in ("main_type", "first_day", "victims-0-who", "perpetrators-0-perpetrator_type", "sources-0-citation"):
        assert f'href="#{field}"' in response.text
    (incident,) = recorded(world.caseworker)
    assert (incident.state, incident.main_type, len(incident.source_links)) == (state, "THR.OTHER", 1)


def test_what_it_never_had_may_stay_open(world, sign_in):
    """An imported record may be sent without a perpetrator; a slip in its title can still be mended."""
    incident = factories.an_incident(world.caseworker, title="Amenasa", state="IN_REVIEW")
    factories.a_source(incident, "Testimonio")

    response = sign_in(world.caseworker).post(
        f"/incidents/{incident.reference}/edit",
        {
            "title_es": "Amenaza", "main_type": "THR.OTHER", "first_day": "2/5/2024", "country": "PE",
            "sources-0-citation": "Testimonio", "version": incident.version, "save": "send",
        },
    )  # fmt: skip

    assert response.status_code == 303, problems(response)
    assert recorded(world.caseworker)[0].title_es == "Amenaza"


def test_an_answer_is_no_loss(world, sign_in):
    """«Not on record» and «nobody in particular» are answers: they change key facts, with a reason."""
    browser = sign_in(world.caseworker)
    incident = sent(browser, world.caseworker, "VERIFIED")
    answers = {name: value for name, value in WHOLE.items() if name != "first_day" and "victims" not in name}

    response = browser.post(
        f"/incidents/{incident.reference}/edit",
        {
            **answers, "precision": "UNKNOWN", "nobody": "y", "why": "The witness took it back.",
            "sources-0-source": incident.source_links[0].source.reference, "version": incident.version, "save": "send",
        },
    )  # fmt: skip

    assert response.status_code == 303, problems(response)
    assert recorded(world.caseworker)[0].state == "IN_REVIEW"


def test_the_operation_itself_refuses_too(app, world):
    g.language = "en"
    incident = factories.an_incident(world.caseworker, state="VERIFIED")
    factories.a_source(incident)

    with acting(world.caseworker.id), pytest.raises(IncidentProblem, match="keeps what a review needs"):
        edit_incident(world.caseworker, incident, IncidentGiven(title_es="Solo el título"), why="Because.")
    db.session.rollback()

    kept = db.session.scalars(visible(Incident, world.caseworker)).unique().one()
    assert (kept.state, kept.main_type) == ("VERIFIED", "THR.OTHER")
