"""Who owns a company on record, and where the chain of owners is at home."""

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.audit import acting
from app.db import db
from app.organisations.models import Organisation
from app.organisations.operations import edit_organisation
from app.organisations.parents import ParentRefused, home_countries, home_country_of
from app.organisations.queries import companies_at_home_in, subsidiaries_of
from tests import factories


def a_company(world, name, parent=None, team=None, **values):
    company = factories.an_organisation(name, team=team or world.south, parent=parent, **values)
    db.session.commit()
    return company


def edited(world, company, **facts):
    with acting(world.coordinator.id):
        edit_organisation(world.coordinator, company, {"name": company.name, "aliases": [], **facts})
        db.session.commit()


def names(statement):
    return [each.name for each in db.session.scalars(statement).unique()]


def test_the_home_is_the_own_else_that_of_the_next_parent_that_has_one(world):
    top = a_company(world, "Top", home_country="GB")
    middle = a_company(world, "Middle", top, country="HK")
    low = a_company(world, "Low", middle)
    moved = a_company(world, "Moved", middle, home_country="BE")
    beneath = a_company(world, "Beneath", moved)
    alone = a_company(world, "Alone", country="GB")
    a_company(world, "Theirs", team=world.north, home_country="GB")
    rows = [top, middle, low, moved, beneath, alone]

    homes = {top: "GB", middle: "GB", low: "GB", moved: "BE", beneath: "BE"}
    assert {row: home_country_of(row) for row in rows} == {**homes, alone: None}
    assert home_countries(world.caseworker, rows) == {row.id: country for row, country in homes.items()}
    ours = [each for each in db.session.scalars(companies_at_home_in(world.caseworker, "GB")) if each.team_id]
    assert ours == [low, middle, top]
    assert names(companies_at_home_in(world.caseworker, "BE")) == ["Beneath", "Moved"]
    assert names(subsidiaries_of(world.caseworker, middle)) == ["Low", "Moved"]


def test_a_ring_that_is_there_all_the_same_comes_to_an_end(world):
    one = a_company(world, "One")
    two = a_company(world, "Two", one)
    one.parent = two
    three = a_company(world, "Three", two)
    db.session.commit()

    assert home_country_of(three) is None
    assert home_countries(world.caseworker, [one, two, three]) == {}
    two.home_country = "AU"
    db.session.commit()
    assert names(companies_at_home_in(world.caseworker, "AU")) == ["One", "Three", "Two"]


def test_rings_and_records_of_other_teams_are_refused(world):
    top = a_company(world, "Top")
    middle = a_company(world, "Middle", top)
    low = a_company(world, "Low", middle)
    theirs = a_company(world, "Theirs", team=world.north)

    for parent, why in ((top, ""), (low, "Low .* Top"), (theirs, "")):
        with pytest.raises(ParentRefused, match=why):
            edited(world, top, parent=parent)
    edited(world, low, parent=top)
    assert low.parent is top


def test_the_form_finds_the_parent_and_says_why_it_cannot_be(world, sign_in):
    low = a_company(world, "Low")
    browser, page = sign_in(world.caseworker), f"/organisations/{low.reference}"
    values = {"name": "Low", "version": low.version}

    unknown = browser.post(f"{page}/edit", values | {"parent": "Nobody Ltd"}, form_at=f"{page}/edit")
    itself = browser.post(f"{page}/edit", values | {"parent": "low"}, form_at=f"{page}/edit")
    browser.post(f"{page}/edit", values | {"parent": "MMG Las Bambas"}, form_at=f"{page}/edit")

    assert unknown.status_code == itself.status_code == 400
    assert "Nobody Ltd" in unknown.text and "its own parent" in itself.text
    db.session.expire_all()
    assert low.parent.external_id == "MMG" and home_country_of(low) == "CN"
    shown = browser.get(page).text
    assert low.parent.reference in shown and "as that of the parent" in shown
    assert low.reference in browser.get(f"/organisations/{low.parent.reference}").text
    assert low.reference not in sign_in(world.stranger).get(f"/organisations/{low.parent.reference}").text
    listed = browser.get("/organisations/?home=CN&text=low").text
    assert low.reference in listed and low.reference not in browser.get("/organisations/?home=CA").text
    assert "filled in the parent company on record: Minera Las Bambas (MMG)" in browser.get(f"{page}/history").text


def test_a_list_asks_as_much_for_ten_as_for_one(world, sign_in, statements):
    top = a_company(world, "Top", home_country="GB")
    browser = sign_in(world.caseworker)
    a_company(world, "Quartz 0", top)
    browser.get("/organisations/?text=quartz")
    with statements() as few:
        browser.get("/organisations/?text=quartz")
    for number in range(1, 10):
        a_company(world, f"Quartz {number}", top)
    with statements() as many:
        browser.get("/organisations/?text=quartz")

    assert len(many) == len(few)


def test_the_pack_can_be_a_parent_and_has_none_of_a_team(app, world):
    rows = db.session.scalars(unguarded(select(Organisation).where(Organisation.team_id.is_(None)), "test")).all()

    assert rows and all(row.parent_id is None for row in rows)
