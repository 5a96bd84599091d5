"""Pages of analysis: seen from a company, project, unit or country; map, charts and their files."""

import csv
import html
import io
import re
from datetime import date

import pytest
from sqlalchemy import select

from app.access import visible
from app.audit import AuditEntry
from app.contracts.models import ContractClause
from app.db import db
from app.organisations.models import Organisation
from tests import factories
from tests.factories import a_contract, a_place, a_project, an_addendum, an_organisation

OF_BOTH_DATABASES = ("sqlite",)

CHARTS = "/analysis/contracts"
SECRET = "Mine of the informant"


def text_of(page):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text))).replace("\u00a0", " ")


def lines_of(answer):
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.fixture
def monterrico(world):
    """A company with its parent in the United Kingdom; an agreement with an addendum, and one of another company."""
    parent = an_organisation("Monterrico Metals", home_country="GB")
    company = an_organisation("Minera Majaz", parent_id=parent.id)
    company.set_aliases(["Río Blanco Copper"])
    project = a_project("Río Blanco", places=[a_place("PE-200101")], companies=[company])
    agreement = a_contract(
        world.caseworker, "Agreement of Majaz", company=company, projects=[project], police_unit="PE-DINOES",
        starts="2005-01-01", ends="2007-12-31", officers_least=20, officers_most=25, total_amount=100_00,
        total_currency="USD", total_basis="TOTAL", total_qualifier="AT_LEAST",
    )  # fmt: skip
    an_addendum(world.caseworker, agreement, ends="2009")
    a_contract(world.caseworker, "Agreement of another", company=an_organisation("Minera Otra"), starts="2012")
    incident = factories.an_incident(world.caseworker, title="Held at the camp", on=date(2006, 8, 1))
    incident.place = a_place("PE-200101")
    db.session.commit()
    return agreement


def addresses(agreement):
    return (
        f"/analysis/company/{agreement.company.reference}",
        f"/analysis/project/{agreement.projects[0].reference}",
        "/analysis/unit/PE-DINOES",
        "/analysis/home/GB",
    )


def test_the_four_pages_show_the_agreement_and_no_other(app, world, sign_in, monterrico):
    browser = sign_in(world.caseworker)

    for address in addresses(monterrico):
        said = text_of(browser.get(address))
        assert "Agreement of Majaz" in said and "Agreement of another" not in said, address
        assert "at least US$ 100" in said and "1 agreement · 1 addendum" in said, address
        assert "Contracts from 2005" in said, address
        assert "Held at the camp" in said and "A contract was in force at that time and place · suggested" in said, (
            address
        )


def test_a_company_is_told_with_parent_home_and_other_names(app, world, sign_in, monterrico):
    page = sign_in(world.caseworker).get(addresses(monterrico)[0])

    assert "Monterrico Metals" in page.text and "Río Blanco Copper" in page.text
    assert "/analysis/home/GB" in page.text and "as that of the parent" in page.text


def test_who_reads_without_identity_gets_codes_and_numbers(app, world, sign_in, monterrico):
    monterrico.title, monterrico.officers_text, monterrico.total_text = SECRET, SECRET, SECRET
    monterrico.clauses = [ContractClause(clause="LEGAL_AID", page=SECRET)]
    incident = factories.an_incident(world.caseworker, title="What they did")
    incident.projects.append(monterrico.projects[0])
    browser = sign_in(world.analyst)

    for address in (*addresses(monterrico), CHARTS, "/analysis/"):
        said = text_of(browser.get(address))
        assert SECRET not in said and "What they did" not in said and "Held" not in said, address
    assert "Contract of Minera Majaz" in text_of(browser.get("/analysis/home/GB"))


def test_what_one_does_not_see_is_in_no_bubble_total_or_file(app, world, sign_in, monterrico):
    for reader, number in ((world.caseworker, 2), (world.stranger, 0)):
        browser = sign_in(reader)
        said = text_of(browser.get(CHARTS))
        rows = lines_of(browser.post(f"{CHARTS}/export", {"what": "departments"}, form_at="/profile"))
        assert ("2 agreements" in said) == ("Piura" in said) == bool(number)
        assert sum(int(row["agreements"]) for row in rows) == number
    browser = sign_in(world.stranger)
    assert browser.get(addresses(monterrico)[2]).status_code == 200
    assert "DINOES" not in text_of(browser.get("/analysis/")) and "US$" not in text_of(browser.get("/analysis/home/GB"))


