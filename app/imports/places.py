"""Places of a sheet: those of the installation's country are found among its places, others stay in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import gettext as _

from app.db import fold, folded_words
from app.incidents.operations import LIMITS
from app.places.models import Place
from app.places.queries import resolve

if TYPE_CHECKING:
    from app.imports.reading import Row

LONGEST_IN_WORDS = LIMITS["region_text"]

PARTS = {
    "place": "{}",
    "district": "distrito {}",
    "province": "provincia {}",
    "department": "departamento {}",
    "region_text": "{}",
}
"""From the small to the large, and how the column says of which level its places are."""


class PlaceFinder:
    """Looks each different text up once: columns repeat themselves."""

    def __init__(self) -> None:
        self.home: str = current_app.config["SETTINGS"].country
        self._known: dict[str, Place | None] = {}

    def settle(self, row: Row) -> None:
        facts = row.facts
        said = {name: words for name in PARTS if (words := facts.pop(name, None))}
        text = ", ".join(dict.fromkeys(said.values()))
        if not text:
            return
        place = self._place(said) if facts.get("country", self.home) == self.home else None
        if place is not None:
            facts |= {"place_id": place.id, "place_words": place.full_name, "region_words": place.admin1.name}
            facts["country"] = place.country
        elif len(text) > LONGEST_IN_WORDS:
            row.problems.append(_("The place is longer than %(limit)s characters.", limit=LONGEST_IN_WORDS))
        else:
            facts["region_text"] = text
            if facts.get("country") == self.home:
                row.remarks.append(_("No place of the list is called so, or several are: the place is kept in words."))

    def _place(self, said: dict[str, str]) -> Place | None:
        """A code says it, where the names beside it say the same; else all the words together."""
        code = said.get("place", "")
        if code.isdecimal() and len(said) > 1 and (found := self.find(code)):
            names = f" {' '.join(folded_words(found.full_name))} "
            beside = [words for name, words in said.items() if name != "place"]
            return found if all(f" {' '.join(folded_words(words))} " in names for words in beside) else None
        return self.find(", ".join(PARTS[name].format(words) for name, words in said.items()))

    def find(self, text: str) -> Place | None:
        """The one place that the text names: «Mara, Apurímac», «Cotabambas», 030506."""
        if text not in self._known:
            self._known[text] = _find(text, self.home)
        return self._known[text]


def _find(text: str, country: str) -> Place | None:
    if text.isdecimal() and len(text) % 2:
        text = text.zfill(len(text) + 1)  # spreadsheets take the zero from the front of a UBIGEO
    found = resolve(text, country)
    if found.place or not found.candidates:
        return found.place
    # A province and its district, say, share a name: the larger says less than is known, and never more.
    largest = found.candidates[0]
    inside = all(one is largest or largest.id in (one.department_id, one.province_id) for one in found.candidates)
    return largest if inside and _is_called(largest, text) else None


def _is_called(place: Place, text: str) -> bool:
    said = f" {' '.join(folded_words(text))} "
    names = [place.name, *(place.aliases or "").split("|")]
    return any(f" {' '.join(folded_words(name))} " in said for name in names if fold(name))
