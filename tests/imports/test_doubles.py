"""Rows that may be on record already are said to be doubtful; nothing is left out unless somebody says so."""

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import db
from app.incidents.models import Incident
from tests.duplicates.test_duplicates import told
from tests.imports.test_import import number, run

ROWS = (
    "titulo,tipo principal,fecha,departamento,nombre\n"
    'Arresto de una dirigenta,LIB.ARB_DET,2019-03-05,Apurímac,"Huaman Zyx, Quetzalina"\n'
    "Detención en el puente,LIB.ARB_DET,2019-03-04,Apurímac,Quetzalina Zyx Huamán\n"
    "Otra detención,LIB.ARB_DET,2019-03-04,Apurímac,Retamina Wyv Condori\n"
)


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "hoja.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_the_dry_run_names_the_record_and_the_row_and_no_name(app, world, sheet):
    incident = told(world.caseworker, "Detenida", legal="Quetzalina Zyx Huamán")

    outcome = run(app, sheet, "--as", world.caseworker.email, "--dry-run")
    lines = [line for line in outcome.output.splitlines() if line.startswith("Fila")]

    assert outcome.exit_code == 0, outcome.output
    assert f"lo mismo que {incident.reference}" in lines[0] and "lo mismo que la fila 3" in lines[0]
    assert "puede estar ya registrada" in lines[0] and "un nombre suena igual" in lines[0]
    assert lines[2].endswith("se importará.")
    assert "Zyx" not in outcome.output


def test_they_are_imported_unless_they_are_left_out(app, world, sheet, tmp_path):
    rest = tmp_path / "resto.csv"

    outcome = run(app, sheet, "--as", world.caseworker.email, "--skip-doubtful", "--skip-bad", "--rest", rest)

    assert outcome.exit_code == 0, outcome.output
    assert number(Incident) == 1
    assert "Puede contar lo mismo que la fila" in rest.read_text(encoding="utf-8-sig")
    assert run(app, sheet, "--as", world.caseworker.email).exit_code == 0
    assert number(Incident) == 3


def test_what_one_does_not_read_is_no_double(app, world, sheet):
    incident = told(world.stranger, "Detenida", legal="Quetzalina Zyx Huamán")

    outcome = run(app, sheet, "--as", world.caseworker.email, "--dry-run")

    assert incident.reference not in outcome.output


def test_that_names_were_compared_stands_in_the_trail(app, world, sheet):
    run(app, sheet, "--as", world.caseworker.email, "--dry-run")

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "names_compared")).one()
    assert entry.actor_id == world.caseworker.id
    assert "Zyx" not in repr((entry.columns, entry.reason))


def test_in_the_browser_they_can_be_left_out(world, sheet, sign_in):
    browser = sign_in(world.caseworker)
    with sheet.open("rb") as file:
        upload = {"file": (file, "hoja.csv"), "case": "", "team": world.south.id}
        dry_run = browser.post("/imports/", upload, form_at="/imports/").location
    page = browser.get(dry_run).text

    answer = browser.post(dry_run, {"looked": "y", "leaves_doubtful": "y", "decision": "look"}, form_at=dry_run)

    assert "of them doubtful" in page and "May tell the same as row 3" in page
    assert "Import 1 incident and leave out the rest" in browser.get(answer.location).text
