"""Links between contracts and incidents: who decides what, over what, and what may then be said."""

from datetime import date

import pytest
from flask_babel import force_locale

from app.audit import acting
from app.contracts import linking
from app.contracts.link_evidence import evidence_offered
from app.contracts.link_words import doubts, proposed, term_words, told, why_words
from app.contracts.linking import (
    AlreadyDecided,
    ChangedMeanwhile,
    EvidenceMissing,
    NotAllowed,
    NothingFollows,
    SecondPersonNeeded,
    WordsMissing,
)
from app.contracts.links import L2, L3, L4
from app.contracts.models import CERTAIN, POSSIBLE
from app.contracts.operations import change_contract, withdraw_contract
from app.contracts.standing import (
    CHANGED,
    DECIDED,
    DISCARDED,
    NO_TERM,
    SENT_BACK,
    UNDECIDED,
    WAITING,
    StandingWish,
    counted,
    links_that_hold,
    of_incident,
    of_pair,
    of_status,
    standing,
    standing_found,
    waiting_for_a_second,
)
from app.dates import UncertainDate
from app.db import db
from tests import factories
from tests.factories import a_contract, a_place, a_project, a_source, an_incident, when

HERE = "PE-030506"


@pytest.fixture(autouse=True)
def in_english(app):
    with force_locale("en"):
        yield


@pytest.fixture
def project(world):
    return a_project(places=[a_place(HERE)])


@pytest.fixture
def contract(world, project):
    return a_contract(world.caseworker, projects=[project], starts="2020-01-01", ends="2020-12-31")


@pytest.fixture
def incident(world, project):
    return incident_at(world, project)


def incident_at(world, project, on="2020-06-01", by=None):
    incident = an_incident(by or world.caseworker)
    incident.happened, incident.place = when(on), a_place(HERE)
    incident.projects.append(project)
    incident.case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM", by=world.caseworker)
    db.session.commit()
    return incident


def do(operation, user, incident, contract, *arguments):
    with acting(user.id):
        found = operation(user, incident, contract, *arguments)
        db.session.commit()
    return found


def proposal(world, incident, contract, level=L4, by=None, evidence=True):
    by = by or world.caseworker
    if evidence and not incident.source_links:
        a_source(incident)
    (first, *_rest) = evidence_offered(by, incident, contract) if evidence else (None,)
    return do(linking.propose, by, incident, contract, level, "Held inside the mine", first)


def status_of(world, incident, contract):
    return of_pair(world.coordinator, incident, contract).status


# --- one person ----------------------------------------------------------------------------------


def test_what_follows_is_confirmed_as_it_follows_now(world, incident, contract):
    link = do(linking.confirm_match, world.caseworker, incident, contract, "CERTAIN-L2_PLACE")

    assert (link.level, link.followed, link.state, link.by) == (L2, CERTAIN, "CONFIRMED", world.caseworker)
    assert status_of(world, incident, contract) == DECIDED
    with pytest.raises(AlreadyDecided):
        do(linking.confirm_match, world.colleague, incident, contract)


def test_nobody_confirms_what_they_did_not_see(world, incident, contract):
    with pytest.raises(ChangedMeanwhile):
        do(linking.confirm_match, world.caseworker, incident, contract, "POSSIBLE-L1_PERIOD")


def test_nothing_is_confirmed_where_nothing_follows(world, project, contract):
    later = incident_at(world, project, on="2021-06-01")
    undated = a_contract(world.caseworker, projects=[project])

    with pytest.raises(NothingFollows):
        do(linking.confirm_match, world.caseworker, later, contract)
    with pytest.raises(NothingFollows):
        do(linking.confirm_match, world.caseworker, later, undated)
    with pytest.raises(NothingFollows):
        do(linking.reject, world.caseworker, later, contract, "Why not")
    assert status_of(world, later, undated) == NO_TERM


def test_a_link_is_discarded_for_a_reason(world, incident, contract):
    with pytest.raises(WordsMissing):
        do(linking.reject, world.caseworker, incident, contract, "  ")

    link = do(linking.reject, world.caseworker, incident, contract, "Another mine of the same company")

    assert told(of_pair(world.caseworker, incident, contract).match, link).startswith("looked at and discarded")
    assert status_of(world, incident, contract) == DISCARDED
    do(linking.reopen, world.caseworker, incident, contract, "It was the same mine after all")
    assert status_of(world, incident, contract) == UNDECIDED


