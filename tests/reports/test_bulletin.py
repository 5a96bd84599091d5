"""The bulletin of a team: what is of the month and visible, of that team alone, and without titles unless asked for."""

import csv
import io
from datetime import date, datetime

import pytest
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy import select, update

from app.access import unguarded
from app.audit import AuditEntry
from app.dates import UncertainDate, today, zone
from app.db import db
from app.incidents.models import Incident
from app.people.models import ExportedPerson
from app.proceedings.models import Accused, Deadline, Hearing, Stage
from tests import factories

MAY = UncertainDate.on(date(2024, 5, 20))


def recorded(incident, on):
    moment = datetime(on.year, on.month, on.day, 1, tzinfo=zone())
    db.session.execute(
        unguarded(update(Incident).where(Incident.id == incident.id).values(created_at=moment), "a test")
    )
    db.session.commit()


@pytest.fixture
def month(world):
    """May 2024 of the south, with something beside it in every part; and the north, which shares its own."""

    class Month:
        case = factories.a_case(world.south, world.caseworker, title="The square", confidentiality="TEAM")
        ibis = factories.a_person(world.caseworker, pseudonym="Ibis")
        beating = factories.an_incident(
            world.caseworker, case=case, title="Beaten in May", on=date(2024, 5, 2), state="VERIFIED"
        )
        trial = factories.a_proceeding(case, world.caseworker, "The trial of Ibis")
        ours = [beating, trial]

    story, by = Month(), world.caseworker
    factories.a_victim(story.beating, story.ibis)
    late = factories.an_incident(by, case=story.case, title="Told late", on=date(2024, 3, 3), state="VERIFIED")
    recorded(late, date(2024, 5, 31))
    for title, on, state in (
        ("Out of June", date(2024, 6, 1), "VERIFIED"),
        ("A rumour", date(2024, 5, 3), "REJECTED"),
        ("Half written", date(2024, 5, 3), "DRAFT"),
    ):
        recorded(factories.an_incident(by, case=story.case, title=title, on=on, state=state), date(2024, 6, 1))
    story.trial.accused = [Accused(person=story.ibis)]
    entered = Stage(stage="TRIAL")
    entered.entered = MAY
    earlier = Stage(stage="INTERMEDIATE")
    earlier.entered = UncertainDate.on(date(2024, 4, 30))
    story.trial.stages = [earlier, entered]
    story.trial.hearings = [
        Hearing(held_on=date(2024, 5, 20), kind="TRIAL", what_happened="Ibis spoke"),
        Hearing(held_on=date(2024, 6, 3), kind="TRIAL"),
        Hearing(held_on=date(2024, 7, 3), kind="JUDGMENT"),
    ]
    term = {"rule": "PE-D12", "triggered_on": date(2024, 5, 20), "created_by_id": by.id}
    story.trial.deadlines = [
        Deadline(computed_on=date(2024, 6, 10), due_on=date(2024, 6, 10), **term),
        Deadline(computed_on=date(2024, 6, 11), due_on=date(2024, 6, 11), done_on=date(2024, 6, 1), **term),
    ]
    story.measure = factories.a_protection(
        story.case, by, on=date(2024, 5, 9), asked="Guard Ibis", next_on=date(2024, 6, 7)
    )
    company = factories.an_organisation("Minera Norte")
    story.contract = factories.a_contract(by, "Paper of Ibis", company=company, starts="2024-05-06", ends="2025-05-06")
    factories.a_contract(by, "Paper of June", company=company, starts="2024-06-06", ends="2025-05-06")
    shared = factories.a_case(world.north, world.stranger, title="The north", confidentiality="NETWORK")
    factories.an_incident(world.stranger, case=shared, title="In the north", on=date(2024, 5, 5), state="VERIFIED")
    secret = factories.a_case(world.south, world.coordinator, title="A secret", by=world.coordinator)
    factories.an_incident(world.coordinator, case=secret, title="Kept secret", on=date(2024, 5, 6), state="VERIFIED")
    db.session.commit()
    return story


def asked(browser, form="csv", **fields):
    return browser.post("/reports/bulletin/export", {"month": "2024-05", "format": form, **fields})


def lines(answer):
    rows = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    return [(row["part"], row["day"], row["title"], row["reference"]) for row in rows]


def test_it_holds_what_is_of_the_month_and_of_the_team_and_nothing_beside(world, sign_in, month):
    answer = asked(sign_in(world.caseworker), titles="y")

    found = lines(answer)
    assert [(part, day, title) for part, day, title, _reference in found] == [
        ("happened", "2024-05-02", "Beaten in May"),
        ("recorded", "2024-03-03", "Told late"),
        ("court", "2024-05-20", ""),
        ("hearings", "2024-05-20", "The trial of Ibis"),
        ("protection", "2024-05-09", ""),
        ("contracts", "2024-05-06", ""),
        ("hearings_ahead", "2024-06-03", "The trial of Ibis"),
        ("terms_ahead", "2024-06-10", "The trial of Ibis"),
        ("protection_ahead", "2024-06-07", found[-1][2]),
    ]
    for absent in ("north", "secret", "rumour", "Half", "Out of June", "Paper of June", "Ibis spoke"):
        assert absent not in answer.data.decode()
    assert "Paper of Ibis" in answer.data.decode()


def test_without_titles_codes_and_days_alone_and_for_an_analyst_whatever_they_ask(world, sign_in, month):
    member = asked(sign_in(world.caseworker)).data.decode()
    analyst = asked(sign_in(world.analyst), titles="y").data.decode()
    page = sign_in(world.analyst).get("/reports/bulletin?month=2024-05&titles=y").text

    for told in (member, analyst, page):
        for absent in ("Ibis", "Beaten in May", "Told late", "Guard"):
            assert absent not in told
        assert month.beating.reference in told and month.trial.reference in told


def test_another_team_s_month_is_not_given_to_who_is_not_in_it(world, sign_in, month):
    browser = sign_in(world.caseworker)

    page = browser.get(f"/reports/bulletin?month=2024-05&team={world.north.handle}")
    file = asked(browser, team=world.north.handle)
    own = asked(sign_in(world.stranger), titles="y")

    assert "In the north" not in page.text and file.status_code == 400
    assert [title for _part, _day, title, _reference in lines(own)] == ["In the north"]


def test_the_word_file_is_numbered_and_on_record_with_whom_it_tells_of(world, sign_in, month):
    answer = asked(sign_in(world.caseworker), "docx")

    document = Document(io.BytesIO(answer.data))
    numbered = [one.text for one in document.paragraphs if one._p.find(f".//{qn('w:numPr')}") is not None]
    assert len(numbered) == 9 and "PAGE" in document.sections[0].footer._element.xml
    persons = select(ExportedPerson.person_id)
    assert list(db.session.scalars(unguarded(persons, "the test looks"))) == [month.ibis.id]
    trail = select(AuditEntry.columns).where(AuditEntry.deed == "export_taken")
    said = db.session.scalar(unguarded(trail, "the test looks"))
    assert {"what=bulletin", "month=2024-05", "format=docx", "rows=9"} < set(said)


def test_the_last_whole_month_is_shown_and_no_file_is_made_of_one_that_cannot_be_read(world, sign_in):
    browser = sign_in(world.caseworker)
    before = date.fromordinal(today().replace(day=1).toordinal() - 1)

    page = browser.get("/reports/bulletin").text
    refused = asked(browser, month="2024-13")

    assert f'value="{before.isoformat()[:7]}"' in page
    assert refused.status_code == 400 and "such as 2026-05" in refused.text
