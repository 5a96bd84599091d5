"""Five people are accused; the matter goes from the complaint to an acquittal on appeal, and the calendar knows."""

import re
from datetime import timedelta

from playwright.sync_api import expect

PROCEEDING = re.compile(r"/proceedings/[A-Z]{3}-P-[0-9A-Z]{5}")
FIVE = "Cóndor\nVenado\nNutria\nZorra\nGavilán"


def save(caseworker):
    caseworker.press(caseworker.page.locator("main form .btn-primary").last)


def rows(page, section):
    return page.locator(f"section[aria-labelledby={section}] tbody tr")


def enter_stage(visitor, address, stage, entered, outcome=None):
    visitor.go(f"{address}/stages/new")
    visitor.page.select_option("#stage", stage)
    visitor.page.locator("#entered").fill(entered)
    if outcome:
        visitor.page.select_option("#outcome", outcome)
    save(visitor)
    assert PROCEEDING.search(visitor.page.url), visitor.page.locator("main").inner_text()


def test_from_the_complaint_to_an_acquittal_on_appeal(visitor, house):
    caseworker = visitor().sign_in("caseworker@demo.example")
    page = caseworker.page
    caseworker.go("/proceedings/new")
    caseworker.press(page.locator("main ul.next a").first)
    page.select_option("#kind", "CRIMINAL")
    page.locator("#title_es, #title_en").first.fill("Cinco comuneros por el bloqueo del puente")
    caseworker.check_accessibility()
    save(caseworker)
    assert PROCEEDING.search(page.url), page.locator("main").inner_text()
    address = PROCEEDING.search(page.url)[0]

    caseworker.go(f"{address}/accused/new")
    page.locator("#pseudonyms").fill(FIVE)
    save(caseworker)
    expect(rows(page, "accused")).to_have_count(5)

    caseworker.press(page.locator("a[href*='tick=all']").first)
    expect(page.locator("input[name=accused]:checked")).to_have_count(5)
    caseworker.press(page.locator("button[formaction*='/charges/new']"))
    expect(page.locator("input[name=accused]:checked")).to_have_count(5)
    page.select_option("#offence", "PE-CP-283")
    caseworker.check_accessibility()
    save(caseworker)
    expect(rows(page, "charges")).to_have_count(1)  # the same charge against five is said once

    enter_stage(caseworker, address, "PRE", "10/03/2021")
    enter_stage(caseworker, address, "PRELIM", "04/2021")
    enter_stage(caseworker, address, "FORMAL", "15/09/2021")
    enter_stage(caseworker, address, "INTERMEDIATE", "2022")
    enter_stage(caseworker, address, "TRIAL", "06/02/2023", "CONVICTED")

    caseworker.go(f"{address}/stages/new")
    page.select_option("#stage", "CASSATION")  # an appeal comes first
    page.locator("#entered").fill("20/06/2023")
    save(caseworker)
    expect(page.locator("#doubts_reason")).to_have_count(1)
    expect(page.locator("#entered")).to_have_value("20/06/2023")
    caseworker.check_accessibility()

    two = page.locator("section[aria-labelledby=accused] input[name=accused]")
    caseworker.go(address)
    for place in (0, 1):
        two.nth(place).check()
    caseworker.press(page.locator("button[formaction*='/outcome']"))
    expect(page.locator("input[name=accused]:checked")).to_have_count(2)
    page.select_option("#outcome", "CONVICTED")
    save(caseworker)

    caseworker.go(f"{address}/terms/new?rule=PE-D10&day={(house.today() - timedelta(days=1)).isoformat()}")
    caseworker.press(page.locator("button[value=propose]"))
    expect(page.locator("details ol li").nth(5)).to_be_attached()  # counted day by day
    caseworker.check_accessibility()
    caseworker.press(page.locator("button[value=keep]"))
    caseworker.go("/deadlines/?whose=team")
    expect(page.locator(f"ol.next a[href*='{address}']")).to_have_count(1)
    caseworker.check_accessibility()
    caseworker.go("/deadlines/month?whose=team")
    caseworker.check_accessibility()

    enter_stage(caseworker, address, "APPEAL", "14/08/2023", "ACQUITTED")
    caseworker.press(page.locator("a[href*='outcome=ACQUITTED']"))
    expect(page.locator("input[name=accused]:checked")).to_have_count(5)
    save(caseworker)
    expect(page.locator("a[href*='outcome=ACQUITTED']")).to_have_count(0)
    accused = page.locator("section[aria-labelledby=accused] table").inner_text()
    assert accused.count(house.words("Absolución", "Acquitted")) == 5
    caseworker.check_accessibility()

    phone = visitor(width=320, javascript=False).sign_in("caseworker@demo.example")
    for path in (address, "/deadlines/?whose=team", "/deadlines/month?whose=team", "/deadlines/reminders"):
        phone.go(path)
        phone.check_no_sideways_scrolling()


def test_a_feed_for_ones_own_calendar(visitor, house):
    caseworker = visitor().sign_in("caseworker@demo.example")
    page = caseworker.page
    caseworker.go("/deadlines/reminders")
    caseworker.check_accessibility()
    caseworker.press(page.locator("form[action$='/feed'] button"))
    address = page.locator("#copy").inner_text()
    caseworker.check_accessibility()

    stranger = visitor()
    answer = stranger.page.request.get(address)
    assert answer.status == 200 and answer.text().startswith("BEGIN:VCALENDAR")
    caseworker.press(page.locator("form[action$='/feed/end'] button"))
    assert stranger.page.request.get(address).status == 404
