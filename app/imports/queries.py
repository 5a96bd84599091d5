"""What is asked of imports."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, or_, select

from app.access import COORDINATOR, Reader, teams_where
from app.imports.models import ImportBatch


def batches_of(user: Reader) -> Select[Any]:
    """One's own imports and, for coordinators, those of the team; the newest first."""
    own = and_(ImportBatch.by_id == user.id, ImportBatch.team_id.in_(teams_where(user)))
    coordinated = ImportBatch.team_id.in_(teams_where(user, COORDINATOR))
    return select(ImportBatch).where(or_(own, coordinated)).order_by(ImportBatch.id.desc())
