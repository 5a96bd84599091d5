"""What a corrected file would change in records that an earlier one brought: shown first, then done as shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from flask_babel import gettext as _

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


MOST_CORRECTED = 3
"""From so many facts on, half of all, nobody corrects a row: it tells something else."""


@dataclass
class Change:
    """What a row would do to the record that it once made."""

    reference: str
    title: str
    differences: list[Difference] = field(default_factory=list)
    added: dict[str, list[Any]] = field(default_factory=dict)
    """Entries of lists that the file has and had not: they come beside those that are there."""
    added_words: list[str] = field(default_factory=list)
    compared: int = 0
    """How many facts the two say between them."""
    remarks: list[str] = field(default_factory=list)
    """What changed in the file and is not followed, with the reason."""

    @property
    def is_of_another(self) -> bool:
        """Whether so much differs, the day too, that the number was given to another event: by another sheet."""
        differing = len(self.differences)
        days = any(one.name == "happened" for one in self.differences)
        return days and differing >= MOST_CORRECTED and differing * 2 >= self.compared

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
    others = [row for row in plan.known if (change := plan.changes.get(row.external_id)) and change.is_of_another]
    for row in others:
        row.problems.append(
            _("Under this number %(reference)s came in, and it tells something else. If this is another sheet, keep "
              "its mapping under a name of its own: its numbers are its own then.",
              reference=plan.changes.pop(row.external_id).reference)
        )  # fmt: skip
    plan.known = [row for row in plan.known if not row.problems or row not in others]
    plan.refused = sorted([*plan.refused, *others], key=lambda row: row.number)
    for row in plan.known:
        if change := plan.changes.get(row.external_id):
            row.remarks += change.remarks
    plan.changed = [row for row in plan.known if _may_be_applied(plan, row)]
    plan.known = [row for row in plan.known if not _may_be_applied(plan, row)]


def _may_be_applied(plan: Plan, row: Row) -> bool:
    change = plan.changes.get(row.external_id)
    return change is not None and change.may_be_applied
