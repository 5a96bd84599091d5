"""What is asked of files: those of a record, how many each of several has, and the record of a file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func

from app.access import visible
from app.accounts.models import User
from app.db import db
from app.evidence.files import EvidenceFile, holder_of_kind


def files_of(user: User, row: Any, *, withdrawn: bool = False) -> Select[Any]:
    """The files of a record, in the order in which they came; nothing for who does not read the record in full."""
    statement = visible(EvidenceFile, user, withdrawn=withdrawn)
    its = (EvidenceFile.holder_kind == row.__tablename__, EvidenceFile.holder_id == row.id)
    return statement.where(*its).order_by(EvidenceFile.id)


def file_choices(user: User, row: Any) -> list[tuple[str, str]]:
    """Reference and words of each file of a record, for a field that names one."""
    return [
        (file.reference, f"{file.description or file.filename} ({file.reference})")
        for file in db.session.scalars(files_of(user, row))
    ]


def counted_files(user: User, rows: Collection[Any]) -> dict[int, int]:
    """Number of a record → how many files it has, in one query for records of one kind; those without are left out."""
    if not rows:
        return {}
    kind = next(iter(rows)).__tablename__
    its = (EvidenceFile.holder_kind == kind, EvidenceFile.holder_id.in_({row.id for row in rows}))
    counted: Any = visible(EvidenceFile, user).where(*its).group_by(EvidenceFile.holder_id)
    pairs = db.session.execute(counted.with_only_columns(EvidenceFile.holder_id, func.count()))
    return {number: count for number, count in pairs}


def record_of(user: User, file: EvidenceFile) -> Any:
    """The record that a visible file hangs on; whoever sees the file sees it."""
    holder = holder_of_kind(file.holder_kind)
    assert holder is not None
    model = holder.model
    return db.session.scalars(visible(model, user, withdrawn=True).where(model.id == file.holder_id)).unique().one()
