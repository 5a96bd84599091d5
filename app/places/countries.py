"""Countries: their names in the language of the page, and what a form offers."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from flask import current_app

from app.db import NO_COUNTRY, alpha2, alpha3, fold
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


# Names that sheets and the United Nations use beside those of Unicode's list.
SYNONYMS = {
    "democratic republic of congo": "CD", "democratic republic of the congo": "CD", "dr congo": "CD", "drc": "CD",
    "republic of the congo": "CG", "ivory coast": "CI", "viet nam": "VN", "turkey": "TR", "turquia": "TR",
    "united states of america": "US", "usa": "US", "uk": "GB", "burma": "MM", "czech republic": "CZ",
    "russian federation": "RU", "syrian arab republic": "SY", "republic of korea": "KR", "holanda": "NL",
    "republic of congo": "CG", "congo": "CG", "dpr korea": "KP", "democratic people's republic of korea": "KP",
    "holy see": "VA", "santa sede": "VA", "palestine": "PS", "state of palestine": "PS", "swaziland": "SZ",
    "macedonia fyr": "MK", "the former yugoslav republic of macedonia": "MK", "republic of north macedonia": "MK",
    "bosnia and herzegovina": "BA", "trinidad and tobago": "TT", "antigua and barbuda": "AG", "cape verde": "CV",
    "cabo verde": "CV", "cote d'ivoire": "CI", "lao people's democratic republic": "LA", "timor leste": "TL",
    "brunei darussalam": "BN", "republic of moldova": "MD", "united republic of tanzania": "TZ", "myanmar": "MM",
    "saint kitts and nevis": "KN", "saint vincent and the grenadines": "VC", "sao tome and principe": "ST",
    "united kingdom of great britain and northern ireland": "GB", "estados unidos de america": "US",
    "reino unido de gran bretana e irlanda del norte": "GB", "federacion de rusia": "RU", "republica de corea": "KR",
    "paises bajos": "NL", "republica checa": "CZ",
}  # fmt: skip


def country_named(text: str) -> str | None:
    """ISO 3166-1 alpha-2 of a name in Spanish or English, or of a code in two or three letters or digits.

    «Bolivia (Plurinational State of)» and «the Netherlands» are found by the name without what stands around it.
    """
    name = " ".join(fold(text).replace("’", "'").replace("&", "and").split())
    bare = name.partition(" (")[0].removeprefix("the ")
    names = _codes_by_name()
    return names.get(name) or names.get(bare) or alpha2(text)


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    names = dict(SYNONYMS)
    for language_code in LANGUAGES:
        for code, name in Locale(language_code).territories.items():
            if len(code) == 2 and alpha2(code):
                names.setdefault(fold(name).replace("’", "'").replace("&", "and"), code)
    return names
