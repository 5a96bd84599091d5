"""The names that a team has for what came with the pack: it finds it by them everywhere, and nobody else does."""

import pytest
from sqlalchemy import select

from app.access import unguarded, visible
from app.audit import acting
from app.db import db
from app.incidents.models import Incident
from app.organisations.models import Organisation, Project
from app.organisations.near import organisations_like, projects_like
from app.organisations.operations import call_by, load_organisations
from app.organisations.queries import organisation_named, organisations_found, project_named, projects_found
from app.search import matching
from tests import factories


def of_the_pack(key, model):
    return db.session.scalars(unguarded(select(model).where(model.external_id == key), "test")).one()


def called(world, row, names, stood=()):
    with acting(world.caseworker.id):
        call_by(row, world.south.id, list(stood), list(names))
        db.session.commit()


SORTS = [
    (Organisation, "MMG", organisation_named, organisations_found, organisations_like),
    (Project, "CONGA", project_named, projects_found, projects_like),
]


@pytest.mark.parametrize(("model", "key", "named", "found", "like"), SORTS)
def test_only_the_team_finds_it_by_its_names(app, world, model, key, named, found, like):
    row = of_the_pack(key, model)

    called(world, row, ["La Quebradita", row.name, "la quebradita"])

    assert [alias.name for alias in row.team_aliases] == ["La Quebradita"]
    assert named(world.analyst, "la QUEBRADITA") is row and named(world.stranger, "La Quebradita") is None
    assert list(db.session.scalars(found(world.caseworker, "quebradita")).unique()) == [row]
    assert list(db.session.scalars(found(world.stranger, "quebradita"))) == []
    assert (row, "La Quebradita") in like(world.caseworker, "Quebradita SA")
    assert row not in [one for one, _called in like(world.stranger, "Quebradita SA")]


def test_the_pack_comes_into_step_again_and_leaves_them(app, world):
    company, project = of_the_pack("MMG", Organisation), of_the_pack("CONGA", Project)
    called(world, company, ["La Quebradita"])
    called(world, project, ["Las Lagunas"])
    stood = company.version, project.version

    load_organisations("PE")
    db.session.commit()

    assert organisation_named(world.caseworker, "La Quebradita") is company
    assert project_named(world.caseworker, "Las Lagunas") is project
    assert (company.version, project.version) == stood


def test_search_of_incidents_follows_for_the_team_alone(world):
    company = of_the_pack("MMG", Organisation)
    for user in (world.coordinator, world.foreign_coordinator):
        factories.an_incident(user).companies.append(company)
    db.session.commit()

    def found(user):
        incidents = matching(visible(Incident, user), Incident, "quebradita", user)
        return len(db.session.scalars(incidents).all())

    called(world, company, ["La Quebradita"])
    assert (found(world.coordinator), found(world.foreign_coordinator)) == (1, 0)
    called(world, company, [], ["La Quebradita"])
    assert found(world.coordinator) == 0


@pytest.mark.parametrize(("model", "key", "path"), [(Organisation, "MMG", ""), (Project, "CONGA", "projects/")])
def test_a_caseworker_writes_them_down_and_what_another_added_meanwhile_stays(world, sign_in, model, key, path):
    row = of_the_pack(key, model)
    browser, page = sign_in(world.caseworker), f"/organisations/{path}{row.reference}"
    called(world, row, ["One", "Two"])
    values = {"team_id": world.south.id, "stood": "One", "names": "Three"}

    answer = browser.post(f"{page}/names", values, form_at=f"{page}/names", follow=True)

    assert "Three; Two" in answer.text
    assert "Three; Two" in sign_in(world.analyst).get(page).text
    assert "Three" not in sign_in(world.stranger).get(page).text
    too_long = browser.post(f"{page}/names", values | {"names": "x" * 201}, form_at=f"{page}/names")
    assert too_long.status_code == 400 and "x" * 201 in too_long.text
    foreign = browser.post(f"{page}/names", values | {"team_id": world.north.id}, form_at=f"{page}/names")
    assert foreign.status_code == 400
    assert sorted(alias.name for alias in row.team_aliases) == ["Three", "Two"]
