"""Two records of one person become one, by somebody's hand and with a reason; and apart again, as they were.

Whatever names a person by a key moves, in every room, also in rooms that do not exist yet: the tables are asked, not
listed. Each change is kept with what stood before, so that taking it back finds every row. What was added to the kept
record in between stays with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint, inspect, select
from sqlalchemy.orm import RelationshipDirection

from app.access import unguarded
from app.accounts.models import User
from app.audit import note_read
from app.dates import today
from app.db import Base, ReasonMissing, db, fold, now
from app.people.consent import ANY_PURPOSE, FROM_LEAST, effective_consent
from app.people.facts import FACTS, GONE, KEPT, chosen_value
from app.people.keys import keys_to_a_person
from app.people.models import Person, PersonAlias, PersonIdentity, PersonMerge
from app.search import Searchable
from app.vocabulary.queries import entries

MERGED, UNMERGED = "people_merged", "people_unmerged"
SHORTEST_REASON = 10
WHY = "what names one record of a person shall name the other, whoever may read it"
MADE = "(made)"
"""Stands for a column where the merge made the whole row."""


class CannotMerge(Exception):
    """These two cannot be brought together, or not apart now; the message is a sentence for people."""


def merge_people(user: User, kept: Person, gone: Person, choices: Mapping[str, str], reason: str) -> PersonMerge:
    """*choices*: name of a fact → KEPT, GONE or BOTH. Raises CannotMerge or ReasonMissing; changes nothing then."""
    words = reason.strip()
    _check(kept, gone, words)
    limits = _strictest(kept, gone)
    changes = _Changes()
    for model, key in keys_to_a_person():
        _move(changes, model, key, kept, gone)
    for fact in FACTS:
        if (choice := choices.get(fact.name, KEPT)) != KEPT:
            for column in fact.columns:
                changes.set(kept, column, chosen_value(fact, column, kept, gone, choice))
    changes.set(gone, "withdrawn_at", now())
    changes.set(gone, "withdrawn_by_id", user.id)
    changes.set(gone, "withdrawal_reason", _("Recorded twice: it went into %(kept)s.", kept=kept.reference))
    changes.settle(kept, gone)
    _hold_to(changes, kept, limits)
    _keep_the_pseudonym(changes, kept, gone)
    for person in (kept, gone):
        person.touch(user.id)
    merge = PersonMerge(kept_id=kept.id, gone_id=gone.id, reason=words, merged_by_id=user.id, changes=changes.written)
    db.session.add(merge)
    db.session.flush()
    note_read(db.session, MERGED, kept, reason=words, other=gone.reference)
    return merge


def _check(kept: Person, gone: Person, reason: str) -> None:
    if kept.id == gone.id:
        raise CannotMerge(_("This is the same record. Name another one."))
    if kept.team_id != gone.team_id:
        raise CannotMerge(_("They belong to two teams, and each team answers for its own records."))
    if kept.is_withdrawn or gone.is_withdrawn:
        raise CannotMerge(_("One of them was withdrawn. Restore it first."))
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing(_("Write in a few words how you know that they are one person; it is recorded."))


# --- what changes, and how it stood before -------------------------------------------------------


class _Changes:
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

    def made(self, row: Any) -> None:
        db.session.flush()
        self.written.append([row.__tablename__, row.id, MADE, None, None])

    def moved(self, row: Any) -> None:
        self._rows.append(row)

    def settle(self, *people: Person) -> None:
        _settle(self._rows, people)


def _settle(rows: list[Any], people: tuple[Person, ...]) -> None:
    """Write, look at everything anew, and let what search finds by a person's words follow."""
    db.session.flush()
    for row in (*rows, *people):
        db.session.expire(row)
    for row in rows:
        if isinstance(row, Searchable):
            row.index_for_search()
        for relation in inspect(type(row)).relationships:
            if relation.direction is RelationshipDirection.MANYTOONE and issubclass(relation.mapper.class_, Searchable):
                parent = getattr(row, relation.key)
                if parent is not None:
                    parent.index_for_search()
    for person in people:
        person.index_for_search()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _read(row: Any, column: str, written: Any) -> Any:
    kind = inspect(type(row)).columns[column].type.python_type
    return kind.fromisoformat(written) if written is not None and kind in (date, datetime) else written


# --- what names a person -------------------------------------------------------------------------


def _rows_naming(model: Any, key: str, person: Person) -> list[Any]:
    statement = select(model).where(getattr(model, key) == person.id).order_by(model.id)
    return list(db.session.scalars(unguarded(statement, WHY)).unique())


def _move(changes: _Changes, model: Any, key: str, kept: Person, gone: Person) -> None:
    rows = _rows_naming(model, key, gone)
    if not rows:
        return
    there = {mark for row in _rows_naming(model, key, kept) for mark in _marks(model, key, row)}
    for row in rows:
        marks = _marks(model, key, row)
        if there & marks or _would_name_itself(model, key, row, kept):
            continue  # it would say nothing new: it stays with the record that goes
        there |= marks
        changes.set(row, key, kept.id)
        changes.moved(row)


def _marks(model: Any, key: str, row: Any) -> set[Any]:
    """What no two rows of one person may share, or need to say twice."""
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
    if column.unique:
        yield ()
    if same := getattr(model, "__says_the_same__", None):
        yield same


