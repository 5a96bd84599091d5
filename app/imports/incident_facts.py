"""What a row says of an incident, as it is compared: with what an earlier file said, and with what the record says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from app.dates import UncertainDate
from app.imports.incident_fields import PERSON_FIELDS
from app.imports.incident_rows import OF_A_PERPETRATOR, OF_A_RESPONSE, OF_A_SOURCE
from app.imports.reading import Row
from app.incidents.models import UNKNOWN, Incident
from app.incidents.operations import COUNTS, LIMITS, NOT_COUNTED
from app.incidents.text import clean

OF_THE_RECORD = (
    "title_es", "title_en", "main_type", "happened", "country", "place_id", "community", "region_text", "latitude",
    "longitude", "coordinate_precision", "sector", "urgency", "protest", "emergency", "threats_before", "reprisals",
    "threat_type", "threat_channel", "threat_credibility", "summary_es", "summary_en", "narrative", "language", "notes",
    "embargo_until",
)  # fmt: skip
"""One value each, in the order in which differences are shown."""

OF_THE_PERSON = tuple(sorted(PERSON_FIELDS - {"pseudonym"}))
LISTS = ("other_types", "pseudonym", "group", "companies", "projects")
TOLD_TOGETHER = {"perpetrators": OF_A_PERPETRATOR, "sources": OF_A_SOURCE, "state_responses": OF_A_RESPONSE}

FED_BY: Mapping[str, frozenset[str]] = {
    "title_es": frozenset({"title", "title_es"}),
    "title_en": frozenset({"title", "title_en"}),
    "summary_es": frozenset({"summary", "summary_es"}),
    "summary_en": frozenset({"summary", "summary_en"}),
    "place_id": frozenset({"place", "district", "province", "department"}),
    "language": frozenset({"language", "narrative"}),
    **{what: frozenset({f"{what}_least", f"{what}_most"}) for what in COUNTS},
}
"""Fact ← columns that bring it, where they are named otherwise. A sheet without these says nothing of the fact."""


def facts_compared(row: Row) -> dict[str, Any]:
    """Each fact that the row states, in one form; lists hold each of their entries."""
    facts = row.facts
    found: dict[str, Any] = {name: normal(name, facts.get(name)) for name in OF_THE_RECORD}
    found |= {name: facts.get(name) for name in COUNTS}
    found |= {name: _fixed(facts.get(name)) for name in OF_THE_PERSON}
    found |= {name: list(facts.get(name) or ()) for name in LISTS}
    for name, columns in TOLD_TOGETHER.items():
        found[name] = [list(told) for told in zip_longest(*(facts.get(column) or () for column in columns))]
    found["answer_notes"] = [list(pair) for pair in (facts.get("answer_notes") or {}).items()]
    return {name: value for name, value in found.items() if value not in (None, "", [], ())}


def normal(name: str, value: Any) -> Any:
    """The value as the record keeps it; None where it says nothing."""
    if isinstance(value, UncertainDate):
        value = replace(value, text=clean(value.text))
        return value if value != UncertainDate() else None
    if name in LIMITS:
        return clean(value)
    if value == UNKNOWN:
        return None
    return _fixed(value)


def _fixed(value: Any) -> Any:
    return tuple(dict.fromkeys(value)) or None if isinstance(value, list | tuple) else value


def on_record(incident: Incident) -> dict[str, Any]:
    """What the record itself says now, in the same form; without lists and persons."""
    found = {name: normal(name, getattr(incident, name)) for name in OF_THE_RECORD}
    return found | {what: _counted(incident, what) for what in COUNTS}


def _counted(incident: Incident, what: str) -> Any:
    counted = incident.counted(what)
    return counted if counted != NOT_COUNTED else None


def is_told_of(name: str, columns: frozenset[str]) -> bool:
    """Whether a sheet with these columns speaks of the fact at all."""
    return bool(FED_BY.get(name, frozenset({name})) & columns)
