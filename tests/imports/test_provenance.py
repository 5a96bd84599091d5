"""Each record knows the file, the sheet and the row that it came from; an import has a page of its own."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.imports.models import ImportBatch, ImportRow
from app.incidents.models import Incident
from app.organisations.models import Organisation
from app.people.models import Person
from tests.imports.test_import import BAD, number, run, sheet  # noqa: F401
from tests.imports.test_in_the_browser import decide, send  # noqa: F401

NAMED = (
    "nro,titulo,tipo principal,fecha,pais,nombre,companies,source\n"
    "7,Una amenaza,THR.DEATH,2024-05-02,PE,Aurelia Quispe,Minera Uno,La Voz\n"
    "8,Otra amenaza,THR.OTHER,2024-06,PE,,Minera Uno,La Voz\n"
)


def only(model, *conditions):
    return db.session.scalars(unguarded(select(model).where(*conditions), "the test looks")).unique().one()


def the_batch():
    return db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(1)).one()


def take_in(send, content, decision="import"):  # noqa: F811
    answer = send(content)
    assert answer.status_code == 303, answer.text
    return decide(send, answer.location, decision)


def test_the_page_of_a_record_names_file_row_day_and_who(world, send):  # noqa: F811
    take_in(send, NAMED)
    incident = only(Incident, Incident.external_id == "8")

    page = unescape(send.browser.get(f"/incidents/{incident.reference}").text)

    assert "hoja.csv" in page
    assert re.search(r"row\s3\b", page)
    assert "by Caseworker" in page


def test_what_is_met_along_the_way_knows_its_row_too(world, send):  # noqa: F811
    take_in(send, NAMED)
    person, company = only(Person), only(Organisation, Organisation.name == "Minera Uno")

    pages = [
        unescape(send.browser.get(f"/{room}/{one.reference}").text)
        for room, one in (("people", person), ("organisations", company))
    ]

    assert all("hoja.csv" in page and re.search(r"row\s2\b", page) for page in pages)


def test_who_does_not_read_in_full_or_has_no_part_in_it_is_not_told_of_the_file(world, send, sign_in):  # noqa: F811
    take_in(send, NAMED)
    company, incident = (
        only(Organisation, Organisation.name == "Minera Uno"),
        only(Incident, Incident.external_id == "8"),
    )
    stranger = sign_in(world.stranger)

    assert stranger.get(f"/incidents/{incident.reference}").status_code == 404
    assert "hoja.csv" not in stranger.get(f"/organisations/{company.reference}").text


def test_no_name_is_kept_a_second_time(world, send):  # noqa: F811
    take_in(send, NAMED)

    rows = db.session.scalars(select(ImportRow)).all()

    told = repr([(row.digests, row.external_id, row.numbers) for row in rows])
    assert "Quispe" not in told and "quispe" not in told and "amenaza" not in told
    incidents = [row for row in rows if row.table_name == "incident"]
    assert all("legal_name" in row.digests for row in incidents if row.external_id == "7")


def test_equal_words_in_two_rows_have_two_digests(world, send):  # noqa: F811
    take_in(send, NAMED)

    rows = db.session.scalars(select(ImportRow).where(ImportRow.table_name == "incident")).all()

    assert len({row.digests["country"] for row in rows}) == 2


@pytest.mark.parametrize(("who", "status"), [("caseworker", 200), ("coordinator", 200), ("colleague", 404),
                                              ("foreign_coordinator", 404)])  # fmt: skip
def test_an_import_has_a_page_for_who_imported_and_the_coordination(world, send, sign_in, who, status):  # noqa: F811
    take_in(send, BAD, "skip_bad")
    uid = the_batch().uid

    answer = sign_in(getattr(world, who)).get(f"/imports/batches/{uid}")

    assert answer.status_code == status
    if status == 200:
        page = unescape(answer.text)
        assert "hoja.csv" in page and the_batch().sha256 in page
        assert re.search(r"<p>4</p>", page)  # the row that stayed out
        assert "2024-13-45" not in page
        assert f"/incidents/?brought={the_batch().sha256[:8]}" in page


def test_the_list_of_imports_leads_to_the_page(world, send):  # noqa: F811
    take_in(send, NAMED)

    assert f"/imports/batches/{the_batch().uid}" in send.browser.get("/imports/").text


def test_the_command_writes_the_rows_down_too(app, world, sheet):  # noqa: F811
    run(app, sheet(NAMED), "--as", world.caseworker.email)

    assert number(ImportRow, ImportRow.table_name == "incident") == 2
    assert the_batch().kind == "incidents"
