"""Logging through the form: a draft needs a title only, and nothing that was typed is lost."""

import re

from sqlalchemy import select

from app.access import unguarded, visible
from app.db import db
from app.incidents.models import Act, Incident
from app.people.models import Person
from tests import factories

WHOLE = {
    "title_es": "Amenaza a una dirigente",
    "main_type": "THR.OTHER",
    "first_day": "22/10/2024",
    "country": "PE",
    "place": "Challhuahuacho, Cotabambas, Apurímac",
    "victims-0-who": "Garza",
    "victims-0-kind": "INDIVIDUAL",
    "victims-0-consent": "C3",
    "victims-0-affected": "3-5",
    "perpetrators-0-perpetrator_type": "PNP",
    "sources-0-citation": "Testimonio",
    "sources-0-reliability": "B",
    "sources-0-credibility": "2",
}


def recorded(user):
    return db.session.scalars(visible(Incident, user)).unique().all()


def problems(response):
    return re.findall(r'(?s)<div class="errs".*?</div>', response.text)


def test_a_title_is_enough_for_a_draft(world, sign_in):
    response = sign_in(world.caseworker).post("/incidents/new", {"title_es": "Solo el título", "save": "draft"})

    assert response.status_code == 303, problems(response)
    (incident,) = recorded(world.caseworker)
    assert (incident.title_es, incident.state) == ("Solo el título", "DRAFT")


def test_a_whole_record_is_sent_to_review(world, sign_in):
    response = sign_in(world.caseworker).post("/incidents/new", {**WHOLE, "save": "send"})

    assert response.status_code == 303, problems(response)
    (incident,) = recorded(world.caseworker)
    assert incident.state == "SUBMITTED"
    assert incident.place.key == "PE-030506"
    assert incident.counted("affected") == (3, 5)
    assert [consent.level for consent in incident.acts[0].person.consents] == ["C3"]


def test_a_form_posted_twice_makes_one_record(world, sign_in):
    browser = sign_in(world.caseworker)

    first = browser.post("/incidents/new", {**WHOLE, "save": "draft", "form_token": "the-same"})
    second = browser.post("/incidents/new", {**WHOLE, "save": "draft", "form_token": "the-same"})

    assert first.location == second.location
    assert len(recorded(world.caseworker)) == 1


def test_what_is_missing_is_said_and_the_draft_is_kept(world, sign_in):
    response = sign_in(world.caseworker).post(
        "/incidents/new", {"title_es": "Algo", "first_day": "31/02/2024", "save": "send"}
    )

    assert response.status_code == 400
    assert "31/02/2024" in response.text
    for field in ("main_type", "first_day", "victims-0-who", "sources-0-citation"):
        assert f'href="#{field}"' in response.text
    (incident,) = recorded(world.caseworker)
    assert (incident.title_es, incident.state) == ("Algo", "DRAFT")


def test_a_problem_names_the_line_in_which_it_is(world, sign_in):
    response = sign_in(world.caseworker).post(
        "/incidents/new", {**WHOLE, "sources-1-citation": "Otro testimonio", "save": "send"}
    )

    (summary,) = problems(response)
    assert 'href="#sources-1-reliability">Source 2 · ' in summary
    assert "Source 1 · " not in summary


def test_without_a_title_nothing_is_written_and_nothing_lost(world, sign_in):
    response = sign_in(world.caseworker).post("/incidents/new", {"narrative": "Un relato largo", "save": "draft"})

    assert response.status_code == 400
    assert "Un relato largo" in response.text
    assert recorded(world.caseworker) == []


def test_another_line_saves_nothing(world, sign_in):
    response = sign_in(world.caseworker).post("/incidents/new", {"title_es": "Algo", "add": "sources"})

    assert response.status_code == 200
    assert "sources-1-citation" in response.text
    assert recorded(world.caseworker) == []


def test_two_people_at_once_see_both_texts(world, sign_in):
    sign_in(world.caseworker).post("/incidents/new", {**WHOLE, "save": "draft"})
    (incident,) = recorded(world.caseworker)
    address, version = f"/incidents/{incident.reference}/edit", str(incident.version)

    first = sign_in(world.coordinator).post(
        address, {**WHOLE, "version": version, "narrative": "Lo de ella", "save": "draft"}
    )
    second = sign_in(world.caseworker).post(
        address, {**WHOLE, "version": version, "narrative": "Lo mío", "save": "draft"}
    )

    assert first.status_code == 303, problems(first)
    assert second.status_code == 409
    assert "Lo de ella" in second.text
    assert "Lo mío" in second.text
    assert re.search(r"Coordinator saved a change on \d+ \w+ \d{4} \d\d:\d\d, while you were writing", second.text)


