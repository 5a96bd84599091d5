"""An urgent incident alerts the coordinators of its team until one of them acknowledges it."""

from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import select

from app.access import unguarded
from app.alerts.models import Alert
from app.audit import AuditEntry, acting
from app.db import db, now
from app.incidents.history import history_of
from app.incidents.models import Incident
from app.incidents.operations import IncidentGiven, edit_incident, log_incident


@pytest.fixture(autouse=True)
def in_english(app):
    g.language = "en"


def alerts():
    return db.session.scalars(unguarded(select(Alert).order_by(Alert.id), "the test looks")).all()


def logged(by, team, urgency="IMMEDIATE", **options):
    with acting(by.id):
        incident = log_incident(by, team.id, IncidentGiven(title_es="En la puerta", urgency=urgency), **options)
        db.session.commit()
    return incident


def edited(by, incident, urgency):
    with acting(by.id):
        edit_incident(by, incident, IncidentGiven(title_es="En la puerta", urgency=urgency), why="Checked")
        db.session.commit()


def banner_of(page):
    return "not acknowledged yet" in page.text


def test_the_banner_stands_on_every_page_of_coordinators_of_the_team_only(world, sign_in):
    incident = logged(world.caseworker, world.south)

    for user in (world.coordinator, world.second_coordinator):
        browser = sign_in(user)
        assert incident.reference in browser.get("/work/").text  # where it stands in the list of alerts
        for address in ("/incidents/", "/people/", "/profile", "/help/"):
            page = browser.get(address)
            assert banner_of(page) and incident.reference in page.text, address
            assert "En la puerta" not in page.text or address == "/incidents/"
    for user in (world.colleague, world.analyst, world.stranger, world.foreign_coordinator, world.administrator):
        page = sign_in(user).get("/profile")
        assert page.status_code == 200
        assert not banner_of(page) and incident.reference not in page.text


def test_whoever_logged_it_sees_whether_it_was_acknowledged(world, sign_in):
    incident = logged(world.caseworker, world.south)
    (alert,) = alerts()
    author = sign_in(world.caseworker)

    assert "Not acknowledged yet" in author.get(f"/incidents/{incident.reference}").text
    work = author.get("/work/").text
    assert incident.reference in work and "has not acknowledged it yet" in work
    assert f"/alerts/{alert.uid}" not in work

    response = sign_in(world.coordinator).post(f"/alerts/{alert.uid}/acknowledge", {"will_do": "I call her now"})

    assert response.status_code == 303
    page = author.get(f"/incidents/{incident.reference}").text
    assert "Coordinator acknowledged it on" in page and "I call her now" in page
    assert not banner_of(sign_in(world.second_coordinator).get("/profile"))


def test_acknowledging_is_in_trail_and_history(world, sign_in):
    incident = logged(world.caseworker, world.south)
    (alert,) = alerts()
    sign_in(world.coordinator).post(f"/alerts/{alert.uid}/acknowledge", {"will_do": "I call her now"})

    told = [step.sentence for step in history_of(incident, world.caseworker)[0]]
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.table_name == "alert").order_by(AuditEntry.id.desc())
    ).first()

    assert told == [
        "Coordinator acknowledged the alert: “I call her now”.",
        "Caseworker made the record; alerted the coordination.",
    ]
    assert (entry.actor_id, entry.reference) == (world.coordinator.id, incident.reference)


def test_without_words_nothing_is_acknowledged(world, sign_in):
    logged(world.caseworker, world.south)
    (alert,) = alerts()

    response = sign_in(world.coordinator).post(f"/alerts/{alert.uid}/acknowledge", {"will_do": "  "})

    assert response.status_code == 400 and "Write what will be done." in response.text
    assert alerts()[0].is_open


