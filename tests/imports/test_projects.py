"""Sheets of projects: what is on record is matched and said, what is nearly so is asked about, nothing comes twice."""

import io
import re

import pytest
from sqlalchemy import select

from app.access import unguarded, visible
from app.db import db, fold
from app.imports.maps import find_map
from app.organisations.models import Organisation, Project
from app.organisations.operations import record_project
from tests.imports.test_import import number, sheet  # noqa: F401

OURS, COMPANIES = Project.team_id.is_not(None), Organisation.team_id.is_not(None)
HEADER = "proyecto;empresa;distrito;provincia\n"


def take(app, path, *words):
    return app.test_cli_runner().invoke(args=["import", "projects", str(path), *map(str, words)])


@pytest.fixture
def taken(app, world, sheet):  # noqa: F811
    """`taken(rows, …)` imports a sheet of those rows as the caseworker; gives what the command said."""

    def run(rows, *words, header=HEADER):
        outcome = take(app, sheet(header + rows), "--as", world.caseworker.email, *words)
        assert outcome.exit_code == 0, outcome.output
        return outcome.output

    return run


def ours(model=Project):
    rule = OURS if model is Project else COMPANIES
    return {row.name: row for row in db.session.scalars(unguarded(select(model).where(rule), "test")).unique()}


def test_a_new_project_has_its_company_and_its_district_and_knows_its_source(taken):
    taken("Cerro Alto;Minera Cerro Alto S.A.;Mara;Cotabambas;Defensoría\n", header=HEADER.replace("\n", ";fuente\n"))

    project = ours()["Cerro Alto"]
    assert [place.full_name for place in project.places] == ["Mara, Cotabambas, Apurímac"]
    company = project.companies[0]
    assert (company.name, company.kind, company.country, company.source) == (
        "Minera Cerro Alto S.A.", "COMPANY", "PE", "Defensoría",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("company", "record"),
    [
        ("MMG", "Minera Las Bambas (MMG)"),
        ("minera las bambas s.a.", "Minera Las Bambas (MMG)"),
        ("Compañía Minera Antamina S.A.", "Antamina"),
        ("Southern Peru Copper Corporation", "Southern Perú Copper"),
    ],
)
def test_a_company_on_record_is_matched_and_not_recorded_again(taken, company, record):
    said = taken(f"Cerro Alto;{company};;\n", "--dry-run")
    taken(f"Cerro Alto;{company};;\n")

    assert f"Empresa «{company}» reconocida como {record}" in said
    assert ours(Organisation) == {}
    assert [one.name for one in ours()["Cerro Alto"].companies] == [record]


def test_a_former_name_leads_to_the_project_that_bears_it(taken):
    taken("Río Blanco (ex Majaz);;Mara;Cotabambas\n")
    said = taken("Río Blanco (ex Majaz);;Mara;Cotabambas\n", "--dry-run")

    assert "Proyecto reconocido como Río Blanco (PER-J-" in said
    assert ours() == {}


def test_a_project_that_came_with_the_pack_stays_as_it_is(taken):
    before = db.session.scalar(unguarded(select(Project).where(Project.name == "Las Bambas"), "test"))
    facts = (before.version, len(before.companies), len(before.places), before.note)

    said = taken("Las Bambas;Otra Minera S.A.;Coporaque;Espinar\n", "--add", "--dry-run")
    taken("Las Bambas;Otra Minera S.A.;Coporaque;Espinar\n", "--add")
    db.session.expire_all()

    assert "Otra Minera S.A." in said
    assert (before.version, len(before.companies), len(before.places), before.note) == facts
    assert ours() == {} and ours(Organisation) == {}