def test_what_no_longer_follows_says_so_and_is_not_lost(world, incident, contract):
    do(linking.confirm_match, world.caseworker, incident, contract)

    with acting(world.caseworker.id):
        change_contract(world.caseworker, contract, {"ends": UncertainDate.on(date(2020, 3, 1))})
        db.session.commit()

    stands = of_pair(world.caseworker, incident, contract)
    assert (stands.status, stands.match, stands.link.level) == (CHANGED, None, L2)
    assert told(stands.match, stands.link) == ""
    with acting(world.caseworker.id):
        change_contract(world.caseworker, contract, {"ends": UncertainDate()})
        db.session.commit()
    assert do(linking.confirm_match, world.colleague, incident, contract).followed == POSSIBLE
    assert status_of(world, incident, contract) == DECIDED


# --- two people ----------------------------------------------------------------------------------


def test_acting_for_the_company_is_told_only_when_a_second_person_has_confirmed_it(world, incident, contract):
    link = proposal(world, incident, contract)
    match = of_pair(world.coordinator, incident, contract).match

    assert told(match, link) == "a contract was in force at that time and place"
    assert proposed(link) == "proposed: acted for the company (waits for a second person)"
    assert status_of(world, incident, contract) == WAITING

    do(linking.second, world.coordinator, incident, contract)

    assert told(match, link) == "acted for the company"
    assert proposed(link) == ""
    assert (link.by, link.second_by) == (world.caseworker, world.coordinator)


def test_the_second_is_not_the_first(world, incident, contract):
    proposal(world, incident, contract, by=world.coordinator)

    with pytest.raises(SecondPersonNeeded):
        do(linking.second, world.coordinator, incident, contract)
    with pytest.raises(NotAllowed):
        do(linking.second, world.caseworker, incident, contract)
    assert do(linking.second, world.second_coordinator, incident, contract).state == "CONFIRMED"


def test_facts_only_stay_a_proposal(world, incident, contract):
    link = proposal(world, incident, contract, L3, evidence=False)

    with pytest.raises(EvidenceMissing, match="Facts only"):
        do(linking.second, world.coordinator, incident, contract)

    assert (link.state, link.second_by) == ("PROPOSED", None)
    assert "took part" not in told(of_pair(world.coordinator, incident, contract).match, link)


def test_evidence_is_of_the_incident_or_the_contract(world, project, incident, contract):
    other = incident_at(world, project)
    a_source(other)
    (foreign,) = evidence_offered(world.caseworker, other, contract)

    with pytest.raises(EvidenceMissing):
        do(linking.propose, world.caseworker, incident, contract, L3, "Seen there", foreign)


def test_it_may_be_proposed_where_nothing_was_computed(world, project):
    undated = a_contract(world.caseworker, projects=[], starts="2013-01-01", ends="2014-01-01")
    held = incident_at(world, project, on="2012-05-28")

    link = proposal(world, held, undated, evidence=False)

    assert (link.followed, link.has_evidence) == (None, False)
    assert status_of(world, held, undated) == WAITING


def test_a_proposal_is_sent_back_and_made_again(world, incident, contract):
    proposal(world, incident, contract)
    with pytest.raises(WordsMissing):
        do(linking.send_back, world.coordinator, incident, contract, "")

    link = do(linking.send_back, world.coordinator, incident, contract, "The source names another unit")

    assert status_of(world, incident, contract) == SENT_BACK
    with pytest.raises(AlreadyDecided):
        do(linking.second, world.second_coordinator, incident, contract)
    proposal(world, incident, contract, L3)
    assert (link.level, link.second_note, status_of(world, incident, contract)) == (L3, None, WAITING)


def test_under_a_proposal_stands_what_one_person_had_confirmed(world, incident, contract):
    do(linking.confirm_match, world.caseworker, incident, contract)
    proposal(world, incident, contract, by=world.colleague)
    waiting = of_pair(world.coordinator, incident, contract)
    assert (waiting.status, waiting.confirmed.level, waiting.confirmed.by) == (WAITING, L2, world.caseworker)

    do(linking.send_back, world.coordinator, incident, contract, "The source names another unit")
    returned = of_pair(world.coordinator, incident, contract)
    assert (returned.status, returned.confirmed.by) == (SENT_BACK, world.caseworker)

    proposal(world, incident, contract, L3, by=world.colleague)
    do(linking.reopen, world.colleague, incident, contract, "Proposed too early")
    restored = of_pair(world.coordinator, incident, contract)
    assert (restored.status, restored.link.level, restored.link.by) == (DECIDED, L2, world.caseworker)
    assert (restored.link.reason, restored.link.has_evidence, restored.link.confirmed_level) == (None, False, None)


