"""The history of an incident in sentences. For full readers only; identity is in none of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from app.access import Reader
from app.audit import AuditEntry
from app.history import (
    Picture,
    Step,
    added,
    difference,
    entries_of,
    fact_phrases,
    made_phrase,
    picture_of,
    told,
    withdrawal_phrases,
)
from app.incidents.history_words import PARTS, Names, assignment_phrases, child_phrases, note_phrase, readers
from app.incidents.models import Incident


def history_of(incident: Incident, user: Reader, most: int | None = None) -> tuple[list[Step], bool]:
    """The newest *most* steps, and whether there are older ones. The caller has made sure of full reading."""
    entries = entries_of(incident)
    names = Names(incident, user, entries)
    return told(_picture_of(incident), entries, _is_fact, partial(_step, incident.id, names), most)


def _is_fact(entry: AuditEntry) -> bool:
    """Not a move of the review, which stands by itself."""
    moves = {"state", "withdrawn_at", "public_set_at", "public_approved_at"}
    return entry.table_name != "review_note" and not moves & set(entry.columns or [])


def _picture_of(incident: Incident) -> Picture:
    rows: list[Any] = [incident, *incident.acts, *incident.involvements]
    rows += [*incident.project_links, *incident.company_links, *incident.source_links, *incident.reviews]
    return picture_of(rows)


def _step(number: int, names: Names, before: Picture, after: Picture, group: list[AuditEntry]) -> Step | None:
    key = ("incident", number)
    who, at = names.user(group[0].actor_id), group[0].at
    phrases = [note_phrase(row) for row in added(before, after, "review_note")]
    if key not in before:
        return Step(who, [made_phrase(after[key]), *phrases], at)
    facts, earlier = fact_phrases(before[key], after[key], readers(names))
    phrases += facts + assignment_phrases(before[key], after[key], names) + withdrawal_phrases(before[key], after[key])
    for table in PARTS:
        phrases += child_phrases(table, *difference(before, after, table, partial(names.describe, table)))
    return Step(who, phrases, at, earlier) if phrases else None
