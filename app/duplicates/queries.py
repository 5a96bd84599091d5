"""What is asked of likely duplicates: those that nobody has decided, those decided, and what went into a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_
from sqlalchemy.orm import joinedload, selectinload

from app.access import full_ids, visible
from app.accounts.models import User
from app.db import db
from app.duplicates.finding import Pair
from app.duplicates.models import DuplicateDecision, IncidentMerge
from app.incidents.models import Act, Incident, SourceLink
from app.places.models import Place

SIDE_BY_SIDE = (
    joinedload(Incident.place).joinedload(Place.department),
    joinedload(Incident.place).joinedload(Place.province),
    selectinload(Incident.acts).joinedload(Act.person),
    selectinload(Incident.source_links).joinedload(SourceLink.source),
    joinedload(Incident.team),
    joinedload(Incident.case),
)


def decided(user: User) -> Select[Any]:
    """What was decided, or put off, of records that the user reads in full; the latest first."""
    return visible(DuplicateDecision, user).order_by(DuplicateDecision.at.desc(), DuplicateDecision.id.desc())


def verdicts_of(user: User, pairs: Sequence[Pair]) -> dict[tuple[int, int], str]:
    """By the numbers of both, of the pairs that somebody has decided."""
    ids = {pair.first_id for pair in pairs}
    found: dict[tuple[int, int], str] = {}
    ordered = sorted(ids)
    for begin in range(0, len(ordered), 500):
        statement = visible(DuplicateDecision, user).where(DuplicateDecision.first_id.in_(ordered[begin : begin + 500]))
        columns = (DuplicateDecision.first_id, DuplicateDecision.second_id, DuplicateDecision.verdict)
        for first, second, verdict in db.session.execute(statement.with_only_columns(*columns)):
            found[first, second] = verdict
    return found


def decision_of(user: User, first: Incident, second: Incident) -> DuplicateDecision | None:
    low, high = sorted((first.id, second.id))
    statement = visible(DuplicateDecision, user).where(
        DuplicateDecision.first_id == low, DuplicateDecision.second_id == high
    )
    found: Any = db.session.scalars(statement).one_or_none()
    return found


def incidents_by_id(user: User, ids: Sequence[int]) -> dict[int, Incident]:
    """Those of these that the user reads in full, with what stands side by side."""
    statement = visible(Incident, user).where(Incident.id.in_(ids)).options(*SIDE_BY_SIDE)
    found: Any = db.session.scalars(statement).unique().all()
    in_full = full_ids(Incident, user, found)
    return {incident.id: incident for incident in found if incident.id in in_full}


def standing_merges(user: User, incident: Incident) -> list[IncidentMerge]:
    """What went into this record and was not taken back; and where it went itself."""
    statement = visible(IncidentMerge, user).where(
        or_(IncidentMerge.kept_id == incident.id, IncidentMerge.gone_id == incident.id),
        IncidentMerge.undone_at.is_(None),
    )
    found: Any = db.session.scalars(
        statement.options(joinedload(IncidentMerge.kept), joinedload(IncidentMerge.gone)).order_by(
            IncidentMerge.id.desc()
        )
    ).unique()
    return list(found)
