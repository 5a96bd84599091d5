"""People: a pseudonym and what is needed to defend them; apart from it who they are, and what they allow."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    exists,
    false,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.access import (
    CASEWORKER,
    COORDINATOR,
    WITHIN,
    Reader,
    Rule,
    any_of,
    protected,
    teams_where,
    widen,
    wider_full,
    wider_visible,
)
from app.accounts.models import Membership, User
from app.audit import IDENTITY
from app.cases.models import Case, CaseMember
from app.db import Base, Numbered, Root, SealedText, SortText, fold, now
from app.merging import Merge
from app.organisations.models import Organisation
from app.search import Searchable, follows
from app.vocabulary.models import code_column


@protected
class Person(Searchable, Root, Base):
    """A defender, family, collective or organisation, as everybody who works on the case may know them."""

    __tablename__ = "person"
    __letter__ = "D"

    pseudonym: Mapped[str]
    kind: Mapped[str | None] = code_column("person_kinds")
    country: Mapped[str | None] = mapped_column(String(2))
    gender: Mapped[str | None] = code_column("gender_identity")
    age_group: Mapped[str | None] = code_column("age_groups")
    defender_groups: Mapped[list[str] | None]
    rights_defended: Mapped[list[str] | None]
    peoples: Mapped[list[str] | None]
    community: Mapped[str | None]
    members_least: Mapped[int | None]
    members_most: Mapped[int | None]
    is_public_figure: Mapped[bool] = mapped_column(default=False)
    open_name: Mapped[str | None]
    """Under which name a public figure is known to everybody; full readers see it beside the pseudonym."""
    open_name_source: Mapped[str | None]
    note: Mapped[str | None]

    identity: Mapped[PersonIdentity | None] = relationship(
        back_populates="person", cascade="all, delete-orphan", info=WITHIN, lazy="raise"
    )
    consents: Mapped[list[Consent]] = relationship(
        back_populates="person", cascade="all, delete-orphan", info=WITHIN, order_by="Consent.id", lazy="selectin"
    )
    """Loaded with every person: wherever one is named, what may be done with it stands beside."""
    aliases: Mapped[list[PersonAlias]] = relationship(
        back_populates="person", cascade="all, delete-orphan", info=WITHIN, order_by="PersonAlias.id"
    )
    leaderships: Mapped[list[PersonLeadership]] = relationship(
        back_populates="person", cascade="all, delete-orphan", info=WITHIN, order_by="PersonLeadership.id"
    )
    case_roles: Mapped[list[CaseRole]] = relationship(
        back_populates="person", cascade="all, delete-orphan", info=WITHIN
    )

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return any_of([cls._recorded_by(user), *wider_visible(cls, user)])

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        recorders = teams_where(user, COORDINATOR, CASEWORKER)
        return and_(cls.team_id.in_(recorders), any_of([cls._recorded_by(user), *wider_full(cls, user)]))

    @classmethod
    def identity_open_to(cls, user: Reader) -> ColumnElement[bool]:
        """Who may ask who it is: the coordination, members of a case in which they are, whoever recorded them.

        Nobody of a record that went into another one: the one that stands decides, and an identity that was not
        chosen may lie here.
        """
        coordinated = cls.team_id.in_(teams_where(user, COORDINATOR))
        asks = any_of([coordinated, cls._recorded_by(user), *wider_full(PersonIdentity, user)])
        return and_(cls.full_to(user), asks, not_(PersonMerge.stands_over(cls)))

    @classmethod
    def _recorded_by(cls, user: Reader) -> ColumnElement[bool]:
        recorders = teams_where(user, COORDINATOR, CASEWORKER)
        return and_(cls.created_by_id == user.id, cls.team_id.in_(recorders)) if recorders else false()

    def set_aliases(self, names: list[str]) -> None:
        """How others call them, each once; a name that stays is the same row."""
        kept = {alias.name_folded: alias for alias in self.aliases}
        wanted = {fold(name): name for name in names if fold(name) and fold(name) != fold(self.pseudonym)}
        self.aliases = [kept.get(key) or PersonAlias(name=name, name_folded=key) for key, name in wanted.items()]

    @property
    def name_in_the_open(self) -> str | None:
        """The name of a public figure, where somebody has said from where everybody knows it."""
        return self.open_name if self.is_public_figure else None

    def words_for_full_readers(self) -> list[str | None]:
        return [self.community, self.name_in_the_open, *(alias.name for alias in self.aliases)]

    def words_for_everyone(self) -> list[str | None]:
        return [self.reference, self.pseudonym]


class PartReadInFull(Numbered):
    """What hangs on a person and only who reads the person in full may see."""

    __hangs_on__: ClassVar[tuple[str, str] | None] = ("person", "person_id")

    @declared_attr
    def person_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("person.id"), index=True)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.person.has(Person.full_to(user))  # type: ignore[attr-defined]

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.visible_to(user)


class Lasting:
    """What holds from a day to another, as far as they are known: 2012, 2012-05 or 2012-05-28."""

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    version: Mapped[int] = mapped_column(default=1)
    since: Mapped[str | None] = mapped_column(String(10))
    until: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str | None]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


@protected
class PersonAlias(PartReadInFull, Base):
    """How the community or the press calls a person. Not the legal name: that is kept apart."""

    __tablename__ = "person_alias"
    __table_args__ = (UniqueConstraint("person_id", "name_folded"), {"sqlite_autoincrement": True})

    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(SortText, index=True)

    person: Mapped[Person] = relationship(back_populates="aliases", info=WITHIN)


@protected
class PersonLeadership(Lasting, PartReadInFull, Base):
    """A post or part by which others know the person: president of a community, journalist, lawyer."""

    __tablename__ = "person_leadership"

    kind: Mapped[str] = code_column("leadership_kinds")
    title: Mapped[str | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    person: Mapped[Person] = relationship(back_populates="leaderships", info=WITHIN)
    organisation: Mapped[Organisation | None] = relationship(info=WITHIN)


@protected
class PersonOrganisation(Lasting, PartReadInFull, Base):
    """What a person is or was in an organisation."""

    __tablename__ = "person_organisation"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = code_column("organisation_ties")

    person: Mapped[Person] = relationship(info=WITHIN)
    organisation: Mapped[Organisation] = relationship(info=WITHIN)


@protected
class PersonRelation(Lasting, Numbered, Base):
    """What one person is to another, said from the first to the second. Who sees one only, sees nothing of it."""

    __tablename__ = "person_relation"
    __hangs_on__ = ("person", "person_id")

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = code_column("person_relations")

    person: Mapped[Person] = relationship(foreign_keys=person_id, info=WITHIN)
    other: Mapped[Person] = relationship(foreign_keys=other_id, info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        """Who leads to whom may tell who somebody is: one end is read in full, and the other seen."""
        full, seen = Person.full_to(user), Person.visible_to(user)
        return or_(and_(cls.person.has(full), cls.other.has(seen)), and_(cls.person.has(seen), cls.other.has(full)))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return and_(cls.person.has(Person.full_to(user)), cls.other.has(Person.full_to(user)))


def _person_of_alias(_session: Any, alias: PersonAlias) -> list[Any]:
    return [alias.person] if alias.person is not None else []


follows(PersonAlias, _person_of_alias)


# --- what has left the house ---------------------------------------------------------------------


@protected
class Export(Numbered, Base):
    """A file that somebody took: when, of what kind, of which time. Its content is not kept.

    Its name may carry that of a case, and who took it works on that case.
    """

    __tablename__ = "export"
    __audited__ = False
    __table_args__ = (Index("ix_export_taken_at", "taken_at"), {"sqlite_autoincrement": True})

    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    taken_at: Mapped[datetime] = mapped_column(default=now)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    """The one case of which it tells; none for a list or a pack."""
    rows: Mapped[int] = mapped_column(default=0)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    form: Mapped[str | None] = mapped_column(String(10))
    filters: Mapped[dict[str, Any] | None]
    """Codes and days; of what was typed only that it was typed."""
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    """Of the bytes that left; none for a page and for what left before digests were kept."""
    sha256_inside: Mapped[str | None] = mapped_column(String(64), index=True)
    """Of the file in a locked archive."""

    taken_by: Mapped[User | None] = relationship()

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        """Who sees the case of which it tells; of one that tells of no single case, the team that took it."""
        of_a_case = cls.case_id.in_(select(Case.id).where(Case.visible_to(user)))
        of_the_team = select(Membership.user_id).where(Membership.team_id.in_(teams_where(user)))
        return or_(of_a_case, and_(cls.case_id.is_(None), cls.taken_by_id.in_(of_the_team)))

    full_to = visible_to


@protected
class ExportedPerson(PartReadInFull, Base):
    """That an export held a row about a person; *is_named*: with the legal name."""

    __tablename__ = "exported_person"
    __audited__ = False
    __table_args__ = (UniqueConstraint("export_id", "person_id"), {"sqlite_autoincrement": True})

    export_id: Mapped[int] = mapped_column(ForeignKey("export.id"))
    is_named: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(info=WITHIN)
    export: Mapped[Export] = relationship(info=WITHIN)


# --- two records of one person -------------------------------------------------------------------


@protected
class PersonMerge(Merge, Base):
    """That two records were one person."""

    __tablename__ = "person_merge"
    __hangs_on__ = ("person", "kept_id")

    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    identity_chosen: Mapped[str | None] = mapped_column(String(5))
    """Of two identities: "kept" or "gone" is the right one; None while nobody has looked at both."""

    kept: Mapped[Person] = relationship(foreign_keys=kept_id, info=WITHIN)
    gone: Mapped[Person] = relationship(foreign_keys=gone_id, info=WITHIN)

    @classmethod
    def stands_over(cls, person: type[Person]) -> ColumnElement[bool]:
        """Whether the person's record went into another one, and that was not taken back."""
        standing = select(cls.id).where(cls.gone_id == person.id, cls.undone_at.is_(None))
        return exists(standing.correlate(person))

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.kept.has(Person.full_to(user))

    full_to = visible_to


