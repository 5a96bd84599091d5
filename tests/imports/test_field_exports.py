"""What KoboToolbox gives back of our form: one incident an answer, with what repeats and with its files."""

import io
import zipfile

import pytest
import xlsxwriter
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.evidence import vault
from app.evidence.files import EvidenceFile
from app.imports.field_exports import SOURCE
from app.imports.field_forms import survey
from app.imports.models import ImportBatch
from app.incidents.models import Incident
from app.people.models import Person, PersonIdentity
from tests.imports.test_import import number, run
from tests.imports.test_in_the_browser import decide, send  # noqa: F401
from tests.imports.test_undoing import undo

ONE, TWO = "0b1c2d3e-1111-4aaa-8bbb-000000000001", "0b1c2d3e-2222-4aaa-8bbb-000000000002"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0 what one sees in it"
REPEATS = {"victims", "by_whom", "how_known", "attached"}
OF_SERVER = {"_id": "71", "_submission_time": "2024-05-02T10:00:00", "__version__": "vXy", "_submitted_by": "field"}


def form_of():
    """Every question as (part that repeats, path with its groups, kind), as the form has them."""
    groups, part, found = [], "", []
    for row in survey():
        kind = row["type"].split()[0]
        if kind.startswith("begin_"):
            groups.append(row["name"])
            part = row["name"] if kind == "begin_repeat" else part
        elif kind.startswith("end_"):
            part = "" if kind == "end_repeat" else part
            groups.pop()
        else:
            found.append((part, "/".join([*groups, row["name"]]), kind))
    return found


def headings(part, answers, grouped, split):
    """The headings of a sheet, each with the question that it belongs to and the code that it ticks."""
    for of, path, kind in form_of():
        name = path.rpartition("/")[2]
        if of != part or name == "safety":
            continue
        path = path if grouped else name
        codes = sorted({code for one in answers for code in one.get(name, "").split()})
        if kind != "select_multiple" or split != "only":
            yield path, name, None
        if kind == "select_multiple" and split:
            yield from ((f"{path}/{code}", name, code) for code in (*codes, "NOBODY_CHOSE_IT"))
        if kind in ("image", "audio", "file"):
            yield f"{path}_URL", "", None


def cell(answer, name, code):
    if code is None:
        return answer.get(name, "")
    return ("1" if code in answer[name].split() else "0") if answer.get(name) else ""


def kobo(answers, *, grouped=True, split="", further=(), linked_by="_submission__uuid", lost=()):
    """A workbook as KoboToolbox writes it with XML values as headings; *answers* hold their repeats by name."""
    content = io.BytesIO()
    parts = [(part, [(at, row) for at, one in enumerate(answers, 1) for row in one.get(part, ())]) for part in REPEATS]
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Hecho")
        columns = [*headings("", answers, grouped, split), *((name, name, None) for name in further)]
        sheet.write_row(0, 0, ["start", *(path for path, _name, _code in columns), *OF_SERVER, "_uuid", "_index"])
        for at, one in enumerate(answers, 1):
            cells = [cell(one, name, code) for _path, name, code in columns]
            sheet.write_row(at, 0, ["2024-05-02T09:00:00", *cells, *OF_SERVER.values(), one["_uuid"], at])
        for part, rows in parts:
            sheet = book.add_worksheet(part)
            columns = list(headings(part, [row for _at, row in rows], grouped, split))
            own = ["_index", "_parent_table_name", "_parent_index", "_submission__id", linked_by]
            sheet.write_row(0, 0, [*(path for path, _name, _code in columns), *own])
            for line, (at, row) in enumerate(rows, 1):
                cells = [cell(row, name, code) for _path, name, code in columns]
                link = answers[at - 1]["_uuid"] if linked_by == "_submission__uuid" else ""
                own = [line, "Hecho", at, "71", link] if at not in lost else [line, "Hecho", 99, "71", "of another"]
                sheet.write_row(line, 0, [*cells, *own])
    return content.getvalue()


