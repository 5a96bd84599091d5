"""The register as people use it: the list, one contract, writing down and changing, its parts, its review."""

import re
from datetime import date

import pytest

from app.access import visible
from app.audit import acting
from app.contracts import operations
from app.contracts.documents import name_document
from app.contracts.durations import read_duration
from app.contracts.models import CERTAIN, Contract
from app.contracts.operations import work_out_terms
from app.dates import UncertainDate
from app.db import db
from app.evidence.filing import withdraw_file
from app.workflow import MoveNotAllowed
from tests import factories
from tests.factories import a_contract, an_addendum, an_organisation, when

OF_BOTH_DATABASES = ("sqlite",)

LIST = "/contracts/"


def the_contract(user, **asked):
    return db.session.scalars(visible(Contract, user).filter_by(**asked)).one()


def typed(company, **values):
    given = {"title": "Police at the mine", "modality": "INSTITUTIONAL", "status": "SIGNED", "obtained": "PRESS"}
    return given | {"company": company, "confidentiality": "TEAM"} | values


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


# --- the list ------------------------------------------------------------------------------------


@pytest.fixture
def two(world):
    """An agreement with an addendum, and another one that has nothing to do with it."""
    place = factories.a_place("PE-030506")
    project = factories.a_project("Las Brisas", places=[place])
    mine = a_contract(
        world.caseworker, "Agreement of Brisas", company=an_organisation("Minera Brisas"), starts="2020-01-01",
        ends="2020-12-31", police_unit="PE-FRENTE", projects=[project], status="EXPIRED", obtained="PRESS",
    )  # fmt: skip
    an_addendum(world.caseworker, mine, starts="2021-01-01", ends="2021-06", number="ADD-77")
    other = a_contract(
        world.caseworker, "Agreement of Oro", company=an_organisation("Minera Oro"), obtained="LEAK", starts="2015",
        ends="2016",
    )  # fmt: skip
    db.session.commit()
    return mine, other


@pytest.mark.parametrize(
    "wish",
    [
        {"text": "brisas"},
        {"text": "ADD-77"},
        {"company": "brisas"},
        {"project": "las brisas"},
        {"unit": "PE-FRENTE"},
        {"region": "PE-03"},
        {"status": "EXPIRED"},
        {"on": "1/3/2021"},
        {"on": "2020-05-05"},
        {"on": "3/2020"},
        {"on": "2021"},
        {"on": "1/6/2021 al 1/6/2022"},
        {"obtained": "PRESS"},
    ],
    ids=str,
)
def test_the_list_finds_by_each_filter_and_leaves_the_other_out(world, two, sign_in, wish):
    page = sign_in(world.caseworker).get(LIST, query_string=wish).text

    assert "Agreement of Brisas" in page and "Agreement of Oro" not in page
    assert "1 addendum" in page


def test_addenda_stand_under_their_agreement_or_each_in_a_line(world, two, sign_in):
    browser = sign_in(world.caseworker)

    assert "2 contracts" in browser.get(LIST).text
    assert "3 contracts" in browser.get(LIST, query_string={"addenda": "y"}).text


def test_the_list_says_how_surely_each_was_in_force(world, two, sign_in):
    a_contract(world.caseworker, "Without end", starts="2019")
    browser = sign_in(world.caseworker)

    sure = text_of(browser.get(LIST, query_string={"on": "1/3/2021", "text": "brisas"}))
    perhaps = text_of(browser.get(LIST, query_string={"on": "1/3/2021", "text": "without"}))
    month = text_of(browser.get(LIST, query_string={"on": "15/6/2021", "text": "brisas"}))

    assert " In force " in sure and "Possibly in force" not in sure
    assert "Possibly in force" in perhaps and "Possibly in force" in month


def test_an_undated_contract_is_not_said_to_be_in_force(world, two, sign_in):
    a_contract(world.caseworker, "Undated")
    page = sign_in(world.caseworker).get(LIST, query_string={"on": "1/3/2021", "text": "undated"})

    assert "Not known whether in force" in page.text


