"""Asking for another line, or for the next step of the place: the page comes back at that place, script or not."""

import re

import pytest

OF_BOTH_DATABASES = ("sqlite",)

NEW = "/incidents/new"


def form_of(answer):
    return answer.text[answer.text.index("data-draft") :]


def leads_to(text, name, value):
    """The place in the page to which a button leads."""
    button = next(one for one in re.findall(r"<button[^>]*>", text) if f'name="{name}" value="{value}"' in one)
    return re.search(r'formaction="/incidents/new[^"#]*#([^"]+)"', button).group(1)


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        ("victims", "victims-1-who"),
        ("perpetrators", "perpetrators-1-perpetrator_type"),
        ("companies", "companies-1"),
        ("projects", "projects-1"),
        ("sources", "sources-1-citation"),
    ],
)
def test_another_line_is_where_the_page_opens(world, sign_in, rows, first):
    browser = sign_in(world.caseworker)
    place = leads_to(form_of(browser.get(NEW, follow_redirects=True)), "add", rows)

    page = browser.post(NEW, {"title_es": "Algo", "add": rows, f"{first.replace('1', '0', 1)}": ""})

    assert place == first
    assert f'id="{first}"' in page.text
    assert leads_to(form_of(page), "add", rows) == first.replace("1", "2", 1)


def test_the_line_after_one_taken_out_is_led_to_as_well(world, sign_in):
    browser = sign_in(world.caseworker)
    lines = {f"sources-{number}-citation": f"S{number}" for number in range(3)}

    page = browser.post(NEW, {**lines, "remove": "sources-1"})

    assert leads_to(form_of(page), "add", "sources") == "sources-3-citation"
    assert leads_to(form_of(page), "remove", "sources-2") == "how"


def test_the_three_steps_stay_open_while_they_are_gone_through(world, sign_in):
    browser = sign_in(world.caseworker)
    first = form_of(browser.get(NEW, follow_redirects=True))

    page = form_of(browser.post(NEW, {"country": "PE", "department": "PE-03", "refresh": "yes"}))

    steps = r'<details class="c12 f"( open)?><summary class="form-select">Choose in three steps'
    assert re.search(steps, first).group(1) is None and re.search(steps, page).group(1) == " open"
    assert leads_to(page, "refresh", "yes") == "place-steps"
    assert '<option value="PE-0305">' in page


def test_what_opens_looks_like_a_list_that_opens(world, sign_in):
    page = form_of(sign_in(world.caseworker).get(NEW, follow_redirects=True))

    assert page.count("<summary") == page.count('<summary class="form-select"') == 4
