"""The five journeys, told as people take them, in both languages: log, review, timeline, find, submit."""

import csv
import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.access import unguarded
from app.cases.models import Case
from app.db import db
from app.incidents.models import Incident

EDITED = re.compile(r"/incidents/([A-Z]{3}-I-[0-9A-Z]{5})/edit")


def one(house, model, condition):
    found = unguarded(select(model.reference).where(condition).limit(1), "the journey needs an address")
    return house.ask(lambda: db.session.scalar(found))


def log(caseworker, title, address="/incidents/new"):
    caseworker.go(address)
    page = caseworker.page
    page.locator("#title_es, #title_en").first.fill(title)
    page.select_option("#main_type", "THR.DEATH")
    page.locator("#first_day").fill("05/2024")
    page.locator("#place").fill("Challhuahuacho, Cotabambas, Apurímac")
    page.locator("#victims-0-who").fill("Garza")
    page.locator("input[name='victims-0-consent'][value='C3']").check()
    page.select_option("#perpetrators-0-perpetrator_type", "UNKNOWN")
    page.locator("#sources-0-citation").fill("Testimonio por teléfono")
    page.select_option("#sources-0-reliability", "B")
    page.select_option("#sources-0-credibility", "2")
    page.locator("input[name='urgency'][value='URGENT']").check()


def test_log(visitor):
    """A report arrives by phone: one page, a month instead of a day, sent to review."""
    caseworker = visitor().sign_in("caseworker@demo.example")
    caseworker.go("/incidents/new")
    caseworker.check_accessibility()
    caseworker.press(caseworker.page.locator("button[name=save][value=send]"))
    expect(caseworker.page.locator("#errors")).to_be_visible()
    caseworker.check_accessibility()

    log(caseworker, "Llamadas con amenazas")
    caseworker.press(caseworker.page.locator("button[name=save][value=send]"))

    assert re.search(r"/incidents/[A-Z]{3}-I-", caseworker.page.url)
    assert "Llamadas con amenazas" in caseworker.page.locator("h1").inner_text()
    caseworker.check_accessibility()


def test_a_record_begun_is_found_again(visitor):
    """The window is closed before anything was saved: next time the text is offered, and goes on."""
    caseworker = visitor().sign_in("caseworker@demo.example")
    caseworker.go("/incidents/new")
    page = caseworker.page
    page.locator("#title_es, #title_en").first.fill("Una llamada a medias")
    with page.expect_response(re.compile("/incidents/new/autosave")) as answered:
        page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true}); "
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
    assert answered.value.status == 200

    caseworker.go("/incidents/new")
    caseworker.check_accessibility()
    caseworker.press(page.locator("a[href*='unsaved=']"))

    assert page.locator("#title_es, #title_en").first.input_value() == "Una llamada a medias"
    caseworker.press(page.locator("button[name=save][value=draft][data-save]"))
    assert EDITED.search(page.url)
    caseworker.go("/incidents/new")
    expect(page.locator("a[href*='unsaved=']")).to_have_count(0)


def test_log_without_script_on_a_phone(visitor):
    caseworker = visitor(width=320, javascript=False).sign_in("caseworker@demo.example")

    log(caseworker, "Desde el teléfono")
    caseworker.press(caseworker.page.locator("button[name=add][value=sources]"))
    expect(caseworker.page.locator("#sources-1-citation")).to_have_count(1)
    assert caseworker.page.locator("#sources-0-citation").input_value() == "Testimonio por teléfono"
    caseworker.press(caseworker.page.locator("button[name=save][value=draft][data-save]"))

    assert EDITED.search(caseworker.page.url)


@pytest.mark.parametrize("javascript", [True, False])
def test_another_line_is_where_one_goes_on_writing(visitor, javascript):
    """The form is many screens long: who asks for another source stands in it, script or not."""
    caseworker = visitor(javascript=javascript).sign_in("caseworker@demo.example")
    caseworker.go("/incidents/new")
    page = caseworker.page

    page.locator("button[name=add][value=sources]").click()
    page.locator("#sources-1-citation:focus").wait_for()
    page.locator("button[name=add][value=companies]").click()
    page.locator("#companies-1:focus").wait_for()