ANSWERS = [
    {
        "_uuid": ONE,
        "title": "En el puente",
        "main_type": "LIFE.KILL",
        "other_types": "PHYS.TORT LIB.MASS",
        "narrative": "Así fue.",
        "happened": "2024-05-01",
        "happened_precision": "MONTH",
        "department": "PE-03",
        "province": "PE-0305",
        "district": "PE-030506",
        "geopoint": "-13.9 -72.1 3500 4.5",
        "group": "Una comunidad",
        "affected_least": "12",
        "notes": "De noche.",
        "victims": [
            {"pseudonym": "Retama", "legal_name": "Prueba Uno", "gender": "W", "defender_groups": "LAND INDIGENOUS"},
            {"gender": "M", "age": "30"},
        ],
        "by_whom": [
            {"perpetrators": "PNP", "perpetrator_organisations": "Una | comisaría"},
            {"perpetrators": "UNKNOWN"},
        ],
        "how_known": [
            {"source_kind": "PRESS", "source_citation": "La Voz", "source_url": "https://voz.example/1"},
            {"source_citation": "Radio Dos"},
        ],
        "attached": [{"photo": "1714 a.jpg", "document_file": "lista.pdf"}],
    },
    {"_uuid": TWO, "title": "Otro", "main_type": "THR.DEATH", "how_known": [{"source_citation": "La Voz"}]},
]


