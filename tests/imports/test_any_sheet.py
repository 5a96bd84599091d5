"""Whatever spreadsheet wrote it: the same table comes out, and what was passed over is said."""

import csv
import io
import itertools
import zipfile

import pytest
import xlsxwriter

from app.imports.layout import TOO_LONG, TOO_SHORT, TOTAL, lay_out
from app.sheets import SheetProblem, read_grid
from config import Settings

OF_BOTH_DATABASES = ("sqlite",)

HEADER = ["Víctima", "Año", "Lugar", "Nota"]
ROWS = [
    ["María Ñahui", "2019", "Áncash, Perú", "dijo: «no»"],
    ["Peña; Güell", "2020", "Cusco", 'una "cita" y 3,5'],
    ["O'Phelan", "2021", "Ica", "línea\nnueva"],
]


@pytest.fixture
def read(tmp_path):
    def reading(content, name="hoja.csv", sheet=None, header=None, **limits):
        if isinstance(content, str):
            content = content.encode()
        settings = Settings(instance=tmp_path, **limits)
        return lay_out(read_grid(name, content, settings, sheet), header)

    return reading


def as_csv(rows, delimiter=",", quote='"', line_end="\n"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quotechar=quote, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(
        rows
    )
    return text.getvalue()


def as_workbook(*sheets, merged=()):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(at, column, cell)
            for where in merged:
                sheet.merge_range(where, rows[0][0] if where.startswith("A1") else None)
    return content.getvalue()


def cells(sheet):
    return [row for _number, row in sheet.rows]


# --- text files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delimiter", "quote", "line_end"), itertools.product(",;\t|", "\"'", ("\n", "\r\n", "\r")), ids=repr
)
def test_any_delimiter_quotation_mark_and_line_end(read, delimiter, quote, line_end):
    sheet = read(as_csv([HEADER, *ROWS], delimiter, quote, line_end))

    assert (sheet.header, cells(sheet)) == (HEADER, ROWS)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "mac_roman", "cp850", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_any_encoding(read, encoding):
    sheet = read(as_csv([HEADER, *ROWS], ";").encode(encoding))

    assert (sheet.header, cells(sheet)) == (HEADER, ROWS)


@pytest.mark.parametrize("text", ["Detención", "Ñuñoa", "1º, n°", "¿Qué pasó?"])
def test_one_word_is_enough_to_tell_a_mac_from_windows(read, text):
    assert [cells(read(f"nota\n{text}\n".encode(encoding))) for encoding in ("mac_roman", "cp1252")] == [[[text]]] * 2


def test_some_pasted_lines_of_another_encoding_do_not_lose_the_rest(read):
    content = b"lugar\n" + "Áncash\n".encode() * 100 + "Junín\n".encode("cp1252")

    assert cells(read(content))[-2:] == [["Áncash"], ["Junín"]]


def test_the_line_that_tells_excel_the_delimiter_is_no_row(read):
    sheet = read("sep=|\nVíctima|Año\nAna|2019\n")

    assert (sheet.header, sheet.rows) == (["Víctima", "Año"], [(3, ["Ana", "2019"])])


def test_a_decimal_comma_is_no_delimiter(read):
    assert cells(read("lat;lon\n-13,5;-71,9\n-12,0;-77,0\n"))[0] == ["-13,5", "-71,9"]


def test_quotation_marks_within_words_are_words(read):
    assert cells(read('alias,lugar\nAna "la Chola" Q,Cusco\n"Beto", Ica\n'))[0] == ['Ana "la Chola" Q', "Cusco"]


# --- workbooks and JSON --------------------------------------------------------------------------


