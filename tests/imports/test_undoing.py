"""A whole import can be undone while nothing was built on it; then the same file comes in again."""

from html import unescape

import pytest
from sqlalchemy import select, text

from app.audit import DELETED, AuditEntry, acting
from app.db import db
from app.evidence.models import Source
from app.imports.models import ImportBatch, ImportRow
from app.incidents.clarifying import clarify
from app.incidents.models import Incident, SourceLink
from app.organisations.models import Organisation, Project
from app.people.models import Person, PersonIdentity
from tests import factories
from tests.imports.test_import import number, run, sheet  # noqa: F401
from tests.imports.test_in_the_browser import decide, send  # noqa: F401
from tests.imports.test_provenance import NAMED, only, take_in, the_batch

WHY = "It was the wrong file altogether"
PROJECTS = "proyecto,empresas,departamento\nLa Mina,Minera Dos,\nEl Tajo,Minera Dos / Minera Tres,\n"


def undo(browser, uid, reason=WHY):
    address = f"/imports/batches/{uid}/undo"
    return browser.post(address, {"reason": reason}, form_at=address)


def everything():
    models = (Incident, Person, PersonIdentity, Source, Project)
    return [number(model) for model in models] + [number(Organisation, Organisation.import_batch_id.is_not(None))]


def test_it_removes_all_that_it_brought_and_the_file_comes_in_again(world, send):  # noqa: F811
    before = everything()
    take_in(send, NAMED)
    full = everything()
    db.session.rollback()

    answer = undo(send.browser, the_batch().uid)

    assert answer.status_code == 303, answer.text
    db.session.rollback()
    assert everything() == before and full != before
    assert number(ImportRow) == 0
    page = unescape(send.browser.get(answer.location).text)
    assert "This import was undone" in page and WHY in page and "by Caseworker" in page
    take_in(send, NAMED)
    assert everything() == full


def test_search_forgets_it(world, send):  # noqa: F811
    take_in(send, NAMED)
    if db.engine.dialect.name != "sqlite":
        pytest.skip("on PostgreSQL the index is part of the row")
    index = text("SELECT count(*) FROM incident_fts WHERE incident_fts MATCH 'amenaza'")
    before = db.session.execute(index).scalar()
    db.session.rollback()

    undo(send.browser, the_batch().uid)

    assert (before, db.session.execute(index).scalar()) == (2, 0)


def change_a_title(world, incident, send):  # noqa: F811
    with acting(world.caseworker.id):
        incident.title_en = "Something else"
        incident.touch(world.caseworker.id)


def add_a_note(world, incident, send):  # noqa: F811
    with acting(world.coordinator.id):
        clarify(world.coordinator, incident, {"sector": "also a quarry"})


def name_its_company(world, incident, send):  # noqa: F811
    company = only(Organisation, Organisation.name == "Minera Uno")
    with acting(world.coordinator.id):
        project = factories.a_project("Otro proyecto", team=world.south)
        project.companies = [company]


def name_its_source(world, incident, send):  # noqa: F811
    source = only(Source)
    mine = factories.an_incident(world.coordinator, team=world.south)
    mine.source_links = [SourceLink(source=source)]


@pytest.mark.parametrize("build", [change_a_title, add_a_note, name_its_company, name_its_source])
def test_what_was_built_on_it_keeps_all_of_it(world, send, build):  # noqa: F811
    take_in(send, NAMED)
    batch, incident = the_batch().uid, only(Incident, Incident.external_id == "8")
    build(world, incident, send)
    db.session.commit()
    before = everything()
    db.session.rollback()

    answer = undo(send.browser, batch)

    assert answer.status_code == 400
    assert "Nothing was removed" in answer.text
    db.session.rollback()
    assert everything() == before
    assert the_batch().undone_at is None


def test_the_sentence_names_the_record(world, send):  # noqa: F811
    take_in(send, NAMED)
    batch, incident = the_batch().uid, only(Incident, Incident.external_id == "8")
    change_a_title(world, incident, send)
    db.session.commit()
    reference = incident.reference
    db.session.rollback()

    page = unescape(send.browser.get(f"/imports/batches/{batch}/undo").text)

    assert f"Worked on since the import: {reference}." in page
    assert "Undo the import</button>" not in page


def test_an_import_that_added_to_a_record_is_not_undone(app, world, sheet):  # noqa: F811
    other = PROJECTS.replace("Minera Dos,\n", "Minera Cuatro,\n")

    def projects(path, *words):
        return app.test_cli_runner().invoke(args=["import", "projects", str(path), *words])

    first = projects(sheet(PROJECTS), "--as", world.caseworker.email)
    second = projects(sheet(other, "otra.csv"), "--as", world.caseworker.email, "--add")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output

    outcome = undo_by_command(app, world.caseworker)

    assert outcome.exit_code == 1
    assert "No se quitó nada." in outcome.output
    assert only(Project, Project.name == "La Mina").reference in outcome.output


def undo_by_command(app, user, reason=WHY):
    words = ["import", "undo", str(the_batch().uid), "--as", user.email, "--reason", reason]
    db.session.rollback()
    return app.test_cli_runner().invoke(args=words)


def test_projects_and_their_companies_go_too(app, world, sheet):  # noqa: F811
    before = everything()
    words = ["import", "projects", str(sheet(PROJECTS)), "--as", world.caseworker.email]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0

    outcome = undo_by_command(app, world.caseworker)

    assert outcome.exit_code == 0, outcome.output
    assert everything() == before


@pytest.mark.parametrize(("who", "code"), [("coordinator", 0), ("colleague", 2), ("foreign_coordinator", 2)])
def test_the_coordination_may_undo_it_and_nobody_else(app, world, sheet, who, code):  # noqa: F811
    run(app, sheet(NAMED), "--as", world.caseworker.email)

    assert undo_by_command(app, getattr(world, who)).exit_code == code


def test_it_asks_for_a_reason(world, send):  # noqa: F811
    take_in(send, NAMED)

    answer = undo(send.browser, the_batch().uid, "no")

    assert answer.status_code == 400
    assert number(Incident) == 2


def test_the_trail_keeps_who_removed_what_and_why(world, send):  # noqa: F811
    take_in(send, NAMED)
    undo(send.browser, the_batch().uid)

    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == DELETED)).all()
    incidents = [entry for entry in entries if entry.table_name == "incident"]
    assert len(incidents) == 2
    assert {(entry.actor_id, entry.reason) for entry in incidents} == {(world.caseworker.id, WHY)}
    assert db.session.scalars(select(ImportBatch)).one().undo_reason == WHY


def test_twice_is_once(world, send):  # noqa: F811
    take_in(send, NAMED)
    uid = the_batch().uid
    db.session.rollback()
    token = send.browser.token_at("/profile")
    undo(send.browser, uid)

    again = send.browser.post(f"/imports/batches/{uid}/undo", {"reason": WHY, "csrf_token": token})

    assert again.status_code == 409
