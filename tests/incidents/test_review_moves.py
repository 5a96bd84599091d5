"""The moves of a review: the table, who may make which, and what has to be there first."""

import csv
from datetime import timedelta

import pytest
from flask import g

from app.access import MAY
from app.db import db, now
from app.evidence.operations import revise_source
from app.incidents import review
from app.incidents.review import NoteMissing, advance, moves_for
from app.incidents.workflow import MOVES, STATES
from app.workflow import MoveNotAllowed
from config import PACKS
from tests import factories

OF_BOTH_DATABASES = ("sqlite",)


@pytest.fixture(autouse=True)
def in_english(app):
    g.language = "en"


def reviewed(world, state, *, sources=2):
    """An incident of the caseworker in that state, with sources of different origin."""
    incident = factories.an_incident(world.caseworker, state=state)
    for number in range(sources):
        factories.a_source(incident, f"Source {number}", group=f"group {number}")
    return incident


def test_the_table_holds_the_moves_of_the_code_list_and_no_others():
    with (PACKS / "core" / "verification_statuses.csv").open(encoding="utf-8", newline="") as file:
        allowed = {(row["code"], to) for row in csv.DictReader(file) for to in row["next_allowed"].split(";") if to}

    table = {(source, move.target) for move in MOVES.values() for source in move.sources}

    assert table == allowed


def test_every_move_asks_for_a_permission_that_exists():
    assert {move.permission for move in MOVES.values()} <= set(MAY)


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("state", STATES)
def test_a_move_leads_from_its_states_to_its_target_and_from_no_other(app, world, name, state):
    incident = reviewed(world, state)
    user = world.coordinator if MOVES[name].permission == "records.review" else world.caseworker

    if state in MOVES[name].sources:
        note = advance(incident, name, user, "Because.")
        assert incident.state == MOVES[name].target
        assert (note.move, note.from_state, note.to_state, note.by_id) == (name, state, MOVES[name].target, user.id)
    else:
        with pytest.raises(MoveNotAllowed):
            advance(incident, name, user, "Because.")
        assert incident.state == state


@pytest.mark.parametrize("name", [name for name, move in MOVES.items() if move.permission == "records.review"])
def test_only_coordinators_of_the_team_review(app, world, name):
    state = next(iter(MOVES[name].sources))
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")
    incident = factories.an_incident(world.caseworker, case=case, state=state)
    factories.a_source(incident, group="one")
    factories.a_source(incident, "Another", group="two")

    for user in (world.caseworker, world.colleague, world.analyst, world.foreign_coordinator, world.administrator):
        with pytest.raises(MoveNotAllowed):
            advance(incident, name, user, "Because.")

    assert incident.state == state


def test_a_colleague_who_reads_in_full_may_submit_and_one_who_does_not_may_not(app, world):
    case = factories.a_case(world.south, world.caseworker, confidentiality="RESTRICTED")
    incident = factories.an_incident(world.caseworker, case=case)
    factories.a_source(incident)

    with pytest.raises(MoveNotAllowed):
        advance(incident, "submit", world.colleague)

    case.confidentiality = "TEAM"
    db.session.commit()
    advance(incident, "submit", world.colleague)
    assert incident.state == "SUBMITTED"
    assert incident.submitted_at is not None


def test_a_record_without_a_type_or_a_source_is_not_sent_to_review(app, world):
    bare = factories.an_incident(world.caseworker)
    untyped = reviewed(world, "DRAFT")
    untyped.main_type = None

    for incident, words in ((bare, "source"), (untyped, "type")):
        with pytest.raises(MoveNotAllowed, match=words):
            advance(incident, "submit", world.caseworker)


@pytest.mark.parametrize("name", ["set_unverified", "corroborate", "verify"])
def test_nobody_assesses_what_they_wrote_or_changed_last(app, world, name):
    own = factories.an_incident(world.coordinator, state="IN_REVIEW")
    changed = reviewed(world, "IN_REVIEW")
    changed.updated_by_id = world.coordinator.id
    for number in range(2):
        factories.a_source(own, f"Source {number}", group=f"group {number}")

    for incident in (own, changed):
        with pytest.raises(MoveNotAllowed):
            advance(incident, name, world.coordinator, "Reasonable grounds.")
        advance(incident, name, world.second_coordinator, "Reasonable grounds.")


def test_nobody_assesses_what_rests_on_a_source_that_they_changed_meanwhile(app, world):
    incident = reviewed(world, "IN_REVIEW")
    incident.submitted_at = now() - timedelta(hours=1)
    revise_source(world.coordinator, incident.source_links[0].source, {"origin_group": "quite another"})
    db.session.commit()

    with pytest.raises(MoveNotAllowed, match="one of its sources"):
        advance(incident, "verify", world.coordinator, "Reasonable grounds")
    advance(incident, "verify", world.second_coordinator, "Reasonable grounds")

    assert incident.state == "VERIFIED"


def test_reviewing_is_not_editing(app, world):
    incident = reviewed(world, "SUBMITTED")

    advance(incident, "start_review", world.coordinator)
    advance(incident, "verify", world.coordinator, "Two papers saw it.")
    db.session.commit()

    assert incident.updated_by_id == world.caseworker.id
    assert incident.version == 3


