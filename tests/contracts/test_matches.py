"""Suggestions: which contract was in force where and when an incident happened, asked in SQL."""

from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest

from app.access import visible
from app.audit import acting
from app.contracts.links import L1, L2
from app.contracts.matches import matches, read
from app.contracts.models import CERTAIN, ENDS, EXTENDS, POSSIBLE, RENEWS, TERM_UNKNOWN, Contract
from app.contracts.operations import ContractProblem, change_contract, restore_contract, withdraw_contract
from app.contracts.terms import in_force
from app.dates import UncertainDate
from app.db import db
from app.incidents.models import Incident
from tests import factories
from tests.factories import a_contract, a_place, a_project, an_addendum, an_incident, when

MINE, OTHER = "PE-030506", "PE-080801"
PROVINCE, DEPARTMENT = "PE-0305", "PE-03"


@pytest.fixture
def mine(world):
    """A project with one district: Challhuahuacho."""
    return a_project(places=[a_place(MINE)])


@pytest.fixture
def contract(world, mine):
    return a_contract(world.caseworker, projects=[mine], starts="2020-01-01", ends="2020-12-31")


def incident_at(world, place=MINE, *, projects=(), on="2020-06-01", by=None, **values):
    incident = an_incident(by or world.caseworker, **values)
    incident.happened = when(on)
    incident.place = a_place(place) if place else None
    incident.projects.extend(projects)
    db.session.flush()
    return incident


def found(user, **narrowed):
    return {
        (match.incident_id, match.contract_id): match
        for match in map(read, db.session.execute(matches(user, **narrowed)))
    }


def match_of(user, incident, contract):
    return found(user).get((incident.id, contract.id))


@pytest.mark.parametrize(
    ("place", "about_it", "level"),
    [
        (MINE, True, L2),
        (MINE, False, L2),
        (OTHER, True, L1),
        (OTHER, False, None),
        (None, True, L1),
        (PROVINCE, True, L2),  # as near as is known, and the project lies there
        (PROVINCE, False, None),
        (DEPARTMENT, True, L1),
        (DEPARTMENT, False, None),
    ],
)
def test_time_and_project_is_l1_and_with_the_place_l2(world, mine, contract, place, about_it, level):
    incident = incident_at(world, place, projects=[mine] if about_it else [])

    match = match_of(world.caseworker, incident, contract)

    assert (match.level if match else None) == level
    assert match is None or match.follows == CERTAIN


def test_an_area_named_by_the_contract_counts_with_all_that_lies_in_it(world, mine):
    contract = a_contract(world.caseworker, places=[a_place(DEPARTMENT)], starts="2020-01-01", ends="2020-12-31")

    assert match_of(world.caseworker, incident_at(world, MINE), contract).level == L2
    assert match_of(world.caseworker, incident_at(world, OTHER), contract) is None


@pytest.mark.parametrize(
    ("facts", "follows"),
    [({"starts": "2019-10-26"}, POSSIBLE), ({}, TERM_UNKNOWN), ({"starts": "2020-06-02"}, None)],
)
def test_open_ends_are_possible_and_undated_contracts_never_l1(world, mine, facts, follows):
    contract = a_contract(world.caseworker, projects=[mine], **facts)
    incident = incident_at(world, projects=[mine])

    match = match_of(world.caseworker, incident, contract)

    assert (match.follows if match else None) == follows
    assert follows != TERM_UNKNOWN or match.level is None


def test_an_incident_without_a_day_has_no_match(world, mine, contract):
    assert match_of(world.caseworker, incident_at(world, projects=[mine], on=""), contract) is None


def test_matches_follow_when_either_side_changes(world, mine, contract):
    incident = incident_at(world, projects=[mine], on="2021-06-01")
    assert match_of(world.caseworker, incident, contract) is None

    addendum = an_addendum(world.caseworker, contract, EXTENDS, signed="2020-11-15", ends="2021-12-31")
    assert match_of(world.caseworker, incident, contract).follows == CERTAIN

    with acting(world.caseworker.id):
        withdraw_contract(world.caseworker, addendum, "recorded in error")
    assert match_of(world.caseworker, incident, contract) is None

    with acting(world.caseworker.id):
        restore_contract(world.caseworker, addendum)
        change_contract(world.caseworker, contract, {"projects": []})
    assert match_of(world.caseworker, incident, contract) is None

    with acting(world.caseworker.id):
        change_contract(world.caseworker, addendum, {"projects": [mine]})
    assert match_of(world.caseworker, incident, contract).follows == CERTAIN

    incident.happened = UncertainDate.on(date(2022, 1, 1))
    db.session.flush()
    assert match_of(world.caseworker, incident, contract) is None


