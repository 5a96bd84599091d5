"""Links between incidents, what the State did, notes on answers, and earlier threats in the form."""

import csv
import io
import re
from datetime import date

import pytest
from flask import g
from sqlalchemy import select

from app.access import unguarded, visible
from app.audit import acting
from app.dates import UncertainDate
from app.db import db
from app.incidents import linking
from app.incidents.beside import AnswerNote, StateResponse
from app.incidents.history import history_of
from app.incidents.linking import LinkRefused, link_incidents, shown_links
from app.incidents.operations import ask_reason
from app.incidents.queries import Wish, incidents_found
from app.incidents.responses import ResponseGiven, add_response, grade_of
from tests import factories


@pytest.fixture(autouse=True)
def in_english(app):
    g.language = "en"


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, title="The valley", confidentiality="TEAM")


@pytest.fixture
def hidden(world):
    """An incident of a restricted case that the caseworker does not follow."""
    closed = factories.a_case(world.south, title="Closed", by=world.coordinator)
    return factories.an_incident(world.coordinator, case=closed, title="Hidden one")


@pytest.fixture
def threat(world, case):
    return factories.an_incident(
        world.caseworker, case=case, title="A call", main_type="THR.DEATH", on=date(2024, 1, 5)
    )


@pytest.fixture
def attack(world, case):
    return factories.an_incident(world.caseworker, case=case, title="Shots", main_type="LIFE.KILL", on=date(2024, 2, 1))


def linked(by, first, second, relation="PRECEDES>", note=None):
    with acting(by.id):
        link = link_incidents(by, first, relation, second, note)
        db.session.commit()
    return link


def told(incident, user):
    return [step.sentence for step in history_of(incident, user)[0]]


def words(user, incident):
    return [(one.words, one.other.reference) for one in shown_links(user, incident)]


# --- links


def test_a_link_reads_from_both_sides(world, sign_in, threat, attack):
    browser = sign_in(world.caseworker)

    response = browser.post(
        f"/incidents/{attack.reference}/links", {"relation": "CAUSES<", "other": threat.reference.lower()}
    )

    assert response.status_code == 303
    assert words(world.caseworker, attack) == [("follows from", threat.reference)]
    assert words(world.caseworker, threat) == [("led to", attack.reference)]
    assert "Shots" in browser.get(f"/incidents/{threat.reference}").text


def test_links_across_cases_that_one_sees(world, threat):
    other_case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM", title="Another")
    other = factories.an_incident(world.caseworker, case=other_case, title="Elsewhere")

    linked(world.caseworker, other, threat, "SAME_ORDER>")

    assert words(world.caseworker, threat) == [("comes from the same order as", other.reference)]


def test_a_link_to_what_one_may_not_see_is_not_there(world, sign_in, threat, attack, hidden):
    linked(world.coordinator, hidden, threat, "CAUSES>")
    linked(world.coordinator, threat, attack)

    assert words(world.coordinator, threat) == [
        ("follows from", hidden.reference),
        ("precedes", attack.reference),
    ]
    assert words(world.caseworker, threat) == [("precedes", attack.reference)]
    browser = sign_in(world.caseworker)
    for page in ("", "/links", "/history"):
        text = browser.get(f"/incidents/{threat.reference}{page}").text
        assert (
            hidden.reference not in text
            and "follows from" not in text.replace("<option", "\n<option").split("<option")[0]
        )
    assert not any("another incident" in sentence for sentence in told(threat, world.caseworker))
    assert len(told(threat, world.coordinator)) == 3


def test_to_link_what_one_may_not_see_answers_like_nothing(world, sign_in, threat, hidden):
    browser, address = sign_in(world.caseworker), f"/incidents/{threat.reference}/links"

    closed = browser.post(address, {"relation": "CAUSES>", "other": hidden.reference})
    never = browser.post(address, {"relation": "CAUSES>", "other": "PER-I-ZZZZZ"})

    assert closed.status_code == never.status_code == 400
    assert "No incident with this reference is on record." in closed.text and closed.text.count(hidden.reference) == 1
    assert "No incident with this reference is on record." in never.text


def test_a_reduced_reader_sees_the_link_without_note_and_title(world, sign_in, threat, attack):
    linked(world.caseworker, threat, attack, note="Both name the same car")

    text = sign_in(world.analyst).get(f"/incidents/{threat.reference}").text

    assert attack.reference in text
    assert "the same car" not in text and "Shots" not in text


