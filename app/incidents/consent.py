"""What the affected persons of an incident allow, at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.incidents.models import Incident
from app.people.consent import effective_consent
from app.people.models import Person

FROM_LEAST = ("C0", "C1", None, "C2", "C3", "C4")
"""From what allows least to what allows most. Not asked yet stands above a refusal: totals may count it."""


def level_of(person: Person, purpose: str, on: date) -> str | None:
    found = effective_consent(person, purpose, on)
    return found.level if found else None


def people_in(incident: Incident) -> list[Person]:
    return list(dict.fromkeys(act.person for act in incident.acts if act.person is not None))


def least_level(incident: Incident, purpose: str, on: date) -> str | None:
    """Of all persons in the incident the level that allows least."""
    levels = [level_of(person, purpose, on) for person in people_in(incident)]
    return min(levels, key=FROM_LEAST.index) if levels else None


@dataclass(frozen=True)
class Use:
    is_allowed: bool
    words: str


def uses(incident: Incident, on: date) -> list[Use]:
    """What may be done with the record, as far as consent decides."""
    if not people_in(incident):
        return [
            Use(True, _("Counted in totals")),
            Use(incident.is_already_public, _("Facts in the UPR pack and in reports, without identities")),
        ]
    upr, publication, letters = (least_level(incident, one, on) for one in ("UPR", "PUBLICATION", "UN_LETTER"))
    refused = upr in ("C0", "C1")
    public = incident.is_already_public and not refused
    return [
        Use(not refused, _("Counted in totals")),
        Use(upr in ("C3", "C4") or public, _("Facts in the UPR pack, without identities")),
        Use(publication in ("C3", "C4"), _("Facts in reports and the press, without identities")),
        Use(letters in ("C2", "C4"), _("Shared with the UN or the IACHR, under confidentiality or by name")),
    ]
