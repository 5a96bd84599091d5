"""The history of a record in sentences, read backwards from what stands now. Identity is in none of it.

The audit trail keeps what each column was and became. Going back entry by entry gives the record as it stood before
each step; a room says in words in which way two of these pictures differ.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import inspect, select
from sqlalchemy.orm import selectinload

from app.audit import CHANGED, CREATED, DELETED, AuditEntry
from app.dates import UNKNOWN, UncertainDate
from app.db import Base, db
from app.i18n import date_words, uncertain_date_words

ONE_SITTING = timedelta(minutes=10)
"""What one person changes in so short a time, as a draft that saves itself does, is told as one step."""

LONGEST_IN_A_SENTENCE = 100

Row = dict[str, Any]
Picture = dict[tuple[str, int], Row]
"""(table, number of the row) → column → value, as the trail writes values."""


@dataclass(frozen=True)
class Step:
    """Who did what, when; *earlier* holds long texts as they were before: (words, text)."""

    who: str
    phrases: list[str]
    at: datetime
    earlier: list[tuple[str, str]] = field(default_factory=list)
    reasons: tuple[str, ...] = ()
    """Why it was done, as far as that was asked for."""

    @property
    def sentence(self) -> str:
        told = ended(f"{self.who} {'; '.join(self.phrases)}")
        return " ".join([told, *(_("Reason: “%(words)s”.", words=reason.rstrip(".")) for reason in self.reasons)])


Tell = Callable[[Picture, Picture, list[AuditEntry]], Step | None]
"""From the pictures before and after, and the entries between them (newest first), a step; None for nothing told."""


def entries_of(root: Any) -> list[AuditEntry]:
    """What was done to a root and to what hangs on it, newest first."""
    statement = (
        select(AuditEntry)
        .where(
            AuditEntry.root_table == root.__tablename__,
            AuditEntry.root_id == root.id,
            AuditEntry.deed.in_((CREATED, CHANGED, DELETED)),
        )
        .order_by(AuditEntry.id.desc())
        .options(selectinload(AuditEntry.values))
    )
    return list(db.session.scalars(statement))


def told(
    now: Picture,
    entries: Iterable[AuditEntry],
    is_fact: Callable[[AuditEntry], bool],
    tell: Tell,
    most: int | None,
    root: Any = None,
) -> tuple[list[Step], bool]:
    """The newest *most* steps, and whether there are older ones. *is_fact*: an edit that may join its neighbours.

    With a *root*, reasons that were given for another record stay with that one.
    """
    steps: list[Step] = []
    after = now
    for group in _sittings(entries, is_fact):
        before = _undone(after, group)
        if step := tell(before, after, group):
            if most is not None and len(steps) == most:
                return steps, True
            steps.append(replace(step, reasons=_reasons(step, group, root)))
        after = before
    return steps, False


def _reasons(step: Step, group: list[AuditEntry], root: Any) -> tuple[str, ...]:
    """Each reason once, in their order, unless a phrase says it already."""
    own = [one for one in group if root is None or (one.root_table, one.root_id) == (root.__tablename__, root.id)]
    given = dict.fromkeys(entry.reason for entry in reversed(own) if entry.reason)
    return tuple(reason for reason in given if not any(reason in phrase for phrase in step.phrases))


def _sittings(entries: Iterable[AuditEntry], is_fact: Callable[[AuditEntry], bool]) -> Iterator[list[AuditEntry]]:
    """Entries of one transaction together, and those of one person in one sitting as far as they are plain edits."""
    group: list[AuditEntry] = []
    for entry in entries:
        if group and not _belongs(group, entry, is_fact):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _belongs(group: list[AuditEntry], entry: AuditEntry, is_fact: Callable[[AuditEntry], bool]) -> bool:
    last = group[-1]
    if entry.transaction_id == last.transaction_id:
        return True
    same = entry.actor_id == last.actor_id and last.at - entry.at < ONE_SITTING
    is_of_root = entry.table_name == entry.root_table
    is_edit = all(one.deed == CHANGED or (one.table_name != one.root_table and is_fact(one)) for one in group)
    return same and is_edit and entry.deed == CHANGED and is_of_root and is_fact(entry)


# --- pictures ------------------------------------------------------------------------------------


def picture_of(rows: Iterable[Base]) -> Picture:
    return {(row.__tablename__, row.id): _values_of(row) for row in rows}  # type: ignore[attr-defined]


def _values_of(row: Base) -> Row:
    state = inspect(row)
    assert state is not None
    return {
        attribute.key: _plain(getattr(row, attribute.key))
        for attribute in state.mapper.column_attrs
        if not attribute.key.startswith("search_")
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _undone(after: Picture, group: list[AuditEntry]) -> Picture:
    """The picture before the entries of the group, which stand newest first."""
    before = {key: dict(row) for key, row in after.items()}
    for entry in group:
        key = (entry.table_name or "", entry.row_id or 0)
        if entry.deed == CREATED:
            before.pop(key, None)
            continue
        row = before.setdefault(key, {})
        for value in entry.values:
            row[value.column] = json.loads(value.old) if value.old is not None else None
    return before


def added(before: Picture, after: Picture, table: str) -> list[Row]:
    return [after[key] for key in sorted(set(after) - set(before)) if key[0] == table]


def difference(
    before: Picture, after: Picture, table: str, describe: Callable[[Row], str]
) -> tuple[list[str], list[str]]:
    """What is described in one picture and not in the other; a part that was put in anew unchanged is no change."""
    then = Counter(describe(row) for key, row in before.items() if key[0] == table)
    now = Counter(describe(row) for key, row in after.items() if key[0] == table)
    return list((then - now).elements()), list((now - then).elements())


# --- words ---------------------------------------------------------------------------------------


Readers = Iterable[tuple[Any, Callable[[Row], str]]]
"""What is compared, by the words for it; each reads a row into what is shown of it, empty for nothing."""


def column_read(column: str, words: Callable[[Any], str] = str) -> Callable[[Row], str]:
    """Reads a column in *words*; empty where it says nothing."""

    def read(row: Row) -> str:
        value = row.get(column)
        return "" if value is None else words(value)

    return read


def when_read(row: Row, name: str) -> str:
    """A day as far as it is known; empty where none is on record."""
    first, last = (_read_day(row.get(f"{name}_{end}")) for end in ("from", "to"))
    if not (first or last):
        return ""
    return uncertain_date_words(UncertainDate(first, last, row.get(f"{name}_precision") or UNKNOWN))


def day_read(row: Row, name: str) -> str:
    return date_words(_read_day(row.get(name)))


def _read_day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


STANDS_ALONE = frozenset({"withdrawn_at", "public_set_at", "public_approved_at"})


def edit_of(table: str) -> Callable[[AuditEntry], bool]:
    """Tells a plain edit of the record from its withdrawal and from what was said to be public: they stand alone."""
    return lambda entry: entry.table_name == table and not STANDS_ALONE & set(entry.columns or [])


def step_of(
    who: str, at: datetime, before: Row | None, after: Row, readers: Readers, further: list[str]
) -> Step | None:
    """What happened to the record itself, then *further* phrases of what hangs on it; None for nothing told."""
    if before is None:
        return Step(who, [made_phrase(after), *further], at)
    phrases, earlier = fact_phrases(before, after, readers)
    phrases += withdrawal_phrases(before, after) + further
    return Step(who, phrases, at, earlier) if phrases else None


def fact_phrases(before: Row, after: Row, readers: Readers) -> tuple[list[str], list[tuple[str, str]]]:
    """What changed in the record's own columns, and the long texts that it replaced."""
    phrases: list[str] = []
    earlier: list[tuple[str, str]] = []
    for what, read in readers:
        old, new = read(before), read(after)
        if old == new:
            continue
        if len(old) > LONGEST_IN_A_SENTENCE or len(new) > LONGEST_IN_A_SENTENCE:
            phrases.append(_("changed %(what)s", what=what) if old else _("filled in %(what)s", what=what))
            earlier += [(str(what), old)] if old else []
        else:
            phrases.append(change_phrase(what, old, new))
    return phrases, earlier


