"""Files of recommendations: three kinds in, each recommendation once, and what a person wrote stays."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter
from docx import Document
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app.db import db
from app.recommendations.intake import last_import, planned, take_in
from app.recommendations.models import Recommendation
from app.recommendations.operations import change_recommendation
from app.recommendations.telling import FileProblem
from tests.recommendations.test_recommendations import a_recommendation

UPR_INFO = "To,To-Rgrp,To-Org,Text,From,From-Rgrp,From-Org,Response,Action,Issue,Session"
UHRI = (
    "Text", "Countries Concerned", "Reccomending Body", "Document Symbol", "Themes", "Affected Persons", "Sdgs",
    "Document Publication Date", "UPR Reccomending States", "UPR Position", "Type", "OHCHR Annotation Id",
    "UPR Session", "Regions Concerned", "Recommending Regions", "Date of publication on UHRI",
)  # fmt: skip


def a_csv(*rows, end="\r", encoding="mac_roman", header=UPR_INFO):
    return end.join([header, *rows, ""]).encode(encoding)


def a_row(text="Protect defenders", state="Côte d’Ivoire", response="Accepted", to="Peru", session="14", issue=""):
    issue = issue or '"Human rights defenders,Justice"'
    return f'{to},GRULAC,OAS,"{text}",{state},Africa,AU,{response},4,{issue},{session}'


def uhri_row(text="<p>111.12 Protect <b>defenders</b> of the environment</p>", **facts):
    values = {
        "Text": text,
        "Countries Concerned": "- Peru",
        "Reccomending Body": "- UPR",
        "Document Symbol": "A/HRC/37/8",
        "Themes": "- Human rights defenders\n- Human rights & the environment",
        "Affected Persons": "- Human rights defenders",
        "Sdgs": "- 16\n- 10",
        "Document Publication Date": 43097,
        "UPR Reccomending States": "- Norway\n- Bolivia (Plurinational State of)",
        "UPR Position": "- Supported",
        "Type": "- Recommendations",
        "UPR Session": "28",
        "Date of publication on UHRI": 45800,
    }
    return values | facts


def a_workbook(*rows, header=UHRI):
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, header)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(
            number, 0, [row.get(name, row.get(name.replace("Recommending", "Reccomending"), "")) for name in header]
        )
    workbook.close()
    return content.getvalue()


def a_list(
    *rows,
    heads=("Recommendation", "Position", "Full list of themes", "Assessment/comments on level of implementation"),
    about="UPR of Peru (28th session)",
):
    document = Document()
    document.add_paragraph(about)
    table = document.add_table(rows=0, cols=4)
    for row in (heads, *rows):
        cells = table.add_row().cells
        if len(row) == 1:
            cells[0].merge(cells[3])
        for cell, words in zip(cells, row, strict=False):
            cell.text = words
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def imported(user, name, content, **options):
    plan = planned(name, content, "PE", **options)
    done = take_in(user, plan)
    db.session.commit()
    return plan, done


def the(uid):
    return db.session.scalars(select(Recommendation).where(Recommendation.rec_uid == uid)).one()


def only():
    return db.session.scalars(select(Recommendation)).one()


# --- UPR Info ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("end", "encoding"), [("\r", "mac_roman"), ("\n", "utf-8"), ("\r\n", "cp1252")])
def test_upr_info_of_any_line_end_and_encoding_is_one_recommendation_with_its_states(world, end, encoding):
    rows = (a_row(), a_row(state="Norway"), a_row(to="Chile"), a_row("We promise", response="Voluntary Pledge"))

    plan, done = imported(world.coordinator, "upr.csv", a_csv(*rows, end=end, encoding=encoding))

    one = only()
    assert (one.session, one.cycle, one.position, one.action_category) == (14, 2, "supported", 4)
    assert sorted(one.state_codes) == ["CIV", "NOR"] and one.topics == ["DEFENDERS", "REMEDY_IMPUNITY"]
    assert sum(plan.telling.passed_over.values()) == 2 and done.added == 1
    assert not planned("upr.csv", a_csv(*rows, end=end, encoding=encoding), "PE").does_something


def test_a_row_that_a_person_linked_to_a_paragraph_is_found_again(world):
    shipped = a_recommendation("PER-C2-119.1", ("FRA",), "noted")
    parts = (a_row("Abolish the death penalty", "Slovenia", "Noted"), a_row("Abolish it in law", "Spain", "Noted"))
    imported(world.coordinator, "upr.csv", a_csv(*parts))
    for row in db.session.scalars(select(Recommendation).where(Recommendation.paragraph.is_(None))).all():
        facts = {"symbol": shipped.symbol, "paragraph": shipped.paragraph}
        assert change_recommendation(world.coordinator, row, facts) is shipped
    db.session.commit()

    plan = planned("upr.csv", a_csv(*parts), "PE")

    assert sorted(only().state_codes) == ["ESP", "FRA", "SVN"]
    assert not plan.new and not plan.does_something


def test_real_files_of_upr_info(world, shared_data):
    """Counted apart: 39 rows for Peru in sessions 1 to 5, and 136 in sessions 14 to 17."""
    for name, number, positions in (
        ("upr_recs_1-5.csv", 32, {"supported": 4, "noted": 28}),
        ("upr_recs_14-17.csv", 135, {"supported": 120, "noted": 15}),
    ):
        content = (shared_data / name).read_bytes()
        plan, done = imported(world.coordinator, name, content)

        assert (done.added, plan.telling.refused, plan.telling.unknown_columns) == (number, [], [])
        found = [told.position for told in plan.new]
        assert {position: found.count(position) for position in set(found)} == positions
        assert not planned(name, content, "PE").does_something


# --- UHRI ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [UHRI, tuple(name.replace("Reccomending", "Recommending") for name in UHRI)])
def test_the_workbook_of_uhri_brings_paragraph_states_themes_and_position(world, header):
    rows = (
        uhri_row(),
        uhri_row(**{"Countries Concerned": "- Chile"}),
        uhri_row(**{"Reccomending Body": "- CEDAW", "UPR Session": ""}),
        uhri_row(Type="- Concerns/Observations"),
    )

    plan, done = imported(world.coordinator, "uhri.xlsx", a_workbook(*rows, header=header))

    one = the("PER-C3-111.12")
    assert (one.symbol, one.paragraph, one.text) == ("A/HRC/37/8", "111.12", "Protect defenders of the environment")
    assert (one.position, one.session, str(one.reviewed_on)) == ("supported", 28, "2017-11-08")
    assert one.state_codes == ["BOL", "NOR"] and one.sdgs == ["16", "10"]
    assert one.themes == ["Human rights defenders@UHRI 2025", "Human rights & the environment@UHRI 2025"]
    assert "DEFENDERS" in one.topics and sum(plan.telling.passed_over.values()) == 3
    kept = last_import("PE", "uhri")
    assert (kept.file_name, kept.sha256, kept.rows) == ("uhri.xlsx", plan.sha256, 1) and done.added == 1


def test_what_a_person_wrote_stays_and_is_said(world):
    one = a_recommendation("PER-C3-111.12", ("NOR",), "unknown", session=28, cycle=3, symbol="A/HRC/37/8")
    change_recommendation(world.coordinator, one, {"position": "noted", "position_note": "Read in the addendum"})
    db.session.commit()

    plan, done = imported(world.coordinator, "uhri.xlsx", a_workbook(uhri_row()))

    kept = {difference.name: difference.by_hand for difference in plan.changes[0].differences}
    assert kept["position"] is True and kept["text"] is False
    assert (one.position, one.position_note, one.text is None) == ("noted", "Read in the addendum", False)
    assert (done.added, done.changed) == (0, 1)
    again = planned("uhri.xlsx", a_workbook(uhri_row()), "PE")
    assert not again.does_something and len(again.changes) == 1


def test_bad_rows_are_said_with_their_reason_and_the_others_taken_in(world):
    rows = (
        uhri_row("Without a number"),
        uhri_row("111.13 Ratify", **{"UPR Position": "- Perhaps"}),
        uhri_row("111.14 Ratify", **{"UPR Reccomending States": "- Atlantis"}),
        uhri_row("111.15 Ratify", **{"UPR Session": ""}),
        uhri_row("111.16 Ratify"),
    )

    plan, done = imported(world.coordinator, "uhri.xlsx", a_workbook(*rows, header=(*UHRI, "Colour")))

    assert [number for number, _why in plan.telling.refused] == [2, 3, 4, 5]
    assert "Atlantis" in plan.telling.refused[2][1]
    assert plan.telling.unknown_columns == ["Colour"] and done.added == 1


# --- OHCHR's list --------------------------------------------------------------------------------


def test_both_layouts_of_ohchrs_list(world):
    text = "111.12 Protect defenders of the land (Norway) (Iran (Islamic Republic of));\n"
    text += "Source of Position: A/HRC/37/8/Add.1 - Para.3"
    older = a_list(
        ("Theme: A24 Cooperation with special procedures",),
        (
            text,
            "Supported",
            "H1 Human rights defenders\nAffected persons:\n- human rights defenders\nSDGs: 16, 10.2",
            "",
        ),
    )
    heads = (
        "Recommendation and recommending State",
        "Position",
        "Human rights themes and groups of persons",
        "Relevant SDGs",
    )
    newer = a_list((text, "Noted", "- Civil society", "SDG 16\nSDG 10"), heads=heads, about="Peru")

    imported(world.coordinator, "list.docx", older)

    one = the("PER-C3-111.12")
    assert (one.text, one.symbol, one.state_codes) == ("Protect defenders of the land", "A/HRC/37/8", ["IRN", "NOR"])
    assert one.themes == [
        "A24 Cooperation with special procedures@OHCHR 2014", "H1 Human rights defenders@OHCHR 2014",
    ]  # fmt: skip
    assert (one.affected_persons, one.sdgs) == (["human rights defenders"], ["16", "10.2"])
    assert one.position_source == "A/HRC/37/8/Add.1 - Para.3"
    plan = planned("list.docx", newer, "PE", session=28)
    assert {one.name for one in plan.changes[0].differences} >= {"position", "themes"}
    with pytest.raises(FileProblem, match="sesiones"):
        planned("list.docx", newer, "PE")


def zipped(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, written in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), written)
    return content.getvalue()


ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + "x" * 99 + '">]><a>&b;&b;</a>'
MALFORMED = {
    "empty.csv": b"",
    "other.csv": b"a,b\n1,2\n",
    "nothing.csv": a_csv(a_row(to="Chile")),
    "picture.xlsx": b"\x89PNG\r\n\x1a\n",
    "old.docx": b"\xd0\xcf\x11\xe0" + bytes(600),
    "broken.docx": zipped(word__document_xml="<w:document"),
    "entities.docx": zipped(word__document_xml=ENTITIES),
    "bomb.docx": zipped(word__document_xml=b" " * 120_000_000),
    "workbook.docx": zipped(xl__workbook_xml="<a/>"),
    "no-table.docx": a_list(heads=("One", "Two", "Three", "Four")),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_file_that_is_none_gets_a_sentence(world, sign_in, name):
    browser = sign_in(world.coordinator)
    file = FileStorage(io.BytesIO(MALFORMED[name]), name)

    answer = browser.post(
        "/recommendations/import", {"file": file, "country": "PE"}, content_type="multipart/form-data"
    )

    assert answer.status_code in (400, 413) and 'id="file-error"' in answer.text
    assert db.session.scalars(select(Recommendation)).all() == []


# --- page and command ----------------------------------------------------------------------------


def test_on_the_page_nothing_is_written_before_one_says_so(world, sign_in):
    browser = sign_in(world.coordinator)
    file = FileStorage(io.BytesIO(a_workbook(uhri_row())), "uhri.xlsx")
    answer = browser.post(
        "/recommendations/import", {"file": file, "country": "PE"}, content_type="multipart/form-data"
    )
    preview = browser.get(answer.location)
    assert "111.12" in preview.text and db.session.scalars(select(Recommendation)).all() == []
    assert sign_in(world.foreign_coordinator).get(answer.location).status_code == 404

    page = browser.post(answer.location, {"decision": "import"}, follow=True)

    assert "1 recommendation was added." in page.text and only().rec_uid == "PER-C3-111.12"
    assert browser.get(answer.location).status_code == 404
    assert "uhri.xlsx" in browser.get("/recommendations/import").text
    assert sign_in(world.caseworker).get("/recommendations/import").status_code == 403


def test_recommendations_to_another_state_have_a_list_of_their_own(world, sign_in):
    a_recommendation()
    content = a_workbook(uhri_row(**{"Countries Concerned": "- Chile"}))
    take_in(world.coordinator, planned("uhri.xlsx", content, "CL"))
    db.session.commit()
    browser = sign_in(world.coordinator)

    assert "CHL-C3-111.12" not in browser.get("/recommendations/").text
    assert "CHL-C3-111.12" in browser.get("/recommendations/?country=CL").text
    assert "PER-C2-116.72" not in browser.get("/recommendations/?country=CL").text


def test_the_command_tells_first_and_writes_when_asked(app, world, tmp_path):
    db.session.commit()
    file = tmp_path / "upr.csv"
    file.write_bytes(a_csv(a_row()))
    run = app.test_cli_runner().invoke
    call = ["recommendations", "import", str(file), "--as"]

    told = run(args=[*call, world.coordinator.email])
    assert told.exit_code == 0 and db.session.scalars(select(Recommendation)).all() == []
    done = run(args=[*call, world.coordinator.email, "--write"])

    assert done.exit_code == 0 and only().state_codes == ["CIV"]
    assert run(args=[*call, world.caseworker.email, "--write"]).exit_code == 2
    file.write_bytes(b"a,b\n1,2\n")
    assert run(args=[*call, world.coordinator.email, "--write"]).exit_code == 1
