"""Companies, police units, courts, communities and projects, with the names by which sources call them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, String, and_, false, or_
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.access import WITHIN, Reader, protected, teams_where
from app.accounts.models import Team
from app.db import Base, Numbered, Root, SortText, fold
from app.merging import Merge
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


class Called:
    """Has a name, and further ones by which sources call it: its own, and those that a team has for what all share."""

    aliases: Any
    team_aliases: Any
    __alias__: Any

    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(SortText, index=True)

    def rename(self, name: str) -> None:
        self.name, self.name_folded = name, fold(name)

    def set_aliases(self, names: list[str]) -> None:
        kept = {alias.name_folded: alias for alias in self.aliases}
        make = type(self).__alias__()
        self.aliases = [kept.get(fold(name)) or make(name=name, name_folded=fold(name)) for name in names]

    def set_team_aliases(self, team_id: int, names: list[str]) -> list[Any]:
        """Gives the rows that are no longer: whoever calls deletes them."""
        own = {alias.name_folded: alias for alias in self.team_aliases if alias.team_id == team_id}
        wanted = {fold(name): name for name in names}
        make = type(self).__alias__()
        for folded, name in wanted.items():
            if folded not in own:
                self.team_aliases.append(make(name=name, name_folded=folded, team_id=team_id))
        return [alias for folded, alias in own.items() if folded not in wanted]

    @property
    def names(self) -> list[str]:
        """All that whoever sees it may know it by."""
        return [self.name, *(alias.name for alias in self.aliases)]

    def names_for(self, team_id: int | None) -> list[str]:
        """These and the names by which one team calls it, for what that team alone reads."""
        return [*self.names, *(alias.name for alias in self.team_aliases if alias.team_id == team_id)]


class Alias(Numbered):
    """A further name. With a team it is that team's name for a record of the pack, and nobody else reads it."""

    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(SortText, index=True)

    @declared_attr
    def team_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("team.id"), index=True)

    @classmethod
    def open_to(cls, user: Reader) -> ColumnElement[bool]:
        """Whether the name is one that the user may read, of a record that the user sees."""
        return or_(cls.team_id.is_(None), cls.team_id.in_(teams_where(user)))


@protected
class Organisation(Shared, Called, Root, Base):  # type: ignore[misc]
    """A company, unit, court, community, medium or other body."""

    __tablename__ = "organisation"
    __letter__ = "O"

    kind: Mapped[str | None] = code_column("organisation_types")
    country: Mapped[str | None] = mapped_column(String(2))
    parent_name: Mapped[str | None]
    """Who owns it, as the source says."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Who owns it, on record: of the same team or of the pack, so that whoever reads the one reads the other."""
    home_country: Mapped[str | None] = mapped_column(String(2))
    note: Mapped[str | None]
    source: Mapped[str | None]

    aliases: Mapped[list[OrganisationAlias]] = relationship(
        back_populates="organisation",
        primaryjoin="and_(Organisation.id == OrganisationAlias.organisation_id, OrganisationAlias.team_id.is_(None))",
        cascade="all, delete-orphan",
        lazy="selectin",
        info=WITHIN,
    )
    team_aliases: Mapped[list[OrganisationAlias]] = relationship(
        primaryjoin="and_(Organisation.id == OrganisationAlias.organisation_id, "
        "OrganisationAlias.team_id.is_not(None))",
        overlaps="aliases,organisation",
        info=WITHIN,
    )
    """Of all teams: what is shown or searched is asked for with `names_for` or `open_to`."""
    parent: Mapped[Organisation | None] = relationship(remote_side="Organisation.id", info=WITHIN)

    @staticmethod
    def __alias__() -> type[OrganisationAlias]:
        return OrganisationAlias


@protected
class OrganisationAlias(Alias, Base):
    """Another name of an organisation."""

    __tablename__ = "organisation_alias"
    __hangs_on__ = ("organisation", "organisation_id")

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)

    organisation: Mapped[Organisation] = relationship(back_populates="aliases", info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return and_(cls.open_to(user), cls.organisation.has(Organisation.visible_to(user)))

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
class Project(Shared, Called, Root, Base):  # type: ignore[misc]
    """A mine, oil block, dam or road: what the conflict is about, with the districts of its site."""

    __tablename__ = "project"
    __letter__ = "J"

    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    site: Mapped[str | None] = mapped_column(String(40))
    sector: Mapped[str | None] = code_column("sectors")
    note: Mapped[str | None]
    source: Mapped[str | None]

    aliases: Mapped[list[ProjectAlias]] = relationship(
        back_populates="project",
        primaryjoin="and_(Project.id == ProjectAlias.project_id, ProjectAlias.team_id.is_(None))",
        cascade="all, delete-orphan",
        lazy="selectin",
        info=WITHIN,
    )
    team_aliases: Mapped[list[ProjectAlias]] = relationship(
        primaryjoin="and_(Project.id == ProjectAlias.project_id, ProjectAlias.team_id.is_not(None))",
        overlaps="aliases,project",
        info=WITHIN,
    )
    companies: Mapped[list[Organisation]] = relationship(secondary="project_company", lazy="selectin", info=WITHIN)
    places: Mapped[list[Place]] = relationship(secondary="project_place")

    def reference_country(self) -> Any:
        if self.site and self.site.startswith("PE-"):
            return "PE"
        named: list[Any] = [*self.places, *self.companies]
        return next((row.country for row in named if row.country), None)

    @staticmethod
    def __alias__() -> type[ProjectAlias]:
        return ProjectAlias


@protected
class ProjectAlias(Alias, Base):
    """Another name of a project."""

    __tablename__ = "project_alias"
    __hangs_on__ = ("project", "project_id")

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)

    project: Mapped[Project] = relationship(back_populates="aliases", info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return and_(cls.open_to(user), cls.project.has(Project.visible_to(user)))

    full_to = visible_to


# --- recorded twice ------------------------------------------------------------------------------


@protected
class OrganisationMerge(Merge, Base):
    """That two records were one organisation. The one that stays may be of the pack; the other is a team's own."""

    __tablename__ = "organisation_merge"
    __hangs_on__ = ("organisation", "kept_id")

    kept_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)

    kept: Mapped[Organisation] = relationship(foreign_keys=kept_id, info=WITHIN)
    gone: Mapped[Organisation] = relationship(foreign_keys=gone_id, info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.gone.has(Organisation.visible_to(user))

    full_to = visible_to


@protected
class ProjectMerge(Merge, Base):
    """That two records were one project."""

    __tablename__ = "project_merge"
    __hangs_on__ = ("project", "kept_id")

    kept_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)

    kept: Mapped[Project] = relationship(foreign_keys=kept_id, info=WITHIN)
    gone: Mapped[Project] = relationship(foreign_keys=gone_id, info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.gone.has(Project.visible_to(user))

    full_to = visible_to
