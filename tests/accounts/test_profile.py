"""One's own account."""

from __future__ import annotations

import pytest

from app.accounts.models import User
from app.accounts.operations import hash_password, password_fits
from app.db import db

OF_BOTH_DATABASES = ("sqlite",)

OLD, NEW = "four ordinary words here", "five other ordinary words here"


@pytest.fixture
def browser(world, sign_in):
    world.caseworker.password_hash = hash_password(OLD)
    db.session.commit()
    return sign_in(world.caseworker)


def change(browser, old=OLD, new=NEW, again=NEW):
    values = {"old_password": old, "password": new, "password_again": again}
    return browser.post("/profile/password", values, form_at="/profile")


def test_language_and_look_are_kept(world, browser):
    answer = browser.post("/profile", {"language": "es", "theme": "dark"}, follow=True)

    assert "Guardado" in answer.text
    assert 'lang="es" data-bs-theme="dark"' in answer.text


def test_keys_of_one_sign_can_be_switched_off(world, browser):
    assert "data-keys" in browser.get("/profile").text

    browser.post("/profile", {"language": "en", "theme": "auto"})

    assert "data-keys" not in browser.get("/profile").text


def test_a_choice_that_is_none_is_refused(world, browser):
    assert browser.post("/profile", {"language": "xx", "theme": "dark"}).status_code == 400


def test_the_password_changes_and_other_sign_ins_end(world, browser, sign_in):
    elsewhere = sign_in(world.caseworker)

    assert change(browser).status_code == 303

    assert browser.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 302
    assert password_fits("caseworker@example.org", NEW) == db.session.query(User).filter_by(name="Caseworker").one().id


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"old": "not the old one"}, "not your current password"),
        ({"new": "short", "again": "short"}, "at least 10 characters"),
        ({"again": "something else entirely"}, "two passwords differ"),
    ],
)
def test_a_change_that_is_not_right_says_why(world, browser, words, sentence):
    answer = change(browser, **words)

    assert answer.status_code == 400 and sentence in answer.text
    assert password_fits("caseworker@example.org", OLD)


def test_guessing_at_an_unlocked_screen_is_slowed(world, browser):
    answers = [change(browser, old="a guess at it") for _number in range(5)]

    assert "Too many tries" in answers[-1].text
    assert password_fits("caseworker@example.org", OLD)


def test_the_others_can_be_ended(world, browser, sign_in):
    elsewhere = sign_in(world.caseworker)
    somebody = sign_in(world.stranger)
    assert "Another browser" in browser.get("/profile").text

    browser.post("/profile/end-others", form_at="/profile")

    assert elsewhere.get("/profile").status_code == 302
    assert browser.get("/profile").status_code == 200
    assert somebody.get("/profile").status_code == 200
