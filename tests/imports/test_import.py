"""Sheets become incidents: a dry run writes nothing, all rows or none, the same file again adds nothing."""

import io

import pytest
import xlsxwriter
from sqlalchemy import func, select

from app.access import unguarded, visible
from app.db import db
from app.incidents.models import Incident
from app.people.models import Person, PersonIdentity

GOOD = "titulo,tipo principal,fecha,pais\nUna amenaza,THR.DEATH,2024-05-02,PE\nOtra amenaza,THR.OTHER,2024-06,PE\n"
BAD = GOOD + "Sin fecha cierta,THR.OTHER,2024-13-45,PE\n"


def number(model, *conditions):
    return db.session.scalar(unguarded(select(func.count()).select_from(model).where(*conditions), "counting"))


def run(app, path, *words):
    return app.test_cli_runner().invoke(args=["import", "incidents", str(path), *map(str, words)])


@pytest.fixture
def sheet(tmp_path):
    def written(content, name="hoja.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def test_a_dry_run_writes_nothing(app, world, sheet):
    outcome = run(app, sheet(GOOD), "--as", world.caseworker.email, "--dry-run")

    assert outcome.exit_code == 0, outcome.output
    assert number(Incident) == 0


def test_all_rows_come_in_and_the_second_time_none(app, world, sheet):
    path = sheet(GOOD)

    first = run(app, path, "--as", world.caseworker.email)
    second = run(app, path, "--as", world.caseworker.email)

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    titles = {row.title_in("es") for row in db.session.scalars(visible(Incident, world.caseworker)).unique()}
    assert titles == {"Una amenaza", "Otra amenaza"}
    assert number(Incident) == 2


def test_one_bad_row_keeps_all_out(app, world, sheet):
    outcome = run(app, sheet(BAD), "--as", world.caseworker.email)

    assert outcome.exit_code == 1
    assert "2024-13-45" in outcome.output
    assert number(Incident) == 0


def test_the_bad_rows_can_be_left_out_and_come_back_as_a_file(app, world, sheet, tmp_path):
    rest = tmp_path / "rest.csv"

    outcome = run(app, sheet(BAD), "--as", world.caseworker.email, "--skip-bad", "--rest", rest)

    assert outcome.exit_code == 0, outcome.output
    assert number(Incident) == 2
    assert "2024-13-45" in rest.read_text(encoding="utf-8-sig")


def a_workbook(rows):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        for position, row in enumerate(rows):
            page.write_row(position, 0, row)
    return content.getvalue()


def test_a_workbook_is_read_like_a_text_file(app, world, sheet):
    rows = [line.split(",") for line in GOOD.strip().split("\n")]

    outcome = run(app, sheet(a_workbook(rows), "hoja.xlsx"), "--as", world.caseworker.email)

    assert outcome.exit_code == 0, outcome.output
    assert number(Incident) == 2


MALFORMED = {
    "empty": b"",
    "only a mark": b"\xef\xbb\xbf",
    "another encoding": GOOD.replace("Una", "Detención").encode("cp1252"),
    "UTF-16": GOOD.encode("utf-16"),
    "any bytes": bytes(range(256)) * 20,
    "a broken workbook": a_workbook([["a"]])[:400],
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "header only": b"titulo,tipo principal\n",
    "an unknown column": GOOD.replace("pais", "color del cielo").encode(),
    "the same column twice": GOOD.replace("pais", "titulo").encode(),
    "ragged": GOOD.encode() + b"a,b,c,d,e,f,g\n",
    "too many columns": ",".join(f"c{number}" for number in range(300)).encode() + b"\n1\n",
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_file_gets_a_sentence_and_writes_nothing(app, world, sheet, sign_in, what):
    outcome = run(app, sheet(MALFORMED[what]), "--as", world.caseworker.email)
    upload = {"file": (io.BytesIO(MALFORMED[what]), "hoja.csv"), "case": "", "team": world.south.id}
    response = sign_in(world.caseworker).post("/imports/", upload)

    assert outcome.exit_code == 1, outcome.output
    assert outcome.exception is None or isinstance(outcome.exception, SystemExit)
    assert 400 <= response.status_code < 500
    assert number(Incident) == 0


@pytest.mark.parametrize("who", ["analyst", "administrator", "nobody@example.org"])
def test_who_may_not_import_is_told_in_one_sentence(app, world, sheet, who):
    user = getattr(world, who, None)

    outcome = run(app, sheet(GOOD), "--as", user.email if user else who)

    assert outcome.exit_code == 2
    assert number(Incident) == 0


def test_the_land_defenders_of_global_witness(app, world, shared_data):
    """1,733 rows: names go to identity only, namesakes stay apart, three rows name a people."""
    path = shared_data / "gw_land_defenders_2012_2021.csv"

    first = run(app, path, "--as", world.caseworker.email, "--map", "global-witness")
    second = run(app, path, "--as", world.caseworker.email, "--map", "global-witness")

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert number(Incident) == 1733
    assert number(Person) == 1730
    names = set(db.session.scalars(unguarded(select(PersonIdentity.legal_name), "the test looks for names elsewhere")))
    namesakes = ("José Bernardo da Silva", "Ranjan Kumar Das")
    assert [number(PersonIdentity, PersonIdentity.legal_name == name) for name in namesakes] == [2, 2]
    said = db.session.execute(
        unguarded(select(Incident.title_es, Incident.title_en, Incident.search_full), "the test looks for names")
    ).all()
    pseudonyms = set(db.session.scalars(unguarded(select(Person.pseudonym), "the test looks for names")))
    assert not names & pseudonyms
    for name in namesakes:
        assert not any(name.lower() in (text or "").lower() for row in said for text in row)
