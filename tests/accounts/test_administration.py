"""Accounts and teams: who may come in, with which roles; and that no case shows here."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.accounts.models import Team, User
from app.accounts.operations import hash_password
from app.db import db
from tests import factories

OF_BOTH_DATABASES = ("sqlite",)

NEW = {"name": "Eva", "email": "eva@example.org", "language": "es", "kind": "TEAMS"}


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.administrator)


def role(team, name):
    return f"{team.handle}/{name}"


def user_called(name):
    return db.session.scalars(select(User).where(User.name == name)).one()


def edit(browser, user, *roles, kind="TEAMS", **further):
    values = {"name": user.name, "email": user.email, "language": user.language, "kind": kind, "roles": list(roles)}
    return browser.post(f"/accounts/{user.handle}", {**values, **further})


def test_a_new_account_gets_its_roles_and_a_link_that_shows_once(world, browser, app):
    values = {**NEW, "roles": [role(world.south, "CASEWORKER"), role(world.north, "ANALYST")], "form_token": "t" * 20}
    answer = browser.post("/accounts/new", values)

    address = re.search(r'id="copy"[^>]*>([^<]+)<', answer.text)[1]
    eva = user_called("Eva")
    assert eva.roles == {world.south.id: {"CASEWORKER"}, world.north.id: {"ANALYST"}}
    assert app.test_client().get(address).status_code == 200

    # A reload of the answer posts the form again.
    again = browser.post("/accounts/new", values)
    assert again.status_code == 303 and again.location == f"/accounts/{eva.handle}"
    assert address.rsplit("/", 1)[1] not in browser.get(again.location).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "Caseworker@example.ORG"}, "There is an account with this e-mail address already"),
        ({"email": "nothing"}, "no e-mail address"),
        ({"name": ""}, "Write a name"),
        ({"roles": []}, "Tick at least one role"),
        ({"kind": "AUDITOR"}, "holds no role in a team"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_lost(world, browser, wrong, sentence):
    values = {**NEW, "roles": [role(world.south, "CASEWORKER")], **wrong}

    answer = browser.post("/accounts/new", values)

    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'value="{values["email"]}"' in answer.text
    if values["roles"]:
        assert re.search(rf'value="{values["roles"][0]}" checked', answer.text)
    assert db.session.scalar(select(User).where(User.name == "Eva")) is None


def test_a_role_in_a_team_that_does_not_exist_is_refused(world, browser):
    answer = browser.post("/accounts/new", {**NEW, "roles": ["0000000000/CASEWORKER"]})

    assert answer.status_code == 400


def test_roles_change_by_ticking(world, browser):
    edit(browser, world.caseworker, role(world.north, "COORDINATOR"), role(world.north, "ANALYST"))

    assert user_called("Caseworker").roles == {world.north.id: {"COORDINATOR", "ANALYST"}}


def test_the_page_shows_the_roles_that_are_held(world, browser):
    page = browser.get(f"/accounts/{world.coordinator.handle}").text

    ticked = re.findall(r'name="roles"[^>]*value="([^"]+)" checked', page)
    assert ticked == [role(world.south, "COORDINATOR")]


def test_the_last_coordinator_of_a_team_cannot_leave(world, browser):
    answer = edit(browser, world.foreign_coordinator, role(world.north, "CASEWORKER"))
    assert answer.status_code == 400
    assert "last coordinator" in answer.text

    off = browser.post(f"/accounts/{world.foreign_coordinator.handle}/deactivate", form_at="/accounts/", follow=True)
    assert "last coordinator" in off.text
    assert user_called("Foreign Coordinator").active


def test_one_of_two_coordinators_can(world, browser):
    assert edit(browser, world.coordinator, role(world.south, "CASEWORKER")).status_code == 303


def test_the_last_administrator_cannot_leave(world, browser):
    answer = edit(browser, world.administrator, role(world.south, "CASEWORKER"))
    assert answer.status_code == 400 and "last administrator" in answer.text

    off = browser.post(f"/accounts/{world.administrator.handle}/deactivate", form_at="/accounts/", follow=True)
    assert "last administrator" in off.text


def test_an_administrator_without_a_password_is_no_other_administrator(world, browser):
    second = factories.a_user("Second", installation_role="ADMINISTRATOR")
    db.session.commit()
    assert edit(browser, world.administrator, role(world.south, "CASEWORKER")).status_code == 400

    second.password_hash = hash_password("four ordinary words here")
    db.session.commit()
    answer = edit(browser, world.administrator, role(world.south, "CASEWORKER"))

    assert answer.status_code == 303 and answer.location == "/"
    assert browser.get("/accounts/").status_code == 403


def test_whoever_is_switched_off_is_out_at_once_and_can_come_back(world, browser, sign_in):
    inside = sign_in(world.caseworker)
    assert inside.get("/profile").status_code == 200

    browser.post(f"/accounts/{world.caseworker.handle}/deactivate", form_at="/accounts/")
    assert inside.get("/profile").status_code == 302
    assert user_called("Caseworker").roles == {world.south.id: {"CASEWORKER"}}
    page = browser.get("/accounts/").text
    assert "caseworker@example.org" not in page and "Also those switched off (1)" in page
    assert "caseworker@example.org" in browser.get("/accounts/?everybody=yes").text

    browser.post(f"/accounts/{world.caseworker.handle}/reactivate", form_at="/accounts/")
    assert sign_in(world.caseworker).get("/profile").status_code == 200


def test_a_role_taken_away_is_gone_with_the_next_page(world, browser, sign_in):
    inside = sign_in(world.second_coordinator)
    edit(browser, world.second_coordinator, role(world.south, "ANALYST"))

    page = inside.get("/profile").text
    assert "Analysis" in page and "Coordination" not in page


def test_a_new_link_is_shown_for_a_forgotten_password(world, browser):
    answer = browser.post(f"/accounts/{world.caseworker.handle}/link", form_at=f"/accounts/{world.caseworker.handle}")

    assert answer.status_code == 200 and "/link/" in answer.text


def test_accounts_are_found_by_part_of_the_name_or_address(world, browser):
    page = browser.get("/accounts/?text=FOREIGN").text
    assert "foreign.coordinator@" in page and "auditor@" not in page

    assert "No account matches" in browser.get("/accounts/?text=%25").text


def test_teams_are_made_and_renamed(world, browser):
    assert "There is a team of this name already" in browser.post("/teams/new", {"name": " SOUTH "}).text

    made = browser.post("/teams/new", {"name": "Ñuñoa"})
    assert made.status_code == 303
    assert browser.post("/teams/new", {"name": "ñUÑOA"}).status_code == 400

    browser.post(made.location, {"name": "Altiplano"})
    assert "Altiplano" in {team.name for team in db.session.scalars(select(Team))}
    assert browser.post(made.location, {"name": "altiplano"}).status_code == 303  # its own name is free for itself
    assert browser.post(made.location, {"name": "South"}).status_code == 400


def test_a_team_shows_who_works_in_it(world, browser):
    page = browser.get(f"/teams/{world.south.handle}").text

    assert "Colleague" in page and "Stranger" not in page


def test_an_unknown_handle_is_404(world, browser):
    for address in ("/accounts/0000000000", "/teams/0000000000"):
        assert browser.get(address).status_code == 404
    assert browser.get(f"/accounts/{world.caseworker.id}").status_code == 404


def test_an_administrator_sees_no_record_anywhere(world, browser):
    case = factories.a_case(world.south, world.caseworker, title="A hidden story", confidentiality="NETWORK")
    incident = factories.an_incident(world.caseworker, case=case, title="A hidden event")
    factories.a_person(world.caseworker, pseudonym="Hummingbird")

    listed = (
        "/accounts/",
        "/teams/",
        "/codes/",
        f"/accounts/{world.caseworker.handle}",
        f"/teams/{world.south.handle}",
    )
    for address in listed:
        page = browser.get(address).text
        assert not any(word in page for word in ("A hidden", "Hummingbird", case.reference, incident.reference)), (
            address
        )
    for address in ("/incidents/", "/cases/", "/people/", "/audit/"):
        assert browser.get(address).status_code in (403, 404)


@pytest.mark.parametrize("who", ["caseworker", "coordinator", "analyst", "auditor"])
def test_nobody_else_administrates(world, sign_in, who):
    browser = sign_in(getattr(world, who))

    for address in ("/accounts/", "/accounts/new", "/teams/", f"/accounts/{world.caseworker.handle}", "/codes/"):
        assert browser.get(address).status_code == 403
    posted = browser.post(f"/accounts/{world.caseworker.handle}/deactivate", form_at="/profile")
    assert posted.status_code == 403
    assert user_called("Caseworker").active
