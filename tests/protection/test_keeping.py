"""A caseworker assesses a risk, asks for a measure, follows it; a promise that passes in silence turns red."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.agenda import DueWish
from app.dates import UncertainDate, today
from app.db import db
from app.protection import risk
from app.protection.agenda import steps_due
from app.protection.models import Protection
from tests import factories
from tests.factories import a_protection

MEASURE = {"measure": "PM_MINJUS", "status": "SENT", "happened": "3/2/2024", "asked": "An early warning"}


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, by=world.caseworker)


@pytest.fixture
def person(world, case):
    found = factories.a_person(world.caseworker, pseudonym="Heron")
    factories.a_role(found, case)
    return found


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.caseworker)


def records():
    return list(db.session.scalars(unguarded(select(Protection).order_by(Protection.id), "the test looks")))


def write_down(browser, case, kind, values):
    return browser.post(f"/protection/new?case={case.reference}&kind={kind}", values)


def address(record, end=""):
    return f"/protection/{record.reference}{end}"


# --- risk ----------------------------------------------------------------------------------------


def test_factors_suggest_a_level_and_a_person_decides(browser, case, person):
    given = {"person": person.reference, "happened": "31/1/2024", "threats": ["T1", "T2"], "capacities": ["C1"]}

    asked = write_down(browser, case, "RISK", given)
    assert asked.status_code == 400
    assert "add up to 3" in asked.text and "“Medium”" in asked.text and records() == []

    departs = write_down(browser, case, "RISK", given | {"level": "HIGH"})
    assert departs.status_code == 400 and "Write why you decide another level" in departs.text

    decided = write_down(browser, case, "RISK", given | {"level": "HIGH", "level_reason": "Armed men came back"})
    assert decided.status_code == 303
    (found,) = records()
    assert (found.score, found.level_suggested, found.level, found.person_id) == (3, "MEDIUM", "HIGH", person.id)
    assert found.next_on == date(2024, 2, 29)
    page = browser.get(address(found)).text
    assert "Armed men came back" in page and "Clear pattern of threats" in page and "Heron" in page


@pytest.mark.parametrize(
    ("score", "level"),
    [(-3, "LOW"), (0, "LOW"), (2, "MEDIUM"), (3, "MEDIUM"), (4, "HIGH"), (6, "HIGH"), (7, "EXTREME")],
)
def test_levels_by_their_thresholds(app, score, level):
    assert risk.level_for(score) == level


@pytest.mark.parametrize(
    ("level", "day"),
    [
        ("LOW", date(2024, 7, 31)),
        ("MEDIUM", date(2024, 4, 30)),
        ("HIGH", date(2024, 2, 29)),
        ("EXTREME", date(2024, 2, 7)),
    ],
)
def test_the_review_comes_sooner_the_higher_the_level(app, level, day):
    assert risk.review_after(level, date(2024, 1, 31)) == day


def test_a_new_assessment_takes_the_place_of_the_one_before(world, browser, case, person):
    first = a_protection(case, world.caseworker, "RISK", person=person, group_label=None)
    other = a_protection(case, world.caseworker, "RISK", group_label="The community")
    second = a_protection(case, world.caseworker, "RISK", person=person, group_label=None, on=date(2024, 6, 2))

    assert [row.is_open for row in (first, other, second)] == [False, True, True]
    assert "A later assessment" in browser.get(address(first)).text

    browser.post(address(second, "/withdraw"), {"reason": "twice"}, form_at=address(second))
    assert first.is_open


# --- measures ------------------------------------------------------------------------------------


def test_a_measure_with_body_answer_and_what_was_really_done(browser, case):
    body = factories.an_organisation("Ministerio de Justicia", kind="MINISTRY")
    asked = write_down(browser, case, "MEASURE", MEASURE | {"body": "ministerio de justicia"})
    assert asked.status_code == 303
    (found,) = records()
    assert (found.body_id, found.is_open, found.status) == (body.id, True, "SENT")

    version = {"version": found.version, **MEASURE, "body": "Ministerio de Justicia"}
    answered = version | {"answered": "5/2024", "answer": "Granted", "really_done": "Nobody came", "sector": "MININTER"}
    assert browser.post(address(found, "/edit"), answered | {"next_on": "1/8/2024"}).status_code == 303
    page = browser.get(address(found)).text
    assert "Nobody came" in page and "Interior" in page and "1 Aug 2024" in page
    assert "Nobody came" in browser.get(address(found, "/history")).text


def test_a_measure_that_is_over_is_open_no_more_unless_a_next_day_waits(world, case):
    over = a_protection(case, world.caseworker, status="CLOSED")
    waits = a_protection(case, world.caseworker, status="CLOSED", next_on=date(2024, 9, 1))

    assert (over.is_open, waits.is_open) == (False, True)


def test_precautionary_measures_for_several_people_and_a_group(world, browser, case, person):
    other = factories.a_person(world.caseworker, pseudonym="Kingfisher")
    factories.a_role(other, case)
    elsewhere = factories.a_person(world.caseworker, pseudonym="Stork")
    measure = a_protection(case, world.caseworker, measure="PM_IACHR", number="MC-452-11")
    form = address(measure, "/beneficiaries/new")

    assert "Stork" not in browser.get(form).text
    refused = browser.post(form, {"people": [elsewhere.reference]})
    assert refused.status_code == 400
    given = {"people": [person.reference, other.reference], "group_label": "Their families", "count_least": "10"}
    browser.post(form, given | {"asks_not_to_be_named": "y"})

    assert [row.name for row in measure.beneficiaries] == ["Heron", "Kingfisher", "Their families"]
    assert measure.protected_counted() == (12, 12)
    text = browser.get(address(measure)).text
    assert "asks not to be named" in text
    for one in (person, other):
        assert measure.reference in browser.get(f"/people/{one.reference}").text
    assert measure.reference not in browser.get(f"/people/{elsewhere.reference}").text


def test_the_steps_of_the_national_mechanism(world, browser, case):
    measure = a_protection(case, world.caseworker, measure="PM_MINJUS", on=date(2020, 8, 3))
    form = address(measure, "/steps/new")

    page = browser.get(form).text
    assert "Alert request" in page and "Working meeting" not in page
    browser.post(form, {"step": "RESOLUTION", "taken": "2/2021", "sector": "MININTER", "really_done": "One patrol"})
    browser.post(form, {"step": "ALERT", "taken": "3/8/2020"})

    assert [step.step for step in measure.steps_in_order] == ["ALERT", "RESOLUTION"]
    assert "One patrol" in browser.get(address(measure)).text
    alert = measure.steps_in_order[0]
    edit = address(measure, f"/steps/{alert.uid}/edit")
    mended = {"version": alert.version, "step": "ALERT", "taken": "4/8/2020"}
    assert browser.post(edit, mended).status_code == 303
    assert alert.taken == UncertainDate.on(date(2020, 8, 4))
    browser.post(address(measure, f"/parts/{alert.uid}/erase"), {}, form_at=edit)
    assert len(measure.steps) == 1


def test_an_action_goes_to_recipients_on_record_and_in_words(browser, case):
    embassy = factories.an_organisation("Embajada de Noruega", kind="INTL")
    given = {"action": "OPEN_LETTER", "status": "SENT", "happened": "2024", "asked": "An observer"}

    write_down(browser, case, "ACTION", given | {"recipients": "embajada de noruega\nThe Congress"})

    (found,) = records()
    assert [(row.organisation_id, row.words) for row in found.recipients] == [
        (embassy.id, None),
        (None, "The Congress"),
    ]
    assert "Embajada de Noruega" in browser.get(address(found)).text


# --- promises ------------------------------------------------------------------------------------


def test_a_promise_turns_red_when_its_day_passes_in_silence(world, browser, case):
    late = a_protection(case, world.caseworker, "COMMITMENT", next_on=today() - timedelta(days=1))
    kept = a_protection(case, world.caseworker, "COMMITMENT", next_on=today() - timedelta(days=1), asked="A road")

    told = {"version": kept.version, "outcome": "KEPT", "told": "1/6/2024", "what_happened": "It stands"}
    assert browser.post(address(kept, "/outcome"), told).status_code == 303

    assert "passed in silence" in browser.get(address(late)).text
    page = browser.get(address(kept)).text
    assert "passed in silence" not in page and "It stands" in page and 'class="late"' not in page
    overdue = browser.get("/protection/?due=LATE").text
    assert late.reference in overdue and kept.reference not in overdue and "overdue, no answer" in overdue


def test_what_became_of_a_promise_needs_words_and_may_be_taken_back(world, browser, case):
    promise = a_protection(case, world.caseworker, "COMMITMENT")
    form = address(promise, "/outcome")

    refused = browser.post(form, {"version": promise.version, "outcome": "NOT_KEPT"})
    assert refused.status_code == 400 and "Write what happened" in refused.text and promise.is_open

    browser.post(form, {"version": promise.version, "outcome": "NOT_KEPT", "what_happened": "Nothing"})
    assert not promise.is_open
    browser.post(form, {"version": promise.version, "outcome": ""})
    assert promise.is_open and promise.outcome is None


# --- what does not fit ---------------------------------------------------------------------------


def test_days_that_run_backwards_are_saved_only_with_a_reason(browser, case):
    given = MEASURE | {"answered": "1/2/2023", "answer": "Before it was asked"}

    asked = write_down(browser, case, "MEASURE", given)
    assert asked.status_code == 400 and records() == []
    assert "The answer lies before the request" in asked.text and "Before it was asked" in asked.text

    write_down(browser, case, "MEASURE", given | {"doubts_reason": "The letter is dated wrongly"})
    (found,) = records()
    assert found.doubts == ["answered_before"]
    assert "The letter is dated wrongly" in browser.get(address(found)).text


@pytest.mark.parametrize("day", ["1/2/20255", "1/2/1820", "31/2/2024", "soon"])
def test_a_year_out_of_range_is_a_clear_error_and_nothing_is_lost(browser, case, day):
    for name in ("happened", "next_on"):
        page = write_down(browser, case, "MEASURE", MEASURE | {name: day, "notes": "Kept words"})

        assert page.status_code == 400 and "Kept words" in page.text and f'value="{day}"' in page.text
    assert records() == []


def test_a_promise_due_before_it_was_made_and_a_step_before_the_request(world, browser, case):
    promise = {"asked": "A post", "happened": "3/2/2024", "next_on": "1/1/2024"}
    assert "due before it was promised" in write_down(browser, case, "COMMITMENT", promise).text

    measure = a_protection(case, world.caseworker, on=date(2024, 2, 3))
    page = browser.post(address(measure, "/steps/new"), {"step": "MEETING", "taken": "1/1/2024"})
    assert page.status_code == 400 and "lies before the request" in page.text and measure.steps == []


def test_a_form_that_is_sent_twice_writes_once(browser, case):
    given = MEASURE | {"form_token": "the-same"}
    write_down(browser, case, "MEASURE", given)
    write_down(browser, case, "MEASURE", given)

    assert len(records()) == 1


def test_of_two_who_edit_the_second_sees_both(world, browser, case):
    record = a_protection(case, world.caseworker, asked="Before")
    stale = record.version
    browser.post(address(record, "/edit"), {"version": stale, **MEASURE, "asked": "Mine"})

    page = browser.post(address(record, "/edit"), {"version": stale, **MEASURE, "asked": "Theirs"})

    assert page.status_code == 409 and "Mine" in page.text and "Theirs" in page.text


def test_withdrawn_with_a_reason_and_restored(world, browser, case):
    record = a_protection(case, world.caseworker)
    browser.post(address(record, "/withdraw"), {"reason": "Recorded twice"}, form_at=address(record))

    assert record.reference not in browser.get("/protection/").text
    assert record.reference in browser.get("/protection/?status=WITHDRAWN").text
    assert record.reference not in browser.get(f"/cases/{case.reference}").text
    assert browser.get(address(record, "/edit")).status_code == 409

    browser.post(address(record, "/restore"), {}, form_at=address(record))
    assert record.reference in browser.get("/protection/").text


# --- the list and what is due --------------------------------------------------------------------


def test_the_list_is_narrowed_by_kind_status_day_and_whose(world, browser, case):
    soon = a_protection(case, world.caseworker, next_on=today() + timedelta(days=3))
    far = a_protection(case, world.caseworker, status="DENIED", next_on=today() + timedelta(days=90))
    talk = a_protection(case, world.caseworker, "ACTION", status="CLOSED")
    shared = factories.a_case(world.south, world.colleague, confidentiality="TEAM")
    theirs = a_protection(shared, world.colleague)
    everything = {soon, far, talk, theirs}

    def shown(**wish):
        text = browser.get("/protection/", query_string=wish).text
        return {record for record in everything if record.reference in text}

    assert shown() == everything
    assert shown(kind="ACTION") == {talk}
    assert shown(status="DENIED") == {far}
    assert shown(due="SOON") == {soon}
    assert shown(due="OVER") == {talk}
    assert shown(whose="mine") == {soon, far, talk}
    assert shown(whose="team") == everything
    assert shown(case=shared.reference) == {theirs}
    assert shown(text="nothing of the kind") == set()


def test_next_dates_reviews_and_promises_stand_among_the_deadlines(world, case):
    day = today() + timedelta(days=5)
    measure = a_protection(case, world.caseworker, next_on=day, next_what="Ask again")
    review = a_protection(case, world.caseworker, "RISK", next_on=day)
    promise = a_protection(case, world.caseworker, "COMMITMENT", next_on=day)
    a_protection(case, world.caseworker, "COMMITMENT", next_on=day + timedelta(days=30))
    done = a_protection(case, world.caseworker, "COMMITMENT", next_on=day, outcome="KEPT", answered=UncertainDate())

    found = steps_due(world.caseworker, DueWish(last=day))

    assert {due.reference for due in found} == {row.reference for row in (measure, review, promise)}
    assert "Ask again" in [due.detail for due in found]
    settled = steps_due(world.caseworker, DueWish(last=day, settled=True))
    assert [due.reference for due in settled] == [done.reference]
    assert steps_due(world.stranger, DueWish(whose="team", settled=None)) == []
    assert not any(due.detail for due in steps_due(world.analyst, DueWish(whose="team")))


def test_what_is_due_stands_on_the_page_of_the_case(world, browser, case):
    record = a_protection(case, world.caseworker, next_on=today() - timedelta(days=2), next_what="Ask again")

    text = browser.get(f"/cases/{case.reference}").text

    assert "Ask again" in text and text.count(record.reference) >= 2
    assert "Ask again" in browser.get("/deadlines/").text
