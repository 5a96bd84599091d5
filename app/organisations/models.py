"""Companies, police units, courts, communities and projects, with the names by which sources call them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, false, or_
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.access import WITHIN, Reader, protected, teams_where
from app.accounts.models import Team
from app.db import Base, Numbered, Root, SortText, fold
from app.places.models import Place
from app.vocabulary.models import code_column


class Shared:
    """Belongs to a team, or to no team when it came with a pack and is public knowledge."""

    @declared_attr
    def team_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("team.id"), index=True)

    @declared_attr
    def team(cls) -> Mapped[Team | None]:
        return relationship()

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        teams = teams_where(user)
        if not teams:
            return false()
        return or_(cls.team_id.is_(None), cls.team_id.in_(teams))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.visible_to(user)


@protected
class Organisation(Shared, Root, Base):  # type: ignore[misc]
    """A company, unit, court, community, medium or other body."""

    __tablename__ = "organisation"
    __letter__ = "O"

    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(SortText, index=True)
    kind: Mapped[str | None] = code_column("organisation_types")
    country: Mapped[str | None] = mapped_column(String(2))
    parent_name: Mapped[str | None]
    home_country: Mapped[str | None] = mapped_column(String(2))
    note: Mapped[str | None]
    source: Mapped[str | None]

    aliases: Mapped[list[OrganisationAlias]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", lazy="selectin", info=WITHIN
    )

    def rename(self, name: str) -> None:
        self.name, self.name_folded = name, fold(name)

    def set_aliases(self, names: list[str]) -> None:
        kept = {alias.name_folded: alias for alias in self.aliases}
        self.aliases = [kept.get(fold(name)) or OrganisationAlias(name=name, name_folded=fold(name)) for name in names]


@protected
class OrganisationAlias(Numbered, Base):
    """Another name of an organisation."""

    __tablename__ = "organisation_alias"
    __hangs_on__ = ("organisation", "organisation_id")

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(SortText, index=True)

    organisation: Mapped[Organisation] = relationship(back_populates="aliases", info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.organisation.has(Organisation.visible_to(user))

    full_to = visible_to


class ProjectCompany(Base):
    """Which companies run a project."""

    __tablename__ = "project_company"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)


class ProjectPlace(Base):
    """The districts that a project touches."""

    __tablename__ = "project_place"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True, index=True)


@protected
class Project(Shared, Root, Base):  # type: ignore[misc]
    """A mine, oil block, dam or road: what the conflict is about, with the districts of its site."""

    __tablename__ = "project"
    __letter__ = "J"

    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(SortText, index=True)
    site: Mapped[str | None] = mapped_column(String(40))
    sector: Mapped[str | None] = code_column("sectors")
    aliases: Mapped[list[str] | None]
    note: Mapped[str | None]
    source: Mapped[str | None]

    companies: Mapped[list[Organisation]] = relationship(secondary="project_company", lazy="selectin", info=WITHIN)
    places: Mapped[list[Place]] = relationship(secondary="project_place")

    def reference_country(self) -> Any:
        return "PE" if self.site and self.site.startswith("PE-") else None
