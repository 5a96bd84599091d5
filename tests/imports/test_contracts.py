"""A sheet of contracts: days, terms, officers and money in words, addenda, names of one company, and rows of totals."""

import shutil
from datetime import date

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.contracts.models import CERTAIN, POSSIBLE, TERM_UNKNOWN, Contract
from app.contracts.terms import in_force
from app.db import db
from app.imports.matching import LOOKED_UP, Match, OnRecord
from app.imports.project_fields import WHAT_THEY_ARE
from app.organisations.models import Organisation
from tests.imports.test_import import number, sheet  # noqa: F401

HEADER = "nro;tipo de documento;empresa;proyecto;suscripción;inicio;fin;efectivos;monto;pago diario\n"


def take(app, path, *words):
    return app.test_cli_runner().invoke(args=["import", "contracts", str(path), *map(str, words)])


@pytest.fixture
def taken(app, world, sheet):  # noqa: F811
    """`taken(rows, …)` imports a sheet of those rows as the caseworker; gives what the command said, and its code."""

    def run(rows, *words):
        outcome = take(app, sheet(HEADER + rows), "--as", world.caseworker.email, *words)
        return outcome.output, outcome.exit_code

    return run


def contracts():
    rows = db.session.scalars(unguarded(select(Contract).order_by(Contract.id), "the test counts everything")).unique()
    return {row.external_id: row for row in rows}


def test_words_are_read_and_kept(taken):
    taken("1;Convenio;Minera Las Bambas S.A.;Las Bambas;diciembre del 2010;febrero del 2011;dos años;"
          "una veintena de agentes;S/.4 millones 678 mil;entre 100 a 110 soles diarios\n")  # fmt: skip

    contract = contracts()["1"]
    assert (contract.company.name, contract.company_text) == ("Minera Las Bambas (MMG)", "Minera Las Bambas S.A.")
    assert [project.name for project in contract.projects] == ["Las Bambas"]
    assert contract.signed.written() == "2010-12"
    assert (contract.ends.earliest, contract.ends.latest) == (date(2013, 1, 31), date(2013, 2, 27))
    assert "dos años" in contract.ends_text
    assert (contract.officers_least, contract.officers_most) == (20, 20)
    assert contract.officers_text == "una veintena de agentes"
    assert (contract.total_amount, contract.total_currency) == (467_800_000, "PEN")
    pay = contract.pay[0]
    assert (pay.amount_least, pay.amount_most, pay.currency, pay.period) == (10_000, 11_000, "PEN", "DAY")


def test_an_addendum_goes_to_the_agreement_of_its_company_and_extends_it(taken):
    taken(
        "1;Convenio;Southern;Tía María;;febrero del 2021;dos años;;;\n"
        "2;Convenio;MMG;Las Bambas;;2017;;;;\n"
        "3;Primera adenda;Southern Copper;Tía María;;;mayo del 2025;;;\n"
    )

    base, addendum = contracts()["1"], contracts()["3"]
    assert (addendum.parent_id, addendum.effect) == (base.id, "EXTENDS")
    # The addendum has no day of its own: whether it came in time is not known.
    assert in_force(base.spans, date(2022, 5, 2), date(2022, 5, 2)) == CERTAIN
    assert in_force(base.spans, date(2024, 5, 2), date(2024, 5, 2)) == POSSIBLE