def test_a_day_that_cannot_be_read_narrows_nothing_and_says_so(world, two, sign_in):
    browser = sign_in(world.caseworker)
    page = browser.get(LIST, query_string={"on": "tomorrow"})
    no_such = browser.get(LIST, query_string={"on": "30/2/2020"})

    assert page.status_code == 200 and "Write the date like" in page.text and "2 contracts" in page.text
    assert "could not be read and narrows nothing" in page.text and 'value="tomorrow"' in page.text
    assert "This day does not exist: 30/2/2020." in no_such.text and "2 contracts" in no_such.text


def test_where_no_contract_covers_a_day_there_may_be_others(world, two, sign_in):
    page = sign_in(world.caseworker).get(LIST, query_string={"on": "1990"}).text

    assert "No contract on record covers that date. There may be others that we do not know of." in page


def test_in_a_month_or_year_the_surest_day_counts(world, two, sign_in):
    page = text_of(sign_in(world.caseworker).get(LIST, query_string={"on": "2021", "text": "brisas"}))

    assert " In force " in page and "Possibly in force" not in page


@pytest.mark.parametrize(
    ("status", "with_paper", "tag"),
    [
        ("EXPIRED", False, ""),
        ("IN_FORCE", False, "According to the source: in force"),
        ("TERMINATED", False, "According to the source: terminated"),
        ("UNKNOWN", False, ""),
        ("REPORTED", False, "According to the source: reported, not seen"),
        ("REPORTED", True, ""),
    ],
)
def test_the_status_of_the_source_is_told_apart_from_what_follows(world, sign_in, status, with_paper, tag):
    contract = a_contract(world.caseworker, starts="2015-01-01", ends="2015-12-31", status=status)
    contract.document_reference = "PER-F-AAAAA" if with_paper else None
    db.session.commit()

    page = text_of(sign_in(world.caseworker).get(f"{LIST}{contract.reference}"))

    assert "Not in force" in page
    assert tag in page and (tag or "According to the source:" not in page)
    assert not with_paper or "Reported, not seen" not in page


def test_a_certain_term_says_on_which_unreviewed_addenda_it_rests(world, sign_in):
    contract = a_contract(world.caseworker, starts="2020-01-01", ends="2020-12-31")
    an_addendum(world.caseworker, contract, signed="2020-12-01", ends="2021-12-31")
    reviewed = an_addendum(world.caseworker, contract, signed="2021-12-01", ends="2022-12-31")
    an_addendum(world.caseworker, contract, signed="2022-12-01", ends="2023-12-31")
    reviewed.state = "VERIFIED"
    db.session.commit()
    browser, address = sign_in(world.caseworker), f"{LIST}{contract.reference}"

    def said(day):
        found = re.search(r"rests on (\d) adden\w+ not reviewed", browser.get(address, query_string={"on": day}).text)
        return found and int(found[1])

    assert (said("1/5/2020"), said("1/5/2021"), said("1/5/2023"), said("1/5/2024")) == (None, 1, 2, None)


def test_withdrawn_ones_stand_apart(world, two, sign_in):
    with acting(world.caseworker.id):
        operations.withdraw_contract(world.caseworker, two[1], "Recorded twice")
    browser = sign_in(world.caseworker)

    assert "Agreement of Oro" not in browser.get(LIST).text
    page = browser.get(LIST, query_string={"withdrawn": "y"}).text
    assert "Agreement of Oro" in page and "Agreement of Brisas" not in page


def test_the_list_costs_the_same_however_long_it_is(world, two, sign_in, statements):
    browser = sign_in(world.caseworker)
    browser.get(LIST)
    with statements() as few:
        browser.get(LIST)
    company = an_organisation("Minera Sur")
    for number in range(8):
        one = a_contract(
            world.caseworker, f"Contract {number}", company=company, projects=[factories.a_project(f"P{number}")]
        )
        an_addendum(world.caseworker, one)
    with statements() as many:
        browser.get(LIST)

    assert len(many) == len(few)


# --- writing down --------------------------------------------------------------------------------


