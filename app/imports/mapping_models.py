"""What a team has said of its sheets: which word means which code, and which mappings it keeps."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base, Numbered, now

LONGEST_WORD = 200


class ValueMeaning(Numbered, Base):
    """A word of a sheet and the code of a list that it means to the team; no code where it says nothing.

    It says itself who said so and when, so the trail leaves it out.
    """

    __tablename__ = "value_meaning"
    __audited__ = False
    __table_args__ = (UniqueConstraint("team_id", "list", "word"), {"sqlite_autoincrement": True})

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    list: Mapped[str] = mapped_column(String(60))
    word: Mapped[str] = mapped_column(String(LONGEST_WORD))
    """Folded."""
    code: Mapped[str | None] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SavedMap(Numbered, Base):
    """A mapping under a name, of one person or of the team."""

    __tablename__ = "saved_map"

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    toml: Mapped[str]
    headings: Mapped[str] = mapped_column(String(16), index=True)
    """A digest of the headings of the sheet for which it was made: another with the same may want it."""
    is_shared: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime | None]

    made_by: Mapped[User] = relationship(foreign_keys=made_by_id)
