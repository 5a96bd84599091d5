"""A threat is logged; the coordination is alerted, acknowledges, weighs the risk, asks for a measure, follows it up."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.test_journeys import log

INCIDENT = re.compile(r"/incidents/([A-Z]{3}-I-[0-9A-Z]{5})")
RECORD = re.compile(r"/protection/[A-Z]{3}-[A-Z]-[0-9A-Z]{5}$")


def a_case(visitor):
    """With nothing in it yet, for the whole team; who makes it follows it."""
    visitor.go("/cases/new")
    visitor.page.locator("#title_es, #title_en").first.fill("Amenazas por la laguna")
    visitor.page.locator("[name=confidentiality][value=TEAM]").check()
    save(visitor)
    return re.search(r"[A-Z]{3}-C-[0-9A-Z]{5}", visitor.page.url)[0]


def save(visitor):
    visitor.press(visitor.page.locator("main form .btn-primary").last)


def test_from_a_threat_to_its_follow_up(visitor, house):
    def day(number):
        return (house.today() + timedelta(days=number)).strftime("%d/%m/%Y")

    coordinator = visitor().sign_in("coordinator@demo.example")
    case = a_case(coordinator)
    desk = coordinator.page
    caseworker = visitor().sign_in("caseworker@demo.example")
    log(caseworker, "Llamadas con amenazas", f"/incidents/new?case={case}")
    caseworker.press(caseworker.page.locator("button[name=save][value=send]"))
    incident = INCIDENT.search(caseworker.page.url)[1]
    waiting = house.words("Aún nadie", "Not acknowledged yet")

    # At once, on whatever page the coordination opens: the reference and the kind, and nothing else.
    coordinator.go("/organisations/")
    banner = desk.locator("main .note.grave, .note.grave").first
    assert incident in banner.inner_text() and "Llamadas" not in banner.inner_text()
    coordinator.check_accessibility()
    coordinator.go("/work/")
    coordinator.check_accessibility()
    coordinator.press(desk.locator(f"a[href*='/alerts/']:has-text('{incident}')").first)
    coordinator.check_accessibility()
    save(coordinator)
    expect(desk.locator("#will_do-error")).to_have_count(1)  # what will be done is asked
    desk.locator("#will_do").fill("Llamar hoy a la persona; coordina Julia")
    save(coordinator)
    assert desk.url.endswith(f"/incidents/{incident}")
    coordinator.go("/organisations/")
    expect(desk.locator(".note.grave")).to_have_count(0)
    caseworker.go(f"/incidents/{incident}")
    told = caseworker.page.locator("main").inner_text()
    assert "Llamar hoy a la persona" in told and waiting not in told

    # The risk is weighed: what is suggested is shown, a person decides.
    coordinator.go(f"/protection/new?case={case}&kind=RISK&incident={incident}")
    desk.select_option("#person", label="Garza")
    for code in ("T1", "T2", "V1", "V2"):
        desk.locator(f"input[type=checkbox][value={code}]").check()
    save(coordinator)
    suggested = desk.locator("#errors").inner_text()
    assert house.words("se sugiere", "suggests") in suggested or re.search(r"\d", suggested)
    coordinator.check_accessibility()
    desk.select_option("#level", "HIGH")
    desk.locator("#level_reason").fill("Ya atacaron a su vecina")
    save(coordinator)
    assert RECORD.search(desk.url), desk.locator("main").inner_text()
    coordinator.check_accessibility()

    # A measure is asked for, and answered; its next date stands among the deadlines.
    coordinator.go(f"/protection/new?case={case}&kind=MEASURE&incident={incident}")
    desk.select_option("#measure", "PM_GARANT")
    desk.select_option("#status", "SENT")
    desk.locator("#body").fill("Subprefectura")
    desk.locator("#happened").fill(day(0))
    desk.locator("#asked").fill("Garantías personales")
    desk.locator("#next_on").fill(day(6))
    desk.locator("#next_what").fill("Preguntar por la resolución")
    coordinator.check_accessibility()
    save(coordinator)
    assert RECORD.search(desk.url), desk.locator("main").inner_text()
    measure = RECORD.search(desk.url)[0]
    coordinator.go("/deadlines/")
    expect(desk.locator(f"ol.next a[href*='{measure}']")).to_have_count(1)
    coordinator.check_accessibility()

    # Follow-up: a step, then what was really done.
    coordinator.go(f"{measure}/steps/new")
    desk.select_option("#step", "REMINDER")
    save(coordinator)
    coordinator.go(f"{measure}/edit")
    desk.select_option("#status", "GRANTED")
    desk.locator("#answered").fill(day(0))
    desk.locator("#really_done").fill("Una llamada de la comisaría; ninguna ronda")
    desk.locator("#next_on").fill("")
    desk.locator("#next_what").fill("")
    save(coordinator)
    expect(desk.locator("main")).to_contain_text("ninguna ronda")
    coordinator.go("/deadlines/")
    expect(desk.locator(f"ol.next a[href*='{measure}']")).to_have_count(0)
    coordinator.go(f"/cases/{case}")
    expect(desk.locator(f"main a[href*='{measure}']").first).to_be_visible()
    coordinator.check_accessibility()

    phone = visitor(width=320, javascript=False).sign_in("coordinator@demo.example")
    for path in (measure, "/protection/", f"/cases/{case}", f"/protection/new?case={case}&kind=RISK"):
        phone.go(path)
        phone.check_no_sideways_scrolling()
