"""The demonstration's recommendations of the review: 47 in words of our own, and invented assessments of some."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from app.accounts.models import User
from app.audit import acting
from app.db import db
from app.demonstration.problem import DemonstrationProblem
from app.recommendations import operations
from app.recommendations.models import Recommendation

Row = dict[str, str]
Rows = Callable[[str], Iterable[Row]]

PLAIN = (
    "rec_uid", "country", "symbol", "paragraph", "summary_en", "summary_es", "position", "position_source",
    "position_note", "trace_level", "source", "source_locator", "note",
)  # fmt: skip
NUMBERS = ("cycle", "session", "action_category")


def load_recommendations(
    rows: Rows, coordinators: dict[str, User], caseworkers: dict[str, User], records: dict[str, Any]
) -> None:
    """*records*: an incident, proceeding or contract by its key in the files. Raises DemonstrationProblem."""
    with acting(None):
        known = {row["rec_uid"]: _load(row) for row in rows("recommendations")}
        db.session.flush()
        for row in rows("recommendations"):
            if row["split_from"]:
                known[row["rec_uid"]].split_from = _found(known, row["split_from"])
    for row in rows("recommendation_assessments"):
        by = coordinators[row["team"]]
        with acting(by.id):
            operations.assess(by, _found(known, row["rec_uid"]), _team_of(by), _assessed(row))
            db.session.flush()
    for row in rows("recommendation_evidence"):
        by = caseworkers[row["team"]]
        with acting(by.id):
            operations.link_record(
                by,
                _found(known, row["rec_uid"]),
                _team_of(by),
                _found(records, row["record"]),
                row["shows"],
                row["note_es"] or None,
            )
            db.session.flush()


def _load(row: Row) -> Recommendation:
    facts: dict[str, Any] = {name: row[name] or None for name in PLAIN}
    facts |= {name: int(row[name]) if row[name] else None for name in NUMBERS}
    facts |= {name: [part for part in row[name].split("|") if part] or None for name in ("topics", "issues")}
    recommendation = Recommendation(**facts, reviewed_on=date.fromisoformat(row["reviewed_on"]))
    operations.set_states(recommendation, [code for code in row["states"].split("|") if code])
    db.session.add(recommendation)
    return recommendation


def _assessed(row: Row) -> dict[str, Any]:
    names = ("implementation", "assessment_es", "assessment_en", "proposed_follow_up")
    return {name: row[name] or None for name in names} | {"assessed_on": date.fromisoformat(row["assessed_on"])}


def _team_of(user: User) -> int:
    return user.memberships[0].team_id


def _found(shelf: dict[str, Any], key: str) -> Any:
    if key not in shelf:
        raise DemonstrationProblem(f"recommendations: {key!r} is on none of the shelves")
    return shelf[key]
