"""What a draft cannot take is kept beside it for who typed it, and stands in the form when it is opened again."""

import re
from html import unescape

import pytest

from app.db import db
from tests.incidents.test_logging import WHOLE, problems, recorded
from tests.incidents.test_two_people import typed_in

NEW = "/incidents/new"
UNREADABLE = {
    "title_es": "Amenaza de noche",
    "first_day": "some time in 2012",
    "happened_text": "en tiempo de cosecha",
    "country": "PE",
    "place": "Nowhere at all",
    "perpetrators-0-perpetrator_type": "COMPANY",
    "perpetrators-0-organisation": "Minera Desconocida",
    "companies-0": "Minera Desconocida",
}


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.caseworker)


def form_of(answer):
    return typed_in(answer.text[answer.text.index("data-draft") :])


def opened(browser, user):
    (incident,) = recorded(user)
    return browser.get(f"/incidents/{incident.reference}/edit")


@pytest.mark.parametrize("button", ["draft", "send"])
def test_what_could_not_be_taken_stands_there_again(world, browser, button):
    said = browser.post(NEW, {**UNREADABLE, "save": button})

    again = opened(browser, world.caseworker)
    form = form_of(again)
    assert "is kept for you only" in said.text
    assert form["first_day"] == ["some time in 2012"] and form["happened_text"] == ["en tiempo de cosecha"]
    assert form["place"] == ["Nowhere at all"]
    assert form["perpetrators-0-organisation"] == form["companies-0"] == ["Minera Desconocida"]
    assert "the record did not take what you had typed" in again.text
    assert 'href="#first_day"' in again.text
    assert recorded(world.caseworker)[0].happened_text == "en tiempo de cosecha"


def test_nobody_else_is_shown_it(world, browser, sign_in):
    browser.post(NEW, {**UNREADABLE, "save": "draft"})

    other = opened(sign_in(world.coordinator), world.coordinator)

    assert "some time in 2012" not in other.text and "did not take" not in other.text


def test_it_is_gone_once_it_is_corrected_or_discarded(world, browser):
    browser.post(NEW, {**UNREADABLE, "save": "draft"})
    form = form_of(opened(browser, world.caseworker))
    address = f"/incidents/{recorded(world.caseworker)[0].reference}/edit"

    corrected = {"first_day": "2012", "place": "", "companies-0-meant": "NEW", "save": "draft"}
    answer = browser.post(address, {**form, **corrected})

    assert answer.status_code == 303, problems(answer)
    assert "did not take" not in opened(browser, world.caseworker).text
    browser.post(address, {**form_of(opened(browser, world.caseworker)), "first_day": "soon", "save": "draft"})
    page = opened(browser, world.caseworker)
    token = re.search(r'name="form_token" value="(of:[^"]+)"', page.text).group(1)
    browser.post("/incidents/new/discard", {"form_token": token}, form_at=address)
    assert form_of(opened(browser, world.caseworker))["first_day"] == ["2012"]


def test_a_draft_is_not_asked_for_what_only_sending_needs(browser):
    answer = browser.post(NEW, {"title_es": "Algo", "first_day": "soon", "save": "draft"})

    assert "1 thing could not be taken yet" in answer.text
    assert re.findall(r'href="#([^"]+)"', problems(answer)[0]) == ["first_day"]


def test_a_refused_change_of_a_reviewed_record_is_kept(world, browser):
    browser.post(NEW, {**WHOLE, "save": "draft"})
    (incident,) = recorded(world.caseworker)
    incident.state = "VERIFIED"
    db.session.commit()
    form = form_of(opened(browser, world.caseworker))

    browser.post(f"/incidents/{incident.reference}/edit", {**form, "first_day": "23/10/2024", "save": "send"})

    again = opened(browser, world.caseworker)
    assert form_of(again)["first_day"] == ["23/10/2024"]
    assert recorded(world.caseworker)[0].happened_from.day == 22


