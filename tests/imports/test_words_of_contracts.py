"""Days, durations, numbers and sums in words: read as far as they are said, and refused with a reason where not."""

from datetime import date

import pytest
from flask_babel import force_locale

from app.dates import DAY, MONTH, RANGE, YEAR, UncertainDate
from app.imports.day_words import read_date_as_said, read_day_words
from app.imports.maps import Way
from app.imports.measures import Documents, Duration, HowMany, read_documents, read_duration, read_how_many
from app.imports.problems import CellProblem
from app.imports.sums import Sum, read_sums

OF_BOTH_DATABASES = ("sqlite",)


@pytest.fixture(autouse=True)
def spoken(app):
    """Reasons are sentences in a language."""
    with app.test_request_context(), force_locale("en"):
        yield


def between(first, last, precision):
    return date.fromisoformat(first), date.fromisoformat(last), precision


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("febrero del 2021", between("2021-02-01", "2021-02-28", MONTH)),
        ("mayo del 2025", between("2025-05-01", "2025-05-31", MONTH)),
        ("diciembre del 2010", between("2010-12-01", "2010-12-31", MONTH)),
        ("agosto de 2018", between("2018-08-01", "2018-08-31", MONTH)),
        ("Setiembre 2019", between("2019-09-01", "2019-09-30", MONTH)),
        ("20 de mayo del 2025", between("2025-05-20", "2025-05-20", DAY)),
        ("el 1º de julio de 2012", between("2012-07-01", "2012-07-01", DAY)),
        ("primero de enero del año 2012", between("2012-01-01", "2012-01-01", DAY)),
        ("octubre de este año [2021]", between("2021-10-01", "2021-10-31", MONTH)),
        ("entre los años 2010 y 2014", between("2010-01-01", "2014-12-31", RANGE)),
        ("entre mayo y agosto de 2018", between("2018-05-01", "2018-08-31", RANGE)),
        ("del 20 de mayo de 2025 al 20 de mayo de 2027", between("2025-05-20", "2027-05-20", RANGE)),
        ("2017 - 2020", between("2017-01-01", "2020-12-31", RANGE)),
        ("2017", between("2017-01-01", "2017-12-31", YEAR)),
        ("en el año 2017", between("2017-01-01", "2017-12-31", YEAR)),
        ("a fines de 2017", between("2017-01-01", "2017-12-31", YEAR)),
        ("2025-05-20", between("2025-05-20", "2025-05-20", DAY)),
        ("May 20, 2025", between("2025-05-20", "2025-05-20", DAY)),
        ("20th of May 2025", between("2025-05-20", "2025-05-20", DAY)),
        ("October 2021", between("2021-10-01", "2021-10-31", MONTH)),
        ("between 2010 and 2014", between("2010-01-01", "2014-12-31", RANGE)),
        ("from May 2015 to August 2018", between("2015-05-01", "2018-08-31", RANGE)),
    ],
)
def test_days_in_words(text, meant):
    assert read_day_words(text) == UncertainDate(*meant, text)


def test_a_date_in_figures_is_read_as_the_column_writes_it_and_may_lie_ahead():
    found = read_date_as_said("20/05/2050", None, Way(formats=("dd/mm/yyyy",)))

    assert found == UncertainDate.on(date(2050, 5, 20), "20/05/2050")


@pytest.mark.parametrize(
    "text",
    ["octubre de este año", "octubre", "el año pasado", "31 de febrero de 2020", "entre 2014 y 2010", "mayo de 1821",
     "tres siguen vigentes", "dos años", "20/30 de mayo", "brumario de 2020", "desde 2015", "", "mayo o junio de 2020"],
)  # fmt: skip
def test_no_day_is_guessed(text):
    refused(read_day_words, text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("dos años", (24, False)),
        ("por un año", (12, False)),
        ("18 meses", (18, False)),
        ("al menos tres años", (36, True)),
        ("por al menos un año", (12, True)),
        ("un año y medio", (18, False)),
        ("un año y seis meses", (18, False)),
        ("treinta y seis meses", (36, False)),
        ("dos años (prorrogables)", (24, False)),
        ("for one year", (12, False)),
        ("at least 18 months", (18, True)),
        ("two years and a half", (30, False)),
    ],
)
def test_durations(text, meant):
    assert read_duration(text) == Duration(*meant)


@pytest.mark.parametrize(
    "text", ["varios años", "30 días", "hasta dos años", "2020", "un año y", "dos meses y un año", "años", ""]
)
def test_no_duration_is_guessed(text):
    refused(read_duration, text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("una veintena de agentes", (20, 20, True)),
        ("15 agentes", (15, 15, False)),
        ("26", (26, 26, False)),
        ("más de 20", (20, None, False)),
        ("más de veinte efectivos policiales", (20, None, False)),
        ("hasta 30 policías", (None, 30, False)),
        ("entre 10 y 15 efectivos", (10, 15, False)),
        ("entre treinta y cinco y cuarenta y dos agentes", (35, 42, False)),
        ("10-15", (10, 15, False)),
        ("unos 200 efectivos", (200, 200, True)),
        ("ciento veinticinco agentes", (125, 125, False)),
        ("1,200 efectivos", (1200, 1200, False)),
        ("dos mil trescientos", (2300, 2300, False)),
        ("más de una veintena de agentes", (20, None, False)),
        ("twenty-five officers", (25, 25, False)),
        ("about twenty officers", (20, 20, True)),
        ("a dozen agents", (12, 12, True)),
        ("two hundred and fifty officers", (250, 250, False)),
        ("between 10 and 15", (10, 15, False)),
    ],
)
def test_how_many(text, meant):
    assert read_how_many(text) == HowMany(*meant)


