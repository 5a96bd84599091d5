"""Indicator 16.10.1: who counts and who does not, once, in which category; and what leaves in the file."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.audit import AuditEntry
from app.db import db
from app.reports.sdg import SdgWish, sdg_of
from app.reports.sdg_mapping import category_of, kind_of, mapped_groups, mapped_types
from app.vocabulary.queries import entries
from tests import factories


def a_firm_incident(world, case, kind, on=date(2022, 4, 27), state="VERIFIED", **values):
    return factories.an_incident(world.caseworker, case=case, main_type=kind, on=on, state=state, **values)


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, confidentiality="TEAM")


def lines(user, **wish):
    return {
        (year, code): (line.incidents, line.least, line.most, line.without_number)
        for year, found in sdg_of(user, SdgWish(**wish)).by_year
        for code, line in found.items()
    }


def test_a_person_counts_once_in_each_category_and_a_group_by_its_number(world, case):
    heron = factories.a_person(world.caseworker, pseudonym="Heron")
    protest = a_firm_incident(world, case, "LIFE.KILL_PROTEST")
    factories.a_victim(protest, heron)
    factories.a_victim(protest, heron, act_type="LIFE.KILL")
    factories.a_victim(protest, group="marchers", killed_least=2, killed_most=4, injured_least=28, affected_least=40)
    factories.a_victim(protest, group="others", act_type="PHYS.FORCE", injured_least=10, killed_least=1)
    factories.a_victim(a_firm_incident(world, case, "LIB.ARB_DET", on=date(2023, 1, 5)), group="people")

    assert lines(world.caseworker) == {
        (2022, "KILL"): (1, 4, 6, 0),
        (2022, "OTHER"): (1, 10, 10, 0),
        (2023, "AD"): (1, 0, 0, 1),
    }
    assert set(lines(world.caseworker, first_year=2023, last_year=2023)) == {(2023, "AD")}


def test_nobody_counts_who_is_not_verified_not_visible_of_another_country_or_refuses(world, case):
    refusing = factories.a_person(world.caseworker, pseudonym="Crane", consent="C0")
    factories.a_victim(a_firm_incident(world, case, "LIFE.KILL"), refusing)
    factories.a_victim(a_firm_incident(world, case, "LIFE.KILL", state="IN_REVIEW"), group="a", killed_least=1)
    a_firm_incident(world, case, "LIFE.KILL", embargo_until=date(2999, 1, 1))
    a_firm_incident(world, case, "LIB.MASS")
    a_firm_incident(world, case, "CRIM.LAW")
    hidden = factories.a_case(world.north, world.stranger, title="Of another team")
    foreign = factories.an_incident(world.stranger, case=hidden, main_type="LIFE.KILL", state="VERIFIED")
    factories.a_victim(foreign, group="b", killed_least=7)
    a_firm_incident(world, case, "LIB.KIDN").country = "BO"
    db.session.commit()

    found = sdg_of(world.caseworker, SdgWish(country="PE"))

    assert found.victims == []
    assert (found.refused, found.not_firm, found.embargoed) == (1, 1, 1)
    assert found.apart == {"REVIEW": 1, "NONE": 1}


def test_kind_and_sex_are_for_inside_and_the_file_holds_years_and_categories(world, case, sign_in):
    ibis = factories.a_person(world.caseworker, pseudonym="Ibis")
    ibis.gender, ibis.defender_groups = "TW", ["LAND", "JOURNALIST"]
    factories.a_victim(a_firm_incident(world, case, "PHYS.TORT"), ibis)
    browser = sign_in(world.analyst)

    page = browser.get("/reports/sdg-16-10-1").text
    answer = browser.post("/reports/sdg-16-10-1/export", {"country": "PE"})

    (row,) = sdg_of(world.analyst, SdgWish()).by_kind_and_sex
    assert row[:2] == ("TORT", "JOURNALIST") and row[2]["women"].most == 1
    assert "Journalists and associated media personnel" in page and "Ibis" not in page
    assert list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))) == [
        {
            "year": "2022", "category": "TORT", "category_label": "Torture", "incidents": "1",
            "victims_least": "1", "victims_most": "1", "without_number": "0",
        }
    ]  # fmt: skip
    trail = select(AuditEntry.columns).where(AuditEntry.deed == "export_taken")
    said = db.session.scalar(unguarded(trail, "the test looks"))
    assert {"what=sdg-16-10-1", "country=PE", "format=csv", "rows=1"} < set(said)


def test_nothing_leaves_by_a_filter_that_cannot_be_read(world, sign_in):
    answer = sign_in(world.caseworker).post("/reports/sdg-16-10-1/export", {"first_year": "soon"})

    assert answer.status_code == 400 and "four figures" in answer.text


def test_every_type_and_group_stands_in_the_mapping_that_the_page_shows(app, world):
    shown = {one.code for rows in mapped_types().values() for one in rows}
    judged = {one.code: one.is_judged for rows in mapped_types().values() for one in rows}

    assert shown == {code for code, entry in entries("incident_types").items() if entry.selectable}
    assert {category_of(code) for code in shown} >= {"KILL", "ED", "AD", "KIDN", "TORT", "OTHER"}
    assert not judged["LIFE.KILL"] and judged["CRIM.PREVDET"]
    assert all(kind_of([code]) for code in entries("defender_groups"))
    assert "" not in mapped_groups()