def test_an_addendum_without_its_agreement_is_refused_with_the_reason(taken):
    said, code = taken("1;Primera adenda;Southern;Tía María;;;mayo del 2025;;;\n")

    assert code != 0
    assert "es una adenda" in said.casefold()
    assert contracts() == {}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1;convenios;TOTAL;;;febrero del 2003;mayo del 2021;;73 millones 500 mil soles;", "suma otras filas"),
        ("1;Convenio;MMG;Las Bambas;;2017;2015;;;", "fin es anterior al inicio"),
        ("1;Convenio;MMG;Las Bambas;;;;;S/ 100 y US$ 50;", "dos monedas"),
        ("1;Convenio;;Las Bambas;;2017;;;;", "ninguna empresa"),
        ("1;Convenio;MMG;Las Bambas;mañana;2017;;;;", "suscripción"),
        ("1;Convenio;MMG;Las Bambas;;2017;9999 años;;;", "demasiado largo"),
        ("1;Convenio;MMG;Las Bambas;;2017;100000 meses;;;", "demasiado largo"),
        ("1;Convenio;MMG;Las Bambas;;31/12/9999;2 años;;;", "entre 1900 y 2100"),
        ("1;Convenio;MMG;Las Bambas;31/12/9999;;2 años;;;", "entre 1900 y 2100"),
        ("1;Convenio;MMG;Las Bambas;;31/12/2099;2 años;;;", "entre 1900 y 2100"),
        (f"1;Convenio;MMG;Las Bambas;;2017;;{10**25};;", "más personas"),
        (f"1;Convenio;MMG;Las Bambas;;2017;;más de {10**25};;", "más personas"),
        ("1;99999999999999999999 convenios;MMG;Las Bambas;;2017;;;;", "más documentos"),
        ("1;dos convenios y 99999999999999999999 adendas;MMG;Las Bambas;;2017;;;;", "más documentos"),
        (f"1;Convenio;MMG;Las Bambas;;2017;;;S/ {10**14};", "no es un monto"),
        (f"1;Convenio;MMG;Las Bambas;;2017;;;S/ {'9' * 40};", "no es un monto"),
        (f"1;Convenio;MMG;Las Bambas;;2017;;;;{10**30} soles diarios", "no es un monto"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(taken, row, why):
    said, code = taken(f"{row}\n2;Convenio;MMG;Las Bambas;;2018;;;;\n")

    assert code != 0
    assert why in said
    assert contracts() == {}


def test_what_may_be_on_record_already_is_said(taken):
    taken("1;Convenio RM 0087-2021;Southern;Tía María;;febrero del 2021;dos años;;;\n")

    said, _code = taken("9;Convenio;Southern Copper;;;febrero del 2021;;;;\n", "--dry-run")

    assert "ya esté registrado" in said and "Convenio RM 0087-2021" in said


def test_a_row_that_only_counts_says_how_many_it_counts(taken):
    taken(
        "1;cuatro convenios y 12 adendas;Yanacocha;;;;octubre de este año [2021];;;\n2;11 convenios;Southern;;;;;;;\n"
    )

    found = contracts()
    assert (found["1"].counts, found["1"].count_basis) == (16, "AGREEMENTS_ADDENDA")
    assert found["1"].ends.written() == "2021-10"
    assert (found["2"].counts, found["2"].count_basis) == (11, "AGREEMENTS")


def test_the_reports_of_the_press_come_in_and_a_second_time_add_nothing(app, world, shared_data, tmp_path):
    # What stays out is written beside the file.
    reports = shutil.copy(shared_data / "pe_convenios_pnp_prensa_transcritos.csv", tmp_path)
    words = ("--as", world.caseworker.email, "--map", "convenios-pnp-prensa")

    whole = take(app, reports, *words)
    first = take(app, reports, *words, "--skip-bad")
    found = contracts()
    second = take(app, reports, *words, "--skip-bad", "--rest", tmp_path / "again.csv")

    assert whole.exit_code != 0 and "Fila 19: no se puede importar. Esta fila suma otras filas" in whole.output
    assert first.exit_code == 0, first.output
    assert len(found) == 17 and "18" not in found
    # Four names of one company are one.
    assert {found[one].company.name for one in ("8", "9", "11", "13", "14")} == {"Minera Las Bambas (MMG)"}
    assert [found[one].parent_id for one in ("2", "3")] == [found["1"].id] * 2
    assert in_force(found["1"].spans, date(2022, 4, 27), date(2022, 4, 27)) == CERTAIN
    assert (found["6"].counts, found["5"].counts, found["7"].counts) == (16, 2, 11)
    # What the police received in some years is no agreement with a term.
    payments = found["9"]
    assert (payments.total_amount, payments.total_qualifier, payments.count_basis) == (
        400_000_000,
        "AT_LEAST",
        "PAYMENTS",
    )
    assert "2015 – agosto de 2018" in payments.notes and payments.title.startswith("Pagos reportados")
    assert {span.kind for span in payments.spans} == {TERM_UNKNOWN}
    assert "Chumbivilcas" in found["15"].notes and "Cusco" in found["15"].notes
    assert [(pay.rank, pay.amount_least) for pay in found["10"].pay] == [
        ("oficial superior", 11000),
        ("oficial", 10000),
    ]
    new = select(Organisation.name).where(Organisation.team_id.is_not(None))
    assert list(db.session.scalars(unguarded(new, "the test counts everything"))) == []
    assert len(contracts()) == 17 and "17 ya estaban" in second.output


def test_only_so_many_new_names_are_compared_with_what_is_on_record(app, world):
    almost = Match(asked="Minera Yanacochas")
    early, late = (OnRecord(world.caseworker, Organisation, WHAT_THEY_ARE, {}) for _ in range(2))
    for one in range(LOOKED_UP):
        late.near(Match(asked=f"Zzz {one}"))

    assert early.near(almost) and not late.near(almost)
