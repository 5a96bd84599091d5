"""Receiving files, adding them to records, opening, withdrawing and restoring them. No operation here commits."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import event, select
from sqlalchemy.orm import object_session

from app.access import unguarded
from app.accounts.models import User
from app.audit import note_read
from app.db import db
from app.evidence import vault
from app.evidence.files import EvidenceFile
from app.evidence.names import cleaned
from app.evidence.recognising import NotKept, recognised
from app.i18n import size_words


@dataclass(frozen=True)
class Received:
    """A file whose bytes lie sealed on disk and wait to be added to a record."""

    number: uuid.UUID
    filename: str
    media_type: str
    size: int
    sha256: str


class AlreadyThere(Exception):
    """The same bytes are on the record."""

    def __init__(self, file: EvidenceFile) -> None:
        super().__init__(file.reference)
        self.file = file


def receive(filename: str, content: bytes) -> Received:
    """Look at the bytes and seal them; the database is not asked. Raises NotKept, OSError.

    Whoever calls it drops the bytes with `vault.drop` when they are added to nothing.
    """
    limit = current_app.config["SETTINGS"].evidence_max_bytes
    if len(content) > limit:
        raise NotKept(_("the file has more than %(limit)s.", limit=size_words(limit)))
    name = cleaned(filename)
    kind = recognised(content, name)
    digest = hashlib.sha256(content).hexdigest()
    return Received(vault.put(content), name, kind.media_type, len(content), digest)


def add_file(user: User, row: Any, received: Received, description: str | None = None) -> EvidenceFile:
    """Add it to a record, which stays as it is: neither its state nor its last editor change. Raises AlreadyThere."""
    if there := _with_the_same_bytes(row, received.sha256):
        raise AlreadyThere(there)
    file = EvidenceFile(
        uid=received.number,
        team_id=row.team_id,
        holder_kind=row.__tablename__,
        holder_id=row.id,
        country=row.reference_country(),
        filename=received.filename,
        description=(description or "").strip() or None,
        media_type=received.media_type,
        size=received.size,
        sha256=received.sha256,
        created_by_id=user.id,
        updated_by_id=user.id,
    )
    vault.claim(db.session, received.number)
    db.session.add(file)
    return file


@event.listens_for(EvidenceFile, "after_delete")
def _let_go_of_its_bytes(mapper: Any, connection: Any, file: EvidenceFile) -> None:
    """Nobody deletes a file: it goes when the import that brought it is undone, and its bytes with it."""
    session = object_session(file)
    assert session is not None
    vault.release(session, file.uid)


def _with_the_same_bytes(row: Any, sha256: str) -> EvidenceFile | None:
    """Withdrawn or not: it can be restored."""
    statement = select(EvidenceFile).where(
        EvidenceFile.holder_kind == row.__tablename__,
        EvidenceFile.holder_id == row.id,
        EvidenceFile.sha256 == sha256,
    )
    found: EvidenceFile | None = db.session.scalar(unguarded(statement, "what stands on a record that is written to"))
    return found


def withdraw_file(user: User, file: EvidenceFile, reason: str) -> None:
    """Raises ReasonMissing."""
    file.withdraw(user.id, reason)


def restore_file(user: User, file: EvidenceFile) -> None:
    if file.is_withdrawn:
        file.restore(user.id)


def note_opened(file: EvidenceFile, record: str) -> None:
    """That somebody took the bytes; *record* is the reference of what it hangs on."""
    note_read(db.session, "evidence_opened", file, record=record)


def sweep() -> None:
    """Put in order what a kill has left behind."""
    numbers = vault.unclaimed()
    if not numbers:
        return
    statement = select(EvidenceFile.uid).where(EvidenceFile.uid.in_(numbers))
    vault.sweep(numbers, set(db.session.scalars(unguarded(statement, "upkeep of the folder of evidence"))))
