"""Sheets become incidents: a dry run writes nothing, all rows or none, the same file again adds nothing."""

import csv
import io
import re
import zipfile

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


SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TITLE = '<row r="1"><c r="A1" t="inlineStr"><is><t>titulo</t></is></c></row>'
ONE_LONG_TEXT = f"<sst><si><t>a</t></si><si><t>{'a' * 2_000_000}</t></si></sst>"


def a_crafted_workbook(rows, before="", sheets=(("A", "visible", "sheet1"),), **parts):
    """As no spreadsheet writes it; a few kilobytes, packed."""
    content = io.BytesIO()
    named = "".join(f'<sheet name="{name}" state="{state}" sheetId="1" r:id="{id_}"/>' for name, state, id_ in sheets)
    link = '<Relationship Id="{}" Type="{}/{}" Target="{}"/>'.format
    links = "".join(link(id_, OFFICE, "worksheet", f"worksheets/{id_}.xml") for _name, _state, id_ in sheets)
    files = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{link("a", OFFICE, "officeDocument", "xl/workbook.xml")}'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/worksheets/sheet1.xml": before + a_crafted_sheet(rows),
        **parts,
    }
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def a_crafted_sheet(rows):
    return f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{TITLE}{rows}</sheetData></worksheet>'


def sharing(value):
    """A workbook of which sixty cells hold the text that the value names."""
    rows = f'<row><c t="s">{value}</c></row>' * 60
    return a_crafted_workbook(rows, **{"xl/sharedStrings.xml": ONE_LONG_TEXT})


FAR_CORNER = '<row r="2"><c r="XFD1048576"><v>1</v></c></row>'
FILLS_THE_MEMORY = {
    "a far corner": a_crafted_workbook(FAR_CORNER),
    "a far corner in small letters": a_crafted_workbook(FAR_CORNER.replace("XFD", "xfd")),
    "a far corner with a zero in front": a_crafted_workbook(FAR_CORNER.replace("XFD", "XFD0")),
    "a far row behind a cell that says another": a_crafted_workbook(
        '<row r="1048576"><c r="A1"/></row><row><c><v>1</v></c></row>'
    ),
    "a far corner in another sheet of the name": a_crafted_workbook(
        "<row><c><v>1</v></c></row>",
        sheets=(("A", "hidden", "sheet2"), ("A", "visible", "sheet1")),
        **{"xl/worksheets/sheet2.xml": a_crafted_sheet(FAR_CORNER)},
    ),
    "a far corner in a part of almost the name": a_crafted_workbook(
        "<row><c><v>1</v></c></row>", **{"xl/Worksheets/sheet1.xml": a_crafted_sheet(FAR_CORNER)}
    ),
    "a far corner in a comment of a document type": a_crafted_workbook(
        "", before=f"<!DOCTYPE worksheet [<!-- ]>{a_crafted_sheet(FAR_CORNER)} -->]>"
    ),
    "a shared text": sharing("<v>1</v>"),
    "a shared text with a sign": sharing("<v>+1</v>"),
    "a shared text behind another": sharing("<v>0</v><v>1</v>"),
    "a shared text behind an element": sharing("<v><x/>1</v>"),
    "a shared text in a reference": sharing("<v>&#49;</v>"),
    "a shared text before a comment": sharing("<v>1<!-- -->0</v>"),
}


@pytest.mark.parametrize("what", FILLS_THE_MEMORY)
def test_a_small_workbook_cannot_fill_the_memory(app, world, sheet, what):
    size = len(FILLS_THE_MEMORY[what])
    outcome = run(app, sheet(FILLS_THE_MEMORY[what], "hoja.xlsx"), "--as", world.caseworker.email)

    assert size < 10_000
    # A sentence, or the harmless part of it; whoever reads it lives in a process of its own.
    assert outcome.exception is None or isinstance(outcome.exception, SystemExit)
    assert (number(Incident) > 0) == (outcome.exit_code == 0)


def test_a_workbook_is_read_like_a_text_file(app, world, sheet):
    rows = [line.split(",") for line in GOOD.strip().split("\n")]

    outcome = run(app, sheet(a_workbook(rows), "hoja.xlsx"), "--as", world.caseworker.email)

    assert outcome.exit_code == 0, outcome.output
    assert number(Incident) == 2


def test_the_dry_run_as_a_file_says_row_column_cell_and_reason(app, world, sheet, tmp_path):
    report = tmp_path / "informe.csv"

    outcome = run(app, sheet(BAD), "--as", world.caseworker.email, "--dry-run", "--report", report)
    lines = list(csv.DictReader(io.StringIO(report.read_text(encoding="utf-8-sig"))))

    assert outcome.exit_code == 1, outcome.output
    assert [line["Fila"] for line in lines] == ["2", "3", "4"]
    assert (lines[2]["Columna"], lines[2]["Celda"]) == ("fecha", "2024-13-45")
    assert "ese día no existe" in lines[2]["Motivo"]
    assert number(Incident) == 0


MALFORMED = {
    "empty": b"",
    "only a mark": b"\xef\xbb\xbf",
    "any bytes": bytes(range(256)) * 20,
    "a broken workbook": a_workbook([["a"]])[:400],
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "header only": b"titulo,tipo principal\n",
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
    # Names stand sealed in the database, so they are counted here.
    found = db.session.scalars(unguarded(select(PersonIdentity.legal_name), "the test looks for names elsewhere")).all()
    names = set(found)
    namesakes = ("José Bernardo da Silva", "Ranjan Kumar Das")
    assert [found.count(name) for name in namesakes] == [2, 2]
    said = db.session.execute(
        unguarded(select(Incident.title_es, Incident.title_en, Incident.search_full), "the test looks for names")
    ).all()
    pseudonyms = set(db.session.scalars(unguarded(select(Person.pseudonym), "the test looks for names")))
    assert not names & pseudonyms
    for name in namesakes:
        assert not any(name.lower() in (text or "").lower() for row in said for text in row)


def test_the_page_leads_to_how_maps_are_written(world, sign_in):
    browser = sign_in(world.caseworker)

    addresses = re.findall(r'href="(/help/[^"]+)"', browser.get("/imports/").text)

    assert addresses
    assert {browser.get(address).status_code for address in addresses} == {200}
