"""Search gives the same rows on both databases, forgives accents, and cannot be probed for what one may not read."""

import pytest

from app.access import visible
from app.dates import UncertainDate
from app.db import db, fold, folded_words
from app.incidents.models import Incident
from app.search import matching
from tests import factories


def found(user, text):
    return {row.title_es for row in db.session.scalars(matching(visible(Incident, user), Incident, text, user))}


@pytest.fixture
def three(world):
    factories.an_incident(world.caseworker, title="Detención en Ñaupa", narrative="Hubo un cóndor 7k3qx")
    factories.an_incident(world.caseworker, title="Amenaza en Espinar", narrative="O'Higgins, co-op; 28-05-2012")
    factories.an_incident(world.stranger, title="Detención de otro equipo", narrative="cóndor")


QUESTIONS = {
    "detencion": {"Detención en Ñaupa"},
    "DETENCIÓN naupa": {"Detención en Ñaupa"},
    "ñau": {"Detención en Ñaupa"},
    "condor": {"Detención en Ñaupa"},
    "condor espinar": set(),
    "o'higgins": {"Amenaza en Espinar"},
    "co-op 2012": {"Amenaza en Espinar"},
    "7K3": {"Detención en Ñaupa"},
    "": {"Detención en Ñaupa", "Amenaza en Espinar"},
    "%": set(),
    " * _ ": set(),
    '"" OR * NEAR( -': set(),
    "narrative : x": set(),
    "'; drop table incident": set(),
    "aaa' & | ! <-> :*": set(),
}


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_same_words_find_the_same_rows(app, world, three, text):
    assert found(world.caseworker, text) == QUESTIONS[text]


def test_words_that_one_may_not_read_cannot_be_probed_for(app, world):
    case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM")
    incident = factories.an_incident(world.caseworker, case=case, title="Garza", narrative="cóndor")

    assert found(world.caseworker, "condor") == {"Garza"}
    assert found(world.analyst, "condor") == set()
    assert found(world.analyst, "garza") == set()
    assert found(world.analyst, incident.reference) == {"Garza"}


def test_erased_words_are_found_no_more(app, world):
    incident = factories.an_incident(world.caseworker, title="Garza")
    incident.title_es = incident.title_en = "Cóndor"
    db.session.commit()

    assert found(world.caseworker, "garza") == set()
    assert found(world.caseworker, "condor") == {"Cóndor"}


def test_folding():
    assert fold(" ÑAUPA Ángel ") == "naupa angel"
    assert folded_words("Cocha-cacha, 28_05 – O'Neill") == ["cocha", "cacha", "28", "05", "o", "neill"]


def test_the_dates_own_words_are_found_by_full_readers_only(app, world):
    case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM")
    incident = factories.an_incident(world.caseworker, case=case, title="Garza")
    incident.happened = UncertainDate(text="en la cosecha")
    db.session.commit()
    factories.a_source(factories.an_incident(world.caseworker, case=case, title="Ibis"), "La Voz de la cosecha")

    assert found(world.caseworker, "cosecha") == {"Garza"}
    assert found(world.analyst, "cosecha") == set()


@pytest.mark.parametrize("list_", ["incidents/?q", "cases/?text", "people/?text", "organisations/?text"])
def test_a_search_without_any_word_finds_nothing_and_says_what_to_write(world, sign_in, list_):
    case = factories.a_case(world.south, world.caseworker, title="Cóndor")
    factories.an_incident(world.caseworker, case=case, title="Cóndor")
    factories.a_person(world.caseworker, pseudonym="Cóndor")
    factories.an_organisation("Cóndor")

    page = sign_in(world.caseworker).get(f"/{list_}=%25").text

    assert "Cóndor" not in page
    assert "Write at least one letter or number." in page
