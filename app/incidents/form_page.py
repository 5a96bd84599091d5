"""The page with the form of an incident: what it shows beside the fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import access, dates
from app.accounts.models import User
from app.incidents import typed, unsaved
from app.incidents.earlier import EarlierThreats, earlier_threats
from app.incidents.forms import IncidentForm
from app.incidents.given import people_meant, writing_cases, writing_teams
from app.incidents.kept import Left
from app.incidents.models import Incident
from app.incidents.place_part import PlacePart
from app.incidents.queries import Wish, incidents_found, shown_date
from app.incidents.workflow import WITH_AUTHOR


def the_user() -> User:
    user: User = current_user._get_current_object()
    return user


def clock() -> str:
    return f"{datetime.now(dates.zone()):%H:%M}"


def may_be_sent(incident: Incident | None) -> bool:
    return incident is None or incident.state in WITH_AUTHOR


@dataclass(frozen=True)
class Outcome:
    """A draft was saved without all that was typed: whether it should have been sent, and the fields not taken."""

    sends: bool
    left: list[str]

    def title(self, number: int) -> str:
        if self.sends:
            return ngettext(
                "%(num)s thing is missing before it can be reviewed",
                "%(num)s things are missing before it can be reviewed",
                number,
            )
        return ngettext("%(num)s thing could not be taken yet", "%(num)s things could not be taken yet", number)

    @property
    def lead(self) -> str:
        if not self.left:
            return _("The draft is saved; nothing is lost.")
        what = ", ".join(self.left)
        return _(
            "The draft is saved. Of this the text is kept for you only, and stands here again when you open the form: "
            "%(what)s.",
            what=what,
        )


def form_page(
    form: IncidentForm,
    incident: Incident | None,
    saved_as: Outcome | None = None,
    left: Left | None = None,
    earlier_made: Incident | None = None,
) -> str:
    if not form.place_before.data:
        PlacePart(form)
    return render_template(
        "incidents/form.html",
        form=form,
        incident=incident,
        problems=saved_as.title(_number_of_problems(form)) if saved_as else None,
        lead=saved_as.lead if saved_as else _("Nothing is lost: what you typed is below."),
        left=left,
        earlier_made=earlier_made,
        can_send=may_be_sent(incident),
        asks_why=incident is not None and incident.state not in WITH_AUTHOR,
        several_teams=incident is None and len(writing_teams(the_user())) > 1,
        earlier=_earlier_here(form),
        earlier_threats=_earlier_threats(form, incident),
        shown_date=shown_date,
        begun=_begun(form) if incident is None else [],
    )


def _begun(form: IncidentForm) -> list[unsaved.Begun]:
    """What else the user has begun, on a form that is opened anew."""
    if request.method != "GET":
        return []
    return [begun for begun in unsaved.begun_by(the_user()) if begun.mark != form.unsaved.data]


def _number_of_problems(form: IncidentForm) -> int:
    def counted(errors: Any) -> int:
        if isinstance(errors, dict):
            return sum(counted(one) for one in errors.values())
        if isinstance(errors, list | tuple):
            return sum(counted(one) for one in errors)
        return 1 if errors else 0

    return counted(form.errors)


def _earlier_threats(form: IncidentForm, incident: Incident | None) -> EarlierThreats:
    """Against the people whom the lines name and in the chosen case, up to the first day."""
    case = writing_cases(the_user(), incident.team_id if incident else None).get(form.case.data or "")
    people = people_meant(the_user(), case, incident, [entry.form for entry in form.victims])
    try:
        until = typed.read_when(form.first_day.data).latest if form.first_day.data else None
    except typed.NotReadable:
        until = None
    return earlier_threats(the_user(), people, case, besides=incident, until=until)


def _earlier_here(form: IncidentForm) -> tuple[int, str, str] | None:
    """How many visible records there are in the department, its name, and its list."""
    key = form.department.data
    name = next((one.label for one in form.department.choices if key and one.value == key), None)
    if not name:
        return None
    number = access.count(incidents_found(the_user(), Wish(place=key)))
    return (number, str(name), url_for("incidents.index", place=key)) if number else None