def test_what_is_nearly_called_so_is_another_one_unless_somebody_says_so(taken):
    row = "Cerro Alto;Southern Perú Cooper Corporation;;\n"

    said = taken(row, "--dry-run")
    taken(row, "--match", "Southern Perú Cooper Corporation=Southern Perú Copper")

    assert "En duda: «Southern Perú Cooper Corporation»" in said
    assert "Southern Perú Copper (PER-O-" in said
    assert ours(Organisation) == {}
    assert [one.name for one in ours()["Cerro Alto"].companies] == ["Southern Perú Copper"]


def test_without_an_answer_both_are_kept_apart(taken):
    taken("Cerro Alto;Southern Perú Cooper Corporation;;\n")

    assert set(ours(Organisation)) == {"Southern Perú Cooper Corporation"}


@pytest.mark.parametrize("answer", ["Southern=Nadie de Aquí", "Nombre ausente=Antamina", "Southern Perú Cooper="])
def test_an_answer_that_leads_nowhere_is_refused(app, world, sheet, answer):  # noqa: F811
    path = sheet(HEADER + "Cerro Alto;Southern;;\n")

    outcome = take(app, path, "--as", world.caseworker.email, "--match", answer)

    assert outcome.exit_code != 0
    assert number(Project, OURS) == 0


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Alfa S.A. / Beta S.A.C.", ["Alfa S.A.", "Beta S.A.C."]),
        ("Alfa - Beta", ["Alfa", "Beta"]),
        ("Minera Alfa y Compañía Minera Beta", ["Minera Alfa", "Compañía Minera Beta"]),
        ("Compañía minera Chungar, Volcan compañía minera S.A.C.",
         ["Compañía minera Chungar", "Volcan compañía minera S.A.C."]),
        ("Consorcio Minero y Operaciones Conexas S.A.C.", ["Consorcio Minero y Operaciones Conexas S.A.C."]),
        ("Alfa Perú, S.A.C.", ["Alfa Perú, S.A.C."]),
        ("Alfa (Beta / Gama)", ["Alfa (Beta / Gama)"]),
        ("Consorcio Peruano de Minas S.A.C - COPEMINA", ["Consorcio Peruano de Minas S.A.C"]),
    ],
)  # fmt: skip
def test_companies_of_one_cell_are_told_apart(taken, cell, names):
    taken(f"Cerro Alto;{cell};;\n")

    assert {one.name for one in ours()["Cerro Alto"].companies} == set(names)


def test_an_abbreviation_and_a_former_name_become_other_names(taken):
    taken("Cerro Alto;Consorcio Peruano de Minas S.A.C - COPEMINA|Minera Beta (ex Gama);;\n")

    aliases = {name: [alias.name for alias in row.aliases] for name, row in ours(Organisation).items()}
    assert aliases == {"Consorcio Peruano de Minas S.A.C": ["COPEMINA"], "Minera Beta": ["Gama"]}


def test_rows_of_one_project_make_one_and_two_spellings_of_a_company_too(taken):
    said = taken("Cerro Alto;Alfa S.A.;Mara;Cotabambas\nCerro alto;ALFA SA;Haquira;Cotabambas\n")

    assert list(ours()) == ["Cerro Alto"] and list(ours(Organisation)) == ["Alfa S.A."]
    assert {place.name for place in ours()["Cerro Alto"].places} == {"Mara", "Haquira"}
    assert "2 filas" in said


def test_more_is_added_to_a_project_of_the_team_only_when_asked(taken, world):
    facts = {"name": "Cerro Alto", "aliases": [], "companies": [], "places": []}
    record_project(world.caseworker, world.south.id, facts)
    record_project(world.stranger, world.north.id, facts | {"name": "Cerro Bajo"})
    db.session.commit()
    rows = "Cerro Alto;;Mara;Cotabambas\n"

    taken(rows)
    before = {place.name for place in ours()["Cerro Alto"].places}
    taken(rows, "--add")
    again = taken(rows, "--add", "--dry-run")

    assert before == set()
    assert {place.name for place in ours()["Cerro Alto"].places} == {"Mara"}
    assert "0 filas nuevas" in again and "agrega" not in again
    assert len(ours()) == 2