@pytest.mark.parametrize(
    "text",
    ["decenas de agentes", "varios", "entre 15 y 10", "entre treinta y cinco", "15 camionetas", "treinta veinte",
     "2,5 agentes", "15 o 20", "10 y 15", "una unidad antimotín", "", "-", "diez quince", "1,2,3"],
)  # fmt: skip
def test_no_number_is_guessed(text):
    refused(read_how_many, text)


@pytest.mark.parametrize(
    ("text", "least", "most", "currency", "further"),
    [
        ("S/.4 millones 678 mil", 467_800_000, 467_800_000, "PEN", {}),
        ("S/ 3,5 millones", 350_000_000, 350_000_000, "PEN", {}),
        ("73 millones 500 mil soles", 7_350_000_000, 7_350_000_000, "PEN", {}),
        ("73 millones de soles", 7_300_000_000, 7_300_000_000, "PEN", {}),
        ("más de S/ 4 millones", 400_000_000, None, "PEN", {}),
        ("más de 73 millones de soles", 7_300_000_000, None, "PEN", {}),
        ("US$ 18.49 millones", 1_849_000_000, 1_849_000_000, "USD", {}),
        ("S/ 4,678,000.50", 467_800_050, 467_800_050, "PEN", {}),
        ("S/ 50 000", 5_000_000, 5_000_000, "PEN", {}),
        ("1.500 soles", 150_000, 150_000, "PEN", {}),
        ("unos 20 mil dólares", 2_000_000, 2_000_000, "USD", {"approximate": True}),
        ("entre 100 a 110 soles diarios", 10_000, 11_000, "PEN", {"per": "DAY"}),
        ("entre cien y ciento diez soles diarios", 10_000, 11_000, "PEN", {"per": "DAY"}),
        ("S/ 2,000 mensuales", 200_000, 200_000, "PEN", {"per": "MONTH"}),
        ("110 soles por día", 11_000, 11_000, "PEN", {"per": "DAY"}),
        ("between 100 and 110 soles a day", 10_000, 11_000, "PEN", {"per": "DAY"}),
        ("more than US$ 2 million", 200_000_000, None, "USD", {}),
        ("dos mil millones de soles", 200_000_000_000, 200_000_000_000, "PEN", {}),
    ],
)
def test_sums(text, least, most, currency, further):
    assert read_sums(text) == (Sum(least, most, currency, **further),)


def test_sums_by_rank():
    assert read_sums("oficial superior 110 soles; oficial 100 soles") == (
        Sum(11_000, 11_000, "PEN", rank="oficial superior"),
        Sum(10_000, 10_000, "PEN", rank="oficial"),
    )


def test_a_sheet_may_say_the_currency_of_all_its_sums():
    assert read_sums("4 millones", currency="PEN") == (Sum(400_000_000, 400_000_000, "PEN"),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("S/ 100 o US$ 30", "PEN, USD"),
        ("110 soles (30 dólares)", "PEN, USD"),
        ("4 millones", "currency"),
        ("$ 100", "country"),
        ("100 pesos", "country"),
        ("100 dólares canadienses", "country"),
        ("S/ 3,500 millones", "two numbers"),
        ("entre 3 y 4 millones de soles", "two numbers"),
        ("110 soles; 100 soles", "rank"),
        ("oficial 110 soles diarios; suboficial 100 soles", "each"),
        ("entre 110 y 100 soles", "smaller"),
        ("varios millones de soles", "number"),
        ("aporte 100 soles", "number"),
        ("S/ 1,23,4", "figures"),
        ("soles", "number"),
        ("678 mil 4 millones de soles", "number"),
        ("a " * 50_000 + "soles", "long"),
    ],
)
def test_no_sum_is_guessed(text, reason):
    assert reason in refused(read_sums, text)


@pytest.mark.parametrize(
    ("text", "meant", "total"),
    [
        ("cuatro convenios y 12 adendas", (4, 12), 16),
        ("11 convenios", (11, 0), 11),
        ("tres adendas", (0, 3), 3),
        ("un convenio y una adenda", (1, 1), 2),
        ("four agreements and 12 addenda", (4, 12), 16),
    ],
)
def test_documents(text, meant, total):
    assert read_documents(text) == Documents(*meant)
    assert read_documents(text).total == total


@pytest.mark.parametrize(
    "text",
    ["Primera adenda", "varios convenios", "Convenio de seguridad y una adenda", "12", "2 convenios 3 convenios"],
)
def test_no_number_of_documents_is_guessed(text):
    refused(read_documents, text)


def refused(read, text):
    with pytest.raises(CellProblem) as problem:
        read(text)
    return str(problem.value)
