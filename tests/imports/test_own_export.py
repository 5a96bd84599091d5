"""What Amparo writes it reads again: nothing is added twice, and elsewhere every fact that left arrives."""

import csv
import io
from contextlib import ExitStack
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from app.access import visible
from app.dates import UNKNOWN, UncertainDate
from app.db import db
from app.incidents.beside import AnswerNote, StateResponse
from app.incidents.models import Incident, IncidentCompany, IncidentProject
from app.organisations.models import Project
from tests import factories
from tests.imports.test_import import number, run
from tests.postgresql import drop_database
from tests.quarters import GROUND

OWN_TO_THE_HOUSE = {
    "reference": "each installation counts its own records",
    "case": "who imports says into which case",
    "team": "who imports says into which team",
    "state": "what was reviewed was reviewed there: here nobody has",
    "state_label": "follows from the state",
    "consent_least": "consent is asked for by those who keep the record, and no file gives it",
    "consent_least_label": "follows from the consent",
    "already_public": "two people of this house decide that",
    "created_on": "the day on which it came in",
    "updated_on": "the day on which it came in",
}
"""What an import must not decide, and why; all other columns come out as they went in."""


def exported(browser, kind="csv"):
    return browser.post("/incidents/export", {"format": kind}, form_at="/incidents/").data


def rows_of(content):
    if content.startswith(b"PK"):
        header, *lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        return [dict(zip(header, line, strict=True)) for line in lines]
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def facts_of(content):
    rows = [{name: cell for name, cell in row.items() if name not in OWN_TO_THE_HOUSE} for row in rows_of(content)]
    return sorted(rows, key=lambda row: row["title_es"])


@pytest.fixture
def elsewhere(quarters, app):
    """`elsewhere()` gives the people of another installation, in which nothing is recorded; the first one is gone."""
    with ExitStack() as at_the_end:

        def begun():
            leave()
            if quarters.server:
                drop_database(quarters.server, GROUND)
            at_the_end.enter_context(quarters.fresh("world"))
            return factories.the_world()

        yield begun
        leave()


def leave():
    db.session.close()
    db.engine.dispose()


ROUGH = (
    "=1+1",
    "'=1+1",
    "'' twice an apostrophe",
    "'quoted' at both ends'",
    "+51 984, -3 and @somebody",
    "-3",
    "|a bar in front, and one | within \\| it",
    'He said: "no", and; then, that',
    "العربية ועברית: from right to left",
    "👩🏽‍🌾 ¿Qué pasó? Ñahuin — «así»",
    "_x0041_ is no A",
    "007",
    "2024-13-45",
    "<b>not bold</b> &amp; #REF!",
    "no consta, dicen",
    "sep=;",
    "a stroke at the end \\",
)
"""Texts that one program or another takes for something else."""


