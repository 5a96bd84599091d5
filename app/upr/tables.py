"""The tables of a pack, as a list: a further file of the pack is a further line here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.tabular import csv_lines, safe_cell
from app.upr import codebook
from app.upr.columns import Column, columns_of
from app.upr.filters import Filters
from app.upr.survey import Survey


@dataclass(frozen=True)
class Table:
    """A CSV file of the pack: its name, its key, and where its rows come from. Its columns lie in data/NAME.csv."""

    name: str
    primary_key: str | None
    rows: Callable[[Survey], Iterable[dict[str, Any]]]

    @property
    def path(self) -> str:
        return f"{self.name}.csv"

    @property
    def columns(self) -> tuple[Column, ...]:
        return columns_of(self.name)


RECORD_TABLES = (
    Table("incidents", "incident_ref", lambda survey: survey.rows),
    Table("contracts", "contract_ref", lambda survey: survey.contracts),
    Table("links", None, lambda survey: survey.links),
)
"""What is told of the records; the codebook explains these."""

CODEBOOK = Table("codebook", None, lambda survey: codebook.rows((table.name, table.columns) for table in RECORD_TABLES))

TABLES = (*RECORD_TABLES, CODEBOOK)


@dataclass(frozen=True)
class Written:
    """A file as it lies in the pack."""

    path: str
    content: bytes
    rows: int | None = None
    columns: int | None = None
    guarded_cells: int = 0

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def written(table: Table, survey: Survey) -> Written:
    """The table as CSV. The same rows give the same bytes."""
    rows = [[cell(row.get(column.name)) for column in table.columns] for row in table.rows(survey)]
    guarded = sum(safe_cell(text) != text for row in rows for text in row)
    filters: Filters = survey.filters
    header = [column.name for column in table.columns]
    text = "".join(csv_lines(header, rows, delimiter=filters.delimiter, mark=filters.mark))
    return Written(table.path, text.encode(), len(rows), len(table.columns), guarded)


def cell(value: Any) -> str:
    """A value as text: lists joined with |, true or false, days as in ISO 8601, one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(cell(part) for part in value)
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n"))
