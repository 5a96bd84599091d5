"""Taking a whole import back, while nothing was built on it: what it made goes, or nothing does.

What was built on it is asked of the trail and of all tables, not of a list: rooms that do not exist yet count too.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Table, delete, inspect, select
from sqlalchemy.orm import RelationshipDirection, selectinload

from app.access import Reader, unguarded, visible
from app.accounts.models import User
from app.audit import CHANGED, CREATED, DELETED, AuditEntry, give_reason
from app.db import Base, Root, db, now
from app.imports.models import ImportBatch, ImportRow
from app.imports.planning import batches

WHY = "what an import made goes as a whole or stays as a whole, whoever may read it"
AT_ONCE = 200
SHOWN = 10


class CannotUndo(Exception):
    """Something was built on the import, or it changed what was there; the message is a sentence for people."""


@dataclass
class Obstacles:
    """What keeps an import from being undone: records by table and number."""

    changed_since: set[tuple[str, int]] = field(default_factory=set)
    """Records of the import that somebody changed, or added something to."""
    named: set[tuple[str, int]] = field(default_factory=set)
    """Records of the import that something else names."""
    changed_by_it: set[tuple[str, int]] = field(default_factory=set)
    """Records that were there already, and that the import changed."""

    def __bool__(self) -> bool:
        return bool(self.changed_since or self.named or self.changed_by_it)

    def sentences(self, user: Reader) -> list[str]:
        said = (
            (self.changed_since, _("Worked on since the import: %(records)s.")),
            (self.named, _("Named by records that it did not bring: %(records)s.")),
            (self.changed_by_it, _("Were there before, and the import changed them: %(records)s.")),
        )
        return [words % {"records": _references(user, found)} for found, words in said if found]


def _references(user: Reader, found: set[tuple[str, int]]) -> str:
    """Some of them by their references; others, and those that the user does not see, as a number."""
    shown: list[str] = []
    for model in _roots():
        ids = sorted(id_ for table, id_ in found if table == model.__tablename__)[:SHOWN]
        if ids and hasattr(model, "visible_to"):
            seen = visible(model, user, withdrawn=True).where(model.id.in_(ids)).with_only_columns(model.reference)
            shown += db.session.scalars(seen)
    shown = sorted(shown)[:SHOWN]
    rest = len(found) - len(shown)
    further = [_("%(number)s more", number=rest)] if rest and shown else [str(rest)] if rest else []
    return ", ".join([*shown, *further])


# --- what was built on it ------------------------------------------------------------------------


def obstacles_of(batch: ImportBatch) -> Obstacles:
    """Reads only. An import that made nothing has none."""
    made = {model.__tablename__: _ids_made(model, batch) for model in _roots()}
    own = _transaction_of(batch)
    found = Obstacles()
    for model in _roots():
        table = model.__tablename__
        for part in batches(sorted(made[table])):
            found.changed_since |= {(table, id_) for id_ in _touched(model, part, batch, own)}
            found.named |= {(table, id_) for id_ in _named(model, part, made)}
    # The trail says of which record a row is; which records name one another in pairs, only the import said.
    noted = select(ImportRow.table_name, ImportRow.record_id).where(ImportRow.batch_id == batch.id, ~ImportRow.made)
    entries = select(AuditEntry.root_table, AuditEntry.root_id).where(
        AuditEntry.transaction_id == own, AuditEntry.deed.in_((CREATED, CHANGED, DELETED))
    )
    for table, id_ in (*db.session.execute(entries.distinct()), *db.session.execute(noted.distinct())):
        if table in made and id_ not in made[table]:
            found.changed_by_it.add((table, id_))
    return found


def _roots() -> list[Any]:
    return [
        mapper.class_ for mapper in Base.registry.mappers if not mapper.inherits and issubclass(mapper.class_, Root)
    ]


def _ids_made(model: Any, batch: ImportBatch) -> set[int]:
    return set(db.session.scalars(unguarded(select(model.id).where(model.import_batch_id == batch.id), WHY)))


def _transaction_of(batch: ImportBatch) -> uuid.UUID | None:
    """Under which number the trail keeps what the import did."""
    statement = select(AuditEntry.transaction_id).where(
        AuditEntry.root_table == batch.__tablename__, AuditEntry.root_id == batch.id, AuditEntry.deed == CREATED
    )
    return db.session.scalar(statement)


def _touched(model: Any, ids: Sequence[int], batch: ImportBatch, own: uuid.UUID | None) -> set[int]:
    later = unguarded(select(model.id).where(model.id.in_(ids), model.updated_at > batch.at), WHY)
    in_trail = select(AuditEntry.root_id).where(
        AuditEntry.root_table == model.__tablename__,
        AuditEntry.root_id.in_(ids),
        AuditEntry.transaction_id != own,
        AuditEntry.deed.in_((CREATED, CHANGED, DELETED)),
    )
    return {*db.session.scalars(later), *(id_ for id_ in db.session.scalars(in_trail) if id_ is not None)}


def _named(model: Any, ids: Sequence[int], made: dict[str, set[int]]) -> Iterator[int]:
    """Which of these records a row names that the import did not make."""
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if not any(key.column is model.__table__.c.id for key in column.foreign_keys):
                continue
            rows = db.session.execute(unguarded(select(table).where(column.in_(ids)), WHY)).mappings()
            yield from (row[column] for row in rows if not _is_of_import(table, column, row, made))


def _is_of_import(table: Table, column: Any, row: Any, made: dict[str, set[int]]) -> bool:
    """Whether the row is a record of the import, hangs on one, or pairs one with another."""
    if table.name in made:
        return row[table.c.id] in made[table.name]
    model = next((one.class_ for one in Base.registry.mappers if one.local_table is table), None)
    if model is not None and (hangs_on := _hanging(model)):
        root, name = hangs_on
        return row[table.c[name]] in made.get(root, ())
    if "id" in table.c:
        return False
    # A table of pairs: the first one owns it.
    owner = next(iter(table.primary_key.columns))
    (key,) = owner.foreign_keys
    return row[owner] in made.get(key.column.table.name, ())


def _hanging(model: Any) -> tuple[str, str] | None:
    """The root on which all rows of a table hang; None where each row says it of itself."""
    return model.__hangs_on__ if isinstance(model.__hangs_on__, tuple) else None


# --- taking it back ------------------------------------------------------------------------------


def undo_import(user: User, batch: ImportBatch, reason: str) -> None:
    """Remove what the import made, in the order in which nothing hangs in the air. Does not commit.

    Raises CannotUndo, and then nothing was removed.
    """
    if batch.undone_at is not None:
        raise CannotUndo(_("This import was undone already."))
    if found := obstacles_of(batch):
        raise CannotUndo(" ".join([_("Nothing was removed."), *found.sentences(user)]))
    order = {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}
    for model in sorted(_roots(), key=lambda one: order[one.__tablename__], reverse=True):
        for part in batches(sorted(_ids_made(model, batch)), AT_ONCE):
            _remove(model, part, reason)
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    give_reason(db.session, batch, reason)
    batch.undone_at, batch.undone_by_id, batch.undo_reason = now(), user.id, reason
    db.session.flush()


def _remove(model: Any, ids: Sequence[int], reason: str) -> None:
    """By the session, so that the trail says of each row that it went, and search forgets it."""
    for part in _parts_of_its_own(model):
        _root, column = part.__hangs_on__
        hanging = unguarded(select(part).where(getattr(part, column).in_(ids)), WHY)
        for row in db.session.scalars(hanging).unique():
            db.session.delete(row)
        db.session.flush()
    at_once = [selectinload(getattr(model, one.key)) for one in inspect(model).relationships if _is_followed(one)]
    records = db.session.scalars(unguarded(select(model).where(model.id.in_(ids)).options(*at_once), WHY)).unique()
    for record in records:
        give_reason(db.session, record, reason)
        db.session.delete(record)
    db.session.flush()


def _is_followed(relation: Any) -> bool:
    return relation.direction is not RelationshipDirection.MANYTOONE and not relation.viewonly


def _parts_of_its_own(root: Any) -> list[Any]:
    """What hangs on such a record and does not go by itself when the record goes."""
    goes_along = {one.mapper.class_ for one in inspect(root).relationships if one.cascade.delete}
    return [
        mapper.class_
        for mapper in Base.registry.mappers
        if not mapper.inherits
        and (_hanging(mapper.class_) or ("",))[0] == root.__tablename__
        and mapper.class_ not in goes_along
        and hasattr(mapper.class_, "id")
        and not issubclass(mapper.class_, Root)
    ]
