"""Organisations and projects: what comes with the pack, what a team adds, and how names are found."""

import pytest
from sqlalchemy import func, select

from app.access import unguarded
from app.audit import AuditEntry, acting
from app.db import db
from app.organisations.models import Organisation, Project
from app.organisations.operations import load_organisations, record_organisation
from app.organisations.queries import organisation_named, project_named


def an_organisation(user, name, *aliases):
    with acting(user.id):
        organisation = record_organisation(user, next(iter(user.roles)), {"name": name, "aliases": list(aliases)})
        db.session.commit()
    return organisation


def of_the_pack(key, model=Organisation):
    return db.session.scalars(unguarded(select(model).where(model.external_id == key), "test")).one()


def test_a_second_load_of_the_pack_changes_nothing(app, world):
    entries = db.session.scalar(select(func.count(AuditEntry.id)))

    added = load_organisations("PE")
    db.session.commit()

    assert added == 0
    assert db.session.scalar(select(func.count(AuditEntry.id))) == entries


def test_a_project_knows_its_companies_and_the_districts_of_its_site(app, world):
    project = of_the_pack("LAS_BAMBAS", Project)

    assert [company.external_id for company in project.companies] == ["MMG"]
    assert "Challhuahuacho" in {place.name for place in project.places}
    assert project.reference.startswith("PER-J-")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Southern Perú Copper", "SOUTHERN"),
        ("southern peru copper", "SOUTHERN"),
        ("Minera Majaz / Monterrico Metals", "RIOBLANCO"),
        ("Xstrata (later Glencore)", "GLENCORE"),
        ("Southern Per", None),
        ("", None),
    ],
)
def test_an_organisation_is_found_by_its_whole_name_or_alias(app, world, text, key):
    found = organisation_named(world.caseworker, text)

    assert (found.external_id if found else None) == key


def test_a_reference_names_an_organisation_too(app, world):
    company = of_the_pack("MMG")

    assert organisation_named(world.caseworker, f"Las Bambas ({company.reference})") is company
    assert organisation_named(world.caseworker, company.reference.lower()) is company


def test_two_of_one_name_are_ambiguous_and_the_suggestion_says_which(app, world, sign_in):
    first = an_organisation(world.caseworker, "Comité del Agua")
    an_organisation(world.colleague, "Comité del agua")

    suggested = sign_in(world.caseworker).get("/organisations/suggest?q=comite agua").json

    assert organisation_named(world.caseworker, "comité del agua") is None
    assert f"Comité del Agua ({first.reference})" in [each["value"] for each in suggested]
    assert organisation_named(world.caseworker, f"Comité del Agua ({first.reference})") is first


def test_a_bearer_of_the_name_goes_before_one_that_has_it_as_an_alias(app, world):
    an_organisation(world.caseworker, "Frente de Defensa de Celendín", "Frente")
    bearer = an_organisation(world.caseworker, "Frente")

    assert organisation_named(world.caseworker, "frente") is bearer


def test_another_teams_organisation_is_in_no_list_page_search_or_suggestion(app, world, sign_in):
    mine = an_organisation(world.caseworker, "Ronda de Aquí")
    theirs = an_organisation(world.stranger, "Ronda de Allá", "Ronda Vecina")
    browser = sign_in(world.caseworker)

    listed = browser.get("/organisations/?text=ronda").text

    assert mine.name in listed and theirs.name not in listed
    assert theirs.name not in browser.get("/organisations/?text=vecina").text
    assert [each["value"] for each in browser.get("/organisations/suggest?q=ronda").json] == [mine.name]
    assert browser.get(f"/organisations/{theirs.reference}").status_code == 404
    assert organisation_named(world.caseworker, "Ronda Vecina") is None


@pytest.mark.parametrize("who", ["administrator", "auditor"])
def test_administration_and_audit_see_none(app, world, sign_in, who):
    browser = sign_in(getattr(world, who))

    for address in ("/organisations/", "/organisations/projects/", "/organisations/suggest?q=southern"):
        assert browser.get(address).status_code == 403


def test_search_finds_by_alias_without_accents(app, world, sign_in):
    found = sign_in(world.analyst).get("/organisations/?text=compañia antapaccay").text

    assert "Antapaccay (Tintaya)" in found
    assert "Southern" not in found


def test_projects_are_found_by_alias_and_by_name(app, world, sign_in):
    browser = sign_in(world.caseworker)

    assert project_named(world.caseworker, "majaz").key == "RIO_BLANCO"
    assert project_named(world.caseworker, "Conga").key == "CONGA"
    assert project_named(world.caseworker, "Nowhere") is None
    assert "Río Blanco" in browser.get("/organisations/projects/?text=majaz").text
    assert [each["value"] for each in browser.get("/organisations/projects/suggest?q=majaz").json] == ["Río Blanco"]


