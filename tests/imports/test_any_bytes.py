"""Property tests of the door: any text in any field survives, and any bytes are a report or a clear refusal."""

import csv
import io
import itertools
import json
import zipfile
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.access import unguarded, visible
from app.db import db, fold
from app.imports.blanks import LONGEST, USUAL
from app.imports.layout import lay_out
from app.imports.maps import MapProblem, SheetMap, read_map
from app.imports.models import ImportBatch
from app.imports.words import map_words
from app.incidents.models import Incident
from app.incidents.text import clean, clean_line
from app.sheet_problems import sheet_words
from app.sheets import SheetProblem, read_grid
from app.tabular import csv_lines, write_workbook
from config import Settings
from tests.imports.test_import import number, run

CAREFUL = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
"""One installation for all examples of a test: each looks only at the rows that it brought."""


def times(number_of):
    return settings(CAREFUL, max_examples=number_of)


PIECES = (
    "=1+1", "'", "''", '"', '""', "+", "-", "@", "|", "\\|", "\\", ";", ",", "\t", "\n", "\r\n", "\r", " ", "\u00a0",
    "\u200b", "\ufeff", "\x00", "\x0b", "\x1f", "\x7f", "\x85", "\u2028", "\u202e", "ñ", "n\u0303", "אב", "ع", "👩🏽‍🌾",
    "_x0041_", "\ufffe", "\uffff", "<a>", "&amp;", "12:30", "007", "1e5", "2024-13-45", "NA", "NN", "total", "sep=;",
)  # fmt: skip
TEXTS = (st.text(max_size=100) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)).map(str.strip)
"""Without blanks around them, as records hold every text."""


def as_csv(header, rows):
    return "".join(csv_lines(header, rows)).encode()


def as_workbook(header, rows):
    file = io.BytesIO()
    write_workbook(file, header, rows)
    return file.getvalue()


WRITERS = {"csv": as_csv, "xlsx": as_workbook}


# --- any text ------------------------------------------------------------------------------------

LINES = ("title_es", "community", "happened_text", "region_text")
LONG_TEXTS = ("narrative", "summary_es", "summary_en", "notes")
NUMBERS = itertools.count(1)


def kept(text, cleaned):
    """What the record holds of a cell: what `clean` documents, and nothing where it says that nothing is known."""
    cell = text.replace("\x00", "").strip()
    says_nothing = len(cell) <= LONGEST and fold(cell) in {fold(word) for word in USUAL}
    return None if says_nothing else cleaned(text)


@pytest.mark.parametrize("form", WRITERS)
@times(6)
@given(
    given_rows=st.lists(st.fixed_dictionaries({name: TEXTS for name in (*LINES, *LONG_TEXTS)}), min_size=1, max_size=8)
)
@example(given_rows=[dict.fromkeys(LINES, 'ñ, "| ' * 25) | dict.fromkeys(LONG_TEXTS, "=é\n" * 190)])
def test_any_text_in_any_field_survives(app, world, tmp_path, form, given_rows):
    ids = [f"N{next(NUMBERS)}" for _row in given_rows]
    path = tmp_path / f"hoja.{form}"
    header = ["external_id", "title_en", "country", *LINES, *LONG_TEXTS]
    lines = [
        [one, f"The {one}", "HN", *(row[name] for name in (*LINES, *LONG_TEXTS))]
        for one, row in zip(ids, given_rows, strict=True)
    ]
    path.write_bytes(WRITERS[form](header, lines))

    outcome = run(app, path, "--as", world.caseworker.email)

    assert outcome.exit_code == 0, outcome.output
    db.session.expire_all()
    found = {
        one.external_id: {name: getattr(one, name) for name in (*LINES, *LONG_TEXTS)}
        for one in db.session.scalars(visible(Incident, world.caseworker).where(Incident.external_id.in_(ids))).unique()
    }
    expected = {
        one: {name: kept(text, clean_line if name in LINES else clean) for name, text in row.items()}
        for one, row in zip(ids, given_rows, strict=True)
    }
    for one in ids:
        assert found[one] == expected[one]