@protected
class PersonIdentity(Numbered, Base):
    """Who it is. Shown on demand with a reason that is recorded; in no list, search, export or history."""

    __tablename__ = "person_identity"
    __hangs_on__ = ("person", "person_id")

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    legal_name: Mapped[str | None] = mapped_column(SealedText(), info=IDENTITY)
    document: Mapped[str | None] = mapped_column(SealedText(), info=IDENTITY)
    birth_date: Mapped[str | None] = mapped_column(SealedText(), info=IDENTITY)
    contact: Mapped[str | None] = mapped_column(SealedText(), info=IDENTITY)

    person: Mapped[Person] = relationship(back_populates="identity", info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.person.has(Person.identity_open_to(user))

    full_to = visible_to


@protected
class Consent(Numbered, Base):
    """What a person allows, for a purpose, from a day on. No row means: not asked yet. C0 means: refused."""

    __tablename__ = "consent"
    __hangs_on__ = ("person", "person_id")

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = code_column("consent_purposes")
    level: Mapped[str] = code_column("consent_levels")
    recipient: Mapped[str | None]
    given_on: Mapped[date]
    expires_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawal_reason: Mapped[str | None]
    note: Mapped[str | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship(back_populates="consents", info=WITHIN)

    def holds_on(self, day: date) -> bool:
        """Given, not withdrawn and not expired on that day."""
        return (
            self.given_on <= day
            and (self.withdrawn_on is None or day < self.withdrawn_on)
            and (self.expires_on is None or day <= self.expires_on)
        )

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.person.has(Person.visible_to(user))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.person.has(Person.full_to(user))


@protected
class CaseRole(Numbered, Base):
    """What a person is in a case. Whoever sees the case sees the person."""

    __tablename__ = "case_role"
    __hangs_on__ = ("case", "case_id")
    __says_the_same__ = ("case_id", "role")
    """Of two records that turn out to be one person, a row with the same values says nothing more."""

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str | None] = code_column("case_roles")

    case: Mapped[Case] = relationship(info=WITHIN)
    person: Mapped[Person] = relationship(back_populates="case_roles", info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.case.has(Case.visible_to(user))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.case.has(Case.full_to(user))


def _has_role_in(case_rule: Rule) -> Rule:
    def rule(user: Reader) -> ColumnElement[bool]:
        return exists(
            select(CaseRole.id)
            .join(Case, Case.id == CaseRole.case_id)
            .where(CaseRole.person_id == Person.id, case_rule(user))
            .correlate(Person)
        )

    return rule


widen(Person, visible_to=_has_role_in(Case.visible_to), full_to=_has_role_in(Case.full_to))


def _follows_a_case_of(user: Reader) -> ColumnElement[bool]:
    return exists(
        select(CaseRole.id)
        .join(CaseMember, CaseMember.case_id == CaseRole.case_id)
        .where(CaseRole.person_id == Person.id, CaseMember.user_id == user.id)
        .correlate(Person)
    )


widen(PersonIdentity, visible_to=_follows_a_case_of, full_to=_follows_a_case_of)
