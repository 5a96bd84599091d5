"""What somebody decided of two records that may tell the same, and which went into which."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access import WITHIN, Reader, protected
from app.accounts.models import User
from app.db import Base, Numbered, now
from app.incidents.models import Incident
from app.merging import Merge

DIFFERENT, LATER = "DIFFERENT", "LATER"


class _OfBoth:
    """Seen by who reads both records in full: to say that two are one event is to tell each of the other."""

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        ends = (getattr(cls, name) for name in cls.ENDS)  # type: ignore[attr-defined]
        return and_(*(end.has(Incident.full_to(user)) for end in ends))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.visible_to(user)


@protected
class DuplicateDecision(_OfBoth, Numbered, Base):
    """Two records are different events, or it is to be decided later. Who brings them together needs no such row."""

    __tablename__ = "duplicate_decision"
    __hangs_on__ = ("incident", "first_id")
    __table_args__ = (UniqueConstraint("first_id", "second_id"), {"sqlite_autoincrement": True})
    ENDS: ClassVar = ("first", "second")

    first_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    """The smaller number of the two."""
    second_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(9))
    note: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    first: Mapped[Incident] = relationship(foreign_keys=first_id, info=WITHIN)
    second: Mapped[Incident] = relationship(foreign_keys=second_id, info=WITHIN)
    by: Mapped[User | None] = relationship()


@protected
class IncidentMerge(_OfBoth, Merge, Base):
    """One incident went into another: both sources stand by the one that stays."""

    __tablename__ = "incident_merge"
    __hangs_on__ = ("incident", "kept_id")
    __table_args__ = ({"sqlite_autoincrement": True},)
    ENDS: ClassVar = ("kept", "gone")

    kept_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)

    kept: Mapped[Incident] = relationship(foreign_keys=kept_id, info=WITHIN)
    gone: Mapped[Incident] = relationship(foreign_keys=gone_id, info=WITHIN)
