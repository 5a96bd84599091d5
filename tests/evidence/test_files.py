"""A caseworker adds files to a record, opens and withdraws them; what lies on disk is sealed, a rollback takes it."""

import hashlib
import io
import os
import re
import time
from dataclasses import replace

import pytest
from flask import g
from sqlalchemy import event, select

from app.access import unguarded
from app.audit import AuditEntry, AuditValue, acting
from app.db import db
from app.evidence import filing, vault
from app.evidence.files import EvidenceFile
from app.evidence.queries import file_choices, files_of
from app.incidents.history import history_of
from app.proceedings.history import history_of as history_of_proceeding
from tests import factories

JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0 what one sees in it"
PDF = b"%PDF-1.7 a complaint"


@pytest.fixture(autouse=True)
def in_english(app):
    g.language = "en"


@pytest.fixture
def incident(world):
    return factories.an_incident(world.caseworker)


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.caseworker)


def send(browser, row, *files, description=""):
    """*files* are (name, bytes)."""
    values = {"files": [(io.BytesIO(content), name) for name, content in files], "description": description}
    address = f"/evidence/{row.__tablename__}/{row.reference}/new"
    return browser.post(address, values, content_type="multipart/form-data")


def all_files():
    return list(db.session.scalars(unguarded(select(EvidenceFile).order_by(EvidenceFile.id), "the test looks")))


def on_disk():
    return sorted(path for path in vault.folder().rglob("*") if path.is_file())


def page_of(browser, incident):
    return browser.get(f"/incidents/{incident.reference}").text


def trail(deed):
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.deed == deed)))


# --- adding and opening --------------------------------------------------------------------------


def test_several_files_are_added_at_once_and_stand_on_the_page(browser, incident):
    answer = send(browser, incident, ("photo.jpg", JPEG), ("denuncia.pdf", PDF), description="The broken door")

    assert answer.status_code == 303
    text = page_of(browser, incident)
    assert "2 files" in text and "photo.jpg" in text and "The broken door" in text and "JPEG picture" in text
    assert hashlib.sha256(JPEG).hexdigest() in text
    assert [file.sha256 for file in all_files()] == [hashlib.sha256(content).hexdigest() for content in (JPEG, PDF)]
    assert {file.reference[:6] for file in all_files()} == {"PER-E-"}


def test_what_lies_on_disk_is_sealed_and_for_its_owner_only(browser, incident):
    send(browser, incident, ("photo.jpg", JPEG))

    [path] = on_disk()
    [file] = all_files()
    assert (path.parent.name, path.name) == (file.uid.hex[:2], str(file.uid))
    assert b"JFIF" not in path.read_bytes() and b"one sees" not in path.read_bytes()
    if os.name == "posix":
        modes = [one.stat().st_mode & 0o777 for one in (path, path.parent, path.parent.parent)]
        assert modes == [0o600, 0o700, 0o700]


def test_the_same_bytes_come_back_to_be_saved_and_never_shown(browser, incident):
    send(browser, incident, ("Fotografía.exe", JPEG))
    [file] = all_files()

    answer = browser.post(f"/evidence/{file.reference}/download", form_at="/profile")

    assert answer.status_code == 200 and answer.data == JPEG
    headers = answer.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"] == "attachment; filename=fotografia.jpg; filename*=UTF-8''Fotograf%C3%ADa.jpg"
    assert headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_the_same_bytes_a_second_time_add_nothing(browser, incident):
    send(browser, incident, ("photo.jpg", JPEG))
    [file] = all_files()

    answer = send(browser, incident, ("again.jpg", JPEG))

    assert answer.status_code == 303 and len(all_files()) == 1 and len(on_disk()) == 1
    assert f"It is there already: {file.reference}" in page_of(browser, incident)


def test_what_is_good_is_added_and_the_rest_named_with_the_reason(browser, incident):
    answer = send(browser, incident, ("photo.jpg", JPEG), ("acta.pdf", b"MZ\x90\0 a program"), description="Typed")

    assert answer.status_code == 400
    assert "“acta.pdf” was not added: this is a program" in answer.text and "1 file was added" in answer.text
    assert 'value="Typed"' in answer.text
    assert [file.filename for file in all_files()] == ["photo.jpg"]


def test_without_a_file_or_with_too_long_a_description_nothing_is_added(browser, incident):
    nothing = send(browser, incident)
    too_long = send(browser, incident, ("photo.jpg", JPEG), description="x" * 501)

    assert (nothing.status_code, too_long.status_code) == (400, 400)
    assert "Choose at least one file." in nothing.text
    assert all_files() == [] and on_disk() == []


def test_files_have_a_limit_of_their_own(app, browser, incident):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], max_request_bytes=1000, evidence_max_bytes=100_000)

    fits = send(browser, incident, ("photo.jpg", JPEG + b"x" * 90_000))
    too_large = send(browser, incident, ("more.jpg", JPEG + b"x" * 100_000))
    far_too_large = send(browser, incident, ("most.jpg", JPEG + b"x" * 1_200_000))
    elsewhere = browser.post("/cases/new", {"title_es": "x" * 2000})

    assert fits.status_code == 303
    assert too_large.status_code == 400 and "more than 97.7 KB" in too_large.text
    assert far_too_large.status_code == 413 and "AMPARO_EVIDENCE_MAX_BYTES" in far_too_large.text
    assert elsewhere.status_code == 413
    assert len(all_files()) == len(on_disk()) == 1