def test_a_new_organisation_belongs_to_the_team_and_a_form_sent_twice_makes_one(app, world, sign_in):
    browser = sign_in(world.caseworker)
    values = {"team_id": world.south.id, "name": " Oil Co ", "aliases": "OILCO\nOil Co\noilco", "form_token": "t" * 43}

    first = browser.post("/organisations/new", values)
    second = browser.post("/organisations/new", values)

    made = db.session.scalars(unguarded(select(Organisation).where(Organisation.name == "Oil Co"), "test")).one()
    assert first.location == second.location == f"/organisations/{made.reference}"
    assert made.team_id == world.south.id
    assert [alias.name for alias in made.aliases] == ["OILCO"]


def test_a_team_that_is_not_mine_cannot_be_chosen(app, world, sign_in):
    answer = sign_in(world.caseworker).post("/organisations/new", {"team_id": world.north.id, "name": "Elsewhere"})

    assert answer.status_code == 400


def test_what_came_with_the_pack_is_read_only(app, world, sign_in):
    company, project = of_the_pack("MMG"), of_the_pack("CONGA", Project)
    browser = sign_in(world.coordinator)

    assert browser.get(f"/organisations/{company.reference}/edit").status_code == 403
    assert browser.get(f"/organisations/projects/{project.reference}/edit").status_code == 403
    assert "/edit" not in browser.get(f"/organisations/{company.reference}").text


def test_an_analyst_reads_but_neither_adds_nor_edits(app, world, sign_in):
    own = an_organisation(world.caseworker, "Ronda")
    browser = sign_in(world.analyst)

    assert browser.get(f"/organisations/{own.reference}").status_code == 200
    assert browser.get("/organisations/new").status_code == 403
    assert browser.post(f"/organisations/{own.reference}/edit", {"name": "X"}).status_code == 403


def test_two_edits_at_once_lose_neither_text(app, world, sign_in):
    own = an_organisation(world.caseworker, "Ronda", "Old alias")
    address = f"/organisations/{own.reference}/edit"
    first, second = sign_in(world.caseworker), sign_in(world.colleague)
    stale = own.version
    first.post(address, {"version": stale, "name": "Ronda Norte", "aliases": "Old alias"})

    conflict = second.post(address, {"version": stale, "name": "Ronda Sur", "aliases": "Old alias\nNew alias"})
    db.session.expire_all()
    solved = second.post(
        address,
        {"version": own.version, "resolved": "yes", "keep-name": "theirs", "keep-aliases": "yours",
         "name": "Ronda Sur", "aliases": "Old alias\nNew alias"},
    )  # fmt: skip
    db.session.expire_all()

    assert conflict.status_code == 409
    assert "Ronda Norte" in conflict.text and "Ronda Sur" in conflict.text
    assert solved.status_code == 303
    assert own.name == "Ronda Norte"
    assert {alias.name for alias in own.aliases} == {"Old alias", "New alias"}


def test_a_project_with_an_unknown_company_is_refused_and_keeps_what_was_typed(app, world, sign_in):
    browser = sign_in(world.caseworker)

    refused = browser.post(
        "/organisations/projects/new",
        {"team_id": world.south.id, "name": "Dam", "companies": "No Such House", "places": "Cocachacra, Islay"},
    )
    made = browser.post(
        "/organisations/projects/new",
        {"team_id": world.south.id, "name": "Dam", "companies": "Hudbay", "places": "Cocachacra, Islay\n0305"},
    )

    assert refused.status_code == 400
    assert "No Such House" in refused.text and "Cocachacra, Islay" in refused.text
    project = project_named(world.caseworker, "dam")
    assert made.location == f"/organisations/projects/{project.reference}"
    assert [company.external_id for company in project.companies] == ["HUDBAY"]
    assert {place.name for place in project.places} == {"Cocachacra", "Cotabambas"}


def test_a_project_needs_neither_companies_nor_districts(app, world, sign_in):
    browser = sign_in(world.caseworker)

    browser.post("/organisations/projects/new", {"team_id": world.south.id, "name": "Dam"})
    project = project_named(world.caseworker, "dam")
    edited = browser.post(
        f"/organisations/projects/{project.reference}/edit", {"name": "Big Dam", "version": project.version}
    )
    db.session.expire_all()

    assert edited.status_code == 303
    assert (project.name, project.companies, project.places) == ("Big Dam", [], [])


def test_a_list_costs_the_same_number_of_statements_however_long(app, world, sign_in, statements):
    browser = sign_in(world.caseworker)
    with statements() as few:
        browser.get("/organisations/?text=southern")
    for number in range(20):
        an_organisation(world.caseworker, f"Southern {number}", f"Alias {number}")

    with statements() as many:
        browser.get("/organisations/?text=southern")

    assert len(many) <= len(few)


@pytest.mark.parametrize("address", ["/organisations/new", "/organisations/projects/new"])
def test_a_blank_is_no_choice_of_a_list(world, sign_in, address):
    values = {"team_id": world.south.id, "name": "Oil Co", "kind": " ", "sector": " "}

    assert sign_in(world.caseworker).post(address, values).status_code == 400
