"""How each field of an incident is read for an export: text, number, date or list; codes stay codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from app.fields import Fields
from app.incidents.fields import INCIDENT_FIELDS
from app.incidents.models import Incident
from app.incidents.sources import links_that_count
from app.places.models import DISTRICT, PROVINCE, Place

Read = Callable[[Incident], Any]


def _plain(column: str) -> Read:
    return lambda incident: getattr(incident, column)


def _counted(what: str, end: int) -> Read:
    return lambda incident: incident.counted(what)[end]


def _names(relation: str) -> Read:
    return lambda incident: [one.name for one in getattr(incident, relation)]


def _of_sources(read: Callable[[Any], Any]) -> Read:
    return lambda incident: _once(read(link) for link in links_that_count(incident))


def _once(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(value for value in values if value))


def _province(incident: Incident) -> str | None:
    place = incident.place
    if place is None:
        return None
    province: Place | None = place if place.level == PROVINCE else place.province
    return province.name if province else None


def _district(incident: Incident) -> str | None:
    return incident.place.name if incident.place and incident.place.level == DISTRICT else None


def _local_day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(current_app.config["SETTINGS"].timezone)).date()


READ: dict[str, Read] = {
    "case": lambda incident: incident.case.reference if incident.case else None,
    "team": lambda incident: incident.team.name,
    "other_types": lambda incident: [code for code in incident.types if code != incident.main_type],
    "happened": lambda incident: incident.happened.written(),
    "department": lambda incident: incident.place.admin1.name if incident.place else None,
    "department_code": lambda incident: incident.place.admin1.iso_3166_2 if incident.place else None,
    "province": _province,
    "district": _district,
    "ubigeo": lambda incident: incident.place.code_inei if incident.place else None,
    "persons": lambda incident: _once(act.person.pseudonym for act in incident.acts if act.person),
    "groups": lambda incident: _once(act.group_label for act in incident.acts),
    "perpetrators": lambda incident: _once(one.perpetrator_type for one in incident.involvements),
    "perpetrator_organisations": lambda incident: _once(
        one.organisation.name for one in incident.involvements if one.organisation
    ),
    "companies": _names("companies"),
    "projects": _names("projects"),
    "sources": _of_sources(lambda link: link.source.citation),
    "source_urls": _of_sources(lambda link: link.source.url),
    "source_kinds": _of_sources(lambda link: link.source.kind),
    "source_reliability": _of_sources(lambda link: link.source.reliability),
    "source_credibility": _of_sources(lambda link: link.credibility),
    "already_public": lambda incident: incident.is_already_public,
    "created_on": lambda incident: _local_day(incident.created_at),
    "updated_on": lambda incident: _local_day(incident.updated_at),
    **{
        f"{what}_{word}": _counted(what, end)
        for what in ("affected", "killed", "injured", "detained")
        for end, word in enumerate(("least", "most"))
    },
}
"""What is more than a column of the same name."""

INCIDENT_COLUMNS = Fields(replace(field, read=READ.get(field.name, _plain(field.name))) for field in INCIDENT_FIELDS)
