"""The UPR page: preview, download, packs that were made."""

import io
import json
import re
import zipfile

import pytest

from app.audit import AuditEntry
from app.db import db
from app.upr import pack as packs
from app.upr.models import Pack, PackRecord
from tests import factories

IN_2024 = {"country": "PE", "from": "2024-01-01", "to": "2024-12-31"}


def preview(browser, **changes):
    return browser.get("/upr/", query_string={**IN_2024, **changes})


def figures(page):
    return [int(number) for number in re.findall(r"<dd>(\d+)</dd>", page.text)[:4]]


def test_the_preview_says_what_the_pack_then_holds(world, leaving, make_public, sign_in):
    leaving()
    make_public(leaving())
    leaving(consent="C2")
    factories.an_incident(world.caseworker, state="DRAFT", title="Still a draft")
    factories.an_incident(world.stranger, state="DRAFT", title="Another team's")
    browser = sign_in(world.coordinator)

    page = preview(browser)
    download = browser.post("/upr/", IN_2024, form_at="/upr/")

    archive = zipfile.ZipFile(io.BytesIO(download.data))
    folder = archive.namelist()[0].split("/")[0]
    assert download.headers["Content-Disposition"] == f'attachment; filename="{folder}.zip"'
    counts = json.loads(archive.read(f"{folder}/manifest.json"))["counts"]
    assert figures(page) == [4, 2, 3, 2]  # the third is what the tables count: with the one of C2
    assert [counts["matched"], counts["exported"], sum(counts["excluded"].values()), counts["generalised"]] == [
        4, 2, 2, 1,
    ]  # fmt: skip
    assert "Still a draft" in page.text
    assert "Another team" not in page.text


def test_a_download_is_noted_with_the_records_it_carried(world, leaving, sign_in):
    incident = leaving()

    sign_in(world.coordinator).post("/upr/", IN_2024, form_at="/upr/")

    pack = db.session.query(Pack).one()
    assert (pack.made_by_id, pack.rows) == (world.coordinator.id, 1)
    assert [record.incident_id for record in db.session.query(PackRecord)] == [incident.id]
    assert db.session.query(AuditEntry).filter_by(deed="export_taken", row_id=pack.id).one().actor_id == (
        world.coordinator.id
    )


def test_a_printed_name_is_noted_with_the_person(world, leaving, make_public, sign_in):
    incident = make_public(factories.an_incident(world.caseworker, state="VERIFIED"))
    person = factories.a_person(world.caseworker, legal_name="Killa Ejemplo", consent="C4", purpose="UPR")
    factories.a_victim(incident, person)
    browser = sign_in(world.coordinator)

    assert "Killa" not in preview(browser).text
    browser.post("/upr/", IN_2024, form_at="/upr/")

    assert db.session.query(AuditEntry).filter_by(deed="name_published").one().row_id == person.id


def test_looking_writes_nothing(world, leaving, sign_in):
    leaving()
    browser = sign_in(world.coordinator)
    before = db.session.query(AuditEntry).count()

    assert preview(browser).status_code == 200

    assert db.session.query(AuditEntry).count() == before
    assert db.session.query(Pack).count() == 0


def test_without_a_wish_it_begins_after_the_last_deadline(world, sign_in):
    page = sign_in(world.coordinator).get("/upr/")

    assert 'name="from" type="date" value="2022-07-15"' in page.text or 'value="2022-07-15"' in page.text
    assert "an estimate" in page.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"country": "ZZ"}, "is not a country code"),
        ({"from": "2024-13-01"}, "is not a day"),
        ({"to": "9999-01-01"}, "is in the future"),
        ({"from": "2024-12-31", "to": "2024-01-01"}, "is after the last one"),
        ({"lang": "fr"}, "is not possible here"),
    ],
)
def test_a_wish_that_cannot_be_met_is_told_at_its_field(world, sign_in, changes, words):
    browser = sign_in(world.coordinator)

    for page in (preview(browser, **changes), browser.post("/upr/", {**IN_2024, **changes}, form_at="/upr/")):
        assert page.status_code == 400
        assert words in page.text
        assert 'id="errors"' in page.text
    assert db.session.query(Pack).count() == 0


def test_an_empty_result_can_be_taken(world, sign_in):
    browser = sign_in(world.coordinator)

    assert "empty tables" in preview(browser).text
    assert browser.post("/upr/", IN_2024, form_at="/upr/").status_code == 200


def test_when_it_breaks_one_sentence_says_so_and_nothing_is_kept(world, leaving, sign_in, monkeypatch):
    leaving()

    def broken(*_given):
        raise KeyError("Killa Ejemplo")

    monkeypatch.setattr(packs, "readme", broken)
    page = sign_in(world.coordinator).post("/upr/", IN_2024, form_at="/upr/")

    assert page.status_code == 503
    assert "Killa" not in page.text
    assert db.session.query(Pack).count() == 0


@pytest.mark.parametrize("who", ["caseworker", "analyst", "administrator", "auditor"])
def test_other_roles_may_not(world, sign_in, who):
    browser = sign_in(getattr(world, who))

    assert browser.get("/upr/").status_code == 403
    assert browser.post("/upr/", IN_2024).status_code == 403
    assert browser.get("/upr/packs/00000000-0000-0000-0000-000000000000").status_code == 403


def test_packs_are_listed_with_their_hashes_for_their_team_only(world, leaving, sign_in):
    leaving()
    sign_in(world.coordinator).post("/upr/", IN_2024, form_at="/upr/")
    pack = db.session.query(Pack).one()
    address, hashes = f"/upr/packs/{pack.uid}", [file["sha256"] for file in pack.manifest["files"]]
    name = pack.uid.hex[:8]

    colleague = sign_in(world.second_coordinator)
    assert name in colleague.get("/upr/").text
    page = colleague.get(address)
    assert all(one in page.text for one in [*hashes, pack.sha256])

    stranger = sign_in(world.foreign_coordinator)
    assert name not in stranger.get("/upr/").text
    assert stranger.get(address).status_code == 404


def test_the_preview_asks_the_same_number_of_questions_for_more_rows(app, world, leaving, sign_in):
    from sqlalchemy import event

    def questions():
        asked = []
        listener = lambda *given: asked.append(given[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        try:
            assert preview(browser).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", listener)
        return len(asked)

    browser = sign_in(world.coordinator)
    for _number in range(3):
        factories.a_source(leaving())
    questions()  # the code lists are read once and kept
    few = questions()
    for _number in range(6):
        factories.a_source(leaving())

    assert questions() == few


def test_a_day_that_cannot_be_read_is_the_only_thing_said_of_it(world, sign_in):
    page = preview(sign_in(world.coordinator), **{"from": "xx", "to": "2019-12-31"})

    assert page.status_code == 400
    assert "is not a day" in page.text
    assert "The first day is after the last one." not in page.text