@pytest.mark.parametrize("form", WRITERS)
@times(15)
@given(rows=st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_the_cells_of_what_we_write_come_back(tmp_path, form, rows):
    lines = [[f"N{number}", *row] for number, row in enumerate(rows, start=1)]
    grid = read_grid(f"hoja.{form}", WRITERS[form](["nro", "uno", "dos", "tres"], lines), Settings(instance=tmp_path))

    def read(text):
        text = text if form == "csv" else text.replace("\ufffe", "").replace("\uffff", "")
        return normalize("NFC", text.replace("\x00", "").strip()).strip()

    assert [cells for _number, cells in grid.lines[1:]] == [[read(cell) for cell in line] for line in lines]


# --- any bytes -----------------------------------------------------------------------------------


def an_open_document(header, rows):
    def line(cells):
        told = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
        )
        return f"<table:table-row>{told}</table:table-row>"

    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name='Uno'>"
        + "".join(map(line, [header, *rows]))
        + "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return file.getvalue()


HEADER = ("titulo", "tipo principal", "fecha", "pais")
ROWS = [(f"Amenaza {n}", "THR.OTHER", "2024-05-02", "PE") for n in range(3)]
WHOLE = {
    "hoja.csv": as_csv(HEADER, ROWS),
    "hoja.xlsx": as_workbook(HEADER, ROWS),
    "hoja.ods": an_open_document(HEADER, ROWS),
    "hoja.json": json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS]).encode(),
}
BEGINNINGS = (
    b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"{",
    b'[{"titulo":', b"<html><table>", b"%PDF-1.7", b"sep=", b'sep="', b"titulo,fecha\n", b'"titulo";"fecha"\n', b'"',
    b"\x00",
)  # fmt: skip


def changed(content, changes):
    content = bytearray(content)
    for place, removed, added in changes:
        at = place % (len(content) + 1)
        content[at : at + removed] = added
    return bytes(content)


