"""Contracts counted and amounts added: what goes together, and only what the reader sees."""

import pytest
from flask import current_app

from app.access import visible
from app.analysis.court import in_court
from app.analysis.incidents import happened
from app.analysis.numbers import numbers_of
from app.analysis.queries import (
    AnalysisWish,
    agreements_found,
    chains_of,
    homes_counted,
    perhaps_in_these_years,
    units_counted,
)
from app.analysis.sums import Paper, totals
from app.audit import acting
from app.contracts.links import L0, L4, ContractLink
from app.contracts.models import ContractClause
from app.contracts.operations import withdraw_contract
from app.db import db
from app.incidents.models import IncidentCompany
from app.organisations.models import Organisation
from app.people.models import PersonOrganisation
from tests import factories
from tests.factories import a_contract, a_place, a_project, a_source, an_addendum, an_incident, an_organisation

APURIMAC, CUSCO = "PE-030506", "PE-080801"


def agreements(user, **wish):
    return {one.title for one in db.session.scalars(agreements_found(user, AnalysisWish(**wish))).unique()}


def numbers(user, **wish):
    return numbers_of(user, AnalysisWish(**wish))


def by_name(counted, found):
    return {found.names.get(key, key): count.agreements for key, count in counted}


# --- amounts -------------------------------------------------------------------------------------


def paper(number, amount, *, base=None, currency="PEN", basis="TOTAL", qualifier="EXACT", count_basis=None, **more):
    counts = more.pop("counts", None)
    return Paper(number, base or number, amount, currency, basis, qualifier, count_basis or "AGREEMENT", counts, **more)


def told(papers):
    return [(line.total, line.least, line.most, line.records) for line in totals(papers).lines]


@pytest.mark.parametrize(
    "other",
    [{"currency": "USD"}, {"qualifier": "ABOUT"}, {"count_basis": "AGREEMENTS"}, {"basis": "UNKNOWN"}],
)
def test_what_does_not_go_together_is_never_added(app, other):
    found = totals([paper(1, 100), paper(2, 250), paper(3, 4000, **other)])

    assert sorted((line.least, line.most, line.records) for line in found.lines) == [(100, 250, 2), (4000, 4000, 1)]
    assert [line.total for line in found.lines if line.records == 2] == [350]


def test_rates_are_not_added_but_told_from_least_to_most(app):
    assert told([paper(1, 100, basis="PER_MONTH"), paper(2, 250, basis="PER_MONTH")]) == [(None, 100, 250, 2)]


def test_what_one_paper_states_of_the_whole_is_not_added_again(app):
    whole = paper(1, 900, count_basis="AGREEMENTS_ADDENDA", counts=3)
    repeated = paper(2, 400, base=1, count_basis="ADDENDUM")
    in_dollars = paper(3, 70, base=1, count_basis="ADDENDUM", currency="USD")
    elsewhere = paper(4, 50, base=9, count_basis="ADDENDUM")

    found = totals([whole, repeated, in_dollars, elsewhere, paper(5, None)])

    assert {(line.currency, line.total, line.papers) for line in found.lines} == {
        ("PEN", 900, 3),
        ("PEN", 50, 1),
        ("USD", 70, 1),
    }
    assert (found.contained, found.agreements_without, found.addenda_without) == (1, 1, 0)


def test_of_two_that_state_the_whole_the_last_one_holds(app):
    found = totals(
        [
            paper(1, 900, count_basis="AGREEMENTS_ADDENDA"),
            paper(2, 1200, base=1, count_basis="AGREEMENTS_ADDENDA"),
        ]
    )

    assert [line.total for line in found.lines] == [1200]


# --- where they are at home ----------------------------------------------------------------------


def test_a_home_country_is_that_of_the_company_or_of_its_parents(app, world):
    monterrico = an_organisation("Monterrico Metals", home_country="GB")
    majaz = an_organisation("Minera Majaz", parent_id=monterrico.id)
    canadian = an_organisation("Maple Mining", parent_id=monterrico.id, home_country="CA")
    a_contract(world.caseworker, "Majaz", company=majaz)
    a_contract(world.caseworker, "Maple", company=canadian)
    a_contract(world.caseworker, "Nowhere", company=an_organisation("Minera Sola"))

    assert agreements(world.caseworker, home="GB") == {"Majaz"}
    assert homes_counted(world.caseworker) == {"GB": 1, "CA": 1}


