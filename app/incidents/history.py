"""The history of an incident in sentences. For full readers only; identity is in none of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from app.access import full_ids, visible
from app.accounts.models import User
from app.alerts.queries import alerts_of
from app.audit import CHANGED, CREATED, DELETED, AuditEntry, AuditValue
from app.db import db
from app.evidence.history import TABLE as FILES
from app.evidence.history import file_phrases
from app.evidence.queries import files_of
from app.history import (
    Beside,
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
from app.incidents.beside import IncidentLink
from app.incidents.history_words import (
    PARTS,
    Names,
    alert_phrases,
    assignment_phrases,
    child_phrases,
    consent_phrases,
    note_phrase,
    readers,
    with_sources,
)
from app.incidents.linking import links_of
from app.incidents.models import Incident
from app.people.models import Person

Teller = Callable[[User, Incident, list[AuditEntry]], Beside]
_tellers: dict[str, Teller] = {}


def tell_beside(table: str, teller: Teller) -> None:
    """Let a room above tell of what hangs on an incident. It is given the entries of its table."""
    _tellers[table] = teller


def history_of(incident: Incident, user: User, most: int | None = None) -> tuple[list[Step], bool]:
    """The newest *most* steps, and whether there are older ones. The caller has made sure of full reading."""
    persons = {act.person.id: act.person for act in incident.acts if act.person is not None}
    open_ones = full_ids(Person, user, list(persons.values()))
    answers = [consent for id_ in open_ones for consent in persons[id_].consents]
    sources = [link.source for link in incident.source_links]
    everything = entries_of(incident)
    others = [
        tell(user, incident, [entry for entry in everything if entry.table_name == table])
        for table, tell in _tellers.items()
    ]
    own = [entry for entry in everything if entry.table_name not in (IncidentLink.__tablename__, *_tellers)]
    beside = _entries_beside(own[-1], open_ones, {source.id for source in sources}) if own else []
    told_beside = [entry for other in others for entry in other.entries]
    entries = sorted(
        [*own, *beside, *told_beside, *_entries_of_links(incident, user)], key=lambda entry: entry.id, reverse=True
    )
    names = Names(incident, user, entries)
    picture = _picture_of(incident) | picture_of([*answers, *sources])
    picture |= picture_of([*alerts_of(user, incident), *links_of(user, incident)])
    picture |= picture_of(db.session.scalars(files_of(user, incident, withdrawn=True)))
    picture |= picture_of(row for other in others for row in other.rows)
    return told(picture, entries, _is_fact, partial(_step, incident.id, names, others), most, incident)


def _entries_beside(first: AuditEntry, persons: set[int], sources: set[int]) -> list[AuditEntry]:
    """What was done, since the record began, to what it shows though it does not hang on it: answers and sources."""
    of_persons = and_(AuditEntry.table_name == "consent", AuditEntry.root_id.in_(persons))
    of_sources = and_(AuditEntry.table_name == "source", AuditEntry.row_id.in_(sources), AuditEntry.deed == CHANGED)
    statement = (
        select(AuditEntry)
        .where(or_(AuditEntry.id > first.id, AuditEntry.transaction_id == first.transaction_id))
        .where(or_(of_persons, of_sources), AuditEntry.deed.in_((CREATED, CHANGED, DELETED)))
        .options(selectinload(AuditEntry.values))
    )
    return list(db.session.scalars(statement))


def _entries_of_links(incident: Incident, user: User) -> list[AuditEntry]:
    """What was done to links from and to it. A link to what the reader does not see was never there."""
    number, ends = str(incident.id), ("first_id", "second_id")
    names_it = select(AuditValue.entry_id).where(
        AuditValue.column.in_(ends), or_(AuditValue.old == number, AuditValue.new == number)
    )
    statement = (
        select(AuditEntry)
        .where(AuditEntry.table_name == IncidentLink.__tablename__, AuditEntry.id.in_(names_it))
        .options(selectinload(AuditEntry.values))
    )
    entries = list(db.session.scalars(statement))
    named = {
        entry.id: {int(value.old or value.new or 0) for value in entry.values if value.column in ends}
        for entry in entries
    }
    wanted: set[int] = set().union(*named.values())
    found: Any = visible(Incident, user, withdrawn=True).where(Incident.id.in_(wanted))
    seen = {incident.id, *db.session.scalars(found.with_only_columns(Incident.id))} if wanted else set()
    return [entry for entry in entries if named[entry.id] <= seen]


def _is_fact(entry: AuditEntry) -> bool:
    """Not a move of the review, which stands by itself."""
    moves = {"state", "withdrawn_at", "public_set_at", "public_approved_at"}
    return entry.table_name not in ("review_note", "alert", FILES, *_tellers) and not moves & set(entry.columns or [])


def _picture_of(incident: Incident) -> Picture:
    rows: list[Any] = [incident, *incident.acts, *incident.involvements]
    rows += [*incident.project_links, *incident.company_links, *incident.source_links, *incident.reviews]
    rows += [*incident.responses, *incident.answer_notes]
    return picture_of(rows)


def _step(
    number: int, names: Names, others: list[Beside], before: Picture, after: Picture, group: list[AuditEntry]
) -> Step | None:
    key = ("incident", number)
    who, at = names.user(group[0].actor_id), group[0].at
    phrases = [note_phrase(row) for row in added(before, after, "review_note")] + alert_phrases(before, after)
    if key not in before:
        return Step(who, [made_phrase(after[key]), *phrases], at)
    facts, earlier = fact_phrases(before[key], after[key], readers(names))
    phrases += facts + assignment_phrases(before[key], after[key], names) + withdrawal_phrases(before[key], after[key])
    phrases += consent_phrases(before, after, names)
    before, after = with_sources(before), with_sources(after)
    for table in PARTS:
        phrases += child_phrases(table, *difference(before, after, table, partial(names.describe, table)))
    phrases += file_phrases(before, after)
    phrases += [phrase for other in others for phrase in other.phrases(before, after)]
    return Step(who, phrases, at, earlier) if phrases else None
