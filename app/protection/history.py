"""The history of a risk, measure, action or promise in sentences. For full readers only; without identity."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.queries import names_of
from app.history import Describe, Readers, Row, Step, column_read, day_read, record_told, several, when_read
from app.protection.models import Protection
from app.vocabulary.queries import labels

TEXTS = {
    "group_label": _l("the group"),
    "level_reason": _l("why this level"),
    "wishes": _l("what the person wants"),
    "body_text": _l("the body"),
    "number": _l("the number"),
    "asked": _l("what was asked or promised"),
    "promised_to": _l("to whom it was promised"),
    "answer": _l("the answer"),
    "really_done": _l("what was really done"),
    "evidence": _l("how we know"),
    "next_what": _l("what is to be done next"),
    "doubts_reason": _l("why it is right all the same"),
    "notes": _l("the notes"),
    "citation": _l("the source"),
}
CODES = {
    "measure": (_l("the kind"), "protection_measures"),
    "action": (_l("the kind"), "advocacy_actions"),
    "level": (_l("the level of risk"), "risk_levels"),
    "status": (_l("the status"), "intervention_status"),
    "sector": (_l("the responsible sector"), "state_sectors"),
    "impact": (_l("the impact"), "intervention_impact"),
    "outcome": (_l("what became of it"), "commitment_outcomes"),
}
DAYS = {"happened": _l("the day"), "answered": _l("the day of the answer"), "ended": _l("the end")}


def history_of(record: Protection, most: int | None = None) -> tuple[list[Step], bool]:
    """The newest *most* steps, and whether there are older ones. The caller has made sure of full reading."""
    rows: list[Any] = [*record.beneficiaries, *record.recipients, *record.steps, *record.factors]
    people = {row.id: row.name for row in record.beneficiaries}
    return record_told(record, rows, names_of, _readers, _parts(people), most)


def _readers() -> Readers:
    for column, words in TEXTS.items():
        yield words, column_read(column)
    for column, (words, list_name) in CODES.items():
        yield words, column_read(column, partial(labels, list_name))
    for column, words in DAYS.items():
        yield words, partial(when_read, name=column)
    yield _l("the next date"), partial(day_read, name="next_on")


def _parts(people: dict[int, str]) -> dict[str, tuple[Any, Describe]]:
    def step(row: Row) -> str:
        return several(
            labels("protection_steps", row.get("step")),
            when_read(row, "taken"),
            labels("state_sectors", row.get("sector")),
            row.get("doubts_reason"),
        )

    return {
        "beneficiary": (
            _l("beneficiary"),
            lambda row: several(people.get(row.get("id") or 0) or row.get("group_label"), row.get("count_least")),
        ),
        "recipient": (_l("recipient"), lambda row: several(row.get("words"))),
        "protection_step": (_l("step"), step),
        "risk_factor": (_l("factor"), lambda row: labels("risk_factors", row.get("factor"))),
    }
