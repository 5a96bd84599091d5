"""The calendar feed: off until it is wanted, revocable, and silent about everything but days and references."""

import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from app.accounts.operations import hash_password
from app.dates import today
from app.db import db
from app.proceedings.models import Deadline, Hearing
from tests import factories
from tests.factories import a_proceeding


@pytest.fixture
def proceeding(world):
    case = factories.a_case(world.south, world.caseworker, by=world.caseworker, title="Secret case")
    found = a_proceeding(case, world.caseworker, title="Secret title")
    day = today() + timedelta(days=10)
    found.deadlines = [
        Deadline(rule="PE-D10", triggered_on=day, computed_on=day, due_on=day, note="Secret note"),
        Deadline(rule="PE-D10", triggered_on=day, computed_on=day, due_on=day, done_on=today()),
    ]
    found.hearings = [Hearing(held_on=day, held_at="09:30", place="Secret place")]
    db.session.commit()
    return found


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.caseworker)


def switched_on(browser, **values):
    page = browser.post("/deadlines/feed", values, form_at="/deadlines/reminders")
    assert page.status_code == 200
    return re.search(r'id="copy"[^>]*>http://localhost(/calendar/[^<]+\.ics)<', page.text)[1]


def test_there_is_none_until_it_is_switched_on(app, browser, proceeding):
    assert "It is off." in browser.get("/deadlines/reminders").text
    assert app.test_client().get("/calendar/whatever.ics").status_code == 404


def test_an_entry_says_the_day_the_reference_and_one_word(app, browser, proceeding):
    answer = app.test_client().get(switched_on(browser))

    assert answer.status_code == 200 and answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == [f"Deadline {proceeding.reference}"] * 2
    for event in events:
        assert event["DTSTART"].dt == today() + timedelta(days=10)
        assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP"}
    for secret in ("Secret", "09:30", "0930", "Appeal", "South", str(proceeding.deadlines[0].uid)):
        assert secret not in answer.text


def test_it_speaks_the_language_of_its_user_and_keeps_its_identifiers(app, world, browser, proceeding):
    address = switched_on(browser)
    before = app.test_client().get(address).data
    world.caseworker.language = "es"
    proceeding.deadlines[0].due_on += timedelta(days=3)
    db.session.commit()

    after = app.test_client().get(address, headers={"Accept-Language": "en"}).data
    assert f"SUMMARY:Plazo {proceeding.reference}".encode() in after
    one, other = ({str(event["UID"]) for event in Calendar.from_ical(data).walk("VEVENT")} for data in (before, after))
    assert one == other and len(one) == 2


def test_a_new_address_ends_the_old_one_and_the_feed_can_be_ended(app, browser, proceeding):
    first = switched_on(browser)
    second = switched_on(browser)
    client = app.test_client()
    assert client.get(first).status_code == 404 and client.get(second).status_code == 200
    assert second not in browser.get("/deadlines/reminders").text

    browser.post("/deadlines/feed/end", form_at="/deadlines/reminders")
    assert client.get(second).status_code == 404


def test_it_ends_for_who_no_longer_works_here_and_narrows_with_their_rights(app, world, browser, proceeding):
    address = switched_on(browser, whose="team")
    assert proceeding.reference in app.test_client().get(address).text
    proceeding.case.members.clear()
    db.session.commit()
    assert proceeding.reference not in app.test_client().get(address).text
    world.caseworker.active = False
    db.session.commit()
    assert app.test_client().get(address).status_code == 404


def test_each_reads_what_they_may_see(app, world, proceeding, sign_in):
    for user in (world.stranger, world.colleague):
        answer = app.test_client().get(switched_on(sign_in(user), whose="team"))
        assert answer.status_code == 200 and "VEVENT" not in answer.text


OLD = "four ordinary words here"
NEW_PASSWORD = {"old_password": OLD, "password": "lluvia en la laguna", "password_again": "lluvia en la laguna"}


@pytest.mark.parametrize(("path", "given"), [("end-others", {}), ("password", NEW_PASSWORD)])
def test_it_ends_with_the_password_and_with_the_other_sign_ins(app, world, browser, proceeding, path, given):
    world.caseworker.password_hash = hash_password(OLD)
    address = switched_on(browser)

    browser.post(f"/profile/{path}", given, form_at="/profile")

    assert app.test_client().get(address).status_code == 404