def test_all_fields_of_the_form_are_kept(world, sign_in):
    company = an_organisation("Minera Norte")
    factories.a_project("Cerro Alto")
    values = typed(
        "Minera Norte", number="RM 100", country="PE", projects="Cerro Alto", places="030506", police_unit="PE-FRENTE",
        police_unit_text="Frente Policial Apurímac", signatories="General", signed="1/2/2021", starts="02/2021",
        ends="2 años", conflict_at_signature="YES", officers_least="20", officers_most="30", officers_text="20 to 30",
        special_units=["PE-USE"], services=["GUARD", "PATROL"], logistics=["FOOD"], scope="Camp", force_terms="None",
        pay_text="By rank", institution_amount="10 000", institution_currency="PEN", institution_pay_text="20 %",
        total_amount="S/ 3 500 000", total_basis="TOTAL", total_qualifier="ABOUT", total_text="3,5 millones",
        counts="2", count_basis="AGREEMENTS", obtained_note="A reader sent it", may_be_published="y", notes="See more",
    )  # fmt: skip
    values |= {"sources-0-citation": "La República", "sources-0-url": "https://a.example/1", "sources-0-kind": "PRESS",
               "sources-0-reliability": "B", "sources-0-credibility": "2"}  # fmt: skip

    answer = sign_in(world.caseworker).post(f"{LIST}new", values)

    assert answer.status_code == 303
    found = the_contract(world.caseworker)
    assert found.company is company and found.projects[0].name == "Cerro Alto" and found.places[0].key == "PE-030506"
    assert (found.total_amount, found.total_currency) == (350_000_000, "PEN")
    assert (found.ends.earliest, found.ends.latest) == (date(2023, 1, 31), date(2023, 2, 27))
    assert found.ends.text == "2 años from Feb 2021"
    assert (found.officers_least, found.officers_most, found.counts) == (20, 30, 2)
    assert found.services == ["GUARD", "PATROL"] and found.special_units == ["PE-USE"] and found.logistics == ["FOOD"]
    assert found.may_be_published and found.country == "PE" and found.notes == "See more"
    link = found.source_links[0]
    assert (link.source.citation, link.source.reliability, link.credibility) == ("La República", "B", "2")
    page = text_of(sign_in(world.caseworker).get(f"{LIST}{found.reference}"))
    for words in ("RM 100", "Frente Policial Apurímac", "20 to 30", "about S/ 3 500 000", "A reader sent it", "B2"):
        assert words in page.replace("\xa0", " "), words


def test_what_is_on_record_comes_back_unchanged_from_its_form(world, sign_in):
    contract = a_contract(
        world.caseworker, starts="2021-02", ends="2021-05-03/2022-01-01", projects=[factories.a_project()],
        places=[factories.a_place()], total_amount=5050, total_currency="USD", obtained="PRESS", services=["GUARD"],
    )  # fmt: skip
    db.session.commit()
    browser, address = sign_in(world.caseworker), f"{LIST}{contract.reference}/edit"
    before = contract.starts, contract.ends, contract.total_amount, [one.key for one in contract.places]

    answer = browser.post(address, fields_of(browser.get(address).text))

    assert answer.status_code == 303
    assert before == (contract.starts, contract.ends, contract.total_amount, [one.key for one in contract.places])
    assert contract.projects[0].name == "Cerro Alto" and contract.services == ["GUARD"]


