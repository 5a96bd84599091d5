"""The demonstration's proceedings: their stages come from the rows of the events, the accused are counted groups."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from app.access import unguarded
from app.accounts.models import User
from app.audit import acting
from app.cases.models import Case, TimelineEntry
from app.dates import UncertainDate
from app.db import db
from app.demonstration.beside import Loaded
from app.demonstration.problem import DemonstrationProblem
from app.proceedings import operations
from app.proceedings.models import Accused, Proceeding
from app.proceedings.operations import AccusedGiven, ChargeGiven, MeasureGiven, StageGiven
from app.proceedings.public_part import advance_public
from app.public_part import APPROVE, SET


def load_proceeding(
    row: dict[str, str], by: User, case: Case, events: dict[str, dict[str, str]], origin: str
) -> Proceeding:
    """One row of the file. Raises DemonstrationProblem for an event that is no proceeding."""
    proceeding = operations.open_proceeding(by, case, _facts(row))
    proceeding.external_source, proceeding.external_id = origin, row["key"]
    db.session.flush()
    if row["number"]:
        number_type, number = row["number"].split(" ", 1)
        operations.add_number(by, proceeding, number_type, number, None)
    accused = [_accuse(by, proceeding, part) for part in _parts(row["accused"])]
    db.session.flush()
    for offence in _parts(row["offences"]):
        operations.add_charge(by, proceeding, accused, ChargeGiven(offence))
    for one in accused:
        operations.set_outcome(by, proceeding, [one], one.outcome)
    for part in _parts(row["stages"]):
        _enter(by, proceeding, part, events, row["reason_es"])
    for part in _parts(row["measures"]):
        _order(by, proceeding, accused, part)
    return proceeding


def link_incidents(row: dict[str, str], by: User, proceeding: Proceeding, incidents: Loaded) -> None:
    """Raises DemonstrationProblem for an incident that is not in the packs."""
    if unknown := [key for key in _parts(row["incidents"]) if key not in incidents]:
        raise DemonstrationProblem(f"{row['key']}: {unknown[0]!r} is not in the packs")
    found = [incidents[key][0] for key in _parts(row["incidents"])]
    operations.set_origin(by, proceeding, found, found)


def make_public(by: User, approver: User, proceeding: Proceeding) -> None:
    advance_public(by, proceeding, SET)
    db.session.flush()
    with acting(approver.id):
        advance_public(approver, proceeding, APPROVE)
        db.session.flush()


def _parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _when(text: str) -> UncertainDate:
    first, _dots, last = text.partition("..")
    return UncertainDate.read(f"{first}/{last}" if last else first)


def _facts(row: dict[str, str]) -> dict[str, Any]:
    years, _dash, months = row["sentence"].partition("-")
    currency, _space, amount = row["reparation"].partition(" ")
    return {
        "direction": row["direction"],
        "kind": "CRIMINAL",
        "title_es": row["title_es"],
        "title_en": row["title_en"],
        "facts": _when(row["facts"]),
        "complexity": row["complexity"] or None,
        "complainant_text": row["complainant"] or None,
        "criminalisation_forms": _parts(row["forms"]) or None,
        "outcome": row["outcome"] or None,
        "sentence_years": int(years) if years else None,
        "sentence_months": int(months) if months else None,
        "sentence_suspended": row["suspended"] or None,
        "reparation_amount": int(amount) * 100 if amount else None,
        "reparation_currency": currency or None,
        "notes": row["notes_es"] or None,
    }


def _accuse(by: User, proceeding: Proceeding, part: str) -> Accused:
    group, number, outcome = part.split("=")
    given = AccusedGiven(group_label=group, count_least=int(number), count_most=int(number))
    (accused,) = operations.add_accused(by, proceeding, given)
    accused.outcome = outcome or None
    return accused


def _enter(by: User, proceeding: Proceeding, part: str, events: dict[str, dict[str, str]], reason: str) -> None:
    """`PE030/TRIAL/CONVICTED` takes day, words and source of the event; `2018/APPEAL/ANNULLED` has a day only."""
    source, stage, outcome = part.split("/")
    given = StageGiven(stage, outcome=outcome or None)
    event = events.get(source)
    if event is None:
        given.entered = _when(source)
    elif event["kind"] != "proceeding":
        raise DemonstrationProblem(f"{proceeding.external_id}: {source} is no proceeding")
    else:
        first, last = (date.fromisoformat(event[name]) if event[name] else None for name in ("date_from", "date_to"))
        given.entered = UncertainDate(first, last, event["precision"].upper(), event["date_text_es"] or None)
        given.note = event["summary_es"] or None
        given.citation = event["source_1_title"] or event["source_1_citation"] or None
        given.url = event["source_1_url"] or None
        given.entry_uid = _entry_of(source)
    operations.enter_stage(by, proceeding, given, reason)
    db.session.flush()


def _entry_of(event: str) -> Any:
    """The line of the timeline that the stage stands for, so that it is not told twice."""
    statement = select(TimelineEntry.uid).where(TimelineEntry.external_id == event)
    return db.session.scalar(unguarded(statement, "the demonstration links what it has loaded"))


def _order(by: User, proceeding: Proceeding, accused: list[Accused], part: str) -> None:
    group, measure, started, ended = part.split("/")
    rows = [row for row in accused if row.group_label == group]
    operations.add_measure(by, proceeding, rows, MeasureGiven(measure, _when(started), ended=_when(ended)))
