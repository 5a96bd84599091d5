"""The first administrator, and one-time links."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access import ADMINISTRATOR
from app.accounts.models import OneTimeLink, SignIn, User
from app.accounts.operations import new_link
from app.audit import AuditValue
from app.db import db, now
from tests import factories

GOOD = {"password": "four ordinary words here", "password_again": "four ordinary words here"}
CODE = "AB12-CD34-EF56"
FIRST = {"code": CODE, "name": "Ana", "email": "ana@example.org", **GOOD}


def english(app):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def browser(app):
    app.extensions["set_up_code"] = CODE
    return factories.Browser(english(app))


def test_the_first_visit_leads_to_the_set_up(browser):
    assert browser.get("/sign-in").location == "/set-up"


def test_the_code_from_the_terminal_makes_the_first_administrator(browser):
    answer = browser.post("/set-up", {**FIRST, "code": CODE.lower()})

    assert answer.status_code == 303
    assert db.session.scalars(select(User)).one().installation_role == ADMINISTRATOR
    assert browser.get("/accounts/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"code": "0000-0000-0000"}, "This is not the code"),
        ({"password": "short", "password_again": "short"}, "at least 10 characters"),
        ({"password": "aaaaaaaaaaaa", "password_again": "aaaaaaaaaaaa"}, "more different characters"),
        ({"password": "something ana else", "password_again": "something ana else", "name": "Anabel"}, None),
        ({"password": "anabel is my name", "password_again": "anabel is my name", "name": "Anabel"}, "your name"),
        ({"password_again": "another"}, "two passwords differ"),
        ({"email": "no address"}, "no e-mail address"),
    ],
)
def test_a_set_up_that_is_not_right_says_why(browser, wrong, sentence):
    answer = browser.post("/set-up", {**FIRST, **wrong})

    if sentence is None:
        assert answer.status_code == 303
    else:
        assert answer.status_code == 400
        assert sentence in answer.text
        assert db.session.scalars(select(User)).all() == []


def test_without_a_code_nobody_becomes_administrator(browser, app):
    app.extensions.pop("set_up_code")

    assert browser.post("/set-up", {**FIRST, "code": ""}).status_code == 400
    assert browser.post("/set-up", FIRST).status_code == 400


def test_the_set_up_is_closed_once_somebody_is_there(world, browser):
    assert browser.get("/set-up").location == "/sign-in"
    assert browser.post("/set-up", FIRST, form_at="/sign-in").location == "/sign-in"
    assert db.session.scalar(select(User).where(User.email == "ana@example.org")) is None


def test_a_link_opens_once(world, browser, app):
    token = new_link(world.caseworker)
    db.session.commit()

    answer = browser.post(f"/link/{token}", GOOD)

    assert answer.status_code == 303
    assert browser.get("/profile").status_code == 200
    again = factories.Browser(english(app))
    assert again.get(f"/link/{token}").status_code == 404
    signed_in = again.post("/sign-in", {"email": "caseworker@example.org", "password": GOOD["password"]})
    assert signed_in.status_code == 303


def test_a_link_ends_every_open_sign_in(world, browser, sign_in):
    elsewhere = sign_in(world.caseworker)
    token = new_link(world.caseworker)
    db.session.commit()

    browser.post(f"/link/{token}", GOOD)

    assert elsewhere.get("/profile").status_code == 302
    assert len(db.session.scalars(select(SignIn)).all()) == 1


def test_an_old_link_does_not_open(world, browser):
    token = new_link(world.caseworker)
    db.session.scalars(select(OneTimeLink)).one().expires_at = now() - timedelta(minutes=1)
    db.session.commit()

    assert browser.get(f"/link/{token}").status_code == 404


def test_a_new_link_ends_the_one_before(world, browser):
    first, second = new_link(world.caseworker), new_link(world.caseworker)
    db.session.commit()

    assert browser.get(f"/link/{first}").status_code == 404
    assert browser.get(f"/link/{second}").status_code == 200


def test_a_link_of_somebody_switched_off_does_not_open(world, browser):
    token = new_link(world.caseworker)
    world.caseworker.active = False
    db.session.commit()

    assert browser.get(f"/link/{token}").status_code == 404


def test_a_link_speaks_the_language_of_its_person(world, browser):
    world.caseworker.language = "es"
    token = new_link(world.caseworker)
    db.session.commit()

    assert "Elija una contraseña" in browser.get(f"/link/{token}", headers={"Accept-Language": "en"}).text


def test_no_secret_leaves_a_value_in_the_trail(world, browser):
    token = new_link(world.caseworker)
    db.session.commit()
    browser.post(f"/link/{token}", GOOD)

    columns = set(db.session.scalars(select(AuditValue.column)))
    assert not columns & {"password_hash", "token_digest"}
