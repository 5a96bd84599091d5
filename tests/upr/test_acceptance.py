"""The eleven checks of the pack, as its specification names them (section 8)."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from datetime import date

import frictionless
import pytest
from docx import Document
from docx.oxml.ns import qn

from app.dates import UncertainDate, today
from app.db import db
from app.people.models import Consent, PersonAlias, PersonIdentity
from app.proceedings.models import Accused, CaseNumber, Proceeding, Stage
from app.recommendations.models import Recommendation, RecommendationState
from app.tabular import unguarded_cell
from app.upr.annex import annex_words
from app.upr.cover import Cover
from app.upr.models import PackRecord
from app.upr.pack import put_into
from app.upr.recalls import recalled
from tests import factories

IN_2024 = {"country": "PE", "from": "2024-01-01", "to": "2024-12-31"}


def texts_of(file):
    """Everything that a file holds; of a Word file what its parts hold."""
    if not file.path.endswith(".docx"):
        return file.content
    with zipfile.ZipFile(io.BytesIO(file.content)) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


def a_proceeding(world, incident, person, number="05421-2024-0-1001-JR-PE-01"):
    proceeding = Proceeding(
        case=incident.case, team_id=incident.team_id, kind="CRIMINAL", direction="AGAINST", country="PE",
        created_by_id=world.caseworker.id, updated_by_id=world.caseworker.id, incidents=[incident],
        numbers=[CaseNumber(number_type="EXPEDIENTE", number=number)],
        accused=[Accused(person=person, role="ACCUSED")],
    )  # fmt: skip
    stage = Stage(stage="TRIAL", citation="Auto de enjuiciamiento")
    stage.entered = UncertainDate.read("2024-03-05")
    proceeding.stages.append(stage)
    proceeding.current_stage = "TRIAL"
    db.session.add(proceeding)
    db.session.flush()
    return proceeding


def test_1_a_named_victim_without_consent_is_in_no_byte_of_any_file(world, leaving, open_pack, make_public):
    secrets = ("Tomasa Quispe", "Tomasa Canariosa", "Canariosa Quispe", "Zorzal", "987654321", "05421")
    person = factories.a_person(world.caseworker, pseudonym="Zorzal Gris", consent="C0")
    person.identity = PersonIdentity(legal_name="Tomasa Canariosa Quispe", contact="987654321")
    person.aliases.append(PersonAlias(name="La Zorzal", name_folded="la zorzal"))
    hers = leaving(title="Tomasa Canariosa", narrative="Tomasa Canariosa Quispe, 987654321")
    factories.a_victim(hers, person)
    a_proceeding(world, hers, person)
    # A public incident of others: its summary and its source tell of her.
    public = make_public(leaving(place_id=factories.a_place().id))
    public.summary_es = "Junto con Tomasa Canariosa fueron detenidas tres personas."
    factories.a_source(public, citation="Tomasa Canariosa Quispe denuncia", url="https://example.org/tomasa-canariosa-1"
                       ).is_public = True  # fmt: skip
    other = a_proceeding(world, public, public.acts[0].person)
    other.public_approved_at = public.public_approved_at
    db.session.commit()

    for wishes in ({}, {"profile": "internal", "reason": "x"}):
        pack = open_pack(world.coordinator, **wishes)

        assert public.reference in pack.rows and hers.reference not in pack.rows
        assert [row["proceeding_ref"] for row in pack.lines("proceedings.csv")] == [other.reference]
        assert {"name_in_summary", "name_in_source"} <= set(pack.manifest["warnings"])
        for file in pack.built.files:
            content = texts_of(file).decode("utf-8", "replace").lower()
            told = [secret for secret in secrets if secret.lower() in content]
            assert told == (["05421"] if wishes and file.path == "proceedings.csv" else []), file.path


def test_2_formulas_arrive_inert_and_are_read_back_as_they_were(world, leaving, open_pack, make_public):
    for typed in ('=HYPERLINK("https://example.org","x")', " +1", "\u00a0@x", "a\n=1"):
        incident = make_public(leaving())
        incident.summary_es = typed

        cell = open_pack(world.coordinator).rows[incident.reference]["summary_es"]

        assert "\n" not in cell
        assert not cell.lstrip(" \u00a0\t").startswith(("=", "+", "-", "@"))
        assert unguarded_cell(cell) == typed.replace("\n", " ")


@pytest.mark.parametrize("wishes", [{}, {"mark": False}, {"hxl": True}, {"delimiter": ";"}])
def test_3_frictionless_validates_the_pack_also_when_empty_and_with_a_byte_order_mark(
    world, leaving, open_pack, make_public, tmp_path, wishes
):
    def report(name):
        with put_into(tmp_path / name, open_pack(world.coordinator, **wishes).built):
            pass
        return frictionless.validate(str(tmp_path / name / "datapackage.json"))

    empty = report("empty")
    leaving()
    public = make_public(leaving(place_id=factories.a_place().id, sector="MINING"))
    factories.a_source(public, citation="Informe", url="https://example.org/1").is_public = True
    a_proceeding(world, public, public.acts[0].person)
    a_recommendation("PER-C3-111.1", 3, "NOR")
    full = report("full")

    assert empty.valid, empty.flatten(["rowNumber", "fieldName", "type", "message"])[:5]
    assert full.valid, full.flatten(["rowNumber", "fieldName", "type", "message"])[:5]
    assert len(full.tasks) == 18


def test_4_the_sum_of_t01_is_the_number_of_incidents_and_what_the_annex_says(world, leaving, open_pack, make_public):
    make_public(leaving(main_type="THR.DEATH"))
    leaving(main_type="PHYS.FORCE")
    leaving(consent="C2", main_type="PHYS.FORCE")
    leaving(consent="C0", main_type="PHYS.FORCE")

    pack = open_pack(world.coordinator)

    number = sum(int(row["n"]) for row in pack.lines("tables/t01.csv"))
    assert (number, pack.manifest["counts"]["in_tables"], len(pack.rows)) == (3, 3, 2)
    paragraphs = [one.text for one in opened(pack, "annex_en.docx").paragraphs]
    assert any(f" {number} incidents against human rights defenders" in text for text in paragraphs)


def test_5_a_consent_taken_back_takes_the_row_out_and_calls_the_old_pack_back(world, leaving, sign_in, open_pack):
    gone, stays = leaving(main_type="THR.DEATH"), leaving(main_type="THR.DEATH")
    browser = sign_in(world.coordinator)
    browser.post("/upr/", IN_2024, form_at="/upr/")
    before = open_pack(world.coordinator)
    assert recalled(world.coordinator) == []

    gone.acts[0].person.consents[0].withdrawn_on = today()
    refused = Consent(purpose="ALL", level="C0", given_on=today())
    gone.acts[0].person.consents.append(refused)
    after = open_pack(world.coordinator)

    assert set(before.rows) == {gone.reference, stays.reference}
    assert set(after.rows) == {stays.reference}
    assert gone.reference.encode() not in after.all_bytes
    t01 = [sum(int(row["n"]) for row in pack.lines("tables/t01.csv")) for pack in (before, after)]
    assert t01[0] - t01[1] == 1
    [recall] = recalled(world.coordinator)
    assert [(one.reference, one.reason) for one in recall.records] == [(gone.reference, "no_consent")]
    page = browser.get("/upr/recalls")
    assert gone.reference in page.text and stays.reference not in page.text
    assert "1 pack carried" in browser.get("/upr/").text


def test_6_two_runs_have_identical_csv_hashes(world, leaving, open_pack, make_public):
    for number in range(6):
        incident = leaving(main_type=("THR.DEATH", "PHYS.FORCE")[number % 2], place_id=factories.a_place().id)
        if number > 3:
            make_public(incident)
            a_proceeding(world, incident, incident.acts[0].person)

    first, second = ({file.path: file.sha256 for file in open_pack(world.coordinator).built.files} for _run in (1, 2))

    tables = [path for path in first if path.endswith(".csv")]
    assert len(tables) == 18
    assert {path: first[path] for path in tables} == {path: second[path] for path in tables}
    assert first["manifest.json"] != second["manifest.json"]


def test_7_an_incident_of_8_december_2022_is_in_the_default_period_of_peru(world, leaving, sign_in):
    inside, before = leaving(on=date(2022, 12, 8)), leaving(on=date(2022, 7, 14))

    answer = sign_in(world.coordinator).post("/upr/", {"country": "PE"}, form_at="/upr/")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/incidents.csv"))
        rows = list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
    assert [row["incident_ref"] for row in rows] == [inside.reference]
    assert before.reference.encode() not in answer.data


def test_8_a_unique_woman_journalist_is_coarsened_and_one_already_public_is_not(world, leaving, open_pack, make_public):
    place = factories.a_place()
    alike = [leaving(main_type="THR.DEATH", place_id=place.id) for _number in range(3)]
    alone, known = leaving(main_type="THR.DEATH", place_id=place.id), leaving(main_type="THR.DEATH", place_id=place.id)
    for incident in alike:
        incident.acts[0].person.gender = "M"
    for incident in (alone, known):
        incident.acts[0].person.gender, incident.acts[0].person.defender_groups = "W", ["JOURNALIST"]
        incident.summary_es = "Una periodista recibió amenazas."
    make_public(known)

    rows = open_pack(world.coordinator).rows

    quasi = ("admin1_code", "event_month", "defender_groups", "gender_of_affected")
    assert {tuple(rows[one.reference][name] for name in quasi) for one in alike} == {
        (place.iso_3166_2 or place.admin1.iso_3166_2, "2024-05", "", "men")
    }
    assert {rows[one.reference]["generalised_fields"] for one in alike} == {
        "case_ref|admin2_name|event_date|project_name|company_names|contract_refs|proceeding_refs|identity_status|"
        "name_published|uhri_themes|rec_refs|summary_es|summary_en|first_recorded|last_updated|record_version"
    }
    told = rows[alone.reference]
    assert [told[name] for name in quasi] == ["withheld", "", "withheld", "withheld"]
    assert (told["event_year"], told["incident_type"], told["summary_es"]) == ("2024", "THR.DEATH", "withheld")
    assert {"event_month", "gender_of_affected", "admin1_code"} <= set(told["generalised_fields"].split("|"))
    told = rows[known.reference]
    assert [told[name] for name in quasi[1:]] == ["2024-05", "journalist", "women"]
    assert (told["generalised_fields"], told["summary_es"]) == ("", "Una periodista recibió amenazas.")
    # Each row that is not public is like at least two others, in what is told of when, where and who.
    keys = [tuple(row[name] for name in ("event_year", "incident_type", *quasi)) for row in rows.values()]
    few = [key for key in keys if keys.count(key) < 3]
    assert len(few) == 2  # the public one, and the one that says only year, type, perpetrator and status


def test_9_a_bad_wish_leaves_no_file_and_other_teams_do_not_exist(app, world, leaving, sign_in, tmp_path):
    leaving()
    theirs = factories.an_incident(world.stranger, state="VERIFIED", main_type="THR.DEATH")
    browser = sign_in(world.coordinator)

    for wish in ({"types": "THR.NONE"}, {"from": "2024-12-31", "to": "2024-01-01"}, {"session": "99"}, {"k": "1"}):
        answer = browser.post("/upr/", {**IN_2024, **wish}, form_at="/upr/")
        assert answer.status_code == 400 and answer.mimetype == "text/html"
    command = ["upr", "--as", world.coordinator.email, "--out", str(tmp_path / "pack"), "--types", "THR.NONE"]
    ran = app.test_cli_runner().invoke(args=command)
    assert ran.exit_code == 2 and "THR.NONE" in ran.output
    assert list(tmp_path.iterdir()) == []
    answer = browser.post("/upr/", IN_2024, form_at="/upr/")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert theirs.reference.encode() not in everything
    manifest = everything.decode("utf-8", "replace")
    assert re.search(r'"matched": 1,', manifest) and '"other_org": 0' in manifest


def a_recommendation(uid, cycle, *states, **values):
    found = Recommendation(
        rec_uid=uid, country="PE", cycle=cycle, session=14, symbol="A/HRC/22/15", paragraph=uid.split("-")[-1],
        summary_es="Resumen", summary_en="Summary", position="supported",
        states=[RecommendationState(state=state) for state in states], **values,
    )  # fmt: skip
    db.session.add(found)
    db.session.flush()
    return found


def test_10_recommendations_that_were_split_stay_two_and_one_of_seven_states_counts_once(world, open_pack):
    first = a_recommendation("PER-C2-116.74", 2, "NLD")
    a_recommendation("PER-C2-119.5", 2, "NLD", split_from=first)
    a_recommendation("PER-C2-119.1", 2, "FRA", "DEU", "ITA", "ESP", "CHE", "URY", "CHL")

    pack = open_pack(world.coordinator)

    rows = {row["rec_uid"]: row for row in pack.lines("recommendations.csv")}
    assert (len(rows), rows["PER-C2-119.5"]["split_from"], rows["PER-C2-116.74"]["split_from"]) == (
        3, "PER-C2-116.74", "",
    )  # fmt: skip
    [told] = pack.lines("tables/t09.csv")
    assert (told["cycle"], told["position"], told["n"], told["n_states"]) == ("2", "supported", "3", "9")
    assert (rows["PER-C2-119.1"]["n_states"], len(rows["PER-C2-119.1"]["recommending_states"].split("|"))) == ("7", 7)


def opened(pack, path):
    return Document(io.BytesIO(pack.file(path)))


def test_11_word_counts_the_paragraphs_pages_are_numbered_and_the_meter_equals_a_count(
    world, leaving, open_pack, make_public
):
    incident = make_public(leaving(main_type="THR.DEATH", place_id=factories.a_place().id))
    incident.summary_es, incident.summary_en = "Recibió amenazas por teléfono.", "Was threatened by phone."
    db.session.commit()

    pack = open_pack(world.coordinator)

    for language in ("es", "en"):
        document = opened(pack, f"annex_{language}.docx")
        body = list(document.paragraphs)
        first = next(number for number, one in enumerate(body) if one.text.startswith("1. "))
        last = next(number for number, one in enumerate(body) if re.match(r"(Annex|Anexo) A\. ", one.text))
        main = [one for one in body[first:last] if one.text.strip()]
        numbered = [one for one in main if one._p.pPr is not None and one._p.pPr.numPr is not None]
        assert len(numbered) > 10
        assert len({one._p.pPr.numPr.numId.val for one in numbered}) == 1
        assert [one for one in main if one not in numbered and not one.style.name.startswith("Heading")] == []
        abstract = document.part.numbering_part.element.findall(qn("w:abstractNum"))[-1]
        assert abstract.find(f".//{qn('w:numFmt')}").get(qn("w:val")) == "decimal"
        fields = document.sections[0].footer._element.findall(f".//{qn('w:fldSimple')}")
        assert [field.get(qn("w:instr")).strip() for field in fields] == ["PAGE"]
        assert document.styles["Normal"].font.name == "Times New Roman"
        words = sum(len(one.text.split()) for one in main)
        # Without the tables nothing but the short name of the pack may differ.
        assert pack.manifest["word_counts"][language] == {"words": words, "limit": 2815}
        assert annex_words(pack.built.survey, Cover(), language) == words


def test_the_annex_opens_in_libreoffice(world, leaving, open_pack, make_public, tmp_path):
    """A word processor of its own takes it, and finds in it what was written."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    incident = make_public(leaving(main_type="THR.DEATH", place_id=factories.a_place().id))
    incident.summary_es = "Recibió amenazas por teléfono."
    with put_into(tmp_path / "pack", open_pack(world.coordinator).built):
        pass

    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "txt:Text"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "pack" / "annex_es.docx")], check=True,
                   capture_output=True, timeout=120)  # fmt: skip

    text = (tmp_path / "annex_es.txt").read_text(encoding="utf-8-sig")
    assert f"Recibió amenazas por teléfono ({incident.reference})." in text
    assert re.search(r"\b1\.\s+\[completar: quiénes son", text)


