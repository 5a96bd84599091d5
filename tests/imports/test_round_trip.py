"""The rows that stay out come back as a file; mended, that file adds them and nothing else."""

import csv
import io

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.incidents.models import Incident
from tests.imports.test_import import number, run

HEADER = ["titulo", "relato", "tipo principal", "fecha", "pais"]
GOOD = [
    ["Una amenaza", "Dijo: «no vuelvas», y se fue", "THR.DEATH", "2024-05-02", "PE"],
    ["Otra amenaza", "", "THR.OTHER", "2024-06", "PE"],
    ["Otra amenaza", "", "THR.OTHER", "2024-06", "PE"],
]
BAD = [
    ["=1+1 amenazas", 'Con "comillas", coma;\ny otra línea', "THR.OTHER", "2024-13-45", "PE"],
    ["'Ñandú", "Dos veces igual", "THR.OTHER", "ayer", "PE"],
    ["'Ñandú", "Dos veces igual", "THR.OTHER", "ayer", "PE"],
]
MENDED = {"2024-13-45": "2024-12-25", "ayer": "2024-07-01"}


def written(rows, header=HEADER):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def mended(content):
    """What somebody does in a spreadsheet: the wrong days are put right, all else stays."""
    text = content.decode("utf-8-sig")
    for wrong, right in MENDED.items():
        text = text.replace(f",{wrong},", f",{right},")
    return text.encode()


def titles():
    statement = unguarded(select(Incident.title_es), "the test counts what came in")
    return sorted(db.session.scalars(statement))


@pytest.fixture(autouse=True)
def in_spanish(world):
    world.caseworker.language = "es"
    db.session.commit()


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "hoja.csv"
    path.write_bytes(written([GOOD[0], BAD[0], *GOOD[1:], *BAD[1:]]))
    return path


def test_on_the_command_line(app, world, mine, tmp_path):
    rest, again = tmp_path / "rest.csv", tmp_path / "again.csv"

    first = run(app, mine, "--as", world.caseworker.email, "--skip-bad", "--rest", rest)
    came_first = titles()
    unmended = run(app, rest, "--as", world.caseworker.email)
    rest.write_bytes(mended(rest.read_bytes()))
    second = run(app, rest, "--as", world.caseworker.email)
    third = run(app, rest, "--as", world.caseworker.email)
    whole = run(app, mine, "--as", world.caseworker.email, "--skip-bad", "--rest", again)

    assert [first.exit_code, unmended.exit_code, second.exit_code, third.exit_code] == [0, 1, 0, 0], second.output
    assert came_first == ["Otra amenaza", "Otra amenaza", "Una amenaza"]
    assert titles() == sorted(row[0] for row in GOOD + BAD)
    assert whole.exit_code == 0, whole.output
    assert number(Incident) == 6


def test_cells_come_back_as_they_were(app, world, mine, tmp_path):
    rest = tmp_path / "rest.csv"

    run(app, mine, "--as", world.caseworker.email, "--skip-bad", "--rest", rest)
    rest.write_bytes(mended(rest.read_bytes()))
    run(app, rest, "--as", world.caseworker.email)

    statement = select(Incident.narrative).where(Incident.title_es == "=1+1 amenazas")
    assert db.session.scalar(unguarded(statement, "the test reads one")) == BAD[0][1]


def test_with_numbers_of_their_own_the_rest_keeps_them(app, world, tmp_path):
    header = ["id", *HEADER]
    path, rest = tmp_path / "hoja.csv", tmp_path / "rest.csv"
    path.write_bytes(written([["A-1", *GOOD[0]], ["A-2", *BAD[0]], ["A-1", *GOOD[1]]], header))

    run(app, path, "--as", world.caseworker.email, "--skip-bad", "--rest", rest)
    rest.write_bytes(mended(rest.read_bytes()).replace(b"A-1", b"A-3"))
    second = run(app, rest, "--as", world.caseworker.email)

    assert second.exit_code == 0, second.output
    statement = unguarded(select(Incident.external_id), "the test counts what came in")
    assert sorted(db.session.scalars(statement)) == ["A-1", "A-2", "A-3"]


def test_in_the_browser(app, world, sign_in):
    browser = sign_in(world.caseworker)

    def sent(content):
        upload = {"file": (io.BytesIO(content), "hoja.csv"), "case": "", "team": world.south.id}
        return browser.post("/imports/", upload).location

    dry_run = sent(written([GOOD[0], BAD[0], *GOOD[1:]]))
    assert number(Incident) == 0
    after = browser.post(dry_run, {"decision": "skip_bad"}, form_at=dry_run).location
    assert number(Incident) == 3
    rest = browser.post(f"{after}/rest", {}, form_at=after)
    again = sent(mended(rest.data))
    browser.post(again, {"decision": "import"}, form_at=again)

    assert rest.mimetype == "text/csv"
    assert number(Incident) == 4


def test_the_rest_says_in_which_row_of_the_file_each_stood(app, world, mine, tmp_path):
    rest = tmp_path / "rest.csv"

    run(app, mine, "--as", world.caseworker.email, "--skip-bad", "--rest", rest)

    rows = list(csv.DictReader(io.StringIO(rest.read_text(encoding="utf-8-sig"))))
    assert [row["row_in_file"] for row in rows] == ["3", "6", "7"]
