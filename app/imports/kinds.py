"""The kinds of record that a sheet may hold: what import, page and command know of each, said once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from app.fields import IDENTITY, Field, Fields
from app.tabular import csv_lines

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.cases.models import Case
    from app.imports.columns import Columns
    from app.imports.maps import Way
    from app.imports.models import ImportBatch
    from app.imports.planning import Plan
    from app.imports.provenance import Ledger
    from app.imports.reading import Row

LONGEST_LINE, LONGEST_TEXT = 200, 20_000

Settle = Callable[["Row"], None]
Reader = Callable[[str, Field, "Way"], Any]


class Writer(Protocol):
    """Turns rows into records of one team; what rows share is looked up once."""

    ledger: Ledger

    def write(self, rows: list[Row]) -> int:
        """Gives how many rows changed anything. Does not commit."""


@dataclass(frozen=True)
class OwnExport:
    """What Amparo's own list of such records has beside the columns that an import reads."""

    mark: str
    """The heading that no other sheet has."""
    fields: Fields
    not_taken: frozenset[str]
    """Columns that an import must not decide."""


@dataclass(frozen=True)
class KindWords:
    """Sentences in which the kind is named. Those with a number are asked for it."""

    label: Any
    one: Any
    lead: Any
    """What becomes of a sheet."""
    imported: Callable[[int], str]
    do_import: Callable[[int], str]
    import_the_good: Callable[[int], str]
    see: Any
    good_to_know: Sequence[Any]


@dataclass(frozen=True)
class RecordKind:
    """One kind of record. Fields, and what happens to a row between its cells and the database."""

    name: str
    """As commands and maps write it: in the plural."""
    model: Any
    words: KindWords
    fields: Fields
    settler: Callable[[Columns, str], Settle]
    """For the columns of a sheet and its language: what makes facts of a row out of its cells."""
    title: Callable[[Row, str], str]
    """What a row is called in the report."""
    look_around: Callable[[User, int, Plan], None]
    """Compares a plan with what is on record, and says so in the plan. Writes nothing."""
    writer: Callable[[User, int, Plan, Case | None, ImportBatch], Writer]
    brought: Callable[[str], str]
    """The address of the records that the file of this digest brought."""
    longest: Mapping[str, int] = field(default_factory=dict)
    in_step: frozenset[str] = frozenset()
    """Fields that are read as one value for each of several things, blank where the cell says nothing of that one."""
    listed: frozenset[str] = frozenset()
    """Fields that are read as a list of names."""
    readers: Mapping[str, Reader] = field(default_factory=dict)
    """Fields whose whole cell is read in a way of their own."""
    templates: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Fields that a map may build from a template, and the placeholders it may hold."""
    own_export: OwnExport | None = None
    compared: Callable[[Row], Mapping[str, Any]] | None = None
    """What of a row is compared, field by field, when a corrected file comes; None where records do not follow."""
    takes_case: bool = False
    takes_victims: bool = False
    """Whether several rows may be one record, each with a victim of its own."""
    matches_names: bool = False
    """Whether names that are nearly those on record are shown and decided upon."""

    @cached_property
    def identity_fields(self) -> frozenset[str]:
        """What goes to the identity of a person and nowhere else; no report repeats what stands in these columns."""
        return frozenset(one.name for one in self.fields if one.confidentiality == IDENTITY)

    def longest_of(self, one: Field) -> int:
        return self.longest.get(one.name, LONGEST_TEXT if one.kind == "long_text" else LONGEST_LINE)

    def template_lines(self) -> Iterator[str]:
        """A CSV with every heading, and no row. A record made with it has no reference yet."""
        return csv_lines([one.name for one in self.fields if one.name != "reference"], [])


KINDS: dict[str, RecordKind] = {}
"""By name, in the order in which they are offered."""

PLAIN = "incidents"
"""The kind of a sheet of which nobody says what it holds."""


def add_kind(kind: RecordKind) -> None:
    KINDS[kind.name] = kind