def test_who_saved_in_another_window_is_told_so(world, sign_in):
    browser = sign_in(world.caseworker)
    browser.post("/incidents/new", {**WHOLE, "save": "draft"})
    (incident,) = recorded(world.caseworker)
    address, version = f"/incidents/{incident.reference}/edit", str(incident.version)
    browser.post(address, {**WHOLE, "version": version, "narrative": "Primero", "save": "draft"})

    second = browser.post(address, {**WHOLE, "version": version, "narrative": "Después", "save": "draft"})

    assert second.status_code == 409
    assert "You saved a change yourself on" in second.text


def test_a_changed_key_fact_of_a_reviewed_record_asks_why_and_goes_back(world, sign_in):
    browser = sign_in(world.caseworker)
    browser.post("/incidents/new", {**WHOLE, "save": "draft"})
    (incident,) = recorded(world.caseworker)
    incident.state = "VERIFIED"
    db.session.commit()
    address = f"/incidents/{incident.reference}/edit"
    changed = {**WHOLE, "first_day": "23/10/2024", "victims-0-person": incident.acts[0].person.reference}

    changed |= {"version": str(incident.version), "save": "send"}

    silent = browser.post(address, changed)
    told = browser.post(address, {**changed, "why": "El acta dice 23."})

    assert silent.status_code == 400
    assert 'href="#why"' in silent.text
    assert told.status_code == 303, problems(told)
    assert recorded(world.caseworker)[0].state == "IN_REVIEW"


def test_another_teams_case_is_not_offered_and_not_taken(world, sign_in):
    from tests import factories

    foreign = factories.a_case(world.north, world.stranger)
    browser = sign_in(world.caseworker)

    page = browser.get(f"/incidents/new?case={foreign.reference}", follow_redirects=True).text
    assert f'value="{foreign.reference}"' not in page
    response = browser.post("/incidents/new", {**WHOLE, "case": foreign.reference, "save": "draft"})

    assert response.status_code == 400
    assert all(incident.case_id is None for incident in recorded(world.caseworker))


def test_a_type_that_is_not_offered_and_a_line_without_a_number_are_no_crash(world, sign_in):
    browser = sign_in(world.caseworker)

    lines = {
        "victims-0-who": "Heron", "victims-0-kind": "INDIVIDUAL", "perpetrators-0-perpetrator_type": "PNP",
        "perpetrators-0-degree": "DIRECT", "sources-0-citation": "A newspaper",
    }  # fmt: skip
    codes = (
        "other_types", "reprisals", "victims-0-rights", "victims-0-act_type", "victims-0-kind",
        "perpetrators-0-perpetrator_type", "perpetrators-0-degree", "sources-0-kind", "sources-0-reliability",
        "sources-0-credibility",
    )  # fmt: skip
    for name in codes:
        posted = {"title_es": "T", "save": "draft", **lines, name: "NOT-A-CODE"}
        assert browser.post("/incidents/new", posted).status_code == 400, name
    assert db.session.scalar(unguarded(select(Act.id).where(Act.act_type == "NOT-A-CODE"), "the test looks")) is None
    kept = db.session.scalars(unguarded(select(Person.rights_defended), "the test looks")).all()
    assert ["NOT-A-CODE"] not in kept
    for name in ("victims-\u00b2-who", "companies-\u00b2", "sources-\u2460-citation"):
        assert browser.post("/incidents/new", {"title_es": "T", "save": "draft", name: "x"}).status_code == 303


def test_text_kept_beside_a_record_opens_its_form_whatever_it_is(world, sign_in):
    incident = factories.an_incident(world.caseworker)
    browser = sign_in(world.caseworker)
    strange = {"form_token": f"of:{incident.reference}", "other_types": "NOT-A-CODE", "victims-\u00b2-who": "x"}
    browser.post("/incidents/new/autosave", strange, form_at="/incidents/new")

    assert browser.get(f"/incidents/{incident.reference}/edit").status_code == 200


def test_nobody_is_opened_by_being_named_in_an_incident(world, sign_in):
    """A person of the team whom one knows by pseudonym only, through a case that another team shares."""
    hidden = factories.a_person(world.colleague, pseudonym="Kingfisher", legal_name="Quetzalina Zyx")
    shared = factories.a_case(world.north, world.stranger, confidentiality="NETWORK", by=world.stranger)
    theirs = factories.an_incident(world.stranger, case=shared)
    factories.a_victim(theirs, hidden)
    browser = sign_in(world.caseworker)
    posted = {"title_es": "T", "save": "draft", "victims-0-who": hidden.reference, "victims-0-kind": "INDIVIDUAL"}
    assert "Kingfisher" in browser.get(f"/people/{hidden.reference}").text
    assert browser.get(f"/people/{hidden.reference}/history").status_code == 404

    browser.post("/incidents/new", posted)

    assert browser.get(f"/people/{hidden.reference}/history").status_code == 404