def change_phrase(what: Any, old: str, new: str) -> str:
    if not old:
        return _("filled in %(what)s: %(new)s", what=what, new=new)
    if not new:
        return _("emptied %(what)s: before %(old)s", what=what, old=old)
    return _("changed %(what)s: before %(old)s, now %(new)s", what=what, old=old, new=new)


def withdrawal_phrases(before: Row, after: Row) -> list[str]:
    if after.get("withdrawn_at") and not before.get("withdrawn_at"):
        return [_("withdrew the record: “%(reason)s”", reason=after.get("withdrawal_reason") or "")]
    if before.get("withdrawn_at") and not after.get("withdrawn_at"):
        return [_("restored the record")]
    return []


def made_phrase(row: Row) -> str:
    return _("brought the record in by an import") if row.get("import_batch_id") else _("made the record")


def ended(sentence: str) -> str:
    """With a full stop, unless what stands or is quoted at its end brings one."""
    return sentence if sentence.rstrip("”»")[-1:] in tuple(".?!…") else f"{sentence}."


# --- what hangs on the record --------------------------------------------------------------------

Describe = Callable[[Row], str]
MOST_NAMED = 3


def several(*values: Any) -> str:
    """What is known of a part, in a row; blanks are left out."""
    return " · ".join(str(value) for value in values if value)