def fields_of(page):
    """What a browser would send of the form on a page."""
    from html import unescape

    found = {}
    form = page[page.index('<form method="post" novalidate') :]
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if not name or name[1] == "csrf_token":
            continue
        if kind and kind[1] in ("checkbox", "radio"):
            if " checked" in tag:
                found.setdefault(name[1], []).append(unescape(value[1]) if value else "y")
        else:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"', inner)
        found[name] = chosen[1] if chosen else ""
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(inner).lstrip("\r\n")
    return found


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"starts": "2021", "ends": "2019"}, "The end lies before the start."),
        ({"ends": "2 years"}, "Write the start too"),
        ({"starts": "sometime"}, "Write the date like"),
        ({"officers_least": "-3"}, "Number must be"),
        ({"officers_least": "30", "officers_most": "20"}, "less than the smaller number"),
        ({"total_amount": "S/ 100 y US$ 50"}, "two currencies in one amount"),
        ({"total_amount": "100"}, "in which currency"),
        ({"total_amount": "-5", "total_currency": "PEN"}, "An amount cannot be negative."),
        ({"total_amount": "a lot", "total_currency": "PEN"}, "Write the amount in figures"),
        ({"total_amount": "US$ 50", "total_currency": "PEN"}, "choose one"),
        ({"company": ""}, "Write which company signed it."),
        ({"company": "Unheard of"}, "Correct it, or tick that it is new."),
        ({"projects": "Nowhere"}, "No single project of this name: Nowhere"),
        ({"places": "Nowhere"}, "No single place of this name: Nowhere"),
        ({"counts": "0"}, "A record stands for one paper at least."),
        ({"counts": "10001"}, "please check the number"),
        ({"starts": "01/05/2020", "ends": "99999 years"}, "too long for a term"),
        ({"starts": "01/05/2020", "ends": "0 años"}, "A duration of nothing is no term"),
        ({"starts": "30/02/2020"}, "This day does not exist: 30/02/2020."),
        ({"starts": "1/1/2019", "ends": "31/12/2019", "signed": "1/12/2020"}, "more than half a year after the end"),
        ({"obtained": "LEAK", "may_be_published": "y"}, "A leaked paper does not leave"),
        ({"in_confidence": "y", "may_be_published": "y"}, "in confidence does not leave"),
        ({"sources-0-url": "a.example"}, "beginning with https://"),
        ({"sources-0-kind": "PRESS"}, "Write what the source is"),
        ({"title": ""}, "Write a title."),
    ],
    ids=lambda value: str(value)[:50],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(world, sign_in, values, sentence):
    an_organisation("Minera Norte")
    given = typed("Minera Norte", notes="Kept as typed") | values

    page = sign_in(world.caseworker).post(f"{LIST}new", given)

    assert page.status_code == 400 and sentence in page.text.replace("&#39;", "'")
    assert "Kept as typed" in page.text
    for name, value in values.items():
        if value and not name.endswith(("kind", "published", "confidence")) and name != "obtained":
            assert value in page.text
    assert db.session.scalars(visible(Contract, world.caseworker)).all() == []


def test_an_unknown_company_is_recorded_when_that_is_said(world, sign_in):
    an_organisation("Minera Norte S.A.")
    browser = sign_in(world.caseworker)

    asked = browser.post(f"{LIST}new", typed("Minera del Norte"))
    told = typed("Minera del Norte") | {"company-asked": "Minera del Norte", "company-meant": "NEW"}
    answer = browser.post(f"{LIST}new", told)

    assert asked.status_code == 400 and "Minera Norte S.A." in asked.text and "Did you mean" in asked.text
    assert answer.status_code == 303
    company = the_contract(world.caseworker).company
    assert company.name == "Minera del Norte" and company.kind == "COMPANY" and company.team_id == world.south.id


def test_another_source_is_asked_for_without_losing_anything(world, sign_in):
    values = typed("Minera Norte", notes="Kept") | {"sources-0-citation": "A paper", "act": "more"}

    page = sign_in(world.caseworker).post(f"{LIST}new", values)

    assert (
        page.status_code == 200 and "sources-1-citation" in page.text and "A paper" in page.text and "Kept" in page.text
    )


def test_the_same_form_sent_twice_makes_one_contract(world, sign_in):
    an_organisation("Minera Norte")
    browser = sign_in(world.caseworker)
    token = re.search(r'name="form_token" value="([^"]+)"', browser.get(f"{LIST}new").text)[1]

    answers = [browser.post(f"{LIST}new", typed("Minera Norte", form_token=token)) for _time in range(2)]

    assert answers[0].location == answers[1].location
    assert the_contract(world.caseworker).title == "Police at the mine"


def test_two_who_change_the_same_are_shown_both(world, sign_in):
    contract = a_contract(world.caseworker, "First title", obtained="PRESS")
    db.session.commit()
    mine, theirs = sign_in(world.caseworker), sign_in(world.coordinator)
    address = f"{LIST}{contract.reference}/edit"
    opened = fields_of(mine.get(address).text)
    theirs.post(address, fields_of(theirs.get(address).text) | {"title": "Their title"})

    page = mine.post(address, opened | {"title": "My title"})

    assert page.status_code == 409 and "Their title" in page.text and "My title" in page.text


