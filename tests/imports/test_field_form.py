"""The form for KoboToolbox and ODK: taken by pyxform without a warning, in both languages, with every choice."""

from xml.etree import ElementTree

from python_calamine import CalamineWorkbook
from pyxform.xls2xform import convert

from app.imports.incident_fields import IMPORTED
from app.vocabulary.queries import lists

XFORM = "{http://www.w3.org/2002/xforms}"

# What the phone asks otherwise than a sheet says it.
OWN_TO_THE_PHONE = {"safety", "geopoint", "photo", "recording", "document_file", "instanceID", "instanceName"}


def form_written(app, folder):
    result = app.test_cli_runner().invoke(args=["import", "xlsform", "--out", str(folder / "form.xlsx")])
    assert result.exit_code == 0, result.output
    warnings = []
    return ElementTree.fromstring(convert(folder / "form.xlsx", warnings=warnings).xform), warnings


def last_names(form):
    # A group that is shown at times has a line of its own here, but no type.
    return {bind.get("nodeset").rpartition("/")[2] for bind in form.iter(f"{XFORM}bind") if bind.get("type")}


def test_pyxform_takes_it_without_a_warning_and_in_both_languages(app, world, tmp_path):
    form, warnings = form_written(app, tmp_path)

    assert warnings == []
    assert {part.get("lang") for part in form.iter(f"{XFORM}translation")} == {"Español (es)", "English (en)"}
    words = {value.text for value in form.iter(f"{XFORM}value")}
    assert {"Photograph", "Fotografía", "Alleged perpetrator", "Presunto responsable"} <= words


def test_its_questions_bear_the_names_that_an_import_knows(app, world, tmp_path):
    form, _warnings = form_written(app, tmp_path)
    names = last_names(form) - OWN_TO_THE_PHONE

    assert {"main_type", "narrative", "happened", "district", "pseudonym", "perpetrators"} <= names
    assert names <= {field.name for field in IMPORTED}


def test_every_kind_of_incident_can_be_chosen(app, world, tmp_path):
    form, _warnings = form_written(app, tmp_path)
    offered = {name.text for name in form.iter(f"{XFORM}name")}

    codes = lists()["incident_types"].values()
    assert {entry.code for entry in codes if entry.active and entry.selectable} <= offered


def test_a_file_that_is_there_is_not_written_over(app, world, tmp_path):
    (tmp_path / "form.xlsx").write_text("mine")

    result = app.test_cli_runner().invoke(args=["import", "xlsform", "--out", str(tmp_path / "form.xlsx")])

    assert result.exit_code == 2
    assert (tmp_path / "form.xlsx").read_text() == "mine"


def sheet_of(folder, name):
    heading, *rows = CalamineWorkbook.from_path(folder / "form.xlsx").get_sheet_by_name(name).to_python()
    return [dict(zip(heading, row, strict=True)) for row in rows]


BOTH = ("label::Español (es)", "label::English (en)")


def test_every_question_and_every_choice_speaks_both_languages(app, world, tmp_path):
    form_written(app, tmp_path)
    questions, choices = sheet_of(tmp_path, "survey"), sheet_of(tmp_path, "choices")

    asked = [row for row in questions if not row["type"].startswith("end_")]
    assert [row["name"] for row in [*asked, *choices] if not all(row[one] for one in BOTH)] == []
    for half in ("hint", "constraint_message"):
        told = [(bool(row[f"{half}::Español (es)"]), bool(row[f"{half}::English (en)"])) for row in asked]
        assert all(spanish == english for spanish, english in told)


def test_every_list_is_offered_whole(app, world, tmp_path):
    form_written(app, tmp_path)
    offered = {}
    for row in sheet_of(tmp_path, "choices"):
        offered.setdefault(row["list_name"], set()).add(row["name"])
    asked = {row["type"].split()[1] for row in sheet_of(tmp_path, "survey") if row["type"].startswith("select_")}

    assert asked == set(offered)
    for name in asked - {"department", "province", "district"}:
        assert offered[name] == {one.code for one in lists()[name].values() if one.active and one.selectable}, name
