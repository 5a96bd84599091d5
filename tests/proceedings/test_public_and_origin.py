"""A proceeding is public already once two people say so, and it arises from incidents of its case."""

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.duplicates.merging import merge_incidents
from app.proceedings.models import ProceedingIncident
from tests import factories
from tests.factories import a_proceeding

OF_BOTH_DATABASES = ("sqlite",)


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, by=world.caseworker)


@pytest.fixture
def proceeding(world, case):
    return a_proceeding(case, world.caseworker, title="A trial")


def address(proceeding, end=""):
    return f"/proceedings/{proceeding.reference}{end}"


def move(browser, proceeding, name, **values):
    given = {"move": name, "version": proceeding.version, **values}
    return browser.post(address(proceeding, "/public"), given, form_at=address(proceeding))


def edit(browser, proceeding, *incidents, **values):
    given = {
        "version": proceeding.version, "direction": "AGAINST", "kind": "CRIMINAL", "title_es": "A trial",
        "title_en": "A trial", "origin": [one.reference for one in incidents], **values,
    }  # fmt: skip
    return browser.post(address(proceeding, "/edit"), given)


def linked():
    return [row.incident_id for row in db.session.scalars(unguarded(select(ProceedingIncident), "the test looks"))]


def test_what_one_says_is_public_another_approves(world, proceeding, sign_in):
    writer, reviewer = sign_in(world.caseworker), sign_in(world.coordinator)

    assert move(reviewer, proceeding, "set_public").status_code == 303
    assert move(reviewer, proceeding, "approve_public").status_code == 409
    assert move(writer, proceeding, "approve_public").status_code == 409
    assert not proceeding.is_already_public
    assert "another person has to approve it" in reviewer.get(address(proceeding)).text

    assert move(writer, proceeding, "revoke_public").status_code == 409
    assert move(writer, proceeding, "revoke_public", note="Not yet").status_code == 303
    move(writer, proceeding, "set_public")
    assert move(reviewer, proceeding, "approve_public").status_code == 303

    assert proceeding.is_already_public and "Public already: marked by" in writer.get(address(proceeding)).text
    told = writer.get(address(proceeding, "/history")).text
    for words in ("marked it as already public", "approved it as public", "took it back", "Not yet"):
        assert words in told


def test_an_approval_ends_when_the_title_changes_and_with_nothing_else(world, proceeding, sign_in):
    writer, reviewer = sign_in(world.caseworker), sign_in(world.coordinator)
    move(writer, proceeding, "set_public")
    move(reviewer, proceeding, "approve_public")

    edit(writer, proceeding, notes="A note")
    assert proceeding.is_already_public

    edit(writer, proceeding, title_es="Another trial")
    assert not proceeding.is_already_public and proceeding.public_set_by_id is None


def test_only_incidents_of_the_case_that_one_reads_are_linked(world, case, proceeding, sign_in):
    browser = sign_in(world.caseworker)
    ours = factories.an_incident(world.caseworker, case=case, title="The march")
    elsewhere = factories.an_incident(world.stranger, team=world.north, title="Another team's")

    assert edit(browser, proceeding, elsewhere).status_code == 400
    assert linked() == []
    assert edit(browser, proceeding, ours).status_code == 303

    assert linked() == [ours.id]
    assert "The march" in browser.get(address(proceeding)).text
    assert "Proceedings that arise from it" in browser.get(f"/incidents/{ours.reference}").text
    assert ours.reference in browser.get(address(proceeding, "/history")).text
    edit(browser, proceeding)
    assert linked() == []


def test_a_link_to_what_one_may_not_see_is_not_shown_and_stays(world, case, proceeding, sign_in):
    closed = factories.a_case(world.south, world.coordinator, by=world.coordinator)
    hidden = factories.an_incident(world.coordinator, case=closed, title="Hidden")
    open_one = factories.an_incident(world.caseworker, case=case, title="The march")
    proceeding.incidents = [hidden, open_one]
    db.session.commit()
    browser = sign_in(world.caseworker)

    for page in ("", "/edit", "/history"):
        text = browser.get(address(proceeding, page)).text
        assert open_one.reference in text and hidden.reference not in text and "Hidden" not in text
    edit(browser, proceeding)

    assert linked() == [hidden.id]


def test_a_page_with_many_links_asks_the_database_no_more_often(world, case, proceeding, sign_in, statements):
    browser = sign_in(world.caseworker)
    incidents = [factories.an_incident(world.caseworker, case=case, title=f"March {number}") for number in range(12)]
    edit(browser, proceeding, incidents[0])
    with statements() as few:
        browser.get(address(proceeding))
    edit(browser, proceeding, *incidents)
    with statements() as many:
        page = browser.get(address(proceeding)).text

    assert "March 11" in page and len(many) <= len(few)


def test_the_links_of_a_merged_incident_go_to_the_one_that_stays(world, case, proceeding):
    kept, gone = (factories.an_incident(world.caseworker, case=case) for _time in range(2))
    proceeding.incidents = [gone]
    db.session.commit()

    merge_incidents(world.coordinator, kept, gone, {}, "The same march")

    assert linked() == [kept.id]