def test_what_two_confirm_takes_the_place_of_what_one_had_confirmed(world, incident, contract):
    do(linking.confirm_match, world.caseworker, incident, contract)
    proposal(world, incident, contract)
    do(linking.second, world.coordinator, incident, contract)

    assert of_pair(world.coordinator, incident, contract).confirmed is None


def test_what_was_confirmed_and_no_longer_follows_stands_under_no_proposal(world, incident, contract):
    do(linking.confirm_match, world.caseworker, incident, contract)
    proposal(world, incident, contract)
    with acting(world.caseworker.id):
        change_contract(world.caseworker, contract, {"ends": UncertainDate()})
        db.session.commit()

    assert of_pair(world.coordinator, incident, contract).confirmed is None


def test_what_two_have_confirmed_the_coordination_takes_back(world, incident, contract):
    proposal(world, incident, contract)
    do(linking.second, world.coordinator, incident, contract)

    with pytest.raises(NotAllowed):
        do(linking.reopen, world.caseworker, incident, contract, "I was wrong")
    with pytest.raises(AlreadyDecided):
        proposal(world, incident, contract, L3)
    do(linking.reopen, world.coordinator, incident, contract, "The newspaper corrected it")
    assert status_of(world, incident, contract) == UNDECIDED


def test_nobody_seconds_what_they_did_not_read(world, incident, contract):
    read = proposal(world, incident, contract, L3).seen
    proposal(world, incident, contract, L4)

    for operation in (linking.second, linking.send_back, linking.reopen):
        with pytest.raises(ChangedMeanwhile, match="proposal was changed"):
            do(operation, world.coordinator, incident, contract, "Read it", read)
    do(linking.reopen, world.caseworker, incident, contract, "To write it anew")
    link = proposal(world, incident, contract, L3)
    assert link.seen != read
    assert do(linking.second, world.coordinator, incident, contract, None, link.seen).state == "CONFIRMED"
    with pytest.raises(ChangedMeanwhile, match="decision was changed"):
        do(linking.reopen, world.coordinator, incident, contract, "Read it", read)


def test_a_proposal_sent_again_as_it_was_stays_with_its_author(world, incident, contract):
    link = proposal(world, incident, contract, by=world.coordinator)
    read = link.seen

    proposal(world, incident, contract, by=world.second_coordinator)

    assert (link.by, link.seen) == (world.coordinator, read)
    do(linking.send_back, world.second_coordinator, incident, contract, "Which unit?")
    proposal(world, incident, contract, by=world.second_coordinator)
    assert status_of(world, incident, contract) == WAITING
    with pytest.raises(SecondPersonNeeded):
        do(linking.second, world.coordinator, incident, contract)
    proposal(world, incident, contract, L3, by=world.second_coordinator)
    assert link.by == world.second_coordinator


@pytest.mark.parametrize("kind", ["source", "file"])
def test_withdrawn_evidence_is_none(world, project, kind, incident, contract):
    kept, proposed_only = incident_at(world, project), incident_at(world, project)
    for one in (kept, incident, proposed_only):
        evidence = a_source(one) if kind == "source" else factories.a_file(one, world.caseworker)
        (offered,) = evidence_offered(world.caseworker, one, contract)
        do(linking.propose, world.caseworker, one, contract, L4, "Held inside the mine", offered)
        if one is not proposed_only:
            do(linking.second, world.coordinator, one, contract)
        if one is not kept:
            with acting(world.caseworker.id):
                evidence.withdraw(world.caseworker.id, "it was invented")
                db.session.commit()

    stands = of_pair(world.coordinator, incident, contract)
    assert (stands.status, status_of(world, kept, contract)) == (CHANGED, DECIDED)
    assert told(stands.match, stands.link) == "a contract was in force at that time and place"
    assert [link.incident_id for link in links_that_hold(world.coordinator)] == [kept.id]
    with pytest.raises(EvidenceMissing, match="withdrawn"):
        do(linking.second, world.coordinator, proposed_only, contract)


# --- when the contract changes -------------------------------------------------------------------


def change(world, contract, **facts):
    with acting(world.caseworker.id):
        change_contract(world.caseworker, contract, facts)
        db.session.commit()


