"""What a user has chosen to be told, and where."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.audit import IDENTITY
from app.db import Base, Numbered


class ReminderSettings(Numbered, Base):
    """Of one user; without a row there is no feed and no e-mail."""

    __tablename__ = "reminder_settings"
    __hangs_on__ = ("user", "user_id")

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    feed_digest: Mapped[str | None] = mapped_column(String(64), unique=True, info=IDENTITY)
    """Of the secret in the feed's address, which itself is kept nowhere. None: there is no feed."""
    feed_whose: Mapped[str] = mapped_column(String(4), default="")
    feed_made_at: Mapped[datetime | None]
    by_email: Mapped[bool] = mapped_column(default=False)
    reminded_on: Mapped[date | None]
    """The day of the last e-mail: there is at most one a day."""

    user: Mapped[User] = relationship()
