"""Several people: in a cell, in a row each, without a name; and cells that say nothing, and places in degrees."""

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.evidence.models import Source
from app.incidents.models import Incident
from app.people.models import Person, PersonIdentity
from tests.imports.test_import import number, run


@pytest.fixture
def brought(app, world, tmp_path):
    """`brought(map, rows)` imports the rows; gives the outcome and the incidents by their titles."""

    def taken(words, rows, *further):
        map_file, path = tmp_path / "mapa.toml", tmp_path / "hoja.csv"
        map_file.write_text(words, encoding="utf-8")
        path.write_text(rows, encoding="utf-8")
        outcome = run(app, path, "--as", world.caseworker.email, "--map", map_file, *further)
        db.session.expire_all()
        found = db.session.scalars(unguarded(select(Incident).order_by(Incident.id), "the test reads them")).unique()
        return outcome, {incident.title_in("es"): incident for incident in found}

    return taken


def people():
    statement = select(Person.pseudonym, PersonIdentity.legal_name).outerjoin(PersonIdentity).order_by(Person.id)
    return [tuple(row) for row in db.session.execute(unguarded(statement, "the test reads them"))]


A_ROW_A_VICTIM = """row = "victim"
together = ["caso"]
source = "prueba"
[fields]
title_es = "titulo"
happened = "fecha"
main_type = "tipo"
legal_name = "nombre"
gender = "sexo"
killed_least = "muertos"
source_citation = "fuente"
notes = "nota"
"""
HEADER = "caso,titulo,fecha,tipo,nombre,sexo,muertos,fuente,nota\n"
MASSACRE = HEADER + (
    "7,En el puente,2019-03-04,LIFE.KILL,Retama Uno,M,1,La Voz,de noche\n"
    "7,En el puente,2019-03-04,LIFE.KILL,NN,W,1,Radio Dos,\n"
    "8,Otro,2019-05,LIFE.KILL,Retama Dos,M,1,La Voz,\n"
    "7,En el puente,2019-03-05,LIFE.KILL,N.N.,M,1,La Voz,\n"
)


def test_rows_of_one_incident_become_one_with_a_victim_each(brought):
    outcome, incidents = brought(A_ROW_A_VICTIM, MASSACRE)
    incident = incidents["En el puente"]

    assert outcome.exit_code == 0, outcome.output
    assert len(incidents) == 2
    assert [act.killed_least for act in incident.acts] == [1, 1, 1]
    assert [act.person.gender for act in incident.acts] == ["M", "W", "M"]
    # NN is no name, and two of them are two people.
    assert [name for _pseudonym, name in people()] == ["Retama Uno", None, None, "Retama Dos"]
    assert len({pseudonym for pseudonym, _name in people()}) == 4
    # Both sources are kept, each once.
    assert sorted(link.source.citation for link in incident.source_links) == ["La Voz", "Radio Dos"]
    assert number(Source) == 2


def test_the_dry_run_says_which_rows_are_one_and_where_they_differ(brought):
    outcome, _incidents = brought(A_ROW_A_VICTIM, MASSACRE, "--dry-run")

    assert "2, 3, 5 son un solo hecho con 3 personas afectadas" in outcome.output
    assert "Otras filas del hecho dicen otra cosa en «happened» (5)" in outcome.output


def test_the_same_rows_in_another_order_add_nothing(brought):
    brought(A_ROW_A_VICTIM, MASSACRE)
    lines = MASSACRE.removeprefix(HEADER).splitlines(keepends=True)
    outcome, incidents = brought(A_ROW_A_VICTIM, HEADER + "".join(reversed(lines)))

    assert outcome.exit_code == 0, outcome.output
    assert (len(incidents), number(Person)) == (2, 4)


def test_a_bad_row_keeps_the_whole_incident_out_and_comes_back_with_it(brought, tmp_path):
    rest = tmp_path / "resto.csv"
    bad = MASSACRE.replace("2019-03-05", "ayer")

    outcome, incidents = brought(A_ROW_A_VICTIM, bad, "--skip-bad", "--rest", rest)

    assert list(incidents) == ["Otro"]
    assert rest.read_text(encoding="utf-8-sig").count("En el puente") == 3


