"""Short notes that make a coded answer clear: one place for all answers of an incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.incidents.beside import AnswerNote
from app.incidents.fields import INCIDENT_FIELDS
from app.incidents.models import UNKNOWN, Incident
from app.incidents.text import clean_line
from app.vocabulary.queries import labels

LONGEST_NOTE = 300

NAMES = (
    "happened_precision", "country", "main_type", "other_types", "perpetrators", "degree", "sector", "protest",
    "emergency", "reprisals", "threat_type", "threat_channel", "threat_credibility", "threats_before", "urgency",
)  # fmt: skip
"""The answers that may carry a note, in the order of the page."""


class NoteTooLong(Exception):
    """The message is a sentence for people."""


@dataclass(frozen=True)
class Answer:
    """A coded answer as it stands, and its note."""

    field: str
    words: str
    value: str
    note: str


def field_words(name: str) -> str:
    return str(_l("Degree of involvement") if name == "degree" else INCIDENT_FIELDS[name].label)


def answers_of(incident: Incident) -> list[Answer]:
    """What was answered, and what carries a note although it is no longer answered."""
    notes = {one.field: one.note for one in incident.answer_notes}
    found = [(name, _value(incident, name)) for name in NAMES]
    return [
        Answer(name, field_words(name), value, notes.get(name, "")) for name, value in found if value or name in notes
    ]


def notes_by_field(incident: Incident) -> dict[str, str]:
    return {one.field: one.note for one in incident.answer_notes}


def _value(incident: Incident, name: str) -> str:
    if name == "other_types":
        return labels("incident_types", [code for code in incident.types if code != incident.main_type])
    if name == "perpetrators":
        return labels("perpetrator_types", [one.perpetrator_type for one in incident.involvements])
    if name == "degree":
        return labels("involvement_degree", [one.degree for one in incident.involvements if one.degree])
    if name == "country":
        return incident.country or ""
    value: Any = getattr(incident, name)
    return "" if value in (None, UNKNOWN) else labels(INCIDENT_FIELDS[name].code_list or "", value)


def clarify(user: User, incident: Incident, given: Mapping[str, str]) -> bool:
    """Set, change or take away notes; *given* holds those that were asked for. Raises NoteTooLong.

    Whether anything changed. Not touched by it: who edited the record last, for a note answers nothing anew.
    """
    standing = {one.field: one for one in incident.answer_notes}
    is_changed = False
    for name in NAMES:
        if name not in given:
            continue
        words, note = clean_line(given[name]), standing.get(name)
        if words and len(words) > LONGEST_NOTE:
            raise NoteTooLong(_("Too long: at most %(limit)s characters (%(field)s).", limit=LONGEST_NOTE,
                                field=field_words(name)))  # fmt: skip
        if (note.note if note else None) == words:
            continue
        is_changed = True
        if words is None and note is not None:
            incident.answer_notes.remove(note)
        elif note is not None:
            note.note = words or ""
        else:
            incident.answer_notes.append(AnswerNote(field=name, note=words or ""))
    return is_changed
