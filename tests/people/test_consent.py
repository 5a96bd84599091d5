"""What a person allows: of many dated answers, the one that counts."""

from datetime import date

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.people.consent import effective_consent, weakest_consent
from app.people.models import Consent, Person
from tests import factories

DAY = date(2024, 6, 15)


def answer(level, given, purpose="ALL", *, until=None, withdrawn=None):
    return Consent(
        purpose=purpose,
        level=level,
        given_on=date.fromisoformat(given),
        expires_on=until and date.fromisoformat(until),
        withdrawn_on=withdrawn and date.fromisoformat(withdrawn),
    )


def person_with(*answers):
    return Person(pseudonym="Heron", consents=list(answers))


TABLE = [
    ("nobody asked", [], None),
    ("an answer for any purpose", [answer("C3", "2020-01-01")], "C3"),
    ("its own purpose goes before any", [answer("C3", "2020-01-01"), answer("C1", "2019-01-01", "UPR")], "C1"),
    ("another purpose says nothing", [answer("C4", "2020-01-01", "LITIGATION")], None),
    ("the latest counts", [answer("C4", "2020-01-01"), answer("C2", "2021-01-01")], "C2"),
    ("of one day the later row counts", [answer("C4", "2020-01-01"), answer("C0", "2020-01-01")], "C4"),
    ("not before it was given", [answer("C4", "2024-06-16")], None),
    ("on the day itself", [answer("C4", "2024-06-15")], "C4"),
    ("expired", [answer("C4", "2020-01-01", until="2024-06-14")], None),
    ("until the last day", [answer("C4", "2020-01-01", until="2024-06-15")], "C4"),
    ("withdrawn that day", [answer("C4", "2020-01-01", withdrawn="2024-06-15")], None),
    ("withdrawn the day after", [answer("C4", "2020-01-01", withdrawn="2024-06-16")], "C4"),
    (
        "withdrawn for the purpose, any purpose remains",
        [answer("C3", "2020-01-01"), answer("C4", "2021-01-01", "UPR", withdrawn="2022-01-01")],
        "C3",
    ),
    ("a later refusal of everything", [answer("C4", "2020-01-01", "UPR"), answer("C0", "2021-01-01")], "C0"),
    ("an earlier refusal of everything", [answer("C0", "2020-01-01"), answer("C3", "2021-01-01", "UPR")], "C3"),
    ("a later limit for any purpose", [answer("C4", "2020-01-01", "UPR"), answer("C1", "2021-01-01")], "C4"),
]


@pytest.mark.parametrize(("answers", "level"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_answer_that_counts(answers, level):
    found = effective_consent(person_with(*answers), "UPR", DAY)

    assert (found.level if found else None) == level


@pytest.mark.parametrize(
    ("levels", "weakest"),
    [([], None), (["C4", "C3"], "C3"), (["C4", None], None), ([None, "C1"], "C1"), (["C1", "C0", None], "C0")],
)
def test_of_several_people_the_one_who_allows_least(levels, weakest):
    people = [person_with(*([answer(level, "2020-01-01")] if level else [])) for level in levels]

    assert weakest_consent(people, "UPR", DAY) == weakest


# --- through the pages


def given(**changes):
    return {"purpose": "ALL", "level": "C3", "given_on": "1/3/2024", **changes}


def stored(person):
    db.session.expire_all()
    rows = db.session.scalars(unguarded(select(Consent).where(Consent.person_id == person.id), "test"))
    return [(row.level, row.purpose, row.withdrawn_on is not None) for row in rows]


def test_an_answer_sent_twice_is_written_once(world, sign_in):
    person = factories.a_person(world.caseworker)
    browser = sign_in(world.caseworker)

    for _time in range(2):
        browser.post(f"/people/{person.reference}/consent", given(form_token="t" * 43))

    assert stored(person) == [("C3", "ALL", False)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"given_on": "1/3/2999"}, "This day is still to come."),
        ({"given_on": "30/2/2024"}, "Write the day like 22/10/2024."),
        ({"expires_on": "1/2/2024"}, "It would end before it begins."),
        ({"level": ""}, "Choose what was answered."),
        ({"level": "C9"}, "Not a valid choice"),
    ],
)
def test_a_bad_answer_is_refused_in_words(world, sign_in, typed, sentence):
    person = factories.a_person(world.caseworker)

    refused = sign_in(world.caseworker).post(f"/people/{person.reference}/consent", given(**typed))

    assert refused.status_code == 400
    assert sentence in refused.text
    assert stored(person) == []


def test_an_answer_that_allows_less_ends_what_an_earlier_one_allowed(world, sign_in):
    person = factories.a_person(world.caseworker, consent="C4")

    sign_in(world.caseworker).post(f"/people/{person.reference}/consent", given(level="C1", expires_on="1/4/2024"))

    assert stored(person) == [("C4", "ALL", True), ("C1", "ALL", False)]
    assert effective_consent(person, "UPR", date(2025, 1, 1)) is None


def test_taking_back_an_answer_does_not_bring_an_older_one_to_life(world, sign_in):
    person = factories.a_person(world.caseworker, consent="C3")
    browser = sign_in(world.caseworker)
    browser.post(f"/people/{person.reference}/consent", given(level="C4"))
    latest = db.session.scalars(unguarded(select(Consent).where(Consent.level == "C4"), "test")).one()
    address = f"/people/{person.reference}/consent/{latest.uid}/withdraw"

    refused = browser.post(address, {"withdrawn_on": "1/1/2024", "reason": ""})
    browser.post(address, {"withdrawn_on": "2/3/2024", "reason": "Changed her mind"})

    assert "This is before the answer was given." in refused.text and refused.status_code == 400
    assert stored(person) == [("C3", "ALL", True), ("C4", "ALL", True)]
    assert "Changed her mind" in browser.get(f"/people/{person.reference}").text
    assert browser.post(address, {"withdrawn_on": "3/3/2024", "reason": "Again"}).status_code == 409


def test_the_answer_of_another_person_is_not_reached_through_mine(world, sign_in):
    mine, other = factories.a_person(world.caseworker), factories.a_person(world.stranger, consent="C3")
    uid = other.consents[0].uid

    answer = sign_in(world.caseworker).get(f"/people/{mine.reference}/consent/{uid}/withdraw")

    assert answer.status_code == 404


def test_the_page_tells_not_asked_from_refused(world, sign_in):
    asked = factories.a_person(world.caseworker, pseudonym="Heron", consent="C0")
    unasked = factories.a_person(world.caseworker, pseudonym="Crane")
    browser = sign_in(world.caseworker)

    refused_page = browser.get(f"/people/{asked.reference}").text
    unasked_page = browser.get(f"/people/{unasked.reference}").text

    assert "Refused" in refused_page and "Not asked yet" not in refused_page
    assert "Not asked yet" in unasked_page and "Nobody has asked yet." in unasked_page