# --- counts --------------------------------------------------------------------------------------


@pytest.fixture
def two(world):
    """One that covers two departments, and one without place and year; officers on the first."""
    project = a_project(places=[a_place(CUSCO)])
    first = a_contract(
        world.caseworker, "First", starts="2017-10", ends="2019", places=[a_place(APURIMAC)], projects=[project],
        officers_least=10, officers_most=12, police_unit="PE-DINOES",
    )  # fmt: skip
    second = a_contract(world.caseworker, "Second", starts="2016/2018", count_basis="AGREEMENTS", counts=20)
    second.officers_least = 500
    db.session.flush()
    return first, second


def test_map_and_years_come_from_the_same_agreements(app, world, two):
    found = numbers(world.caseworker)

    assert by_name(found.by_department, found) == {"Apurímac": 1, "Cusco": 1, None: 1}
    assert by_name(found.by_year, found) == {2017: 1, None: 1}
    assert (found.total.agreements, found.total.several) == (2, 1)
    assert (found.total.officers_least, found.total.officers_most, found.total.with_officers) == (10, 12, 1)
    assert sum(count.agreements for *_cell, count in found.by_department_and_year) == 3


def test_years_narrow_to_what_surely_began_in_them(app, world, two):
    wish = AnalysisWish(first_year=2017)

    assert agreements(world.caseworker, first_year=2017) == {"First"}
    assert agreements(world.caseworker, first_year=2016, last_year=2018) == {"First", "Second"}
    assert agreements(world.caseworker, last_year=2015) == set()
    assert perhaps_in_these_years(world.caseworker, wish) == 1


def test_what_an_addendum_brings_counts_under_its_agreement(app, world, two):
    later = a_place("PE-200101")
    an_addendum(world.caseworker, two[0], places=[later], police_unit="PE-USE", starts="2019-01", ends="2020",
                total_amount=7_00, total_currency="PEN", total_basis="TOTAL")  # fmt: skip

    found = numbers(world.caseworker)

    assert by_name(found.by_department, found)["Piura"] == 1 and found.total.agreements == 2
    assert agreements(world.caseworker, unit="PE-USE") == {"First"}
    assert units_counted(world.caseworker) == {"PE-DINOES": 1, "PE-USE": 1}
    assert [(year, line.total) for year, line in found.money_by_year] == [(2019, 7_00)]


def test_withdrawn_and_rejected_ones_are_out(app, world, two):
    with acting(world.caseworker.id):
        withdraw_contract(world.caseworker, two[0], "Twice")
    two[1].state = "REJECTED"
    db.session.flush()

    assert numbers(world.caseworker).is_empty and units_counted(world.caseworker) == {}


def test_whoever_does_not_see_a_contract_finds_it_in_no_number(app, world):
    company = an_organisation("Minera Norte", home_country="GB")
    given = {"company": company, "police_unit": "PE-USE", "starts": "2018", "total_amount": 5, "total_currency": "PEN"}
    a_contract(world.caseworker, "Restricted", confidentiality="RESTRICTED", places=[a_place(APURIMAC)], **given)
    a_contract(world.caseworker, "Team", **given)

    for reader, seen in ((world.caseworker, 2), (world.analyst, 1), (world.stranger, 0)):
        found = numbers(reader)
        assert found.total.agreements == seen
        assert sum(line.records for _year, line in found.money_by_year) == seen
        assert homes_counted(reader).get("GB", 0) == units_counted(reader).get("PE-USE", 0) == seen
    assert by_name(numbers(world.analyst).by_department, numbers(world.analyst)) == {None: 1}


