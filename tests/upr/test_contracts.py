"""contracts.csv and links.csv: agreements that may be published, and the public incidents within their terms."""

from datetime import date

import pytest

from app.audit import acting
from app.contracts.links import L0, L2, L4, ContractLink
from app.contracts.operations import add_source, advance, change_contract
from app.db import db
from app.evidence.operations import record_source
from app.workflow import MoveNotAllowed
from tests.factories import a_contract, a_place, a_project, a_source, an_addendum, an_incident, when

MINE = "PE-030506"


@pytest.fixture
def mine(world):
    return a_project(places=[a_place(MINE)])


def cited(world, contract):
    source = record_source(world.caseworker, contract.team_id, {"citation": "A newspaper", "url": None}, is_public=True)
    add_source(world.caseworker, contract, source)


def published(world, **facts):
    """Recorded by a caseworker for publication, and reviewed by the coordination."""
    facts = {"country": "PE", "may_be_published": True, "obtained": "PRESS", "starts": "2024-01-01"} | facts
    contract = a_contract(world.caseworker, **facts)
    cited(world, contract)
    with acting(world.coordinator.id):
        advance(world.coordinator, contract, "set_unverified", None)
    db.session.flush()
    return contract


@pytest.fixture
def contract(world, mine):
    return published(world, projects=[mine], ends="2024-12-31")


def an_event(world, mine, make_public=None, **values):
    incident = an_incident(world.caseworker, state="VERIFIED", main_type="LIFE.KILL", **values)
    incident.place = a_place(MINE)
    incident.projects.append(mine)
    a_source(incident)
    if make_public:
        make_public(incident)
    db.session.flush()
    return incident


def test_an_agreement_is_told_with_its_days_and_without_names(world, mine, open_pack):
    contract = published(
        world, projects=[mine], title="Secret title", signatories="Secret signatory", notes="Secret note",
        signed="2024-02", ends="2025-01-31/2025-02-27", officers_least=15, officers_most=20, logistics=["FUEL", "FOOD"],
        total_amount=350000000, total_currency="PEN", total_basis="TOTAL", police_unit="PE-REGPOL",
    )  # fmt: skip
    addendum = an_addendum(world.caseworker, contract, ends="2026", country="PE", may_be_published=True)
    cited(world, addendum)
    with acting(world.coordinator.id):
        advance(world.coordinator, addendum, "set_unverified", None)

    pack = open_pack(world.coordinator)

    rows = {row["contract_ref"]: row for row in pack.lines("contracts.csv")}
    row = rows[contract.reference]
    assert set(rows) == {contract.reference, addendum.reference}
    assert rows[addendum.reference]["renewed_from_ref"] == contract.reference
    assert (row["signed_date"], row["start_date"], row["end_date"]) == (
        "2024-02",
        "2024-01-01",
        "2025-01-31/2025-02-27",
    )
    assert (row["amount"], row["currency"], row["amount_basis"]) == ("3500000.00", "PEN", "total")
    assert (row["officers_min"], row["officers_max"], row["logistics"]) == ("15", "20", "food|vehicles")
    assert (row["company_name"], row["admin1_codes"], row["kind"]) == ("Minera Norte", "PE-APU", "institutional")
    assert (row["status_at_cutoff"], row["obtained_by"]) == ("in_force", "press")
    assert b"Secret" not in pack.all_bytes


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"obtained": "LEAK", "may_be_published": False}, "leaked"),
        ({"in_confidence": True, "may_be_published": False}, "in_confidence"),
        ({"may_be_published": False}, "not_publishable"),
    ],
)
def test_what_is_not_for_publication_stays_and_is_counted(world, mine, open_pack, facts, reason):
    published(world, projects=[mine], **facts)

    pack = open_pack(world.coordinator)

    assert pack.lines("contracts.csv") == []
    assert {name: number for name, number in pack.manifest["counts"]["contracts_excluded"].items() if number} == {
        reason: 1
    }


