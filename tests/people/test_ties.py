"""Other names, posts, and who belongs with whom: for full readers, and never beyond whom they see."""

import re

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.accounts.models import Membership
from app.db import db
from app.people.models import PersonLeadership, PersonOrganisation, PersonRelation
from tests import factories


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")


@pytest.fixture
def heron(world, case):
    person = factories.a_person(world.caseworker, pseudonym="Heron")
    factories.a_role(person, case)
    return person


def rows(model):
    return db.session.scalars(unguarded(select(model), "the test looks")).all()


def part(browser, person, anchor="ties"):
    page = browser.get(f"/people/{person.reference}").text
    found = re.search(rf'(?s)aria-labelledby="{anchor}">(.*?)</section>', page)
    return found[1] if found else ""


def relate(world, one, other, kind, note=None):
    relation = PersonRelation(person_id=one.id, other_id=other.id, kind=kind, note=note)
    db.session.add(relation)
    db.session.commit()
    return relation


# --- other names ---------------------------------------------------------------------------------


def test_other_names_are_written_kept_and_searched_by_full_readers_only(world, sign_in, heron):
    browser, address = sign_in(world.caseworker), f"/people/{heron.reference}/edit"
    values = {
        "version": heron.version,
        "pseudonym": "Heron",
        "aliases": "Don Kuntur\n\nEl del puente\ndon kuntur\nheron",
    }
    browser.post(address, values)
    factories.a_person(world.colleague, pseudonym="Crane").set_aliases(["Don Kuntur"])
    db.session.commit()

    assert [alias.name for alias in heron.aliases] == ["don kuntur", "El del puente"]
    found = browser.get("/people/?text=kuntur").text
    assert heron.reference in found and "Crane" not in found
    assert "El del puente" in browser.get(f"/people/{heron.reference}").text
    for who in (world.analyst, world.stranger):
        reader = sign_in(who)
        assert "El del puente" not in reader.get(f"/people/{heron.reference}").text
        assert heron.reference not in reader.get("/people/?text=kuntur").text
        assert heron.reference in reader.get("/people/?text=heron").text


def test_a_name_that_stays_is_the_same_row_and_one_taken_out_is_found_no_more(world, sign_in, heron):
    browser, address = sign_in(world.caseworker), f"/people/{heron.reference}/edit"
    browser.post(address, {"version": heron.version, "pseudonym": "Heron", "aliases": "Kuntur\nPuma"})
    db.session.expire_all()
    kept = heron.aliases[0].id
    browser.post(address, {"version": heron.version, "pseudonym": "Heron", "aliases": "Kuntur"})

    assert [alias.id for alias in heron.aliases] == [kept]
    assert heron.reference not in browser.get("/people/?text=puma").text


# --- posts and organisations ---------------------------------------------------------------------


def test_a_post_is_entered_changed_and_taken_out(world, sign_in, heron):
    union = factories.an_organisation("Federación del Río", team=world.south)
    browser, address = sign_in(world.caseworker), f"/people/{heron.reference}/leadership/new"
    values = {
        "kind": "INDIGENOUS",
        "title": "President",
        "organisation": union.name,
        "since": "2012",
        "until": "5/2016",
    }

    assert browser.post(address, values).status_code == 303
    post = rows(PersonLeadership)[0]
    assert (post.organisation_id, post.since, post.until) == (union.id, "2012", "2016-05")
    shown = part(browser, heron)
    assert "2012 – May 2016" in shown
    assert "Leader of an indigenous organisation" in shown and "President" in shown and "2012" in shown

    edit = f"/people/{heron.reference}/ties/{post.uid}"
    assert 'value="5/2016"' in browser.get(edit).text
    stale = {**values, "version": post.version - 1, "title": "Vice-president"}
    assert browser.post(edit, stale).status_code == 400
    browser.post(edit, {**values, "version": post.version, "title": "Secretary"})
    db.session.expire_all()
    assert rows(PersonLeadership)[0].title == "Secretary"
    browser.post(f"{edit}/erase", form_at=edit)
    assert rows(PersonLeadership) == []