def _would_name_itself(model: Any, key: str, row: Any, kept: Person) -> bool:
    """A tie between the two would lead from the person to the same person."""
    others = [other for one, other in keys_to_a_person() if one is model and other != key]
    return any(getattr(row, other) == kept.id for other in others)


def _keep_the_pseudonym(changes: _Changes, kept: Person, gone: Person) -> None:
    """Whoever looks for the pseudonym that was not chosen finds the record: it is a further name now."""
    replaced = [row[3] for row in changes.written if row[:3] == ["person", kept.id, "pseudonym"]]
    known = {fold(kept.pseudonym), *(alias.name_folded for alias in kept.aliases)}
    for name in (gone.pseudonym, *replaced):
        if fold(name) not in known:
            alias = PersonAlias(name=name, name_folded=fold(name))
            kept.aliases.append(alias)
            changes.made(alias)
            known.add(alias.name_folded)


# --- what the person allows ----------------------------------------------------------------------


def _strictest(kept: Person, gone: Person) -> dict[str, str]:
    """Purpose → the level that allows least, where both have answered."""
    day, found = today(), {}
    for purpose in dict.fromkeys([ANY_PURPOSE, *entries("consent_purposes")]):
        answers = [effective_consent(person, purpose, day) for person in (kept, gone)]
        levels = [answer.level for answer in answers if answer is not None]
        if len(levels) == 2:
            found[purpose] = min(levels, key=FROM_LEAST.index)
    return found


def _hold_to(changes: _Changes, kept: Person, limits: Mapping[str, str]) -> None:
    """End what allows more than the stricter of the two answers did."""
    day = today()
    for consent in kept.consents:
        limit = limits.get(consent.purpose)
        if limit is not None and consent.holds_on(day) and FROM_LEAST.index(consent.level) > FROM_LEAST.index(limit):
            changes.set(consent, "withdrawn_on", day)
            reason = _("Two records of this person were brought together: the stricter answer holds.")
            changes.set(consent, "withdrawal_reason", reason)


# --- who it is -----------------------------------------------------------------------------------


def choose_identity(merge: PersonMerge, choice: str) -> None:
    """Of two identities the one that is right; the other stays with the record that went, and nothing is lost.

    Raises CannotMerge where the two are two again: each has its own identity then.
    """
    if merge.undone_at is not None:
        raise CannotMerge(_("This was taken back already."))
    if (choice == GONE) != (merge.identity_chosen == GONE):
        _swap_identities(merge)
    merge.identity_chosen = choice


def _swap_identities(merge: PersonMerge) -> None:
    ours, theirs = (_identity_of(number) for number in (merge.kept_id, merge.gone_id))
    if ours is None or theirs is None:
        return
    for column in ("legal_name", "document", "birth_date", "contact"):
        mine, other = getattr(ours, column), getattr(theirs, column)
        setattr(ours, column, other)
        setattr(theirs, column, mine)


def _identity_of(number: int) -> PersonIdentity | None:
    statement = select(PersonIdentity).where(PersonIdentity.person_id == number)
    found: Any = db.session.scalars(unguarded(statement, WHY)).one_or_none()
    return found


# --- apart again ---------------------------------------------------------------------------------


def unmerge(user: User, merge: PersonMerge) -> int:
    """Put everything back that the merge changed; gives how many values stay because they were changed since.

    Raises CannotMerge where a later merge stands on this one.
    """
    if merge.undone_at is not None:
        raise CannotMerge(_("This was taken back already."))
    if merge.kept.is_withdrawn or latest_merge(merge.kept_id) is not merge:
        raise CannotMerge(_("Something was brought together later. Take that back first."))
    mappers = [mapper for mapper in Base.registry.mappers if not mapper.inherits]
    models = {mapper.local_table.name: mapper.class_ for mapper in mappers}  # type: ignore[attr-defined]
    rows, stayed = [], 0
    for table, number, column, before, after in reversed(merge.changes):
        row = _one(models[table], number)
        if row is None:
            continue
        if column == MADE:
            stayed += _unmake(row, merge)
        elif _plain(getattr(row, column)) == after:
            setattr(row, column, _read(row, column, before))
            rows.append(row)
        else:
            stayed += 1
    if merge.identity_chosen == GONE:
        _swap_identities(merge)
    merge.undone_at, merge.undone_by_id = now(), user.id
    for person in (merge.kept, merge.gone):
        person.touch(user.id)
    _settle([row for row in rows if not isinstance(row, Person)], (merge.kept, merge.gone))
    note_read(db.session, UNMERGED, merge.kept, reason=merge.reason, other=merge.gone.reference)
    return stayed


def _unmake(row: Any, merge: PersonMerge) -> int:
    if row.person_id != merge.kept_id:
        return 1
    db.session.delete(row)
    return 0


def _one(model: Any, number: int) -> Any:
    return db.session.scalars(unguarded(select(model).where(model.id == number), WHY)).unique().one_or_none()


def latest_merge(kept_id: int) -> PersonMerge | None:
    """The last one that stands of those that went into this record."""
    statement = select(PersonMerge).where(PersonMerge.kept_id == kept_id, PersonMerge.undone_at.is_(None))
    found: Any = db.session.scalars(unguarded(statement.order_by(PersonMerge.id.desc()).limit(1), WHY)).first()
    return found