# --- addenda -------------------------------------------------------------------------------------


def test_an_addendum_has_company_and_reader_from_its_agreement(world, sign_in):
    contract = a_contract(world.caseworker, starts="2020-01-01", ends="2020-12-31", confidentiality="RESTRICTED")
    db.session.commit()
    browser = sign_in(world.caseworker)
    address = f"{LIST}{contract.reference}/addenda/new"
    values = {
        "title": "Addendum 1",
        "effect": "EXTENDS",
        "status": "SIGNED",
        "obtained": "REQUEST",
        "signed": "1/12/2020",
        "ends": "31/12/2021",
    }

    form = browser.get(address).text
    without_effect = browser.post(address, values | {"effect": ""})
    answer = browser.post(address, values)

    assert 'name="confidentiality"' not in form and 'name="modality"' not in form
    assert without_effect.status_code == 400 and "Say what the addendum does" in without_effect.text
    assert answer.status_code == 303
    addendum = the_contract(world.caseworker, title="Addendum 1")
    assert addendum.company is contract.company and addendum.confidentiality == "RESTRICTED"
    assert addendum.parent is contract and addendum.modality == "ADDENDUM"
    work_out_terms(contract)
    assert (CERTAIN, date(2021, 12, 31)) in [(span.kind, span.to_day) for span in contract.spans]


def test_a_paper_hangs_neither_on_itself_nor_on_what_hangs_on_it(world, sign_in):
    contract = a_contract(world.caseworker, "Agreement", obtained="PRESS")
    addendum = an_addendum(world.caseworker, contract)
    db.session.commit()
    browser = sign_in(world.caseworker)
    address = f"{LIST}{contract.reference}/edit"
    opened = fields_of(browser.get(address).text)

    for reference in (contract.reference, addendum.reference):
        page = browser.post(address, opened | {"parent": reference, "effect": "EXTENDS"})
        assert page.status_code == 400 and "cannot hang on itself" in page.text
    page = browser.post(address, opened | {"parent": "PER-K-ZZZZZ", "effect": "EXTENDS"})
    assert page.status_code == 400 and "No contract of this reference" in page.text


# --- the page ------------------------------------------------------------------------------------


def test_the_page_tells_the_chain_and_what_holds_on_a_day(world, sign_in):
    contract = a_contract(
        world.caseworker, "The agreement", starts="2020-01-01", ends="2020-12-31", officers_least=20,
        total_amount=100_000, total_currency="PEN",
    )  # fmt: skip
    an_addendum(world.caseworker, contract, starts="2021-01-01", ends="2021-06", officers_least=35)
    db.session.commit()
    browser, address = sign_in(world.caseworker), f"{LIST}{contract.reference}"

    first, second = (text_of(browser.get(address, query_string={"on": day})) for day in ("1/5/2020", "1/3/2021"))
    unsure, over = (text_of(browser.get(address, query_string={"on": day})) for day in ("15/6/2021", "1/1/2023"))

    assert "In force on 1 May 2020: for certain from 1 Jan 2020 to 1 Jun 2021." in first
    assert "Officers 20 " in first and "35 (Addendum)" in second and "S/ 1 000" in second.replace("\xa0", " ")
    assert "Possibly in force on 15 Jun 2021. It ended between 1 Jun 2021 and 30 Jun 2021." in unsure
    assert "Not in force on 1 Jan 2023" in over and "See 30 Jun 2021" in over


def test_a_day_in_the_address_that_is_no_day_shows_today(world, sign_in):
    contract = a_contract(world.caseworker)
    db.session.commit()

    page = sign_in(world.caseworker).get(f"{LIST}{contract.reference}", query_string={"on": "31/31/2020"})

    assert page.status_code == 200 and "Today is shown." in page.text


@pytest.fixture
def contract(world):
    found = a_contract(world.caseworker, "The agreement", obtained="PRESS")
    db.session.commit()
    return found


