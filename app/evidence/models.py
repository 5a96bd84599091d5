"""Sources: how we know. A source is a citation with an address; files come with the contracts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, String, and_, false
from sqlalchemy.orm import Mapped, mapped_column

from app.access import CASEWORKER, COORDINATOR, Reader, any_of, protected, teams_where, wider_full
from app.db import Base, Root
from app.vocabulary.models import code_column


@protected
class Source(Root, Base):
    """Who says it, and how far they are to be trusted. Read in full or not at all: a source can betray a person."""

    __tablename__ = "source"
    __letter__ = "S"

    kind: Mapped[str | None] = code_column("source_types")
    citation: Mapped[str]
    url: Mapped[str | None]
    published_on: Mapped[date | None]
    reliability: Mapped[str | None] = code_column("source_reliability")
    origin_group: Mapped[str | None] = mapped_column(String(200))
    """Sources of one group count as one: two papers that print the same agency are not two witnesses."""
    is_public: Mapped[bool] = mapped_column(default=False)
    country: Mapped[str | None] = mapped_column(String(2))

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        recorders = teams_where(user, COORDINATOR, CASEWORKER)
        own = and_(cls.created_by_id == user.id, cls.team_id.in_(recorders)) if recorders else false()
        return any_of([own, *wider_full(cls, user)])

    full_to = visible_to