def test_numbers_cost_the_same_however_many_there_are(app, world, statements, two):
    with statements() as few:
        numbers(world.caseworker)
    for year in range(2001, 2008):
        a_contract(world.caseworker, starts=str(year), places=[a_place(APURIMAC)])
    with statements() as many:
        numbers(world.caseworker)

    assert len(many) == len(few) <= 4


# --- incidents beside them, and court ------------------------------------------------------------


def beside(user, companies=(), **wish):
    found = agreements_found(user, AnalysisWish(**wish))
    with current_app.test_request_context(headers={"Accept-Language": "en"}):
        return {row.reference: row for row in happened(user, found, chains_of(user, found), companies, ()).rows}


def test_incidents_stand_beside_contracts_with_what_may_be_said(app, world, two):
    first, _second = two
    company = first.company
    in_term = an_incident(world.caseworker, on=None)
    in_term.happened, in_term.place = factories.when("2018-05-02"), a_place(APURIMAC)
    named = an_incident(world.caseworker, title="Names it")
    named.company_links.append(IncidentCompany(organisation=company))
    an_incident(world.caseworker, title="Has nothing to do with it")
    db.session.flush()

    found = beside(world.caseworker, [company.id], company_id=company.id)

    assert set(found) == {in_term.reference, named.reference}
    assert [said.words for said in found[in_term.reference].links] == ["a contract was in force at that time and place"]
    assert found[named.reference].is_about and not found[named.reference].links
    assert beside(world.analyst, [company.id], company_id=company.id) == {}


@pytest.mark.parametrize(
    ("level", "state", "words"),
    [
        (L4, "PROPOSED", ["a contract was in force at that time and place"]),
        (L4, "CONFIRMED", ["acted for the company"]),
        (L0, "CONFIRMED", None),
    ],
)
def test_more_than_days_and_places_is_said_only_when_confirmed(app, world, two, level, state, words):
    incident = an_incident(world.caseworker, on=None)
    incident.happened, incident.place = factories.when("2018-05-02"), a_place(APURIMAC)
    a_source(incident)
    link = ContractLink(incident_id=incident.id, contract_id=two[0].id, level=level, state=state)
    link.source = incident.source_links[0].source
    db.session.add(link)
    db.session.flush()

    row = beside(world.caseworker).get(incident.reference)

    assert ([said.words for said in row.links] if row else None) == words
    assert not row or [said.is_confirmed for said in row.links] == [state == "CONFIRMED"]


def test_court_tells_what_the_reader_may_read(app, world, two):
    first, _second = two
    first.clauses = [ContractClause(clause="LEGAL_AID"), ContractClause(clause="INTEL")]
    case = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    complaint = factories.a_proceeding(case, world.caseworker, complainant_id=first.company_id)
    fought = factories.a_proceeding(case, world.caseworker)
    factories.a_proceeding(case, world.caseworker, "Another matter")
    first.challenges.append(fought)
    lawyer = factories.a_person(world.caseworker)
    db.session.add(PersonOrganisation(person_id=lawyer.id, organisation_id=first.company_id, kind="LAWYER"))
    member = factories.a_person(world.caseworker, pseudonym="Crane")
    db.session.add(PersonOrganisation(person_id=member.id, organisation_id=first.company_id, kind="MEMBER"))
    db.session.commit()

    mine = in_court(world.caseworker, [first.company_id], [first])
    theirs = in_court(world.stranger, [first.company_id], [first])

    assert [tie.person_id for tie, _time in mine.lawyers] == [lawyer.id]
    assert {one.proceeding.id for one in mine.proceedings} == {complaint.id, fought.id}
    assert [clause.clause for clause, _full in mine.clauses] == ["LEGAL_AID"]
    assert theirs.is_empty
    assert not in_court(world.analyst, [first.company_id], [first]).lawyers


def test_the_company_that_is_read_is_one_that_is_seen(app, world):
    hidden = an_organisation("Their own", team=world.north, home_country="GB")
    a_contract(world.stranger, "Shared", company=hidden, confidentiality="NETWORK")

    assert agreements(world.caseworker) == {"Shared"} and homes_counted(world.caseworker) == {}
    assert hidden not in db.session.scalars(visible(Organisation, world.caseworker)).unique().all()