def to_agreements(pack):
    """What links.csv says of incidents and agreements; that sources bear them out is another matter."""
    return [row for row in pack.lines("links.csv") if row["relation"] not in ("evidence_for", "part_of")]


def test_unreviewed_rejected_foreign_and_past_agreements_do_not_leave(world, mine, contract, open_pack):
    a_contract(world.caseworker, country="PE", may_be_published=True, starts="2024-01-01")
    a_contract(world.caseworker, country="PE", may_be_published=True, starts="2024-01-01").state = "REJECTED"
    published(world, starts="2019-01-01", ends="2019-12-31")
    a_contract(
        world.stranger, country="PE", may_be_published=True, starts="2024-01-01", confidentiality="NETWORK"
    ).state = "VERIFIED"

    pack = open_pack(world.coordinator)

    assert [row["contract_ref"] for row in pack.lines("contracts.csv")] == [contract.reference]
    assert pack.manifest["counts"]["contracts_excluded"]["not_reviewed"] == 1


def test_public_incidents_within_a_term_are_linked_and_others_are_not(world, mine, contract, open_pack, make_public):
    inside = an_event(world, mine, make_public, on=date(2024, 5, 2))
    an_event(world, mine, on=date(2024, 5, 3))  # not public already: the link would say where it happened
    discarded = an_event(world, mine, make_public, on=date(2024, 5, 4))
    possible = an_event(world, mine, make_public, on=date(2024, 5, 4))
    possible.happened = when("2024-12-20/2025-01-10")
    db.session.add(ContractLink(incident=discarded, contract=contract, level=L0, reason="another mine"))
    db.session.flush()

    pack = open_pack(world.coordinator)

    assert to_agreements(pack) == [
        {
            "from_ref": inside.reference,
            "to_ref": contract.reference,
            "relation": "during_validity_of",
            "level": "in_force_at_that_time_and_place",
        }
    ]
    row = pack.rows[inside.reference]
    assert (row["agreement_in_force"], row["contract_refs"]) == ("yes", contract.reference)
    assert pack.rows[discarded.reference]["agreement_in_force"] == "unknown"
    assert [row["incidents_in_validity"] for row in pack.lines("contracts.csv")] == ["1"]


def test_acted_for_the_company_leaves_only_when_a_second_person_has_confirmed_it(
    world, mine, contract, open_pack, make_public
):
    incident = an_event(world, mine, make_public)
    link = ContractLink(incident=incident, contract=contract, level=L4, state="PROPOSED", by_id=world.caseworker.id)
    db.session.add(link)
    db.session.flush()
    assert [row["level"] for row in to_agreements(open_pack(world.coordinator))] == ["in_force_at_that_time_and_place"]

    link.state, link.second_by_id, link.source = "CONFIRMED", world.coordinator.id, incident.source_links[0].source
    db.session.flush()

    assert [row["level"] for row in to_agreements(open_pack(world.coordinator))] == ["acted_for_the_company"]


def test_a_change_of_a_key_fact_takes_a_reviewed_agreement_out_of_the_next_pack(world, contract, open_pack):
    assert open_pack(world.coordinator).lines("contracts.csv")

    with acting(world.caseworker.id):
        change_contract(world.caseworker, contract, {"ends": when("2025-06-30")})

    assert open_pack(world.coordinator).lines("contracts.csv") == []


def test_a_link_that_is_only_possible_does_not_leave_though_somebody_confirmed_it(
    world, mine, contract, open_pack, make_public
):
    incident = an_event(world, mine, make_public)
    incident.happened = when("2024-12-20/2025-01-10")
    db.session.add(ContractLink(incident=incident, contract=contract, level=L2, followed="POSSIBLE"))
    db.session.flush()

    pack = open_pack(world.coordinator)

    assert to_agreements(pack) == []
    assert pack.rows[incident.reference]["agreement_in_force"] == "unknown"


