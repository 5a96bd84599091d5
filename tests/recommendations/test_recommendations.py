"""Recommendations at work: what is shared, what is a team's own, and what evidence counts for whom."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.audit import acting
from app.db import db
from app.duplicates.merging import merge_incidents, unmerge
from app.recommendations.models import Recommendation, RecommendationAssessment, RecommendationEvidence
from app.recommendations.operations import assess, change_recommendation, link_record, set_states
from app.recommendations.queries import (
    RecommendationWish,
    counted_by_position,
    evidence_counted,
    evidence_of,
    recommendations_found,
)
from tests import factories


def a_recommendation(uid="PER-C2-116.72", states=("AUS",), position="supported", **facts):
    values = {"country": "PE", "cycle": 2, "session": 14, "symbol": "A/HRC/22/15"}
    values["paragraph"] = uid.rpartition("-")[2]
    values["summary_en"] = "Keep protecting defenders"
    one = Recommendation(rec_uid=uid, position=position, **(values | facts))
    set_states(one, states)
    db.session.add(one)
    db.session.flush()
    return one


def found(user, **wish):
    statement = recommendations_found(user, "PE", RecommendationWish(**wish))
    return {one.rec_uid for one in db.session.scalars(statement)}


def test_seven_states_are_one_recommendation_and_two_halves_are_two(world):
    seven = ("FRA", "SVN", "AUS", "AUT", "BEL", "EST", "SVK")
    a_recommendation("PER-C2-119.1", seven, "noted")
    kept = a_recommendation("PER-C2-116.74", ("NLD",))
    a_recommendation("PER-C2-119.5", ("NLD",), "noted", split_from=kept)

    statement = recommendations_found(world.analyst, "PE", RecommendationWish())

    assert counted_by_position(statement) == {"supported": 1, "noted": 2}
    assert found(world.analyst, state="BEL") == {"PER-C2-119.1"}
    assert found(world.analyst, text="eslovenia") == found(world.analyst, text="Slovenia 119") == {"PER-C2-119.1"}
    assert found(world.analyst, text="países") == found(world.analyst, text="PAISES") == {
        "PER-C2-116.74", "PER-C2-119.5",
    }  # fmt: skip


def test_the_page_names_states_position_and_the_other_half(world, sign_in):
    kept = a_recommendation("PER-C2-116.74", ("NLD",))
    a_recommendation("PER-C2-119.5", ("NLD",), "noted", split_from=kept, position_note="First deferred")
    browser = sign_in(world.analyst)

    page = browser.get("/recommendations/PER-C2-119.5").text

    assert "Netherlands" in page and "Noted" in page and "First deferred" in page
    assert 'href="/recommendations/PER-C2-116.74"' in page
    assert 'href="/recommendations/PER-C2-119.5"' in browser.get("/recommendations/PER-C2-116.74").text
    assert browser.get("/recommendations/PER-C9-1").status_code == 404


def test_what_a_team_makes_of_it_is_its_own(world, sign_in):
    one = a_recommendation()
    address = f"/recommendations/{one.rec_uid}"
    coordinator, foreign = sign_in(world.coordinator), sign_in(world.foreign_coordinator)
    typed = {"implementation": "regressed", "assessment_en": "Worse than before", "proposed_follow_up": "A plan"}

    answer = coordinator.post(f"{address}/assess/{world.south.handle}", typed, follow=True)

    assert "Worse than before" in answer.text and "Got worse" in answer.text
    assert "Worse than before" in sign_in(world.analyst).get(address).text
    assert "Worse than before" not in foreign.get(address).text
    assert found(world.colleague, implementation="regressed") == {one.rec_uid}
    assert found(world.stranger, implementation="regressed") == set()
    assert found(world.stranger, implementation="not_assessed") == {one.rec_uid}
    assert foreign.get(f"{address}/assess/{world.south.handle}").status_code == 404
    assert sign_in(world.caseworker).get(f"{address}/assess/{world.south.handle}").status_code == 403


def test_two_who_assess_at_once_see_both(world, sign_in):
    one = a_recommendation()
    address = f"/recommendations/{one.rec_uid}/assess/{world.south.handle}"
    browser = sign_in(world.coordinator)
    browser.post(address, {"implementation": "partial", "assessment_en": "First"})

    answer = browser.post(address, {"implementation": "regressed", "assessment_en": "Second", "version": "0"})

    assert answer.status_code == 409 and "First" in answer.text and "Second" in answer.text


def test_evidence_is_there_for_those_alone_who_see_the_record(world, sign_in):
    one = a_recommendation()
    case = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    incident = factories.an_incident(world.caseworker, case=case, title="An arrest in secret")
    browser, address = sign_in(world.caseworker), f"/recommendations/{one.rec_uid}"
    search = browser.get(f"{address}/evidence?text={incident.reference}")
    assert "An arrest in secret" in search.text

    chosen = {"record": incident.reference, "text": "arrest", "shows": "contradicts", "note": "The officer said so"}
    page = browser.post(f"{address}/evidence", chosen, follow=True)

    assert "An arrest in secret" in page.text and "The officer said so" in page.text
    assert "PER-C2-116.72" in browser.get(f"/incidents/{incident.reference}").text
    assert evidence_counted(world.caseworker, [one.id])[one.id].incidents == 1
    assert found(world.caseworker, evidence="contradicts") == {one.rec_uid}
    for reader in (world.colleague, world.stranger, world.foreign_coordinator):  # they do not see the restricted case
        assert evidence_counted(reader, [one.id]) == {}
        assert found(reader, evidence="any") == set()
        assert incident.reference not in sign_in(reader).get(address).text
    reduced = sign_in(world.analyst).get(address).text
    assert incident.reference in reduced
    assert "An arrest in secret" not in reduced and "The officer said so" not in reduced
    assert "already" in browser.post(f"{address}/evidence", chosen).text


def test_a_hidden_record_is_linked_by_nobody_and_a_withdrawn_one_counts_no_more(world, sign_in):
    one = a_recommendation()
    case = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    incident = factories.an_incident(world.caseworker, case=case)
    hidden = {"record": incident.reference, "text": incident.reference, "shows": "contradicts"}
    answer = sign_in(world.colleague).post(f"/recommendations/{one.rec_uid}/evidence", hidden)
    statement = unguarded(select(RecommendationEvidence), "the test looks")
    assert answer.status_code in (200, 400) and not db.session.scalars(statement).all()
    with acting(world.caseworker.id):
        link_record(world.caseworker, one, world.south.id, incident, "supports", None)
        incident.withdraw(world.caseworker.id, "Recorded by mistake")
        db.session.commit()

    assert evidence_counted(world.caseworker, [one.id]) == {}


def test_caseworkers_take_out_links_of_their_own_team_only(world, sign_in):
    one = a_recommendation()
    contract = factories.a_contract(world.caseworker, confidentiality="NETWORK")
    evidence = link_record(world.caseworker, one, world.south.id, contract, "contradicts", None)
    db.session.commit()
    address = f"/recommendations/{one.rec_uid}/evidence/{evidence.uid}/remove"

    assert sign_in(world.stranger).post(address, form_at="/profile").status_code == 404
    assert sign_in(world.analyst).post(address, form_at="/profile").status_code == 403
    assert sign_in(world.colleague).post(address, form_at="/profile").status_code == 303
    assert evidence_counted(world.caseworker, [one.id]) == {}


def test_coordinators_mend_what_is_known_and_a_row_finds_its_paragraph(world, sign_in):
    shipped = a_recommendation("PER-C2-116.72", ("AUS",), issues=["Human rights defenders"])
    row = a_recommendation(
        "PER-C2-S14-0a1b2c3d", ("AUS",), text="Continue to protect", texts_folded=["continue to protect"], symbol=None,
        paragraph=None, issues=["Human rights defenders"],
    )  # fmt: skip
    assess(world.coordinator, row, world.south.id, {"implementation": "partial"})
    divided = a_recommendation("PER-C2-119.5", split_from=row)
    db.session.commit()
    browser = sign_in(world.coordinator)
    offer = re.search(r'href="([^"]*paragraph=116.72)"', browser.get("/recommendations/PER-C2-S14-0a1b2c3d").text)
    assert 'value="116.72"' in browser.get(html.unescape(offer[1])).text
    typed = {"symbol": "A/HRC/22/15", "paragraph": "116.72", "position": "supported", "version": row.version}

    answer = browser.post("/recommendations/PER-C2-S14-0a1b2c3d/edit", typed)

    assert answer.location.endswith("/recommendations/PER-C2-116.72")
    assert browser.get("/recommendations/PER-C2-S14-0a1b2c3d").status_code == 404
    assert (shipped.text, shipped.issues) == ("Continue to protect", ["Human rights defenders"])
    kept = db.session.scalars(unguarded(select(RecommendationAssessment), "the test looks")).one()
    assert kept.recommendation_id == divided.split_from_id == shipped.id
    assert sign_in(world.caseworker).get("/recommendations/PER-C2-116.72/edit").status_code == 403
    wrong = typed | {"symbol": "", "version": shipped.version}
    assert browser.post("/recommendations/PER-C2-116.72/edit", wrong).status_code == 400
    wrong = typed | {"split_from": "PER-C2-116.72", "version": shipped.version}
    assert browser.post("/recommendations/PER-C2-116.72/edit", wrong).status_code == 400


def test_what_a_person_wrote_is_remembered_as_such(world):
    one = a_recommendation(position="noted")
    change_recommendation(world.coordinator, one, {"position": "supported", "position_note": None})

    assert one.set_by_hand == ["position"]


def test_the_file_of_the_list_holds_what_the_list_holds(world, sign_in):
    a_recommendation("PER-C2-119.1", ("AUS", "BEL"), "noted", topics=["CRIMINALISATION"], summary_en="=1+1")
    one = a_recommendation("PER-C2-116.72", topics=["DEFENDERS"])
    assess(world.coordinator, one, world.south.id, {"implementation": "partial", "assessment_en": "Some of it"})
    db.session.commit()
    browser = sign_in(world.analyst)

    def rows(reader, **wish):
        text = reader.post("/recommendations/export", wish, form_at="/recommendations/").get_data().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    assert [row["states"] for row in rows(browser, topic="CRIMINALISATION")] == ["AUS|BEL"]
    assert rows(browser, topic="CRIMINALISATION")[0]["summary"] == "'=1+1"
    assert [row["assessment_en"] for row in rows(browser, position="supported")] == ["Some of it"]
    assert [row["assessment_en"] for row in rows(sign_in(world.stranger), position="supported")] == [""]


def test_a_list_costs_a_fixed_number_of_statements(world, sign_in, statements):
    browser = sign_in(world.caseworker)
    a_recommendation("PER-C2-116.1")
    browser.get("/recommendations/")
    with statements() as few:
        browser.get("/recommendations/")
    for number in range(2, 20):
        a_recommendation(f"PER-C2-116.{number}", ("AUS", "BEL"))
    with statements() as many:
        browser.get("/recommendations/")

    assert len(few) == len(many)


@pytest.mark.usefixtures("demonstrated")
def test_the_demonstration_holds_47_with_assessments_and_evidence(app):
    assert len(db.session.scalars(select(Recommendation)).all()) == 47
    divided = db.session.scalars(select(Recommendation).where(Recommendation.rec_uid == "PER-C2-119.5")).one()
    assert divided.split_from.rec_uid == "PER-C2-116.74"
    evidence = db.session.scalars(unguarded(select(RecommendationEvidence), "the test counts")).all()
    assert {type(one.record).__name__ for one in evidence} == {"Incident", "Proceeding", "Contract"}


def test_evidence_moves_with_an_incident_that_goes_into_another(world):
    one, other = a_recommendation(), a_recommendation("PER-C2-116.74")
    kept, gone = (factories.an_incident(world.caseworker, title=title) for title in ("One", "The same"))
    for recommendation, incident in ((one, kept), (one, gone), (other, gone)):
        link_record(world.caseworker, recommendation, world.south.id, incident, "contradicts", None)
    db.session.commit()

    merge = merge_incidents(world.coordinator, kept, gone, {}, "Both tell of one arrest")
    db.session.commit()

    counted = evidence_counted(world.coordinator, [one.id, other.id])
    assert (counted[one.id].total, counted[other.id].total) == (1, 1)
    assert {row.recommendation_id for row in evidence_of(world.coordinator, incident_id=kept.id)} == {one.id, other.id}
    unmerge(world.coordinator, merge)
    db.session.commit()
    assert evidence_counted(world.coordinator, [one.id])[one.id].total == 2