def test_without_a_number_the_same_day_place_and_type_are_one_incident(brought):
    words = 'row = "victim"\n[fields]\nhappened = "fecha"\nregion_text = "lugar"\nlegal_name = "nombre"\n'
    rows = "fecha,lugar,nombre\n2019-03-04,Más allá,Retama Uno\n2019-03-04,Más allá,Retama Dos\n2019-03-04,Acá,Retama\n"

    _outcome, incidents = brought(words, rows)

    assert sorted(len(incident.acts) for incident in incidents.values()) == [1, 2]


@pytest.mark.parametrize(("cell", "names"), [
    ("Retama Uno; Retama Dos y Retama Tres", ["Retama Uno", "Retama Dos", "Retama Tres"]),
    ("Retama Uno;NN", ["Retama Uno", None]),
    ("Ana y Beto Retama", ["Ana", "Beto Retama"]),
])  # fmt: skip
def test_several_names_in_a_cell_are_several_people(brought, cell, names):
    words = '[fields]\ntitle_es = "titulo"\nlegal_name = {column = "nombre", separator = ";"}\n'

    outcome, incidents = brought(words, f'titulo,nombre\nUna,"{cell}"\n')

    assert outcome.exit_code == 0, outcome.output
    assert [name for _pseudonym, name in people()] == names
    assert len(incidents["Una"].acts) == len(names)


def test_a_name_without_a_separator_stays_whole(brought):
    brought('[fields]\ntitle_es = "titulo"\nlegal_name = "nombre"\n', "titulo,nombre\nUna,Retama y Flores\n")

    assert [name for _pseudonym, name in people()] == ["Retama y Flores"]


# --- several columns -----------------------------------------------------------------------------


def test_a_day_a_month_and_a_year_in_three_columns_are_one_date_and_two_of_a_name_one_name(brought):
    words = (
        '[fields]\ntitle_es = "t"\nhappened = {columns = ["d", "m", "a"], join = "/"}\n'
        'legal_name.columns = ["nombres", "apellidos"]\n'
    )

    outcome, incidents = brought(words, "t,d,m,a,nombres,apellidos\nUna,4,3,2019,Ana,Retama\nDos,NA,3,2019,Beto,\n")

    assert outcome.exit_code == 0, outcome.output
    assert [str(incidents[title].happened.earliest) for title in ("Una", "Dos")] == ["2019-03-04", "2019-03-01"]
    assert [name for _pseudonym, name in people()] == ["Ana Retama", "Beto"]


def test_columns_that_are_ticked_say_their_headings(brought):
    words = """[fields]
title_es = "t"
source_citation = {columns = ["Prensa", "Policía", "Iglesia"], ticked = true}
[fields.other_types]
columns = ["golpes", "amenaza"]
ticked = true
values = {golpes = "PHYS.ASSAULT", amenaza = "THR.OTHER"}
other = "drop"
"""
    rows = "t,Prensa,Policía,Iglesia,golpes,amenaza\nUna,True,no,sí,1,0\nDos,N/A,false,,x,X\n"

    outcome, incidents = brought(words, rows)

    assert outcome.exit_code == 0, outcome.output
    assert sorted(link.source.citation for link in incidents["Una"].source_links) == ["Iglesia", "Prensa"]
    assert [incidents[title].other_types for title in ("Una", "Dos")] == [
        ["PHYS.ASSAULT"],
        ["PHYS.ASSAULT", "THR.OTHER"],
    ]


# --- cells that say nothing ----------------------------------------------------------------------


