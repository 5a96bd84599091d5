"""The page that asks what the columns hold: what is proposed is chosen, what is chosen is what the dry run does."""

import gzip
import io
from html import unescape

import pytest
import xlsxwriter

from app.imports.column_choice import choices_of, map_chosen, targets_of
from app.imports.map_writing import toml_of
from app.imports.maps import SheetMap, Way, read_map, shipped_maps
from tests.imports.forms import form_of
from tests.imports.test_in_the_browser import send  # noqa: F401

OF_BOTH_DATABASES = ("sqlite",)

SHEET = (
    "N.º,Fecha del hecho,Distrito ,Nombre de la víctima,Presunto responsable,Descripción de los hechos,Cosas\n"
    "1,03/04/2019,Mara,Rosa Uno; Luis Dos,PNP,La policía impidió el paso de la comunidad.,a\n"
    "2,25/04/2019,Mara,Ana Tres,PNP,La policía disparó contra la gente que marchaba.,NA\n"
    "3,2018,Mara,NN,PNP,Amenazas por teléfono durante todo el año.,c\n"
)


@pytest.fixture
def columns(send):  # noqa: F811
    """`columns(content, name)` is the address of the page and its form as it opens."""

    def opened(content, name="hoja.csv"):
        sent = send(content, name)
        assert sent.status_code == 303, unescape(sent.text)
        address = sent.location
        answer = send.browser.get(address)
        assert answer.status_code == 200, address
        return address, form_of(answer.text), unescape(answer.text)

    opened.browser = send.browser
    return opened


def after(columns, address, values):
    answer = columns.browser.post(address, values)
    assert answer.status_code == 303, unescape(answer.text)
    return unescape(columns.browser.get(answer.location).text)


def test_what_is_proposed_is_chosen_and_said_with_counts_and_examples(columns):
    _address, form, page = columns(SHEET)

    assert [form[f"column-{at}"] for at in range(7)] == [
        "external_id", "happened", "district", "legal_name", "perpetrators", "narrative", "",
    ]  # fmt: skip
    assert "3 cells filled, 3 different: <q>03/04/2019</q>, <q>25/04/2019</q>, <q>2018</q>" in page
    assert "03/04/2019 is read as 3 Apr 2019, because row 3 says 25/04/2019" in page
    assert "“NA” (1 cell)" in page
    assert "; (as in: Rosa Uno · Luis Dos)" in page and form["separator"] == "0"


def test_the_dry_run_does_what_was_chosen_and_says_what_is_passed_over(columns):
    address, form, _page = columns(SHEET)

    page = after(columns, address, form)

    assert "These columns are passed over: Cosas." in page
    assert "because row 3 says 25/04/2019" in page
    assert page.count("will be imported") == 3


def test_words_without_a_field_are_kept_in_the_notes(columns):
    address, form, _page = columns(SHEET)

    page = after(columns, address, {**form, "column-6": "*"})

    assert "passed over" not in page


def test_one_field_for_two_columns_is_refused_in_a_sentence_and_the_choices_stay(columns):
    address, form, _page = columns(SHEET)

    answer = columns.browser.post(address, {**form, "column-6": "happened"})
    page = unescape(answer.text)

    assert answer.status_code == 400
    assert "“Date” is chosen for several columns: Fecha del hecho, Cosas." in page
    assert form_of(answer.text)["column-6"] == "happened"


def test_the_order_of_the_days_can_be_said(columns):
    address, form, asked = columns("Fecha del hecho,Lugar\n03/04/2019,Mara\n04/05/2019,Mara\n")

    page = after(columns, address, {**form, "order-0": "MONTH_FIRST"})

    assert "the day stands first" in asked
    assert "the day stands first" not in page


def test_rows_are_victims_where_one_says_so(columns):
    sheet = "Caso,Fecha del hecho,Víctima,Lugar\nA,2019-04-03,Rosa Uno,Mara\nA,2019-04-03,Luis Dos,Mara\n"
    address, form, _page = columns(sheet)

    page = after(columns, address, {**form, "row": "victim", "together-0": "y"})

    assert "are one incident with 2 victims" in page


def test_a_name_in_two_columns_is_joined(columns):
    address, form, _page = columns(
        "Apellidos,Prenombres,Fecha del hecho,Título\nUno Dos,Rosa,2019,Rosa Uno Dos murió\n"
    )

    page = after(columns, address, form)

    assert "The legal name is in “title_en” too" in page


