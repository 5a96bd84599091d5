"""Deciding of two records whether they tell one event. No operation here commits."""

from __future__ import annotations

from app.accounts.models import User
from app.db import db, now
from app.duplicates.models import DIFFERENT, LATER, DuplicateDecision
from app.duplicates.queries import decision_of
from app.incidents.models import Incident
from app.incidents.text import clean_line

VERDICTS = (DIFFERENT, LATER)
LONGEST_NOTE = 300


def decide(user: User, one: Incident, other: Incident, verdict: str, note: str | None = None) -> DuplicateDecision:
    """*verdict*: DIFFERENT or LATER; a second decision of the same two takes the place of the first."""
    first, second = sorted((one, other), key=lambda incident: incident.id)
    decision = decision_of(user, first, second)
    if decision is None:
        decision = DuplicateDecision(first_id=first.id, second_id=second.id)
        db.session.add(decision)
    decision.verdict = verdict
    decision.note = (clean_line(note) or "")[:LONGEST_NOTE] or None
    decision.by_id, decision.at = user.id, now()
    db.session.flush()
    return decision


def open_again(decision: DuplicateDecision) -> None:
    db.session.delete(decision)
    db.session.flush()
