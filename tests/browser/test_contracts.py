"""A contract and two addenda; an incident at the mine; the link at L3 over evidence, seconded; found in the export."""

import csv
import io
import re
import zipfile

from playwright.sync_api import expect
from sqlalchemy import select

from app.access import unguarded
from app.db import db, now
from app.incidents.models import Incident
from tests.browser.test_journeys import log

CONTRACT = re.compile(r"/contracts/([A-Z]{3}-K-[0-9A-Z]{5})$")
INCIDENT = re.compile(r"/incidents/([A-Z]{3}-I-[0-9A-Z]{5})$")


def save(caseworker):
    """The reference that it got."""
    caseworker.press(caseworker.page.locator("main form .btn-primary").last)
    return CONTRACT.search(caseworker.page.url)[1]


def an_addendum(caseworker, base, ends, **more):
    page = caseworker.page
    caseworker.go(f"/contracts/{base}/addenda/new")
    page.select_option("#effect", "EXTENDS")
    page.locator("#ends").fill(ends)
    for name, value in more.items():
        page.locator(f"#{name}").fill(value)
    page.select_option("#obtained", "PRESS")
    page.locator("#sources-0-citation").fill("Nota de prensa sobre la adenda")
    return save(caseworker)


def reviewed_and_public(reference):
    """The review of an incident and its approval as public are a journey of their own."""
    statement = select(Incident).where(Incident.reference == reference)
    incident = db.session.scalars(unguarded(statement, "the test looks one up")).unique().one()
    incident.state, incident.summary_es, incident.summary_en = "VERIFIED", "Un resumen.", "A summary."
    incident.public_set_at = incident.public_approved_at = now()
    db.session.commit()


def test_from_the_contract_to_the_export(visitor, house):
    caseworker = visitor().sign_in("caseworker@demo.example")
    page = caseworker.page

    # The agreement: two years from a month, then two addenda.
    caseworker.go("/contracts/new")
    caseworker.check_accessibility()
    page.locator("#title").fill("Convenio de la mina")
    page.select_option("#modality", "INSTITUTIONAL")
    page.locator("#company").fill("Minera Las Bambas (MMG)")
    page.locator("#projects").fill("Las Bambas")
    page.select_option("#police_unit", "PE-FRENTE")
    page.locator("#starts").fill("01/2020")
    page.locator("#ends").fill("2018")
    page.select_option("#obtained", "PRESS")
    page.locator("#may_be_published").check()
    page.locator("#sources-0-citation").fill("Nota de prensa")
    caseworker.press(page.locator("main form .btn-primary").last)
    expect(page.locator("#ends-error")).to_have_count(1)  # the end lies before the start; what was typed stays
    assert page.locator("#title").input_value() == "Convenio de la mina"
    caseworker.check_accessibility()
    page.locator("#ends").fill("2 años")
    base = save(caseworker)
    caseworker.check_accessibility()
    an_addendum(caseworker, base, "2023", signed="10/12/2021")
    an_addendum(caseworker, base, "31/12/2025", signed="15/12/2022", total_amount="S/ 3 500 000", officers_least="20")
    caseworker.go(f"/contracts/{base}?on=15/5/2024")
    main = page.locator("main").inner_text()
    assert house.words("Vigente el 15 may 2024", "In force on 15 May 2024") in main
    assert "3\u00a0500\u00a0000" in main or "3 500 000" in main

    # An incident in the district of the mine: the suggestion is there, of both contracts that may have been in force.
    log(caseworker, "Golpes en la carretera")
    caseworker.press(page.locator("button[name=save][value=send]"))
    incident = INCIDENT.search(page.url)[1]
    panel = page.locator("section[aria-labelledby=contracts-in-force]")
    certain = house.words(
        "había un convenio vigente en esa fecha y ese lugar", "a contract was in force at that time and place"
    )
    assert certain in panel.inner_text().casefold() and base in panel.inner_text()
    assert house.words("posiblemente", "possibly in force") in panel.inner_text().casefold()
    caseworker.check_accessibility()

    # Evidence: a file on the incident.
    caseworker.press(page.locator(f"a[href='/evidence/incident/{incident}/new']"))
    report = {"name": "parte.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nparte policial"}
    page.locator("input[type=file]").set_input_files(report)
    page.locator("#description").fill("Parte policial")
    caseworker.press(page.locator("main form .btn-primary").last)
    assert "Parte policial" in page.locator("#files, section[aria-labelledby=files]").first.inner_text()

    # L3: proposed by one person on that evidence; nobody else is told so yet.
    caseworker.go(f"/contracts/{base}/incidents/{incident}")
    caseworker.check_accessibility()
    page.locator("input[name=level][value=L3_UNIT]").check()
    value = page.locator("#evidence option", has_text="Parte policial").first.get_attribute("value")
    page.select_option("#evidence", value)
    page.locator("textarea#reason").fill("El parte nombra al Frente Policial Apurímac en el lugar.")
    caseworker.press(page.locator("button[name=decision][value=propose]"))
    took_part = house.words("participó la unidad que el convenio", "the unit named in the contract took part")
    expect(page.locator("button[name=decision][value=second]")).to_have_count(0)  # not by oneself
    house.ask(lambda: reviewed_and_public(incident))

    coordinator = visitor().sign_in("coordinator@demo.example")
    desk = coordinator.page
    coordinator.go("/contracts/links")
    coordinator.check_accessibility()
    coordinator.check_no_sideways_scrolling()
    coordinator.press(desk.locator(f"a[href*='/contracts/{base}/incidents/{incident}']").first)
    coordinator.check_accessibility()
    coordinator.press(desk.locator("button[name=decision][value=second]"))
    coordinator.go(f"/incidents/{incident}")
    assert took_part in desk.locator("section[aria-labelledby=contracts-in-force]").inner_text().casefold()

    # The contract is reviewed by somebody who did not write it, and both leave in the pack, at that level.
    coordinator.go(f"/contracts/{base}")
    coordinator.press(desk.locator("button[name=move][value=set_unverified], button[value=set_unverified]").first)
    coordinator.go("/upr/?country=PE&from=2024-01-01&to=2026-10-31")
    with desk.expect_download() as download:
        desk.locator("main .head form button.btn-primary, main form .btn-primary").first.click()
    with zipfile.ZipFile(download.value.path()) as pack:
        name = next(name for name in pack.namelist() if name.endswith("/links.csv"))
        links = list(csv.DictReader(io.StringIO(pack.read(name).decode("utf-8-sig"), newline="")))
    found = next(link for link in links if link["from_ref"] == incident)
    assert (found["to_ref"], found["level"]) == (base, "contracted_unit_took_part")
