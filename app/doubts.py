"""What speaks against an entry: never refused, but saved only with the reason of whoever knows better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.dates import UncertainDate

SHORTEST_REASON = 10


@dataclass(frozen=True)
class Doubt:
    """One thing that does not fit, with its rule, as a sentence."""

    code: str
    sentence: str


class Unconfirmed(Exception):
    """There are doubts and no reason is given; the form shows them and asks for one."""

    def __init__(self, doubts: list[Doubt]) -> None:
        super().__init__("; ".join(doubt.code for doubt in doubts))
        self.doubts = doubts


def confirmed(doubts: Iterable[Doubt], reason: str | None) -> dict[str, Any]:
    """What is kept with the row. Raises Unconfirmed where a doubt has no reason in words."""
    found = list(doubts)
    words = (reason or "").strip()
    if found and len(words) < SHORTEST_REASON:
        raise Unconfirmed(found)
    codes = list(dict.fromkeys(doubt.code for doubt in found))
    return {"doubts": codes or None, "doubts_reason": words if found else None}


def runs_backwards(first: UncertainDate, last: UncertainDate) -> bool:
    """Whether the later thing was certainly over before the first one could begin."""
    begins, ends = first.earliest or first.latest, last.latest or last.earliest
    return bool(begins and ends and ends < begins)


def backwards(first: UncertainDate, last: UncertainDate, what: str) -> list[Doubt]:
    return [Doubt("backwards", what)] if runs_backwards(first, last) else []
