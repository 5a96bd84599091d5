"""Contracts in the timeline of a case: as bars while they were in force, and no line told twice."""

from datetime import date

import pytest
from flask import current_app
from sqlalchemy import select

from app.access import unguarded
from app.audit import acting
from app.contracts import linking
from app.dates import UncertainDate
from app.db import db
from app.incidents.models import Incident
from app.timeline.moments import stretches_of, timeline_of
from tests import factories
from tests.factories import a_contract, a_project, an_addendum

OF_BOTH_DATABASES = ("sqlite",)


@pytest.fixture
def project(world):
    return a_project()


@pytest.fixture
def case(world, project):
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK", by=world.caseworker)
    incident = factories.an_incident(world.caseworker, case=case, on=date(2021, 6, 1))
    incident.projects.append(project)
    db.session.commit()
    return case


def drawn(case, user):
    with current_app.test_request_context(headers={"Accept-Language": "en"}):
        return [one for one in stretches_of(case, user) if one.lane == "contracts"]


def told(case, user):
    with current_app.test_request_context(headers={"Accept-Language": "en"}):
        return [moment.title for moment in timeline_of(case, user, "contracts")]


def test_what_was_in_force_is_a_bar_and_what_may_have_been_is_hatched(world, project, case):
    certain = a_contract(
        world.caseworker, "Certain", projects=[project], starts="2021-02", ends="2022-12-31", signed="2021-01-20"
    )
    open_one = a_contract(world.caseworker, "Open", projects=[project], starts="2019-10-26")
    a_contract(world.caseworker, "Of another project", projects=[a_project("Far away")], starts="2019-01-01")
    a_contract(world.caseworker, "Over by then", projects=[project], starts="2010-01-01", ends="2011-12-31")
    db.session.commit()

    bars = {one.title: one for one in drawn(case, world.caseworker)}

    assert set(bars) == {certain.title, open_one.title}
    assert (bars["Certain"].begins.latest, bars["Certain"].ends.earliest) == (date(2021, 2, 28), date(2022, 12, 31))
    assert not bars["Certain"].runs
    assert (bars["Open"].runs, bars["Open"].known_until) == (True, date(2019, 10, 26))
    assert told(case, world.caseworker) == ["Certain", "Open"]


def test_who_reads_without_identity_sees_none(world, project, case):
    a_contract(world.caseworker, projects=[project], starts="2019-10-26", confidentiality="NETWORK")
    db.session.commit()

    for user in (world.analyst, world.stranger):
        assert not drawn(case, user)
        assert not told(case, user)


def test_a_discarded_link_draws_nothing(world, project, case):
    contract = a_contract(world.caseworker, projects=[project], starts="2021-01-01", ends="2021-12-31")
    looked = select(Incident).where(Incident.case_id == case.id)
    incident = db.session.scalars(unguarded(looked, "the test looks")).one()
    with acting(world.caseworker.id):
        linking.reject(world.caseworker, incident, contract, "Another mine")
        db.session.commit()

    assert not drawn(case, world.caseworker)


def test_an_entry_for_which_a_contract_stands_is_told_once(world, project, case):
    entry = factories.an_entry(case, world.caseworker, "A contract is signed", kind="contract", is_public=True)
    factories.an_entry(case, world.caseworker, "Another one, not on record", kind="contract", on=UncertainDate())
    contract = a_contract(world.caseworker, "The contract", starts="2012-01-01", entry_uid=entry.uid)
    an_addendum(world.caseworker, contract, ends="2013-01-01")
    db.session.commit()

    assert told(case, world.caseworker) == ["The contract", "Another one, not on record"]
    assert told(case, world.analyst) == ["A contract is signed"]
