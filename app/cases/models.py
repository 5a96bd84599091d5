"""The case: the story that incidents, people, proceedings and contracts belong to; and who may follow it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, and_, exists, false, or_, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.access import ANALYST, CASEWORKER, COORDINATOR, WITHIN, Reader, in_teams_where, protected, teams_where
from app.accounts.models import Team, User
from app.db import Base, Happened, Numbered, Root, now
from app.search import Searchable
from app.vocabulary.models import code_column

RESTRICTED, TEAM, NETWORK = "RESTRICTED", "TEAM", "NETWORK"
CONFIDENTIALITY = (RESTRICTED, TEAM, NETWORK)


@protected
class Case(Searchable, Root, Base):
    """A story. Restricted to its members and the team's coordinators unless opened."""

    __tablename__ = "case"
    __letter__ = "C"
    __table_args__ = (
        CheckConstraint("confidentiality in ('RESTRICTED', 'TEAM', 'NETWORK')", name="confidentiality"),
        {"sqlite_autoincrement": True},
    )

    title_es: Mapped[str | None]
    title_en: Mapped[str | None]
    summary: Mapped[str | None]
    country: Mapped[str | None] = mapped_column(String(2))
    confidentiality: Mapped[str] = mapped_column(String(10), default=RESTRICTED)
    status: Mapped[str | None] = code_column("monitoring_status", default="ACTIVE")

    team: Mapped[Team] = relationship()
    members: Mapped[list[CaseMember]] = relationship(
        back_populates="case", cascade="all, delete-orphan", info=WITHIN, order_by="CaseMember.id"
    )
    entries: Mapped[list[TimelineEntry]] = relationship(
        back_populates="case", cascade="all, delete-orphan", info=WITHIN
    )

    def title_in(self, language: str) -> str:
        chosen = (self.title_en, self.title_es) if language == "en" else (self.title_es, self.title_en)
        return chosen[0] or chosen[1] or self.reference

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        shared = cls.confidentiality == NETWORK if teams_where(user) else false()
        return or_(cls.full_to(user), in_teams_where(cls.team_id, user, ANALYST), shared)

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        member = exists(
            select(CaseMember.id).where(CaseMember.case_id == cls.id, CaseMember.user_id == user.id).correlate(cls)
        )
        return or_(
            in_teams_where(cls.team_id, user, COORDINATOR),
            and_(in_teams_where(cls.team_id, user), member),
            and_(in_teams_where(cls.team_id, user, CASEWORKER), cls.confidentiality.in_((TEAM, NETWORK))),
        )

    def words_for_full_readers(self) -> list[str | None]:
        return [self.title_es, self.title_en, self.summary]

    def words_for_everyone(self) -> list[str | None]:
        return [self.reference]


@protected
class CaseMember(Numbered, Base):
    """Someone who follows the case. A restricted case is open to its members only."""

    __tablename__ = "case_member"
    __hangs_on__ = ("case", "case_id")

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    since: Mapped[datetime] = mapped_column(default=now)

    case: Mapped[Case] = relationship(back_populates="members", info=WITHIN)
    user: Mapped[User] = relationship(lazy="joined")

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.case.has(Case.full_to(user))

    full_to = visible_to


@protected
class TimelineEntry(Happened, Numbered, Base):
    """What belongs into the story but is not (yet) a record of its own: a law, a hearing, a contract signed."""

    __tablename__ = "timeline_entry"
    __hangs_on__ = ("case", "case_id")

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str] = code_column("record_kinds")
    entry_type: Mapped[str | None] = code_column("timeline_event_types")
    text_es: Mapped[str | None]
    text_en: Mapped[str | None]
    detail_es: Mapped[str | None]
    detail_en: Mapped[str | None]
    citation: Mapped[str | None]
    url: Mapped[str | None]
    is_public: Mapped[bool] = mapped_column(default=False)
    external_source: Mapped[str | None] = mapped_column(String(200))
    external_id: Mapped[str | None] = mapped_column(String(200))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    case: Mapped[Case] = relationship(back_populates="entries", info=WITHIN)

    def text_in(self, language: str) -> str:
        chosen = (self.text_en, self.text_es) if language == "en" else (self.text_es, self.text_en)
        return chosen[0] or chosen[1] or ""

    def detail_in(self, language: str) -> str:
        chosen = (self.detail_en, self.detail_es) if language == "en" else (self.detail_es, self.detail_en)
        return chosen[0] or chosen[1] or ""

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        """Its words are free text: who reads the case without identity sees only what is marked as public."""
        return or_(cls.full_to(user), and_(cls.is_public, cls.case.has(Case.visible_to(user))))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.case.has(Case.full_to(user))
