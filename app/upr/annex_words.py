"""Codes of a pack in words of the language that is spoken."""

from __future__ import annotations

from app.i18n import language
from app.upr.columns import WITHHELD, codes_of_list


def code_words(code_list: str, code: str) -> str:
    """The label of a code as it leaves the house; the code itself where it has none."""
    found = codes_of_list(code_list).get(code)
    if found is None:
        return code
    return found.label_en if language() == "en" else found.label_es


def is_said(value: object) -> bool:
    """Whether a cell says something: it is neither blank nor unknown nor withheld."""
    return value not in (None, "", [], "unknown", WITHHELD)
