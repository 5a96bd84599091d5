"""Teams, people who work here, their roles, their sign-ins."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import cast

from flask_babel import gettext as _
from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audit import IDENTITY
from app.db import Base, Numbered, now


def new_handle() -> str:
    return secrets.token_hex(5)


def role_label(role: str | None) -> str:
    """The name of a role in the language of the page."""
    labels = {
        "ADMINISTRATOR": _("Administration"),
        "AUDITOR": _("Audit"),
        "COORDINATOR": _("Coordination"),
        "CASEWORKER": _("Casework"),
        "ANALYST": _("Analysis"),
    }
    return labels.get(role or "", "")


class Team(Numbered, Base):
    """The wall: what one team records, another does not see unless it is shared as *network*."""

    __tablename__ = "team"

    handle: Mapped[str] = mapped_column(String(10), unique=True, default=new_handle)
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    memberships: Mapped[list[Membership]] = relationship(back_populates="team", cascade="all, delete-orphan")


class User(UserMixin, Numbered, Base):
    """Someone who works with Amparo. Administrators and auditors hold no role in a team."""

    __tablename__ = "user"

    handle: Mapped[str] = mapped_column(String(10), unique=True, default=new_handle)
    """What stands in addresses instead of the number."""
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(String(2), default="es")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    shortcuts: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(info=IDENTITY)
    installation_role: Mapped[str | None] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="user", cascade="all, delete-orphan", lazy="selectin"
    )

    token = cast("str | None", None)
    """The sign-in that this object was loaded for; Flask-Login keeps it in the cookie."""

    def get_id(self) -> str:
        return self.token or ""

    # Flask-Login would compare the sign-ins: two people without one would be the same person.

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, User) and self.id is not None and self.id == other.id)

    def __hash__(self) -> int:
        return object.__hash__(self) if self.id is None else hash((User, self.id))

    @property
    def who_words(self) -> str:
        """The line under the name: the teams, or the role over the whole installation."""
        teams = dict.fromkeys(membership.team.name for membership in self.memberships)
        return ", ".join(teams) or role_label(self.installation_role)

    @property
    def role_words(self) -> str:
        """What this account does here: its roles, in whichever team."""
        held = dict.fromkeys(membership.role for membership in self.memberships)
        return ", ".join(role_label(role) for role in held) or role_label(self.installation_role)

    @property
    def is_active(self) -> bool:
        return self.active

    @cached_property
    def roles(self) -> Mapping[int, frozenset[str]]:
        """Team id → the roles held there."""
        held: dict[int, set[str]] = {}
        for membership in self.memberships:
            held.setdefault(membership.team_id, set()).add(membership.role)
        return {team: frozenset(roles) for team, roles in held.items()}


class Membership(Numbered, Base):
    """A role in a team."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("user_id", "team_id", "role"),
        CheckConstraint("role in ('COORDINATOR', 'CASEWORKER', 'ANALYST')", name="role"),
        {"sqlite_autoincrement": True},
    )
    __hangs_on__ = ("user", "user_id")

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))

    user: Mapped[User] = relationship(back_populates="memberships")
    team: Mapped[Team] = relationship(back_populates="memberships", lazy="joined")


class SignIn(Numbered, Base):
    """A signed-in browser, ended from the server when one signs out, is idle, or leaves the organisation."""

    __tablename__ = "sign_in"
    __audited__ = False

    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship()


class OneTimeLink(Numbered, Base):
    """Lets someone choose a password once, within a time."""

    __tablename__ = "one_time_link"
    __hangs_on__ = ("user", "user_id")

    token_digest: Mapped[str] = mapped_column(String(64), unique=True, info=IDENTITY)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Throttle(Base):
    """Failures of one account, one address, or the pair of both: the next try waits, nobody is locked out."""

    __tablename__ = "throttle"
    __audited__ = False

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=now)
