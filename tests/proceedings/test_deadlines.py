"""Terms are proposed with their count, never asserted; a person keeps, overrides and closes them."""

from datetime import date

import pytest

from app.db import db
from tests import factories
from tests.factories import a_proceeding


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, by=world.caseworker)


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.caseworker)


@pytest.fixture
def proceeding(world, case):
    return a_proceeding(case, world.caseworker, title="Secret title")


def new(browser, proceeding, act="keep", **values):
    given = {"rule": "PE-D10", "triggered_on": "26/4/2024", "act": act, **values}
    return browser.post(f"/proceedings/{proceeding.reference}/terms/new", given)


def test_a_proposal_shows_norm_and_count_before_it_is_kept(browser, proceeding):
    page = new(browser, proceeding, act="propose").text

    assert "Last day: 6 May 2024" in page and "NCPP 414.1.b" in page and "a lawyer has yet to confirm it" in page
    assert "not counted · Wednesday" in page and "not counted · Saturday" in page and "5 · Monday" in page
    assert proceeding.deadlines == []


def test_it_is_kept_and_stands_under_what_is_next(browser, proceeding):
    assert new(browser, proceeding, triggered_on="26/4/2090").status_code == 303

    kept = proceeding.deadlines[0]
    assert kept.due_on == kept.computed_on > date(2090, 4, 26)
    page = browser.get(f"/proceedings/{proceeding.reference}").text
    assert page.index("Appeal of judgment") < page.index('id="stages"') and "Proposed term" in page


def test_another_day_needs_a_reason(browser, proceeding):
    refused = new(browser, proceeding, overridden_on="7/5/2024")
    assert refused.status_code == 400 and "Write why another day counts" in refused.text

    new(browser, proceeding, overridden_on="7/5/2024", override_reason="Notified on Monday")
    kept = proceeding.deadlines[0]
    assert (kept.computed_on, kept.due_on) == (date(2024, 5, 6), date(2024, 5, 7))


def test_a_day_on_which_the_court_is_closed_is_skipped(browser, world, proceeding, sign_in):
    administrator = sign_in(world.administrator)
    administrator.post("/deadlines/closed-days", {"day": "6/5/2024", "reason": "Strike"})

    page = new(browser, proceeding, act="propose").text
    assert "Last day: 7 May 2024" in page and "(Strike)" in page

    administrator.post("/deadlines/closed-days/erase", {"day": "2024-05-06"}, form_at="/deadlines/closed-days")
    assert "Last day: 6 May 2024" in new(browser, proceeding, act="propose").text
    assert administrator.post("/deadlines/closed-days", {"day": "1/1/20255", "reason": "x"}).status_code == 400


def test_the_complexity_of_the_case_makes_a_term_longer(browser, proceeding):
    given = {"rule": "PE-D16", "triggered_on": "1/3/2024", "act": "propose"}
    assert "1 Dec 2024" in new(browser, proceeding, **given).text

    proceeding.complexity = "ORGANISED"
    assert "1 Mar 2027" in new(browser, proceeding, **given).text


def test_limitation_asks_for_the_penalty(browser, proceeding):
    refused = new(browser, proceeding, rule="PE-D19")
    assert refused.status_code == 400 and "most years of prison" in refused.text

    assert "26 Apr 2032" in new(browser, proceeding, rule="PE-D19", amount="8", act="propose").text


def test_the_list_holds_mine_or_my_teams_and_nobody_elses(browser, world, case, proceeding, sign_in):
    new(browser, proceeding)
    foreign = a_proceeding(factories.a_case(world.north, world.stranger, by=world.stranger), world.stranger)
    new(sign_in(world.stranger), foreign)

    mine = browser.get("/deadlines/").text
    assert "Secret title" in mine and "6 May 2024" in mine and foreign.reference not in mine
    assert "Secret title" not in sign_in(world.coordinator).get("/deadlines/").text
    assert "Secret title" in sign_in(world.coordinator).get("/deadlines/?whose=team").text
    assert "6 May 2024" not in sign_in(world.colleague).get("/deadlines/?whose=team").text
    reduced = sign_in(world.analyst).get("/deadlines/?whose=team").text
    assert "6 May 2024" in reduced and "Secret title" not in reduced


