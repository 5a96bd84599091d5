"""Two records of one thing become one, by somebody's hand and with a reason; and apart again, as they were.

Whatever names a record by a key moves, in every room, also in rooms that do not exist yet: the tables are asked, not
listed. Each change is kept with what stood before, so that taking it back finds every row. What was added to the kept
record in between stays with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import JSON, ForeignKey, Select, UniqueConstraint, inspect, select
from sqlalchemy.orm import Mapped, RelationshipDirection, declared_attr, mapped_column, relationship

from app.access import Reader, count, unguarded, visible
from app.audit import IDENTITY
from app.db import Base, Numbered, ReasonMissing, db, now
from app.search import Searchable
from app.side_by_side import KEPT, Fact, chosen_value

SHORTEST_REASON = 10
WHY = "what names one record shall name the other, whoever may read it"
MADE, TAKEN_OUT = "(made)", "(taken out)"
"""Stand for a column where the merge made the whole row, or took it out."""


class CannotMerge(Exception):
    """These two cannot be brought together, or not apart now; the message is a sentence for people."""


class Merge(Numbered):
    """That two records were one: which stays, which went into it, and what was moved, to take it back.

    Who has one adds `kept_id` and `gone_id`, and `kept` and `gone`.
    """

    kept_id: Mapped[int]
    gone_id: Mapped[int]

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    reason: Mapped[str]
    merged_at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]
    changes: Mapped[list[list[Any]]] = mapped_column(JSON(), info=IDENTITY)
    """[table, id, column, before, after]. What stood there before is in the trail already, at its own row."""

    @declared_attr
    def merged_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id"))

    @declared_attr
    def undone_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id"))

    @declared_attr
    def merged_by(cls) -> Mapped[Any]:
        return relationship("User", foreign_keys=f"{cls.__name__}.merged_by_id")  # type: ignore[attr-defined]


# --- whether, and why ----------------------------------------------------------------------------


def checked_reason(text: str, if_missing: str) -> str:
    """The words of a reason; raises ReasonMissing with the sentence *if_missing* where they say nothing."""
    words = text.strip()
    if len(words) < SHORTEST_REASON:
        raise ReasonMissing(if_missing)
    return words


def check_two(kept: Any, gone: Any) -> None:
    """Raises CannotMerge for a record with itself, and for what was withdrawn."""
    if kept.id == gone.id:
        raise CannotMerge(_("This is the same record. Name another one."))
    if kept.is_withdrawn or gone.is_withdrawn:
        raise CannotMerge(_("One of them was withdrawn. Restore it first."))


def across_teams() -> CannotMerge:
    return CannotMerge(_("They belong to two teams, and each team answers for its own records."))


# --- what names a record -------------------------------------------------------------------------

Key = tuple[type[Base], str]
"""A mapped column that names the record: (model, attribute)."""


def keys_to(root: type[Base], left_alone: Collection[str]) -> list[Key]:
    """Every mapped column, in whatever room, that names a row of *root*; not in the tables *left_alone*."""
    found = []
    for mapper in Base.registry.mappers:
        # The kinds that share a table have their keys in it once.
        if mapper.inherits or getattr(mapper.local_table, "name", "") in left_alone:
            continue
        for column in mapper.local_table.columns:
            if any(key.column is root.__table__.c.id for key in column.foreign_keys):
                found.append((mapper.class_, mapper.get_property_by_column(column).key))
    return sorted(found, key=lambda one: (str(one[0].__tablename__), one[1]))


def hanging_on(user: Reader, keys: Iterable[Key], row: Any) -> list[tuple[str, int]]:
    """What the user sees of what names a record: (table, how many), for the tables that name one."""
    found: dict[str, int] = {}
    for model, key in keys:
        if not hasattr(model, "visible_to"):
            continue
        if number := count(visible(model, user).where(getattr(model, key) == row.id)):
            found[model.__tablename__] = found.get(model.__tablename__, 0) + number
    return list(found.items())


def shared_records(user: Reader, keys: Iterable[Key], one: Any, other: Any, but: Collection[str] = ()) -> list[Any]:
    """Roots that name both, as far as the user sees them; not those of the tables in *but*."""
    found: dict[str, Any] = {}
    for model, key in keys:
        for relation in _leading_up(model, but):
            parents = [
                {parent.id: parent for parent in db.session.scalars(_parents(user, model, key, relation, row)).unique()}
                for row in (one, other)
            ]
            found |= {parents[0][number].reference: parents[0][number] for number in set(parents[0]) & set(parents[1])}
    return [found[reference] for reference in sorted(found)]


def _leading_up(model: Any, but: Collection[str]) -> list[Any]:
    """The relations of a row to the root on which it hangs."""
    root = (model.__hangs_on__ or ("", ""))[0]
    return [
        relation
        for relation in inspect(model).relationships
        if relation.mapper.local_table.name == root and root not in but
    ]


def _parents(user: Reader, model: Any, key: str, relation: Any, row: Any) -> Select[Any]:
    root = relation.mapper.class_
    return visible(root, user).join(model, relation.primaryjoin).where(getattr(model, key) == row.id)


# --- what changes, and how it stood before -------------------------------------------------------


class Changes:
    """Sets values and remembers what stood there: [table, id, column, before, after]."""

    def __init__(self) -> None:
        self.written: list[list[Any]] = []
        self._rows: list[Any] = []

    def set(self, row: Any, column: str, value: Any) -> None:
        before = getattr(row, column)
        if before == value:
            return
        setattr(row, column, value)
        self.written.append([row.__tablename__, row.id, column, _plain(before), _plain(value)])

    def choose(self, facts: Iterable[Fact], kept: Any, gone: Any, choices: Mapping[str, str]) -> None:
        for fact in facts:
            if (choice := choices.get(fact.name, KEPT)) != KEPT:
                for column in fact.columns:
                    self.set(kept, column, chosen_value(fact, column, kept, gone, choice))

    def withdraw(self, row: Any, by: int, reason: str) -> None:
        self.set(row, "withdrawn_at", now())
        self.set(row, "withdrawn_by_id", by)
        self.set(row, "withdrawal_reason", reason)

    def made(self, row: Any) -> None:
        db.session.flush()
        self.written.append([row.__tablename__, _number(row), MADE, None, None])

    def take_out(self, row: Any) -> None:
        self.written.append([row.__tablename__, _number(row), TAKEN_OUT, _values(row), None])
        db.session.delete(row)

    def move(self, keys: Sequence[Key], kept: Any, gone: Any, *, once: bool = False) -> None:
        """Whatever names *gone* by these keys names *kept*.

        A row that would say nothing new, or name the record together with itself, stays with the one that goes. With
        *once* it is taken out where no two rows may say it, so that nobody reads it twice.
        """
        for model, key in keys:
            self._move(model, key, kept, gone, keys, once)

    def _move(self, model: Any, key: str, kept: Any, gone: Any, keys: Sequence[Key], once: bool) -> None:
        rows = [row for row in _rows_naming(model, key, gone) if row is not kept and row is not gone]
        if not rows:
            return
        there = {mark for row in _rows_naming(model, key, kept) for mark in _marks(model, key, row)}
        for row in rows:
            marks = _marks(model, key, row)
            if there & marks or _would_name_itself(model, key, row, kept, keys):
                if once and there & marks and not _is_named(model):
                    self.moved(row)
                    self.take_out(row)
                continue
            there |= marks
            self.moved(row)
            if inspect(model).columns[key].primary_key:
                # The key is the row: another one stands for it.
                values = {name: getattr(row, name) for name in _columns(model)}
                self.take_out(row)
                instead = model(**values | {key: kept.id})
                db.session.add(instead)
                self.made(instead)
            else:
                self.set(row, key, kept.id)

    def moved(self, row: Any) -> None:
        self._rows.append(row)

    def settle(self, *records: Any) -> None:
        settle(self._rows, records)


def settle(rows: Iterable[Any], records: Sequence[Any]) -> None:
    """Write, look at everything anew, and let what search finds by a record's words follow."""
    rows = list(rows)
    parents = [parent for row in rows for parent in _searchable_parents(row)]
    db.session.flush()
    db.session.expire_all()
    rows = [row for row in rows if row in db.session]
    found = [*rows, *parents, *(parent for row in rows for parent in _searchable_parents(row)), *records]
    for row in {id(row): row for row in found}.values():
        if isinstance(row, Searchable):
            row.index_for_search()


