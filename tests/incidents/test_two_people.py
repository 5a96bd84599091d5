"""Two people change one incident at once: what only one of them changed is kept, what both changed is asked about."""

import re
from html import unescape

import pytest

from app.db import db
from tests import factories
from tests.incidents.test_logging import problems


@pytest.fixture
def address(world):
    case = factories.a_case(world.south, world.caseworker, world.colleague)
    incident = factories.an_incident(
        world.caseworker, case=case, title="Eviction", narrative="As it was.", community="Yaru", language="es"
    )
    db.session.commit()
    return f"/incidents/{incident.reference}/edit"


def filled(browser, address):
    """The form as a browser holds it open: every field with what stands in it."""
    text = browser.get(address).text
    return typed_in(text[text.index("data-draft") :])


def typed_in(text):
    """What a browser would send of the forms on a page."""
    values = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag and 'type="radio"' not in tag or " checked" in tag):
            values.setdefault(name.group(1), []).append(unescape(value.group(1)) if value else "")
    for name, inside in re.findall(r'(?s)<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text):
        values[name] = [unescape(inside).strip()]
    for tag, inside in re.findall(r"(?s)(<select[^>]*>)(.*?)</select>", text):
        options = re.findall(r"<option[^>]*>", inside)
        chosen = next((one for one in options if " selected" in one), options[0])
        values[re.search(r'name="([^"]*)"', tag).group(1)] = [re.search(r'value="([^"]*)"', chosen).group(1)]
    return {**values, "save": "draft"}


def test_what_each_changed_alone_is_kept_without_a_question(world, sign_in, address):
    first, second = sign_in(world.colleague), sign_in(world.caseworker)
    hers, mine = filled(first, address), filled(second, address)

    saved = first.post(address, {**hers, "community": "Challhua", "title_en": "Eviction of the community"})
    answer = second.post(address, {**mine, "narrative": "Longer now."}, follow=True)

    assert saved.status_code == 303, problems(saved)
    assert "Colleague changed this meanwhile:" in answer.text and "Both changes are kept." in answer.text
    now = typed_in(second.get(address).text)
    assert (now["community"], now["narrative"], now["title_en"]) == (
        ["Challhua"],
        ["Longer now."],
        ["Eviction of the community"],
    )


def test_only_what_both_changed_is_asked_and_the_rest_is_carried(world, sign_in, address):
    first, second = sign_in(world.colleague), sign_in(world.caseworker)
    hers, mine = filled(first, address), filled(second, address)
    first.post(address, {**hers, "narrative": "Hers.", "community": "Challhua"})

    asked = second.post(address, {**mine, "narrative": "Mine.", "title_en": "My title"})

    assert asked.status_code == 409
    assert re.findall(r'name="keep-([^"]+)"', asked.text) == ["narrative", "narrative"]
    assert "Hers." in asked.text and "Mine." in asked.text
    answer = second.post(address, {**typed_in(asked.text), "keep-narrative": "theirs"}, follow=True)
    assert answer.status_code == 200, problems(answer)
    now = typed_in(second.get(address).text)
    assert (now["community"], now["narrative"], now["title_en"]) == (["Challhua"], ["Hers."], ["My title"])


def test_half_of_a_date_is_never_mixed_with_another(world, sign_in, address):
    first, second = sign_in(world.colleague), sign_in(world.caseworker)
    hers, mine = filled(first, address), filled(second, address)
    first.post(address, {**hers, "first_day": "2023", "precision": "YEAR"})

    asked = second.post(address, {**mine, "first_day": "03/05/2024"})

    assert re.findall(r'name="keep-([^"]+)"', asked.text) == ["first_day", "first_day"]
    second.post(address, {**typed_in(asked.text), "keep-first_day": "theirs"})
    assert typed_in(second.get(address).text)["first_day"] == ["2023"]


def test_the_same_change_of_both_is_no_conflict(world, sign_in, address):
    first, second = sign_in(world.colleague), sign_in(world.caseworker)
    hers, mine = filled(first, address), filled(second, address)
    first.post(address, {**hers, "narrative": "The same."})

    answer = second.post(address, {**mine, "narrative": "The same."})

    assert answer.status_code == 303


@pytest.mark.parametrize("kind", ["person", "case"])
def test_other_records_are_merged_alike(world, sign_in, kind):
    case = factories.a_case(world.south, world.caseworker, world.colleague, title="Before")
    person = factories.a_person(world.caseworker, pseudonym="Before")
    factories.a_victim(factories.an_incident(world.caseworker, case=case), person)
    db.session.commit()
    address, name, other = {
        "person": (f"/people/{person.reference}/edit", "pseudonym", "note"),
        "case": (f"/cases/{case.reference}/edit", "title_es", "summary"),
    }[kind]
    first, second = sign_in(world.colleague), sign_in(world.caseworker)
    hers, mine = typed_in(first.get(address).text), typed_in(second.get(address).text)

    saved = first.post(address, {**hers, name: "Hers"})
    answer = second.post(address, {**mine, other: "Mine"}, follow=True)

    assert saved.status_code == 303 and answer.status_code == 200
    assert answer.text.count("Colleague changed this meanwhile: ") == 1
    assert "," not in answer.text.split("changed this meanwhile: ")[1].split(". Both")[0]
    now = typed_in(second.get(address).text)
    assert (now[name], now[other]) == (["Hers"], ["Mine"])
