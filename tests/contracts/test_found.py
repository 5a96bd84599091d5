"""Which contracts a wish finds, and in which order: asked of both databases."""

import pytest

from app.contracts.queries import ORDERS, ContractWish, addenda_counted, chain_seen, contracts_found, for_list
from app.db import db
from tests import factories
from tests.factories import a_contract, an_addendum, an_organisation, when


@pytest.fixture
def known(world):
    """An agreement whose addendum brings project, place and number; a hidden one like it; and one quite different."""
    company = an_organisation("Minera Brisas")
    project = factories.a_project("Las Brisas", places=[factories.a_place("PE-030506")])
    facts = {"company": company, "starts": "2020", "ends": "2020-12-31", "police_unit": "PE-FRENTE"}
    agreement = a_contract(world.caseworker, "Agreement", status="EXPIRED", obtained="PRESS", **facts)
    an_addendum(world.caseworker, agreement, starts="2021-01-01", ends="2021-06", number="ADD 77", projects=[project])
    a_contract(
        world.stranger, "Hidden", status="EXPIRED", obtained="PRESS", number="ADD 77", projects=[project], **facts
    )
    a_contract(world.caseworker, "Other", company=an_organisation("Minera Oro"), starts="2015", ends="2016")
    db.session.commit()
    return agreement


def found(user, **wish):
    return [row.title for row in db.session.scalars(for_list(contracts_found(user, ContractWish(**wish)))).unique()]


@pytest.mark.parametrize(
    "wish",
    [
        {"text": "add 77"},
        {"company": "brisas"},
        {"project": "las brisas"},
        {"unit": "PE-FRENTE"},
        {"region": "PE-03"},
        {"region": "PE-030506"},
        {"status": "EXPIRED"},
        {"on": when("2021-03-01")},
        {"obtained": "PRESS"},
        {"text": "77", "unit": "PE-FRENTE", "project": "brisas", "region": "PE-03", "on": when("2020-03-01")},
    ],
    ids=str,
)
def test_a_wish_finds_the_agreement_by_any_of_its_papers_and_nothing_else(world, known, wish):
    assert found(world.caseworker, **wish) == ["Agreement"]


def test_each_paper_in_a_line_of_its_own(world, known):
    assert found(world.caseworker, addenda=True, project="brisas") == ["Addendum"]
    assert found(world.caseworker, addenda=True, on=when("2021-03-01")) == ["Addendum", "Agreement"]


def test_the_newest_start_comes_first_and_what_has_none_last(world, known):
    a_contract(world.caseworker, "Undated")
    db.session.commit()

    assert found(world.caseworker) == ["Agreement", "Other", "Undated"]
    assert found(world.caseworker, order="start") == ["Other", "Agreement", "Undated"]
    assert found(world.caseworker, order="company") == ["Agreement", "Undated", "Other"]
    for order in ORDERS:
        assert len(found(world.caseworker, order=order)) == 3


def test_the_chain_and_its_count_leave_out_what_is_withdrawn(world, known):
    an_addendum(world.caseworker, known).withdraw(world.caseworker.id, "Recorded twice")
    db.session.commit()

    assert addenda_counted(world.caseworker, [known]) == {known.id: 1}
    assert [paper.title for paper in chain_seen(world.caseworker, known)] == ["Agreement", "Addendum"]
    assert found(world.caseworker, withdrawn=True) == ["Addendum"]