def test_the_first_sheet_that_holds_anything_is_read_and_another_one_if_it_is_named(read):
    book = as_workbook(("Vacía", []), ("Uno", [HEADER, *ROWS]), ("Dos", [["Otra"], ["x"]]))

    first, second = read(book, "hoja.xlsx"), read(book, "hoja.xlsx", "Dos")

    assert (first.sheet_name, cells(first)) == ("Uno", ROWS)
    assert (second.header, first.grid.sheets) == (["Otra"], ("Uno", "Dos"))
    with pytest.raises(SheetProblem, match="no_such_sheet"):
        read(book, "hoja.xlsx", "Tres")


def test_a_workbook_of_libre_office(read):
    """As little as an ODS needs; LibreOffice itself writes a hundred times as much."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in ([HEADER[0], HEADER[2]], ["María Ñahui", "Áncash"])
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0"/>')
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
            f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Hoja">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )

    sheet = read(content.getvalue(), "hoja.ods")

    assert (sheet.header, cells(sheet)) == (["Víctima", "Lugar"], [["María Ñahui", "Áncash"]])


def test_a_list_of_objects_is_a_table(read):
    sheet = read('[{"id": 1, "tags": ["a", "b"]}, {"id": 2, "lugar": {"x": "\\ud800"}}]', "datos.json")

    assert sheet.header == ["id", "tags", "lugar"]
    assert cells(sheet) == [["1", "a|b", ""], ["2", "", '{"x": "?"}']]


# --- where the table lies ------------------------------------------------------------------------

TABLE = [["Nombre", "Fecha", "Lugar", "Víctimas"], ["Ana", "2019-01-02", "Cusco", "1"], ["Beto", "2019", "Ica", "2"]]


def test_titles_above_and_notes_below_are_passed_over(read):
    sheet = read(
        as_csv([
            ["Registro de casos 2019", "", "", ""],
            ["Oficina regional", "", "", ""],
            ["", "", "", ""],
            *TABLE,
            ["", "", "", ""],
            ["Fuente: prensa", "", "", ""],
        ])
    )  # fmt: skip

    assert sheet.header == TABLE[0]
    assert [number for number, _cells in sheet.rows] == [5, 6]
    assert [number for number, _cells in sheet.above] == [1, 2]
    assert sheet.below[0][1][0] == "Fuente: prensa"


def test_a_row_of_totals_is_said_to_be_one(read):
    sheet = read(as_csv([*TABLE, ["TOTAL", "", "", "3"], ["Total Quispe", "2018", "Puno", "1"]]))

    assert sheet.broken == {4: TOTAL}


def test_headings_in_two_rows_with_merged_cells_are_one_heading_a_column(read):
    rows = [
        ["Quién", "", "Cuándo", "", "Dónde"],
        ["Nombre", "Edad", "Desde", "Hasta", "Distrito"],
        ["Ana", 33, "2019", "2020", "Mara"],
    ]

    sheet = read(as_workbook(("Hoja", rows), merged=["A1:B1"]), "hoja.xlsx")

    assert sheet.header == ["Nombre", "Edad", "Desde", "Hasta", "Distrito"]
    assert cells(sheet) == [["Ana", "33", "2019", "2020", "Mara"]]


def test_a_lower_heading_that_stands_twice_takes_the_upper_one_with_it(read):
    sheet = read(as_csv([["Heridos", "", "Muertos", ""], ["Civiles", "Policías", "Civiles", "Policías"], list("1234")]))

    assert sheet.header == ["Heridos Civiles", "Heridos Policías", "Muertos Civiles", "Muertos Policías"]


def test_hxl_tags_are_no_row(read):
    sheet = read(as_csv([TABLE[0], ["#affected+name", "#date", "#adm3", ""], *TABLE[1:]]))

    assert len(sheet.rows) == 2
    assert sheet.tags["Lugar"] == "#adm3"


def test_a_cell_that_reaches_over_rows_speaks_of_each(read):
    rows = [["Lugar", "Nombre"], ["Cusco", "Ana"], ["", "Beto"], ["Ica", "Caro"]]

    sheet = read(as_workbook(("Hoja", rows)), "hoja.xlsx")
    over = read(merged_down(rows), "hoja.xlsx")

    assert cells(sheet)[1] == ["", "Beto"]  # a gap without a merged cell stays a gap
    assert cells(over)[1] == ["Cusco", "Beto"]
    assert over.filled_down == ("Lugar",)


def merged_down(rows):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        sheet.merge_range("A2:A3", "Cusco")
    return content.getvalue()


def test_empty_columns_go_those_without_a_heading_get_a_letter_and_repeated_ones_a_number(read):
    sheet = read(as_csv([["Nombre", "", "", "Nota", "Nota"], ["Ana", "", "x", "a", "b"], ["Beto", "", "", "c", "d"]]))

    assert sheet.header == ["Nombre", "[C]", "Nota", "Nota (2)"]
    assert cells(sheet)[0] == ["Ana", "x", "a", "b"]


def test_headings_that_come_again_on_every_page_are_no_rows(read):
    sheet = read(as_csv([TABLE[0], TABLE[1], TABLE[0], TABLE[2]]))

    assert (len(sheet.rows), sheet.repeated) == (2, (3,))


def test_who_knows_better_says_in_which_row_the_headings_stand(read):
    content = as_csv([["Esto", "es", "un", "título"], *TABLE])

    assert read(content).header == ["Esto", "es", "un", "título"]
    assert read(content, header=2).header == TABLE[0]
    with pytest.raises(SheetProblem, match="no_such_row"):
        read(content, header=40)


def test_a_row_that_is_longer_or_shorter_than_the_headings_is_said_to_be_so(read):
    sheet = read("a,b,c\n1,2,\n1,2,3\n1,2,3,4\n1,2\n")

    assert sheet.broken == {4: TOO_LONG, 5: TOO_SHORT}


def test_where_empty_cells_are_left_away_at_the_end_a_short_row_is_whole(read):
    sheet = read("a,b,c\n1,2,3\n1\n1,2\n")

    assert sheet.broken == {}
    assert cells(sheet)[1] == ["1", "", ""]


# --- limits --------------------------------------------------------------------------------------


def test_a_reader_that_needs_too_much_memory_ends_alone(read):
    with pytest.raises(SheetProblem, match="unpacks_too_large"):
        read("a,b\n" + "1,2\n" * 2_000_000, import_max_memory=60 * 1024 * 1024, import_max_rows=5_000_000)


REAL = {
    "ar_cels_hechos.csv": (4313, "identificador"),
    "cl_truth_commission_victims_1973_1990.csv": (2398, "exact_coordinates_6"),
    "hxl_merged_headers.xlsx": (4, "Departamento/Provincia/Estado"),
    "hxl_valid_latin1.csv": (4, "Organización"),
    "iom_missing_migrants_global_2026.csv": (238, "Coordinates"),
    "pe_candidatos_consejeros_2014.xlsx": (5710, "Organización Política"),
    "pe_concesiones_mineras_17s_empresas.csv": (5048, "centroide_este_utm17s"),
    "pe_feminicidio_mimp.csv": (166, "MES_FEMINICIDIO"),
    "pe_protestas_cronologia_2022_23.json": (45, "contenido_html"),
    "ph_drug_killings_manila.xlsx": (488, "Parishes"),
    "upr_recs_1-5.csv": (6094, "From-Rgrp"),
    "upr_recs_14-17.csv": (9598, "Session"),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files_have_the_rows_that_their_makers_count(read, shared_data, name):
    rows, heading = REAL[name]

    sheet = read((shared_data / name).read_bytes(), name)

    assert len(sheet.rows) == rows
    assert heading in sheet.header
    assert sheet.broken == {}


def test_the_accents_of_an_old_mac_are_right(read, shared_data):
    sheet = read((shared_data / "upr_recs_14-17.csv").read_bytes(), "upr_recs_14-17.csv")
    text = " ".join(itertools.chain.from_iterable(cells(sheet)))

    assert "Defensoría del Pueblo" in text and "N'Djaména" in text