def test_what_stands_for_nothing_is_nothing_and_is_said(brought):
    words = '[fields]\ntitle_es = "titulo"\ngender = "sexo"\nhappened = "fecha"\nnotes = "nota"\ncommunity = "lugar"\n'
    rows = "titulo,sexo,fecha,nota,lugar\nUna,NA,N/D,-,Sin datos\nDos,M,2019,n.d.,S/D\n"

    told, _none = brought(words, rows, "--dry-run")
    outcome, incidents = brought(words, rows)

    assert "Leído como sin dato:" in told.output and "«NA» (1)" in told.output
    assert outcome.exit_code == 0, outcome.output
    assert (incidents["Una"].happened.earliest, incidents["Una"].notes, incidents["Dos"].community) == (None,) * 3


def test_namibia_is_a_country_among_others_in_two_letters(brought):
    words = '[fields]\ntitle_es = "titulo"\ncountry = "pais"\n'

    _outcome, codes = brought(words, "titulo,pais\nUna,NA\nDos,PE\n")
    _outcome, names = brought(words, "titulo,pais\nTres,NA\nCuatro,Perú\n")

    assert (codes["Una"].country, names["Tres"].country) == ("NA", None)


def test_a_map_says_itself_what_stands_for_nothing(brought):
    words = 'empty = ["0"]\n[fields]\ntitle_es = "titulo"\nnotes = "nota"\n'

    _outcome, incidents = brought(words, "titulo,nota\nUna,0\nDos,NA\n")

    assert [incidents[title].notes for title in ("Una", "Dos")] == [None, "NA"]


def test_tags_of_web_pages_go_where_the_map_says_that_there_are_some(brought):
    words = '[fields]\ntitle_es = "t"\nnarrative = {column = "c", format = "html"}\nnotes = "n"\n'
    page = "<p>El alcalde &amp; <b>dos</b> más</p>\n<ul><li>Uno</li><li>Dos<br>Tres</li></ul>"

    _outcome, incidents = brought(words, f't,c,n\nUna,"{page}",a < b y <b>c</b>\n')

    assert incidents["Una"].narrative == "El alcalde & dos más\nUno\nDos\nTres"
    assert incidents["Una"].notes == "a < b y <b>c</b>"


# --- coordinates ---------------------------------------------------------------------------------

PLACES = {
    "-13.5167": None,
    "-13.5167, -71.9781": (-13.5167, -71.9781),
    "(-13,5167; -71,9781)": (-13.5167, -71.9781),
    "-13.5167 -71.9781 3399.5 4.2": (-13.5167, -71.9781),
    "37.34265178, 42.99259985": (37.34265178, 42.99259985),
    "POINT (1 2)": None,
    "755799.1, 9255012.7": None,
}


@pytest.mark.parametrize("cell", PLACES)
def test_both_coordinates_in_one_cell(brought, cell):
    words = '[fields]\ntitle_es = "t"\nlatitude = "c"\nlongitude = "c"\n'

    _outcome, incidents = brought(words, f't,c\nUna,"{cell}"\n')
    found = [(incident.latitude, incident.longitude) for incident in incidents.values()]

    assert found == ([PLACES[cell]] if PLACES[cell] else [] if cell != "-13.5167" else [(-13.5167, -13.5167)])


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [("13°31'00\"S", -13.516667), ("13° 31.5' S", -13.525), ("-13,5", -13.5), ("13º31′", 13.516667)],
)
def test_degrees_with_minutes_and_seconds(brought, cell, degrees):
    words = '[fields]\ntitle_es = "t"\nlatitude = "lat"\nlongitude.constant = "-71"\n'
    quoted = cell.replace('"', '""')

    outcome, incidents = brought(words, f't,lat\nUna,"{quoted}"\n')

    assert outcome.exit_code == 0, outcome.output
    assert incidents["Una"].latitude == pytest.approx(degrees, abs=1e-6)


def test_projected_coordinates_are_refused_by_name(brought):
    words = '[fields]\ntitle_es = "t"\nlatitude = "norte"\nlongitude = "este"\n'

    outcome, incidents = brought(words, "t,este,norte\nUna,755799.1,9255012.7\n")

    assert "coordenada proyectada en metros" in outcome.output
    assert incidents == {}
