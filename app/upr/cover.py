"""The cover of the annex: who submits, as the rules of OHCHR want it told at the start of the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

INDIVIDUAL, JOINT = "individual", "joint"
LIMITS = {INDIVIDUAL: 2815, JOINT: 5630}
"""Words of the main text. General knowledge, not read in a source: check OHCHR's current guidelines."""
FEWEST, MOST_WORDS = 100, 50_000
LONGEST = {"submitters": 2000, "contact": 300, "description": 500, "key_words": 300}


@dataclass(frozen=True)
class Cover:
    """As it was typed; all of it may be blank. *submitters* has a line for each: name; acronym; city."""

    kind: str = INDIVIDUAL
    submitters: str = ""
    contact: str = ""
    description: str = ""
    key_words: str = ""
    own_limit: int | None = None

    @property
    def limit(self) -> int:
        return self.own_limit or LIMITS.get(self.kind, LIMITS[INDIVIDUAL])

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.submitters.splitlines() if line.strip()]

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Cover:
        """What was kept with an earlier pack."""
        known = {name: value for name, value in (kept or {}).items() if name in cls.__dataclass_fields__}
        return cls(**known)
