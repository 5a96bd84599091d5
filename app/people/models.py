"""People: a pseudonym and what is needed to defend them; apart from it who they are, and what they allow."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, String, and_, exists, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

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
from app.audit import IDENTITY
from app.cases.models import Case, CaseMember
from app.db import Base, Numbered, Root, SealedText, now
from app.search import Searchable
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
    note: Mapped[str | None]

    identity: Mapped[PersonIdentity | None] = relationship(
        back_populates="person", cascade="all, delete-orphan", info=WITHIN, lazy="raise"
    )
    consents: Mapped[list[Consent]] = relationship(
        back_populates="person", cascade="all, delete-orphan", info=WITHIN, order_by="Consent.id"
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
        """Who may ask who it is: the coordination, members of a case in which they are, whoever recorded them."""
        coordinated = cls.team_id.in_(teams_where(user, COORDINATOR))
        return and_(cls.full_to(user), any_of([coordinated, cls._recorded_by(user), *wider_full(PersonIdentity, user)]))

    @classmethod
    def _recorded_by(cls, user: Reader) -> ColumnElement[bool]:
        recorders = teams_where(user, COORDINATOR, CASEWORKER)
        return and_(cls.created_by_id == user.id, cls.team_id.in_(recorders)) if recorders else false()

    def words_for_full_readers(self) -> list[str | None]:
        return [self.community]

    def words_for_everyone(self) -> list[str | None]:
        return [self.reference, self.pseudonym]


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
