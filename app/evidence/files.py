"""Files on records: what is known of each beside its bytes, and which records may hold files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import BigInteger, ColumnElement, String, UniqueConstraint, and_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.access import Reader, any_of, protected, widen, wider_full
from app.audit import IDENTITY
from app.db import Base, BigId, Root, SealedText
from app.evidence.models import Source
from app.evidence.names import served_as
from app.evidence.recognising import FORMATS, Format


@protected
class EvidenceFile(Root, Base):
    """A file on a record. Read by who reads that record in full, by nobody else and not in part: a picture can betray.

    It names its record by table and number, so that every room may hold files: see `add_holder`. Its name and what is
    said of it may name people: both are sealed, and leave no values in the trail. A file is withdrawn, never deleted.
    """

    __tablename__ = "evidence_file"
    __letter__ = "E"
    __table_args__ = (
        # Also how the files of a record are found.
        UniqueConstraint("holder_kind", "holder_id", "sha256"),
        {"sqlite_autoincrement": True},
    )

    holder_kind: Mapped[str] = mapped_column(String(60))
    """The table of the record."""
    holder_id: Mapped[int] = mapped_column(BigId)
    country: Mapped[str | None] = mapped_column(String(2))
    filename: Mapped[str] = mapped_column(SealedText(), info=IDENTITY)
    """As it came, without what could lead astray."""
    description: Mapped[str | None] = mapped_column(SealedText(), info=IDENTITY)
    media_type: Mapped[str] = mapped_column(String(100))
    """By its content, whatever the name says."""
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the bytes as they were received."""

    @property
    def __hangs_on__(self) -> tuple[str, str]:  # type: ignore[override]
        return (self.holder_kind, "holder_id")

    @property
    def format(self) -> Format:
        return FORMATS[self.media_type]

    @property
    def served_name(self) -> str:
        return served_as(self.filename, self.format)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return any_of(wider_full(cls, user))

    full_to = visible_to


# --- what holds files ----------------------------------------------------------------------------


def _is_not_withdrawn(row: Any) -> bool:
    return not row.is_withdrawn


@dataclass(frozen=True)
class Holder:
    """A kind of record that may hold files: *endpoint* shows one by its reference, *is_open* says whether it takes
    changes."""

    model: Any
    endpoint: str
    is_open: Callable[[Any], bool] = _is_not_withdrawn

    def address(self, row: Any) -> str:
        return url_for(self.endpoint, reference=row.reference, _anchor="files")


_holders: dict[str, Holder] = {}


def add_holder(model: Any, endpoint: str, is_open: Callable[[Any], bool] = _is_not_withdrawn) -> None:
    """Let the records of a model hold files. Called once, when its room is imported."""
    kind = model.__tablename__
    _holders[kind] = Holder(model, endpoint, is_open)

    def read_in_full(user: Reader) -> ColumnElement[bool]:
        read = select(model.id).where(model.full_to(user))
        return and_(EvidenceFile.holder_kind == kind, EvidenceFile.holder_id.in_(read))

    widen(EvidenceFile, visible_to=read_in_full, full_to=read_in_full)


def holder_of_kind(kind: str) -> Holder | None:
    return _holders.get(kind)


add_holder(Source, "evidence.source")
