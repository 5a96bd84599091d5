"""The handbook: whole in both languages, and safe."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from app.help.pages import DOCS, NAMES, _markdown, help_page

OF_BOTH_DATABASES = ("sqlite",)

LANGUAGES = ("en", "es")


@pytest.fixture
def browser(world, sign_in):
    return sign_in(world.caseworker)


def address(name):
    return "/help/" if name == "index" else f"/help/{name}"


def test_both_languages_have_the_same_pages():
    for language in LANGUAGES:
        assert {path.stem for path in (DOCS / language).glob("*.md")} == set(NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_in_the_language_of_the_reader(world, browser, language, name):
    world.caseworker.language = language

    page = browser.get(address(name))

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert f"<h1>{help_page(language, name).title}</h1>" in page.text.replace("&#39;", "'")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_built_alike_in_both_languages(name):
    shape = {}
    for language in LANGUAGES:
        tokens = _markdown.parse((DOCS / language / f"{name}.md").read_text("utf-8"))
        shape[language] = [token.tag for token in tokens if token.tag in ("h1", "h2", "h3", "tr", "ul", "ol")]

    assert shape["en"] == shape["es"]


@pytest.mark.parametrize("name", NAMES)
def test_links_of_a_page_lead_somewhere(browser, name):
    page = browser.get(address(name)).text
    for target in re.findall(r'href="([^"#]+)', page[page.index("<article") : page.index("</article>")]):
        assert browser.get(urljoin(address(name), target)).status_code == 200, target


def test_who_is_outside_reads_the_page_on_safety_only(world, app):
    outside = app.test_client()

    page = outside.get("/help/safety", headers={"Accept-Language": "es"})
    assert page.status_code == 200 and "Seguridad" in page.text and "Ir a la entrada" in page.text
    for name in set(NAMES) - {"safety"}:
        assert outside.get(address(name)).status_code == 302


@pytest.mark.parametrize("name", ["nothing", "index", "../README", "..%2F..%2FREADME", "es/index", "INDEX"])
def test_what_is_no_page_is_404(browser, name):
    assert browser.get(f"/help/{name}").status_code == 404


def test_raw_html_stays_text_and_odd_addresses_are_no_links():
    html = _markdown.render(
        '<script>alert(1)</script> <b onclick="x">x</b>\n\n[a](javascript:alert(1)) [b](data:text/html,x)'
    )

    assert "<script" not in html and "<b " not in html
    assert "href" not in html


@pytest.mark.parametrize("who", ["analyst", "coordinator", "administrator", "auditor"])
def test_every_role_has_help(world, sign_in, who):
    assert sign_in(getattr(world, who)).get("/help/").status_code == 200