def test_a_project_of_another_team_is_not_said_to_be_there(taken, world):
    facts = {"name": "Cerro Bajo", "aliases": [], "companies": [], "places": []}
    hidden = record_project(world.stranger, world.north.id, facts)
    db.session.commit()

    said = taken("Cerro Bajo;;;\n", "--dry-run")

    assert hidden.reference not in said
    assert "Nuevo proyecto «Cerro Bajo»" in said


def test_a_bad_row_is_refused_with_column_and_value_and_keeps_all_out(app, world, sheet):  # noqa: F811
    path = sheet("proyecto,ubigeo,lat\nCerro Alto,030501,-14.1\nCerro Bajo,999999,x\n,030501,\n")

    outcome = take(app, path, "--as", world.caseworker.email)

    assert outcome.exit_code == 1
    assert "999999" in outcome.output and "«lat»: «x»" in outcome.output and "Fila 4" in outcome.output
    assert number(Project, OURS) == 0


def test_the_page_asks_about_names_in_doubt_and_follows_the_answer(world, sign_in):
    browser = sign_in(world.caseworker)
    content = (HEADER + "Cerro Alto;Southern Perú Cooper Corporation;;\n").encode()
    values = {"file": (io.BytesIO(content), "hoja.csv"), "case": "", "team": world.south.id, "kind": "projects"}
    dry_run = browser.post("/imports/", values).location
    page = browser.get(dry_run).text
    key = re.search(r'name="doubt" value="([^"]+)"', page).group(1)
    reference = re.search(r'<option value="(PER-O-\w{5})">The same as Southern', page).group(1)
    answers = {"looked": "y", "doubt": key, "answer": reference}

    looked = browser.post(dry_run, {**answers, "decision": "look"}, form_at=dry_run).location
    again = browser.get(looked).text
    browser.post(looked, {**answers, "decision": "import"}, form_at=looked)

    assert "matched to Southern Perú Copper" in again
    assert ours(Organisation) == {}
    assert list(ours()) == ["Cerro Alto"]


def test_the_conflicts_of_the_defensoria_come_in_with_their_map_and_once(app, world, shared_data):
    words = (
        shared_data / "pe_conflictos_mineros_2024_03.xlsx",
        "--as",
        world.caseworker.email,
        "--map",
        "defensoria-conflictos-mineros",
    )

    first = take(app, *words)
    second = take(app, *words)

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert len(ours()) == 55 and len(ours(Organisation)) == 36
    assert "81" in second.output
    assert set(ours()["Raura"].places) != set()
    seen = {fold(row.name) for row in db.session.scalars(visible(Project, world.stranger)).unique()}
    assert "raura" not in seen


def test_a_map_for_another_kind_is_refused_and_its_kind_is_taken_where_none_was_chosen(app, world, sheet, tmp_path):  # noqa: F811
    map_file = tmp_path / "mapa.toml"
    map_file.write_text('kind = "incidents"\n[fields]\ntitle = "proyecto"\n', encoding="utf-8")

    outcome = take(app, sheet("proyecto\nCerro Alto\n"), "--as", world.caseworker.email, "--map", map_file)

    assert outcome.exit_code == 1
    assert "«incidents»" in outcome.output and "«projects»" in outcome.output
    assert find_map("defensoria-conflictos-mineros").kind == "projects"


def test_the_template_has_the_headings_of_its_kind_and_the_list_of_imports_leads_to_projects(taken, world, sign_in):
    taken("Cerro Alto;;;\n")
    browser = sign_in(world.caseworker)

    header = browser.get("/imports/template.csv?kind=projects").text
    page = browser.get("/imports/").text

    assert "companies" in header and "legal_name" not in header
    assert browser.get("/imports/template.csv?kind=nothing").status_code == 404
    assert re.search(r'<a href="/organisations/projects/">1<', page)
