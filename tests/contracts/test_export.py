"""The register as a file: what the list shows, a paper a line; words of sources only for full readers; no formulas."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.access import visible
from app.audit import AuditEntry, acting
from app.contracts.models import ContractChallenge, ContractPay
from app.contracts.operations import add_clause
from app.db import db
from app.evidence.files import EvidenceFile
from tests import factories
from tests.factories import a_contract, an_addendum


@pytest.fixture
def contract(world):
    contract = a_contract(
        world.caseworker, "Agreement of the mine", starts="2021-02", ends="2023-01-31/2023-02-27", number="=1+1",
        notes="Secret note", signatories="Secret general", total_amount=350_000_050, total_currency="PEN",
        officers_least=15, officers_most=20, places=[factories.a_place()],
    )  # fmt: skip
    with acting(world.caseworker.id):
        contract.pay = [ContractPay(rank="Secret rank", amount_least=10_000, currency="PEN", period="DAY")]
        add_clause(world.caseworker, contract, {"clause": "INTEL", "quote": "Secret quote", "page": "3"})
    an_addendum(world.caseworker, contract, ends="2025")
    a_contract(world.caseworker, "Another", starts="2001", ends="2002")
    a_contract(world.stranger, "Foreign agreement")
    return contract


def taken(browser, form="csv", **wish):
    answer = browser.post("/contracts/export", {"format": form, **wish}, form_at="/contracts/")
    assert answer.status_code == 200
    if form == "xlsx":
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
        return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_leaves_with_its_addenda_and_nothing_else(world, sign_in, contract, form):
    rows = taken(sign_in(world.caseworker), form, text="agreement mine")

    assert [row["title"] for row in rows] == ["Agreement of the mine", "Addendum"]
    first, addendum = rows
    assert (first["starts"], first["ends"]) == ("2021-02", "2023-01-31/2023-02-27")
    assert (first["total_amount"], first["total_currency"]) == ("3500000.50", "PEN")
    assert first["places"] == contract.places[0].full_name and first["place_codes"] == "030506"
    assert first["pay"] == "Secret rank: 100.00 PEN DAY"
    assert first["clauses"] == "INTEL (3) Secret quote"
    assert addendum["addendum_to"] == contract.reference
    assert first["number"] == ("'=1+1" if form == "csv" else "=1+1")


def test_who_reads_without_identity_is_given_codes_days_and_sums(world, sign_in, contract):
    rows = taken(sign_in(world.analyst), text=contract.reference)

    assert rows[0]["starts"] == "2021-02" and rows[0]["pay"] == "100.00 PEN DAY"
    assert (rows[0]["places"], rows[0]["place_codes"]) == (contract.places[0].department.name, "03")
    assert not any("Secret" in (value or "") for row in rows for value in row.values())


def test_a_proceeding_that_one_does_not_see_is_not_named(world, sign_in, contract):
    mine = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    other = factories.a_case(world.south, world.colleague, by=world.colleague)
    seen, hidden = factories.a_proceeding(mine, world.caseworker), factories.a_proceeding(other, world.colleague)
    db.session.add_all([ContractChallenge(contract=contract, proceeding=one) for one in (seen, hidden)])
    db.session.flush()

    rows = taken(sign_in(world.caseworker), text="agreement mine")

    assert rows[0]["court_challenges"] == seen.reference


def test_the_trail_knows_of_it_and_not_what_was_searched_for(world, sign_in, contract):
    taken(sign_in(world.caseworker), company="Minera Norte", status="UNKNOWN")

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).one()
    assert {"what=contracts", "company=(text)", "status=UNKNOWN", "rows=3"} <= set(entry.columns)
    assert "Minera" not in str(entry.columns)


def test_one_of_its_files_is_the_paper_itself_and_no_other_file_is(world, sign_in, contract):
    browser = sign_in(world.caseworker)
    page = f"/contracts/{contract.reference}"
    other = a_contract(world.caseworker, "With another file")
    for reference, content in ((contract.reference, b"%PDF-1.7 one"), (other.reference, b"%PDF-1.7 two")):
        address = f"/evidence/contract/{reference}/new"
        browser.post(address, {"files": (io.BytesIO(content), "paper.pdf")}, content_type="multipart/form-data")
    files = {file.holder_id: file.reference for file in db.session.scalars(visible(EvidenceFile, world.caseworker))}

    browser.post(f"{page}/document", {"file": files[other.id]}, form_at=page)
    assert contract.document_reference is None

    browser.post(f"{page}/document", {"file": files[contract.id]}, form_at=page)
    assert contract.document_reference == files[contract.id]
    told = browser.get(f"{page}/history").text
    assert "added the file" in told and "which file is the paper itself" in told and files[other.id] not in told
    shown = browser.get(page).text
    assert "The paper itself" in shown[shown.index('id="files"') : shown.index(files[contract.id])]
