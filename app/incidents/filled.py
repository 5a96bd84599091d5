"""From the record to the form: what stands in the fields when one begins, and a form as a browser would send it."""

from __future__ import annotations

import re
import zlib
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField

from app.incidents.form_fields import Ticks
from app.incidents.forms import GROUP, IncidentForm
from app.incidents.models import Act, Incident
from app.incidents.persons import standing_level
from app.incidents.text import clean
from app.incidents.typed import write_count, write_when
from app.incidents.workflow import DRAFT
from app.places.queries import place_words

Pairs = list[tuple[str, str]]

SAME_NAME = (
    "title_es", "title_en", "main_type", "narrative", "language", "happened_text", "country", "region_text",
    "community", "coordinate_precision", "sector", "threat_type", "threat_channel", "threat_credibility", "urgency", "reprisals",
    "threats_before", "protest", "emergency", "summary_es", "summary_en", "notes",
)  # fmt: skip

_NAME = re.compile(r"[a-zA-Z_]+(-[0-9]{1,4}(-[a-z_]+)?)?|keep-[a-z_]+")


def values_of(incident: Incident) -> dict[str, Any]:
    """What the fields of the form hold for this record."""
    precision, first_day, last_day = write_when(incident.happened)
    of_victims = {act.act_type for act in incident.victims}
    return {
        **{name: getattr(incident, name) or "" for name in SAME_NAME},
        "reprisals": incident.reprisals or [],
        "other_types": [
            act.act_type
            for act in incident.acts
            if act.act_type and act.act_type != incident.main_type and act.act_type not in of_victims
        ],
        "precision": precision if first_day or last_day or incident.happened_text else "",
        "first_day": first_day,
        "last_day": last_day,
        "place": place_words(incident.place) if incident.place else "",
        "place_before": incident.place.key if incident.place else "",
        "latitude": _degrees(incident.latitude),
        "longitude": _degrees(incident.longitude),
        "victims": [_victim(act) for act in incident.victims] or [{}],
        "nobody": incident.state != DRAFT and not incident.victims,
        "perpetrators": [
            {
                "perpetrator_type": one.perpetrator_type or "",
                "organisation": one.organisation.name if one.organisation else "",
                "degree": one.degree or "",
            }
            for one in incident.involvements
        ]
        or [{}],
        "companies": [one.name for one in incident.companies] or [""],
        "projects": [one.name for one in incident.projects] or [""],
        "sources": [_source(link) for link in incident.source_links] or [{}],
        "embargo_until": f"{incident.embargo_until:%d/%m/%Y}" if incident.embargo_until else "",
        "case": incident.case.reference if incident.case else "",
    }


def _victim(act: Act) -> dict[str, Any]:
    person = act.person
    counts = {
        name: write_count(getattr(act, f"{name}_least"), getattr(act, f"{name}_most"))
        for name in ("affected", "killed", "injured", "detained")
    }
    line: dict[str, Any] = {**counts, "act_type": act.act_type or ""}
    if person is None:
        return {**line, "who": act.group_label or "", "kind": GROUP}
    return {
        **line,
        "person": person.reference,
        "who": person.pseudonym,
        "kind": person.kind or "",
        "rights": person.rights_defended or [],
        "consent": standing_level(person),
    }


def _source(link: Any) -> dict[str, str]:
    source = link.source
    return {
        "source": source.reference,
        "credibility": link.credibility or "",
        **{name: getattr(source, name) or "" for name in ("citation", "url", "kind", "reliability", "origin_group")},
    }


def _degrees(number: float | None) -> str:
    return "" if number is None else f"{number:.8f}".rstrip("0").rstrip(".")


# --- as a browser sends it -----------------------------------------------------------------------


def cleaned(posted: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was posted, under names that the form can have, in text that can be kept."""
    return MultiDict((name, clean(value) or "") for name, value in posted.items(multi=True) if _NAME.fullmatch(name))


def pairs_of(field: Any) -> Pairs:
    """The name and value pairs that a browser sends for a field, or for a form."""
    if isinstance(field, FormField):
        return pairs_of(field.form)
    if isinstance(field, FieldList):
        return [pair for entry in field.entries for pair in pairs_of(entry)]
    if hasattr(field, "_fields"):
        return [pair for one in field if one.short_name != "csrf_token" for pair in pairs_of(one)]
    if isinstance(field, BooleanField):
        return [(field.name, "y")] if field.data else []
    if isinstance(field, Ticks):
        return [(field.name, str(value)) for value in sorted(field.data or [])]
    return [(field.name, clean(str(field.data or "")) or "")]


PARTS: dict[str, tuple[str, ...]] = {
    "happened": ("precision", "first_day", "last_day", "happened_text"),
    "place": ("country", "place", "region_text"),
    "point": ("latitude", "longitude", "coordinate_precision"),
}
"""Fields that are read together, and so are kept or left together."""

ALONE = (
    "title_es", "title_en", "main_type", "other_types", "narrative", "language", "community", "victims", "perpetrators",
    "companies", "projects", "sector", "sources", "threat_type", "threat_channel", "threat_credibility", "urgency",
    "reprisals", "threats_before", "protest", "emergency", "summary_es", "summary_en", "embargo_until", "case", "notes",
)  # fmt: skip

ALL_PARTS: dict[str, tuple[str, ...]] = {**PARTS, **{name: (name,) for name in ALONE}}


def part_pairs(form: IncidentForm, part: str) -> Pairs:
    """What a part holds; empty lines of a list do not count."""
    pairs = [pair for name in ALL_PARTS[part] for pair in pairs_of(form[name])]
    if part == "victims":
        pairs = [(name, value) for name, value in pairs if not name.endswith(("-kind", "-person"))] + [
            (entry.form.kind.name, entry.form.kind.data or "") for entry in form.victims if entry.form.who.data
        ]
    return [(name, value) for name, value in pairs if value]


def digests(form: IncidentForm) -> str:
    """A short digest of each part, to tell later who changed what."""
    found = {part: zlib.crc32(repr(part_pairs(form, part)).encode()) for part in ALL_PARTS}
    return " ".join(f"{part}={number:08x}" for part, number in found.items())


def read_digests(text: str | None) -> dict[str, str]:
    return dict(part.split("=", 1) for part in (text or "").split() if "=" in part)
