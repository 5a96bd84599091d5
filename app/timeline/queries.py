"""What the case page says of its incidents: figures, places, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import count_range
from app.incidents.models import Incident

WAITS = ("NEEDS_INFO", "DRAFT", "SUBMITTED", "IN_REVIEW")
"""States in which somebody has something to do, the most pressing first."""


def waiting_incidents(incidents: Iterable[Incident]) -> list[Incident]:
    return sorted((i for i in incidents if i.state in WAITS), key=lambda i: (WAITS.index(i.state), i.id))


def figures(numbers: dict[str, int], incidents: Iterable[Incident]) -> str:
    """«4 incidents, 3 steps in court; 4 to 6 people killed, depending on the source»."""
    said = {
        "incidents": ngettext("%(num)s incident", "%(num)s incidents", numbers.get("incidents", 0)),
        "court": ngettext("%(num)s step in court", "%(num)s steps in court", numbers.get("court", 0)),
        "actions": ngettext("%(num)s action", "%(num)s actions", numbers.get("actions", 0)),
        "contracts": ngettext("%(num)s contract", "%(num)s contracts", numbers.get("contracts", 0)),
    }
    words = ", ".join(sentence for lane, sentence in said.items() if numbers.get(lane))
    least, most = _killed(incidents)
    if not least and not most:
        return words
    dead = ngettext(
        "%(number)s person killed", "%(number)s people killed", most or 0, number=count_range(least or None, most)
    )
    if least != most:
        dead = _("%(number)s, depending on the source", number=dead)
    return f"{words}; {dead}"


def _killed(incidents: Iterable[Incident]) -> tuple[int, int]:
    counted = [incident.counted("killed") for incident in incidents]
    least = sum(number or 0 for number, _most in counted)
    return least, sum((most if most is not None else number) or 0 for number, most in counted)


def departments(incidents: Iterable[Any]) -> list[str]:
    """Where, as exactly as everybody may read who sees the case; the most frequent first."""
    names = [i.place.admin1.name if i.place else i.region_text for i in incidents]
    known = [name for name in names if name]
    return sorted(dict.fromkeys(known), key=lambda name: -known.count(name))
