"""An alert on a record of any room: who raised it, by when it should be acknowledged, and who did."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.access import Reader, any_of, protected, wider_full, wider_visible
from app.accounts.models import User
from app.db import Base, BigId, Numbered, now


@protected
class Alert(Numbered, Base):
    """It names its record by table, number and reference, so that every room may raise one.

    Who sees it is said by the room of the record, with `widen(Alert, …)`: without a word of it, nobody.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_root", "root_table", "root_id"),
        Index("ix_alert_open", "team_id", "acknowledged_at", "ended_at"),
        {"sqlite_autoincrement": True},
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(String(40))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    root_table: Mapped[str] = mapped_column(String(60))
    root_id: Mapped[int] = mapped_column(BigId)
    reference: Mapped[str] = mapped_column(String(11))
    about: Mapped[str | None] = mapped_column(String(60))
    """Tells alerts of one kind on one record apart, for instance by the uid of what is overdue."""
    raised_at: Mapped[datetime] = mapped_column(default=now)
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    will_do: Mapped[str | None]
    """What whoever acknowledged it said would be done."""
    ended_at: Mapped[datetime | None]
    """When its reason was gone before anybody had acknowledged it."""
    version: Mapped[int] = mapped_column(default=1)

    raised_by: Mapped[User | None] = relationship(foreign_keys=raised_by_id)
    acknowledged_by: Mapped[User | None] = relationship(foreign_keys=acknowledged_by_id)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}

    @property
    def __hangs_on__(self) -> tuple[str, str]:  # type: ignore[override]
        return (self.root_table, "root_id")

    @property
    def is_open(self) -> bool:
        return self.acknowledged_at is None and self.ended_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at < now()

    @property
    def was_late(self) -> bool:
        return self.acknowledged_at is not None and self.acknowledged_at > self.due_at

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return any_of(wider_visible(cls, user))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return any_of(wider_full(cls, user))


@dataclass(frozen=True)
class AlertKind:
    """What a kind is called, and the address of the record that an alert of it names."""

    name: str
    words: Any
    address: Callable[[Alert], str]


_kinds: dict[str, AlertKind] = {}


def add_kind(kind: AlertKind) -> None:
    _kinds[kind.name] = kind


def kind_of(alert: Alert) -> AlertKind:
    return _kinds[alert.kind]
