"""A session that ended while a form was being filled: after signing in again the text is still there."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import SignIn
from app.accounts.operations import hash_password
from app.db import db, now
from tests import factories

OF_BOTH_DATABASES = ("sqlite",)

PASSWORD = "four ordinary words here"
TEXT = 'A long text with "quotes", <b>signs</b>\r\nand a second line'


def english(app):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def home(world):
    world.caseworker.password_hash = world.administrator.password_hash = hash_password(PASSWORD)
    db.session.commit()
    return world


@pytest.fixture
def browser(app):
    return factories.Browser(english(app))


def come_in(browser, email="caseworker@example.org", **further):
    return browser.post("/sign-in", {"email": email, "password": PASSWORD, **further})


def end_sessions():
    for row in db.session.scalars(select(SignIn)):
        row.seen_at = now() - timedelta(hours=2)
    db.session.commit()


def hidden(page):
    """name → values of the hidden fields, as a browser would send them."""
    found = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def send(browser, page, address, **further):
    return browser.client.post(address, data={**hidden(page), **further})


def test_the_text_waits_and_goes_on_with_one_press(home, browser):
    """From the administration, whose form is at hand: a team is named while the session ends."""
    come_in(browser, "administrator@example.org")
    filled = {**hidden(browser.get("/teams/new").text), "name": "Written before the end"}
    end_sessions()

    closed = browser.client.post("/teams/new", data=filled)
    assert closed.status_code == 401
    assert "Your text is not lost" in closed.text
    assert "Written before the end" not in closed.text

    wrong = send(browser, closed.text, "/sign-in", email="administrator@example.org", password="not this one")
    assert wrong.status_code == 401
    assert hidden(wrong.text)["kept"] == hidden(closed.text)["kept"]

    again = send(browser, wrong.text, "/sign-in", email="administrator@example.org", password=PASSWORD)
    assert again.status_code == 200
    assert 'action="/teams/new"' in again.text
    assert hidden(again.text)["name"] == ["Written before the end"]

    done = send(browser, again.text, "/teams/new")
    assert done.status_code == 303
    assert "Written before the end" in browser.get("/teams/").text


def test_every_value_comes_back_but_no_password(home, browser):
    come_in(browser)
    token = hidden(browser.get("/profile").text)["csrf_token"]
    end_sessions()

    sent = {"csrf_token": token, "text": [TEXT, "twice"], "old_password": "secret words", "password": "other words"}
    closed = browser.client.post("/profile/password?from=here", data=sent)
    again = send(browser, closed.text, "/sign-in", email="caseworker@example.org", password=PASSWORD)

    fields = hidden(again.text)
    assert fields["text"] == [TEXT, "twice"]
    assert "old_password" not in fields and "password" not in fields
    assert 'action="/profile/password?from=here"' in again.text


def test_somebody_else_does_not_get_the_text(home, browser):
    come_in(browser)
    token = hidden(browser.get("/profile").text)["csrf_token"]
    end_sessions()
    closed = browser.client.post("/profile", data={"csrf_token": token, "secret": "for one person only"})

    other = send(browser, closed.text, "/sign-in", email="administrator@example.org", password=PASSWORD)

    assert other.status_code == 303
    assert "for one person only" not in browser.get(other.location, follow_redirects=True).text


def test_what_was_kept_cannot_be_read_or_changed(home, browser):
    come_in(browser)
    token = hidden(browser.get("/profile").text)["csrf_token"]
    end_sessions()
    closed = browser.client.post("/profile", data={"csrf_token": token, "secret": "hidden well"})
    kept = hidden(closed.text)["kept"][0]

    assert "hidden well" not in closed.text
    fields = {**hidden(closed.text), "kept": kept[:-4] + "AAAA"}
    answer = browser.client.post("/sign-in", data={**fields, "email": "caseworker@example.org", "password": PASSWORD})
    assert answer.status_code == 303


def test_the_language_switch_keeps_the_text(home, browser):
    come_in(browser)
    token = hidden(browser.get("/profile").text)["csrf_token"]
    end_sessions()
    closed = browser.client.post("/profile", data={"csrf_token": token, "text": TEXT})

    spanish = send(browser, closed.text, "/sign-in", language="es")

    assert spanish.status_code == 200
    assert "Su texto no se perdió" in spanish.text
    again = send(browser, spanish.text, "/sign-in", email="caseworker@example.org", password=PASSWORD)
    assert hidden(again.text)["text"] == [TEXT]


def test_a_page_left_open_goes_on_working_after_signing_in_in_another_tab(home, browser):
    come_in(browser, "administrator@example.org")
    left_open = hidden(browser.get("/teams/new").text)
    browser.post("/sign-out", form_at="/profile")
    come_in(browser, "administrator@example.org")

    answer = browser.client.post("/teams/new", data={**left_open, "name": "From the other tab"})

    assert answer.status_code == 303


def test_a_page_left_open_by_one_person_does_not_work_for_the_next(home, browser):
    come_in(browser)
    left_open = hidden(browser.get("/profile").text)
    browser.post("/sign-out", form_at="/profile")
    come_in(browser, "administrator@example.org")

    answer = browser.client.post("/profile", data={**left_open, "language": "es", "theme": "dark"})

    assert answer.status_code == 400


def test_a_browser_that_nobody_was_in_gets_no_promise(home, app):
    answer = english(app).post("/profile", data={"text": TEXT})

    assert answer.status_code == 401
    assert "kept" not in hidden(answer.text)
    assert "not lost" not in answer.text


def test_files_are_asked_for_again(home, browser):
    import io

    come_in(browser)
    token = hidden(browser.get("/profile").text)["csrf_token"][0]
    end_sessions()
    closed = browser.client.post("/profile", data={"csrf_token": token, "file": (io.BytesIO(b"x"), "a.csv")})

    again = send(browser, closed.text, "/sign-in", email="caseworker@example.org", password=PASSWORD)

    assert "Choose them again" in again.text