def index_what_names(keys: Iterable[Key], record: Any) -> None:
    """Let search follow in all that names a record whose own further names are other ones now."""
    for model, key in keys:
        for row in _rows_naming(model, key, record):
            for found in (row, *_searchable_parents(row)):
                if isinstance(found, Searchable):
                    found.index_for_search()


def _searchable_parents(row: Any) -> list[Any]:
    found = [
        getattr(row, relation.key)
        for relation in inspect(type(row)).relationships
        if relation.direction is RelationshipDirection.MANYTOONE and issubclass(relation.mapper.class_, Searchable)
    ]
    return [parent for parent in found if parent is not None]


def _columns(model: Any) -> list[str]:
    return [attribute.key for attribute in inspect(model).column_attrs]


def _values(row: Any) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in _columns(type(row))}


def _number(row: Any) -> Any:
    """The number of a row; where its keys are the row, these by their names."""
    columns = inspect(type(row)).primary_key
    if [column.name for column in columns] == ["id"]:
        return row.id
    return {column.name: getattr(row, column.name) for column in columns}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _read(model: Any, column: str, written: Any) -> Any:
    if written is None:
        return None
    kind = inspect(model).columns[column].type.python_type
    if kind is uuid.UUID:
        return uuid.UUID(written)
    return kind.fromisoformat(written) if kind in (date, datetime) else written


