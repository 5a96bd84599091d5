"""Imports: which file brought which records, so that each record knows where it came from."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.db import Base, BigId, Numbered, now


class ImportBatch(Numbered, Base):
    """One file, taken in at once. The digest is of the bytes received."""

    __tablename__ = "import_batch"

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    filename: Mapped[str]
    sheet_name: Mapped[str | None]
    sha256: Mapped[str] = mapped_column(String(64))
    map_name: Mapped[str | None]
    kind: Mapped[str | None] = mapped_column(String(40))
    """What the rows became; of imports before this was kept, the records say it."""
    rows_added: Mapped[int] = mapped_column(default=0)
    rows_changed: Mapped[int] = mapped_column(default=0)
    rows_known: Mapped[int] = mapped_column(default=0)
    rows_refused: Mapped[int] = mapped_column(default=0)
    refused_numbers: Mapped[list[int] | None] = mapped_column(JSON())
    """Which rows stayed out. Why is not kept: the reasons repeat what stood in the cells."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undo_reason: Mapped[str | None]

    team: Mapped[Team] = relationship()
    by: Mapped[User | None] = relationship(foreign_keys=by_id)
    undone_by: Mapped[User | None] = relationship(foreign_keys=undone_by_id)


class ImportRow(Numbered, Base):
    """Of a record that a file brought or changed: in which rows it stood, and digests of what they said of it.

    It is written with the record and says nothing that the record does not say, so the trail leaves it out.
    """

    __tablename__ = "import_row"
    __audited__ = False
    __table_args__ = (Index("ix_import_row_record", "table_name", "record_id"), {"sqlite_autoincrement": True})

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[int] = mapped_column(BigId)
    numbers: Mapped[list[int]] = mapped_column(JSON())
    external_id: Mapped[str | None] = mapped_column(String(200))
    made: Mapped[bool]
    """Whether the file brought the record; else it changed one that was there."""
    digests: Mapped[dict[str, Any] | None]

    batch: Mapped[ImportBatch] = relationship()