@pytest.fixture
def recorded(world):
    """Two incidents with all that an export carries."""
    company, unit = factories.an_organisation("Minera | Norte"), factories.an_organisation("Unidad Norte", kind=None)
    project = Project(name="Proyecto Cóndor", name_folded="proyecto condor", team_id=world.south.id)
    full = factories.an_incident(
        world.caseworker,
        title="=A beginning like a formula",
        main_type="LAND.EVICT",
        narrative='They came at dawn; "Ñahuin" saw it,\nand fled.',
        language="es",
        community="Sector Alto",
        place=factories.a_place("PE-030506"),
        latitude=-13.5,
        longitude=-72.25,
        coordinate_precision="NEAR",
        on=date(2022, 4, 27),
        summary_es="Resumen",
        urgency="HIGH",
        protest="YES",
        sector="MINING",
        embargo_until=date(2031, 1, 2),
    )
    full.company_links.append(IncidentCompany(organisation=company, position=0))
    full.project_links.append(IncidentProject(project=project, position=0))
    factories.a_victim(full, factories.a_person(world.caseworker, pseudonym="Heron"), injured_least=3, injured_most=5)
    factories.a_victim(full, factories.a_person(world.caseworker, pseudonym="Egret"))
    factories.a_victim(full, group="Families of Sector Alto", act_type="PHYS.FORCE", killed_least=1, killed_most=1)
    factories.a_perpetrator(full, "PRIV_SEC")
    factories.a_perpetrator(full, "PNP", organisation=unit)
    factories.a_source(full, "La Voz | Cusco", url="https://voz.example")
    factories.a_source(full, "Radio", reliability="C", credibility=None, kind="NGO")
    complaint, shelved = StateResponse(step="COMPLAINT"), StateResponse(step="SHELVED")
    complaint.happened, shelved.happened = UncertainDate.on(date(2022, 5, 3)), UncertainDate.in_year(2023)
    full.responses = [complaint, shelved, StateResponse(step="TRIAL")]
    full.answer_notes = [AnswerNote(field="sector", note="Also a quarry | in the same place: next to it")]
    year = factories.an_incident(world.caseworker, title="Some time", on=UncertainDate.in_year(2012, "hacia 2012"))
    between = UncertainDate.between(date(2020, 1, 3), date(2020, 2, 4))
    ranged = factories.an_incident(world.caseworker, title="Between", on=between)
    unsure = factories.an_incident(world.caseworker, title="Before", on=UncertainDate(None, date(2020, 2, 4), UNKNOWN))
    return [full, year, ranged, unsure, *rough(world)]


def rough(world):
    """Incidents that say in every field of text what programs mistake."""
    consenting = factories.a_person(world.caseworker, pseudonym="Ibis", legal_name="Rosa Quispe", consent="C3")
    found = []
    for text in ROUGH:
        incident = factories.an_incident(
            world.caseworker,
            title=text,
            narrative=f"{text}\n\n\t{text}",
            language="qu",
            summary_es=text,
            summary_en=f"{text}\n{text}",
            community=text,
            emergency="NO",
            threats_before="YES",
            reprisals=["LAWYER", "SOURCE"],
            threat_type="DEATH",
            threat_channel="CALL",
            threat_credibility="PROBABLE",
            on=UncertainDate.in_month(2021, 3, text),
        )
        company, unit = factories.an_organisation(text), factories.an_organisation(f"Unit {text}", kind=None)
        incident.company_links.append(IncidentCompany(organisation=company, position=0))
        factories.a_victim(incident, consenting, affected_least=2, affected_most=4)
        factories.a_victim(incident, group=text, act_type="PHYS.FORCE", detained_least=1, detained_most=3)
        factories.a_perpetrator(incident, "PNP", organisation=unit)
        factories.a_source(incident, text, url="https://voz.example/?q=a|b")
        factories.a_source(incident, f"{text} again", kind="NGO", reliability="C", credibility="3")
        incident.answer_notes = [AnswerNote(field="sector", note=text)]
        found.append(incident)
    abroad = factories.an_incident(world.caseworker, title="Abroad", region_text="=Olancho | 'Este'")
    abroad.country = "HN"
    db.session.commit()
    return [*found, abroad]


def test_where_it_was_written_nothing_is_added(app, world, sign_in, recorded, tmp_path):
    path = tmp_path / "lista.csv"
    path.write_bytes(exported(sign_in(world.caseworker)))

    outcome = run(app, path, "--as", world.caseworker.email)

    assert outcome.exit_code == 0, outcome.output
    assert number(Incident) == len(recorded)


