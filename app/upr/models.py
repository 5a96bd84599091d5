"""UPR packs that were made, and which records each carried: so that a withdrawn consent lists what to recall."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.db import Base, Numbered, now
from app.people.allowed import ANONYMISED_PUBLIC

PUBLIC, INTERNAL = "public", "internal"
OPEN = "public"
"""How far a row went that was public already."""


def pack_name(country: str, first: date, last: date, uid: uuid.UUID, profile: str = PUBLIC) -> str:
    """The name of a pack's folder and ZIP file; no organisation stands in it."""
    mark = "_INTERNAL" if profile == INTERNAL else ""
    return f"upr-pack_{country}_{first}_{last}_{uid.hex[:8]}{mark}"


class Pack(Numbered, Base):
    """A pack as it was made: filters, counts and hashes, not its content."""

    __tablename__ = "pack"

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    profile: Mapped[str] = mapped_column(String(10), default=PUBLIC)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    country: Mapped[str] = mapped_column(String(3))
    period_from: Mapped[date]
    period_to: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    rows: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(String(64))
    """Of SHA256SUMS, which holds the hashes of all other files."""
    manifest: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None]
    """Why it shows more than a pack of the public profile does."""
    cover: Mapped[dict[str, Any] | None]
    """Who submits, as the annex says it; proposed again for the next pack."""

    made_by: Mapped[User | None] = relationship()

    @property
    def name(self) -> str:
        return pack_name(self.country, self.period_from, self.period_to, self.uid, self.profile)


class PackRecord(Base):
    """An incident that a pack carried: as a row, or counted in its tables only."""

    __tablename__ = "pack_record"
    __audited__ = False

    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), primary_key=True, index=True)
    reach: Mapped[str] = mapped_column(String(20), default=ANONYMISED_PUBLIC)
    """How far it went: counted, without names, as what is public already, or with names."""


class PackContract(Base):
    """An agreement or addendum that a pack carried."""

    __tablename__ = "pack_contract"
    __audited__ = False

    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), primary_key=True, index=True)


class PackProceeding(Base):
    """A proceeding that a pack carried, in the same way."""

    __tablename__ = "pack_proceeding"
    __audited__ = False

    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), primary_key=True, index=True)
    reach: Mapped[str] = mapped_column(String(20), default=ANONYMISED_PUBLIC)