def test_an_acting_for_the_company_outside_the_certain_term_claims_no_term(
    world, mine, contract, open_pack, make_public
):
    incident = an_event(world, mine, make_public)
    incident.happened = when("2024-12-20/2025-01-10")
    source = incident.source_links[0].source
    db.session.add(ContractLink(incident=incident, contract=contract, level=L4, second_by_id=1, source=source))
    db.session.flush()

    pack = open_pack(world.coordinator)

    assert [(row["relation"], row["level"]) for row in to_agreements(pack)] == [
        ("involves_party_of", "acted_for_the_company")
    ]
    assert pack.rows[incident.reference]["agreement_in_force"] == "unknown"


@pytest.mark.parametrize("facts", [{"obtained": "LEAK"}, {"state": "REJECTED"}, {}])
def test_papers_that_stay_do_not_speak_through_those_that_leave(world, mine, open_pack, make_public, facts):
    """A leaked, rejected or unpublished addendum neither prolongs a term in the pack nor brings a project."""
    contract = published(world, projects=[a_project("Elsewhere")], starts="2022-01-01", ends="2024-01-31")
    addendum = an_addendum(world.caseworker, contract, signed="2024-01-05", ends="2030", country="PE", projects=[mine],
                           obtained=facts.get("obtained", "PRESS"))  # fmt: skip
    addendum.state = facts.get("state", "VERIFIED")
    an_event(world, mine, make_public)
    db.session.flush()

    pack = open_pack(world.coordinator)

    rows = pack.lines("contracts.csv")
    assert [(row["contract_ref"], row["status_at_cutoff"]) for row in rows] == [(contract.reference, "expired")]
    assert to_agreements(pack) == []


def test_an_addendum_does_not_name_the_agreement_that_stays(world, mine, open_pack):
    base = published(world, projects=[mine], obtained="LEAK", may_be_published=False, modality="INDIVIDUAL")
    addendum = an_addendum(
        world.caseworker, base, ends="2026", country="PE", may_be_published=True, obtained="OFFICIAL"
    )
    cited(world, addendum)
    with acting(world.coordinator.id):
        advance(world.coordinator, addendum, "set_unverified", None)

    row = open_pack(world.coordinator).lines("contracts.csv")[0]

    assert (row["contract_ref"], row["renewed_from_ref"], row["kind"]) == (addendum.reference, "", "unknown")


def test_what_few_may_read_does_not_leave_and_a_wash_opens_the_review(world, contract, open_pack):
    with acting(world.caseworker.id):
        change_contract(world.caseworker, contract, {"confidentiality": "RESTRICTED"})
    assert not contract.may_be_published

    leaked = published(world, obtained="LEAK", may_be_published=False)
    with acting(world.caseworker.id):
        change_contract(world.caseworker, leaked, {"obtained": "OFFICIAL", "may_be_published": True, "scope": "Washed"})
    assert leaked.state == "SUBMITTED"
    assert open_pack(world.coordinator).lines("contracts.csv") == []


def test_what_another_team_shares_is_counted_and_not_given_away(world, contract, open_pack):
    foreign = a_contract(world.stranger, country="PE", starts="2024-01-01", confidentiality="NETWORK")
    foreign.state, foreign.may_be_published = "VERIFIED", True
    db.session.flush()

    pack = open_pack(world.coordinator)

    assert [row["contract_ref"] for row in pack.lines("contracts.csv")] == [contract.reference]
    assert pack.manifest["counts"]["contracts_excluded"]["other_org"] == 1


def test_who_ticks_that_it_may_be_published_does_not_publish_it_alone(world, mine, contract, open_pack):
    """A tick that changes opens the review again; another person has to close it."""
    with acting(world.coordinator.id):
        change_contract(world.coordinator, contract, {"may_be_published": False})
        change_contract(world.coordinator, contract, {"may_be_published": True})
    assert contract.state == "SUBMITTED"
    assert open_pack(world.coordinator).lines("contracts.csv") == []
    with pytest.raises(MoveNotAllowed), acting(world.coordinator.id):
        advance(world.coordinator, contract, "set_unverified", None)
