"""Titles and pseudonyms that are built from codes, places and days, so that no name can enter them."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from babel import Locale
from flask_babel import force_locale
from flask_babel import gettext as _

from app.dates import DAY, MONTH, UncertainDate
from app.db import NO_COUNTRY, alpha3
from app.i18n import uncertain_date_words
from app.imports.columns import Columns
from app.imports.incident_fields import PERSON_FIELDS
from app.vocabulary.queries import entry

if TYPE_CHECKING:
    from app.imports.reading import Row

PLACEHOLDERS = frozenset(
    {"type", "country", "place", "region", "date", "year", "month", "sector", "perpetrators", "external_id", "short_id"}
)
PLACEHOLDERS_OF_PSEUDONYM = frozenset({"external_id", "short_id", "country", "year"})
TEMPLATES = {
    **dict.fromkeys(("title", "title_es", "title_en", "group"), PLACEHOLDERS),
    "pseudonym": PLACEHOLDERS_OF_PSEUDONYM,
}
"""What a map may build from a template, and what may stand in it."""

PLAIN_TITLE = "{type}, {place}, {country}, {date}"
PLAIN_PSEUDONYM = {"es": "Persona {short_id}", "en": "Person {short_id}"}
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def short_id(source: str, external_id: str) -> str:
    """Six signs that stand for a record of a source, the same each time."""
    number = int.from_bytes(hashlib.sha256(f"{source}\n{external_id}".encode()).digest()[:4], "big")
    return "".join(_LETTERS[number >> shift & 31] for shift in range(25, -1, -5))


def is_of_a_person(row: Row) -> bool:
    return bool(row.facts.get("pseudonym")) or (
        not row.facts.get("group") and any(row.facts.get(name) for name in PERSON_FIELDS | {"unnamed"})
    )


class Titles:
    """Builds what a row does not bring: its title in both languages, the pseudonym of its person."""

    def __init__(self, columns: Columns, language: str) -> None:
        self.language = language
        templates = {one.field.name: one.way.template for one in columns.bringers if one.way.template}
        titles = {name: text for name, text in templates.items() if name.startswith("title")}
        if "title" in titles:
            titles[f"title_{language}"] = titles.pop("title")
        self.titles = titles
        self.pseudonym = templates.get("pseudonym") or PLAIN_PSEUDONYM[language]
        self.group = templates.get("group")
        self._known: dict[tuple[str, Any, str], str] = {}

    def settle(self, row: Row, short: str) -> None:
        facts = row.facts
        for name, template in self.titles.items():
            facts.setdefault(name, self._fill(template, row, short, name.removeprefix("title_")))
        if not (facts.get("title_es") or facts.get("title_en")):
            for language in ("es", "en"):
                facts[f"title_{language}"] = self._fill(PLAIN_TITLE, row, short, language)
        if not (facts.get("title_es") or facts.get("title_en")):
            row.problems.append(_("There is no title, and no type, place or date to build one from."))
        if self.group and not is_of_a_person(row):
            facts.setdefault("group", [self._fill(self.group, row, short, self.language)])
        if is_of_a_person(row):
            facts["is_called_so_by_us"] = not facts.get("pseudonym")
            facts["pseudonym"] = self._pseudonyms(row, short)

    def _pseudonyms(self, row: Row, short: str) -> list[str]:
        """Those of the row; one for each person who has none."""
        said = row.facts.get("pseudonym") or []
        people = max(len(said), len(row.facts.get("legal_name") or ()), 1)
        made = self._fill(self.pseudonym, row, short, self.language) if len([*filter(None, said)]) < people else ""
        return [
            (said[place] if place < len(said) else None) or (made if people == 1 else f"{made}-{place + 1}")
            for place in range(people)
        ]

    def _fill(self, template: str, row: Row, short: str, language: str) -> str:
        facts = row.facts
        happened = facts.get("happened")
        first = happened.earliest if happened else None
        filled = template.format(
            type=self._label("incident_types", facts.get("main_type"), language),
            sector=self._label("sectors", facts.get("sector"), language),
            perpetrators=", ".join(
                self._label("perpetrator_types", code, language)
                for code in dict.fromkeys(facts.get("perpetrators") or [])
                if code
            ),
            country=self._country(facts.get("country"), language),
            place=facts.get("place_words") or facts.get("region_text") or "",
            region=facts.get("region_words") or facts.get("region_text") or "",
            date=self._date(happened, language),
            year=first.year if first else "",
            month=f"{first:%Y-%m}" if happened and first and happened.precision in (DAY, MONTH) else "",
            external_id=row.external_id,
            short_id=short,
        )
        return _tidy(filled)

    def _label(self, list_name: str, code: str | None, language: str) -> str:
        found = entry(list_name, code)
        return found.label_in(language) if found else ""

    def _country(self, code: str | None, language: str) -> str:
        if not code or alpha3(code) == NO_COUNTRY:
            return ""
        return str(Locale(language).territories.get(code, code))

    def _date(self, happened: UncertainDate | None, language: str) -> str:
        if happened is None or not (happened.earliest or happened.latest):
            return ""
        key = ("date", happened, language)
        if key not in self._known:
            with force_locale(language):
                self._known[key] = uncertain_date_words(happened)
        return self._known[key]


def _tidy(words: str) -> str:
    """Without the commas of what was empty."""
    return re.sub(r"\s*[,·;]\s*(?=[,·;]|$)", "", " ".join(words.split())).lstrip(",·; ").strip()
