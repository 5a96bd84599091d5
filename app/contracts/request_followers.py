"""What requests owe to the rooms below: search that follows the name of their body, and their files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import unguarded
from app.contracts.links import TransparencyRequest
from app.evidence.files import add_holder
from app.organisations.models import Organisation
from app.search import follows, is_renamed


def _of_organisation(session: Session, body: Organisation) -> list[Any]:
    if not is_renamed(body, "name"):
        return []
    statement = select(TransparencyRequest).where(TransparencyRequest.body_id == body.id)
    return list(session.scalars(unguarded(statement, "search index upkeep")))


follows(Organisation, _of_organisation)
add_holder(TransparencyRequest, "transparency.show")
