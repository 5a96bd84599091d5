"""Word by word: which code a sheet's words mean, remembered for the next sheet of the team and for no other team."""

import io
from html import unescape

import pytest
from sqlalchemy import select

from app.db import db
from app.imports.mapping_models import ValueMeaning
from tests.imports.forms import form_of
from tests.imports.test_in_the_browser import send  # noqa: F401

SHEET = (
    "Fecha del hecho,Tipo de ataque,Presunto responsable\n"
    "2019-04-03,amenasas de muerte,Policía\n"
    "2019-04-04,Amenaza de muerte,POLICIA\n"
    "2019-04-05,cosa rara,PNP; matones\n"
)


def to_values(browser, team, content=SHEET):
    """From the file to the page of values; gives its address, its form, and the page."""
    sent = browser.post("/imports/", {"file": (io.BytesIO(content.encode()), "hoja.csv"), "case": "", "team": team.id})
    answer = browser.post(sent.location, form_of(browser.get(sent.location).text))
    assert answer.location.endswith("/values"), answer.location
    page = browser.get(answer.location).text
    return answer.location, form_of(page), unescape(page)


def named(form, field, page, word):
    """The name of the select under the label of that word."""
    (name,) = [key for key in form if key.startswith(f"{field}-") and f'for="{key}">{word}<' in page]
    return name


@pytest.fixture
def values(world, send):  # noqa: F811
    return to_values(send.browser, world.south)


def test_words_are_asked_once_in_whatever_spelling_the_unknown_first(values):
    _address, form, page = values

    assert form[named(form, "perpetrators", page, "Policía")] == ""
    assert "also written POLICIA" in page
    assert "2 cells" in page
    assert form[named(form, "perpetrators", page, "PNP")] == "PNP"
    assert page.index(">matones<") < page.index(">PNP<")


def test_what_is_nearly_in_the_list_is_proposed_and_said(values):
    _address, form, page = values

    assert form[named(form, "main_type", page, "amenasas de muerte")] == "THR.DEATH"
    assert "nearly so in the list" in page


def test_the_dry_run_follows_and_undecided_words_refuse_their_rows(values, send):  # noqa: F811
    address, form, page = values
    form[named(form, "perpetrators", page, "Policía")] = "PNP"
    form[named(form, "perpetrators", page, "matones")] = "-"

    dry_run = unescape(send.browser.get(send.browser.post(address, form).location).text)

    assert dry_run.count("will be imported") == 2
    assert "“cosa rara” is not in the list" in dry_run
    assert "matones” is not" not in dry_run


def test_what_was_said_is_proposed_for_the_next_sheet_as_last_time(world, values, send):  # noqa: F811
    address, form, page = values
    form[named(form, "perpetrators", page, "Policía")] = "PNP"
    form[named(form, "perpetrators", page, "matones")] = "-"
    send.browser.post(address, form)

    _address, form, page = to_values(send.browser, world.south)

    assert form[named(form, "perpetrators", page, "Policía")] == "PNP"
    assert form[named(form, "perpetrators", page, "matones")] == "-"
    assert "as last time" in page


def test_another_team_hears_nothing_of_it(world, values, send, sign_in):  # noqa: F811
    address, form, page = values
    form[named(form, "perpetrators", page, "Policía")] = "PNP"
    send.browser.post(address, form)

    _address, form, page = to_values(sign_in(world.stranger), world.north)

    assert form[named(form, "perpetrators", page, "Policía")] == ""
    assert "as last time" not in page


def test_what_is_taken_back_is_forgotten(world, values, send):  # noqa: F811
    address, form, page = values
    form[named(form, "perpetrators", page, "Policía")] = "PNP"
    address = send.browser.post(address, form).location + "/values"
    form = form_of(send.browser.get(address).text)
    form[named(form, "perpetrators", page, "Policía")] = ""
    send.browser.post(address, form)

    words = set(db.session.scalars(select(ValueMeaning.word)))

    assert "policia" not in words


def test_nonsense_decides_nothing(values, send):  # noqa: F811
    address, form, page = values
    form[named(form, "perpetrators", page, "Policía")] = "NO_SUCH+CODE"

    answer = send.browser.post(address, form)

    assert answer.status_code == 303
    assert "PNP" not in set(db.session.scalars(select(ValueMeaning.code)))


def test_several_words_in_a_cell_are_taken_apart_where_each_is_known(world, send):  # noqa: F811
    sheet = SHEET.replace("PNP; matones", '"Policía Nacional, Fuerzas Armadas"')

    _address, form, page = to_values(send.browser, world.south, sheet)

    assert form[named(form, "perpetrators", page, "Policía Nacional, Fuerzas Armadas")] == "PNP+ARMY"


def test_hundreds_of_words_are_asked_in_portions(world, send):  # noqa: F811
    rows = "".join(f"2019-04-03,palabra rara {number},PNP\n" for number in range(90))

    address, form, page = to_values(send.browser, world.south, SHEET.splitlines()[0] + "\n" + rows)
    asked = [key for key in form if key.startswith("main_type-")]
    following = send.browser.post(address, {**form, **dict.fromkeys(asked, "-")}).location

    assert len(asked) == 40
    assert "40 of 90 words" in page
    assert following.endswith("/values")
    assert "40 of 50 words" in send.browser.get(following).text


def test_hostile_words_are_shown_as_they_are(world, send):  # noqa: F811
    sheet = SHEET.replace("cosa rara", "<script>alert(1)</script>")

    address, _form, _page = to_values(send.browser, world.south, sheet)

    assert "<script>alert(1)" not in send.browser.get(address).text


def test_what_one_uploaded_is_nobody_elses(world, values, sign_in):
    address, form, _page = values
    other = sign_in(world.coordinator)

    assert other.get(address).status_code == 404
    assert other.post(address, {**form, "csrf_token": other.token_at("/imports/")}).status_code == 404
