"""Imports: which file brought which records, so that each record knows where it came from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered, now


class ImportBatch(Numbered, Base):
    """One file, taken in at once. The digest is of the bytes received."""

    __tablename__ = "import_batch"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    map_name: Mapped[str | None]
    rows_added: Mapped[int] = mapped_column(default=0)
    rows_known: Mapped[int] = mapped_column(default=0)
    rows_refused: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
