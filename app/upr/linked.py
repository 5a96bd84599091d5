"""links.csv: what hangs together, a row for each pair."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

PART_OF, ARISES_FROM, EVIDENCE_FOR = "part_of", "arises_from", "evidence_for"


def link(first: str, second: str, relation: str) -> dict[str, Any]:
    """From a record to what it is part of, arises from, or is evidence for."""
    return {"from_ref": first, "to_ref": second, "relation": relation}


def sorted_links(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["from_ref"], row["to_ref"], row["relation"]))
