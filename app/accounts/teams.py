"""The teams for which a user may do something, and who works in a team: what forms offer."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.access import MAY
from app.accounts.models import Membership, User


def teams_for(user: User, permission: str = "records.write") -> list[tuple[int, str]]:
    """(id, name) of the teams in which one of the user's roles carries the permission."""
    found = {m.team_id: m.team.name for m in user.memberships if m.role in MAY[permission]}
    return sorted(found.items(), key=lambda pair: pair[1].casefold())


def people_of(team_id: int, permission: str = "records.write") -> Select[tuple[User]]:
    """Who works in a team, now, with a role that carries the permission."""
    holders = select(Membership.user_id).where(Membership.team_id == team_id, Membership.role.in_(MAY[permission]))
    return select(User).where(User.id.in_(holders), User.active).order_by(User.name, User.id)
