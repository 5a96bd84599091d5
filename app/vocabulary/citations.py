"""What the packs cite: the key of a citation turned into its title and address."""

from __future__ import annotations

import csv
from functools import lru_cache

from config import PACKS


@lru_cache
def _citations() -> dict[str, tuple[str, str]]:
    path = PACKS / "core" / "citations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["key"]: (row["title"], row["url"]) for row in csv.DictReader(file)}


def cited(sources: str | None) -> list[tuple[str, str | None]]:
    """(words, address or None) of each source in a cell: keys of citations, addresses, or plain words."""
    found: list[tuple[str, str | None]] = []
    for part in (sources or "").split(";"):
        part = part.strip()
        title, url = _citations().get(part, ("", ""))
        if part.startswith(("http://", "https://")):
            found.append((part, part))
        elif part and part != "P":
            found.append((title or part, url or None))
    return found
