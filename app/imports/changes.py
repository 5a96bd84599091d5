"""What a corrected file would change in records that an earlier one brought: shown first, then done as shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from app.imports.models import ImportBatch
    from app.imports.planning import Plan
    from app.imports.reading import Row


@dataclass(frozen=True)
class Difference:
    """One fact of which the file says something else than it did."""

    name: str
    label: str
    now: str
    """What the record says, in words."""
    then: str
    """What the file says now, in words."""
    by_hand: bool = False
    """Somebody changed it in the record since: their word stays, unless the file's was asked for."""
    value: Any = None


@dataclass
class Change:
    """What a row would do to the record that it once made."""

    reference: str
    title: str
    differences: list[Difference] = field(default_factory=list)
    added: dict[str, list[Any]] = field(default_factory=dict)
    """Entries of lists that the file has and had not: they come beside those that are there."""
    added_words: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What changed in the file and is not followed, with the reason."""

    def key_of(self, one: Difference) -> str:
        """How a form names the difference."""
        return f"{self.reference}:{one.name}"

    def to_apply(self, asked_for: Iterable[str]) -> list[Difference]:
        wanted = set(asked_for)
        return [one for one in self.differences if not one.by_hand or self.key_of(one) in wanted]

    @property
    def may_be_applied(self) -> bool:
        return bool(self.differences or self.added)

    def does_something(self, asked_for: Iterable[str]) -> bool:
        return bool(self.added or self.to_apply(asked_for))


class Corrector(Protocol):
    """Compares rows with the records that they once made, and lets these follow."""

    def changes(self, rows: Sequence[Row]) -> Mapping[str, Change]:
        """By the number of the row in its source; only where something is to be said. Reads only."""

    def correct(self, rows: Sequence[Row], batch: ImportBatch) -> int:
        """Asked again inside the transaction that writes; gives how many records changed. Does not commit."""


def look_for_changes(corrector: Corrector, plan: Plan) -> None:
    """Out of the rows that are there already, those whose record a corrected file would change."""
    plan.changes = dict(corrector.changes(plan.known))
    for row in plan.known:
        if change := plan.changes.get(row.external_id):
            row.remarks += change.remarks
    plan.changed = [row for row in plan.known if _may_be_applied(plan, row)]
    plan.known = [row for row in plan.known if not _may_be_applied(plan, row)]


def _may_be_applied(plan: Plan, row: Row) -> bool:
    change = plan.changes.get(row.external_id)
    return change is not None and change.may_be_applied