@pytest.mark.parametrize("name", [name for name, move in MOVES.items() if move.asks_note])
def test_a_move_that_asks_for_words_is_refused_without(app, world, name):
    state = next(iter(MOVES[name].sources))
    incident = reviewed(world, state)

    with pytest.raises(NoteMissing):
        advance(incident, name, world.coordinator, "  ")

    assert incident.state == state
    assert incident.reviews == []


@pytest.mark.parametrize("name", ["corroborate", "verify"])
@pytest.mark.parametrize(
    ("sources", "are_enough"),
    [
        ([], False),
        ([{"group": "La República"}], False),
        ([{"group": "La República"}, {"group": "LA REPUBLICA"}], False),
        ([{"group": "La República"}, {"group": "Wayka"}], True),
        ([{"url": "https://larepublica.pe/a"}, {"url": "https://www.larepublica.pe/b"}], False),
        ([{"url": "https://larepublica.pe/a"}, {"url": "https://wayka.pe/b"}], True),
        ([{"group": "LR", "url": "https://larepublica.pe/a"}, {"url": "https://larepublica.pe/b"}], False),
        ([{"group": "AP", "url": "https://lr.pe/a"}, {"group": "LR", "url": "https://lr.pe/b"}], True),
        ([{}, {}], True),
    ],
)
def test_two_texts_of_one_origin_count_as_one_source(app, world, name, sources, are_enough):
    incident = factories.an_incident(world.caseworker, state="IN_REVIEW")
    for number, source in enumerate(sources):
        factories.a_source(incident, f"Text {number}", **source)

    open_move = next(one for one in moves_for(incident, world.coordinator) if one.name == name)

    assert open_move.is_possible is are_enough
    if not are_enough:
        assert "independent" in open_move.hindrance


def test_a_withdrawn_source_does_not_count(app, world):
    incident = reviewed(world, "IN_REVIEW")
    incident.source_links[0].source.withdrawn_at = incident.created_at

    with pytest.raises(MoveNotAllowed):
        advance(incident, "corroborate", world.coordinator)


def test_a_withdrawn_incident_does_not_move(app, world):
    incident = reviewed(world, "IN_REVIEW")
    incident.withdrawn_at = incident.created_at

    assert moves_for(incident, world.coordinator) == []
    with pytest.raises(MoveNotAllowed):
        advance(incident, "corroborate", world.coordinator)


def test_a_hindered_move_stays_visible_with_its_reason(app, world):
    incident = factories.an_incident(world.coordinator, state="IN_REVIEW")

    found = {one.name: one.hindrance for one in moves_for(incident, world.coordinator)}

    assert "another coordinator" in found["verify"]
    assert found["ask"] is None


# --- the public part -----------------------------------------------------------------------------


def test_one_person_marks_as_public_and_another_approves(app, world):
    incident = factories.an_incident(world.caseworker, summary_es="Resumen")

    review.set_public(world.caseworker, incident)
    assert not incident.is_already_public

    review.approve_public(world.coordinator, incident)
    assert incident.is_already_public
    assert [note.move for note in incident.reviews] == ["set_public", "approve_public"]


def test_nobody_approves_what_they_marked_themselves(app, world):
    incident = factories.an_incident(world.coordinator, summary_en="A summary")
    review.set_public(world.coordinator, incident)

    with pytest.raises(MoveNotAllowed, match="another person"):
        review.approve_public(world.coordinator, incident)

    review.approve_public(world.second_coordinator, incident)
    assert incident.is_already_public


def test_approving_needs_a_coordinator_a_proposal_and_a_summary(app, world):
    incident = factories.an_incident(world.caseworker)
    with pytest.raises(MoveNotAllowed, match="summary"):
        review.set_public(world.caseworker, incident)
    with pytest.raises(MoveNotAllowed):
        review.approve_public(world.coordinator, incident)

    incident.summary_es = "Resumen"
    review.set_public(world.caseworker, incident)
    with pytest.raises(MoveNotAllowed):
        review.approve_public(world.colleague, incident)
    incident.summary_es = None
    with pytest.raises(MoveNotAllowed, match="summary"):
        review.approve_public(world.coordinator, incident)


def test_taking_back_from_the_public_part_needs_a_reason(app, world):
    incident = factories.an_incident(world.caseworker, summary_es="Resumen")
    review.set_public(world.caseworker, incident)
    review.approve_public(world.coordinator, incident)

    with pytest.raises(NoteMissing):
        review.revoke_public(world.caseworker, incident, "")
    review.revoke_public(world.caseworker, incident, "A name slipped in.")

    assert not incident.is_already_public
    assert incident.public_set_at is None
    assert incident.reviews[-1].note == "A name slipped in."


# --- who works on it -----------------------------------------------------------------------------


def test_a_coordinator_gives_it_to_someone_who_reads_it_in_full(app, world):
    case = factories.a_case(world.south, world.caseworker)
    incident = factories.an_incident(world.caseworker, case=case)

    assert set(review.people_for(incident)) == {world.caseworker, world.coordinator, world.second_coordinator}
    review.assign(incident, world.caseworker, world.coordinator)
    assert incident.assigned_to_id == world.caseworker.id

    for stranger in (world.colleague, world.stranger, world.analyst, world.administrator):
        with pytest.raises(MoveNotAllowed):
            review.assign(incident, stranger, world.coordinator)
    with pytest.raises(MoveNotAllowed):
        review.assign(incident, None, world.caseworker)

    review.assign(incident, None, world.coordinator)
    assert incident.assigned_to_id is None