# --- what an attacker tried ----------------------------------------------------------------------


def test_a_refusal_holds_for_texts_about_others_whoever_keeps_them(world, leaving, open_pack, make_public):
    """Unlinked, a public figure, a community, in short forms, beside somebody who may be named, in another team."""
    shy = factories.a_person(world.caseworker, pseudonym="Zorzal Gris", legal_name="Tomasa Canariosa Quispe")
    figure = factories.a_person(world.caseworker, pseudonym="La alcaldesa", legal_name="Rosa de la Cruz Mamani")
    figure.is_public_figure = True
    community = factories.a_person(world.caseworker, pseudonym="Comunidad Piedra Alta", kind="COLLECTIVE")
    for person in (shy, figure, community):
        person.consents.append(Consent(purpose="ALL", level="C0", given_on=today()))
    told = {}
    texts = (
        "Con Tomasa Quispe", "con T. y la señora CANARIOSA QUISPE", "Habló Rosa Cruz", "En Piedra Alta, comunidad",
        "la Comunidad Piedra Alta protestó", "tomasa%20canariosa", "Toma\u00adsa Canariosa",
    )  # fmt: skip
    for text in texts:
        incident = make_public(leaving())
        incident.summary_es = text
        told[text] = incident
    named = make_public(factories.an_incident(world.caseworker, state="VERIFIED"))
    friend = factories.a_person(world.caseworker, legal_name="Juan Pérez Rojas", consent="C4", purpose="UPR")
    factories.a_victim(named, friend)
    named.summary_es = "Juan Pérez y Tomasa Canariosa fueron golpeados."
    region = [leaving(main_type="SURV.PHYS", region_text="casa de Tomasa Quispe") for _number in range(3)]
    shared = factories.a_case(world.north, world.stranger, confidentiality="NETWORK")
    theirs = make_public(factories.an_incident(world.stranger, case=shared, state="VERIFIED"))
    factories.a_victim(theirs, factories.a_person(world.stranger, legal_name="Ana Flores Huamán", consent="C3"))
    theirs.summary_es = "Ana Flores fue amenazada."

    pack = open_pack(world.coordinator)

    rows = pack.rows
    passed = {text for text, incident in told.items() if rows[incident.reference]["summary_es"] != "withheld"}
    assert passed == {"En Piedra Alta, comunidad"}
    assert rows[named.reference]["summary_es"] == "withheld" and rows[named.reference]["name_published"]
    assert {rows[one.reference]["admin1_name"] for one in region} == {""}
    assert rows[theirs.reference]["summary_es"] == "withheld"
    assert b"Tomasa" not in pack.all_bytes and b"Ana Flores" not in pack.all_bytes


