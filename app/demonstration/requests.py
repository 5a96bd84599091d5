"""The demonstration's requests for information: what came of them, and how it is known, stands in the events.

A request belongs to no case, so the line of the timeline stays where it is: it is told there, and kept here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.access import unguarded
from app.accounts.models import User
from app.contracts import requests
from app.contracts.models import Contract
from app.dates import UncertainDate
from app.db import db


def load_request(row: dict[str, str], event: dict[str, str], by: User, team_id: int, origin: str) -> None:
    """One row of the file; of its contracts those that are loaded."""
    facts: dict[str, Any] = {
        "subject": row["subject_es"],
        "status": row["status"],
        "filed": UncertainDate.read(row["filed"]),
        "result": f"{event['summary_es']} ({event['date_text_es']})",
        "notes": "\n".join(_sources(event)),
        "contracts": _contracts(row["contracts"].split("|"), origin),
    }
    record = requests.record_request(by, team_id, facts)
    record.external_source, record.external_id = origin, row["event"]


def _sources(event: dict[str, str]) -> list[str]:
    named = [(event[f"source_{number}_title"], event[f"source_{number}_url"]) for number in (1, 2, 3)]
    return [f"Fuente: {title}, {url}" for title, url in named if url]


def _contracts(keys: list[str], origin: str) -> list[Contract]:
    statement = select(Contract).where(Contract.external_source == origin, Contract.external_id.in_(keys))
    return list(db.session.scalars(unguarded(statement, "the demonstration links what it has loaded")).unique())