@pytest.mark.parametrize("fact", ["company", "police_unit"])
def test_what_two_confirmed_waits_again_when_company_or_unit_change(world, project, fact, incident, contract):
    computed = incident_at(world, project)
    do(linking.confirm_match, world.caseworker, computed, contract)
    link = proposal(world, incident, contract)
    do(linking.second, world.coordinator, incident, contract)
    change(world, contract, title="Another title", company=contract.company)
    assert link.state == "CONFIRMED"

    change(world, contract, **{fact: factories.an_organisation("Petrolera Sur") if fact == "company" else "PE-FRENTE"})

    assert (link.state, link.second_by, link.by, link.has_evidence) == ("PROPOSED", None, world.caseworker, True)
    assert link.second_note.startswith("The contract was changed: the ")
    assert told(of_pair(world.coordinator, incident, contract).match, link).startswith("a contract was in force")
    assert status_of(world, computed, contract) == DECIDED
    assert do(linking.second, world.coordinator, incident, contract).state == "CONFIRMED"


def test_a_proposal_is_read_again_when_the_company_changes(world, incident, contract):
    read = proposal(world, incident, contract).seen
    change(world, contract, company=factories.an_organisation("Petrolera Sur"))

    with pytest.raises(ChangedMeanwhile):
        do(linking.second, world.coordinator, incident, contract, None, read)


def test_decisions_go_with_an_agreement_that_is_hung_under_another(world, project, incident, contract):
    confirmed, discarded, both, equal = (incident_at(world, project) for _ in range(4))
    other = a_contract(world.caseworker, projects=[project], starts="2020-01-01", ends="2020-12-31")
    link = proposal(world, incident, contract)
    do(linking.second, world.coordinator, incident, contract)
    do(linking.confirm_match, world.caseworker, confirmed, contract)
    do(linking.reject, world.caseworker, discarded, contract, "Another mine")
    graver = proposal(world, both, contract, L3)
    do(linking.confirm_match, world.caseworker, both, other)
    do(linking.confirm_match, world.caseworker, equal, contract)
    stays = do(linking.confirm_match, world.caseworker, equal, other)

    change(world, contract, modality="ADDENDUM", parent=other)

    assert (link.contract_id, link.state, link.second_by) == (other.id, "PROPOSED", None)
    assert other.reference in link.second_note
    assert status_of(world, confirmed, other) == DECIDED
    assert status_of(world, discarded, other) == CHANGED  # another agreement was discarded
    assert of_pair(world.coordinator, both, other).link is graver
    assert of_pair(world.coordinator, equal, other).link is stays


# --- who -----------------------------------------------------------------------------------------


def test_only_full_readers_who_write_decide(world, incident, contract):
    for user in (world.analyst, world.stranger, world.foreign_coordinator, world.administrator):
        with pytest.raises(NotAllowed):
            do(linking.confirm_match, user, incident, contract)
        with pytest.raises(NotAllowed):
            do(linking.propose, user, incident, contract, L4, "Words")


def test_who_does_not_see_the_contract_decides_nothing(world, project, incident):
    hidden = a_contract(world.coordinator, projects=[project], starts="2020-01-01", in_confidence=True)

    with pytest.raises(NotAllowed):
        do(linking.confirm_match, world.caseworker, incident, hidden)
    assert hidden.id not in {one.contract.id for one in of_incident(world.caseworker, incident)}
    assert hidden.id in {one.contract.id for one in of_incident(world.coordinator, incident)}


# --- the list ------------------------------------------------------------------------------------


def pairs(statement):
    return {(row.incident_id, row.contract_id) for row in db.session.execute(statement)}


def test_the_list_holds_each_pair_once_under_its_status(world, project, incident, contract):
    decided, waiting = (incident_at(world, project) for _ in range(2))
    incident_at(world, project, on="2022-06-01")  # nothing was in force
    do(linking.confirm_match, world.caseworker, decided, contract)
    proposal(world, waiting, contract)
    everything = standing_found(world.coordinator, StandingWish())

    assert counted(everything) == {UNDECIDED: 1, DECIDED: 1, WAITING: 1}
    assert pairs(of_status(everything, UNDECIDED)) == {(incident.id, contract.id)}
    assert pairs(of_status(everything, WAITING)) == {(waiting.id, contract.id)}
    assert not pairs(standing(world.analyst))
    assert not pairs(standing(world.stranger))


