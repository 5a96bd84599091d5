"""What is proposed for the columns of a sheet: by their headings, by their cells, and why."""

import re

import pytest
from flask_babel import force_locale

from app.imports.contents import known_places
from app.imports.kinds import KINDS
from app.imports.proposal_words import WHY, why
from app.imports.proposing import proposals


@pytest.fixture
def proposed(app):
    """`proposed({heading: cells})` gives the target proposed for each heading."""

    def of(columns, kind="incidents"):
        rows = [(number, list(cells)) for number, cells in enumerate(zip(*columns.values(), strict=True), start=2)]
        with app.test_request_context():
            return proposals(list(columns), rows, KINDS[kind], known_places())

    def targets(columns, kind="incidents"):
        return {one.content.heading: one.chosen and one.chosen.target for one in of(columns, kind)}

    targets.whole = of
    return targets


def test_headings_of_organisations_are_understood_in_both_languages(proposed):
    words = ["uno", "dos", "tres"]
    found = proposed(
        {
            "N.º": ["1", "2", "3"],
            "Fecha del hecho": ["03/04/2019", "25/04/2019", "2018"],
            "Nombre de la víctima": ["Rosa A", "Luis B", "Ana C"],
            "Presunto responsable": ["PNP", "PNP", "empresa"],
            "Descripción de los hechos": ["largo " * 20, "texto " * 20, "otro " * 30],
            "Observaciones": words,
            "FEC_REGISTRO": ["2020-01-01", "2020-01-02", "2020-01-03"],
        }
    )

    assert found == {
        "N.º": "external_id",
        "Fecha del hecho": "happened",
        "Nombre de la víctima": "legal_name",
        "Presunto responsable": "perpetrators",
        "Descripción de los hechos": "narrative",
        "Observaciones": "notes",
        "FEC_REGISTRO": None,
    }
    assert proposed({"Type of attack": words, "Perpetrator": words, "Sex": ["M", "F", "F"]}) == {
        "Type of attack": "main_type", "Perpetrator": "perpetrators", "Sex": "gender",
    }  # fmt: skip


@pytest.mark.parametrize(
    "cells, target",
    [
        (["03/04/2019", "25/04/2019"], "happened"),
        (["Cusco", "Apurímac"], "department"),
        (["030506", "080801"], "place"),
        (["-13.5, -71.9", "-14.1, -72.2"], "latitude+longitude"),
        (["https://a.example/1", "https://a.example/2"], "source_url"),
        (["Perú", "Colombia"], "country"),
        (["Policía Nacional", "Fuerzas Armadas"], "perpetrators"),
        (["una historia larga de lo que pasó " * 4, "otra historia larga de lo que pasó " * 4], "narrative"),
    ],
)
def test_cells_speak_where_the_heading_says_nothing(proposed, cells, target):
    assert proposed({"columna x": cells}) == {"columna x": target}


def test_no_field_is_proposed_twice_and_the_likelier_column_has_it(proposed):
    found = proposed({"Fecha": ["2019", "2020"], "Fecha del hecho": ["2019-04-03", "2020-01-02"]})

    assert found == {"Fecha": None, "Fecha del hecho": "happened"}


def test_a_name_in_several_columns_is_one_name(proposed):
    found = proposed({"Apellidos": ["Quispe", "Mamani"], "Nombres": ["Rosa", "Luis"], "Alias": ["R", "L"]})

    assert (found["Apellidos"], found["Nombres"]) == ("legal_name", "legal_name")


def test_what_is_said_of_others_is_not_said_of_the_affected_person(proposed):
    found = proposed(
        {
            "Edad del agresor": ["30", "40"],
            "Hijos de la víctima": ["1", "2"],
            "País de origen": ["Perú", "Chile"],
            "Fecha de nacimiento": ["03/04/1980", "25/04/1981"],
            "Registrado por": ["PE", "CL"],
        }
    )

    assert set(found.values()) == {None}


def test_a_heading_whose_cells_are_something_else_is_left_in_doubt(proposed):
    (found,) = proposed.whole({"Departamento de trabajo, código": ["1", "2", "3"]})

    assert found.chosen is None


def test_hostile_headings_and_empty_columns_do_no_harm(proposed):
    long = "x" * 20_000
    found = proposed({long: ["", ""], "=cmd|' /C calc'!A0": ["1", "2"], "<script>alert(1)</script>": ["a", "b"]})

    assert set(found.values()) == {None}


def test_examples_and_counts_tell_what_stands_in_a_column(proposed):
    (found,) = proposed.whole({"Lugar": ["Cusco", "Cusco", "NA", "", "p" * 300]})

    assert (found.content.filled, found.content.different) == (3, 2)
    assert found.content.examples[0] == "Cusco"
    assert len(found.content.examples[1]) < 100


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("reason", sorted(WHY))
def test_every_reason_is_a_sentence_in_both_languages(app, language, reason):
    from app.imports.proposing import Candidate

    with app.test_request_context(), force_locale(language):
        sentence = why(Candidate("happened", 70, reason, {"usual": "fecha", "part": 90, "field": "X"}))

    assert re.fullmatch(r"[A-ZÁÉÍÓÚ9].*\.", sentence)
    assert "%(" not in sentence
    if language == "es":
        assert not re.search(r"\b(the|cells|heading)\b", sentence)
