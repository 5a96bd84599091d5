"""A case file: only of who agreed for its purpose, on record before it leaves, numbered, summed, and without traces."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy import select

from app.access import unguarded
from app.audit import AuditEntry
from app.db import db, now
from app.evidence import vault
from app.evidence.files import EvidenceFile
from app.people.models import Consent, Export, ExportedPerson
from app.proceedings.models import Accused, CaseNumber
from tests import factories

OF_BOTH_DATABASES = ("sqlite",)

NAME, REASON = "Quetzalina Zyx", "The lawyer asks for the names"
PICTURE = b"\xff\xd8\xff a picture"


def agreed(person, level, purpose="LITIGATION"):
    person.consents.append(Consent(purpose=purpose, level=level, given_on=date(2024, 1, 5)))


@pytest.fixture
def story(world):
    """Heron agrees to be named to a lawyer; Plover was asked for the UN alone; and there is another case."""

    class Story:
        case = factories.a_case(world.south, world.caseworker, title="The square")
        heron = factories.a_person(world.caseworker, pseudonym="Heron", legal_name=NAME)
        plover = factories.a_person(world.caseworker, pseudonym="Plover", legal_name="Plovera Ykk")
        beating = factories.an_incident(
            world.caseworker, case=case, title="Beaten in the square", on=date(2022, 4, 27), state="VERIFIED",
            narrative="She was beaten.\nPlover stood beside her.\nQuetzalina Zyx fell.", language="en",
        )  # fmt: skip
        arrest = factories.an_incident(
            world.caseworker, case=case, title="Taken from the market", on=date(2022, 5, 1), state="VERIFIED"
        )
        trial = factories.a_proceeding(case, world.caseworker, "The trial of the square")

    story = Story()
    factories.a_victim(story.beating, story.heron)
    factories.a_victim(story.arrest, story.plover)
    story.trial.accused = [Accused(person=story.heron)]
    story.trial.numbers = [CaseNumber(number_type="EXPEDIENTE", number="00123-2022-0-JR")]
    factories.a_source(story.beating, citation="Told by a secret witness")
    factories.an_entry(story.case, world.caseworker, "Behind closed doors")
    factories.an_incident(world.caseworker, case=story.case, title="A rumour", state="DRAFT")
    story.picture = factories.a_file(story.beating, world.caseworker, "Quetzalina.jpg", PICTURE)
    story.other_picture = factories.a_file(story.arrest, world.caseworker, "other.jpg", PICTURE + b"2")
    elsewhere = factories.a_case(world.south, world.caseworker, title="Another case")
    factories.an_incident(world.caseworker, case=elsewhere, title="Elsewhere", state="VERIFIED")
    agreed(story.heron, "C4")
    agreed(story.plover, "C4", "UN_LETTER")
    db.session.commit()
    return story


def asked(browser, story, **fields):
    given = {"purpose": "LITIGATION", "shape": "docx", **fields}
    return browser.post(f"/cases/{story.case.reference}/file", given)


def opened(answer):
    assert answer.status_code == 200, re.sub(r"(?s)<.*?>|\s+", " ", answer.text)[:1500]
    return Document(io.BytesIO(answer.data))


def words_of(document):
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


def exports():
    rows = db.session.scalars(unguarded(select(ExportedPerson).order_by(ExportedPerson.person_id), "the test looks"))
    return [(row.export.kind, row.export.name, row.person_id, row.is_named) for row in rows]


def trail(deed):
    statement = select(AuditEntry).where(AuditEntry.deed == deed)
    return list(db.session.scalars(unguarded(statement, "the test looks")))


def test_who_was_not_asked_for_the_purpose_stands_nowhere_in_it(world, sign_in, story):
    document = opened(asked(sign_in(world.caseworker), story))
    words = words_of(document)

    assert all(said in words for said in ("Beaten in the square", "She was beaten.", "The trial of the square"))
    for absent in ("Plover", "Ykk", "market", "Zyx", "00123", "Elsewhere", "rumour", "secret witness", "closed doors"):
        assert absent not in words
    assert words.count("[left out: it holds a name") == 2
    assert story.picture.sha256 in words and story.other_picture.sha256 not in words
    assert exports() == [("case_file", f"case-file-{story.case.reference}.docx", story.heron.id, False)]
    (entry,) = trail("export_taken")
    assert {"purpose=LITIGATION", "rows=2", "named=0", "files=0"} < set(entry.columns)


def test_its_paragraphs_are_numbered_its_pages_too_and_it_tells_nothing_of_its_making(world, sign_in, story):
    answer = asked(sign_in(world.caseworker), story)
    document = opened(answer)

    numbered = [one.text for one in document.paragraphs if one._p.find(f".//{qn('w:numPr')}") is not None]
    footer = document.sections[0].footer._element.xml
    assert "She was beaten." in numbered and any("27 Apr 2022" in one for one in numbered)
    assert "PAGE" in footer
    with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
        assert not any("docProps" in name for name in parts.namelist())
        assert {one.date_time for one in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_names_stand_in_it_only_with_a_reason_and_are_on_record(world, sign_in, story):
    browser = sign_in(world.caseworker)

    refused = asked(browser, story, identities="with", reason="so")
    words = words_of(opened(asked(browser, story, identities="with", reason=REASON)))

    assert refused.status_code == 400
    assert NAME in words and "00123-2022" in words and "Quetzalina Zyx fell." in words
    assert "Plover" not in words and "Ykk" not in words
    assert [(one.row_id, one.reason) for one in trail("identity_revealed")] == [(story.heron.id, REASON)]
    assert [row[2:] for row in exports()] == [(story.heron.id, True)]


def test_without_names_for_who_gave_the_facts_alone(world, sign_in, story):
    story.heron.consents[0].level = "C3"

    words = words_of(opened(asked(sign_in(world.caseworker), story, identities="with", reason=REASON)))

    assert "Beaten in the square" in words and NAME not in words and "00123" not in words


@pytest.mark.parametrize("level", ["C0", "C1"])
def test_the_page_says_who_stands_in_the_way_why_and_what_stays_out(world, sign_in, story, level):
    agreed(story.plover, level)
    browser = sign_in(world.caseworker)

    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser.get(f"/cases/{story.case.reference}/file").text))

    assert {"C0": "Stays out : Refused", "C1": "Stays out : Internal only"}[level] in page
    assert "Legal action: these records stay out" in page and "because of Plover" in page
    assert "Not asked for this purpose" in page  # Heron, for the UN
    assert exports() == []


def test_what_is_public_already_stands_in_it_without_who_was_not_asked_but_not_against_a_refusal(world, sign_in, story):
    story.arrest.public_set_at = story.arrest.public_approved_at = now()
    story.arrest.narrative, story.arrest.summary_en = "The whole story.", "Somebody was taken."
    browser = sign_in(world.caseworker)

    public = words_of(opened(asked(browser, story)))
    told = [row[2] for row in exports()]
    story.arrest.title_en = "Plover taken from the market"
    held_back = words_of(opened(asked(browser, story)))
    agreed(story.plover, "C1")
    refused = words_of(opened(asked(browser, story)))

    assert all(said in public for said in ("Taken from the market", "Somebody was taken.", "another person"))
    assert not any(absent in public for absent in ("Plover", "The whole story", story.other_picture.sha256))
    assert told == [story.heron.id, story.plover.id]
    assert "Plover" not in held_back and f"Other threat ({story.arrest.reference})" in held_back
    assert "market" not in refused and "Somebody was taken" not in refused


def test_the_sums_of_the_archive_verify_and_it_holds_what_was_ticked(world, sign_in, story):
    answer = asked(sign_in(world.caseworker), story, shape="zip", evidence=[story.picture.reference])

    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    held = {name: archive.read(name) for name in archive.namelist()}
    sums = dict(reversed(line.split("  ")) for line in held.pop("SHA256SUMS").decode().splitlines())
    manifest = json.loads(held["manifest.json"])
    rows = list(csv.DictReader(io.StringIO(held["chronology.csv"].decode("utf-8-sig"))))
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in held.items()}
    assert held[f"evidence/{story.picture.reference}.jpg"] == PICTURE
    assert len([name for name in held if name.startswith("evidence/")]) == 1
    assert {row["reference"] for row in rows} == {story.beating.reference}
    assert "Yes" in words_of(Document(io.BytesIO(held[f"case-file-{story.case.reference}.docx"])))
    assert manifest["purpose"] == "LITIGATION" and manifest["is_all_on_record"] is False
    everything = b"".join(held.values()) + json.dumps(sums).encode()
    assert not any(name in everything for name in (b"Quetzalina", b"Plover", b"Caseworker"))
    (taken,) = trail("export_taken")
    whole = hashlib.sha256(answer.data).hexdigest()
    assert {"files=1", f"sha256={whole}"} < set(taken.columns)
    assert [one.row_id for one in trail("evidence_opened")] == [story.picture.id]


def test_evidence_of_a_record_that_stays_out_or_is_damaged_does_not_leave(world, sign_in, story):
    browser = sign_in(world.caseworker)

    staying = asked(browser, story, shape="zip", evidence=[story.other_picture.reference])
    alone = asked(browser, story, shape="docx", evidence=[story.picture.reference])
    vault._path(story.picture.uid).write_bytes(b"nothing")
    damaged = asked(browser, story, shape="zip", evidence=[story.picture.reference])

    assert (staying.status_code, alone.status_code, damaged.status_code) == (400, 400, 400)
    assert "stay out for this purpose" in staying.text and "missing or damaged" in damaged.text
    assert exports() == [] and trail("evidence_opened") == [] and trail("export_taken") == []
    assert db.session.scalar(unguarded(select(Export.id), "the test looks")) is None
    assert db.session.scalar(unguarded(select(EvidenceFile.id), "the test looks")) is not None
