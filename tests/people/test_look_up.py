"""Looking somebody up by legal name: among those whom one may ask about, on record, and never in an address."""

import pytest
from sqlalchemy import select

from app.audit import AuditEntry
from app.db import db
from app.people.names import sounds_like
from tests import factories

REASON = "The lawyer asks whether she is with us"


def look_up(browser, name, reason=REASON):
    return browser.post("/people/by-name", {"name": name, "reason": reason})


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Guaman", "Rosa Huamán Ccari"),
        ("waman qari", "Rosa Huamán Ccari"),
        ("qquispe", "Inés Quispe"),
        ("KISPI", "Inés Qquispe"),
        ("ines", "Inés Quispe"),
        ("Ñahui", "Ñawi Yupanqui"),
        ("yupanki", "Ñawi Yupanqui"),
        ("choqe", "Julia Chuqi"),
    ],
)
def test_spellings_of_one_name_sound_alike(typed, name):
    assert sounds_like(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Quispe", "Rosa Huamán"),
        ("Rosa Quispe", "Rosa Huamán"),
        ("-", "Rosa"),
        ("zzz", "Rosa Salas"),
        ("qqq", "Quispe"),
    ],
)
def test_other_names_do_not(typed, name):
    assert not sounds_like(typed, name)


def test_whoever_may_ask_finds_them_by_pseudonym_and_nobody_else(world, sign_in):
    factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Rosa Huamán Ccari")
    factories.a_person(world.caseworker, pseudonym="Plover", legal_name="Inés Quispe")
    factories.a_person(world.stranger, pseudonym="Foreigner", legal_name="Rosa Huamán")
    factories.a_person(world.coordinator, pseudonym="Not hers", legal_name="Rosa Guamán")

    page = look_up(sign_in(world.caseworker), "rosa guaman")

    assert page.status_code == 200
    assert "Heron" in page.text
    for hidden in ("Plover", "Foreigner", "Not hers", "Ccari"):
        assert hidden not in page.text


def test_it_is_on_record_with_its_reason_and_without_the_name(world, sign_in):
    factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Rosa Huamán")

    look_up(sign_in(world.caseworker), "Huaman")

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "identity_looked_up")).one()
    assert (entry.actor_id, entry.reason, entry.columns) == (world.caseworker.id, REASON, ["found=1"])


@pytest.mark.parametrize(("name", "reason"), [("", REASON), ("--", REASON), ("Huaman", ""), ("Huaman", "because")])
def test_without_a_name_or_a_reason_nothing_is_asked(world, sign_in, name, reason):
    factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Rosa Huamán")

    answer = look_up(sign_in(world.caseworker), name, reason)

    assert answer.status_code == 400
    assert "Heron" not in answer.text
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "identity_looked_up")).all() == []


def test_in_the_database_a_name_is_sealed(world):
    person = factories.a_person(world.caseworker, legal_name="Rosa Huamán")

    question = f"select legal_name from person_identity where person_id = {person.id}"
    stored = db.session.connection().exec_driver_sql(question).scalar()

    assert stored and "Rosa" not in stored
