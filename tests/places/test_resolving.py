"""Typed words become one place, a question, or nothing."""

import pytest

from app.places.queries import below, place_words, resolve, suggested

MEANT = [
    ("030506", "PE-030506"),
    ("Challhuahuacho, Cotabambas, Apurímac (030506)", "PE-030506"),
    ("challhuahuacho", "PE-030506"),
    ("MARA, COTABAMBAS, APURIMAC", "PE-030505"),
    ("Mara, Apurímac", "PE-030505"),
    ("Mara/Cotabambas", "PE-030505"),
    ("distrito de Mara", "PE-030505"),
    ("Piura, Piura, Piura (200101)", "PE-200101"),
    ("Piura, Piura, Piura", "PE-200101"),
    ("Provincia de Piura", "PE-2001"),
    ("departamento de piura", "PE-20"),
    ("Región Cusco", "PE-08"),
    ("Cuzco, Cuzco, Cuzco", "PE-080101"),
    ("departamento de Cuzco", "PE-08"),
    ("Chosica", "PE-150118"),
    ("26 de octubre", "PE-200115"),
    ("  Quimbiri ", "PE-080907"),
    ("PE-030506", "PE-030506"),
    ("20", "PE-20"),
    ("2001", "PE-2001"),
    ("Piura (2001)", "PE-2001"),
]


@pytest.mark.parametrize(("text", "key"), MEANT)
def test_words_that_mean_one_place(app, text, key):
    found = resolve(text, "PE")

    assert found.place is not None
    assert found.place.key == key


def test_a_name_of_three_levels_is_asked_about_the_larger_first(app):
    found = resolve("Piura", "PE")

    assert found.place is None
    assert [place.key for place in found.candidates] == ["PE-20", "PE-2001", "PE-200101"]


def test_a_part_of_a_name_is_asked_about(app):
    found = resolve("challhua", "PE")

    assert found.place is None
    assert "PE-030506" in [place.key for place in found.candidates]
    assert len(resolve("san", "PE").candidates) == 12


@pytest.mark.parametrize("text", ["", None, "Atlantis", "999999", "Mara, Piura", "%", "_", "'; --", "🙂", "a" * 5000])
def test_words_that_mean_nothing(app, text):
    found = resolve(text, "PE")

    assert found.place is None
    assert found.candidates == []


def test_no_place_of_another_country(app):
    assert resolve("Piura", "CO").candidates == []
    assert resolve("030506", None).place is None


def test_what_is_shown_is_understood(app):
    for key in ("030506", "200101", "2001", "20", "090709"):
        place = resolve(key, "PE").place

        assert resolve(place_words(place), "PE").place is place


def test_three_steps(app):
    departments = below(None, "department", "PE")
    provinces = below("PE-03", "province", "PE")
    districts = below("PE-0305", "district", "PE")

    assert len(departments) == 25
    assert "Cotabambas" in [place.name for place in provinces]
    assert "Challhuahuacho" in [place.name for place in districts]
    assert below("nonsense", "province", "PE") == []


def test_suggestions_are_few(app, world, sign_in):
    rows = sign_in(world.caseworker).get("/places/suggest?q=san").json

    assert len(rows) == 12
    assert set(rows[0]) == {"value", "label"}


def test_suggestions_begin_with_what_is_meant(app):
    assert place_words(suggested("mara, cota", "PE")[0]) == "Mara, Cotabambas, Apurímac (030505)"


def test_suggestions_are_for_readers(app, world, sign_in):
    assert sign_in(world.administrator).get("/places/suggest?q=san").status_code == 403


def test_suggestions_are_not_for_strangers(app, world):
    assert app.test_client().get("/places/suggest?q=san").status_code == 302
