"""Packs that were made."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from app.access import may
from app.accounts.models import User
from app.db import db
from app.upr.cover import Cover
from app.upr.models import Pack


def packs_made(user: User) -> Select[Pack]:
    """Those of the teams that the user coordinates, and one's own; the newest first."""
    teams = [team for team in user.roles if may(user, "upr.export", team)]
    mine = or_(Pack.team_id.in_(teams), Pack.made_by_id == user.id)
    return select(Pack).where(mine).options(joinedload(Pack.made_by)).order_by(Pack.made_at.desc(), Pack.id.desc())


def previous_pack(user: User, country: str) -> Pack | None:
    return db.session.scalars(packs_made(user).where(Pack.country == country).limit(1)).one_or_none()


def pack_of(user: User, uid: uuid.UUID) -> Pack | None:
    return db.session.scalars(packs_made(user).where(Pack.uid == uid)).one_or_none()


def last_cover(user: User) -> Cover:
    """What the cover of one's last pack said; blank where there is none."""
    mine = packs_made(user).where(Pack.made_by_id == user.id, Pack.cover.is_not(None)).limit(1)
    last = db.session.scalars(mine).one_or_none()
    return Cover.of(last.cover if last else None)
