"""The facts on which a review stands: when one of them changes, what was reviewed is no longer what is written."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask_babel import lazy_gettext as _l

from app.incidents.models import Act, Incident

WORDS = {
    "type": _l("type of act"),
    "date": _l("date"),
    "place": _l("place"),
    "persons": _l("affected persons"),
    "perpetrators": _l("alleged perpetrators"),
    "defence": _l("link to the defence work"),
}


def fact_words(name: str) -> Any:
    return WORDS[name]


def key_facts(incident: Incident) -> dict[str, Any]:
    """Each key fact as a value that compares; order of rows does not count."""
    happened = incident.happened
    return {
        "type": (incident.main_type, frozenset(incident.types)),
        "date": (happened.earliest, happened.latest, happened.precision),
        "place": (incident.country, incident.place, incident.region_text, incident.community),
        "persons": Counter(_affected(act) for act in incident.victims),
        "perpetrators": Counter((one.perpetrator_type, one.organisation, one.degree) for one in incident.involvements),
        "defence": (frozenset(incident.reprisals or []), frozenset(_defended(act) for act in incident.victims)),
    }


def _affected(act: Act) -> tuple[Any, ...]:
    counts = (
        act.affected_least, act.affected_most, act.killed_least, act.killed_most,
        act.injured_least, act.injured_most, act.detained_least, act.detained_most,
    )  # fmt: skip
    return (act.person, act.group_label, counts)


def _defended(act: Act) -> tuple[Any, ...]:
    return (act.person, frozenset(act.person.rights_defended or []) if act.person else frozenset())