@pytest.fixture
def brought(app, world, tmp_path):
    def taken(content, *further, name="Hecho_-_all_versions.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        outcome = run(app, path, "--as", world.caseworker.email, *further)
        db.session.expire_all()
        return outcome, incidents()

    return taken


def incidents():
    found = db.session.scalars(unguarded(select(Incident).order_by(Incident.id), "the test reads them")).unique()
    return {one.title_in("es"): one for one in found}


def files():
    return list(db.session.scalars(unguarded(select(EvidenceFile).order_by(EvidenceFile.id), "the test reads them")))


def zipped(*entries):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, data in entries:
            archive.writestr(path, data)
    return content.getvalue()


SHAPES = [
    {},
    {"grouped": False},
    {"split": "both"},
    {"split": "only", "grouped": False},
    {"linked_by": "_submission__uuid_of_old"},
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_an_answer_is_one_incident_with_all_that_repeats(brought, shape):
    outcome, found = brought(kobo(ANSWERS, **shape))
    first = found["En el puente"]

    assert outcome.exit_code == 0, outcome.output
    assert set(found) == {"En el puente", "Otro"}
    assert (first.external_source, first.external_id) == (SOURCE, ONE)
    assert first.main_type == "LIFE.KILL"
    assert {act.act_type for act in first.acts} == {None, "PHYS.TORT", "LIB.MASS"}
    assert first.place.key == "PE-030506"
    assert (first.latitude, first.longitude) == (-13.9, -72.1)
    assert [act.person and act.person.gender for act in first.acts][:3] == ["W", "M", None]
    assert set(first.acts[0].person.defender_groups) == {"LAND", "INDIGENOUS"}
    assert (first.acts[2].group_label, first.acts[2].affected_least) == ("Una comunidad", 12)
    assert sorted(one.source.citation for one in first.source_links) == ["La Voz", "Radio Dos"]
    assert [one.perpetrator_type for one in first.involvements] == ["PNP", "UNKNOWN"]
    assert first.involvements[0].organisation.name == "Una | comisaría"
    assert first.involvements[1].organisation is None
    # Names of files stay where no ZIP brings them.
    assert first.notes.splitlines() == ["De noche.", "photo: 1714 a.jpg", "document_file: lista.pdf"]


def test_the_legal_name_goes_to_the_identity_only(brought):
    outcome, _found = brought(kobo(ANSWERS))
    names = select(Person.pseudonym, PersonIdentity.legal_name).join(PersonIdentity)

    assert [tuple(one) for one in db.session.execute(unguarded(names, "the test reads them"))] == [
        ("Retama", "Prueba Uno")
    ]
    assert "Prueba Uno" not in outcome.output


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_again_it_adds_nothing_in_whatever_shape(brought, shape):
    brought(kobo(ANSWERS))
    again, _found = brought(kobo(ANSWERS, **shape))

    assert again.exit_code == 0, again.output
    assert number(Incident) == 2 and number(Person) == 2


def test_an_answer_that_came_since_comes_in_alone(brought):
    brought(kobo(ANSWERS[:1]))
    brought(kobo(ANSWERS))

    assert number(Incident) == 2


def test_what_somebody_asked_beside_it_stays_in_the_notes(brought):
    answers = [ANSWERS[1] | {"own/who_fills": "Promotora"}]
    _outcome, found = brought(kobo(answers, further=["own/who_fills"]))

    assert found["Otro"].notes == "own/who_fills: Promotora"


def test_lines_of_no_answer_are_told(brought):
    outcome, _found = brought(kobo(ANSWERS, lost=[2]), "--dry-run")

    assert "1 línea de las demás hojas" in outcome.output


def test_the_files_of_the_zip_become_evidence_and_those_refused_are_told(brought, tmp_path):
    media = tmp_path / "media.zip"
    media.write_bytes(
        zipped(
            (f"field/attachments/f0/{ONE}/1714_a.jpg", JPEG),
            (f"field/attachments/f0/{ONE}/lista.pdf", b"MZ\x90\0 a program"),
            (f"field/attachments/f0/{TWO}/1714_a.jpg", b"of somebody else"),
        )
    )
    outcome, found = brought(kobo(ANSWERS), "--media", media)
    (file,) = files()

    assert outcome.exit_code == 0, outcome.output
    assert (file.holder_kind, file.holder_id) == ("incident", found["En el puente"].id)
    assert file.filename == "1714 a.jpg" and file.media_type == "image/jpeg"
    assert vault.opened(file.uid, file.sha256) == JPEG
    assert "lista.pdf" in outcome.output


def test_a_file_that_is_no_zip_brings_nothing_in(brought, tmp_path):
    media = tmp_path / "media.zip"
    media.write_bytes(b"PK\x03\x04 and no more")
    outcome, found = brought(kobo(ANSWERS), "--media", media)

    assert outcome.exit_code == 1
    assert found == {} and "ZIP" in outcome.output


def sent_with(send, content, media):  # noqa: F811
    form = {"file": (io.BytesIO(content), "Hecho.xlsx"), "media": (io.BytesIO(media), "media.zip"), "case": ""}
    return send.browser.post("/imports/", form)


MEDIA = zipped((f"field/attachments/f0/{ONE}/1714_a.jpg", JPEG))


def test_in_the_browser_export_and_zip_come_in_together(world, send):  # noqa: F811
    answer = sent_with(send, kobo(ANSWERS), MEDIA)
    page = send.browser.get(answer.location).text

    assert "1 file of the ZIP comes in as evidence." in page
    assert "lista.pdf" in page
    decide(send, answer.location, "import")
    (file,) = files()
    assert vault.opened(file.uid, file.sha256) == JPEG


def test_undoing_the_import_takes_the_files_along(app, world, send):  # noqa: F811
    decide(send, sent_with(send, kobo(ANSWERS), MEDIA).location, "import")
    (file,) = files()
    uid, digest = file.uid, file.sha256
    batch = db.session.scalar(select(ImportBatch.uid))
    db.session.rollback()

    answer = undo(send.browser, batch)

    assert answer.status_code == 303, answer.text
    db.session.rollback()
    assert number(Incident) == 0 and files() == []
    with pytest.raises(vault.Damaged):
        vault.opened(uid, digest)


def test_what_stayed_out_comes_in_once_it_is_mended(brought, tmp_path):
    bad = [ANSWERS[0] | {"happened": "ayer"}, ANSWERS[1]]
    rest = tmp_path / "rest.csv"
    brought(kobo(bad), "--skip-bad", "--rest", rest)
    assert number(Incident) == 1
    outcome, found = brought(rest.read_bytes().replace(b"ayer", b"2024-05-01"), name="rest.csv")

    first = found["En el puente"]
    assert outcome.exit_code == 0, outcome.output
    assert (first.external_source, first.external_id) == (SOURCE, ONE)
    assert [act.person and act.person.gender for act in first.acts][:3] == ["W", "M", None]
    assert [one.perpetrator_type for one in first.involvements] == ["PNP", "UNKNOWN"]
    assert first.involvements[0].organisation.name == "Una | comisaría"


def test_the_page_gives_the_form_out_to_who_may_import(world, sign_in):
    browser = sign_in(world.caseworker)

    assert "/imports/form.xlsx" in browser.get("/imports/").text
    assert browser.get("/imports/form.xlsx").data.startswith(b"PK")