def test_what_the_choices_say_no_row_says_by_withholding_it(world, leaving, open_pack):
    lonely = leaving(main_type="THR.DEATH", place_id=factories.a_place().id)

    wide = open_pack(world.coordinator)
    narrow = open_pack(world.coordinator, admin1=("PE-APU",))
    short = open_pack(world.coordinator, date(2024, 5, 1), date(2024, 5, 31))

    assert wide.rows[lonely.reference]["admin1_code"] == "withheld"
    for pack in (narrow, short):
        assert pack.rows == {} and pack.excluded == {"too_few": 1}
        assert pack.manifest["counts"]["in_tables"] == 1
        assert lonely.reference.encode() not in pack.all_bytes


def test_what_was_only_counted_is_on_record_as_counted(world, leaving, sign_in):
    lonely = leaving(main_type="THR.DEATH", place_id=factories.a_place().id)

    sign_in(world.coordinator).post("/upr/", {**IN_2024, "admin1": "PE-APU"}, form_at="/upr/")

    carried = db.session.query(PackRecord).one()
    assert (carried.incident_id, carried.reach) == (lonely.id, "aggregate_only")


def test_a_pack_is_called_back_for_whatever_may_not_go_out_as_it_went(world, leaving, make_public, sign_in):
    named = make_public(factories.an_incident(world.caseworker, state="VERIFIED"))
    friend = factories.a_person(world.caseworker, legal_name="Juan Pérez Rojas", consent="C4", purpose="UPR")
    factories.a_victim(named, friend)
    public, held, joined, untouched = (make_public(leaving()), leaving(), leaving(), leaving())
    trial = a_proceeding(world, public, public.acts[0].person)
    trial.public_approved_at, trial.direction = public.public_approved_at, "ACCOUNTABILITY"
    sign_in(world.coordinator).post("/upr/", IN_2024, form_at="/upr/")
    assert recalled(world.coordinator) == []

    friend.consents.append(Consent(purpose="UPR", level="C3", given_on=today()))
    public.public_approved_at = None
    held.embargo_until = date(2099, 1, 1)
    factories.a_victim(joined, factories.a_person(world.caseworker))
    trial.public_approved_at = None
    for one in (public, joined):
        one.touch(world.caseworker.id)
    db.session.commit()

    [recall] = recalled(world.coordinator)
    assert {one.reference: one.reason for one in recall.records} == {
        named.reference: "no_consent", public.reference: "not_public", held.reference: "embargo",
        joined.reference: "no_consent", trial.reference: "not_public",
    }  # fmt: skip
    assert untouched.reference not in {one.reference for one in recall.records}