def test_the_same_form_twice_makes_one_post(world, sign_in, heron):
    browser, address = sign_in(world.caseworker), f"/people/{heron.reference}/leadership/new"
    for _time in range(2):
        browser.post(address, {"kind": "LAWYER", "form_token": "t" * 43})

    assert len(rows(PersonLeadership)) == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "MEMBER", "organisation": "Nobody knows it"}, "No single organisation"),
        ({"kind": "", "organisation": "Union"}, "Choose what the person is there."),
        ({"kind": "MEMBER", "organisation": "Union", "since": "2016", "until": "2012"}, "end before it begins"),
        ({"kind": "MEMBER", "organisation": "Union", "since": "soon"}, "Write the date like"),
        ({"kind": "NONSENSE", "organisation": "Union"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_lost(world, sign_in, heron, values, words):
    factories.an_organisation("Union", team=world.south)

    answer = sign_in(world.caseworker).post(f"/people/{heron.reference}/organisations/new", {**values, "note": "Kept"})

    assert answer.status_code == 400 and words in answer.text and "Kept" in answer.text
    assert rows(PersonOrganisation) == []


# --- people --------------------------------------------------------------------------------------


def test_a_relation_reads_from_both_ends(world, sign_in, heron):
    child = factories.a_person(world.caseworker, pseudonym="Ibis")
    browser = sign_in(world.caseworker)

    browser.post(f"/people/{child.reference}/relations/new", {"kind": "PARENT:inverse", "other": "Heron"})

    relation = rows(PersonRelation)[0]
    assert (relation.person_id, relation.other_id, relation.kind) == (heron.id, child.id, "PARENT")
    assert re.search(r"Parent of\s+<a[^>]*>Ibis", part(browser, heron))
    assert re.search(r"Child of\s+<a[^>]*>Heron", part(browser, child))
    assert "PARENT:inverse" in browser.get(f"/people/{child.reference}/ties/{relation.uid}").text


def test_who_does_not_see_the_other_sees_nothing_of_the_relation(world, sign_in, heron, case):
    hidden = factories.a_person(world.colleague, pseudonym="Secret bird")
    seen = factories.a_person(world.caseworker, pseudonym="Ibis")
    relation = relate(world, hidden, heron, "PARENT", note="A secret note")
    relate(world, heron, seen, "SIBLING")
    browser = sign_in(world.caseworker)

    shown = part(browser, heron)

    assert "Ibis" in shown
    assert "Secret bird" not in shown and "secret note" not in shown and "Child of" not in shown
    assert browser.get(f"/people/{heron.reference}/ties/{relation.uid}").status_code == 404
    assert browser.post(f"/people/{heron.reference}/ties/{relation.uid}/erase", form_at="/profile").status_code == 404
    assert len(rows(PersonRelation)) == 2


def test_reading_without_identity_shows_no_ties(world, sign_in, heron):
    other = factories.a_person(world.caseworker, pseudonym="Ibis")
    factories.a_role(other, heron.case_roles[0].case)
    relate(world, heron, other, "SIBLING")

    for who in (world.analyst, world.stranger):
        assert "Ibis" not in sign_in(who).get(f"/people/{heron.reference}").text


def test_a_withdrawn_person_is_at_no_end(world, sign_in, heron):
    other = factories.a_person(world.caseworker, pseudonym="Ibis")
    relate(world, heron, other, "SIBLING")
    other.withdraw(world.caseworker.id, "Recorded by mistake")
    db.session.commit()

    assert "Ibis" not in part(sign_in(world.caseworker), heron)


def test_a_family_lists_its_members_whom_one_sees(world, sign_in, heron):
    family = factories.a_person(world.caseworker, pseudonym="The family by the river", kind="FAMILY")
    relate(world, heron, family, "MEMBER")
    relate(world, factories.a_person(world.colleague, pseudonym="Secret bird"), family, "MEMBER")

    shown = part(sign_in(world.caseworker), family)

    assert "Members" in shown and "Heron" in shown and "Secret bird" not in shown


@pytest.mark.parametrize("other", ["Nobody", "Heron", "Of another team"])
def test_nobody_is_tied_to_who_is_not_theirs_or_to_themselves(world, sign_in, heron, other):
    case = factories.a_case(world.north, world.stranger, confidentiality="NETWORK")
    factories.a_role(factories.a_person(world.stranger, pseudonym="Of another team"), case)

    answer = sign_in(world.caseworker).post(
        f"/people/{heron.reference}/relations/new", {"kind": "SIBLING", "other": other}
    )

    assert answer.status_code == 400
    assert rows(PersonRelation) == []


# --- public figures ------------------------------------------------------------------------------


def open_the_name(browser, person, name="Amaru Wayra", source="Elected mayor, in every paper", **values):
    address = f"/people/{person.reference}/public-figure"
    return browser.post(address, {"version": person.version, "open_name": name, "open_name_source": source, **values})


def test_a_coordinator_lets_a_public_figure_carry_the_name_for_full_readers(world, sign_in, heron, case):
    incident = factories.an_incident(world.caseworker, case=case)
    factories.a_victim(incident, heron)
    other = factories.a_person(world.caseworker, pseudonym="Ibis")
    assert open_the_name(sign_in(world.coordinator), heron).status_code == 303

    addresses = (
        "/people/",
        f"/people/{heron.reference}",
        f"/cases/{case.reference}",
        f"/incidents/{incident.reference}",
    )
    for address in addresses:
        assert "Amaru Wayra" in sign_in(world.caseworker).get(address).text, address
        for who in (world.analyst, world.stranger):
            assert "Amaru Wayra" not in sign_in(who).get(address).text, (address, who.name)
    assert "Amaru Wayra" not in sign_in(world.caseworker).get(f"/people/{other.reference}").text
    titles = re.findall(r"<title>(.*?)</title>", sign_in(world.caseworker).get(f"/people/{heron.reference}").text)
    assert "Amaru" not in titles[0]
    assert heron.reference in sign_in(world.caseworker).get("/people/?text=amaru").text
    assert heron.reference not in sign_in(world.analyst).get("/people/?text=amaru").text


def test_files_keep_the_pseudonym(world, sign_in, heron, case):
    factories.a_victim(factories.an_incident(world.caseworker, case=case), heron)
    open_the_name(sign_in(world.coordinator), heron)

    exported = sign_in(world.caseworker).post("/incidents/export", form_at="/incidents/").text

    assert "Heron" in exported and "Amaru" not in exported


def test_a_source_is_asked_for_and_the_name_can_be_taken_back(world, sign_in, heron):
    browser = sign_in(world.coordinator)

    assert open_the_name(browser, heron, source="").status_code == 400
    assert not heron.is_public_figure
    open_the_name(browser, heron)
    db.session.expire_all()
    open_the_name(browser, heron, name="", source="")

    assert (heron.is_public_figure, heron.open_name, heron.open_name_source) == (False, None, None)


@pytest.mark.parametrize("who", ["caseworker", "analyst", "stranger", "foreign_coordinator"])
def test_nobody_else_opens_a_name(world, sign_in, heron, who):
    answer = sign_in(getattr(world, who)).post(
        f"/people/{heron.reference}/public-figure", {"open_name": "Amaru", "open_name_source": "x"}, form_at="/profile"
    )

    assert answer.status_code in (403, 404)
    assert heron.open_name is None


def test_who_reads_one_end_in_full_neither_opens_nor_takes_out_a_relation(world, sign_in, heron):
    """An analyst who is a caseworker too sees the other end without identity, and of the relation that it is there."""
    hidden = factories.a_person(world.coordinator, team=world.south, pseudonym="Crane")
    factories.a_role(hidden, factories.a_case(world.south, world.coordinator, title="Hidden"))
    seen = factories.a_person(world.caseworker, pseudonym="Ibis")
    half = relate(world, heron, hidden, "SIBLING", note="A secret note")
    whole = relate(world, heron, seen, "SIBLING", note="Told by both")
    world.caseworker.memberships.append(Membership(team_id=world.south.id, role="ANALYST"))
    db.session.commit()
    browser = sign_in(world.caseworker)
    address = f"/people/{heron.reference}/ties"

    shown = part(browser, heron)
    assert "Crane" in shown and "secret note" not in shown and str(half.uid) not in shown
    assert "Told by both" in shown and str(whole.uid) in shown
    values = {"kind": "SIBLING", "other": "Ibis", "version": half.version, "note": "Mine"}
    assert browser.get(f"{address}/{half.uid}").status_code == 404
    assert browser.post(f"{address}/{half.uid}", values, form_at="/profile").status_code == 404
    assert browser.post(f"{address}/{half.uid}/erase", form_at="/profile").status_code == 404
    db.session.expire_all()
    assert [(row.other_id, row.note) for row in rows(PersonRelation)][0] == (hidden.id, "A secret note")
    assert browser.post(f"{address}/{whole.uid}/erase", form_at="/profile").status_code == 303
    assert len(rows(PersonRelation)) == 1