def test_pay_is_written_changed_and_taken_out(world, contract, sign_in):
    browser, address = sign_in(world.caseworker), f"{LIST}{contract.reference}"

    wrong = browser.post(f"{address}/pay/new", {"amount": "-100", "currency": "PEN", "rank": "Kept rank"})
    nothing = browser.post(f"{address}/pay/new", {"amount": "0", "currency": "PEN"})
    browser.post(
        f"{address}/pay/new", {"rank": "Suboficial", "amount": "S/ 100", "amount_most": "120", "period": "DAY"}
    )
    (pay,) = contract.pay
    edit = f"{address}/pay/{pay.uid}/edit"
    assert (pay.amount_least, pay.amount_most, pay.currency) == (10_000, 12_000, "PEN")
    browser.post(edit, fields_of(browser.get(edit).text) | {"amount_most": ""})
    assert pay.amount_most is None
    browser.post(f"{address}/parts/{pay.uid}/erase", form_at=address)

    assert wrong.status_code == 400 and "negative" in wrong.text and "Kept rank" in wrong.text
    assert nothing.status_code == 400 and "Pay of 0 is no pay." in nothing.text
    assert contract.pay == []


def test_a_clause_is_compared_with_the_paper_by_somebody_else(world, contract, sign_in):
    browser, address = sign_in(world.caseworker), f"{LIST}{contract.reference}"
    browser.post(f"{address}/clauses/new", {"clause": "INTEL", "quote": "Its very words", "page": "4"})
    (clause,) = contract.clauses
    check = f"{address}/clauses/{clause.uid}/check"

    own = browser.post(check, form_at=address)
    without_paper = sign_in(world.colleague).post(check, form_at=address)
    assert without_paper.status_code == 409 and "There is no paper to compare it with" in without_paper.text
    assert "There is no paper to compare it with" in sign_in(world.colleague).get(address).text
    with acting(world.caseworker.id):
        file = factories.a_file(contract, world.caseworker, "paper.pdf", b"%PDF-1.7 paper")
        contract.document_reference = file.reference
        clause.quote = clause.page = None
        db.session.commit()
    wordless = sign_in(world.colleague).post(check, form_at=address)
    assert wordless.status_code == 409 and "Write the words of the clause or its page" in wordless.text
    with acting(world.caseworker.id):
        clause.quote = "Its very words"
        db.session.commit()
    other = sign_in(world.colleague).post(check, form_at=address)

    assert clause.why == "Whether defenders are watched"
    assert own.status_code == 409 and other.status_code == 303 and clause.checked_by_id == world.colleague.id
    assert "Its very words" in browser.get(address).text


def test_the_test_of_the_tribunal_and_the_legal_bases(world, contract, sign_in):
    browser, address = sign_in(world.caseworker), f"{LIST}{contract.reference}"

    browser.post(f"{address}/test", {"NO_PRIVATE-answer": "NO", "NO_PRIVATE-note": "Nobody asked"})
    browser.post(f"{address}/legal-bases", {"norm": "PE-DL1267", "checked_on": "1/2/2024"})
    page = text_of(browser.get(address))
    assert "Nobody asked" in page and "DL 1267" in page and "in force, to be verified" in page and "1 Feb 2024" in page
    browser.post(f"{address}/test", {"NO_PRIVATE-answer": ""})
    browser.post(f"{address}/legal-bases/erase", {"norm": "PE-DL1267"}, form_at=address)

    assert contract.tests == [] and contract.legal_bases == []


def test_a_proceeding_is_linked_shown_on_both_pages_and_taken_out(world, contract, sign_in):
    case = factories.a_case(world.south, world.caseworker, by=world.caseworker)
    proceeding = factories.a_proceeding(case, world.caseworker, title="Amparo of the front")
    hidden = factories.a_proceeding(factories.a_case(world.north, by=world.stranger), world.stranger)
    browser, address = sign_in(world.caseworker), f"{LIST}{contract.reference}"

    unseen = browser.post(f"{address}/challenges/new", {"proceeding": hidden.reference})
    browser.post(f"{address}/challenges/new", {"proceeding": proceeding.reference.lower()})

    assert unseen.status_code == 400 and "that you may see" in unseen.text
    assert "Amparo of the front" in browser.get(address).text
    assert contract.title in browser.get(f"/proceedings/{proceeding.reference}").text
    browser.post(f"{address}/challenges/erase", {"proceeding": proceeding.reference}, form_at=address)
    assert contract.challenges == []