@dataclass(frozen=True)
class Beside:
    """What another room keeps on a record, as its history tells it: only what the reader may know of."""

    entries: list[AuditEntry]
    rows: list[Any]
    """As they stand now."""
    phrases: Callable[[Picture, Picture], list[str]]


def record_told(
    root: Any,
    rows: Iterable[Base],
    names_of: Callable[[Iterable[int | None]], Mapping[int | None, str]],
    readers: Callable[[], Readers],
    parts: Mapping[str, tuple[Any, Describe]],
    most: int | None,
    beside: Callable[[Picture, Picture], list[str]] = lambda before, after: [],
    further: Iterable[AuditEntry] = (),
) -> tuple[list[Step], bool]:
    """The history of a root and of the *rows* that hang on it: the newest *most* steps, and whether older ones exist.

    *parts*: table of what hangs on it → its words, and what describes one. *names_of* gives the names of actors.
    *beside* tells in its own phrases what another room keeps on the record, as files; *further* are the entries of it
    that do not hang on the record.
    """
    entries = sorted([*entries_of(root), *further], key=lambda entry: entry.id, reverse=True)
    names = names_of(entry.actor_id for entry in entries)
    key = (root.__tablename__, root.id)

    def tell(before: Picture, after: Picture, group: list[AuditEntry]) -> Step | None:
        who, at = names.get(group[0].actor_id, "Amparo"), group[0].at
        phrases = [phrase for table, words in parts.items() for phrase in part_phrases(table, *words, before, after)]
        return step_of(who, at, before.get(key), after[key], readers(), phrases + beside(before, after))

    return told(picture_of([root, *rows]), entries, edit_of(root.__tablename__), tell, most, root)


def part_phrases(table: str, what: Any, describe: Describe, before: Picture, after: Picture) -> list[str]:
    gone, come = difference(before, after, table, describe)
    phrases = []
    if come:
        phrases.append(_("wrote down %(what)s: %(list)s", what=what, list=_listed(come)))
    if gone:
        phrases.append(_("took out %(what)s: %(list)s", what=what, list=_listed(gone)))
    return phrases


def _listed(found: list[str]) -> str:
    """Fifty-two accused are told as three names and a number."""
    named = ", ".join(f"“{text}”" for text in found[:MOST_NAMED])
    rest = len(found) - MOST_NAMED
    return named if rest <= 0 else _("%(named)s and %(number)s more", named=named, number=rest)
