"""The door: who comes in, who waits, and what nobody may find out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import throttle
from app.accounts.models import SignIn, User
from app.accounts.operations import hash_password
from app.audit import AuditEntry
from app.db import db, now
from tests import factories

PASSWORD = "four ordinary words here"


def english(app):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def home(world):
    """The world, with a password for the caseworker."""
    world.caseworker.password_hash = hash_password(PASSWORD)
    db.session.commit()
    return world


@pytest.fixture
def browser(app):
    return factories.Browser(english(app))


def try_in(browser, email="caseworker@example.org", password=PASSWORD, **further):
    return browser.post("/sign-in", {"email": email, "password": password, **further})


def words(answer):
    """The page without its tokens, to compare two of them."""
    return re.sub(r'value="[^"]*"', "", answer.text)


def test_the_right_password_opens(home, browser):
    answer = try_in(browser)

    assert answer.status_code == 303
    assert browser.get("/profile").status_code == 200
    assert db.session.scalar(select(AuditEntry.actor_id).where(AuditEntry.deed == "signed_in")) == home.caseworker.id


def test_the_address_is_known_in_any_case(home, browser):
    assert try_in(browser, email="  CaseWorker@Example.org ").status_code == 303


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(home, app, monkeypatch):
    looked_at = []
    verify = type(throttle).__module__ and __import__("app.accounts.operations", fromlist=["hasher"]).hasher.verify
    monkeypatch.setattr(
        "app.accounts.operations.hasher",
        type("Counting", (), {"verify": staticmethod(lambda *a: looked_at.append(1) or verify(*a))}),
    )

    wrong = try_in(factories.Browser(english(app)), password="something else")
    unknown = try_in(factories.Browser(english(app)), email="nobody@example.org")

    assert wrong.status_code == unknown.status_code == 401
    assert words(wrong) == words(unknown)
    assert len(looked_at) == 2  # a hash is looked at in both, so that both take as long


def test_guessing_is_slowed_and_never_locked(home, app):
    browser = factories.Browser(english(app))
    answers = [try_in(browser, password="wrong wrong") for _number in range(5)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert "second" in answers[-1].text and "Nothing is locked" in answers[-1].text

    db.session.execute(throttle.Throttle.__table__.update().values(next_at=now() - timedelta(seconds=1)))
    db.session.commit()
    assert try_in(browser).status_code == 303


def test_an_account_that_does_not_exist_waits_the_same(home, app):
    browser = factories.Browser(english(app))

    answers = [try_in(browser, email="nobody@example.org") for _number in range(5)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429]


def test_strangers_who_guess_elsewhere_do_not_keep_the_owner_waiting(home, app):
    owner = factories.Browser(english(app))
    try_in(owner)
    for number in range(30):
        throttle.note_try("caseworker@example.org", f"10.0.0.{number}")
    db.session.commit()

    assert throttle.seconds_to_wait("caseworker@example.org", "10.0.0.99") > 0
    assert try_in(factories.Browser(english(app))).status_code == 303


def test_right_passwords_do_not_add_up_to_failures(home):
    for _number in range(40):
        throttle.note_try("caseworker@example.org", "10.0.0.1")
        throttle.forget_try("caseworker@example.org", "10.0.0.1")
    db.session.commit()

    assert throttle.seconds_to_wait("caseworker@example.org", "10.0.0.1") == 0
    assert throttle.seconds_to_wait("other@example.org", "10.0.0.1") == 0


def test_no_transaction_is_held_while_the_password_is_looked_at(home, browser, monkeypatch):
    import app.accounts.operations as operations

    verify, held = operations.hasher.verify, []

    class Watched:
        @staticmethod
        def verify(*words):
            held.append(db.session.in_transaction())
            return verify(*words)

    monkeypatch.setattr(operations, "hasher", Watched)
    try_in(browser)

    assert held == [False]


def test_a_session_ends_when_it_is_not_used(home, browser):
    try_in(browser)
    db.session.scalars(select(SignIn)).one().seen_at = now() - timedelta(minutes=61)
    db.session.commit()

    answer = browser.get("/profile")

    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/profile"


def test_a_session_ends_after_its_hours_however_busy(home, browser):
    try_in(browser)
    db.session.scalars(select(SignIn)).one().began_at = now() - timedelta(hours=13)
    db.session.commit()

    assert browser.get("/profile").status_code == 302


def test_whoever_is_switched_off_is_out_at_once(home, browser):
    try_in(browser)
    home.caseworker.active = False
    db.session.commit()

    assert browser.get("/profile").status_code == 302
    assert try_in(browser).status_code == 401


def test_signing_out_ends_the_sign_in_on_the_server(home, browser):
    try_in(browser)
    browser.post("/sign-out", form_at="/profile")

    assert db.session.scalars(select(SignIn)).all() == []
    assert browser.get("/profile").status_code == 302


def test_the_language_changes_on_the_sign_in_page(home, browser):
    browser.post("/language", {"language": "es", "next": "/sign-in"}, form_at="/sign-in")
    assert "Contraseña" in browser.get("/sign-in").text

    browser.post("/language", {"language": "en", "next": "/sign-in"}, form_at="/sign-in")
    assert "Password" in browser.get("/sign-in").text


def test_after_an_idle_end_the_page_speaks_the_language_of_who_was_here(home, browser):
    home.caseworker.language = "es"
    try_in(browser)
    db.session.scalars(select(SignIn)).one().seen_at = now() - timedelta(hours=2)
    db.session.commit()

    assert "Contraseña" in browser.get("/sign-in", headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "/\t/example.com",
        "/\n/example.com",
        "profile",
        "",
        "/\\/x",
    ],
)
def test_the_way_after_signing_in_leads_nowhere_else(home, browser, elsewhere):
    assert try_in(browser, next=elsewhere).location == "/"


def test_the_way_after_signing_in_leads_where_one_wanted_to_go(home, browser):
    assert try_in(browser, next="/help/logging?x=1").location == "/help/logging?x=1"


def test_an_address_that_takes_forms_only_is_no_way(home, browser):
    assert try_in(browser, next="/profile/password").location == "/"


def test_a_sign_in_form_that_is_too_old_is_shown_again(home, app):
    answer = english(app).post("/sign-in", data={"email": "x@example.org", "password": "y", "next": "/profile"})

    assert answer.status_code == 401
    assert 'name="password"' in answer.text and 'value="/profile"' in answer.text


def test_whoever_is_in_already_is_led_on(home, browser):
    try_in(browser)

    assert browser.get("/sign-in?next=/profile").location == "/profile"


def test_the_demonstration_shows_its_accounts_and_the_real_thing_does_not(app, home, browser):
    db.session.add(User(email="one@demo.example", email_folded="one@demo.example", name="One", language="en"))
    db.session.commit()
    assert "amparo-demo" not in browser.get("/sign-in").text

    app.config["KIND"] = "demo"
    page = browser.get("/sign-in").text

    assert "amparo-demo" in page and "one@demo.example" in page and "caseworker@example.org" not in page
