"""What is asked of accounts: who works here, teams, open sign-ins, and the entries of the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from app import dates
from app.accounts.models import Membership, SignIn, Team, User
from app.audit import AuditEntry
from app.db import db, fold

DEMO_DOMAIN = "@demo.example"


def names_of(numbers: Iterable[int | None]) -> dict[int | None, str]:
    """Number of a user → name; numbers that are None or nobody's are left out."""
    wanted = {number for number in numbers if number is not None}
    found = select(User.id, User.name).where(User.id.in_(wanted))
    return {number: name for number, name in db.session.execute(found)} if wanted else {}


def accounts_found(words: str = "", *, everybody: bool = False) -> Select[User]:
    """Accounts by name; those that are switched off only when *everybody* is asked for, and last."""
    statement = select(User).order_by(User.active.desc(), User.name, User.id)
    if not everybody:
        statement = statement.where(User.active.is_(True))
    if words.strip():
        # The address is kept folded; names are few enough for the database's own idea of case.
        wanted = f"%{_literal(words.strip())}%"
        folded = f"%{_literal(fold(words))}%"
        statement = statement.where(
            or_(User.name.ilike(wanted, escape="\\"), User.email_folded.like(folded, escape="\\"))
        )
    return statement


def switched_off() -> Select[User]:
    return select(User).where(User.active.is_(False))


def _literal(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def demonstration_accounts() -> Select[User]:
    """The accounts that the sign-in page of a demonstration offers."""
    return select(User).where(User.email_folded.endswith(DEMO_DOMAIN), User.active.is_(True)).order_by(User.id)


def teams_with_people() -> Select[Team]:
    return select(Team).options(selectinload(Team.memberships).joinedload(Membership.user)).order_by(Team.name)


def sign_ins_of(user: User, since: datetime) -> Select[SignIn]:
    return select(SignIn).where(SignIn.user_id == user.id, SignIn.seen_at >= since).order_by(SignIn.seen_at.desc())


@dataclass(frozen=True)
class TrailWish:
    """Which entries of the trail; nothing means all."""

    since: date | None = None
    until: date | None = None
    who: str | None = None
    deed: str | None = None
    reference: str | None = None


SYSTEM = "system"
"""Instead of a user's handle: what no person did."""


def trail_found(wish: TrailWish) -> Select[AuditEntry]:
    """Entries, newest first. What was written in the records stands elsewhere and is never asked for here."""
    statement = select(AuditEntry).order_by(AuditEntry.id.desc())
    if wish.since:
        statement = statement.where(AuditEntry.at >= _start_of(wish.since))
    if wish.until:
        statement = statement.where(AuditEntry.at < _start_of(wish.until + timedelta(days=1)))
    if wish.who == SYSTEM:
        statement = statement.where(AuditEntry.actor_id.is_(None))
    elif wish.who:
        statement = statement.where(
            AuditEntry.actor_id == select(User.id).where(User.handle == wish.who).scalar_subquery()
        )
    if wish.deed:
        statement = statement.where(AuditEntry.deed == wish.deed)
    if wish.reference:
        statement = statement.where(AuditEntry.reference == wish.reference.strip().upper())
    return statement


def deeds_on_record() -> Select[str]:
    return select(AuditEntry.deed).distinct().order_by(AuditEntry.deed)


def names_of_everybody() -> Select[int, str, str]:
    return select(User.id, User.handle, User.name).order_by(User.name, User.id)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, dates.zone())
