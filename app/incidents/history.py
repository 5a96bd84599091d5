"""The history of an incident in sentences, read backwards from what stands now. For full readers only.

The audit trail keeps what each column was and became. Going back entry by entry gives the record as it stood before
each step; a sentence says in which way two of these pictures differ. Identity is in none of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import inspect, select
from sqlalchemy.orm import selectinload

from app.access import Reader
from app.audit import CHANGED, CREATED, DELETED, AuditEntry
from app.db import Base, db
from app.incidents.history_words import PARTS, Names, child_phrases, ended, fact_phrases, note_phrase
from app.incidents.models import Incident

ONE_SITTING = timedelta(minutes=10)
"""What one person changes in so short a time, as a draft that saves itself does, is told as one step."""

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

    @property
    def sentence(self) -> str:
        return ended(f"{self.who} {'; '.join(self.phrases)}")


def history_of(incident: Incident, user: Reader, most: int | None = None) -> tuple[list[Step], bool]:
    """The newest *most* steps, and whether there are older ones. The caller has made sure of full reading."""
    entries = list(db.session.scalars(_entries_of(incident)))
    names = Names(incident, user, entries)
    steps: list[Step] = []
    after = _picture_of(incident)
    for group in _sittings(entries):
        before = _undone(after, group)
        if step := _told(incident.id, before, after, group[0], names):
            if most is not None and len(steps) == most:
                return steps, True
            steps.append(step)
        after = before
    return steps, False


def _entries_of(incident: Incident) -> Any:
    """Newest first."""
    return (
        select(AuditEntry)
        .where(
            AuditEntry.root_table == "incident",
            AuditEntry.root_id == incident.id,
            AuditEntry.deed.in_((CREATED, CHANGED, DELETED)),
        )
        .order_by(AuditEntry.id.desc())
        .options(selectinload(AuditEntry.values))
    )


def _sittings(entries: Iterable[AuditEntry]) -> Iterator[list[AuditEntry]]:
    """Entries of one transaction together, and those of one person in one sitting between two moves of the review."""
    group: list[AuditEntry] = []
    for entry in entries:
        if group and not _belongs(group, entry):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _belongs(group: list[AuditEntry], entry: AuditEntry) -> bool:
    if entry.transaction_id == group[-1].transaction_id:
        return True
    same = entry.actor_id == group[-1].actor_id and group[-1].at - entry.at < ONE_SITTING
    is_edit = all(one.deed == CHANGED or one.table_name in PARTS for one in group)
    return same and is_edit and entry.deed == CHANGED and entry.table_name == "incident" and _is_fact(entry)


def _is_fact(entry: AuditEntry) -> bool:
    return not {"state", "withdrawn_at", "public_set_at", "public_approved_at"} & set(entry.columns or [])


# --- pictures ------------------------------------------------------------------------------------


def _picture_of(incident: Incident) -> Picture:
    rows: list[Any] = [incident, *incident.acts, *incident.involvements]
    rows += [*incident.project_links, *incident.company_links, *incident.source_links, *incident.reviews]
    return {(row.__tablename__, row.id): _values_of(row) for row in rows}


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


# --- telling -------------------------------------------------------------------------------------


def _told(number: int, before: Picture, after: Picture, newest: AuditEntry, names: Names) -> Step | None:
    key = ("incident", number)
    who = names.user(newest.actor_id)
    if key not in before:
        imported = after[key].get("import_batch_id")
        made = _("brought the record in by an import") if imported else _("made the record")
        return Step(who, [made, *(note_phrase(row) for row in _added(before, after, "review_note"))], newest.at)
    phrases = [note_phrase(row) for row in _added(before, after, "review_note")]
    facts, earlier = fact_phrases(before[key], after[key], names)
    phrases += facts
    for table in PARTS:
        gone, come = _difference(before, after, table, names)
        phrases += child_phrases(table, gone, come)
    return Step(who, phrases, newest.at, earlier) if phrases else None


def _added(before: Picture, after: Picture, table: str) -> list[Row]:
    return [after[key] for key in sorted(set(after) - set(before)) if key[0] == table]


def _difference(before: Picture, after: Picture, table: str, names: Names) -> tuple[list[str], list[str]]:
    """What is described in one picture and not in the other; a part that was put in anew unchanged is no change."""
    then = Counter(names.describe(table, row) for key, row in before.items() if key[0] == table)
    now = Counter(names.describe(table, row) for key, row in after.items() if key[0] == table)
    return list((then - now).elements()), list((now - then).elements())
