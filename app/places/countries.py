"""Countries: their names in the language of the page, and what a form offers."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from flask import current_app

from app.db import NO_COUNTRY, alpha3, fold
from app.i18n import LANGUAGES, language


def country_words(code: str | None) -> str:
    """The name of a country (ISO 3166-1 alpha-2) in the language of the page; the code where there is no name."""
    return Locale(language()).territories.get(code or "", code or "")


def names_of_country(code: str | None) -> list[str]:
    """Its names in every language of the house: what a search may find it by."""
    names = (Locale(language_code).territories.get(code or "") for language_code in LANGUAGES)
    return [name for name in names if name]


def country_choices() -> list[tuple[str, str]]:
    """(code, name) of all countries: the installation's own first, then in the order of their names."""
    home = current_app.config["SETTINGS"].country
    return sorted(_countries(language()), key=lambda pair: pair[0] != home)


@lru_cache
def _countries(language_code: str) -> tuple[tuple[str, str], ...]:
    names: dict[str, str] = dict(Locale(language_code).territories)
    known = [(code, names[code]) for code in names if len(code) == 2 and alpha3(code) != NO_COUNTRY]
    return tuple(sorted(known, key=lambda pair: fold(pair[1])))
