"""Code lists in the browser: words change here and stay; the program's own codes stay too."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import db
from app.vocabulary import operations, queries
from app.vocabulary.models import Code
from app.vocabulary.names import FIXED, LISTS

ADDRESS = "/codes/incident_types/LIFE.KILL"


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.administrator)


def code(key):
    return db.session.scalars(select(Code).where(Code.key == key)).one()


def edit(browser, address=ADDRESS, **changes):
    row = code(address.removeprefix("/codes/"))
    values = {name: getattr(row, name) or "" for name in ("label_es", "label_en", "definition_es", "definition_en")}
    values |= {"upr": row.upr, "active": "y", **changes}
    return browser.post(address, {name: value for name, value in values.items() if value is not None})


def test_every_list_has_a_name(app):
    assert set(db.session.scalars(select(Code.list).distinct())) == set(LISTS)
    assert set(LISTS) >= FIXED


def test_lists_and_their_counts_show(browser):
    page = browser.get("/codes/").text

    assert "Types of incident" in page and "incident_types" in page


def test_a_code_shows_words_source_and_mark(browser):
    page = browser.get("/codes/incident_types").text
    assert "Killing (targeted)" in page and "Asesinato (selectivo)" in page
    assert "64 of 64 codes" in page and "seen in the source" in page and "our proposal" in page

    assert "SDG 16.10.1" in browser.get(ADDRESS).text


@pytest.mark.parametrize("words", ["desaparicion", "DISAPPEARANCE enforced", "life.dis"])
def test_search_forgives_accents_and_takes_either_language(browser, words):
    page = browser.get("/codes/incident_types", query_string={"text": words}).text

    assert "LIFE.DIS" in page and "LIFE.KILL" not in page


def test_an_edit_survives_an_update_of_the_pack(browser):
    assert edit(browser, label_es="Asesinato", label_en="Murder").status_code == 303
    assert code("incident_types/LIFE.KILL").edited
    assert "edited here" in browser.get("/codes/incident_types").text

    again = browser.post("/codes/reload", form_at="/codes/", follow=True)

    assert "1 codes stay as edited here" in again.text
    assert code("incident_types/LIFE.KILL").label_es == "Asesinato"
    with browser.client.application.test_request_context():
        assert queries.label("incident_types", "LIFE.KILL") in ("Asesinato", "Murder")


def test_an_edit_can_be_given_up(browser):
    edit(browser, label_en="Murder")

    browser.post(f"{ADDRESS}/pack-words", form_at=ADDRESS)

    assert code("incident_types/LIFE.KILL").label_en == "Killing (targeted)"
    assert not code("incident_types/LIFE.KILL").edited


def test_saving_without_a_change_is_no_edit(browser):
    edit(browser)

    assert not code("incident_types/LIFE.KILL").edited


def test_an_update_says_what_it_did(browser):
    code("incident_types/LIFE.KILL").label_en = "Old words"
    gone = Code(key="sectors/GONE", list="sectors", code="GONE", label_en="Gone", label_es="Ya no", upr="never")
    db.session.add(gone)
    db.session.commit()

    page = browser.post("/codes/reload", form_at="/codes/", follow=True).text

    assert "1 changed" in page and "1 switched off" in page
    assert not code("sectors/GONE").active
    assert code("incident_types/LIFE.KILL").label_en == "Killing (targeted)"


def test_both_labels_are_asked_for(browser):
    answer = edit(browser, label_en=" ")

    assert answer.status_code == 400 and "both languages" in answer.text


def test_a_code_that_leaves_the_house_is_one_of_those_agreed(browser):
    assert edit(browser, upr="invented").status_code == 400


def test_a_code_switched_off_is_not_offered_any_more(browser):
    edit(browser, active=None)

    with browser.client.application.test_request_context():
        assert "LIFE.KILL" not in dict(queries.choices("incident_types"))
        assert "LIFE.KILL" in dict(queries.choices("incident_types", keep="LIFE.KILL"))


def test_a_code_of_ones_own_can_be_added(browser):
    values = {
        "code": "water.cut",
        "label_es": "Corte de agua",
        "label_en": "Water cut off",
        "upr": "never",
        "active": "y",
    }

    assert browser.post("/codes/incident_types/new", {**values, "parent": "LAND"}).status_code == 303

    row = code("incident_types/WATER.CUT")
    assert (row.origin, row.parent, row.active) == ("local", "LAND", True)
    again = browser.post("/codes/incident_types/new", values)
    assert again.status_code == 400 and "has this code already" in again.text
    browser.post("/codes/reload", form_at="/codes/")
    assert code("incident_types/WATER.CUT").active


@pytest.mark.parametrize("bad", ["", "two words", "../x", "ÑU", "1A", "new", "x" * 61])
def test_a_code_that_cannot_be_one_is_refused(browser, bad):
    values = {"code": bad, "label_es": "Uno", "label_en": "One", "upr": "never", "active": "y"}

    assert browser.post("/codes/sectors/new", values).status_code == 400


def test_codes_that_the_rules_name_stay(world, browser):
    assert browser.get("/codes/verification_statuses/new").status_code == 404
    answer = edit(browser, "/codes/verification_statuses/VERIFIED", active=None)
    assert answer.status_code == 400 and "cannot be switched off" in answer.text

    assert edit(browser, "/codes/verification_statuses/VERIFIED", label_en="Well verified").status_code == 303
    assert code("verification_statuses/VERIFIED").active
    with pytest.raises(operations.CodeProblem):
        operations.add_code("consent_levels", "C9", label_es="x", label_en="x")


def test_a_list_as_csv_has_the_columns_of_a_pack(browser):
    edit(browser, label_en="Murder")

    answer = browser.post("/codes/incident_types/export", form_at="/codes/incident_types")

    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert list(rows[0])[:5] == ["code", "label_en", "label_es", "definition_en", "definition_es"]
    assert len(rows) == 64
    assert {row["code"]: row["edited"] for row in rows}["LIFE.KILL"] == "yes"
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).one()


def test_what_is_not_there_is_404(browser):
    for address in ("/codes/nothing", "/codes/nothing/new", "/codes/sectors/NOTHING"):
        assert browser.get(address).status_code == 404


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "analyst", "auditor"])
def test_only_administrators_change_lists(world, sign_in, who):
    browser = sign_in(getattr(world, who))

    assert browser.get(ADDRESS).status_code == 403
    assert browser.post("/codes/reload", form_at="/profile").status_code == 403


def test_the_pages_cost_a_fixed_number_of_statements(browser, statements):
    browser.get("/codes/sectors")
    with statements() as few:
        browser.get("/codes/sectors")
    with statements() as many:
        browser.get("/codes/incident_types")

    assert len(many) == len(few)


def test_words_of_one_list_do_not_leak_into_another(browser):
    page = browser.get("/codes/sectors").text

    assert "Mining" in page and "Killing" not in page
