"""What stands beside the facts of an incident: links to others, what the State did, and notes on single answers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, and_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access import WITHIN, Reader, protected
from app.db import Base, Happened, Numbered, now
from app.incidents.models import Incident, PartOfIncident, PartReadInFull
from app.vocabulary.models import code_column


@protected
class IncidentLink(Numbered, Base):
    """One incident precedes another, led to it, is part of it … The words of the kind read from *first* to *second*.

    Who does not see both ends does not see the link: it would tell that the other is there.
    """

    __tablename__ = "incident_link"
    __table_args__ = (UniqueConstraint("first_id", "second_id", "kind"), {"sqlite_autoincrement": True})
    __hangs_on__: ClassVar[tuple[str, str] | None] = ("incident", "first_id")

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    first_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    kind: Mapped[str] = code_column("incident_link_kinds")
    note: Mapped[str | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)

    first: Mapped[Incident] = relationship(foreign_keys=first_id, info=WITHIN)
    second: Mapped[Incident] = relationship(foreign_keys=second_id, info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls._both_are(Incident.visible_to(user))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls._both_are(Incident.full_to(user))

    @classmethod
    def _both_are(cls, rule: ColumnElement[bool]) -> ColumnElement[bool]:
        seen = select(Incident.id).where(rule, Incident.withdrawn_at.is_(None))
        return and_(cls.first_id.in_(seen), cls.second_id.in_(seen))


@protected
class StateResponse(PartOfIncident, Happened, Numbered, Base):
    """A step of the authorities in answer to the incident, or that they took none."""

    __tablename__ = "state_response"

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    step: Mapped[str] = code_column("state_responses")
    note: Mapped[str | None]
    citation: Mapped[str | None]
    url: Mapped[str | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    incident: Mapped[Incident] = relationship(back_populates="responses", info=WITHIN)


@protected
class AnswerNote(PartReadInFull, Numbered, Base):
    """A short note that makes one coded answer clear: *field* is the name of the answer."""

    __tablename__ = "answer_note"
    __table_args__ = (UniqueConstraint("incident_id", "field"), {"sqlite_autoincrement": True})

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    field: Mapped[str] = mapped_column(String(40))
    note: Mapped[str]

    incident: Mapped[Incident] = relationship(back_populates="answer_notes", info=WITHIN)