@pytest.mark.parametrize("javascript", [True, False])
def test_who_goes_back_after_saving_meets_the_draft_again(visitor, javascript):
    """Back, a correction, saved again: it is one record."""
    caseworker = visitor(javascript=javascript).sign_in("caseworker@demo.example")
    log(caseworker, "Antes de corregir")
    page = caseworker.page
    caseworker.press(page.locator("button[name=save][value=draft][data-save]"))
    reference = EDITED.search(page.url)[1]

    page.go_back()
    page.locator("#title_es, #title_en").first.fill("Ya corregido")
    caseworker.press(page.locator("button[name=save][value=draft][data-save]"))

    assert EDITED.search(page.url)[1] == reference
    assert page.locator("#title_es, #title_en").first.input_value() == "Ya corregido"


def test_review(visitor, house):
    """The coordinator opens the queue, sees sources and gaps, and asks for more."""
    log(caseworker := visitor().sign_in("caseworker@demo.example"), "Para revisar")
    caseworker.press(caseworker.page.locator("button[name=save][value=send]"))
    reference = caseworker.page.url.rsplit("/", 1)[1]

    coordinator = visitor().sign_in("coordinator@demo.example")
    coordinator.go("/review/")
    assert "Para revisar" in coordinator.page.locator("main").inner_text()
    coordinator.check_accessibility()
    coordinator.go(f"/incidents/{reference}/review")
    coordinator.check_accessibility()
    coordinator.press(coordinator.page.locator("button[value=start_review]").first)
    coordinator.go(f"/incidents/{reference}/review")
    coordinator.page.locator("textarea[name=note]").first.fill("Falta una segunda fuente")
    coordinator.press(coordinator.page.locator("button[value=ask]").first)

    caseworker.go("/work/")
    assert "Para revisar" in caseworker.page.locator("main").inner_text()
    caseworker.check_accessibility()


def test_timeline(visitor, house):
    """A case on one page, in order."""
    case = one(house, Case, Case.external_id == "las-bambas")
    caseworker = visitor().sign_in("caseworker@demo.example")

    caseworker.go("/cases/")
    caseworker.check_accessibility()
    caseworker.go(f"/cases/{case}")
    expect(caseworker.page.locator(".tl li").nth(4)).to_be_attached()
    caseworker.check_accessibility()
    caseworker.go(f"/cases/{case}/timeline")
    expect(caseworker.page.locator(".tl li").nth(4)).to_be_attached()
    caseworker.check_accessibility()


def test_find(visitor, house):
    """Three words without accents; list, counter and CSV agree."""
    caseworker = visitor().sign_in("caseworker@demo.example")
    caseworker.go("/incidents/")
    caseworker.check_accessibility()
    words = caseworker.page.locator("#search input[type=search], #search input[type=text]").first
    words.fill("detencion alcalde espinar")
    caseworker.press(caseworker.page.locator("#search button.btn-primary, #search button[type=submit]").first)

    rows = caseworker.page.locator("main tbody tr").count()
    assert rows >= 1
    caseworker.check_accessibility()
    caseworker.page.locator("details.take > summary").first.click()
    caseworker.page.locator("details.take details > summary").first.click()
    caseworker.check_accessibility()
    with caseworker.page.expect_download() as download:
        caseworker.page.locator("form[action*='/incidents/export'] button").first.click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == rows + 1


def test_submit(visitor):
    """Country and period, the preview, the pack."""
    coordinator = visitor().sign_in("coordinator@demo.example")
    coordinator.go("/upr/?country=PE&from=2003-01-01&to=2026-10-31")
    coordinator.check_accessibility()

    with coordinator.page.expect_download() as download:
        coordinator.page.locator("main .head form button.btn-primary, main form .btn-primary").first.click()

    assert re.fullmatch(r"upr-pack_PER_.*\.zip", download.value.suggested_filename)


def test_every_page_of_every_role_is_accessible(visitor, house):
    incident = one(house, Incident, Incident.external_id == "PE012")
    pages = {
        None: ("/sign-in", "/help/safety"),
        "caseworker": ("/people/", "/people/new", "/organisations/", "/imports/", "/help/", f"/incidents/{incident}",
                       f"/incidents/{incident}/edit", "/profile", "/cases/new"),
        "analyst": ("/work/", "/incidents/", f"/incidents/{incident}", "/cases/", "/people/"),
        "admin": ("/accounts/", "/accounts/new", "/teams/", "/codes/", "/codes/sectors"),
        "auditor": ("/audit/",),
    }  # fmt: skip
    for who, addresses in pages.items():
        someone = visitor(width=390, height=2400)
        if who:
            someone.sign_in(f"{who}@demo.example")
        for address in addresses:
            answer = someone.go(address)
            assert answer.status == 200, address
            someone.check_accessibility()
            someone.check_no_sideways_scrolling()
