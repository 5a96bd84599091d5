"""Lists as files: the rows of the page in each format, on record as they left, locked where that is asked for."""

import csv
import hashlib
import io
import json
import re
from datetime import date

import pytest
import pyzipper
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.access import unguarded
from app.accounts.models import Membership
from app.audit import AuditEntry
from app.cases.models import CaseMember
from app.db import db
from app.downloads import Table, give
from app.people.models import Export, ExportedPerson
from app.proceedings.models import Accused
from tests import factories

PASSWORD = "four words nobody 8 guesses"

LISTS = {
    "/incidents/": "/incidents/export",
    "/cases/": "/cases/export",
    "/proceedings/": "/proceedings/export",
    "/protection/": "/protection/export",
    "/contracts/": "/contracts/export",
    "/contracts/requests/": "/contracts/requests/export",
    "/organisations/": "/organisations/export",
    "/organisations/projects/": "/organisations/projects/export",
    "/people/": "/people/export",
    "/deadlines/": "/deadlines/export",
}
NUMBER = re.compile(r"<summary class=\"btn\">.*?Export (?:this one|these (\d+))</summary>", re.DOTALL)


def rows_of(answer):
    """The lines of a file as dictionaries, whichever its format."""
    assert answer.status_code == 200
    content = answer.data
    if answer.mimetype == "application/json":
        return json.loads(content)
    if answer.mimetype == "text/csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    header, *lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [dict(zip(header, line, strict=True)) for line in lines]


def take(browser, page="/incidents/", form="csv", **given):
    return browser.post(LISTS[page], {"format": form, **given}, form_at=page)


def on_record(statement=None):
    statement = statement if statement is not None else select(Export).order_by(Export.id)
    return db.session.scalars(unguarded(statement, "the test looks")).all()


@pytest.fixture
def told(world):
    """A case of the caseworker with a bit of everything, and the same of another team, which nobody here may see."""
    case = factories.a_case(world.south, world.caseworker, title="Ours")
    theirs = factories.a_case(world.north, world.stranger, title="Hidden case")
    heron = factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Rosa Quispe", consent="C3")
    for one, by, person, words in (
        (case, world.caseworker, heron, "Ours"),
        (theirs, world.stranger, factories.a_person(world.stranger, pseudonym="Hidden person"), "Hidden"),
    ):
        incident = factories.an_incident(by, case=one, title=f"{words} incident")
        factories.a_victim(incident, person, injured_least=3)
        factories.a_victim(incident, group="Families | and friends")
        proceeding = factories.a_proceeding(one, by, f"{words} trial")
        proceeding.accused = [Accused(person=person)]
        factories.a_protection(one, by, next_on=date(2031, 5, 2), asked=f"{words} measure")
        factories.a_contract(by, f"{words} agreement", confidentiality="RESTRICTED")
        factories.a_request(by, f"{words} request")
        team = db.session.get(type(world.south), one.team_id)
        factories.an_organisation(f"{words} company", team=team)
        factories.a_project(f"{words} project", team=team)
    db.session.commit()
    return case