# --- who may -------------------------------------------------------------------------------------


def test_who_reads_without_identity_learns_nothing_of_files(world, sign_in):
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")
    incident = factories.an_incident(world.caseworker, case=case)
    proceeding = factories.a_proceeding(case, world.caseworker)
    file = factories.a_file(incident, world.caseworker, "Urubitinga.jpg", JPEG)
    factories.a_file(proceeding, world.caseworker, "Urubitinga.pdf", PDF)

    for user in (world.analyst, world.stranger, world.foreign_coordinator):
        reader = sign_in(user)
        for address in (f"/incidents/{incident.reference}", f"/proceedings/{proceeding.reference}"):
            page = reader.get(address)
            assert page.status_code == 200
            assert "Urubitinga" not in page.text and file.reference not in page.text and 'id="files"' not in page.text
        assert reader.post(f"/evidence/{file.reference}/download", form_at="/profile").status_code == 404
        assert list(db.session.scalars(files_of(user, incident))) == []


def test_whoever_reads_the_record_in_full_may_open_the_file_and_nobody_else(world, sign_in, incident):
    file = factories.a_file(incident, world.caseworker, "photo.jpg", JPEG)
    address = f"/evidence/{file.reference}/download"

    answers = {
        name: sign_in(getattr(world, name)).post(address, form_at="/profile").status_code
        for name in ("caseworker", "coordinator", "colleague", "analyst", "stranger", "auditor", "administrator")
    }

    assert answers == {
        "caseworker": 200, "coordinator": 200, "colleague": 404, "analyst": 404, "stranger": 404,
        "auditor": 403, "administrator": 403,
    }  # fmt: skip


def test_a_kind_that_nobody_registered_is_visible_to_nobody(world, incident):
    file = factories.a_file(incident, world.caseworker, "photo.jpg", JPEG)
    file.holder_kind = "something"
    db.session.commit()

    statement = select(EvidenceFile.id).where(EvidenceFile.visible_to(world.coordinator))
    assert list(db.session.scalars(unguarded(statement, "the test looks"))) == []


def test_the_files_of_a_source_are_read_where_the_source_is(world, sign_in, incident):
    source = factories.a_source(incident)
    assert send(sign_in(world.caseworker), source, ("cutting.pdf", PDF)).status_code == 303

    coordinator = sign_in(world.coordinator)
    assert "1 file" in page_of(coordinator, incident)
    assert "cutting.pdf" in coordinator.get(f"/evidence/source/{source.reference}").text
    assert sign_in(world.stranger).get(f"/evidence/source/{source.reference}").status_code == 404


# --- the record ----------------------------------------------------------------------------------


def test_a_reviewed_record_stays_as_it_is_when_a_file_is_added(world, browser):
    incident = factories.an_incident(world.caseworker, state="VERIFIED")
    before = (incident.state, incident.version, incident.updated_by_id)

    send(browser, incident, ("photo.jpg", JPEG))

    assert (incident.state, incident.version, incident.updated_by_id) == before


def test_a_withdrawn_record_shows_its_files_and_takes_no_more(browser, world, incident):
    file = factories.a_file(incident, world.caseworker, "photo.jpg", JPEG)
    incident.withdraw(world.caseworker.id, "Twice")
    db.session.commit()

    assert "photo.jpg" in page_of(browser, incident)
    assert browser.post(f"/evidence/{file.reference}/download", form_at="/profile").data == JPEG
    assert send(browser, incident, ("more.pdf", PDF)).status_code == 409
    assert browser.post(f"/evidence/{file.reference}/withdraw", {"reason": "x"}, form_at="/profile").status_code == 409


def test_a_file_is_withdrawn_with_a_reason_and_restored(browser, incident):
    send(browser, incident, ("photo.jpg", JPEG))
    [file] = all_files()
    address = f"/evidence/{file.reference}"

    without = browser.post(f"{address}/withdraw", {"reason": " "}, form_at="/profile")
    browser.post(f"{address}/withdraw", {"reason": "Of another record"}, form_at="/profile")

    assert without.status_code == 400 and file.is_withdrawn
    assert browser.post(f"{address}/download", form_at="/profile").status_code == 409
    assert "It is there already, but withdrawn" in (
        send(browser, incident, ("photo.jpg", JPEG)), page_of(browser, incident),
    )[1]  # fmt: skip

    browser.post(f"{address}/restore", form_at="/profile")
    assert not file.is_withdrawn and browser.post(f"{address}/download", form_at="/profile").data == JPEG


