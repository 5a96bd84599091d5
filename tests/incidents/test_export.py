"""The CSV of a list: the same rows, the reader's columns, on record before the first byte."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import select

from app.access import count
from app.audit import AuditEntry
from app.db import db
from app.incidents.fields import INCIDENT_FIELDS
from app.incidents.models import Incident
from app.incidents.queries import Wish, incidents_found
from app.incidents.reading import INCIDENT_COLUMNS, READ
from tests import factories


def rows_of(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def export(browser, **filters):
    return rows_of(browser.post("/incidents/export", filters, form_at="/incidents/"))


@pytest.fixture
def incident(world):
    case = factories.a_case(world.south, world.caseworker, confidentiality="NETWORK")
    incident = factories.an_incident(
        world.caseworker,
        case=case,
        title="=cmd|' /C calc'!A0",
        main_type="LAND.EVICT",
        narrative="They came at dawn, Ñahuin.",
        community="Sector Alto",
        place=factories.a_place("PE-030506"),
        on=date(2022, 4, 27),
        state="VERIFIED",
        notes="Secret note",
        summary_en="Summary",
    )
    person = factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Rosa Quispe")
    factories.a_victim(incident, person, injured_least=3, injured_most=5)
    factories.a_victim(incident, group="Families of Sector Alto", act_type="PHYS.FORCE")
    factories.a_perpetrator(incident, "PNP")
    factories.a_perpetrator(incident, "PRIV_SEC")
    factories.a_source(incident, "La Voz", url="https://voz.example")
    return incident


def test_every_field_is_read():
    columns = {column.key for column in Incident.__mapper__.column_attrs} | {"team", "case"}

    assert [field.name for field in INCIDENT_COLUMNS] == [one.name for one in INCIDENT_FIELDS if one.name != "notes"]
    assert {field.name for field in INCIDENT_FIELDS} <= set(READ) | columns
    assert not any(field.confidentiality == "identity" for field in INCIDENT_COLUMNS)


def test_a_full_reader_gets_codes_labels_and_words(app, world, sign_in, incident):
    (row,) = export(sign_in(world.caseworker))

    assert row["read_as"] == "full"
    assert row["reference"] == incident.reference
    assert (row["main_type"], row["main_type_label"]) == ("LAND.EVICT", "Forced eviction")
    assert (row["other_types"], row["state"], row["happened"]) == ("PHYS.FORCE", "VERIFIED", "2022-04-27")
    assert (row["department"], row["department_code"]) == ("Apurímac", "PE-APU")
    assert (row["province"], row["district"], row["ubigeo"]) == ("Cotabambas", "Challhuahuacho", "030506")
    assert (row["injured_least"], row["injured_most"], row["killed_least"]) == ("3", "5", "")
    assert row["perpetrators"] == "PNP|PRIV_SEC"
    assert row["narrative"] == "They came at dawn, Ñahuin."
    assert row["persons"] == "Heron"
    assert row["sources"] == "La Voz"
    assert row["already_public"] == "no"
    assert "Rosa" not in str(row)


def test_a_cell_that_looks_like_a_formula_is_text(app, world, sign_in, incident):
    (row,) = export(sign_in(world.caseworker))

    assert row["title_es"].startswith("'=")


def test_internal_notes_never_leave(app, world, sign_in, incident):
    (row,) = export(sign_in(world.caseworker))

    assert "notes" not in row
    assert "Secret note" not in str(row)


def test_what_is_said_of_each_source_stays_in_step(app, world, sign_in, incident):
    factories.a_source(incident, "Radio | Uno", reliability="C", credibility=None)
    factories.a_source(incident, "El Sur", reliability="B", kind="NGO", url="https://sur.example")

    (row,) = export(sign_in(world.caseworker))

    assert row["sources"] == "La Voz|Radio \\| Uno|El Sur"
    assert row["source_kinds"] == "PRESS|PRESS|NGO"
    assert row["source_kinds_label"].count("|") == 2
    assert row["source_reliability"] == "B|C|B"
    assert row["source_credibility"] == "2||2"
    assert row["source_urls"] == "https://voz.example||https://sur.example"


def test_what_is_said_of_each_perpetrator_stays_in_step(app, world, sign_in, incident):
    factories.a_perpetrator(incident, "PNP", organisation=factories.an_organisation("Unidad Norte"))

    (row,) = export(sign_in(world.caseworker))

    assert row["perpetrators"] == "PNP|PRIV_SEC|PNP"
    assert row["perpetrator_organisations"].lstrip("'") == "||Unidad Norte"  # a bar in front is guarded like a formula


def test_the_least_consent_of_the_persons_is_said_and_blank_where_there_are_none(app, world, sign_in, incident):
    browser = sign_in(world.analyst)
    (nobody_asked,) = export(browser)
    agrees = factories.a_person(world.caseworker, pseudonym="Egret", consent="C4")
    refuses_the_press = factories.a_person(world.caseworker, pseudonym="Stork", consent="C1", purpose="PUBLICATION")
    of_one = factories.an_incident(world.caseworker, case=incident.case, title="One agrees")
    factories.a_victim(of_one, agrees)
    of_two = factories.an_incident(world.caseworker, case=incident.case, title="One of two refuses")
    factories.a_victim(of_two, agrees)
    factories.a_victim(of_two, refuses_the_press)
    for_the_un = factories.a_person(world.caseworker, pseudonym="Ibis", consent="C4", purpose="UN_LETTER")
    of_a_purpose = factories.an_incident(world.caseworker, case=incident.case, title="Asked for one purpose only")
    factories.a_victim(of_a_purpose, for_the_un)
    of_none = factories.an_incident(world.caseworker, case=incident.case, title="Nobody in it")

    rows = {row["reference"]: row["consent_least"] for row in export(browser)}

    assert rows[of_a_purpose.reference] == "NOT_ASKED"  # for all else nobody has asked
    assert (nobody_asked["consent_least"], nobody_asked["consent_least_label"]) == ("NOT_ASKED", "Not asked yet")
    assert rows[of_one.reference] == "C4"
    assert rows[of_two.reference] == "C1"
    assert rows[of_none.reference] == ""


@pytest.mark.parametrize("who", ["analyst", "stranger"])
def test_reading_without_identity_leaves_cells_blank(app, world, sign_in, incident, who):
    (row,) = export(sign_in(getattr(world, who)))

    assert row["read_as"] == "reduced"
    assert (row["main_type"], row["department"], row["injured_most"]) == ("LAND.EVICT", "Apurímac", "5")
    for name in ("title_es", "narrative", "community", "province", "district", "ubigeo", "sources",
                 "source_urls", "groups", "summary_en", "case", "companies"):  # fmt: skip
        assert row[name] == "", name
    for secret in ("dawn", "Sector", "Challhuahuacho", "Voz", "Secret"):
        assert secret not in str(row)


def test_the_labels_are_in_the_language_of_the_reader(app, world, sign_in, incident):
    world.caseworker.language = "es"
    db.session.commit()

    (row,) = export(sign_in(world.caseworker))

    assert row["main_type_label"] == "Desalojo forzoso"


@pytest.mark.parametrize("filters", [{}, {"type": "LAND"}, {"q": "dawn"}, {"state": "DRAFT"}, {"from": "2023"}])
@pytest.mark.parametrize("who", ["caseworker", "coordinator", "analyst", "stranger", "foreign_coordinator"])
def test_the_same_filters_give_the_same_rows_as_the_list(app, world, sign_in, incident, who, filters):
    factories.an_incident(world.caseworker, title="Mine alone", main_type="LAND.EVICT")
    factories.an_incident(world.stranger, title="Of the north", on=date(2023, 3, 1))
    user = getattr(world, who)
    wish = Wish(
        text=filters.get("q", ""),
        types=tuple(filter(None, [filters.get("type")])),
        states=tuple(filter(None, [filters.get("state")])),
        first_day=date(2023, 1, 1) if "from" in filters else None,
    )

    exported = [row["reference"] for row in export(sign_in(user), **filters)]

    assert exported == [found.reference for found in db.session.scalars(incidents_found(user, wish)).unique()]
    assert len(exported) == count(incidents_found(user, wish))


def test_it_is_on_record_with_filters_and_number_but_not_with_what_was_typed(app, world, sign_in, incident):
    export(sign_in(world.analyst), type="LAND", q="rosa quispe")

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).one()

    assert entry.actor_id == world.analyst.id
    told = {name for name in entry.columns if not name.startswith("sha256=")}
    assert told == {"what=incidents", "q=(text)", "type=LAND", "format=csv", "rows=0"}


def test_a_wrong_filter_takes_nothing_out(app, world, sign_in, incident):
    browser = sign_in(world.caseworker)

    answer = browser.post("/incidents/export", {"from": "yesterday"}, form_at="/incidents/")

    assert answer.status_code == 400
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "export_taken")).all() == []


def test_an_export_is_posted(app, world, sign_in):
    assert sign_in(world.caseworker).get("/incidents/export").status_code in (404, 405)


def test_many_rows_cost_as_many_statements_as_the_chunks_ask(app, world, sign_in, incident, statements):
    browser = sign_in(world.coordinator)
    for number in range(30):
        factories.an_incident(world.caseworker, title=f"No. {number}")

    with statements() as made:
        rows = export(browser)

    assert len(rows) == 31
    assert len(made) <= 60
