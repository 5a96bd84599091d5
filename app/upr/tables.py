"""The tables of a pack, as a list: a further file of the pack is a further line here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from app.tabular import csv_lines, safe_cell
from app.upr import codebook, sums
from app.upr.columns import Column, columns_of, hxl_tag
from app.upr.survey import Survey


@dataclass(frozen=True)
class Table:
    """A CSV file of the pack: its name, its key, and where its rows come from. Its columns lie in data/NAME.csv."""

    name: str
    primary_key: str | None
    rows: Callable[[Survey], Iterable[dict[str, Any]]]
    folder: str = ""

    @property
    def path(self) -> str:
        return f"{self.folder}{self.name}.csv"

    @property
    def columns(self) -> tuple[Column, ...]:
        return columns_of(self.name)


RECORD_TABLES = (
    Table("incidents", "incident_ref", lambda survey: survey.rows),
    Table("proceedings", "proceeding_ref", lambda survey: survey.proceedings),
    Table("contracts", "contract_ref", lambda survey: survey.contracts),
    Table("recommendations", "rec_uid", lambda survey: survey.recommendations),
    Table("links", None, lambda survey: survey.links),
    Table("sources", "source_ref", lambda survey: survey.sources),
)
"""What is told of the records."""


def _sum_rows(name: str, survey: Survey) -> list[dict[str, Any]]:
    return survey.sums.table(name)


SUM_TABLES = tuple(Table(name, None, partial(_sum_rows, name), "tables/") for name in sums.NAMES)
"""The summary tables; t01, t02 … are the names by which their columns lie in data/."""

EXPLAINED = (*RECORD_TABLES, *SUM_TABLES)

CODEBOOK = Table("codebook", None, lambda survey: codebook.rows((table.path, table.columns) for table in EXPLAINED))

TABLES = (*EXPLAINED, CODEBOOK)


@dataclass(frozen=True)
class Written:
    """A file as it lies in the pack, and on disk while the pack is made."""

    path: str
    file: Path
    size: int
    sha256: str
    rows: int | None = None
    columns: int | None = None
    guarded_cells: int = 0

    @property
    def content(self) -> bytes:
        return self.file.read_bytes()


def put(directory: Path, path: str, content: bytes) -> Written:
    """A file of which all is in memory."""
    file = directory / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return Written(path, file, len(content), hashlib.sha256(content).hexdigest())


def written(table: Table, survey: Survey, directory: Path) -> Written:
    """The table as CSV, a line at a time. The same rows give the same bytes."""
    file = directory / table.path
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = _Lines(table, survey)
    filters = survey.filters
    size, digest = 0, hashlib.sha256()
    header = [column.name for column in table.columns]
    with file.open("wb") as out:
        for text in csv_lines(header, lines, delimiter=filters.delimiter, mark=filters.mark):
            part = text.encode()
            size += out.write(part)
            digest.update(part)
    return Written(table.path, file, size, digest.hexdigest(), lines.number, len(header), lines.guarded)


class _Lines:
    """The rows of a table as text; counts them, and the cells that a spreadsheet would take for a formula."""

    def __init__(self, table: Table, survey: Survey) -> None:
        self.table, self.survey = table, survey
        self.number = self.guarded = 0

    def __iter__(self) -> Iterator[list[str]]:
        columns = self.table.columns
        if self.survey.filters.hxl and self.table is not CODEBOOK:
            yield [hxl_tag(column.name) for column in columns]
        for row in self.table.rows(self.survey):
            cells = [cell(row.get(column.name)) for column in columns]
            self.number += 1
            self.guarded += sum(not text[:1].isalnum() and safe_cell(text) != text for text in cells if text)
            yield cells


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
