"""The pages of docs/, turned from Markdown into HTML; raw HTML in them stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.db import folded_words

DOCS = Path(__file__).parents[2] / "docs"

NAMES = (
    "index",
    "logging",
    "review",
    "cases",
    "proceedings",
    "protection",
    "contracts",
    "contract-links",
    "transparency-requests",
    "deadlines",
    "files",
    "people-and-consent",
    "organisations",
    "analysis",
    "reports",
    "search",
    "import",
    "import-files",
    "duplicates",
    "field-forms",
    "recommendations",
    "upr",
    "accounts",
    "safety",
    "keyboard",
)
"""In the order of the list beside each page. Both languages use the same file names."""

# "js-default" leaves raw HTML off and refuses addresses such as javascript:.
_markdown = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
# A table that is wider than a phone scrolls by itself, by keyboard too; the page does not.
_markdown.add_render_rule(
    "table_open", lambda *_rest: '<div class="table-responsive" tabindex="0"><table class="table t">'
)
_markdown.add_render_rule("table_close", lambda *_rest: "</table></div>")
_PAGE = re.compile(r"^([a-z-]+)\.md(#.*)?$")


@dataclass(frozen=True)
class HelpPage:
    name: str
    title: str
    body: Markup


@lru_cache
def help_page(language: str, name: str) -> HelpPage:
    """A page of the handbook; its first heading is its title."""
    tokens = _markdown.parse((DOCS / language / f"{name}.md").read_text(encoding="utf-8"))
    title, rest = "", tokens
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title, rest = tokens[1].content, tokens[3:]
    _name_headings(rest)
    for token in _with_children(rest):
        _mend(token)
    return HelpPage(name, title, Markup(_markdown.renderer.render(rest, _markdown.options, {})))  # noqa: S704


def all_pages(language: str) -> list[HelpPage]:
    return [help_page(language, name) for name in NAMES]


def _with_children(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or []


def _name_headings(tokens: list[Token]) -> None:
    """Headings can be linked to: «How we know it» is #how-we-know-it."""
    for token, inside in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open":
            token.attrSet("id", "-".join(folded_words(inside.content)))


def _mend(token: Token) -> None:
    if token.type == "link_open":
        address = str(token.attrGet("href") or "")
        # `logging.md` opens in a folder of files; beside this page it is called `logging`.
        if found := _PAGE.match(address):
            page = "" if found[1] == "index" else found[1]
            token.attrSet("href", (page or "./") + (found[2] or ""))