def repacked(content, part, changes):
    """A packed workbook of which one part is changed: what lies deeper than the frame."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        names = old.namelist()
        for number, name in enumerate(names):
            inner = old.read(name)
            new.writestr(name, changed(inner, changes) if number == part % len(names) else inner)
    return file.getvalue()


CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 20), st.binary(max_size=6)), min_size=1, max_size=6)
BYTES = st.one_of(
    st.tuples(st.sampled_from(sorted(WHOLE)), st.binary(max_size=400)),
    st.tuples(
        st.sampled_from(sorted(WHOLE)),
        st.builds(bytes.__add__, st.sampled_from(BEGINNINGS), st.binary(max_size=200)),
    ),
    st.sampled_from(sorted(WHOLE)).flatmap(
        lambda name: st.tuples(st.just(name), st.builds(changed, st.just(WHOLE[name]), CHANGES))
    ),
    st.sampled_from(["hoja.xlsx", "hoja.ods"]).flatmap(
        lambda name: st.tuples(st.just(name), st.builds(repacked, st.just(WHOLE[name]), st.integers(0, 20), CHANGES))
    ),
)  # fmt: skip
A_LATER_VERSION = WHOLE["hoja.xlsx"].replace(b"PK\x01\x02\x14\x00\x14", b"PK\x01\x02\x14\x00\xff", 1)
"""Asks for a version of the packing that does not exist."""


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_changed_below_is_read_when_it_is_whole(tmp_path, name):
    sheet = lay_out(read_grid(name, WHOLE[name], Settings(instance=tmp_path)))

    assert (sheet.header, [tuple(cells) for _number, cells in sheet.rows]) == (list(HEADER), ROWS)


@times(25)
@given(file=BYTES)
@example(file=("hoja.xlsx", A_LATER_VERSION))
@example(file=("hoja.csv", b'sep=""'))
def test_any_bytes_are_a_table_or_a_sentence(app, tmp_path, file):
    with app.test_request_context():
        try:
            sheet = lay_out(read_grid(*file, Settings(instance=tmp_path)))
        except SheetProblem as problem:
            assert sheet_words(problem)
        else:
            assert sheet.rows and all(len(cells) == len(sheet.header) for _number, cells in sheet.rows)


@times(8)
@given(file=BYTES)
def test_the_page_answers_any_bytes_and_writes_nothing(world, sign_in, file):
    browser = sign_in(world.caseworker)
    upload = {"file": (io.BytesIO(file[1]), file[0]), "case": "", "team": world.south.id}

    answer = browser.post("/imports/", upload)

    assert answer.status_code in (303, 400, 413)
    assert answer.status_code != 303 or browser.get(answer.location).status_code == 200
    assert (number(Incident), number(ImportBatch)) == (0, 0)


@times(8)
@given(file=BYTES)
def test_the_command_brings_all_or_nothing_of_any_bytes(app, world, tmp_path, file):
    path = tmp_path / file[0]
    path.write_bytes(file[1])
    before = number(Incident), number(ImportBatch)

    outcome = run(app, path, "--as", world.caseworker.email)

    assert outcome.exception is None or isinstance(outcome.exception, SystemExit), outcome.output
    db.session.rollback()
    incidents, batches = number(Incident) - before[0], number(ImportBatch) - before[1]
    assert outcome.exit_code in (0, 1) and outcome.output
    assert outcome.exit_code == 0 or (incidents, batches) == (0, 0)
    db.session.expire_all()
    assert number(Incident) == sum(db.session.scalars(unguarded(select(ImportBatch.rows_added), "counting")))


# --- any table -----------------------------------------------------------------------------------

CELLS = st.text(max_size=12) | st.sampled_from(["", "", "1", "2019", "total", "Fuente: x", "#tag", "a", "a", *PIECES])
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman", "cp850")


@times(25)
@given(
    table=st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|:^~"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(ENCODINGS),
)
def test_any_small_table_is_read(tmp_path, table, delimiter, quoting, encoding):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(table)
    try:
        sheet = lay_out(read_grid("hoja.csv", text.getvalue().encode(encoding, "replace"), Settings(instance=tmp_path)))
    except SheetProblem as problem:
        assert problem.reason in ("empty", "no_rows", "unreadable", "kind", "no_text")
    else:
        assert len({heading.casefold() for heading in sheet.header}) == len(sheet.header)
        assert all(len(cells) == len(sheet.header) for _number, cells in sheet.rows)


# --- any map -------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.booleans() | st.integers(-5, 10**20) | st.floats() | st.just({}) | st.dates()
    | st.sampled_from(["", "titulo", "yyyy-mm-dd", "{titulo}", "drop", "{"])
    | TEXTS.map(lambda text: text.replace("\x00", "")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
WAYS = VALUES | st.dictionaries(
    st.sampled_from(
        ["column", "columns", "constant", "template", "values", "other", "format", "separator", "join", "ticked", "x"]
    ),
    VALUES,
    max_size=4,
)
FIELDS = st.dictionaries(
    st.sampled_from(["title", "happened", "legal_name", "main_type", "companies", "narrative", "country", "x"]),
    WAYS,
    max_size=4,
)
KEYS = ("kind", "title", "source", "language", "ignore", "sheet", "header", "empty", "row", "together", "x")
MAPS = st.builds(
    lambda top, fields: {**top, "fields": fields},
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=2),
    FIELDS | VALUES,
)


def toml(value):
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return (
            json.dumps(value).replace("\x7f", "\\u007f")
            if value.isascii()
            else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


TOML = MAPS.map(lambda given: "\n".join(f"{key} = {toml(one)}" for key, one in given.items()).encode())


@times(100)
@given(content=TOML | st.binary(max_size=200) | TEXTS.map(str.encode))
def test_any_map_is_a_map_or_a_sentence(app, content):
    with app.test_request_context():
        try:
            assert isinstance(read_map("mapa.toml", content), SheetMap)
        except MapProblem as problem:
            assert map_words(problem)


@times(8)
@given(content=TOML)
def test_the_page_answers_any_map(world, sign_in, content):
    browser = sign_in(world.caseworker)
    upload = {"file": (io.BytesIO(WHOLE["hoja.csv"]), "hoja.csv"), "case": "", "team": world.south.id}

    answer = browser.post("/imports/", {**upload, "map_file": (io.BytesIO(content), "mapa.toml")})

    assert answer.status_code in (303, 400)
    assert answer.status_code != 303 or browser.get(answer.location).status_code == 200
