"""From the record to the form: what is stored, as people would type it."""

from __future__ import annotations

from typing import Any

from app.accounts.models import User
from app.i18n import language
from app.incidents import typed
from app.incidents.form_fields import NOTHING, options
from app.incidents.forms import GROUP, IncidentForm
from app.incidents.given import SAME_NAME, writing_cases, writing_teams
from app.incidents.models import Act, Incident, SourceLink
from app.incidents.operations import COUNTS
from app.incidents.persons import NOT_ASKED, standing_level
from app.incidents.place_part import PlacePart
from app.places.queries import place_words


def empty_form(user: User, case: str = "", **kwargs: Any) -> IncidentForm:
    """The form for a new incident."""
    form = IncidentForm(data={"case": case}, **kwargs)
    offer(form, user)
    return form


def stored_form(incident: Incident, user: User) -> IncidentForm:
    """The form as the record fills it, whatever was posted."""
    form = IncidentForm(formdata=None, data=_values(incident))
    offer(form, user, incident)
    PlacePart(form)
    return form


def offer(form: IncidentForm, user: User, incident: Incident | None = None) -> None:
    """The cases and teams that the user may log into."""
    cases = writing_cases(user, incident.team_id if incident else None)
    named = [(reference, f"{case.title_in(language())} · {reference}") for reference, case in cases.items()]
    form.case.choices = options([("", NOTHING), *named])
    form.team.choices = options((team.handle, team.name) for team in writing_teams(user))
    if not form.team.data and form.team.choices:
        form.team.data = form.team.choices[0].value


def _values(incident: Incident) -> dict[str, Any]:
    precision, first_day, last_day = typed.write_when(incident.happened)
    values: dict[str, Any] = {name: getattr(incident, name) for name in SAME_NAME}
    values |= {
        "version": str(incident.version),
        "other_types": [act.act_type for act in incident.acts if act.act_type and not act.names_someone],
        "precision": precision if first_day or last_day or incident.happened_text else "",
        "first_day": first_day,
        "last_day": last_day,
        "happened_text": incident.happened_text,
        "place": place_words(incident.place) if incident.place else "",
        "region_text": incident.region_text,
        "latitude": _number(incident.latitude),
        "longitude": _number(incident.longitude),
        "coordinate_precision": incident.coordinate_precision or "",
        "victims": [_victim(act) for act in incident.victims],
        "perpetrators": [
            {
                "perpetrator_type": one.perpetrator_type,
                "organisation": one.organisation.name if one.organisation else "",
                "degree": one.degree,
            }
            for one in incident.involvements
        ],
        "companies": [company.name for company in incident.companies],
        "projects": [project.name for project in incident.projects],
        "sources": [_source(link) for link in incident.source_links],
        "reprisals": incident.reprisals or [],
        "embargo_until": f"{incident.embargo_until:%d/%m/%Y}" if incident.embargo_until else "",
        "case": incident.case.reference if incident.case else "",
    }
    return values


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _victim(act: Act) -> dict[str, Any]:
    counts = {name: typed.write_count(getattr(act, f"{name}_least"), getattr(act, f"{name}_most")) for name in COUNTS}
    person = act.person
    if person is None:
        return {"who": act.group_label or "", "kind": GROUP, "act_type": act.act_type, **counts}
    return {
        "person": person.reference,
        "who": person.pseudonym,
        "kind": person.kind,
        "act_type": act.act_type,
        "rights": person.rights_defended or [],
        "consent": standing_level(person) or NOT_ASKED,
        **counts,
    }


def _source(link: SourceLink) -> dict[str, Any]:
    source = link.source
    return {
        "source": source.reference,
        "citation": source.citation,
        "url": source.url or "",
        "kind": source.kind,
        "reliability": source.reliability,
        "credibility": link.credibility,
        "origin_group": source.origin_group or "",
    }
