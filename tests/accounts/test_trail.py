"""The audit trail, for auditors: entries, never values."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit import AuditEntry, acting, note_read
from app.dates import today
from app.db import db
from tests import factories


@pytest.fixture
def story(world):
    incident = factories.an_incident(world.caseworker, title="A secret place of refuge", narrative="The whole secret")
    person = factories.a_person(world.caseworker, pseudonym="Hummingbird", legal_name="Somebody Real")
    with acting(world.coordinator.id):
        incident.narrative = "Another secret"
        note_read(db.session, "identity_revealed", person, reason="because Somebody Real asked")
        db.session.commit()
    return incident


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.auditor)


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


SECRETS = ("secret", "Hummingbird", "Somebody Real")


def test_the_auditor_reads_who_did_what_and_no_value(story, browser):
    page = browser.get("/audit/").text

    assert story.reference in page and "narrative" in page and "saw an identity" in page
    assert not any(secret in page for secret in SECRETS)


def test_the_list_is_narrowed_by_each_filter(world, story, browser):
    def found(query):
        return browser.get(f"/audit/?{query}").text

    assert "saw an identity" in found("deed=identity_revealed")
    assert story.reference not in found("deed=identity_revealed")
    assert "narrative" in found(f"reference={story.reference.lower()}&deed=changed")
    assert story.reference not in found(f"who={world.stranger.handle}")
    assert story.reference in found(f"who={world.coordinator.handle}")
    assert story.reference in found(f"since={today()}&until={today()}")
    assert "No entry matches" in found(f"until={today() - timedelta(days=1)}")
    assert "No entry matches" in found(f"since={today() + timedelta(days=1)}")


@pytest.mark.parametrize("query", ["since=yesterday", "who=nobody", "deed=xyz", "page=99999", "reference=" + "x" * 50])
def test_a_filter_that_is_nonsense_breaks_nothing(story, browser, query):
    assert browser.get(f"/audit/?{query}").status_code in (200, 400)


def test_pages_of_the_list(world, browser):
    with acting(world.caseworker.id):
        for number in range(120):
            note_read(db.session, "export_taken", kind=str(number))
        db.session.commit()

    assert "Page 2 of" in browser.get("/audit/?deed=export_taken&page=2").text


def test_the_export_is_the_list_and_is_itself_recorded(world, story, browser):
    answer = browser.post("/audit/export", {"reference": story.reference}, form_at="/audit/")

    rows = rows_of(answer)
    assert rows and {row["reference"] for row in rows} == {story.reference}
    assert not any(secret in answer.get_data(as_text=True) for secret in SECRETS)
    taken = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).one()
    assert taken.actor_id == world.auditor.id
    assert {"what=audit", "reference=(text)", f"rows={len(rows)}"} <= set(taken.columns)


def test_the_export_holds_every_page(world, browser):
    with acting(world.caseworker.id):
        for number in range(120):
            note_read(db.session, "export_taken", kind=str(number))
        db.session.commit()

    assert len(rows_of(browser.post("/audit/export", {"deed": "export_taken"}, form_at="/audit/"))) == 120


def test_an_export_is_not_a_link(world, browser):
    assert browser.get("/audit/export").status_code == 405


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "analyst", "administrator"])
def test_nobody_else_reads_the_trail(world, sign_in, who):
    browser = sign_in(getattr(world, who))

    assert browser.get("/audit/").status_code == 403
    assert browser.post("/audit/export", form_at="/profile").status_code == 403


def test_the_auditor_sees_no_record(world, story, browser):
    for address in ("/incidents/", "/cases/", "/people/", f"/incidents/{story.reference}", "/accounts/", "/codes/"):
        assert browser.get(address).status_code in (403, 404)


def test_the_list_costs_a_fixed_number_of_statements(world, browser, statements):
    browser.get("/audit/")
    with statements() as few:
        browser.get("/audit/")
    with acting(world.caseworker.id):
        for number in range(40):
            note_read(db.session, "export_taken", kind=str(number))
        db.session.commit()
    with statements() as many:
        browser.get("/audit/")

    assert len(many) == len(few)


@pytest.mark.parametrize("field", ["who", "deed"])
def test_a_blank_filters_nothing(story, browser, field):
    assert story.reference in browser.get(f"/audit/?{field}=%20").text


def test_a_change_of_an_account_says_whose(world, browser):
    with acting(world.administrator.id):
        world.caseworker.name = "Another Name"
        db.session.commit()

    page = browser.get("/audit/").text
    rows = rows_of(browser.post("/audit/export", {}, form_at="/audit/"))

    assert page.count("Another Name") > browser.get("/audit/?deed=signed_in").text.count("Another Name")
    assert [row["reference"] for row in rows if row["table"] == "user" and row["columns"] == "name"] == [
        world.caseworker.handle
    ]
