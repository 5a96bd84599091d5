"""sources.csv: the sources that may be cited. A headline may name whom a row does not: then it is withheld."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from app.access import visible
from app.accounts.models import User
from app.db import db
from app.evidence.models import Source
from app.incidents.models import SourceLink
from app.people.hidden_names import HiddenNames
from app.upr.columns import WITHHELD
from app.vocabulary.queries import upr_code

Row = dict[str, Any]


def of_incidents(user: User, incidents: dict[int, str]) -> dict[int, set[str]]:
    """Source → the references of these incidents that it bears out."""
    found: dict[int, set[str]] = defaultdict(set)
    ids = list(incidents)
    for start in range(0, len(ids), 500):
        statement: Any = visible(SourceLink, user).where(SourceLink.incident_id.in_(ids[start : start + 500]))
        for source, incident in db.session.execute(
            statement.with_only_columns(SourceLink.source_id, SourceLink.incident_id)
        ):
            found[source].add(incidents[incident])
    return found


def sources_told(user: User, of: Collection[int]) -> list[Source]:
    """Those of them that are marked as public, by reference."""
    found: list[Source] = []
    ids = sorted(of)
    for start in range(0, len(ids), 500):
        statement: Any = visible(Source, user).where(Source.id.in_(ids[start : start + 500]), Source.is_public)
        found += db.session.scalars(statement)
    return sorted(found, key=lambda source: source.reference)


def row_of(source: Source, hidden: HiddenNames) -> tuple[Row, bool]:
    """The row, and whether it holds something back."""
    is_held = hidden.stand_in(source.citation) or hidden.stand_in(source.url)
    return {
        "source_ref": source.reference,
        "kind": upr_code("source_types", source.kind),
        "title": WITHHELD if is_held else source.citation,
        "date": source.published_on,
        "url": None if is_held else source.url,
    }, is_held
