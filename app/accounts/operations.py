"""Accounts: first administrator, teams, roles, passwords, signing in and out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select

from app import access, audit
from app.accounts.models import Membership, OneTimeLink, SignIn, Team, User
from app.db import db, fold, now

LINK_HOURS = 72
SHORTEST_PASSWORD = 10

hasher = PasswordHasher()
_nobodys_hash = hasher.hash(secrets.token_hex(8))


class AccountProblem(Exception):
    """What was asked for an account cannot be; the text is a sentence for people."""


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- signing in ----------------------------------------------------------------------------------


def password_fits(email: str, password: str) -> int | None:
    """The id of the active user whose password this is. Takes as long for an account that does not exist."""
    row = db.session.execute(
        select(User.id, User.password_hash).where(User.email_folded == fold(email), User.active.is_(True))
    ).one_or_none()
    # No transaction may be held over Argon2: others would wait for the write lock.
    db.session.rollback()
    try:
        hasher.verify(row.password_hash if row and row.password_hash else _nobodys_hash, password)
    except (VerificationError, InvalidHashError):
        return None
    return row.id if row and row.password_hash else None


def begin_sign_in(user: User) -> str:
    """Note the sign-in; gives the token for the cookie. Old ones of everybody are cleared away."""
    settings = current_app.config["SETTINGS"]
    db.session.execute(delete(SignIn).where(SignIn.began_at < now() - timedelta(hours=settings.session_hours)))
    token = secrets.token_urlsafe(32)
    db.session.add(SignIn(token_digest=digest_of(token), user_id=user.id))
    audit.set_actor(user.id)
    audit.note_read(db.session, "signed_in", user)
    return token


def end_sign_in(token: str | None) -> None:
    if token:
        db.session.execute(delete(SignIn).where(SignIn.token_digest == digest_of(token)))


also_ending: list[Callable[[User], None]] = []
"""What else lets somebody in without a password, and ends where sign-ins end: rooms above bring it."""


def end_all_sign_ins(user: User, *, but_for: str | None = None) -> None:
    for end in also_ending:
        end(user)
    ended = delete(SignIn).where(SignIn.user_id == user.id)
    if but_for:
        ended = ended.where(SignIn.token_digest != digest_of(but_for))
    db.session.execute(ended)


# --- people and teams ----------------------------------------------------------------------------


def create_user(
    email: str,
    name: str,
    *,
    password: str | None = None,
    password_hash: str | None = None,
    language: str = "es",
    installation_role: str | None = None,
) -> User:
    """Raises AccountProblem when the address is taken or the password too weak.

    Pages make the *password_hash* before they write; a *password* is hashed here, while others wait.
    """
    _check_email_is_free(email)
    user = User(
        email=email.strip(),
        email_folded=fold(email),
        name=name.strip(),
        language=language,
        installation_role=installation_role,
        password_hash=hash_password(password, email, name) if password is not None else password_hash,
        active=True,
        memberships=[],
    )
    db.session.add(user)
    db.session.flush()
    return user


def edit_user(user: User, email: str, name: str, language: str) -> None:
    """Raises AccountProblem when the address is taken."""
    _check_email_is_free(email, but_for=user)
    user.email, user.email_folded = email.strip(), fold(email)
    user.name, user.language = name.strip(), language


def _check_email_is_free(email: str, but_for: User | None = None) -> None:
    holder = db.session.scalar(select(User.id).where(User.email_folded == fold(email)))
    if holder is not None and (but_for is None or holder != but_for.id):
        raise AccountProblem(_("There is an account with this e-mail address already."))


def hash_password(password: str, *about: str) -> str:
    """Takes a while on purpose: end the transaction before. Raises AccountProblem for a weak one."""
    check_password(password, *about)
    return hasher.hash(password)


def check_password(password: str, *about: str) -> None:
    """Raises AccountProblem for one that is short, all one sign, or says who its owner is."""
    if len(password) < SHORTEST_PASSWORD:
        raise AccountProblem(
            _("Choose at least %(number)s characters; four ordinary words are good.", number=SHORTEST_PASSWORD)
        )
    if len(set(password)) < 5:
        raise AccountProblem(_("Choose a password with more different characters."))
    if any(len(part) > 3 and fold(part) in fold(password) for text in about for part in text.split("@")[0].split()):
        raise AccountProblem(_("The password must not contain your name or address."))


def new_link(user: User) -> str:
    """A one-time link's token, to be handed over by a way that is safe; earlier ones end."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None)))
    token = secrets.token_urlsafe(24)
    db.session.add(
        OneTimeLink(user_id=user.id, token_digest=digest_of(token), expires_at=now() + timedelta(hours=LINK_HOURS))
    )
    return token


