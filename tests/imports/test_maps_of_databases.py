"""Exports of Bayanat and Uwazi come in with the maps that come with Amparo; and what their patterns mean."""

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.imports.map_patterns import fitted
from app.imports.maps import MapProblem, read_map
from app.incidents.models import Incident
from app.people.models import PersonIdentity
from tests.imports.test_import import number, run, sheet  # noqa: F401

# As pandas writes them: a column without a heading, and as many of each kind as the longest bulletin has.
BAYANAT = (
    ",id,title,title_ar,origin_id,source_link,sjac_title,sjac_title_ar,description,publish_date,documentation_date,"
    "labels.label-1,labels.label-2,verified_labels,sources.source-1,sources.source-2,locations.location-1,"
    "geo_locations,media,events.eventtype-1,related_bulletins,related_actors.actor-1,related_actors.actor-2,"
    "related_incidents,sources\n"
    "0,71,Attack at the bridge,,A-7,https://voice.example/7,,,They came at night.,2021-05-03T00:00,2021-06-01T00:00,"
    "4-Detention,9-Night raid,,2-The Voice,3-Radio Two,12-Old Town,,,5-Raid,,31-Test Person One,32-Test Person Two,,\n"
    "1,72,Another one,,,,,,,,,4-Detention,,,,,,,,,,,,,\n"
)
UWAZI = (
    "Title,Date added,Template,Date,Country,Mechanism,Documents,Attachments,Geolocation,Published\n"
    "Case of the bridge,2022-01-05,Case,2021-05-03,Peru,Court|Commission,/files/a1.pdf,,-13.9|-72.1,Published\n"
    "Case without a place,2022-01-06,Case,2021,Chile,,,,,Unpublished\n"
)


def incidents():
    found = db.session.scalars(unguarded(select(Incident).order_by(Incident.id), "the test reads them")).unique()
    return list(found)


def test_bulletins_of_bayanat(app, world, sheet):  # noqa: F811
    path = sheet(BAYANAT)
    outcome = run(app, path, "--as", world.caseworker.email, "--map", "bayanat-bulletins")
    first, second = incidents()

    assert outcome.exit_code == 0, outcome.output
    assert (first.external_source, first.external_id, first.title_en) == ("bayanat", "71", "Attack at the bridge")
    assert first.narrative == "They came at night."
    assert first.region_text == "Old Town"
    (link,) = first.source_links
    assert (link.source.citation, link.source.url) == ("The Voice, Radio Two", "https://voice.example/7")
    assert link.source.published_on.isoformat() == "2021-05-03"
    assert "labels.label-2: 9-Night raid" in first.notes and "origin_id: A-7" in first.notes
    assert second.notes == "labels.label-1: 4-Detention"
    names = db.session.scalars(unguarded(select(PersonIdentity.legal_name), "the test reads them"))
    assert sorted(names) == ["Test Person One", "Test Person Two"]
    assert "Test Person" not in outcome.output + first.notes

    run(app, path, "--as", world.caseworker.email, "--map", "bayanat-bulletins")
    assert number(Incident) == 2


def test_entities_of_uwazi(app, world, sheet):  # noqa: F811
    path = sheet(UWAZI)
    outcome = run(app, path, "--as", world.caseworker.email, "--map", "uwazi-entities")
    first, second = incidents()

    assert outcome.exit_code == 0, outcome.output
    assert first.external_source == "uwazi" and first.title_in("en") == "Case of the bridge"
    assert (first.country, first.latitude, first.longitude) == ("PE", -13.9, -72.1)
    assert first.happened.earliest.isoformat() == "2021-05-03"
    assert first.notes.splitlines() == ["Template: Case", "Mechanism: Court|Commission", "Documents: /files/a1.pdf"]
    assert second.latitude is None

    run(app, path, "--as", world.caseworker.email, "--map", "uwazi-entities")
    assert number(Incident) == 2


def test_uwazi_writes_its_own_headings_in_the_language_of_the_collection(app, world, sheet):  # noqa: F811
    spanish = UWAZI.replace("Title", "Título").replace("Geolocation", "Geolocalización")
    outcome = run(app, sheet(spanish), "--as", world.caseworker.email, "--map", "uwazi-entities")

    assert outcome.exit_code == 0, outcome.output
    assert incidents()[0].latitude == -13.9


def a_map(words):
    return read_map("m.toml", f"[fields]\n{words}".encode())


def test_a_pattern_takes_what_the_sheet_has_and_nothing_that_is_taken(app):
    found = fitted(a_map('title = "a"\nnarrative.columns = ["b.*"]\nnotes.columns = ["*"]'), ["a", "b.1", "b.2", "z"])

    assert found.ways["narrative"].columns == ("b.1", "b.2")
    assert found.ways["notes"].columns == ("z",)


def test_a_heading_that_is_written_like_a_pattern_means_itself(app):
    words = 'title = "a"\nnotes.columns = ["Nombre*", "¿Qué pasó?"]'
    header = ["a", "Nombre*", "Nombre 2", "¿Qué pasó?", "¿Qué pasó"]

    assert fitted(a_map(words), header).ways["notes"].columns == ("Nombre*", "¿Qué pasó?")


def test_a_pattern_does_not_carry_names_into_the_notes(app):
    with pytest.raises(MapProblem, match="identity"):
        fitted(a_map('legal_name = "Nombre"\nnotes.columns = ["Nom*"]'), ["Nombre", "Nombre 2"])
