"""The dry run: what an import would do with each row. Reads, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import select

from app.access import unguarded, visible
from app.accounts.models import User
from app.db import db
from app.imports.blanks import without_blanks
from app.imports.changes import Change, look_for_changes
from app.imports.columns import ADDED, REASON_COLUMN, ROW_COLUMN, Columns, understand
from app.imports.grouping import check_together, grouped
from app.imports.kinds import RecordKind
from app.imports.layout import Sheet
from app.imports.maps import SheetMap
from app.imports.matching import Doubt
from app.imports.reading import Row, in_their_order, read_rows
from app.imports.sheet_words import reading_words

NEW, DOUBTFUL, ADDS, CHANGED, KNOWN, REFUSED = "NEW", "DOUBTFUL", "ADDS", "CHANGED", "KNOWN", "REFUSED"
AT_A_TIME = 500

T = TypeVar("T")


class MatchProblem(Exception):
    """An answer about a name that cannot be followed; the message is a sentence for people."""


@dataclass(frozen=True)
class Decisions:
    """What somebody said about a sheet beside its map."""

    answers: Mapping[str, str] = field(default_factory=dict)
    """For names in doubt: the record, or the other name, that is meant."""
    adds: bool = False
    """Whether records of the team that are there already take on what the sheet says more."""
    leaves_doubtful: bool = False
    """Whether rows that may tell what is on record already stay out."""
    overwrite: frozenset[str] = frozenset()
    """Differences in which the file goes before what somebody wrote since, as `Change.key_of` names them."""
    compares: bool = True
    """Whether rows are compared with what is on record: for who looks at them, and not where they are written."""


@dataclass(frozen=True)
class Decided:
    """A name of which somebody said what it means."""

    key: str
    name: str
    answer: str
    words: str
    """What the answer names, for people."""


NOTHING_SAID = Decisions()


@dataclass
class Plan:
    """A sheet with a verdict on each row."""

    sheet: Sheet
    columns: Columns
    map_name: str | None
    decisions: Decisions = NOTHING_SAID
    new: list[Row] = field(default_factory=list)
    adding: list[Row] = field(default_factory=list)
    """Rows that bring no record of their own, and add to one."""
    changed: list[Row] = field(default_factory=list)
    """Rows of records that an earlier file made, of which this one says something else."""
    changes: dict[str, Change] = field(default_factory=dict)
    """What it says else, by the number of the row in its source."""
    known: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """How the file as a whole was read."""
    doubts: list[Doubt] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    can_add: int = 0
    """Rows that say more of a record of the team than is known, and are not asked to add it."""

    @property
    def kind(self) -> RecordKind:
        return self.columns.kind

    @property
    def to_write(self) -> list[Row]:
        return sorted([*self.new, *self.adding], key=lambda row: row.number) if self.adding else self.new

    @property
    def source(self) -> str:
        return self.columns.source

    @property
    def doubtful(self) -> list[Row]:
        """Of the new rows, those that may tell what is on record already, or what another row tells."""
        return [row for row in self.new if row.doubles]

    @property
    def to_correct(self) -> list[Row]:
        asked_for = self.decisions.overwrite
        return [row for row in self.changed if self.changes[row.external_id].does_something(asked_for)]

    @property
    def does_something(self) -> bool:
        return bool(self.to_write or self.to_correct)

    def report(self) -> Iterator[tuple[Row, str]]:
        """Row and verdict: what needs a hand first, then what is new, what adds to a record, what is there already."""
        plain = [row for row in self.new if not row.doubles]
        verdicts = (REFUSED, DOUBTFUL, CHANGED, NEW, ADDS, KNOWN)
        groups = (self.refused, self.doubtful, self.changed, plain, self.adding, self.known)
        for rows, verdict in zip(groups, verdicts, strict=True):
            for row in rows:
                yield row, verdict

    def rest(self) -> tuple[list[str], Iterator[list[str]]]:
        """The rows that stay out, as a sheet that may be mended and imported again."""
        kept = [index for index, heading in enumerate(self.sheet.header) if heading not in ADDED]
        header = [self.sheet.header[index] for index in kept] + [ROW_COLUMN, REASON_COLUMN]
        return header, (
            [*(row.cells[index] for index in kept), str(row.number), " ".join(one.problems)]
            for one in self.refused
            for row in (one, *one.further)
        )


def plan_import(
    user: User, team_id: int, sheet: Sheet, sheet_map: SheetMap, decisions: Decisions = NOTHING_SAID
) -> Plan:
    """Raises MapProblem where columns and map do not fit, MatchProblem where the decisions do not."""
    check_together(sheet, sheet_map)
    columns, blanks = without_blanks(sheet, understand(sheet.header, sheet_map), sheet_map)
    columns, orders = in_their_order(sheet, columns)
    remarks = [*reading_words(sheet), *sheet.remarks, *orders, *blanks]
    if columns.passed_over:
        remarks.append(_("These columns are passed over: %(columns)s.", columns=", ".join(columns.passed_over)))
    plan = Plan(sheet, columns, sheet_map.name, decisions, remarks=remarks)
    rows = grouped(read_rows(sheet, columns, sheet_map.language or user.language), sheet, columns, sheet_map)
    seen = seen_references(columns.kind, user, [row.reference for row in rows if row.reference])
    known = known_ids(columns.kind, team_id, columns.source, [row.external_id for row in rows])
    first: dict[str, int] = {}
    for row in rows:
        earlier = first.setdefault(row.external_id, row.number)
        if earlier != row.number:
            row.problems.append(_("Row %(number)s has the same record number.", number=earlier))
        if row.reference in seen:
            plan.known.append(row)
        elif row.problems:
            plan.refused.append(row)
        else:
            (plan.known if row.external_id in known else plan.new).append(row)
    if columns.kind.corrector is not None:
        look_for_changes(columns.kind.corrector(user, team_id, plan), plan)
        if (hint := _cannot_be_followed(columns)) and plan.new:
            plan.remarks.append(hint)
    columns.kind.look_around(user, team_id, plan)
    return plan


def _cannot_be_followed(columns: Columns) -> str | None:
    if columns.of("external_id") or columns.of("reference"):
        return None
    return _(
        "This sheet has no column with a record number: rows are known by what their cells say. A row that is "
        "corrected later counts as a new one."
    )


def known_ids(kind: RecordKind, team_id: int, source: str, ids: Sequence[str]) -> set[str]:
    """Which of these records of a source the team has already, whoever may see them."""
    model = kind.model
    found: set[str] = set()
    for part in batches(ids):
        statement = select(model.external_id).where(
            model.team_id == team_id, model.external_source == source, model.external_id.in_(part)
        )
        found.update(
            one for one in db.session.scalars(unguarded(statement, "numbers of records are unique in a team")) if one
        )
    return found


def seen_references(kind: RecordKind, user: User, references: Sequence[str]) -> set[str]:
    """Which of these are records that the user may see: others are not said to be there."""
    found: set[str] = set()
    for part in batches(references):
        statement = visible(kind.model, user, withdrawn=True).where(kind.model.reference.in_(part))
        found.update(db.session.scalars(statement.with_only_columns(kind.model.reference)))
    return found


def batches(rows: Iterable[T], size: int = AT_A_TIME) -> Iterator[list[T]]:
    rest = iter(rows)
    while part := list(islice(rest, size)):
        yield part
