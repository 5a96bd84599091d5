"""Many accused at once, never by mistake; charges mended; what a decision means for them; was a detention arbitrary."""

import re

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
def proceeding(world, case, browser):
    found = a_proceeding(case, world.caseworker, title="Secret title")
    names = {"pseudonyms": "Heron\nDeer\nOtter\nFox\nHawk", "role": "ACCUSED"}
    assert browser.post(f"/proceedings/{found.reference}/accused/new", names).status_code == 303
    return found


def address(proceeding, rest=""):
    return f"/proceedings/{proceeding.reference}{rest}"


def ticked(page):
    return len(re.findall(r'<input[^>]*checked[^>]*name="accused"|<input[^>]*name="accused"[^>]*checked', page.text))


def test_nobody_is_charged_because_nobody_was_ticked(browser, proceeding):
    form = address(proceeding, "/charges/new")
    assert ticked(browser.get(form)) == 0
    assert browser.post(form, {"offence": "PE-CP-315"}).status_code == 400 and proceeding.charges == []

    assert ticked(browser.get(f"{form}?tick=all")) == 5
    assert ticked(browser.get(form, query_string={"accused": str(proceeding.accused[1].uid)})) == 1


def test_a_charge_is_mended_for_one_and_stays_for_the_others(browser, world, proceeding, sign_in):
    everybody = [str(row.uid) for row in proceeding.accused]
    browser.post(address(proceeding, "/charges/new"), {"offence": "PE-CP-315", "accused": everybody})
    charge = proceeding.accused[0].charges[0]
    form = address(proceeding, f"/charges/{charge.uid}/edit")
    opened = charge.version

    given = {"offence": "PE-CP-283", "article": "CP 283, first paragraph", "version": opened}
    assert "Heron" in browser.get(form).text and browser.post(form, given).status_code == 303

    assert [row.charges[0].offence for row in proceeding.accused] == ["PE-CP-283"] + ["PE-CP-315"] * 4
    page = browser.get(address(proceeding)).text
    assert "CP 283, first paragraph" in page
    second = sign_in(world.coordinator).post(form, {"offence": "PE-CP-200", "version": opened})
    assert second.status_code == 409
    db.session.expire_all()
    assert charge.offence == "PE-CP-283"


def test_an_acquittal_on_appeal_asks_to_be_noted_for_the_accused(browser, proceeding):
    everybody = [str(row.uid) for row in proceeding.accused]
    browser.post(address(proceeding, "/outcome"), {"outcome": "CONVICTED", "accused": everybody})
    browser.post(address(proceeding, "/stages/new"), {"stage": "TRIAL", "entered": "2016", "outcome": "CONVICTED"})
    assert "Set it for them" not in browser.get(address(proceeding)).text

    browser.post(address(proceeding, "/stages/new"), {"stage": "APPEAL", "entered": "2017", "outcome": "ACQUITTED"})
    page = browser.get(address(proceeding)).text
    assert "“Acquitted”. It is not noted for 5 accused." in page
    form = re.search(r'href="([^"]+)">Set it for them', page)[1].replace("&amp;", "&")
    opened = browser.get(form)
    assert ticked(opened) == 5 and re.search(r'<option selected value="ACQUITTED"', opened.text)

    browser.post(address(proceeding, "/outcome"), {"outcome": "ACQUITTED", "accused": everybody})
    assert "Set it for them" not in browser.get(address(proceeding)).text


@pytest.fixture
def detained(browser, proceeding):
    two = [str(row.uid) for row in proceeding.accused[:2]]
    browser.post(address(proceeding, "/measures/new"), {"measure": "PE-FLAG", "started": "3/7/2012", "accused": two})
    browser.post(address(proceeding, "/measures/new"), {"measure": "PE-COMP", "started": "2013", "accused": two})
    return [str(row.uid) for row in proceeding.measures if row.measure == "PE-FLAG"]


