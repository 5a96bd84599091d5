"""Code lists: bilingual, from packs, with local edits that an update keeps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.db import Base, Numbered

PACK, LOCAL = "pack", "local"
"""Where a code comes from: the packs, or this installation."""


class Code(Numbered, Base):
    """A row of a code list. *key* is `list/code`: what records refer to."""

    __tablename__ = "code"
    __table_args__ = (UniqueConstraint("list", "code"), {"sqlite_autoincrement": True})

    key: Mapped[str] = mapped_column(String(120), unique=True)
    list: Mapped[str] = mapped_column(String(50))
    code: Mapped[str] = mapped_column(String(60))
    country: Mapped[str | None] = mapped_column(String(2))
    label_en: Mapped[str]
    label_es: Mapped[str]
    definition_en: Mapped[str | None]
    definition_es: Mapped[str | None]
    parent: Mapped[str | None] = mapped_column(String(60))
    sort: Mapped[int] = mapped_column(default=0)
    selectable: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[str | None] = mapped_column(String(10))
    valid_to: Mapped[str | None] = mapped_column(String(10))
    source: Mapped[str | None]
    verified: Mapped[str | None] = mapped_column(String(1))
    upr: Mapped[str | None] = mapped_column(String(60))
    origin: Mapped[str] = mapped_column(String(10), default=PACK)
    edited: Mapped[bool] = mapped_column(default=False)
    extra: Mapped[dict[str, Any] | None]


class VocabularyVersion(Base):
    """One number, raised with every change, so that each process knows when its labels are old."""

    __tablename__ = "vocabulary_version"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class CodeOf(TypeDecorator[str]):
    """A code of one list: plain in Python (`LIFE.KILL`), kept as its key (`incident_types/LIFE.KILL`)."""

    impl = String(120)
    cache_ok = True

    def __init__(self, list_name: str) -> None:
        super().__init__()
        self.list_name = list_name

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return f"{self.list_name}/{value}" if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value.split("/", 1)[1] if value else None


def code_column(list_name: str, **options: Any) -> Mapped[Any]:
    """A column that holds a code of the list; the database refuses one that the list does not have."""
    return mapped_column(CodeOf(list_name), ForeignKey("code.key"), **options)