def _rows_naming(model: Any, key: str, record: Any) -> list[Any]:
    statement = select(model).where(getattr(model, key) == record.id).order_by(*inspect(model).primary_key)
    return list(db.session.scalars(unguarded(statement, WHY)).unique())


def _marks(model: Any, key: str, row: Any) -> set[Any]:
    """What no two rows of one record may share, or need to say twice."""
    found = set()
    for names in _alone(model, key):
        values = tuple(getattr(row, name) for name in names)
        if None not in values:
            found.add((names, values))
    return found


def _alone(model: Any, key: str) -> Iterator[tuple[str, ...]]:
    table, mapper = model.__table__, inspect(model)
    column = mapper.columns[key]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and column in set(constraint.columns):
            yield tuple(mapper.get_property_by_column(one).key for one in constraint.columns if one is not column)
    if column.primary_key:
        yield tuple(mapper.get_property_by_column(one).key for one in mapper.primary_key if one is not column)
    if column.unique:
        yield ()
    if same := getattr(model, "__says_the_same__", None):
        yield same


def _would_name_itself(model: Any, key: str, row: Any, kept: Any, keys: Iterable[Key]) -> bool:
    """A tie between the two would lead from the record to the same record.

    Only what hangs on such records is a tie: a court may be the prosecutor's house too, and a proceeding names both.
    """
    if (model.__hangs_on__ or ("",))[0] != kept.__tablename__:
        return False
    others = [other for one, other in keys if one is model and other != key]
    return any(getattr(row, other) == kept.id for other in others)


def _is_named(model: Any) -> bool:
    """Whether other rows hang on those of the table: taken out, they would fall."""
    tables = Base.metadata.tables.values()
    return any(key.column.table is model.__table__ for table in tables for key in table.foreign_keys)