@pytest.mark.parametrize(
    "relations, reason",
    [
        ([("a", "PART_OF>", "a")], "itself"),
        ([("a", "PART_OF>", "b"), ("a", "PART_OF>", "b")], "already"),
        ([("a", "SAME_ORDER>", "b"), ("b", "SAME_ORDER>", "a")], "already"),
        ([("a", "PART_OF>", "b"), ("b", "PART_OF>", "a")], "circle"),
        ([("a", "PART_OF>", "b"), ("b", "PART_OF>", "c"), ("a", "PART_OF<", "c")], "circle"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(world, case, relations, reason):
    ends = {name: factories.an_incident(world.caseworker, case=case, title=name) for name in "abc"}
    *before, (first, relation, second) = relations
    for one, kind, other in before:
        linked(world.caseworker, ends[one], ends[other], kind)

    with pytest.raises(LinkRefused, match=reason):
        link_incidents(world.caseworker, ends[first], relation, ends[second], None)


def test_a_refusal_tells_nothing_of_what_is_hidden(world, threat, attack, hidden):
    linked(world.coordinator, threat, hidden, "PART_OF>")
    linked(world.coordinator, hidden, attack, "PART_OF>")

    linked(world.caseworker, attack, threat, "PART_OF>")

    assert words(world.caseworker, attack) == [("is part of", threat.reference)]


def test_undoing_a_link_is_in_both_histories(world, sign_in, threat, attack):
    link = linked(world.caseworker, threat, attack)

    response = sign_in(world.colleague).post(f"/incidents/{attack.reference}/links/{link.uid}/erase")

    assert response.status_code == 303
    assert linking.links_of(world.caseworker, threat) == []
    assert told(threat, world.caseworker)[0] == (
        f"Colleague took out of links to other incidents: precedes {attack.reference}."
    )
    assert told(attack, world.caseworker)[0] == (
        f"Colleague took out of links to other incidents: comes after {threat.reference}."
    )
    assert told(attack, world.caseworker)[1] == (
        f"Caseworker added to links to other incidents: comes after {threat.reference}."
    )


def test_of_a_reviewed_record_a_link_is_undone_for_a_reason(world, sign_in, threat, attack):
    link = linked(world.caseworker, threat, attack)
    threat.state = "VERIFIED"
    browser, address = sign_in(world.caseworker), f"/incidents/{threat.reference}/links/{link.uid}/erase"

    assert browser.post(address, {"why": " "}).status_code == 400
    assert browser.post(address, {"why": "Other car"}).status_code == 303
    assert told(threat, world.caseworker)[0].endswith("Reason: “Other car”.")


def test_a_withdrawn_end_takes_the_link_from_the_page(world, threat, attack):
    linked(world.caseworker, threat, attack)
    attack.withdraw(world.caseworker.id, "Twice")
    db.session.commit()

    assert words(world.caseworker, threat) == []


# --- what the State did


def did(by, incident, step, on=None):
    with acting(by.id):
        add_response(by, incident, ResponseGiven(step, UncertainDate.on(on) if on else UncertainDate()))
        db.session.commit()
    db.session.refresh(incident)


@pytest.mark.parametrize(
    "steps, code, since",
    [
        ([], "NO_RECORD", None),
        ([("COMPLAINT", date(2020, 1, 1))], "NO_RESPONSE", date(2020, 1, 1)),
        ([("COMPLAINT", date(2020, 1, 1)), ("INVESTIGATION", date(2020, 2, 1))], "OPEN", date(2020, 2, 1)),
        ([("SHELVED", date(2021, 1, 1)), ("INVESTIGATION", date(2020, 2, 1))], "CLOSED", date(2021, 1, 1)),
        ([("SHELVED", date(2021, 1, 1)), ("REOPENED", date(2022, 1, 1))], "OPEN", date(2022, 1, 1)),
        ([("CONVICTION", date(2021, 1, 1)), ("REPARATION", date(2022, 1, 1))], "PARTIAL", date(2021, 1, 1)),
        ([("CONVICTION_FINAL", date(2021, 1, 1)), ("SHELVED", None)], "ANSWERED", date(2021, 1, 1)),
        ([("REPARATION", date(2022, 1, 1))], "NO_RECORD", None),
    ],
)
def test_the_grade_follows_from_the_last_step(world, attack, steps, code, since):
    for step, on in steps:
        did(world.caseworker, attack, step, on)
    other = factories.an_incident(world.caseworker, case=attack.case, title="Another")
    did(world.caseworker, other, "ACQUITTAL" if code != "CLOSED" else "COMPLAINT", date(2019, 1, 1))

    grade = grade_of(attack.responses)
    found = db.session.scalars(incidents_found(world.caseworker, Wish(impunity=code))).unique().all()

    assert (grade.code, grade.since.earliest if grade.since else None) == (code, since)
    assert [one.id for one in found] == [attack.id]


def test_steps_are_written_shown_and_taken_out(world, sign_in, attack):
    browser, address = sign_in(world.caseworker), f"/incidents/{attack.reference}/responses"

    response = browser.post(address, {"step": "SHELVED", "first_day": "12/3/2014", "note": "Second prosecutor"})

    assert response.status_code == 303
    page = browser.get(f"/incidents/{attack.reference}").text
    assert "Closed with nobody held responsible" in page and "since 12 Mar 2014" in page
    reduced = sign_in(world.analyst).get(f"/incidents/{attack.reference}").text
    assert "Closed with nobody held responsible" in reduced and "Second prosecutor" not in reduced
    uid = db.session.scalars(unguarded(select(StateResponse.uid), "the test looks")).one()
    assert browser.post(f"{address}/{uid}/erase").status_code == 303
    assert grade_of(attack.responses).code == "NO_RECORD"


@pytest.mark.parametrize(
    "typed, words",
    [
        ({"step": ""}, "Choose what was done."),
        ({"step": "TRIAL", "first_day": "1/1/20255"}, "Write the date like"),
        ({"step": "TRIAL", "first_day": "1/1/2999"}, "yet to come"),
        ({"step": "TRIAL", "first_day": "2/1/2020", "last_day": "1/1/2020"}, "before the first"),
        ({"step": "TRIAL", "url": "javascript:x"}, "http"),
    ],
)
def test_a_step_that_cannot_be_read_loses_nothing(world, sign_in, attack, typed, words):
    response = sign_in(world.caseworker).post(
        f"/incidents/{attack.reference}/responses", {**typed, "note": "The note stays"}
    )

    assert response.status_code == 400
    assert words in response.text and "The note stays" in response.text
    assert attack.responses == []


def test_grade_and_steps_are_in_the_export(world, sign_in, attack):
    did(world.caseworker, attack, "COMPLAINT", date(2020, 1, 1))
    did(world.caseworker, attack, "SHELVED", date(2021, 1, 1))
    attack.answer_notes = [AnswerNote(field="main_type", note="Shot at, missed")]

    files = {}
    for who in (world.caseworker, world.analyst):
        response = sign_in(who).post("/incidents/export", {"impunity": "CLOSED"}, form_at="/incidents/")
        (files[who.id],) = csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig")))

    row = files[world.caseworker.id]
    assert (row["impunity"], row["impunity_since"]) == ("CLOSED", "2021-01-01")
    assert (row["state_responses"], row["state_response_dates"]) == ("COMPLAINT|SHELVED", "2020-01-01|2021-01-01")
    assert row["answer_notes"] == "main_type: Shot at, missed"
    assert files[world.analyst.id]["answer_notes"] == "" and files[world.analyst.id]["impunity"] == "CLOSED"


# --- notes on answers


def test_a_note_stands_beside_its_answer(world, sign_in, attack):
    browser, address = sign_in(world.caseworker), f"/incidents/{attack.reference}/clarify"

    response = browser.post(address, {"version": str(attack.version), "note-main_type": "  He survived. "})

    assert response.status_code == 303
    assert "He survived." in browser.get(f"/incidents/{attack.reference}").text
    assert "He survived." not in sign_in(world.analyst).get(f"/incidents/{attack.reference}").text
    assert told(attack, world.caseworker)[0] == "Caseworker added to notes on the answers: Main type: He survived."

    browser.post(address, {"version": str(attack.version), "note-main_type": ""})
    assert "He survived." not in browser.get(f"/incidents/{attack.reference}").text.split("History")[0]


def test_of_a_reviewed_record_a_note_asks_why(world, sign_in, attack):
    attack.state = "CORROBORATED"
    db.session.commit()
    browser, address = sign_in(world.caseworker), f"/incidents/{attack.reference}/clarify"
    typed = {"version": str(attack.version), "note-main_type": "He survived"}

    refused = browser.post(address, typed)
    assert refused.status_code == 400 and "He survived" in refused.text
    assert browser.post(address, {**typed, "why": "He told us"}).status_code == 303
    assert told(attack, world.caseworker)[0].endswith("Reason: “He told us”.")


def test_a_note_is_not_saved_over_a_record_that_has_changed(world, sign_in, attack):
    response = sign_in(world.caseworker).post(
        f"/incidents/{attack.reference}/clarify", {"version": "99", "note-main_type": "He survived"}
    )

    assert response.status_code == 409 and "He survived" in response.text
    assert db.session.scalars(unguarded(select(AnswerNote), "the test looks")).all() == []


# --- earlier threats


def looked(browser, **typed):
    response = browser.post("/incidents/new", {"title_es": "Otra", "refresh": "threats", **typed})
    assert response.status_code == 200
    return response.text


def test_earlier_threats_of_the_case_and_whether_they_escalated(world, sign_in, case, threat, attack):
    other = factories.an_incident(
        world.caseworker, case=case, title="Followed", threat_type="SURV", on=date(2024, 1, 9)
    )
    linked(world.caseworker, threat, attack)

    text = looked(sign_in(world.caseworker), case=case.reference)

    part = re.search(r'(?s)id="earlier-threats".*?</div>', text).group()
    assert "2 earlier threats" in part and threat.reference in part and other.reference in part
    assert "escalated:" in part and attack.reference in part
    assert part.count("no escalation is linked to it") == 1


def test_earlier_threats_against_the_same_person_among_what_one_sees(world, sign_in, threat, hidden):
    person = factories.a_person(world.caseworker, pseudonym="Heron")
    factories.a_victim(threat, person)
    hidden.main_type = "THR.DEATH"
    factories.a_victim(hidden, person)
    nobody = factories.an_incident(world.caseworker, title="Against somebody else", main_type="THR.DEATH")

    text = looked(sign_in(world.caseworker), **{"victims-0-who": person.reference, "victims-0-kind": "INDIVIDUAL"})

    assert "1 earlier threat" in text and threat.reference in text
    assert hidden.reference not in text and nobody.reference not in text


def test_a_threat_after_the_day_is_not_an_earlier_one(world, sign_in, case, threat):
    text = looked(sign_in(world.caseworker), case=case.reference, first_day="4/1/2024")

    assert threat.reference not in text
    assert "No earlier threat against them" in text


def test_looking_saves_nothing_and_loses_nothing(world, sign_in, case, threat):
    text = looked(sign_in(world.caseworker), case=case.reference, narrative="Half a sentence")

    assert "Half a sentence" in text
    assert len(db.session.scalars(visible(type(threat), world.caseworker)).all()) == 1


def test_without_anybody_or_case_it_says_what_is_needed(world, sign_in):
    assert "Write first against whom it was" in looked(sign_in(world.caseworker))


def test_a_record_that_is_edited_is_not_its_own_earlier_threat(world, sign_in, threat):
    text = sign_in(world.caseworker).get(f"/incidents/{threat.reference}/edit").text

    assert "earlier threat against" not in text


def test_the_reason_stays_with_the_record_for_which_it_was_given(world, sign_in, threat):
    """The other end of a link, a person and a source have readers of their own."""
    theirs = factories.an_incident(
        world.stranger, case=factories.a_case(world.north, world.stranger, confidentiality="NETWORK")
    )
    threat.case.confidentiality, threat.state = "NETWORK", "VERIFIED"
    person = factories.a_person(world.colleague, pseudonym="Heron")
    for first, second in ((threat, theirs), (theirs, threat)):
        link = linked(world.caseworker, first, second)
        browser = sign_in(world.caseworker)
        browser.post(f"/incidents/{threat.reference}/links/{link.uid}/erase", {"why": "What we know of the car"})
        assert linking.links_of(world.caseworker, threat) == []
        assert "took out of links" in told(theirs, world.stranger)[0]
        assert "What we know" not in sign_in(world.stranger).get(f"/incidents/{theirs.reference}/history").text
    with acting(world.caseworker.id):
        ask_reason(threat, "What we know of Heron")
        threat.community, person.community = "Sector Alto", "Sector Bajo"
        threat.touch(world.caseworker.id)
        db.session.commit()
    assert "What we know of Heron" in told(threat, world.caseworker)[0]
    history = sign_in(world.colleague).get(f"/people/{person.reference}/history").text
    assert "Sector Bajo" in history and "What we know" not in history


def test_a_link_is_undone_by_its_maker_by_who_writes_to_both_or_by_a_reviewer(world, sign_in, threat):
    theirs = factories.an_incident(
        world.stranger, case=factories.a_case(world.north, world.stranger, confidentiality="NETWORK")
    )
    threat.case.confidentiality, threat.state = "NETWORK", "VERIFIED"
    link = linked(world.caseworker, threat, theirs)
    address = f"/incidents/{theirs.reference}/links"

    stranger = sign_in(world.stranger)
    assert f"{link.uid}/erase" not in stranger.get(address).text
    assert stranger.post(f"{address}/{link.uid}/erase", {"why": "Not so"}, form_at=address).status_code == 403
    reviewer = sign_in(world.foreign_coordinator)
    assert reviewer.post(f"{address}/{link.uid}/erase", form_at=address).status_code == 400  # the other end is reviewed
    assert reviewer.post(f"{address}/{link.uid}/erase", {"why": "Not so"}, form_at=address).status_code == 303
    assert linking.links_of(world.caseworker, threat) == []
