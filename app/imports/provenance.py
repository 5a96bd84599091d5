"""Where each record came from: the file, the sheet and the rows, written down with the records themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_login import current_user
from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from app.access import reads_in_full
from app.db import db
from app.imports.digests import Digester
from app.imports.models import ImportBatch, ImportRow
from app.imports.queries import batches_of
from app.imports.reading import Row
from app.organisations.models import Organisation, Project


class Ledger:
    """What the rows of one import brought and changed."""

    def __init__(
        self, batch: ImportBatch, source: str = "", compared: Callable[[Row], Mapping[str, Any]] | None = None
    ) -> None:
        """*compared* says what of a row is compared when a corrected file comes."""
        self.batch, self._source, self._compared = batch, source, compared
        self._row: Row | None = None
        self._waiting: list[tuple[Any, Row, bool]] = []

    def turn_to(self, row: Row) -> None:
        """What is made from here on is made for this row."""
        self._row = row

    def made(self, record: Any) -> None:
        record.import_batch_id = self.batch.id
        self._note(record, made=True)

    def changed(self, record: Any) -> None:
        self._note(record, made=False)

    def _note(self, record: Any, *, made: bool) -> None:
        if self._row is not None:
            self._waiting.append((record, self._row, made))

    def write_down(self) -> None:
        """Once the records have their numbers."""
        written = [self._line(record, row, made) for record, row, made in self._waiting]
        self._waiting.clear()
        if written:
            db.session.execute(insert(ImportRow), written)

    def _line(self, record: Any, row: Row, made: bool) -> dict[str, Any]:
        # A person or a company is met along the way: only of the record of the row the file is asked again.
        is_of_row = getattr(record, "external_id", None) == row.external_id
        digests = None
        if is_of_row and self._compared is not None:
            digests = Digester(self._source, row.external_id).of_all(self._compared(row))
        return {
            "batch_id": self.batch.id,
            "table_name": record.__tablename__,
            "record_id": record.id,
            "numbers": row.numbers,
            "external_id": row.external_id[:200] if is_of_row else None,
            "made": made,
            "digests": digests,
        }


@dataclass(frozen=True)
class Origin:
    """One import that a record went through."""

    batch: ImportBatch
    numbers: list[int]
    made: bool


def origins_of(record: Any) -> list[Origin]:
    """The imports that brought and changed a record, the first one first."""
    rows = db.session.scalars(
        select(ImportRow)
        .where(ImportRow.table_name == record.__tablename__, ImportRow.record_id == record.id)
        .options(joinedload(ImportRow.batch).joinedload(ImportBatch.by))
        .order_by(ImportRow.id)
    )
    found = [Origin(row.batch, row.numbers, row.made) for row in rows]
    if not any(one.made for one in found) and record.import_batch_id is not None:
        # Brought before the rows were written down.
        found.insert(0, Origin(db.session.get_one(ImportBatch, record.import_batch_id), [], made=True))
    return found


def panel(record: Any) -> str:
    """For who reads the record in full. What every team sees names the files of one's own teams only."""
    if record.import_batch_id is None or not reads_in_full(current_user, record):
        return ""
    found = origins_of(record)
    if isinstance(record, Organisation | Project):
        found = [one for one in found if one.batch.team_id in current_user.roles]
    if not found:
        return ""
    open_to_reader = set(
        db.session.scalars(
            batches_of(current_user)
            .where(ImportBatch.id.in_([one.batch.id for one in found]))
            .with_only_columns(ImportBatch.id)
        )
    )
    return render_template("imports/origin.html", origins=found, open_to_reader=open_to_reader)