def plain(value):
    """A cell as text, however its format keeps it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "|".join(plain(part).replace("|", "\\|") for part in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def test_each_list_leaves_in_each_format_with_the_rows_of_its_page_and_no_others(world, told, sign_in):
    browser = sign_in(world.coordinator)
    db.session.add(CaseMember(case_id=told.id, user_id=world.coordinator.id))
    db.session.commit()
    for page in LISTS:
        shown = NUMBER.search(browser.get(page).text)
        as_csv, as_xlsx, as_json = (rows_of(take(browser, page, form)) for form in ("csv", "xlsx", "json"))

        assert shown is not None and len(as_csv) == int(shown[1] or 1), page
        assert "Hidden" not in str(as_csv), page
        as_text = [{name: plain(cell) for name, cell in row.items()} for row in as_json]
        assert as_text == as_csv, page
        assert [{name: plain(cell) for name, cell in row.items()} for row in as_xlsx] == as_csv, page
    kinds = {export.kind for export in on_record()}
    assert len(on_record()) == 3 * len(LISTS) and len(kinds) == len(LISTS)


def test_json_keeps_numbers_lists_and_what_is_missing(world, told, sign_in):
    (row,) = rows_of(take(sign_in(world.caseworker), form="json"))

    assert row["injured_least"] == 3 and row["already_public"] is False
    assert row["persons"] == ["Heron"] and row["groups"] == ["Families | and friends"]
    assert row["narrative"] is None


def test_an_empty_list_is_a_whole_file_in_each_format(world, sign_in):
    browser = sign_in(world.caseworker)
    for form in ("csv", "xlsx", "json"):
        assert rows_of(take(browser, form=form)) == []


def test_what_is_on_record_is_of_the_very_bytes_that_left(world, told, sign_in):
    answer = take(sign_in(world.caseworker), q="ours", **{"from": "2024"})

    (export,) = on_record()
    digest = hashlib.sha256(answer.data).hexdigest()
    assert (export.sha256, export.rows, export.form) == (digest, len(rows_of(answer)), "csv")
    assert export.name in answer.headers["Content-Disposition"]
    assert export.filters == {"q": "(text)", "from": "2024"} and export.first_day == date(2024, 1, 1)
    persons = on_record(select(ExportedPerson))
    assert [one.person.pseudonym for one in persons] == ["Heron"] and not persons[0].is_named
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).one()
    assert f"sha256={digest}" in entry.columns and "ours" not in str(entry.columns)


def test_access_that_was_lost_since_the_page_opened_is_lost_for_the_file(world, told, sign_in):
    browser = sign_in(world.caseworker)
    token = browser.token_at("/proceedings/")
    assert "Ours trial" in browser.get("/proceedings/").text
    told.members = []
    db.session.commit()

    answer = browser.post("/proceedings/export", {"csrf_token": token, "format": "json"})
    assert rows_of(answer) == []
    assert on_record(select(ExportedPerson)) == []

    db.session.delete(db.session.scalars(select(Membership).where(Membership.user_id == world.caseworker.id)).one())
    db.session.commit()
    assert browser.post("/proceedings/export", {"csrf_token": token}).status_code == 403
    assert len(on_record()) == 1


def test_no_cell_is_a_formula(world, sign_in):
    title = '=HYPERLINK("https://example.org")'
    factories.an_incident(world.caseworker, title=title, narrative="+51 984")
    browser = sign_in(world.caseworker)

    (as_csv,), (as_json,) = (rows_of(take(browser, form=form)) for form in ("csv", "json"))
    workbook = take(browser, form="xlsx").data

    assert as_csv["title_es"] == f"'{title}" and as_csv["narrative"] == "'+51 984"
    assert as_json["title_es"] == title
    with pyzipper.ZipFile(io.BytesIO(workbook)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "HYPERLINK" in sheet and "<f>" not in sheet and 't="inlineStr"' in sheet


def test_excel_reads_accents_and_whoever_wants_semicolons_gets_them(world, sign_in):
    factories.an_incident(world.caseworker, title="Ñahuin; agresión")
    answer = take(sign_in(world.caseworker), separator="semicolon")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert row["title_es"] == "Ñahuin; agresión"


def test_a_locked_archive_opens_with_the_password_and_not_without(world, told, sign_in):
    answer = take(sign_in(world.caseworker), password=PASSWORD, password_again=PASSWORD)

    (export,) = on_record()
    assert answer.mimetype == "application/zip" and export.name.endswith(".zip")
    assert export.sha256 == hashlib.sha256(answer.data).hexdigest()
    with pyzipper.AESZipFile(io.BytesIO(answer.data)) as archive:
        (inside,) = archive.infolist()
        assert inside.filename == export.name.replace(".zip", ".csv")
        assert (inside.wz_aes_strength, inside.wz_aes_version) == (3, 2)  # 256 bits, and no checksum of what is inside
        for wrong in (None, b"four words nobody 8 guesse"):
            with pytest.raises(RuntimeError):
                archive.read(inside, pwd=wrong)
        content = archive.read(inside, pwd=PASSWORD.encode())
    assert b"Ours incident" in content and b"Ours incident" not in answer.data
    assert export.sha256_inside == hashlib.sha256(content).hexdigest()
    assert PASSWORD not in str([entry.columns for entry in db.session.scalars(select(AuditEntry))])


@pytest.mark.parametrize(
    ("password", "again"),
    [
        ("too short", "too short"),
        ("aaaaaaaaaaaab", "aaaaaaaaaaaab"),
        (PASSWORD, PASSWORD + "x"),
        ("contraseña de agua", None),
    ],
)
def test_a_password_that_will_not_do_is_said_and_nothing_leaves(world, told, sign_in, password, again):
    given = {"password": password, "password_again": password if again is None else again}
    answer = take(sign_in(world.caseworker), form="xlsx", q="ours", separator="semicolon", **given)

    assert answer.status_code == 400 and "No file was made" in answer.text
    assert 'name="q" value="ours"' in answer.text and 'value="xlsx" id="take-xlsx" checked' in answer.text
    assert password not in answer.text
    assert on_record() == []
    assert not db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).all()


def test_a_form_that_waited_behind_the_sign_in_does_not_leave_unlocked(world, told, sign_in):
    browser = sign_in(world.caseworker)
    assert 'name="from_form"' in browser.get("/incidents/").text
    answer = take(browser, from_form="yes", q="ours")  # as it is given back: without what was typed as passwords

    assert answer.status_code == 400 and "type the password again" in answer.text
    assert 'name="q" value="ours"' in answer.text and on_record() == []
    assert take(browser, from_form="yes", password="", password_again="").status_code == 200


def test_a_mistake_on_the_way_is_no_half_file_and_no_record(app, world):
    def lines():
        yield ("first",)
        raise ZeroDivisionError

    table = Table(kind="incidents", name="amparo-incidents", page="incidents.index", header=("title",), lines=lines)
    with app.test_request_context("/incidents/export", method="POST"), pytest.raises(ZeroDivisionError):
        give(world.caseworker, table)

    assert on_record() == []


def test_more_rows_cost_no_more_statements(world, told, sign_in, statements):
    browser = sign_in(world.caseworker)
    token = browser.token_at("/incidents/")
    costs = []
    for number in (2, 30):
        for _each in range(number):
            factories.a_victim(factories.an_incident(world.caseworker, case=told), factories.a_person(world.caseworker))
        with statements() as made:
            browser.post("/incidents/export", {"csrf_token": token, "format": "json"})
        costs.append(len(made))
    assert costs[0] == costs[1] <= 40


# --- the page of what left -----------------------------------------------------------------------


def test_coordinators_see_what_their_teams_took_and_others_their_own(world, told, sign_in):
    take(sign_in(world.caseworker), type="THR", q="ours")
    take(sign_in(world.stranger), "/cases/")

    def page(who):
        return sign_in(who).get("/exports/").text

    of_team = page(world.coordinator)
    assert "amparo-incidents-" in of_team and "Caseworker" in of_team and "amparo-cases-" not in of_team
    assert "Type: Threats" in of_team and "Text: words that are not kept" in of_team
    assert "amparo-incidents-" in page(world.caseworker)
    for who in (world.colleague, world.analyst):
        assert "Nothing was taken yet." in page(who)
    assert "amparo-incidents-" not in page(world.foreign_coordinator)
    assert sign_in(world.auditor).get("/exports/").status_code == 403


def test_a_file_is_known_by_its_digest_to_those_who_may_see_its_record(world, told, sign_in):
    locked = take(sign_in(world.caseworker), password=PASSWORD, password_again=PASSWORD)
    (export,) = on_record()

    def checked(who, digest):
        return sign_in(who).get("/exports/", query_string={"sha256": digest}).text

    of_archive = checked(world.coordinator, hashlib.sha256(locked.data).hexdigest().upper())
    assert export.name in of_archive and "This file left as follows" in of_archive
    assert "lay in this archive" in checked(world.coordinator, export.sha256_inside)
    for who in (world.colleague, world.foreign_coordinator):
        found = checked(who, export.sha256)
        assert "No export that you may see has this SHA-256." in found and export.name not in found
    assert "This is no SHA-256" in checked(world.coordinator, "abc")


def test_who_took_an_answer_back_since_is_said_to_who_reads_the_person(world, told, sign_in):
    browser = sign_in(world.caseworker)
    take(browser)
    (one,) = on_record(select(ExportedPerson))
    assert "1 person" in browser.get("/exports/").text and "taken an answer back" not in browser.get("/exports/").text
    one.person.consents[0].withdrawn_on = date(2019, 1, 1)  # long before
    db.session.commit()
    assert "taken an answer back" not in browser.get("/exports/").text

    one.person.consents[0].withdrawn_on = date(2100, 1, 1)
    db.session.commit()

    listed = browser.get("/exports/").text
    assert "1 of them has taken an answer back" in listed and f"/people/{one.person.reference}" in listed
    colleague = sign_in(world.coordinator).get("/exports/").text
    assert "1 person" in colleague


def test_people_leave_by_pseudonym_and_with_coordinators_only(world, told, sign_in):
    rows = rows_of(take(sign_in(world.coordinator), "/people/", "json"))

    assert [(row["pseudonym"], row["consent_level"]) for row in rows] == [("Heron", "C3")]
    assert "Rosa" not in str(rows)
    for who in (world.caseworker, world.analyst):
        browser = sign_in(who)
        assert "/people/export" not in browser.get("/people/").text
        assert browser.post("/people/export", form_at="/profile").status_code == 403
