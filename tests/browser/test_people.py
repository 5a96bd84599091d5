"""A person is recorded, says what is allowed, is carried out in a list, and takes the answer back."""

import re

from playwright.sync_api import expect

from tests.browser.test_journeys import log

PERSON = re.compile(r"/people/[A-Z]{3}-D-[0-9A-Z]{5}")


def test_withdraw_a_consent(visitor, house):
    """Whom the list carried is known when the answer is taken back: what left is listed, to be called back."""
    caseworker = visitor().sign_in("caseworker@demo.example")
    page = caseworker.page
    caseworker.go("/people/new")
    page.locator("#pseudonym").fill("Garza")
    page.select_option("#kind", "INDIVIDUAL")
    caseworker.check_accessibility()
    caseworker.press(page.locator("form .btn-primary").last)
    person = PERSON.search(page.url)[0]

    caseworker.press(page.locator("a[href$='/consent']"))
    page.locator("input[name=level][value=C3]").check()
    caseworker.check_accessibility()
    caseworker.press(page.locator("form .btn-primary").last)
    assert house.words("Sin identidad", "Anonymous") in page.locator(".head").inner_text()

    log(caseworker, "Llamadas con amenazas")
    caseworker.press(page.locator("button[name=save][value=send]"))
    page.locator("input[name='victims-0-who-meant']").first.check()  # the one who is on record already
    caseworker.check_accessibility()
    caseworker.press(page.locator("button[name=save][value=send]"))
    caseworker.go("/incidents/")
    page.locator("details.take > summary").first.click()
    with page.expect_download():
        page.locator("form[action*='/incidents/export'] button").first.click()

    caseworker.go(person)
    page.locator("#consent ~ details summary, details summary").first.click()
    caseworker.press(page.locator("a[href*='/withdraw']").first)
    listed = page.locator("section[aria-labelledby=exports] tbody tr")
    expect(listed).to_have_count(1)
    caseworker.check_accessibility()
    page.locator("#reason").fill("Tiene miedo desde la última llamada")
    caseworker.press(page.locator("form .btn-primary").last)

    expect(listed).to_have_count(1)
    assert "Rosa (casos)" in listed.inner_text()
    assert house.words("solo estadísticas", "statistics only") in page.locator(".head").inner_text()
    caseworker.check_accessibility()
    phone = visitor(width=390, javascript=False).sign_in("caseworker@demo.example")
    phone.go(person)
    expect(phone.page.locator("section[aria-labelledby=exports] tbody tr")).to_have_count(1)
    phone.check_no_sideways_scrolling()
