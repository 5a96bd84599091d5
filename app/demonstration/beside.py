"""What stands beside the demonstration's incidents: links, what the State did, notes on answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from app.accounts.models import User
from app.audit import acting
from app.dates import UncertainDate
from app.db import db
from app.demonstration.problem import DemonstrationProblem
from app.incidents.clarifying import NAMES, clarify
from app.incidents.linking import FROM_HERE, link_incidents
from app.incidents.models import Incident
from app.incidents.responses import ResponseGiven, add_response

Row = dict[str, str]
Loaded = dict[str, tuple[Incident, User]]
"""Number of the event → the incident made of it, and who recorded it."""


def load_beside(rows: Callable[[str], Iterable[Row]], incidents: Loaded, events: dict[str, Row]) -> None:
    """Raises DemonstrationProblem for an event that is no incident."""
    for row in rows("state_responses"):
        incident, by = _found(incidents, row["incident"])
        with acting(by.id):
            add_response(by, incident, _response(row, events))
            db.session.flush()
    for row in rows("incident_links"):
        (first, by), (second, _by) = _found(incidents, row["first"]), _found(incidents, row["second"])
        with acting(by.id):
            link_incidents(by, first, row["kind"] + FROM_HERE, second, row["note_es"])
            db.session.flush()
    for row in rows("answer_notes"):
        incident, by = _found(incidents, row["incident"])
        if row["field"] not in NAMES:
            raise DemonstrationProblem(f"{row['incident']}: {row['field']} is no answer of a list")
        with acting(by.id):
            clarify(by, incident, {row["field"]: row["note_es"]})
            db.session.flush()


def _found(incidents: Loaded, key: str) -> tuple[Incident, User]:
    if key not in incidents:
        raise DemonstrationProblem(f"{key} is no incident")
    return incidents[key]


def _response(row: Row, events: dict[str, Row]) -> ResponseGiven:
    """A step that stands among the events takes its day, words and source from there."""
    event: dict[str, Any] = events.get(row["event"], {})
    if not event:
        return ResponseGiven(row["step"], UncertainDate.read(row["date"]), note=row["note_es"] or None)
    first, last = (date.fromisoformat(event[name]) if event[name] else None for name in ("date_from", "date_to"))
    return ResponseGiven(
        row["step"],
        UncertainDate(first, last, event["precision"].upper()),
        note=row["note_es"] or event["summary_es"] or None,
        citation=event["source_1_title"] or event["source_1_citation"] or None,
        url=event["source_1_url"] or None,
    )