def test_pages_of_company_and_project_show_their_contracts(world, sign_in):
    company, project = an_organisation("Minera Norte"), factories.a_project("Cerro Alto")
    contract = a_contract(world.caseworker, "Mine one", company=company)
    an_addendum(world.caseworker, contract, projects=[project])
    a_contract(world.caseworker, "Quite another", company=an_organisation("Minera Sur"))
    browser = sign_in(world.caseworker)

    for address in (f"/organisations/{company.reference}", f"/organisations/projects/{project.reference}"):
        page = browser.get(address).text
        assert "Mine one" in page and "Quite another" not in page


def test_a_review_asks_for_its_note_and_keeps_what_was_typed(world, contract, sign_in):
    file = factories.a_file(contract, world.caseworker, "paper.pdf", b"%PDF-1.7 paper")
    with acting(world.caseworker.id):
        name_document(world.caseworker, contract, file.reference)
    browser, address = sign_in(world.coordinator), f"{LIST}{contract.reference}"

    def move(name, note=""):
        values = {"move": name, "note": note, "version": contract.version}
        return browser.post(f"{address}/move", values, form_at=address)

    without = move("verify")
    stale = browser.post(f"{address}/move", {"move": "verify", "note": "Kept", "version": "0"}, form_at=address)
    done = move("verify", "Compared with the paper")

    assert without.status_code == 400 and "Write what it was checked against." in without.text
    assert stale.status_code == 409 and "Kept" in stale.text
    assert done.status_code == 303 and contract.state == "VERIFIED"
    assert "Compared with the paper" in browser.get(address).text


def test_withdrawal_history_and_restoring(world, contract, sign_in):
    browser, address = sign_in(world.coordinator), f"{LIST}{contract.reference}"
    opened = fields_of(browser.get(f"{address}/edit").text)
    browser.post(f"{address}/edit", opened | {"title": "Another title", "officers_least": "12"})
    browser.post(f"{address}/pay/new", {"rank": "Suboficial", "amount": "S/ 100"})

    browser.post(f"{address}/withdraw", {"reason": "Recorded twice"}, form_at=address)
    assert browser.get(f"{address}/edit").status_code == 409
    assert "Recorded twice" in browser.get(address).text
    browser.post(f"{address}/restore", form_at=address)

    told = text_of(browser.get(f"{address}/history"))
    assert "before The agreement, now Another title" in told and "Suboficial" in told and "Recorded twice" in told
    assert "restored the record" in told and not contract.is_withdrawn


# --- how long it runs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2 años", "2021-02", "2023-01-31/2023-02-27"),
        ("dos años", "2021-02-01", "2023-01-31"),
        ("two years", "2021-02-01", "2023-01-31"),
        ("18 meses", "2020-01-01", "2021-06-30"),
        ("un año y seis meses", "2020-01-01", "2021-06-30"),
        ("two (2) years", "2020-01-01", "2021-12-31"),
        ("1 mes", "2021-01-31", "2021-02-28"),
        ("1 year", "2020-02-29", "2021-02-28"),
        ("90 días calendario", "2021-01-01", "2021-03-31"),
        ("1 year", "2020", "2020-12-31/2021-12-30"),
        ("por 3 años", "2020-05-05", "2023-05-04"),
    ],
)
def test_a_duration_ends_the_day_before_the_same_day(app, text, start, end):
    with app.test_request_context():
        found = read_duration(text).end_from(when(start), text)

    assert (found.earliest, found.latest) == (UncertainDate.read(end).earliest, UncertainDate.read(end).latest)