def test_the_history_of_the_record_tells_of_its_files(world, browser, incident):
    case = factories.a_case(world.south, world.caseworker)
    proceeding = factories.a_proceeding(case, world.caseworker)
    for row in (incident, proceeding):
        send(browser, row, ("photo.jpg", JPEG))
    for file in all_files():
        browser.post(f"/evidence/{file.reference}/withdraw", {"reason": "Of another record"}, form_at="/profile")
        browser.post(f"/evidence/{file.reference}/restore", form_at="/profile")

    histories = history_of(incident, world.caseworker)[0], history_of_proceeding(proceeding, world.caseworker)[0]
    for file, steps in zip(all_files(), histories, strict=True):
        told = " ".join(step.sentence for step in steps)
        assert f"added the file {file.reference} (JPEG picture, 31 B)" in told
        assert f"withdrew the file {file.reference} (JPEG picture, 31 B): “Of another record”" in told
        assert f"restored the file {file.reference}" in told and "photo.jpg" not in told


def test_the_trail_lists_who_brought_and_who_opened_and_holds_no_name(world, sign_in, browser, incident):
    send(browser, incident, ("Urubitinga.jpg", JPEG), description="Urubitinga")
    [file] = all_files()
    browser.post(f"/evidence/{file.reference}/download", form_at="/profile")

    [opened] = trail("evidence_opened")
    assert (opened.actor_id, opened.reference) == (world.caseworker.id, file.reference)
    assert opened.columns == [f"record={incident.reference}"]
    assert [entry.root_id for entry in trail("created") if entry.table_name == "evidence_file"] == [incident.id]
    page = sign_in(world.auditor).get("/audit/").text
    assert "opened a file" in page and file.reference in page and "Urubitinga" not in page
    assert not [value for value in db.session.scalars(select(AuditValue)) if "Urubitinga" in str(value.new)]


def test_choices_name_the_files_that_one_may_read(world, incident):
    file = factories.a_file(incident, world.caseworker, "photo.jpg", JPEG, "The door")

    assert file_choices(world.caseworker, incident) == [(file.reference, f"The door ({file.reference})")]
    assert file_choices(world.stranger, incident) == []


# --- what goes wrong -----------------------------------------------------------------------------


def test_what_is_rolled_back_leaves_no_file(world, incident):
    received = filing.receive("photo.jpg", JPEG)
    with acting(world.caseworker.id):
        filing.add_file(world.caseworker, incident, received)
        db.session.flush()
    assert len(on_disk()) == 1

    db.session.rollback()

    assert on_disk() == [] and all_files() == []


@pytest.mark.parametrize("harm", ["gone", "changed", "exchanged"])
def test_a_missing_or_damaged_file_is_said_to_be_so(world, browser, incident, harm):
    file = factories.a_file(incident, world.caseworker, "photo.jpg", JPEG)
    other = factories.a_file(incident, world.caseworker, "other.pdf", PDF)
    path, other_path = (vault.folder() / one.uid.hex[:2] / str(one.uid) for one in (file, other))
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(other_path.read_bytes() if harm == "exchanged" else b"x" + path.read_bytes()[1:])

    answer = browser.post(f"/evidence/{file.reference}/download", form_at="/profile", follow=True)

    assert answer.status_code == 200 and f"The file {file.reference} cannot be opened" in answer.text
    assert trail("evidence_opened") == []


def test_the_start_puts_in_order_what_a_kill_left_and_touches_nothing_else(world, incident):
    kept = factories.a_file(incident, world.caseworker, "photo.jpg", JPEG)
    unnamed = factories.a_file(incident, world.caseworker, "other.pdf", PDF)
    places = {one: vault.folder() / one.uid.hex[:2] / str(one.uid) for one in (kept, unnamed)}
    places[unnamed].rename(f"{places[unnamed]}{vault.ARRIVING}")
    assert vault.opened(unnamed.uid, unnamed.sha256) == PDF
    orphan, fresh = filing.receive("a.jpg", JPEG), filing.receive("b.jpg", JPEG)
    stray = vault.folder() / "00" / "00000000-0000-4000-8000-000000000000"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"of another database")
    long_ago = time.time() - 2 * vault.KEPT_UNCLAIMED
    for path in on_disk():
        if str(fresh.number) not in path.name:
            os.utime(path, (long_ago, long_ago))

    filing.sweep()

    left = {path.name for path in on_disk()}
    assert left == {str(kept.uid), str(unnamed.uid), stray.name, f"{fresh.number}{vault.ARRIVING}"}
    assert not re.search(str(orphan.number), " ".join(left))


def test_the_write_lock_is_free_while_bytes_are_sealed(app, browser, incident):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no lock for all writers")
    held = []

    def taken(connection, cursor, statement, *rest):
        if statement == "BEGIN IMMEDIATE":
            held.append([len(on_disk())])

    def given_back(connection):
        if held and len(held[-1]) == 1:
            held[-1].append(len(on_disk()))

    listened = (("before_cursor_execute", taken), ("rollback", given_back), ("commit", given_back))
    for name, listener in listened:
        event.listen(db.engine, name, listener)
    send(browser, incident, ("photo.jpg", JPEG))
    for name, listener in listened:
        event.remove(db.engine, name, listener)

    assert [1, 1] in held, "nothing was recorded: the test looked at nothing"
    assert all(before == after for before, after in held)
