"""The audit trail: it listens to every flush and writes in the same transaction. Nobody calls it for a change.

Entries say who did what to which record; they are never changed or deleted. The values stand apart, so that they
can be erased with a person while the trail stays whole. Identity columns leave no values at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import ForeignKey, Index, String, event, inspect, select
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column, object_session, relationship
from sqlalchemy.orm.attributes import get_history

from app.db import Base, BigId, Numbered, now

IDENTITY = {"identity": True}
"""`info` of a column whose values never leave a trace: legal names, documents, contacts, secrets."""

DERIVED = ("version", "updated_at", "search_full", "search_reduced")
"""Columns that follow from others: they say nothing of their own."""

CREATED, CHANGED, DELETED = "created", "changed", "deleted"


class AuditEntry(Numbered, Base):
    """One deed: a row made, changed or deleted, or a read that matters. Kept for ever."""

    __tablename__ = "audit_entry"
    __audited__ = False
    __table_args__ = (
        Index("ix_audit_entry_root", "root_table", "root_id"),
        {"sqlite_autoincrement": True},
    )

    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    transaction_id: Mapped[uuid.UUID] = mapped_column(index=True)
    deed: Mapped[str] = mapped_column(String(40))
    table_name: Mapped[str | None] = mapped_column(String(60))
    row_id: Mapped[int | None] = mapped_column(BigId)
    root_table: Mapped[str | None] = mapped_column(String(60))
    root_id: Mapped[int | None] = mapped_column(BigId)
    reference: Mapped[str | None] = mapped_column(String(11), index=True)
    columns: Mapped[list[str] | None]
    reason: Mapped[str | None]
    digest: Mapped[str] = mapped_column(String(64))

    values: Mapped[list[AuditValue]] = relationship(back_populates="entry", order_by="AuditValue.id")
    actor: Mapped[Any] = relationship("User", viewonly=True, uselist=False)


class AuditValue(Numbered, Base):
    """An old and a new value, as JSON; shown in the history in words to those who may read the row now."""

    __tablename__ = "audit_value"
    __audited__ = False

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), index=True)
    column: Mapped[str] = mapped_column(String(60))
    old: Mapped[str | None]
    new: Mapped[str | None]

    entry: Mapped[AuditEntry] = relationship(back_populates="values")


_actor: ContextVar[int | None] = ContextVar("actor", default=None)


@contextlib.contextmanager
def acting(user_id: int | None) -> Iterator[None]:
    """Whatever is written inside was done by this user; None is the system itself."""
    token = _actor.set(user_id)
    try:
        yield
    finally:
        _actor.reset(token)


def set_actor(user_id: int | None) -> None:
    """The same for the rest of a request."""
    _actor.set(user_id)


def actor_id() -> int | None:
    return _actor.get()


def give_reason(session: Session, root: Any, words: str | None) -> None:
    """Why a record is changed in this transaction; it stands with each entry of that record, and of no other.

    What is written along with it, as a person or a link to the record of others, has readers of its own.
    """
    session.info.setdefault("reasons", {})[root.__tablename__, root.id] = words


def note_read(session: Session, deed: str, row: Any = None, reason: str | None = None, **details: Any) -> None:
    """Write down a read that matters: an identity shown, an export taken, a sign-in. *details* carry no names."""
    session.add(
        AuditEntry(
            actor_id=_actor.get(),
            transaction_id=_transaction_id(session),
            deed=deed,
            table_name=row.__tablename__ if row is not None else None,
            row_id=row.id if row is not None else None,
            root_table=row.__tablename__ if row is not None else None,
            root_id=row.id if row is not None else None,
            reference=getattr(row, "reference", None),
            columns=[f"{key}={value}" for key, value in details.items()] or None,
            reason=reason,
            digest=_digest([deed, details]),
        )
    )


def last_change(session: Session, row: Any) -> AuditEntry | None:
    """The newest change of a row, or of what hangs on it."""
    root_table, root_id = _root_of(row)
    statement = select(AuditEntry).where(
        AuditEntry.root_table == root_table,
        AuditEntry.root_id == root_id,
        AuditEntry.deed.in_((CREATED, CHANGED, DELETED)),
    )
    if row.__hangs_on__:
        statement = statement.where(AuditEntry.table_name == row.__tablename__, AuditEntry.row_id == row.id)
    return session.scalars(statement.order_by(AuditEntry.id.desc()).limit(1)).first()


@event.listens_for(Mapper, "mapper_configured")
def _remember_old_values(mapper: Mapper[Any], class_: type) -> None:
    # Without it the old value of an expired column is lost at the moment it is set.
    for attribute in mapper.column_attrs:
        getattr(class_, attribute.key).impl.active_history = True


@event.listens_for(Mapper, "before_delete")
def _remember_what_goes(mapper: Mapper[Any], connection: Any, row: Any) -> None:
    # What goes because its parent let go of it is not in `session.deleted`; and a row that is not loaded
    # would go without a trace of what it held.
    for key in inspect(row).expired_attributes & set(mapper.column_attrs.keys()):
        getattr(row, key)
    session = object_session(row)
    assert session is not None
    session.info.setdefault("going", []).append(row)


@event.listens_for(Session, "after_flush")
def _write_entries(session: Session, context: Any) -> None:
    entries: list[dict[str, Any]] = []
    values: list[list[dict[str, Any]]] = []
    roots = _Roots(session)
    gone = session.info.pop("going", [])
    changed = [row for row in session.dirty if not any(row is other for other in gone)]
    for deed, rows in ((CREATED, session.new), (CHANGED, changed), (DELETED, gone)):
        for row in rows:
            if not isinstance(row, Base) or not row.__audited__:
                continue
            changes = _changes(row, deed)
            if not changes and deed == CHANGED:
                continue
            written = [(key, _as_json(old), _as_json(new)) for key, (old, new) in sorted(changes.items())]
            entries.append(_entry(session, row, deed, written, roots))
            values.append(_values(row, written))
    if entries:
        _insert(session, entries, values)


def _insert(session: Session, entries: list[dict[str, Any]], values: list[list[dict[str, Any]]]) -> None:
    connection = session.connection()
    # SQLite numbers the rows of one statement in their order; asked to prove it, it would insert them one by one.
    in_order = connection.dialect.name != "sqlite"
    table = AuditEntry.__table__
    inserted = connection.execute(table.insert().returning(table.c.id, sort_by_parameter_order=in_order), entries)  # type: ignore[attr-defined]
    ids = sorted(row.id for row in inserted)
    rows = [{**value, "entry_id": id_} for id_, group in zip(ids, values, strict=True) for value in group]
    if rows:
        connection.execute(AuditValue.__table__.insert(), rows)  # type: ignore[attr-defined]


def _changes(row: Base, deed: str) -> dict[str, tuple[Any, Any]]:
    """Column name → (old, new)."""
    changes = {}
    for attribute in inspect(type(row)).column_attrs:
        key = attribute.key
        if deed == CHANGED:
            history = get_history(row, key)
            if history.has_changes():
                old = history.deleted[0] if history.deleted else None
                new = history.added[0] if history.added else None
                if old != new:
                    changes[key] = (old, new)
        else:
            value = row.__dict__.get(key)
            if value is not None:
                changes[key] = (None, value) if deed == CREATED else (value, None)
    for derived in DERIVED:
        changes.pop(derived, None)
    if set(changes) <= {"updated_by_id"} and deed == CHANGED:
        return {}
    return changes


Written = list[tuple[str, str | None, str | None]]
"""Column, old and new value as JSON, in the order of the columns."""


def _entry(session: Session, row: Any, deed: str, written: Written, roots: _Roots) -> dict[str, Any]:
    root_table, root_id = _root_of(row)
    return {
        "at": now(),
        "actor_id": _actor.get(),
        "transaction_id": _transaction_id(session),
        "deed": deed,
        "table_name": row.__tablename__,
        "row_id": getattr(row, "id", None),
        "root_table": root_table,
        "root_id": root_id,
        "reference": getattr(row, "reference", None) or roots.reference(root_table, root_id),
        "columns": [key for key, _old, _new in written],
        "reason": session.info.get("reasons", {}).get((root_table, root_id)),
        "digest": _digest(written),
    }


def _values(row: Base, written: Written) -> list[dict[str, Any]]:
    columns = inspect(type(row)).columns
    return [
        {"column": key, "old": old, "new": new}
        for key, old, new in written
        if not columns[key].info.get("identity") and key != "id"
    ]


def _root_of(row: Any) -> tuple[str | None, int | None]:
    if row.__hangs_on__:
        table, column = row.__hangs_on__
        return table, getattr(row, column)
    return row.__tablename__, getattr(row, "id", None)


class _Roots:
    """The roots that the session holds, looked up by table and id: a session that imports holds thousands."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._new: dict[tuple[str | None, int | None], Any] | None = None

    def reference(self, table: str | None, root_id: int | None) -> str | None:
        if self._new is None:
            rows = [row for row in self._session.new if _is_root(row)]
            self._new = {(row.__tablename__, inspect(row).dict.get("id")): row for row in rows}
        return getattr(self._new.get((table, root_id)) or self._held(table, root_id), "reference", None)

    def _held(self, table: str | None, root_id: int | None) -> Any:
        mapper = next((one for one in _root_mappers() if one.local_table.name == table), None)
        key = mapper.identity_key_from_primary_key((root_id,)) if mapper is not None else None
        return self._session.identity_map.get(key) if key else None


@cache
def _root_mappers() -> list[Any]:
    return [one for one in Base.registry.mappers if not one.inherits and hasattr(one.class_, "reference")]


def _is_root(row: Any) -> bool:
    return hasattr(type(row), "reference")


def _transaction_id(session: Session) -> uuid.UUID:
    """One number for what one person does in one transaction, however many flushes it takes."""
    actor, found = session.info.get("transaction_id", (None, None))
    if found is None or actor != _actor.get():
        found = uuid.uuid4()
        session.info["transaction_id"] = (_actor.get(), found)
    return found


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _transaction_ends(session: Session) -> None:
    for kept in ("transaction_id", "going", "reasons"):
        session.info.pop(kept, None)


def _as_json(value: Any) -> str | None:
    if value is None:
        return None
    return _encoder.encode(value)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


_encoder = json.JSONEncoder(default=_plain, ensure_ascii=False, sort_keys=True)


def _digest(content: Any) -> str:
    """Salted with the installation's key: equal values show as equal, but cannot be guessed from outside."""
    text = _encoder.encode(content)
    return hmac.new(current_app.extensions["keyring"].key_for("audit"), text.encode(), hashlib.sha256).hexdigest()
