"""Submit: the pack is looked at, narrowed and made; a consent is taken back; the pack is called back and made again."""

import csv
import io
import zipfile
from datetime import date

from playwright.sync_api import expect
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.incidents.models import Act, Incident
from app.people.models import Consent, Person

WHOLE = "/upr/?from=2003-01-01"


def somebody_who_agreed():
    """One incident of the demonstration is not public, and the one person in it has agreed to be told of."""
    statement = (
        select(Incident, Person)
        .join(Act, Act.incident_id == Incident.id)
        .join(Person, Person.id == Act.person_id)
        .where(Incident.state == "VERIFIED", Incident.public_approved_at.is_not(None))
        .order_by(Incident.reference)
    )
    for incident, person in db.session.execute(unguarded(statement, "the test prepares the house")):
        if len({act.person_id for act in incident.acts if act.person_id}) == 1:
            incident.public_set_by_id = incident.public_set_at = None
            incident.public_approved_by_id = incident.public_approved_at = None
            person.consents.append(Consent(purpose="UPR", level="C3", given_on=date(2024, 1, 1)))
            db.session.commit()
            return incident.reference, person.reference
    raise AssertionError("the demonstration has no such incident")


def rows_of(download):
    with zipfile.ZipFile(download.path()) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/incidents.csv"))
        text = archive.read(name).decode("utf-8-sig")
    return {row["incident_ref"]: row for row in csv.DictReader(io.StringIO(text))}


def take(page):
    """Press the button below the cover; the archive that comes."""
    with page.expect_download() as coming:
        page.locator("#create button").click()
    return coming.value


def test_a_pack_is_made_called_back_and_made_again(visitor, house):
    incident, person = house.ask(somebody_who_agreed)
    coordinator = visitor().sign_in("coordinator@demo.example")
    page = coordinator.page

    coordinator.go(WHOLE)
    coordinator.check_accessibility()
    everything = int(page.locator(".figs dd, dd").first.inner_text())
    assert page.locator("progress").count() == 2

    page.locator("summary", has_text=house.words("Qué entra", "What goes in")).click()
    page.locator("summary", has_text=house.words("Tipos de incidente", "Types of incident")).click()
    page.locator("input[type=checkbox][name=types][value=LIFE]").check()
    coordinator.press(page.locator("#ask ~ form button, form[action='/upr/'] .btn").last)
    coordinator.check_accessibility()
    assert int(page.locator("dd").first.inner_text()) < everything
    assert incident in page.content()  # among the rows that say less

    page.locator("input[name=kind][value=joint]").check()
    page.locator("#submitters").fill("Organización Ejemplo; OE; Cusco\nOtra; OT; Lima")
    first = rows_of(take(page))
    assert first[incident]["generalised_fields"] and first[incident]["admin1_code"] == "withheld"

    coordinator.go(f"/people/{person}")
    page.locator(
        "details summary", has=page.locator("xpath=../descendant::a[contains(@href, '/withdraw')]")
    ).first.click()
    coordinator.press(page.locator("a[href*='/withdraw']").first)
    page.locator("#reason").fill("Ya no quiere")
    coordinator.press(page.locator("form .btn-primary").last)

    coordinator.go("/upr/")
    coordinator.press(page.locator("a[href='/upr/recalls']"))
    coordinator.check_accessibility()
    expect(page.locator("main")).to_contain_text(incident)
    coordinator.press(page.locator("a[href*='/upr/packs/']").first)
    expect(page.locator("main")).to_contain_text(incident)
    coordinator.check_accessibility()
    coordinator.press(page.get_by_role("link", name=house.words("Generarlo de nuevo", "Make it again")))
    expect(page.locator("input[type=checkbox][name=types][value=LIFE]")).to_be_checked()
    assert "Organización Ejemplo" in page.locator("#submitters").input_value()
    second = rows_of(take(page))
    assert set(first) - set(second) == {incident}

    phone = visitor(width=390, javascript=False).sign_in("coordinator@demo.example")
    phone.go(WHOLE)
    phone.check_no_sideways_scrolling()
    phone.go("/upr/recalls")
    phone.check_no_sideways_scrolling()
    expect(phone.page.locator("main")).to_contain_text(incident)
