"""Records as the preview names them to the user, so many at most; their number is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

AT_MOST = 50
"""Of a long list of records the preview names so many."""


@dataclass(frozen=True)
class Named:
    """A record as the preview names it to the user: never part of a pack."""

    reference: str
    title: str


@dataclass
class Noted:
    """How many records there are of a kind, and the first of them."""

    number: int = 0
    named: list[Named] = field(default_factory=list)

    def add(self, reference: str, title: str) -> None:
        self.number += 1
        if len(self.named) < AT_MOST:
            self.named.append(Named(reference, title))

    def __len__(self) -> int:
        return self.number

    @property
    def references(self) -> Sequence[str]:
        return [one.reference for one in self.named]
