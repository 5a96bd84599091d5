"""k-anonymity of row files: a row says no more of when, where and who than k - 1 other rows say with it.

Only so far as it must: first the month becomes the year, then the group of defenders is withheld, the gender, the
community, and last the region; each step only in those rows that are still too few of their kind. A row that is alone
even then keeps its year, type, alleged perpetrator and status. Rows of what is already public are neither coarsened
nor counted: they are known to be themselves, and hide nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from app.upr.columns import WITHHELD, Column

MONTH, GROUPS, GENDER, COMMUNITY, PLACE = "month", "groups", "gender", "community", "place"
STEPS = (MONTH, GROUPS, GENDER, COMMUNITY, PLACE)
"""In the order in which they are taken."""
ANY, PUBLIC_ONLY = "any", "public"
"""What a column may tell beside: anything of the kind, or what only stands in a row that is already public."""

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Kind:
    """By what rows of a file are recognised: what always stands there, and a column for each step."""

    always: tuple[str, ...]
    steps: dict[str, str]
    """Step → the column that it takes away. A step that the file does not know is passed over."""

    def key_of(self, row: Row) -> Key:
        told = [row.get(name) for name in (*self.always, *self.steps.values())]
        texts = ["|".join(map(str, value)) if isinstance(value, list) else value for value in told]
        # A hundred thousand keys share a few hundred texts.
        return tuple(intern(text) if isinstance(text, str) else text for text in texts)

    def position(self, step: str) -> int | None:
        names = list(self.steps)
        return len(self.always) + names.index(step) if step in names else None


INCIDENT = Kind(
    ("incident_type", "event_year"),
    {
        MONTH: "event_month",
        GROUPS: "defender_groups",
        GENDER: "gender_of_affected",
        COMMUNITY: "indigenous_or_rural_community",
        PLACE: "admin1_code",
    },
)
PROCEEDING = Kind(("kind", "direction"), {MONTH: "start_month", GROUPS: "offence_codes", PLACE: "admin1_code"})


@dataclass
class Coarsening:
    """Collects what rows would tell; then says for each which steps it takes. Rows are named by their position."""

    kind: Kind
    k: int
    _keys: list[Key | None] = field(default_factory=list)
    _seen: dict[Key, Key] = field(default_factory=dict)
    """Each key once, so that rows that are alike share theirs."""
    _taken: dict[int, frozenset[str]] = field(default_factory=dict)
    _alone: set[int] = field(default_factory=set)

    def add(self, row: Row, *, is_exempt: bool) -> None:
        key = None if is_exempt else self.kind.key_of(row)
        self._keys.append(None if key is None else self._seen.setdefault(key, key))

    def decide(self) -> None:
        """After the last row was added."""
        keys = {position: key for position, key in enumerate(self._keys) if key is not None}
        few = self._few(keys)
        for step in self.kind.steps:
            place = self.kind.position(step)
            assert place is not None
            for position in few:
                key = keys[position]
                keys[position] = (*key[:place], WITHHELD, *key[place + 1 :])
                self._taken[position] = self._taken.get(position, frozenset()) | {step}
            few = self._few(keys)
        self._alone = set(few)

    def _few(self, keys: dict[int, Key]) -> list[int]:
        numbers = Counter(keys.values())
        return [position for position, key in keys.items() if numbers[key] < self.k]

    def taken(self, position: int) -> frozenset[str]:
        return self._taken.get(position, frozenset())

    def is_alone(self, position: int) -> bool:
        return position in self._alone

    def is_exempt(self, position: int) -> bool:
        return self._keys[position] is None


def coarsened(row: Row, columns: Sequence[Column], steps: frozenset[str], *, is_alone: bool, is_public: bool) -> Row:
    """The row without what it may not say; `generalised_fields` names the columns."""
    held = []
    for column in columns:
        if not _is_held(column, steps, is_alone, is_public):
            continue
        # Whether there was something to say is not said either.
        row[column.name] = WITHHELD if column.says_withheld else None
        held.append(column.name)
    row["generalised_fields"] = list(dict.fromkeys([*row["generalised_fields"], *held]))
    return row


def _is_held(column: Column, steps: frozenset[str], is_alone: bool, is_public: bool) -> bool:
    if is_public or column.is_kept or not column.is_filled:
        return False
    if is_alone or column.tells == PUBLIC_ONLY:
        return True
    return column.tells in steps or (column.tells == ANY and bool(steps))
