"""The demonstration's measures and actions: day, words and source come from the rows of the events."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from app.access import unguarded
from app.accounts.models import User
from app.cases.models import Case, TimelineEntry
from app.dates import UncertainDate
from app.db import db
from app.protection import operations
from app.protection.models import MEASURE
from app.protection.operations import BeneficiariesGiven


def load_protection(row: dict[str, str], event: dict[str, str], by: User, case: Case, origin: str) -> None:
    """One row of the file. *day* says whether the day of the event is that of the request or of the answer."""
    record = operations.write_down(by, case, row["kind"], _facts(row, event))
    record.external_source, record.external_id = origin, row["event"]
    if row["beneficiaries"]:
        group, number = row["beneficiaries"].split("=")
        operations.add_beneficiaries(by, record, BeneficiariesGiven(group_label=group, count_least=int(number)))


def _facts(row: dict[str, str], event: dict[str, str]) -> dict[str, Any]:
    first, last = (date.fromisoformat(event[name]) if event[name] else None for name in ("date_from", "date_to"))
    day, nothing = UncertainDate(first, last, event["precision"].upper()), UncertainDate()
    is_answer = row["day"] == "answered"
    facts: dict[str, Any] = {
        "status": row["status"],
        "happened": nothing if is_answer else day,
        "answered": day if is_answer else nothing,
        "answer" if is_answer else "asked": event["summary_es"],
        "next_on": None,
        "citation": event["source_1_title"] or event["source_1_citation"] or None,
        "url": event["source_1_url"] or None,
        "entry_uid": _entry_of(row["event"]),
    }
    if row["kind"] == MEASURE:
        return facts | {"measure": row["code"], "number": row["number"] or None, "body_text": row["body"]}
    return facts | {"action": row["code"], "recipients": [(None, row["body"])]}


def _entry_of(event: str) -> Any:
    """The line of the timeline that it stands for, so that it is not told twice."""
    statement = select(TimelineEntry.uid).where(TimelineEntry.external_id == event)
    return db.session.scalar(unguarded(statement, "the demonstration links what it has loaded"))