def test_files_say_what_the_tables_say(app, world, sign_in, monterrico):
    browser = sign_in(world.caseworker)
    page = browser.get(f"{CHARTS}?home=GB")

    def rows(what):
        return lines_of(browser.post(f"{CHARTS}/export", {"what": what, "home": "GB"}, form_at=CHARTS))

    assert "1 agreement" in text_of(page) and re.search(r'<text class="map-n"[^>]*>1</text>', page.text)
    assert rows("years") == [
        {
            "year_of_start": "2005",
            "agreements": "1",
            "of_these_for_several_papers": "0",
            "officers_least": "20",
            "officers_most": "25",
            "agreements_with_officers": "1",
        }
    ]
    assert [(row["department"], row["agreements"]) for row in rows("departments")] == [("Piura", "1")]
    assert [(row["department"], row["year_of_start"]) for row in rows("departments-years")] == [("Piura", "2005")]
    assert [(row["year_of_start"], row["currency"], row["total"]) for row in rows("money")] == [
        ("2005", "USD", "100.00")
    ]


def test_a_file_is_on_record_before_it_leaves(app, world, sign_in, monterrico):
    browser = sign_in(world.analyst)

    given = {"what": "money", "format": "xlsx", "company": "Majaz of the informant", "unit": "PE-DINOES"}
    answer = browser.post(f"{CHARTS}/export", given, form_at=CHARTS)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).one()
    assert answer.status_code == 200 and answer.data[:2] == b"PK"
    assert {"what=analysis-money", "unit=PE-DINOES", "company=(text)", "format=xlsx", "rows=0"} <= set(entry.columns)
    assert "informant" not in str(entry.columns)


def test_a_wrong_filter_takes_nothing_out(app, world, sign_in, monterrico):
    answer = sign_in(world.analyst).post(f"{CHARTS}/export", {"what": "years", "first_year": "MMV"}, form_at=CHARTS)

    assert answer.status_code == 400
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).all() == []


@pytest.mark.parametrize("year", ["abc", "12", "99999", "'"])
def test_a_year_that_cannot_be_read_is_said_and_stays(app, world, sign_in, monterrico, year):
    page = sign_in(world.caseworker).get(CHARTS, query_string={"first_year": year, "home": "ZZ", "unit": "'"})

    assert page.status_code == 200 and "Write a year in four figures" in page.text
    assert f'value="{html.escape(year, quote=True).replace("&#x27;", "&#39;")}"' in page.text


def test_the_landing_page_leads_on(app, world, sign_in, monterrico):
    browser = sign_in(world.caseworker)

    page = browser.get("/analysis/?text=majaz")
    found = db.session.scalars(visible(Organisation, world.caseworker).filter_by(name="Minera Majaz")).unique().one()

    assert f"/analysis/company/{found.reference}" in page.text and "Minera Otra" not in page.text
    assert "/analysis/home/GB" in page.text and "/analysis/unit/PE-DINOES" in page.text
    assert f"/analysis/company/{found.reference}" in browser.get(f"/organisations/{found.reference}").text
    assert "No company or project is called so" in browser.get("/analysis/?text=nobody").text


@pytest.mark.parametrize("address", ["/analysis/unit/NO-SUCH", "/analysis/home/ZZ", "/analysis/company/PER-O-ZZZZZ"])
def test_what_is_not_there_is_not_found(app, world, sign_in, address):
    assert sign_in(world.caseworker).get(address).status_code == 404


def test_money_has_a_chart_for_each_currency_and_what_it_counts_and_never_one_for_two(world, sign_in, monterrico):
    for starts, exactness in (("2006", "EXACT"), ("2008", "EXACT"), ("2008", "ABOUT")):
        a_contract(
            world.caseworker, starts=starts, total_amount=7_000_00, total_currency="PEN", total_basis="TOTAL",
            total_qualifier=exactness,
        )  # fmt: skip
    a_contract(world.stranger, starts="2008", total_amount=9_00, total_currency="EUR", total_basis="TOTAL")

    page = sign_in(world.caseworker).get(CHARTS).text
    charts = re.findall(r"<figure.*?</figure>", page, re.S)

    assert len(charts) == 3
    assert sorted(chart.count("<rect") for chart in charts) == [1, 1, 2]
    assert all(("USD" in chart) != ("PEN" in chart) for chart in charts)
    assert not any("EUR" in chart for chart in charts)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_page_of_map_and_charts_is_light(app, world, sign_in, monterrico):
    for number in range(40):
        a_contract(world.caseworker, starts=str(1990 + number % 30), places=[a_place("PE-030506")])
    page = sign_in(world.caseworker).get(CHARTS, headers={"Accept-Encoding": "gzip"})

    assert len(page.data) < 20_000