def test_what_others_change_meanwhile_is_not_saved_over(world, browser, sign_in):
    browser.post(NEW, {**UNREADABLE, "save": "draft"})
    address = f"/incidents/{recorded(world.caseworker)[0].reference}/edit"
    other = sign_in(world.coordinator)
    hers = form_of(other.get(address))
    other.post(address, {**hers, "first_day": "05/2012", "narrative": "Hers.", "save": "draft"})

    mine = form_of(browser.get(address))
    corrected = {"first_day": "2012", "place": "", "companies-0-meant": "NEW", "save": "draft"}
    asked = browser.post(address, {**mine, **corrected})

    assert mine["narrative"] == ["Hers."] and mine["first_day"] == ["some time in 2012"]
    assert asked.status_code == 409
    assert set(re.findall(r'name="keep-([^"]+)"', asked.text)) == {"first_day"}


def test_the_draft_that_saves_itself_keeps_it_too(world, browser):
    browser.post(NEW, {"title_es": "Algo", "save": "draft"})
    address = f"/incidents/{recorded(world.caseworker)[0].reference}"
    form = form_of(browser.get(f"{address}/edit"))

    answer = browser.post(
        f"{address}/autosave", {**form, "first_day": "soon", "narrative": "More."}, form_at=f"{address}/edit"
    )

    assert answer.status_code == 200 and "kept for you only" in answer.json["words"]
    again = form_of(browser.get(f"{address}/edit"))
    assert again["first_day"] == ["soon"] and again["narrative"] == ["More."]


def test_a_new_record_that_is_refused_is_found_at_its_address(browser):
    page = browser.get(NEW, follow_redirects=True)
    token = form_of(page)["form_token"][0]

    browser.post(NEW, {**form_of(page), "narrative": "Un relato largo", "save": "draft"})

    assert form_of(browser.get(f"{NEW}?form={token}"))["narrative"] == ["Un relato largo"]


# --- the same form once more ---------------------------------------------------------------------


def test_who_goes_back_and_corrects_changes_the_draft(world, browser):
    form = {**form_of(browser.get(NEW, follow_redirects=True)), **WHOLE, "save": "draft"}
    browser.post(NEW, form)

    answer = browser.post(NEW, {**form, "title_es": "Corregido"})
    third = browser.post(NEW, {**form, "title_es": "Corregido otra vez"})

    assert answer.status_code == third.status_code == 303, problems(answer)
    (incident,) = recorded(world.caseworker)
    assert incident.title_es == "Corregido otra vez"
    assert len(incident.source_links) == len(incident.victims) == 1


def test_the_address_of_a_form_that_is_done_leads_to_its_draft(world, browser):
    form = form_of(browser.get(NEW, follow_redirects=True))
    browser.post(NEW, {**form, "title_es": "Algo", "save": "draft"})

    back = browser.get(f"{NEW}?form={form['form_token'][0]}", follow_redirects=True)

    assert "What you had typed was saved." in back.text
    assert form_of(back)["title_es"] == ["Algo"]


def test_a_draft_that_moved_on_is_never_changed_nor_doubled_silently(world, browser):
    form = {**form_of(browser.get(NEW, follow_redirects=True)), **WHOLE, "save": "send"}
    browser.post(NEW, form)

    clicked_twice = browser.post(NEW, form)
    answer = browser.post(NEW, {**form, "title_es": "Corregido"})

    (incident,) = recorded(world.caseworker)
    assert clicked_twice.location.endswith(incident.reference)
    assert answer.status_code == 409
    assert f"was saved as {incident.reference}" in unescape(answer.text)
    assert incident.title_es == WHOLE["title_es"] and form_of(answer)["title_es"] == ["Corregido"]


def test_anothers_form_is_not_theirs_to_correct(world, browser, sign_in):
    form = {**form_of(browser.get(NEW, follow_redirects=True)), "title_es": "Algo", "save": "draft"}
    browser.post(NEW, form)

    page = sign_in(world.coordinator).get(f"{NEW}?form={form['form_token'][0]}", follow_redirects=True)

    assert form_of(page)["title_es"] == [""]
