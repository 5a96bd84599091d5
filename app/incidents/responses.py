"""What the State did about an incident, and the grade of impunity that follows from it. No operation here commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from app.accounts.models import User
from app.dates import UncertainDate
from app.db import db
from app.incidents.beside import StateResponse
from app.incidents.models import Incident
from app.vocabulary.queries import entries

STEPS = "state_responses"
NO_RECORD = "NO_RECORD"


@dataclass(frozen=True)
class Grade:
    """The grade, and the step that decides it; without one nothing is on record."""

    code: str
    step: str | None = None
    since: UncertainDate | None = None


def grades_of_steps() -> dict[str, str]:
    """Which grade each step leads to; a step that changes none is not in it."""
    return {entry.code: entry.extra["grade"] for entry in entries(STEPS).values() if entry.extra.get("grade")}


def grade_of(steps: Iterable[Any]) -> Grade:
    """By the last step that changes it. *steps* stand in the order of their days, undated ones first."""
    grades = grades_of_steps()
    deciding = [one for one in steps if one.step in grades]
    if not deciding:
        return Grade(NO_RECORD)
    last = deciding[-1]
    since = UncertainDate(last.happened_from, last.happened_to, last.happened_precision, None)
    return Grade(grades[last.step], last.step, since)


def grade_is(code: str) -> ColumnElement[bool]:
    """The same as a condition on incidents."""
    grades = grades_of_steps()
    last = (
        select(StateResponse.step)
        .where(StateResponse.incident_id == Incident.id, StateResponse.step.in_(list(grades)))
        .order_by(StateResponse.happened_from.desc().nulls_last(), StateResponse.id.desc())
        .limit(1)
        .correlate(Incident)
        .scalar_subquery()
    )
    if code == NO_RECORD:
        return last.is_(None)
    return last.in_([step for step, grade in grades.items() if grade == code])


@dataclass
class ResponseGiven:
    step: str
    happened: UncertainDate
    note: str | None = None
    citation: str | None = None
    url: str | None = None


def add_response(user: User, incident: Incident, given: ResponseGiven) -> StateResponse:
    response = StateResponse(
        step=given.step, note=given.note, citation=given.citation, url=given.url, made_by_id=user.id
    )
    response.happened = given.happened
    incident.responses.append(response)
    incident.touch(user.id)
    return response


def erase_response(user: User, incident: Incident, response: StateResponse) -> None:
    incident.responses.remove(response)
    incident.touch(user.id)
    db.session.flush()


def response_of(incident: Incident, uid: str) -> StateResponse | None:
    try:
        number = uuid.UUID(uid)
    except ValueError:
        return None
    return next((one for one in incident.responses if one.uid == number), None)