def test_the_list_is_narrowed_by_company_and_project(world, project, incident, contract):
    other = a_project("Cerro Bajo", places=[a_place("PE-080801")])
    incident.projects.append(other)
    elsewhere = a_contract(
        world.caseworker,
        company=factories.an_organisation("Petrolera Sur"),
        projects=[other],
        starts="2020-01-01",
        ends="2020-12-31",
    )

    by_company = standing_found(world.caseworker, StandingWish(company="petrolera"))
    by_project = standing_found(world.caseworker, StandingWish(project="cerro alto"))

    assert pairs(by_company) == {(incident.id, elsewhere.id)}
    assert pairs(by_project) == {(incident.id, contract.id)}


def test_what_waits_is_for_another_coordinator(world, incident, contract):
    proposal(world, incident, contract, by=world.coordinator)

    def waits(user):
        return db.session.scalars(waiting_for_a_second(user)).unique().all()

    assert not waits(world.coordinator)
    assert not waits(world.caseworker)
    assert not waits(world.foreign_coordinator)
    assert len(waits(world.second_coordinator)) == 1


def test_withdrawn_records_have_no_links(world, project, incident, contract):
    kept = incident_at(world, project)
    for one in (incident, kept):
        do(linking.confirm_match, world.caseworker, one, contract)
    with acting(world.caseworker.id):
        incident.withdraw(world.caseworker.id, "twice")
        db.session.commit()
    assert pairs(standing(world.caseworker)) == {(kept.id, contract.id)}

    with acting(world.caseworker.id):
        withdraw_contract(world.caseworker, contract, "not a contract")
        db.session.commit()
    assert not pairs(standing(world.caseworker))


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "on", "words"),
    [
        ({"starts": "2019-10-26"}, "2020-06-01", ["it began on 26 Oct 2019", "its end is not on record"]),
        ({"starts": "2020-02", "ends": "2020-12-31"}, "2020-02-10", ["it began between 1 Feb 2020 and 29 Feb 2020"]),
        ({"starts": "2020-01-01", "ends": "2020-12"}, "2020-12-24", ["it ended between 1 Dec 2020 and 31 Dec 2020"]),
        ({"starts": "2020-01-01", "ends": "2020-12-31"}, "2020-06-01", []),
        ({"starts": "2020-01-10", "ends": "2020-12-31"}, "2020-01", ["the day of the incident", "it began on 10 Jan"]),
    ],
)
def test_why_it_is_only_possible_is_said_with_the_days(world, project, facts, on, words):
    contract = a_contract(world.caseworker, projects=[project], **facts)
    incident = incident_at(world, project, on=on)

    found = doubts(of_pair(world.caseworker, incident, contract).match, contract, incident.happened)

    assert len(found) == len(words)
    assert all(said.startswith(start) for said, start in zip(found, words, strict=True))


def test_the_term_is_told_with_its_addenda(world, project, contract):
    factories.an_addendum(world.caseworker, contract, "EXTENDS", signed="2020-12-01", ends="2021-06-30")
    open_one = a_contract(world.caseworker, projects=[project], starts="2019-10-26")

    assert term_words(contract.spans) == "1 Jan 2020 – 30 Jun 2021"
    assert term_words(open_one.spans) == "from 26 Oct 2019 at the earliest; end not on record"
    assert term_words(open_one.spans, open_one.starts) == "from 26 Oct 2019; end not on record"
    assert term_words(a_contract(world.caseworker, projects=[project]).spans) == "its beginning is not on record"
    to_the_month = a_contract(world.caseworker, projects=[project], starts="2015", ends="2018-08")
    assert term_words(to_the_month.spans) == "2015 – Aug 2018"


def test_by_what_a_place_counts_is_said(world, project, contract):
    """The contract names no area: its project has a zone."""
    incident = incident_at(world, project)
    named = a_contract(world.caseworker, places=[a_place(HERE)], starts="2020-01-01", ends="2020-12-31")
    near = incident_at(world, project)
    near.place = a_place("PE-0305")
    db.session.flush()

    def said(one, paper):
        return why_words(of_pair(world.caseworker, one, paper))[-1].partition(":")[0]

    assert said(incident, contract) == "place in the zone of the project Cerro Alto"
    assert said(incident, named) == "place in the area that the contract names"
    assert said(near, contract) == "province in which the project lies"
    incident.project_links.clear()
    db.session.flush()
    assert said(incident, contract) == "place in the zone of the project Cerro Alto"
