"""The coming review: what the records contradict, what nobody looked at, and where no recommendation was accepted."""

from __future__ import annotations

from datetime import date

from app.db import db
from app.recommendations.coming import Period, contradicted, gaps, not_looked_at, review_ahead
from app.recommendations.operations import assess, link_record
from tests import factories
from tests.recommendations.test_recommendations import a_recommendation

TODAY = date(2026, 10, 1)


def gap_of(user, topic):
    review, period = review_ahead("PE", TODAY)
    return next((gap for gap in gaps(user, "PE", review, period) if gap.topic.code == topic), None)


def test_the_period_begins_after_the_last_deadline_and_the_review_is_the_56th():
    review, period = review_ahead("PE", TODAY)

    assert (review.session, review.cycle) == (56, 5)
    assert period == Period(date(2022, 7, 15), TODAY)
    assert review_ahead("FR", TODAY) == (None, None)


def test_accepted_ones_that_records_or_assessments_contradict(world):
    by_record, by_judgment = a_recommendation("PER-C2-116.1"), a_recommendation("PER-C2-116.2")
    borne_out, untouched = a_recommendation("PER-C2-116.3"), a_recommendation("PER-C2-116.4")
    noted = a_recommendation("PER-C2-119.1", position="noted")
    case = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    hidden = factories.an_incident(world.caseworker, case=case)
    contract = factories.a_contract(world.caseworker, confidentiality="NETWORK")
    link_record(world.caseworker, by_record, world.south.id, hidden, "contradicts", None)
    link_record(world.caseworker, borne_out, world.south.id, contract, "supports", None)
    link_record(world.caseworker, noted, world.south.id, contract, "contradicts", None)
    assess(world.coordinator, by_judgment, world.south.id, {"implementation": "regressed"})
    db.session.commit()

    def against(reader):
        return {one.recommendation.rec_uid: one.evidence.total for one in contradicted(reader, "PE")}

    def waiting(reader):
        return {one.rec_uid for one in db.session.scalars(not_looked_at(reader, "PE"))}

    assert against(world.coordinator) == {"PER-C2-116.1": 1, "PER-C2-116.2": 0}
    assert against(world.colleague) == {"PER-C2-116.2": 0}  # the case is none of theirs
    assert against(world.stranger) == {}
    assert waiting(world.coordinator) == {untouched.rec_uid}
    assert waiting(world.stranger) == {"PER-C2-116.1", "PER-C2-116.2", "PER-C2-116.3", "PER-C2-116.4"}


def test_a_gap_is_a_topic_on_which_ones_own_records_speak(world):
    case = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    factories.an_incident(world.caseworker, case=case, main_type="CRIM.CHARGE", on=date(2024, 5, 2))
    factories.an_incident(world.caseworker, case=case, main_type="CRIM.TRIAL", on=date(2019, 5, 2))
    db.session.commit()

    gap = gap_of(world.caseworker, "CRIMINALISATION")

    assert (gap.kind, gap.incidents, gap.by_type) == ("none", 1, [("CRIM", 1)])
    assert gap_of(world.stranger, "CRIMINALISATION") is None
    a_recommendation("PER-C2-116.73", topics=["CRIMINALISATION"])  # of a cycle too long ago
    a_recommendation("PER-C4-1.1", position="noted", cycle=4, session=42, topics=["CRIMINALISATION"])
    assert gap_of(world.caseworker, "CRIMINALISATION").kind == "only_noted"
    a_recommendation("PER-C4-1.2", cycle=4, session=42, topics=["CRIMINALISATION"])
    assert gap_of(world.caseworker, "CRIMINALISATION") is None


def test_contracts_and_proceedings_of_the_period_speak_too(world):
    factories.a_contract(world.caseworker, starts=factories.when("2021-01-01"), ends=factories.when("2023-01-01"))
    case = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    moved, still = (factories.a_proceeding(case, world.caseworker) for _number in range(2))
    from app.proceedings.models import Hearing, Stage

    moved.hearings = [Hearing(held_on=date(2024, 5, 2))]
    still.stages = [Stage(stage="TRIAL", entered_from=date(2015, 1, 1), entered_to=date(2015, 1, 1))]
    db.session.commit()

    assert gap_of(world.coordinator, "POLICE_COMPANY_SECURITY").contracts == 1
    assert gap_of(world.coordinator, "CRIMINALISATION").proceedings == 1


def test_a_proposal_is_kept_for_the_team_and_read_in_no_other(world, sign_in):
    for by in (world.caseworker, world.stranger):
        factories.a_contract(by, team=None)
    db.session.commit()
    browser = sign_in(world.coordinator)
    address = f"/recommendations/coming/POLICE_COMPANY_SECURITY/{world.south.handle}"
    assert browser.post(address, {"text_es": ""}).status_code == 400

    page = browser.post(address, {"text_en": "End the contracts of police and mines"}, follow=True)

    assert "End the contracts of police and mines" in page.text
    foreign = sign_in(world.foreign_coordinator)
    assert "End the contracts" not in foreign.get("/recommendations/coming").text
    assert foreign.get(address).status_code == 404
    assert sign_in(world.caseworker).get(address).status_code == 403