@pytest.mark.parametrize(
    ("effect", "days", "sentence"),
    [
        ("EXTENDS", {"ends": "31/12/2018"}, "An extension cannot end before the term that it extends"),
        ("EXTENDS", {"signed": "1/6/2020", "ends": "30/6/2020"}, "An extension cannot end before"),
        ("EXTENDS", {"signed": "1/6/2021", "ends": "30/6/2021"}, ""),
        ("EXTENDS", {"ends": "2020"}, ""),
        ("AMENDS", {"ends": "30/6/2020"}, ""),
        ("ENDS", {}, "Say from when it ends the agreement."),
        ("ENDS", {"signed": "6/2020"}, ""),
    ],
)
def test_an_addendum_that_would_silently_shorten_or_end_the_term_is_refused(world, sign_in, effect, days, sentence):
    contract = a_contract(world.caseworker, starts="2019-01-01", ends="2020-12-31")
    db.session.commit()
    values = {"title": "Addendum 1", "effect": effect, "status": "SIGNED", "obtained": "REQUEST"} | days

    answer = sign_in(world.caseworker).post(f"{LIST}{contract.reference}/addenda/new", values)

    assert (answer.status_code, sentence in answer.text) == ((400 if sentence else 303), True)


def test_an_extension_is_measured_by_the_papers_before_it(world):
    contract = a_contract(world.caseworker, starts="2019-01-01", ends="2019-12-31")
    first = an_addendum(world.caseworker, contract, signed="2019-12-01", ends="2020-12-31")
    an_addendum(world.caseworker, contract, signed="2020-12-01", ends="2021-12-31")

    with acting(world.caseworker.id):
        operations.change_contract(world.caseworker, first, {"ends": when("2020-06-30")})
        with pytest.raises(operations.ContractProblem):
            operations.change_contract(world.caseworker, first, {"ends": when("2019-06-30")})
    with pytest.raises(operations.ContractProblem):
        an_addendum(world.caseworker, contract, ends="2021-06-30")


@pytest.mark.parametrize("text", ["22/10/2024", "2024", "mayo de 2024", "two moons", "", "a" * 5000])
def test_what_is_no_duration_is_left_to_be_read_as_a_day(text):
    assert read_duration(text) is None


def test_a_paper_that_was_withdrawn_bears_no_review_and_another_one_opens_it_again(world, contract):
    files = [
        factories.a_file(contract, world.caseworker, f"{n}.pdf", b"%PDF-1.7 " + n.encode()) for n in ("one", "two")
    ]
    with acting(world.caseworker.id):
        name_document(world.caseworker, contract, files[0].reference)
    with acting(world.coordinator.id):
        operations.advance(world.coordinator, contract, "verify", "Compared with the paper")
    with acting(world.caseworker.id):
        name_document(world.caseworker, contract, files[1].reference)
    assert contract.state == "SUBMITTED"

    withdraw_file(world.caseworker, files[1], "It belongs elsewhere")
    db.session.flush()
    with acting(world.coordinator.id), pytest.raises(MoveNotAllowed):
        operations.advance(world.coordinator, contract, "verify", "Compared with the paper")


def test_nobody_compares_the_clause_that_they_wrote_down(world, contract):
    file = factories.a_file(contract, world.caseworker, "paper.pdf", b"%PDF-1.7 paper")
    with acting(world.caseworker.id):
        name_document(world.caseworker, contract, file.reference)
        clause = operations.add_clause(world.caseworker, contract, {"clause": "INTEL", "quote": "Words"})
        db.session.commit()
    with acting(world.coordinator.id):
        operations.change_contract(world.coordinator, contract, {"notes": "Somebody else saved it last"})
        db.session.commit()

    with acting(world.caseworker.id), pytest.raises(MoveNotAllowed):
        operations.check_clause(world.caseworker, contract, clause)
    with acting(world.colleague.id):
        operations.check_clause(world.colleague, contract, clause)


def test_a_clause_is_not_compared_with_a_paper_that_was_withdrawn(world, contract):
    file = factories.a_file(contract, world.caseworker, "paper.pdf", b"%PDF-1.7 paper")
    with acting(world.caseworker.id):
        name_document(world.caseworker, contract, file.reference)
        clause = operations.add_clause(world.caseworker, contract, {"clause": "INTEL", "quote": "Words"})
        withdraw_file(world.caseworker, file, "It belongs elsewhere")
        db.session.commit()

    with acting(world.colleague.id), pytest.raises(MoveNotAllowed):
        operations.check_clause(world.colleague, contract, clause)
