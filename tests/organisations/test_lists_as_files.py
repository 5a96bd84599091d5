"""The lists of organisations and projects as CSV and as a workbook."""

import csv
import io
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import db
from app.tabular import write_workbook
from tests import factories

OF_BOTH_DATABASES = ("sqlite",)


@pytest.fixture
def three(world):
    parent = factories.an_organisation("Quartz Holdings", team=world.south, home_country="GB")
    child = factories.an_organisation("=Quartz Perú", team=world.south, parent=parent, kind="COMPANY")
    child.set_aliases(["Cuarzo"])
    factories.an_organisation("Quartz of others", team=world.north)
    factories.a_project("Quartz Hill", companies=[child], team=world.south).set_aliases(["El Cuarzo"])
    factories.a_project("Quartz abroad", team=world.north)
    db.session.commit()
    return parent, child


def lines_of(answer):
    if answer.mimetype == "text/csv":
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False)


@pytest.mark.parametrize(("format_", "written"), [("csv", "'=Quartz Perú"), ("xlsx", "=Quartz Perú")])
def test_the_same_filters_give_the_same_rows_and_it_is_on_record(world, sign_in, three, format_, written):
    parent, child = three
    browser = sign_in(world.analyst)

    answer = browser.post("/organisations/export", {"format": format_, "text": "quartz"}, form_at="/organisations/")

    header, *rows = lines_of(answer)
    found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert set(found) == {parent.reference, child.reference}
    assert found[child.reference]["name"] == written
    assert found[child.reference]["other_names"] == "Cuarzo"
    assert (found[child.reference]["home_country"], found[child.reference]["parent"]) == ("GB", "Quartz Holdings")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).one()
    assert {"what=organisations", "text=(text)", f"format={format_}", "rows=2"} <= set(entry.columns)
    assert "quartz" not in str(entry.columns)


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_projects_too(world, sign_in, three, format_):
    _parent, child = three
    browser = sign_in(world.caseworker)

    answer = browser.post("/organisations/projects/export", {"format": format_, "text": "quartz"}, form_at="/profile")

    header, *rows = lines_of(answer)
    assert [dict(zip(header, row, strict=True))["name"] for row in rows] == ["Quartz Hill"]
    assert child.reference in rows[0] and "El Cuarzo" in rows[0]


def test_a_workbook_holds_text_as_text_and_its_head_stays_in_sight():
    lines = [
        ("=1+1", 3, date(2024, 5, 2), True),
        ("https://example.org", 10**16, ["a", "b"], None),
        ("x" * 40_000, 1.5, "", "7"),
    ]

    file = io.BytesIO()
    write_workbook(file, ("text", "number", "day", "yes"), iter(lines))
    content = file.getvalue()

    assert lines_of(type("Answer", (), {"mimetype": "xlsx", "data": content})) == [
        ["text", "number", "day", "yes"],
        ["=1+1", 3.0, "2024-05-02", "yes"],
        ["https://example.org", "1" + "0" * 16, "a|b", ""],
        ["x" * 32_767, 1.5, "", "7"],
    ]
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert 'state="frozen"' in sheet and "<cols>" in sheet