def test_what_is_done_leaves_the_open_list(browser, proceeding):
    new(browser, proceeding)
    kept = proceeding.deadlines[0]
    address = f"/proceedings/{proceeding.reference}/terms/{kept.uid}/edit"

    assert browser.post(address, {"done_on": "3/5/2024", "version": kept.version}).status_code == 303

    assert "6 May 2024" not in browser.get("/deadlines/").text
    assert "done on 3 May 2024" in browser.get("/deadlines/?done=yes").text
    db.session.expire_all()
    browser.post(f"/proceedings/{proceeding.reference}/parts/{kept.uid}/erase", form_at=address)
    assert proceeding.deadlines == []


def test_a_lawyer_confirms_it_and_another_day_asks_again(browser, proceeding):
    new(browser, proceeding)
    kept = proceeding.deadlines[0]
    address = f"/proceedings/{proceeding.reference}/terms/{kept.uid}/edit"

    refused = browser.post(address, {"confirmed_on": "3/5/2024", "version": kept.version})
    assert refused.status_code == 400 and "Write which lawyer has confirmed it." in refused.text
    confirmed = {"confirmed_on": "3/5/2024", "confirmed_by": "The lawyer of the legal team"}
    browser.post(address, {**confirmed, "version": kept.version})
    page = browser.get(f"/proceedings/{proceeding.reference}").text
    assert "confirmed on 3 May 2024" in page and "The lawyer of the legal team" in page
    assert "The lawyer of the legal team" in browser.get(f"/proceedings/{proceeding.reference}/history").text

    other_day = {"overridden_on": "7/5/2024", "override_reason": "Notified on Monday", "version": kept.version}
    browser.post(address, {**confirmed, **other_day})
    assert (kept.due_on, kept.confirmed_on, kept.confirmed_by) == (date(2024, 5, 7), None, None)
    assert "a lawyer has to confirm it again" in browser.get("/deadlines/").text


def test_nobody_confirms_tomorrow(browser, proceeding):
    refused = new(browser, proceeding, confirmed_on="1/1/2090", confirmed_by="A lawyer")
    assert refused.status_code == 400 and "This day is still to come." in refused.text
    assert proceeding.deadlines == []


def test_what_follows_an_appeal_against_detention_is_counted_in_hours(browser, proceeding):
    given = {"rule": "PE-D13/HEARING", "triggered_on": "1/3/2024", "hour": "9:00"}
    assert "72 hours" in browser.get(f"/proceedings/{proceeding.reference}/terms/new").text
    assert "Last day: 4 Mar 2024" in new(browser, proceeding, act="propose", **given).text

    new(browser, proceeding, **given)
    assert proceeding.deadlines[0].part == "HEARING" and proceeding.deadlines[0].due_on == date(2024, 3, 4)
    assert "hearing of the appeal" in browser.get("/deadlines/").text


def test_an_extension_is_as_long_as_the_case_allows(browser, proceeding):
    given = {"rule": "PE-D16/EXTENSION", "triggered_on": "1/12/2024", "act": "propose"}
    assert "Last day: 1 Sept 2025" in new(browser, proceeding, **given).text
    proceeding.complexity = "ORGANISED"
    assert "Last day: 1 Dec 2025" in new(browser, proceeding, **given).text


@pytest.mark.parametrize("rule", ["PE-D10/HEARING", "PE-D13/", "PE-D13/EXTENSION", "nothing/at/all"])
def test_a_part_that_a_rule_does_not_have_is_refused(browser, proceeding, rule):
    assert new(browser, proceeding, rule=rule).status_code == 400
    assert proceeding.deadlines == []


def test_of_two_who_change_a_term_the_second_sees_both(browser, world, proceeding, sign_in):
    new(browser, proceeding)
    kept = proceeding.deadlines[0]
    address = f"/proceedings/{proceeding.reference}/terms/{kept.uid}/edit"
    opened = kept.version
    browser.post(address, {"note": "Hers", "version": opened})

    second = sign_in(world.coordinator).post(address, {"note": "Mine", "version": opened})
    assert second.status_code == 409 and "Hers" in second.text and "Mine" in second.text
    db.session.expire_all()
    assert kept.note == "Hers"


@pytest.mark.parametrize("typed", ["5/5/20255", "yesterday"])
def test_a_day_of_the_lawyer_that_is_none_is_a_clear_error(browser, proceeding, typed):
    refused = new(browser, proceeding, confirmed_on=typed, confirmed_by="A lawyer")
    assert refused.status_code == 400 and typed in refused.text and proceeding.deadlines == []
