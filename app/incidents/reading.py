"""How each field of an incident is read for lists and exports: text, number, date or list, in the language of codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.fields import Fields
from app.incidents.fields import INCIDENT_FIELDS
from app.incidents.models import Incident
from app.incidents.sources import links_that_count

Read = Callable[[Incident], Any]


def plain(column: str) -> Read:
    return lambda incident: getattr(incident, column)


def counted(what: str, end: int) -> Read:
    return lambda incident: incident.counted(what)[end]


def of_the_place(part: str, attribute: str) -> Read:
    """A part of the place: the department for everybody, the province and the district for full readers."""

    def read(incident: Incident) -> Any:
        place = incident.place
        if place is None:
            return None
        found = {"department": place.admin1, "province": place.province, "district": place}[part]
        if part != "department" and place.level != part:
            found = place.province if part == "province" else None
        return getattr(found, attribute) if found is not None else None

    return read


def names(relation: str) -> Read:
    return lambda incident: [one.name for one in getattr(incident, relation)]


def pseudonyms(incident: Incident) -> list[str]:
    return list(dict.fromkeys(act.person.pseudonym for act in incident.acts if act.person))


def groups(incident: Incident) -> list[str]:
    return [act.group_label for act in incident.acts if act.group_label]


def perpetrators(incident: Incident) -> list[str]:
    return [one.perpetrator_type for one in incident.involvements if one.perpetrator_type]


def citations(incident: Incident) -> list[str]:
    return [link.source.citation for link in links_that_count(incident)]


READ: dict[str, Read] = {}


INCIDENT_COLUMNS = Fields(
    replace(field, read=READ.get(field.name) or plain(field.name)) for field in INCIDENT_FIELDS
)
