"""Recording sources: one address in a team is one source."""

from __future__ import annotations

from typing import Any

from app.access import visible
from app.accounts.models import User
from app.db import db
from app.evidence.models import Source


def source_at(user: User, team_id: int, url: str | None) -> Source | None:
    """The source of the team with that address, among those that the user may see."""
    if not url:
        return None
    statement = visible(Source, user).where(Source.team_id == team_id, Source.url == url).order_by(Source.id)
    found: Any = db.session.scalars(statement.limit(1)).first()
    return found


def record_source(
    user: User, team_id: int, facts: dict[str, Any], *, is_public: bool = False, country: str | None = None
) -> Source:
    """A new source, or the one with the same address: what is known of that one stays, what is missing is added."""
    known = source_at(user, team_id, facts.get("url"))
    if known is None:
        source = Source(team_id=team_id, is_public=is_public, country=country, created_by_id=user.id, **facts)
        db.session.add(source)
        return source
    missing = {name: value for name, value in facts.items() if value and not getattr(known, name)}
    if missing:
        revise_source(user, known, missing)
    return known


def revise_source(user: User, source: Source, facts: dict[str, Any]) -> None:
    """Replace these facts, in every record that the source stands in."""
    if all(getattr(source, name) == value for name, value in facts.items()):
        return
    for name, value in facts.items():
        setattr(source, name, value)
    source.touch(user.id)
