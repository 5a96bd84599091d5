"""What is asked of imports."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from app.access import COORDINATOR, Reader, teams_where, unguarded
from app.db import db
from app.imports.kinds import KINDS, RecordKind
from app.imports.models import ImportBatch, ImportRow


def batches_of(user: Reader) -> Select[Any]:
    """One's own imports and, for coordinators, those of the team; the newest first."""
    own = and_(ImportBatch.by_id == user.id, ImportBatch.team_id.in_(teams_where(user)))
    coordinated = ImportBatch.team_id.in_(teams_where(user, COORDINATOR))
    return select(ImportBatch).where(or_(own, coordinated)).order_by(ImportBatch.id.desc())


def with_their_kinds(batches: Sequence[ImportBatch]) -> list[tuple[ImportBatch, RecordKind | None]]:
    """Each with the kind of its records. A sheet brings others along, projects of incidents: the first kind counts."""
    ids = [batch.id for batch in batches if batch.kind is None]
    kinds: dict[int, RecordKind] = {}
    for kind in KINDS.values():
        brought = select(kind.model.import_batch_id).where(kind.model.import_batch_id.in_(ids)).distinct()
        for id_ in db.session.scalars(unguarded(brought, "which files brought records, not which records")):
            kinds.setdefault(id_, kind)
    return [(batch, KINDS.get(batch.kind or "") or kinds.get(batch.id)) for batch in batches]


def batch_of(user: Reader, uid: uuid.UUID) -> ImportBatch | None:
    found: ImportBatch | None = db.session.scalars(batches_of(user).where(ImportBatch.uid == uid)).one_or_none()
    return found


def brought_by(batch: ImportBatch) -> Select[str, int]:
    """Table → how many records the import made in it, those along the way too."""
    number = func.count(ImportRow.id)
    of_batch = select(ImportRow.table_name, number).where(ImportRow.batch_id == batch.id, ImportRow.made)
    return of_batch.group_by(ImportRow.table_name).order_by(ImportRow.table_name)
