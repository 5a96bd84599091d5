"""The same words for the same thing, and sentences that are true for who reads them."""

from app.db import db
from tests import factories
from tests.incidents.test_logging import problems

OF_BOTH_DATABASES = ("sqlite",)


def test_an_error_calls_a_line_as_its_heading_does(world, sign_in):
    answer = sign_in(world.caseworker).post("/incidents/new", {"title_es": "Algo", "save": "send"})

    assert "Person or group 1 · " in problems(answer)[0]
    assert "<legend>Person or group 1</legend>" in answer.text


def test_where_there_is_no_source_none_is_called_graded(world, sign_in):
    incident = factories.an_incident(world.caseworker, state="IN_REVIEW", narrative="Algo.")
    page = f"/incidents/{incident.reference}"

    assert "Every source is graded" not in sign_in(world.coordinator).get(page).text
    factories.a_source(incident)
    db.session.commit()
    assert "Every source is graded" in sign_in(world.coordinator).get(page).text


def test_a_step_is_told_as_something_done(world, sign_in):
    incident = factories.an_incident(world.caseworker, state="IN_REVIEW")
    factories.a_source(incident)
    db.session.commit()
    page = f"/incidents/{incident.reference}"
    asked = {"move": "ask", "note": "Which day was it?", "version": str(incident.version)}

    answer = sign_in(world.coordinator).post(f"{page}/move", asked, form_at=page, follow=True)

    assert f"{incident.reference}: Information asked for." in answer.text


def test_a_coordinator_is_not_told_that_coordination_adds_people(world, sign_in):
    assert "Coordination adds people" not in sign_in(world.coordinator).get("/work/").text
    assert "Coordination adds people" in sign_in(world.caseworker).get("/work/").text
