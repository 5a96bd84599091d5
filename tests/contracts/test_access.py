"""Who sees a contract, who reads it in full and who writes it; what reading without identity does not show."""

import pytest

from app.audit import acting
from app.contracts import operations
from app.contracts.models import ContractClause, ContractPay, ContractSource, ContractTest
from app.db import db
from app.evidence.models import Source
from tests import factories
from tests.factories import a_contract, an_addendum

OF_BOTH_DATABASES = ("sqlite",)

LIST = "/contracts/"


def told(world, confidentiality):
    """A contract with something in each part that only full readers may see."""
    company = factories.an_organisation("Minera Norte")
    contract = a_contract(
        world.caseworker, "Agreement with Norte", company=company, confidentiality=confidentiality, country="PE",
        number="Secret number", police_unit="PE-FRENTE", police_unit_text="Secret unit", signatories="Secret hand",
        starts="2021-02", ends="2023-01", officers_least=20, officers_text="Secret officers", scope="Secret scope",
        force_terms="Secret force", pay_text="Secret pay", institution_pay_text="Secret account", total_amount=500_000,
        total_currency="PEN", total_text="Secret total", obtained="PRESS", obtained_note="Secret way",
        notes="Secret note",
    )  # fmt: skip
    with acting(world.caseworker.id):
        contract.pay = [ContractPay(rank="Secret rank", amount_least=10_000, currency="PEN", period="DAY")]
        contract.clauses = [
            ContractClause(clause="INTEL", quote="Secret quote", translation="Secret tongue", why="Secret why")
        ]
        contract.tests = [ContractTest(point="NO_PRIVATE", answer="NO", note="Secret answer")]
        source = Source(team_id=world.south.id, citation="Secret source", created_by_id=world.caseworker.id)
        contract.source_links = [ContractSource(source=source)]
        contract.document_reference = "PER-F-AAAAA"
        contract.places = [factories.a_place()]
        operations.advance(world.coordinator, contract, "reject", "Secret review")
        an_addendum(world.caseworker, contract, ends="2025", number="Secret number", notes="Secret addendum")
        db.session.commit()
    return contract


SECRETS = (
    "number", "unit", "hand", "officers", "scope", "force", "pay", "account", "total", "way", "note", "rank", "quote",
    "tongue", "why", "answer", "source", "review",
)  # fmt: skip


def page(browser, contract, end=""):
    return browser.get(f"{LIST}{contract.reference}{end}")


@pytest.mark.parametrize("who", ["caseworker", "colleague", "coordinator"])
def test_who_records_in_the_team_reads_it_all(world, sign_in, who):
    contract = told(world, "TEAM")

    text = page(sign_in(getattr(world, who)), contract, "?on=1/3/2021").text

    assert [word for word in SECRETS if f"Secret {word}" not in text] == []
    assert contract.places[0].full_name in text


@pytest.mark.parametrize(("who", "confidentiality"), [("analyst", "TEAM"), ("stranger", "NETWORK")])
def test_without_identity_codes_days_and_amounts_are_read_and_nothing_else(world, sign_in, who, confidentiality):
    contract, browser = told(world, confidentiality), sign_in(getattr(world, who))

    text = page(browser, contract, "?on=1/3/2021").text
    assert "Secret" not in text
    district = contract.places[0]
    assert district.name not in text and district.province.name not in text
    assert district.department.name in text
    for words in ("Agreement with Norte", "Minera Norte", "Police front", "Feb 2021", "Intelligence duties", "20"):
        assert words in text
    assert "Secret" not in browser.get(LIST).text and contract.reference in browser.get(LIST).text
    assert "Secret" not in browser.get(f"/organisations/{contract.company.reference}").text
    assert page(browser, contract, "/history").status_code == 404
    assert page(browser, contract, "/edit").status_code == 403
    for words in ("Secret", "number"):
        assert contract.reference not in browser.get(LIST, query_string={"text": words}).text


@pytest.mark.parametrize("who", ["colleague", "analyst", "stranger", "foreign_coordinator"])
def test_a_restricted_contract_is_its_authors_and_coordinations(world, sign_in, who):
    contract, browser = told(world, "RESTRICTED"), sign_in(getattr(world, who))

    assert page(browser, contract).status_code == 404
    for address in (LIST, f"{LIST}?addenda=y", f"/organisations/{contract.company.reference}"):
        assert contract.reference not in browser.get(address).text
    assert page(sign_in(world.caseworker), contract).status_code == 200
    assert page(sign_in(world.coordinator), contract).status_code == 200


@pytest.mark.parametrize("who", ["stranger", "foreign_coordinator"])
def test_another_team_gets_404(world, sign_in, who):
    contract = told(world, "TEAM")

    assert page(sign_in(getattr(world, who)), contract).status_code == 404
    assert contract.reference not in sign_in(getattr(world, who)).get(LIST).text


def test_a_challenge_is_seen_by_who_sees_the_proceeding(world, sign_in):
    case = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    proceeding = factories.a_proceeding(case, world.caseworker, title="The amparo")
    contract = a_contract(world.caseworker, challenges=[proceeding])
    db.session.commit()

    assert "The amparo" in page(sign_in(world.caseworker), contract).text
    assert proceeding.reference not in page(sign_in(world.colleague), contract).text
    address = f"{LIST}{contract.reference}/challenges/erase"
    answer = sign_in(world.colleague).post(address, {"proceeding": proceeding.reference}, form_at="/profile")
    assert answer.status_code == 404 and contract.challenges == [proceeding]


def test_addenda_are_read_by_who_reads_their_agreement_and_by_nobody_else(world, sign_in):
    """Also one that the coordination adds to what a caseworker restricted."""
    contract = a_contract(world.caseworker, confidentiality="RESTRICTED")
    addendum = an_addendum(world.coordinator, contract, number="ADD-9")
    db.session.commit()

    browser = sign_in(world.caseworker)
    assert "1 addendum" in browser.get(LIST).text
    assert addendum.reference in page(browser, contract).text
    colleague = sign_in(world.colleague)
    assert page(colleague, addendum).status_code == 404
    assert contract.reference not in colleague.get(LIST, query_string={"text": "ADD-9"}).text


def test_who_restricts_what_another_recorded_is_led_to_the_list(world, sign_in):
    from tests.contracts.test_register import fields_of

    contract = a_contract(world.caseworker, obtained="PRESS")
    db.session.commit()
    browser, address = sign_in(world.colleague), f"{LIST}{contract.reference}/edit"

    answer = browser.post(address, fields_of(browser.get(address).text) | {"confidentiality": "RESTRICTED"})

    assert answer.status_code == 303 and answer.location == LIST


def test_nobody_verifies_what_they_recorded(world, sign_in):
    contract = a_contract(world.coordinator, document_reference="PER-F-AAAAA")
    db.session.commit()
    address = f"{LIST}{contract.reference}"
    values = {"move": "verify", "note": "It is so", "version": contract.version}

    answer = sign_in(world.coordinator).post(f"{address}/move", values, form_at=address)

    assert answer.status_code == 400 and contract.state == "SUBMITTED"
