"""What the page of one record shows, for this reader: codes, days and counts to all, words to full readers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.access import may, reads_in_full
from app.accounts.models import User
from app.cases.queries import shown_title as case_title
from app.dates import today
from app.i18n import count_range
from app.protection.agenda import due_of
from app.protection.doubts import words_of
from app.protection.models import (
    RISK,
    AdvocacyAction,
    Commitment,
    Protection,
    ProtectionMeasure,
    RiskAssessment,
)
from app.protection.names import KINDS
from app.protection.queries import incident_of, shown_day, shown_title, status_words
from app.protection.risk import DIMENSIONS, dimension_of
from app.vocabulary.queries import label

Facts = list[tuple[str, Any]]


def page_of(record: Protection, user: User) -> dict[str, Any]:
    in_full = reads_in_full(user, record)
    is_writer = in_full and may(user, "records.write", record.team_id)
    stands = not record.is_withdrawn and not record.case.is_withdrawn
    return {
        "record": record,
        "in_full": in_full,
        "title": shown_title(record, in_full),
        "case_title": case_title(record.case, in_full),
        "kind": KINDS[record.kind],
        "status": status_words(record),
        "may_write": is_writer and stands,
        "may_restore": is_writer and record.is_withdrawn,
        "due": due_of(record, in_full) if record.next_on and (record.is_open or record.kind != RISK) else None,
        "facts": [pair for pair in facts_of(record, in_full) if pair[1]],
        "texts": [pair for pair in texts_of(record) if pair[1]] if in_full else [],
        "incident": incident_of(user, record),
        "dimensions": dimensions_of(record) if isinstance(record, RiskAssessment) else [],
        "has_steps": isinstance(record, ProtectionMeasure),
        "is_promise": isinstance(record, Commitment),
        "counted": count_range(*record.protected_counted()) if record.beneficiaries else "",
        "shown_day": shown_day,
        "doubt_words": words_of,
        "today": today(),
    }


def facts_of(record: Protection, in_full: bool) -> Facts:
    """Codes and days; names of bodies for full readers only."""
    day = shown_day(record.happened, in_full)
    answered = shown_day(record.answered, in_full) if record.answered.earliest or record.answered.latest else ""
    sector = (_("Responsible sector of the State"), label("state_sectors", record.sector))
    impact = (_("Impact"), label("intervention_impact", record.impact))
    body = record.addressed if in_full else ""
    if isinstance(record, RiskAssessment):
        decided = label("risk_levels", record.level)
        return [
            (_("Whose risk"), record.whose if in_full else ""),
            (_("Assessed on"), day),
            (_("Level decided"), decided),
            (_("Suggested by the factors"), f"{label('risk_levels', record.level_suggested)} ({record.score})"),
        ]
    if isinstance(record, ProtectionMeasure):
        ended = shown_day(record.ended, in_full) if record.has_ended else ""
        return [
            (_("Body asked"), body),
            (_("Number"), record.number if in_full else ""),
            (_("Asked on"), day),
            (_("Answered on"), answered),
            sector,
            impact,
            (_("Ended on"), ended),
        ]
    if isinstance(record, AdvocacyAction):
        return [(_("Day"), day), (_("Answered on"), answered), impact]
    return [
        (_("Authority"), body),
        sector,
        (_("To whom"), getattr(record, "promised_to", None) if in_full else ""),
        (_("Promised on"), day),
    ]


def texts_of(record: Protection) -> Facts:
    """Free text, each with its own heading."""
    if isinstance(record, RiskAssessment):
        return [
            (_("Why this level"), record.level_reason),
            (_("What the person wants"), record.wishes),
            (_("Notes"), record.notes),
        ]
    if isinstance(record, Commitment):
        return [(_("What was promised"), record.asked), (_("Notes"), record.notes)]
    done = record.really_done if isinstance(record, ProtectionMeasure) else None
    return [
        (_("What was asked"), record.asked),
        (_("Answer"), record.answer),
        (_("What was really done"), done),
        (_("Notes"), record.notes),
    ]


def dimensions_of(record: RiskAssessment) -> list[tuple[str, list[tuple[str, int]]]]:
    """Threat, vulnerability, capacity, each with its factors and what they weighed."""
    words = dict(zip(DIMENSIONS, (_("Threat"), _("Vulnerability"), _("Capacity")), strict=True))
    found: dict[str, list[tuple[str, int]]] = {one: [] for one in DIMENSIONS}
    for row in record.factors:
        found.setdefault(dimension_of(row.factor), []).append((label("risk_factors", row.factor), row.weight))
    return [(words.get(one, one), rows) for one, rows in found.items() if rows]