def test_the_second_is_told_that_somebody_was_faster(world, sign_in):
    logged(world.caseworker, world.south)
    (alert,) = alerts()
    address = f"/alerts/{alert.uid}/acknowledge"
    sign_in(world.coordinator).post(address, {"will_do": "I call her now"})

    response = sign_in(world.second_coordinator).post(address, {"will_do": "I go there"})

    assert response.status_code == 409 and "Coordinator has acknowledged it already" in response.text
    assert alerts()[0].will_do == "I call her now"


@pytest.mark.parametrize("who, status", [("caseworker", 403), ("analyst", 403), ("foreign_coordinator", 404)])
def test_only_coordinators_of_the_team_acknowledge(world, sign_in, who, status):
    logged(world.caseworker, world.south)
    (alert,) = alerts()

    response = sign_in(getattr(world, who)).post(f"/alerts/{alert.uid}/acknowledge", {"will_do": "Mine"})

    assert response.status_code == status
    assert alerts()[0].is_open


def test_the_target_time_passes(world, sign_in):
    logged(world.caseworker, world.south)
    (alert,) = alerts()
    assert timedelta(minutes=58) < alert.due_at - now() <= timedelta(minutes=60)
    alert.due_at = now() - timedelta(hours=2)
    db.session.commit()

    assert "overdue for 2 hours" in sign_in(world.coordinator).get("/work/").text


def test_urgent_has_more_time_than_immediate(world):
    logged(world.caseworker, world.south, "URGENT")

    (alert,) = alerts()
    assert timedelta(hours=23) < alert.due_at - now() <= timedelta(hours=24)


def test_what_is_less_urgent_or_comes_from_elsewhere_alerts_nobody(world):
    logged(world.caseworker, world.south, "HIGH")
    logged(world.caseworker, world.south, None)
    logged(world.caseworker, world.south, external=("a file", "1"))

    assert alerts() == []


def test_becoming_more_urgent_alerts_once(world):
    incident = logged(world.caseworker, world.south, "HIGH")
    edited(world.caseworker, incident, "URGENT")
    edited(world.caseworker, incident, "URGENT")
    edited(world.caseworker, incident, "IMMEDIATE")

    (alert,) = alerts()
    assert alert.due_at - now() <= timedelta(minutes=60)


def test_an_acknowledged_one_that_gets_worse_alerts_anew(world, sign_in):
    incident = logged(world.caseworker, world.south, "URGENT")
    sign_in(world.coordinator).post(f"/alerts/{alerts()[0].uid}/acknowledge", {"will_do": "I call her"})
    edited(world.caseworker, incident, "IMMEDIATE")

    assert [alert.is_open for alert in alerts()] == [False, True]


def test_a_slip_ends_the_alert(world, sign_in):
    incident = logged(world.caseworker, world.south)
    edited(world.caseworker, incident, "LOW")

    assert not banner_of(sign_in(world.coordinator).get("/profile"))
    assert "ended the alert" in history_of(incident, world.caseworker)[0][0].sentence


def test_a_withdrawn_record_presses_nobody(world, sign_in):
    incident = logged(world.caseworker, world.south)
    incident.withdraw(world.caseworker.id, "Twice")
    db.session.commit()

    assert not banner_of(sign_in(world.coordinator).get("/profile"))


def test_the_form_alerts_at_once_also_from_a_draft(world, sign_in):
    sign_in(world.caseworker).post("/incidents/new", {"title_es": "Algo", "urgency": "URGENT", "save": "draft"})

    (alert,) = alerts()
    incident = db.session.scalars(unguarded(select(Incident), "the test looks")).one()
    assert (alert.reference, alert.raised_by_id) == (incident.reference, world.caseworker.id)


def test_the_banner_costs_one_statement(world, sign_in, statements):
    browser = sign_in(world.coordinator)
    logged(world.caseworker, world.south)
    browser.get("/profile")
    with statements() as one:
        browser.get("/profile")
    for _number in range(5):
        logged(world.caseworker, world.south)
    with statements() as six:
        browser.get("/profile")

    assert len(one) == len(six)