def test_a_reference_that_one_may_not_see_is_not_said_to_be_there(app, world, sign_in, recorded, tmp_path):
    path = tmp_path / "lista.csv"
    path.write_bytes(exported(sign_in(world.caseworker)))

    outcome = run(app, path, "--as", world.stranger.email, "--dry-run")

    assert outcome.exit_code == 0, outcome.output
    assert f"{len(recorded)} filas nuevas." in outcome.output


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("door", ["command", "page"])
def test_in_an_empty_installation_every_fact_arrives_and_leaves_again(
    app, world, sign_in, recorded, elsewhere, tmp_path, kind, door
):
    content, how_many = exported(sign_in(world.caseworker), kind), len(recorded)
    there = elsewhere()
    browser, path = sign_in(there.caseworker), tmp_path / f"lista.{kind}"
    path.write_bytes(content)
    assert (len(rows_of(content)), number(Incident)) == (how_many, 0)

    for _time in ("first", "second"):
        if door == "command":
            outcome = run(app, path, "--as", there.caseworker.email)
            assert outcome.exit_code == 0, outcome.output
        else:
            upload = {"file": (io.BytesIO(content), path.name), "case": "", "team": there.south.id}
            dry_run = browser.post("/imports/", upload).location
            browser.post(dry_run, {"decision": "import"}, form_at=dry_run)

    assert number(Incident) == how_many
    assert facts_of(exported(browser, kind)) == facts_of(content)


def test_what_stands_second_must_belong_to_the_second(app, world, tmp_path):
    path = tmp_path / "hoja.csv"
    path.write_text("titulo,fuente,confiabilidad\nUna amenaza,La Voz|El Sur,B\n")

    outcome = run(app, path, "--as", world.caseworker.email)

    assert outcome.exit_code == 1
    assert "no tienen la misma cantidad de valores" in outcome.output
    assert number(Incident) == 0


def test_a_company_that_a_sheet_names_is_linked_or_recorded(app, world, tmp_path):
    known = factories.an_organisation("Minera Norte", team=world.south)
    path = tmp_path / "hoja.csv"
    path.write_text("titulo,empresa\nUna amenaza,minera norte\nOtra amenaza,Minera Sur\n")

    dry = run(app, path, "--as", world.caseworker.email, "--dry-run")
    run(app, path, "--as", world.caseworker.email)

    assert "Minera Sur" in dry.output and "minera norte" not in dry.output
    found = db.session.scalars(visible(Incident, world.caseworker).order_by(Incident.title_es.desc())).unique().all()
    assert [one.name for incident in found for one in incident.companies] == ["Minera Norte", "Minera Sur"]
    assert found[0].companies == [known]


def test_sources_bear_the_country_of_their_row(app, world, tmp_path):
    path = tmp_path / "hoja.csv"
    path.write_text("titulo,pais,fuente\nUna amenaza,CO,La Voz\n")

    run(app, path, "--as", world.caseworker.email)

    incident = db.session.scalars(visible(Incident, world.caseworker)).unique().one()
    assert incident.source_links[0].source.reference.startswith("COL-S-")


def test_without_its_references_our_own_list_is_still_understood(app, world, sign_in, recorded, tmp_path):
    path = tmp_path / "lista.csv"
    rows = rows_of(exported(sign_in(world.caseworker)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [name for name in rows[0] if name != "reference"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)

    outcome = run(app, path, "--as", world.caseworker.email, "--dry-run")

    assert outcome.exit_code == 0, outcome.output
    assert f"{len(recorded)} filas nuevas." in outcome.output


def test_what_the_state_did_comes_with_its_days_or_is_refused(app, world, tmp_path):
    path = tmp_path / "hoja.csv"
    path.write_text(
        "titulo,state_responses,state_response_dates,answer_notes\n"
        "Una,Denuncia presentada|SHELVED,2020-05|2021,sector: una cantera\n"
    )
    assert run(app, path, "--as", world.caseworker.email).exit_code == 0
    incident = db.session.scalars(visible(Incident, world.caseworker)).unique().one()
    assert [(one.step, one.happened.written()) for one in incident.responses] == [
        ("COMPLAINT", "2020-05"),
        ("SHELVED", "2021"),
    ]
    assert [(one.field, one.note) for one in incident.answer_notes] == [("sector", "una cantera")]

    for steps, days, notes in (("|SHELVED", "2020|2021", ""), ("SHELVED", "2020|2021", ""), ("", "", "reference: x")):
        path.write_text(f"titulo,state_responses,state_response_dates,answer_notes\nOtra,{steps},{days},{notes}\n")
        assert run(app, path, "--as", world.caseworker.email).exit_code == 1
    assert number(Incident) == 1
