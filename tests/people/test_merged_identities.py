"""Who somebody is while two records of one person stand together, and afterwards: never for who may not ask."""

import re

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.people.models import PersonIdentity, PersonMerge
from tests import factories

WHY = "Both told us of the same arrest"
ASKED = {"reason": "The hearing is tomorrow"}


def bring_together(browser, kept, gone):
    address = f"/people/{kept.reference}/merge"
    compared = browser.get(f"{address}?with={gone.reference}").text
    versions = dict(re.findall(r'name="(kept_version|gone_version)" value="(\d+)"', compared))
    answer = browser.post(
        address, {"with": gone.reference, **versions, "reason": WHY}, form_at=f"{address}?with={gone.reference}"
    )
    assert answer.status_code == 303
    newest = select(PersonMerge).order_by(PersonMerge.id.desc()).limit(1)
    return db.session.scalars(unguarded(newest, "the test looks")).one()


def take_back(browser, kept, merge):
    page = f"/people/{kept.reference}"
    assert browser.post(f"{page}/unmerge/{merge.uid}", form_at=page).status_code == 303


def choose(browser, kept, merge, choice):
    page = f"/people/{kept.reference}"
    return browser.post(f"{page}/identity/choose/{merge.uid}", {"choice": choice}, form_at=page)


def names():
    db.session.expire_all()
    statement = select(PersonIdentity.person_id, PersonIdentity.legal_name)
    return dict(db.session.execute(unguarded(statement, "the test looks")).all())


@pytest.fixture
def heron(world):
    """Recorded by the caseworker, who may therefore ask who it is; in a case of which they know nothing."""
    person = factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Quetzalina Zyx")
    factories.a_role(person, factories.a_case(world.south, world.coordinator, title="Hidden as well"))
    return person


@pytest.fixture
def crane(world):
    """Recorded by the coordinator; the caseworker knows nothing of it."""
    person = factories.a_person(world.coordinator, team=world.south, pseudonym="Crane", legal_name="Plovera Secreta")
    factories.a_role(person, factories.a_case(world.south, world.coordinator, title="Hidden"))
    return person


@pytest.mark.parametrize("choice", ["kept", "gone"])
def test_of_a_merge_that_was_taken_back_no_identity_is_chosen(world, sign_in, heron, crane, choice):
    coordinator = sign_in(world.coordinator)
    merge = bring_together(coordinator, heron, crane)
    take_back(coordinator, heron, merge)
    before = names()

    answer = choose(sign_in(world.caseworker), heron, merge, choice)

    assert answer.status_code == 409 and "taken back already" in answer.text
    assert names() == before == {heron.id: "Quetzalina Zyx", crane.id: "Plovera Secreta"}


def test_who_recorded_the_one_that_went_is_not_told_the_identity_of_the_one_that_stays(world, sign_in, heron, crane):
    coordinator = sign_in(world.coordinator)
    merge = bring_together(coordinator, crane, heron)
    choose(coordinator, crane, merge, "gone")
    assert names() == {crane.id: "Quetzalina Zyx", heron.id: "Plovera Secreta"}
    page = f"/people/{heron.reference}"
    browser = sign_in(world.caseworker)
    assert browser.get(f"/people/{crane.reference}").status_code == 404

    answer = browser.post(f"{page}/identity/show", ASKED, form_at=page)

    assert answer.status_code == 409 and "went into another one" in answer.text
    assert "Plovera" not in answer.text
    looked_up = browser.post("/people/by-name", {"name": "Plovera Secreta", **ASKED})
    assert heron.reference not in looked_up.text and crane.reference not in looked_up.text


def test_who_may_ask_of_the_one_that_stays_asks_there(world, sign_in, heron, crane):
    coordinator = sign_in(world.coordinator)
    bring_together(coordinator, crane, heron)
    page = f"/people/{crane.reference}"

    shown = coordinator.post(f"{page}/identity/show", ASKED, form_at=page)

    assert "Plovera Secreta" in shown.text and "Quetzalina Zyx" in shown.text


def test_after_it_is_taken_back_each_is_asked_about_as_before(world, sign_in, heron, crane):
    coordinator = sign_in(world.coordinator)
    take_back(coordinator, crane, bring_together(coordinator, crane, heron))
    page = f"/people/{heron.reference}"

    shown = sign_in(world.caseworker).post(f"{page}/identity/show", ASKED, form_at=page)

    assert "Quetzalina Zyx" in shown.text and "Plovera" not in shown.text


# --- histories -----------------------------------------------------------------------------------


def rename(browser, person, pseudonym):
    db.session.expire_all()
    values = {"version": person.version, "pseudonym": pseudonym, "pseudonym-meant": "new"}
    assert browser.post(f"/people/{person.reference}/edit", values).status_code == 303


@pytest.fixture
def with_a_past(world, sign_in):
    """Two whose legal name stood as their pseudonym for a while."""
    case = factories.a_case(world.south, world.caseworker)
    people = []
    for name, pseudonym in (("Quetzalina Zyx", "Heron"), ("Plovera Secreta", "Crane")):
        person = factories.a_person(world.caseworker, pseudonym="Bird", legal_name=name)
        factories.a_role(person, case)
        rename(sign_in(world.caseworker), person, name)
        rename(sign_in(world.coordinator), person, pseudonym)
        people.append(person)
    return people


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_no_history_tells_a_name_after_identities_are_exchanged(world, sign_in, with_a_past, is_taken_back):
    kept, gone = with_a_past
    coordinator = sign_in(world.coordinator)
    merge = bring_together(coordinator, kept, gone)
    assert choose(coordinator, kept, merge, "gone").status_code == 303
    if is_taken_back:
        take_back(coordinator, kept, merge)

    for person in with_a_past:
        page = sign_in(world.caseworker).get(f"/people/{person.reference}/history")
        assert page.status_code == 200 and "it is not shown here" in page.text
        assert "Quetzalina" not in page.text and "Plovera" not in page.text


def test_nor_after_the_one_that_stays_goes_into_a_third(world, sign_in, with_a_past):
    kept, gone = with_a_past
    third = factories.a_person(world.caseworker, pseudonym="Ibis", legal_name="Ibisa Tercera")
    factories.a_role(third, factories.a_case(world.south, world.caseworker))
    coordinator = sign_in(world.coordinator)
    for stays, goes in ((kept, gone), (third, kept)):
        assert choose(coordinator, stays, bring_together(coordinator, stays, goes), "gone").status_code == 303
    assert names() == {third.id: "Plovera Secreta", kept.id: "Ibisa Tercera", gone.id: "Quetzalina Zyx"}

    for person in (kept, gone, third):
        page = sign_in(world.caseworker).get(f"/people/{person.reference}/history")
        assert page.status_code == 200
        assert "Quetzalina" not in page.text and "Plovera" not in page.text
