"""A row read as the facts of one project: its names, its districts, and a note of what has no column."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app.imports.columns import Bringer, Columns
from app.imports.kinds import Settle
from app.imports.places import PlaceFinder
from app.imports.project_fields import former_names
from app.imports.reading import Row, about_cell


def title(row: Row, language: str) -> str:
    return row.facts.get("name") or ""


def settler(columns: Columns, language: str) -> Settle:
    places = PlaceFinder()

    def settle(row: Row) -> None:
        _settle_names(row, columns.of("name"))
        in_words = _settle_places(row, places, columns.of("places"))
        with force_locale(language):
            _settle_note(row, in_words)

    return settle


def _settle_names(row: Row, bringer: Bringer | None) -> None:
    name, former = former_names(row.facts.get("name") or "")
    if not name and not row.problems:
        empty = _("is empty; a project needs a name")
        row.problems.append(about_cell(bringer, "", empty) if bringer else _("No column brings the name of a project."))
    row.facts["name"] = name
    row.facts["aliases"] = [*former, *(row.facts.get("aliases") or [])]


def _settle_places(row: Row, finder: PlaceFinder, bringer: Bringer | None) -> list[str]:
    """Gives what remains in words."""
    facts = row.facts
    named = facts.pop("places", None) or []
    finder.settle(row)
    found: dict[int, str] = {}
    if "place_id" in facts:
        found[facts.pop("place_id")] = facts.pop("place_words")
        facts.pop("region_words", None)
    in_words = [words] if (words := facts.pop("region_text", None)) else []
    at_home = facts.get("country", finder.home) == finder.home
    for text in named:
        if place := finder.find(text) if at_home else None:
            found[place.id] = place.full_name
            facts["country"] = place.country
        elif text.isdecimal() and at_home and bringer:
            row.problems.append(about_cell(bringer, text, _("is the code of no place")))
        else:
            in_words.append(text)
            row.remarks.append(_("No place of the list is called so, or several are: the place is kept in words."))
    facts["places"] = found
    return in_words


def _settle_note(row: Row, in_words: list[str]) -> None:
    """One paragraph a row: what a project has no field for, and where exactly it lies."""
    facts = row.facts
    said = []
    if status := facts.pop("status", None):
        said.append(_("Status: %(words)s", words=status))
    if note := facts.pop("note", None):
        said.append("; ".join(line.strip() for line in note.splitlines() if line.strip()))
    said += [_("Place: %(words)s", words=words) for words in in_words]
    latitude, longitude = facts.pop("latitude", None), facts.pop("longitude", None)
    if latitude is not None and longitude is not None:
        point = f"{round(latitude, 5)}, {round(longitude, 5)}"
        said.append(_("Coordinates: %(point)s", point=point))
    facts["note"] = "; ".join(said)