def link_of(token: str) -> OneTimeLink | None:
    """The link if it still opens."""
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_digest == digest_of(token)))
    usable = link is not None and link.used_at is None and link.expires_at > now() and link.user.active
    return link if usable else None


def use_link(link: OneTimeLink, password_hash: str) -> None:
    link.used_at = now()
    change_password(link.user, password_hash)


def change_password(user: User, password_hash: str, *, but_for: str | None = None) -> None:
    """Every open sign-in ends, but for the one of this token."""
    user.password_hash = password_hash
    end_all_sign_ins(user, but_for=but_for)


def set_roles(user: User, roles: set[tuple[int, str]], installation_role: str | None) -> None:
    """Give a user exactly these (team id, role) pairs, or an installation-wide role, never both.

    Raises AccountProblem where that would leave no administrator, or a team without coordinator.
    """
    if installation_role and roles:
        raise AccountProblem(
            _("An administrator or auditor holds no role in a team; make a second account for the same person.")
        )
    if user.active and user.installation_role == access.ADMINISTRATOR and installation_role != access.ADMINISTRATOR:
        _check_administrator_remains(user)
    held = {(row.team_id, row.role): row for row in user.memberships}
    for team_id in {team for team, role in set(held) - roles if role == access.COORDINATOR and user.active}:
        _check_coordinator_remains(user, team_id)
    user.installation_role = installation_role
    for pair in set(held) - roles:
        user.memberships.remove(held[pair])
    for team_id, role in sorted(roles - set(held)):
        user.memberships.append(Membership(team_id=team_id, role=role))
    user.__dict__.pop("roles", None)


def deactivate(user: User) -> None:
    """End someone's access; what they recorded stays. Raises AccountProblem for the last of their kind."""
    if user.installation_role == access.ADMINISTRATOR:
        _check_administrator_remains(user)
    for membership in user.memberships:
        if membership.role == access.COORDINATOR:
            _check_coordinator_remains(user, membership.team_id)
    user.active = False
    end_all_sign_ins(user)


def _check_administrator_remains(user: User) -> None:
    # One who never chose a password could not come in and set things right.
    others = select(User.id).where(
        User.installation_role == access.ADMINISTRATOR,
        User.active.is_(True),
        User.password_hash.is_not(None),
        User.id != user.id,
    )
    if not db.session.scalar(others.limit(1)):
        raise AccountProblem(_("This is the last administrator. Make another one first."))


def _check_coordinator_remains(user: User, team_id: int) -> None:
    others = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.team_id == team_id,
            Membership.role == access.COORDINATOR,
            Membership.user_id != user.id,
            User.active.is_(True),
        )
    )
    if not db.session.scalar(others.limit(1)):
        raise AccountProblem(_("This is the last coordinator of a team. Name another one first."))


def reactivate(user: User) -> None:
    """Let someone in again, with the roles held before; the password they had still holds."""
    user.active = True


def create_team(name: str) -> Team:
    """Raises AccountProblem for a name that another team has."""
    _check_team_name_is_free(name)
    team = Team(name=name.strip())
    db.session.add(team)
    db.session.flush()
    return team


def rename_team(team: Team, name: str) -> None:
    """Raises AccountProblem for a name that another team has."""
    _check_team_name_is_free(name, but_for=team)
    team.name = name.strip()


def _check_team_name_is_free(name: str, but_for: Team | None = None) -> None:
    # Folded here: the databases do not agree on what the small letter of Ñ is.
    taken = {fold(other): id_ for id_, other in db.session.execute(select(Team.id, Team.name))}
    holder = taken.get(fold(name))
    if holder is not None and (but_for is None or holder != but_for.id):
        raise AccountProblem(_("There is a team of this name already."))


def first_administrator_is_missing() -> bool:
    return db.session.scalar(select(User.id).limit(1)) is None
