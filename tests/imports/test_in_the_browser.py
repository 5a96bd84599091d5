"""Importing in the browser: look first, then decide; a file that is no table is answered in a sentence."""

import io
import re
import zipfile
from dataclasses import replace
from html import unescape

import pytest

from app.access import visible
from app.db import db
from app.imports.models import ImportBatch
from app.incidents.models import Incident
from tests.imports.test_import import BAD, GOOD, a_workbook, number

LIMITS = {
    "import_max_bytes": 20_000,
    "import_max_unpacked_bytes": 60_000,
    "import_max_rows": 50,
    "import_max_columns": 20,
}


@pytest.fixture
def send(world, sign_in):
    """`send(content)` uploads a file as the caseworker; `send.browser` is the browser."""
    browser = sign_in(world.caseworker)

    def sent(content, name="hoja.csv"):
        content = content if isinstance(content, bytes) else content.encode()
        return browser.post("/imports/", {"file": (io.BytesIO(content), name), "case": "", "team": world.south.id})

    sent.browser = browser
    return sent


def decide(send, dry_run, decision):
    return send.browser.post(dry_run, {"decision": decision}, form_at=dry_run)


def test_the_dry_run_writes_nothing_and_the_confirmation_writes_all(world, send):
    dry_run = send(GOOD).location

    page = send.browser.get(dry_run).text
    before = number(Incident)
    decide(send, dry_run, "import")

    assert "Una amenaza" in page and "Otra amenaza" in page
    assert before == 0
    titles = {row.title_in("es") for row in db.session.scalars(visible(Incident, world.caseworker)).unique()}
    assert titles == {"Una amenaza", "Otra amenaza"}
    assert send.browser.get(dry_run).status_code == 404  # the file is no longer kept


def test_the_same_file_a_second_time_has_nothing_to_confirm(send):
    decide(send, send(GOOD).location, "import")
    dry_run = send(GOOD).location

    page = send.browser.get(dry_run).text
    decide(send, dry_run, "import")

    assert "Every row of this file is there already." in page
    assert number(Incident) == 2


def test_a_confirmation_sent_twice_imports_once(send):
    dry_run = send(GOOD).location

    answers = [
        send.browser.post(dry_run, {"decision": "import", "form_token": "t" * 43}, form_at="/imports/")
        for _time in range(2)
    ]

    assert {answer.status_code for answer in answers} == {303}
    assert number(ImportBatch) == 1
    assert number(Incident) == 2


def test_who_cancels_imports_nothing(send):
    dry_run = send(GOOD).location

    decide(send, dry_run, "cancel")

    assert number(Incident) == 0
    assert send.browser.get(dry_run).status_code == 404


def test_a_bad_day_is_named_and_keeps_all_rows_out(send):
    dry_run = send(BAD).location

    page = unescape(send.browser.get(dry_run).text)
    answer = decide(send, dry_run, "import")

    assert "“2024-13-45”" in page
    assert answer.location == dry_run
    assert number(Incident) == 0


def test_the_whole_dry_run_can_be_fetched_by_whom_it_belongs_to(send, world, sign_in):
    dry_run = send(GOOD + "Sin fecha cierta,THR.OTHER,2024-13-45,PE\n").location

    mine = send.browser.post(f"{dry_run}/report", form_at=dry_run)
    others = sign_in(world.coordinator).post(f"{dry_run}/report", form_at="/imports/")

    assert "4,Sin fecha cierta,cannot be imported,fecha,2024-13-45," in mine.text
    assert others.status_code == 404


def test_what_one_uploaded_is_nobody_elses(world, send, sign_in):
    dry_run = send(GOOD).location
    other = sign_in(world.coordinator)

    assert other.get(dry_run).status_code == 404
    assert other.post(dry_run, {"decision": "import"}, form_at="/imports/").status_code == 404
    assert number(Incident) == 0


def a_row(cells):
    return ",".join(cells) + "\n"


def an_archive():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("hoja.csv", GOOD)
    return content.getvalue()


MALFORMED = {
    "nothing that is known": ("titulo\n", 400, "a header and no rows under it"),
    "no text": (GOOD.replace("Una", "U\x00na"), 400, "Row 2 holds characters that are not text"),
    "too many bytes": (GOOD + "x" * 20_000, 413, "at most 19.5 KB are accepted"),
    "unpacks to too much": (
        a_workbook([["titulo"], ["x" * 30_000], ["x" * 29_999 + "y"]]),
        413,
        "Unpacked, the workbook",
    ),
    "one text for many cells": (a_workbook([["titulo"], *[["x" * 3_000]] * 30]), 413, "Unpacked, the workbook"),
    "too many rows": ("titulo\n" + "Una\n" * 51, 400, "beyond the 50 rows"),
    "too many rows in a workbook": (a_workbook([["titulo"], *[["Una"]] * 51]), 400, "beyond the 50 rows"),
    "too many columns": (a_row(f"c{n}" for n in range(21)) + a_row("1" * 21), 400, "has 21 columns; at most 20"),
    "too many columns in a workbook": (a_workbook([["t"] * 21]), 400, "has 21 columns; at most 20"),
    "empty": (b"", 400, "The file is empty."),
    "only a mark": (b"\xef\xbb\xbf", 400, "The file is empty."),
    "only spaces": (b"  \n \n", 400, "The file is empty."),
    "half a workbook": (a_workbook([["titulo"], ["Una"]])[:1500], 400, "cannot be read as a table"),
    "a PDF": (b"%PDF-1.7\n", 400, "This kind of file is not read."),
    "an archive": (an_archive(), 400, "The file is an archive."),
    "an old workbook that is a web page": (b"<table><tr><td>titulo</td></tr></table>", 400, "This kind of file"),
    "quotation marks that do not close": ('titulo,"pais\nUna,PE,x\nDos\n', 400, "cannot be read as a table (row 1)"),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_file_is_answered_in_a_sentence_and_nothing_is_written(app, send, what):
    content, status, sentence = MALFORMED[what]
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **LIMITS)

    answer = send(content)

    assert answer.status_code == status
    assert sentence in unescape(re.sub(r"\s+", " ", answer.text))
    assert number(Incident) == number(ImportBatch) == 0
    assert list((app.config["SETTINGS"].instance / "tmp").glob("uploads/*")) == []


def test_what_is_larger_than_any_request_may_be_gets_the_same_sentence(app, send):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], max_request_bytes=1000, import_max_bytes=10_000)

    answer = send(GOOD + "x" * 2_000_000)

    assert answer.status_code == 413
    assert "AMPARO_IMPORT_MAX_BYTES" in answer.text
    assert number(Incident) == 0