def test_a_reviewer_answers_whether_detentions_were_arbitrary(browser, world, proceeding, detained, sign_in):
    form = address(proceeding, "/detentions")
    assert browser.get(form).status_code == 403
    assert "Answer whether it was arbitrary" not in browser.get(address(proceeding)).text
    reviewer = sign_in(world.coordinator)
    assert reviewer.get(form).text.count('name="detentions"') == 2  # an order to appear is no detention

    yes = {"detentions": detained, "arbitrary": "YES"}
    assert "Tick why it was arbitrary." in reviewer.post(form, {**yes, "why": "The judgment"}).text
    assert "Write how we know." in reviewer.post(form, {**yes, "grounds": "DEFENCE"}).text
    assert all(row.arbitrary is None for row in proceeding.measures)
    given = {**yes, "grounds": ["DEFENCE", "NO_BASIS"], "why": "The judgment of 2017"}
    assert reviewer.post(form, given).status_code == 303

    assert sorted(row.arbitrary or "" for row in proceeding.measures) == ["", "", "YES", "YES"]
    page = browser.get(address(proceeding)).text
    assert "Because of defence work" in page and "The judgment of 2017" in page and "Yes: 2" in page
    assert "arbitrary: Yes" in browser.get(address(proceeding, "/history")).text
    reduced = sign_in(world.analyst).get(address(proceeding)).text
    assert "Yes: 2" in reduced and "The judgment of 2017" not in reduced


def test_the_answer_can_be_taken_back(world, proceeding, detained, sign_in):
    reviewer, form = sign_in(world.coordinator), address(proceeding, "/detentions")
    reviewer.post(form, {"detentions": detained, "arbitrary": "NO", "why": "Released at once"})
    reviewer.post(form, {"detentions": detained[0], "arbitrary": ""})

    found = {str(row.uid): (row.arbitrary, row.arbitrary_why, row.arbitrary_by_id) for row in proceeding.measures}
    assert found[detained[0]] == (None, None, None)
    assert found[detained[1]] == ("NO", "Released at once", world.coordinator.id)


def test_reviewers_of_another_team_do_not_learn_of_it(world, proceeding, detained, sign_in):
    foreign = sign_in(world.foreign_coordinator)
    assert foreign.get(address(proceeding, "/detentions")).status_code == 404


def test_an_outcome_stands_on_the_day_of_the_decision(browser, case, proceeding):
    given = {
        "stage": "TRIAL",
        "entered": "5/5/2014",
        "left": "20/10/2015",
        "outcome": "CONVICTED",
        "note": "By two to one",
    }
    browser.post(address(proceeding, "/stages/new"), given)
    browser.post(address(proceeding, "/stages/new"), {"stage": "APPEAL", "entered": "3/11/2015"})

    page = browser.get(f"/cases/{case.reference}/timeline").text
    lines = [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line)) for line in re.findall(r"(?s)<li class=\"k-.*?</li>", page)
    ]
    told = {line.split(" Stage ")[0].strip(): line for line in lines}
    assert "Trial: Secret" in next(line for day, line in told.items() if "5 May 2014" in day)
    decided = next(line for day, line in told.items() if "20 Oct 2015" in day)
    assert "Trial · Convicted" in decided and "By two to one" in decided
    assert "day=2015-10-20" in browser.get(address(proceeding)).text


def test_ticking_all_keeps_what_was_typed(browser, proceeding):
    form = address(proceeding, "/charges/new")
    page = browser.post(form, {"offence": "PE-CP-315", "article": "CP 315", "tick": "all"})
    assert page.status_code == 200 and ticked(page) == 5
    assert 'value="CP 315"' in page.text and proceeding.charges == []


def test_who_is_acquitted_and_still_held_is_pointed_at(browser, proceeding, detained):
    everybody = [str(row.uid) for row in proceeding.accused]
    assert "on record as held although" not in browser.get(address(proceeding)).text
    browser.post(address(proceeding, "/outcome"), {"outcome": "ACQUITTED", "accused": everybody})
    assert "2 accused are on record as held although" in browser.get(address(proceeding)).text
