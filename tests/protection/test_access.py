"""Who sees what is about protection: whoever sees its case; in full whoever reads the case in full."""

from datetime import date

import pytest

from app.audit import acting
from app.dates import UncertainDate
from app.db import db
from app.protection import operations
from app.protection.operations import BeneficiariesGiven, StepGiven
from tests import factories
from tests.factories import a_protection


@pytest.fixture
def case(world):
    return factories.a_case(world.south, world.caseworker, by=world.caseworker)


@pytest.fixture
def person(world, case):
    found = factories.a_person(world.caseworker, pseudonym="Heron", legal_name="Quetzalina Zyx")
    factories.a_role(found, case)
    return found


@pytest.fixture
def told(world, case, person):
    """One of each kind with something in each part that only full readers may see."""
    secret = {"notes": "Secret note", "citation": "Secret source", "next_on": date(2030, 3, 1)}
    source = UncertainDate(date(2020, 3, 1), date(2020, 3, 31), "MONTH", "Secret day")
    further = secret | {"next_what": "Secret step", "asked": "Secret request", "happened": source}
    measure = a_protection(
        case, world.caseworker, body_text="Secret body", answer="Secret answer", really_done="Secret deed",
        number="Secret-1", **further,
    )  # fmt: skip
    with acting(world.caseworker.id):
        given = BeneficiariesGiven([person], "Secret group", 3, 5)
        operations.add_beneficiaries(world.caseworker, measure, given)
        step = StepGiven("MEETING", source, "MININTER", "Secret meeting", "Secret result")
        operations.take_step(world.caseworker, measure, step)
        db.session.commit()
    return [
        measure,
        a_protection(
            case, world.caseworker, "RISK", person=person, group_label=None, factors=["T1"], wishes="Secret wish",
            level_reason="Secret reason", **secret,
        ),
        a_protection(case, world.caseworker, "ACTION", recipients=[(None, "Secret recipient")], **further),
        a_protection(
            case, world.caseworker, "COMMITMENT", body_text="Secret body", promised_to="Secret people", **further
        ),
    ]  # fmt: skip


def page(browser, record):
    return browser.get(f"/protection/{record.reference}")


def test_whoever_is_in_the_case_reads_it_all(world, told, sign_in):
    browser = sign_in(world.caseworker)
    text = "".join(page(browser, record).text for record in told)

    for words in ("note", "source", "step", "request", "body", "answer", "deed", "group", "meeting", "wish", "people"):
        assert f"Secret {words}" in text
    assert "Heron" in text and "Secret-1" in text and "Secret recipient" in text


def test_another_team_and_who_is_not_in_a_restricted_case_get_404(world, told, sign_in):
    for who in (world.stranger, world.foreign_coordinator, world.colleague):
        browser = sign_in(who)
        for record in told:
            assert page(browser, record).status_code == 404
            assert record.reference not in browser.get("/protection/").text


def test_an_analyst_reads_codes_days_and_counts_and_nothing_else(world, case, told, sign_in):
    browser = sign_in(world.analyst)
    text = "".join(page(browser, record).text for record in told)

    assert "Secret" not in text and "Heron" not in text
    for words in ("Personal guarantees", "Mar 2020", "4 to 6", "Meeting", "Interior", "Low", "Clear pattern"):
        assert words in text
    addresses = ["/protection/", f"/cases/{case.reference}", f"/cases/{case.reference}/timeline", "/deadlines/"]
    for address in addresses:
        assert "Secret" not in browser.get(address, query_string={"whose": "team"}).text


def test_other_teams_read_a_shared_case_without_names(world, case, told, sign_in):
    case.confidentiality = "NETWORK"
    db.session.commit()
    browser = sign_in(world.stranger)

    for record in told:
        text = page(browser, record).text
        assert "Secret" not in text and "Heron" not in text
        assert browser.get(f"/protection/{record.reference}/edit").status_code == 403
        assert browser.get(f"/protection/{record.reference}/history").status_code == 404


def test_search_does_not_tell_an_analyst_what_the_page_does_not(world, told, sign_in):
    measure = told[0]
    for words in ("Secret", "Heron"):
        assert measure.reference not in sign_in(world.analyst).get("/protection/", query_string={"text": words}).text
        assert measure.reference in sign_in(world.caseworker).get("/protection/", query_string={"text": words}).text


def test_search_follows_a_new_pseudonym(world, told, person, sign_in):
    person.pseudonym = "Kingfisher"
    db.session.commit()

    text = sign_in(world.caseworker).get("/protection/", query_string={"text": "Kingfisher"}).text
    assert told[0].reference in text and told[1].reference in text and told[2].reference not in text


def test_a_persons_page_does_not_tell_an_analyst_of_their_risk(world, told, person, sign_in):
    address = f"/people/{person.reference}"

    assert told[1].reference in sign_in(world.caseworker).get(address).text
    seen = sign_in(world.analyst).get(address)
    assert seen.status_code == 200 and told[1].reference not in seen.text


def test_identity_stands_on_no_page(world, case, told, sign_in):
    addresses = ["/protection/", f"/cases/{case.reference}", f"/cases/{case.reference}/timeline", "/deadlines/"]
    for record in told:
        addresses += [f"/protection/{record.reference}{end}" for end in ("", "/history", "/edit")]
    for who in (world.caseworker, world.coordinator, world.analyst):
        browser = sign_in(who)
        for address in addresses:
            assert "Quetzalina" not in browser.get(address).text


def test_an_incident_of_another_case_cannot_be_named_as_the_reason(world, case, sign_in):
    hidden = factories.an_incident(world.colleague, team=world.south)
    given = {"measure": "PM_LEGAL", "status": "SENT", "incident": hidden.reference}

    page = sign_in(world.caseworker).post(f"/protection/new?case={case.reference}&kind=MEASURE", given)

    assert page.status_code == 400


def test_the_page_of_an_incident_shows_what_followed(world, case, sign_in):
    incident = factories.an_incident(world.caseworker, case=case)
    other = factories.an_incident(world.caseworker, case=case)
    record = a_protection(case, world.caseworker, incident=incident)
    browser = sign_in(world.caseworker)

    assert record.reference in browser.get(f"/incidents/{incident.reference}").text
    assert record.reference not in browser.get(f"/incidents/{other.reference}").text
    assert incident.reference in page(browser, record).text


def test_the_timeline_tells_what_was_asked_answered_and_done(world, case, told, sign_in):
    told[0].answered = UncertainDate.on(date(2020, 5, 1))
    db.session.commit()
    address = f"/cases/{case.reference}/timeline"

    full, reduced = (sign_in(who).get(address).text for who in (world.caseworker, world.analyst))

    for words in (
        "Secret request",
        "Secret answer",
        "Secret meeting",
        "Secret result",
        "Risk assessment: Heron · Low",
        "Meeting · Interior: Personal guarantees",
    ):
        assert words in full
    assert "Personal guarantees" in reduced and "Secret" not in reduced and "Heron" not in reduced
    assert sign_in(world.stranger).get(address).status_code == 404


def test_an_entry_for_which_a_measure_stands_is_not_told_twice(world, case, sign_in):
    entry = factories.an_entry(case, world.caseworker, "Words of the entry", kind="protection")
    other = factories.an_entry(case, world.caseworker, "Another entry", kind="protection")
    a_protection(case, world.caseworker, entry_uid=entry.uid)

    text = sign_in(world.caseworker).get(f"/cases/{case.reference}/timeline").text

    assert "Words of the entry" not in text and "Another entry" in text and other.uid != entry.uid
