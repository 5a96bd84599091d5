"""sources.csv: the sources that may be cited. A headline may name whom a row does not: then it is withheld."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from app.access import visible
from app.accounts.models import User
from app.db import db
from app.evidence.models import Source
from app.incidents.models import SourceLink
from app.upr.columns import WITHHELD
from app.upr.incident_rows import Facts
from app.upr.names import tells_a_name
from app.vocabulary.queries import upr_code

Row = dict[str, Any]


@dataclass
class Names:
    """By source: how those are called who are affected in the records that it bears out."""

    legal: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    callings: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def note(self, source: int, facts: Facts) -> None:
        if facts.printed_names:
            return
        hidden = [facts.names.get(person.id) for person in facts.persons if not person.is_public_figure]
        self.legal[source].update(name for name in hidden if name)
        self.callings[source].update(facts.callings)


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


def row_of(source: Source, names: Names) -> tuple[Row, bool]:
    """The row, and whether it holds something back."""
    hidden = names.legal.get(source.id, ()), names.callings.get(source.id, ())
    is_held = tells_a_name(source.citation, *hidden) or tells_a_name(source.url, *hidden)
    return {
        "source_ref": source.reference,
        "kind": upr_code("source_types", source.kind),
        "title": WITHHELD if is_held else source.citation,
        "date": source.published_on,
        "url": None if is_held else source.url,
    }, is_held