# --- apart again ---------------------------------------------------------------------------------


def take_back(by: int, merge: Any, latest: Any, keys: Sequence[Key]) -> int:
    """Put everything back that the merge changed; gives how many values stay because they were changed since.

    *latest*: the last merge that stands of those that went into this record. Raises CannotMerge where that is another.
    """
    if merge.undone_at is not None:
        raise CannotMerge(_("This was taken back already."))
    if merge.kept.is_withdrawn or latest is not merge:
        raise CannotMerge(_("Something was brought together later. Take that back first."))
    mappers = [mapper for mapper in Base.registry.mappers if not mapper.inherits]
    models = {mapper.local_table.name: mapper.class_ for mapper in mappers}  # type: ignore[attr-defined]
    rows: list[Any] = []
    stayed = 0
    for table, number, column, before, after in reversed(merge.changes):
        model = models[table]
        row = _one(model, number)
        if column == TAKEN_OUT:
            if row is not None or (row := _brought_back(model, before, keys)) is None:
                stayed += 1
            else:
                rows.append(row)
        elif row is None:
            continue
        elif column == MADE:
            stayed += _unmake(row, merge, keys)
            rows.append(row)
        elif _plain(getattr(row, column)) == after:
            setattr(row, column, _read(model, column, before))
            rows.append(row)
        else:
            stayed += 1
    merge.undone_at, merge.undone_by_id = now(), by
    records = (merge.kept, merge.gone)
    settle([row for row in rows if all(row is not record for record in records)], records)
    return stayed


def _brought_back(model: Any, written: Mapping[str, Any], keys: Iterable[Key]) -> Any:
    """The row as it stood; None where another one says the same by now."""
    row = model(**{name: _read(model, name, value) for name, value in written.items()})
    for one, key in keys:
        if one is not model:
            continue
        same = select(model).where(getattr(model, key) == getattr(row, key))
        there = [mark for other in db.session.scalars(unguarded(same, WHY)) for mark in _marks(model, key, other)]
        if set(there) & _marks(model, key, row):
            return None
    db.session.add(row)
    db.session.flush()
    return row


def _unmake(row: Any, merge: Any, keys: Iterable[Key]) -> int:
    if not any(getattr(row, key) == merge.kept_id for model, key in keys if model is type(row)):
        return 1
    db.session.delete(row)
    return 0


def _one(model: Any, number: Any) -> Any:
    given = number if isinstance(number, dict) else {"id": number}
    same = [getattr(model, name) == value for name, value in given.items()]
    return db.session.scalars(unguarded(select(model).where(*same), WHY)).unique().one_or_none()


# --- what went into what -------------------------------------------------------------------------


def latest_merge(model: Any, kept_id: int, *further: Any) -> Any:
    """The last one that stands of those that went into this record."""
    statement = select(model).where(model.kept_id == kept_id, model.undone_at.is_(None), *further)
    return db.session.scalars(unguarded(statement.order_by(model.id.desc()).limit(1), WHY)).first()


def standing_pairs(model: Any) -> dict[int, int]:
    """Each record that went into another one → the one that stands at the end."""
    statement = select(model.gone_id, model.kept_id).where(model.undone_at.is_(None))
    pairs = {gone: kept for gone, kept in db.session.execute(unguarded(statement, "where records have gone"))}
    for gone in pairs:
        while pairs[gone] in pairs:
            pairs[gone] = pairs[pairs[gone]]
    return pairs


def kept_instead(user: Reader, root: Any, model: Any, reference: str) -> Any:
    """The record into which the one of this reference went, where the user sees it."""
    gone = select(root.id).where(root.reference == reference)
    number = db.session.scalar(unguarded(gone, "leads to a record that is asked for by visible()"))
    into = standing_pairs(model).get(number or 0)
    return db.session.scalars(visible(root, user).where(root.id == into)).unique().one_or_none()
