"""What a form could not give to its record: kept beside it for who typed it, and back in the form when it is opened.

No operation here commits.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime

from flask import request
from werkzeug.datastructures import MultiDict

from app import conflicts
from app.accounts.models import User
from app.incidents import unsaved
from app.incidents.filling import offer, stored_form
from app.incidents.forms import IncidentForm
from app.incidents.given import Reading, writing_cases
from app.incidents.models import Incident

BUTTONS = frozenset({"save", "add", "remove", "refresh"})


@dataclass(frozen=True)
class Left:
    """What the user had typed and the record has not taken: when, and in which fields."""

    at: datetime
    form_token: str
    fields: list[str]


def typed() -> unsaved.Pairs:
    """What was posted, without tokens and buttons."""
    left_out = conflicts.NOT_CARRIED | BUTTONS
    return [(name, value) for name, value in request.form.items(multi=True) if name not in left_out]


def keep_begun(user: User, form: IncidentForm) -> None:
    """A new record that was refused is kept like one that is being typed."""
    token = form.form_token.data or ""
    if token and len(token) <= unsaved.LONGEST_TOKEN:
        with contextlib.suppress(unsaved.TooMuchToKeep):
            unsaved.keep(user, token, typed(), form.unsaved.data)


def keep_what_was_not_taken(user: User, incident: Incident, form: IncidentForm, *, was_saved: bool) -> list[str]:
    """Keep what the record does not hold of a form; gives the fields in words.

    Of a form that *was_saved* that is what could not be read; of one that was refused, whatever it would change.
    """
    stored = stored_form(incident, user)
    opened = conflicts.digest(stored) if was_saved else request.form.get("opened", "")
    left = [
        mine
        for mine, theirs in zip(conflicts.units(form), conflicts.units(stored), strict=True)
        if conflicts.differ(mine, theirs)
        and (any(field.errors for field in mine.fields) if was_saved else mine.is_changed_since(opened))
    ]
    token = unsaved.of_record(incident.reference)
    if not left:
        unsaved.forget(user, token)
        return []
    version = str(incident.version) if was_saved else form.version.data or ""
    pairs = [("version", version), ("opened", opened), *(("kept", unit.name) for unit in left)]
    with contextlib.suppress(unsaved.TooMuchToKeep):
        unsaved.keep(user, token, [*pairs, *(pair for unit in left for pair in unit.pairs)])
    return [unit.words for unit in left]


def opened_form(user: User, incident: Incident) -> tuple[IncidentForm, Left | None]:
    """The form as the record fills it, with what the user had typed and it did not take; problems at their fields.

    It counts as opened when that was typed: what others have changed since is merged or asked about like always.
    """
    stored = stored_form(incident, user)
    token = unsaved.of_record(incident.reference)
    begun = unsaved.begun_as(user, token)
    if begun is None:
        return stored, None
    held = MultiDict(begun.typed)
    names = set(held.poplist("kept"))
    version, opened = held.pop("version", ""), held.pop("opened", "")
    units = list(conflicts.units(stored))
    pairs = [pair for unit in units if unit.name not in names for pair in unit.pairs]
    form = IncidentForm(formdata=MultiDict([*pairs, *held.items(multi=True)]), meta={"csrf": False})
    offer(form, user, incident)
    Reading(form, user, incident, writing_cases(user, incident.team_id))
    form.version.data = version
    conflicts.reopened(opened)
    return form, Left(begun.at, token, [unit.words for unit in units if unit.name in names])
