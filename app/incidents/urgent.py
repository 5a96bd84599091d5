"""An urgent incident alerts the coordinators of its team at once."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, select

from app.access import Reader, widen
from app.alerts.models import Alert, AlertKind, add_kind
from app.alerts.operations import end_alert, raise_alert
from app.db import now
from app.incidents.models import Incident
from config import Settings

IMMEDIATE, URGENT = "IMMEDIATE", "URGENT"
PRESSING = (IMMEDIATE, URGENT)
"""From the most urgent; what is not among them alerts nobody."""

URGENT_INCIDENT = "urgent_incident"


def alert_if_urgent(user: Reader, incident: Incident, before: str | None = None) -> None:
    """Alert where the incident has become more urgent than *before*; end the alert where it is urgent no longer."""
    if _rank(incident.urgency) < _rank(before) and incident.urgency in PRESSING:
        due_at = now() + timedelta(minutes=_minutes(incident.urgency))
        raise_alert(URGENT_INCIDENT, incident, due_at=due_at, by=user.id)
    elif before in PRESSING and incident.urgency not in PRESSING:
        end_alert(URGENT_INCIDENT, incident)


def _rank(urgency: str | None) -> int:
    return PRESSING.index(urgency) if urgency in PRESSING else len(PRESSING)


def _minutes(urgency: str) -> int:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.acknowledge_immediate_minutes if urgency == IMMEDIATE else settings.acknowledge_urgent_minutes


add_kind(
    AlertKind(
        URGENT_INCIDENT, _l("Urgent incident"), lambda alert: url_for("incidents.show", reference=alert.reference)
    )
)


def _on_an_incident_read_in_full(user: Reader) -> ColumnElement[bool]:
    """What was said when it was acknowledged is for those who read the incident in full."""
    read = select(Incident.id).where(Incident.full_to(user), Incident.withdrawn_at.is_(None))
    return and_(Alert.root_table == Incident.__tablename__, Alert.root_id.in_(read))


widen(Alert, visible_to=_on_an_incident_read_in_full, full_to=_on_an_incident_read_in_full)