def test_the_words_for_nothing_known_can_be_changed(columns):
    address, form, _page = columns("Fecha del hecho,Edad\n2019,999\n2020,30\n")

    refused = after(columns, address, form)
    address, form, _page = columns("Fecha del hecho,Edad\n2019,999\n2020,30\n")
    taken = after(columns, address, {**form, "empty": "999, NA"})

    assert "is not an age in years" in refused
    assert "Read as nothing known: “999” (1)" in taken


def test_another_sheet_of_the_workbook_is_read_anew(columns):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name, heading in (("Uno", "Lo primero"), ("Dos", "Fecha del hecho")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, [heading, "Otra cosa"])
            sheet.write_row(1, 0, ["2019-01-02", "x"])
    address, form, page = columns(file.getvalue(), "libro.xlsx")

    page = after(columns, address, {**form, "sheet": "Dos"})

    assert "Fecha del hecho" in page and "Lo primero" not in page
    assert form_of(page)["column-0"] == "happened"


@pytest.mark.parametrize("language", ["es", "en"])
def test_hostile_headings_are_shown_as_they_are(world, columns, language):
    world.caseworker.language = language
    headings = ["Fecha del hecho", "<script>alert(1)</script>", '"=HYPERLINK(""http://a.example"")"', "x" * 3000]
    sheet = ",".join(headings) + "\n2019,a,b,c\n"
    address, form, page = columns(sheet)

    assert "<script>alert(1)</script>" not in columns.browser.get(address).text
    after(columns, address, form)


def test_nonsense_in_the_form_passes_columns_over(columns):
    address, form, _page = columns(SHEET)
    nonsense = {"column-0": "no_such+field", "order-1": "x", "separator": "99", "row": "x", "language": "xx",
                "header": "9" * 30, "sheet": "none", "empty": "," * 500}  # fmt: skip

    assert columns.browser.post(address, {**form, **nonsense}).status_code == 303


def test_the_page_of_a_wide_sheet_is_small(columns):
    header = ",".join(f"Columna número {number}" for number in range(25))
    sheet = header + "\n" + "\n".join(",".join(f"valor {row} {at}" for at in range(25)) for row in range(40))

    _address, _form, page = columns(sheet)

    assert len(gzip.compress(page.encode())) < 20_000


def test_who_may_not_import_sees_no_such_page(world, columns, sign_in):
    address, _form, _page = columns(SHEET)

    assert sign_in(world.analyst).get(address).status_code == 403
    assert sign_in(world.stranger).get(address).status_code == 404


# --- the map -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["global-witness", "convenios-pnp-prensa", "defensoria-conflictos-mineros"])
def test_a_shipped_map_is_the_same_when_it_is_written_and_read(app, name):
    (known,) = [one for stem, one in shipped_maps().items() if stem == name]

    assert read_map(f"{name}.toml", toml_of(known).encode()) == known


@pytest.mark.parametrize("name", ["global-witness", "convenios-pnp-prensa", "defensoria-conflictos-mineros"])
def test_a_shipped_map_goes_through_the_page_unchanged(app, name):
    known = shipped_maps()[name]
    header = sorted({column for way in known.ways.values() for column in (way.column, *way.columns) if column})
    header += sorted(known.ignore)
    with app.test_request_context():
        targets = targets_of(header, known)
        choices = choices_of(header, [targets[heading] for heading in header], known)
        chosen = map_chosen(header, choices, known)

    assert chosen.source == known.source
    assert {field: way for field, way in chosen.ways.items() if not way.columns} == {
        field: way for field, way in known.ways.items() if not way.columns
    }
    for field, way in known.ways.items():
        assert set(chosen.ways[field].columns) == set(way.columns)


def test_a_map_that_joins_columns_keeps_doing_so():
    ways = {
        "happened": Way(columns=("dia", "mes", "año"), join="/"),
        "other_types": Way(columns=("golpes", "insultos"), ticked=True, values={"golpes": ("PHYS.BEAT",)}),
    }
    known = SheetMap(name="m", ways=ways)

    assert read_map("m.toml", toml_of(known).encode()).ways == ways


def test_any_words_survive_writing_and_reading():
    words = ['"', "\\", "línea\nnueva", "\t", "\x7f", "\u200b", "a = 1 # [x]", "'''", "", "中文", "." * 150]
    known = SheetMap(
        name="m",
        source="s",
        sheet="Hoja [1]",
        header=3,
        empty=tuple(words),
        ignore=frozenset(words),
        ways={"main_type": Way(column='di"jo', values={word: ("THR.DEATH",) for word in words}, other="refuse")},
    )

    assert read_map("m.toml", toml_of(known).encode()) == known