def test_what_one_does_not_see_or_read_in_full_matches_nothing(world, mine, contract):
    incident = incident_at(world, projects=[mine])
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK", by=world.caseworker)
    incident.case = case
    db.session.flush()

    assert match_of(world.caseworker, incident, contract)
    assert match_of(world.coordinator, incident, contract)
    assert not found(world.analyst)
    assert not found(world.stranger)


def test_a_restricted_contract_is_its_authors_and_coordinations(world, mine):
    contract = a_contract(world.caseworker, projects=[mine], starts="2020-01-01", in_confidence=True)
    incident = incident_at(world, projects=[mine])
    incident.case = factories.a_case(world.south, world.colleague, confidentiality="TEAM", by=world.caseworker)
    db.session.flush()

    assert contract.confidentiality == "RESTRICTED"
    assert match_of(world.caseworker, incident, contract)
    assert match_of(world.coordinator, incident, contract)
    assert not match_of(world.colleague, incident, contract)


def test_withdrawn_and_rejected_records_match_nothing(world, mine, contract):
    incident = incident_at(world, projects=[mine])
    other = a_contract(world.caseworker, projects=[mine], starts="2020-01-01", ends="2020-12-31")
    other.state = "REJECTED"
    incident_at(world, projects=[mine], state="REJECTED")
    incident_at(world, projects=[mine]).withdraw(world.caseworker.id, "twice")
    db.session.flush()

    assert set(found(world.caseworker)) == {(incident.id, contract.id)}


def test_either_side_may_be_narrowed(world, mine, contract):
    here, there = (incident_at(world, projects=[mine]) for _ in range(2))
    other = a_contract(world.caseworker, projects=[mine], starts="2020-01-01", ends="2020-12-31")
    user = world.caseworker

    of_one = found(user, incidents=visible(Incident, user).where(Incident.id == here.id))
    of_other = found(user, contracts=visible(Contract, user).where(Contract.id == other.id))

    assert set(of_one) == {(here.id, contract.id), (here.id, other.id)}
    assert set(of_other) == {(here.id, other.id), (there.id, other.id)}


def a_day(random):
    first = date(2020, 1, 1) + timedelta(days=random.randrange(700))
    return random.choice(
        [
            UncertainDate(),
            UncertainDate.on(first),
            UncertainDate.in_month(first.year, first.month),
            UncertainDate.in_year(first.year),
            UncertainDate.between(first, first + timedelta(days=random.randrange(200))),
            UncertainDate.between(None, first),
            UncertainDate.between(first, None),
        ]
    )


def test_sql_says_what_python_says(world, mine):
    """Chains and incidents drawn at random: each pair has the same answer from both."""
    random = Random(20261130)
    incidents, chains = [], []
    for _ in range(40):
        incident = incident_at(world, projects=[mine], on="")
        incident.happened = a_day(random)
        incidents.append(incident)
    while len(chains) < 25:
        days = [a_day(random) for _ in range(3)]
        if days[2].latest and days[1].earliest and days[2].latest < days[1].earliest:
            continue
        base = a_contract(world.caseworker, projects=[mine], starts=days[1], ends=days[2])
        for _number in range(random.randrange(3)):
            facts = {"signed": a_day(random), "ends": a_day(random)}
            if (
                not (facts["ends"].latest and facts["signed"].earliest)
                or facts["ends"].latest >= facts["signed"].earliest
            ):
                with suppress(ContractProblem):  # an extension that shortens, an end without a day
                    an_addendum(world.caseworker, base, random.choice([EXTENDS, RENEWS, ENDS]), **facts)
        chains.append(base)
    db.session.flush()

    answers = found(world.caseworker)

    for incident in incidents:
        for base in chains:
            expected = in_force(base.spans, incident.happened_from, incident.happened_to)
            match = answers.get((incident.id, base.id))
            assert (match.follows if match else None) == expected
    assert {match.follows for match in answers.values()} == {CERTAIN, POSSIBLE, TERM_UNKNOWN}


def test_an_addendum_that_is_hung_elsewhere_leaves_the_term_of_the_first_agreement(world, mine, contract):
    other = a_contract(world.caseworker, projects=[mine], starts="2020-01-01", ends="2020-12-31")
    addendum = an_addendum(world.caseworker, contract, EXTENDS, signed="2020-11-15", ends="2021-12-31")
    incident = incident_at(world, projects=[mine], on="2021-06-01")
    assert set(found(world.caseworker)) == {(incident.id, contract.id)}

    with acting(world.caseworker.id):
        change_contract(world.caseworker, addendum, {"parent": other})

    assert set(found(world.caseworker)) == {(incident.id, other.id)}
