"""Who sees a proceeding: whoever sees its case; in full whoever reads the case in full."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import Membership
from app.audit import AuditEntry, acting
from app.dates import UncertainDate
from app.db import db
from app.proceedings import operations
from app.proceedings.operations import AccusedGiven, HearingGiven, MeasureGiven, StageGiven
from tests import factories
from tests.factories import a_proceeding


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, by=world.caseworker)


@pytest.fixture
def told(world, case):
    """A proceeding with something in each part that only full readers may see."""
    proceeding = a_proceeding(case, world.caseworker, title="Secret title", notes="Secret note")
    person = factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Quetzalina Zyx")
    with acting(world.caseworker.id):
        given = AccusedGiven(people=[person], group_label="Secret group", count_least=3, count_most=5)
        accused = operations.add_accused(world.caseworker, proceeding, given)
        stage = StageGiven("TRIAL", UncertainDate.on(date(2020, 3, 1)), note="Secret stage")
        operations.enter_stage(world.caseworker, proceeding, stage)
        operations.add_charge(world.caseworker, proceeding, accused, operations.ChargeGiven("PE-CP-315", "Secret text"))
        measure = MeasureGiven("PE-PREV", UncertainDate.on(date(2020, 3, 1)), note="Secret measure")
        operations.add_measure(world.caseworker, proceeding, accused, measure)
        hearing = HearingGiven(date(2020, 4, 1), kind="TRIAL", place="Secret room", what_happened="Secret session")
        operations.add_hearing(world.caseworker, proceeding, hearing)
        operations.add_number(world.caseworker, proceeding, "EXPEDIENTE", "Secret-2020", None)
        answer = operations.AnswerGiven("NO", "Secret answer", "Secret source")
        operations.answer_checklist(world.caseworker, proceeding, {"INTERPRETER": answer})
        db.session.commit()
    return proceeding


def page(browser, proceeding):
    return browser.get(f"/proceedings/{proceeding.reference}")


def test_whoever_is_in_the_case_reads_it_all(world, told, sign_in):
    text = page(sign_in(world.caseworker), told).text

    for words in ("Secret title", "Secret note", "Secret group", "Secret stage", "Secret room", "Secret-2020", "Heron"):
        assert words in text
    assert "Secret answer" in text and "Secret measure" in text and "Secret text" in text


def test_another_team_and_who_is_not_in_a_restricted_case_get_404(world, told, sign_in):
    for who in (world.stranger, world.foreign_coordinator, world.colleague):
        assert page(sign_in(who), told).status_code == 404
        assert told.reference not in sign_in(who).get("/proceedings/").text


def test_an_analyst_reads_codes_days_and_counts_and_nothing_else(world, told, sign_in):
    browser = sign_in(world.analyst)
    text = page(browser, told).text

    assert "Secret" not in text and "Heron" not in text
    for words in ("Trial", "1 Mar 2020", "Riot", "Preventive detention", "4 to 6", "1 Apr 2020", "Interpreter"):
        assert words in text
    assert "Secret" not in browser.get("/proceedings/").text
    assert "Secret" not in browser.get(f"/cases/{told.case.reference}").text
    assert "Secret" not in browser.get(f"/cases/{told.case.reference}/timeline").text


def test_other_teams_read_a_shared_case_without_names(world, case, told, sign_in):
    case.confidentiality = "NETWORK"
    db.session.commit()

    text = page(sign_in(world.stranger), told).text

    assert "Secret" not in text and "Heron" not in text and "Preventive detention" in text
    assert sign_in(world.stranger).get(f"/proceedings/{told.reference}/edit").status_code == 403


def test_search_does_not_tell_an_analyst_what_the_page_does_not(world, told, sign_in):
    for words in ("Secret", "Heron", "2020"):
        assert told.reference not in sign_in(world.analyst).get("/proceedings/", query_string={"text": words}).text
        assert told.reference in sign_in(world.caseworker).get("/proceedings/", query_string={"text": words}).text
    found = sign_in(world.analyst).get("/proceedings/", query_string={"text": told.reference}).text
    assert f"/proceedings/{told.reference}" in found


def test_the_file_gives_an_analyst_no_title(world, told, sign_in):
    rows = sign_in(world.analyst).post("/proceedings/export", form_at="/proceedings/").text

    assert told.reference in rows and "reduced" in rows and "PE-CP-315" in rows and "Secret" not in rows


def test_identity_stands_on_no_page(world, told, sign_in):
    addresses = ["/proceedings/", f"/cases/{told.case.reference}", f"/cases/{told.case.reference}/timeline"]
    addresses += [f"/proceedings/{told.reference}{end}" for end in ("", "/history", "/outcome", "/charges/new")]
    for who in (world.caseworker, world.coordinator, world.analyst):
        for address in addresses:
            assert "Quetzalina" not in sign_in(who).get(address).text


def test_a_title_stands_in_no_page_title_of_who_reads_without_identity(world, told, sign_in):
    text = page(sign_in(world.analyst), told).text

    assert told.reference in re.search("<title>(.*?)</title>", text, re.DOTALL)[1]


def test_a_persons_page_does_not_tell_an_analyst_of_what_they_are_accused(world, told, sign_in):
    factories.a_role(told.accused[0].person, told.case)
    address = f"/people/{told.accused[0].person.reference}"

    assert told.reference in sign_in(world.caseworker).get(address).text
    page = sign_in(world.analyst).get(address)
    assert page.status_code == 200 and told.reference not in page.text


def test_the_words_of_the_source_for_a_day_are_for_full_readers(world, case, sign_in):
    unclear = UncertainDate(text="Secret day of Heron")
    proceeding = a_proceeding(case, world.caseworker, facts=unclear)
    with acting(world.caseworker.id):
        accused = operations.add_accused(world.caseworker, proceeding, AccusedGiven(count_least=2))
        stage = operations.enter_stage(world.caseworker, proceeding, StageGiven("TRIAL", unclear, outcome=None))
        stage.left = UncertainDate(text="Secret day of Heron", latest=date(2020, 3, 1))
        operations.add_measure(world.caseworker, proceeding, accused, MeasureGiven("PE-PREV", unclear))
        db.session.commit()
    of_case = f"/cases/{case.reference}"
    addresses = (f"/proceedings/{proceeding.reference}", of_case, f"{of_case}/timeline")

    for address in addresses:
        assert "Secret day" in sign_in(world.caseworker).get(address).text
        assert "Secret day" not in sign_in(world.analyst).get(address).text


def test_nobody_is_opened_by_being_put_among_the_accused(world, case, sign_in):
    """An analyst who also does casework knows people of restricted cases by pseudonym; that is all they get."""
    world.caseworker.memberships.append(Membership(team_id=world.south.id, role="ANALYST"))
    hidden = factories.a_person(world.colleague, pseudonym="Kingfisher", legal_name="Quetzalina Zyx")
    factories.a_role(hidden, factories.a_case(world.south, world.colleague, by=world.colleague))
    proceeding = a_proceeding(case, world.caseworker)
    browser, address = sign_in(world.caseworker), f"/proceedings/{proceeding.reference}/accused/new"
    assert browser.get(f"/people/{hidden.reference}").status_code == 200

    for words in (hidden.reference, "Kingfisher"):
        browser.post(address, {"pseudonyms": words, "role": "ACCUSED"})

    assert hidden.id not in [row.person_id for row in proceeding.accused]
    reason = {"reason": "to see who it is"}
    assert browser.post(f"/people/{hidden.reference}/identity/show", reason, form_at="/people/").status_code == 403


def test_a_filter_that_no_list_offers_leaves_no_words_in_the_trail(world, told, sign_in):
    strange = dict.fromkeys(("direction", "stage", "outcome", "case"), "Quetzalina Zyx")
    sign_in(world.caseworker).post("/proceedings/export", strange, form_at="/proceedings/")

    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken"))
    assert "Zyx" not in str(entry.columns) and "case=(text)" in entry.columns


def test_the_trail_keeps_filters_that_are_codes(world, told, sign_in):
    wish = {"direction": "AGAINST", "stage": "TRIAL", "outcome": "WITHDRAWN", "case": told.case.reference}
    sign_in(world.caseworker).post("/proceedings/export", wish, form_at="/proceedings/")

    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken"))
    assert {f"{name}={value}" for name, value in wish.items()} <= set(entry.columns)


def test_the_page_of_a_body_shows_what_it_has_to_do_with_to_full_readers_only(world, case, sign_in):
    company = factories.an_organisation("Minera Norte", team=world.south)
    mine = factories.a_proceeding(case, world.caseworker, title="Secret trial", complainant_id=company.id)
    other = factories.a_proceeding(case, world.caseworker, title="Another trial")

    page = sign_in(world.caseworker).get(f"/organisations/{company.reference}").text
    assert mine.reference in page and "Secret trial" in page and other.reference not in page
    for user in (world.analyst, world.colleague):
        assert mine.reference not in sign_in(user).get(f"/organisations/{company.reference}").text
