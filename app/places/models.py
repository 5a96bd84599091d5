"""Places: a tree of country, department, province and district."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Numbered, SortText

DEPARTMENT, PROVINCE, DISTRICT = "department", "province", "district"
LEVELS = (DEPARTMENT, PROVINCE, DISTRICT)


class Place(Numbered, Base):
    """A department, province or district. UBIGEO codes are INEI's and RENIEC's, which differ; either may be missing."""

    __tablename__ = "place"
    __audited__ = False

    key: Mapped[str] = mapped_column(String(20), unique=True)
    country: Mapped[str] = mapped_column(String(2), index=True)
    level: Mapped[str] = mapped_column(String(12))
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(SortText, index=True)
    code_inei: Mapped[str | None] = mapped_column(String(6), index=True)
    code_reniec: Mapped[str | None] = mapped_column(String(6))
    iso_3166_2: Mapped[str | None] = mapped_column(String(6))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    province_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)

    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    aliases: Mapped[str | None]
    selectable: Mapped[bool] = mapped_column(default=True)

    parent: Mapped[Place | None] = relationship(remote_side="Place.id", foreign_keys=parent_id)
    department: Mapped[Place | None] = relationship(remote_side="Place.id", foreign_keys=department_id)
    province: Mapped[Place | None] = relationship(remote_side="Place.id", foreign_keys=province_id)

    @property
    def full_name(self) -> str:
        """From the small to the large: Challhuahuacho, Cotabambas, Apurímac."""
        above = [place.name for place in (self.province, self.department) if place is not None]
        return ", ".join(dict.fromkeys([self.name, *above]))

    @property
    def admin1(self) -> Place:
        """The department: as exact as reading without identity gets."""
        return self.department or self
