"""The history of a proceeding in sentences. For full readers only; who somebody is stands in none of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.models import User
from app.audit import AuditEntry
from app.db import db
from app.history import (
    Picture,
    Readers,
    Row,
    Step,
    difference,
    entries_of,
    fact_phrases,
    made_phrase,
    picture_of,
    told,
    withdrawal_phrases,
)
from app.proceedings.forms import DIRECTIONS
from app.proceedings.models import Proceeding
from app.proceedings.money import money_words
from app.vocabulary.queries import label

TEXTS = {
    "title_es": _l("the title in Spanish"),
    "title_en": _l("the title in English"),
    "court_text": _l("the court"),
    "prosecutor_text": _l("the prosecutor's office"),
    "complainant_text": _l("the complainant"),
    "facts_from": _l("the first day of the facts"),
    "facts_to": _l("the last day of the facts"),
    "sentence_text": _l("the sentence in words"),
    "sentence_years": _l("the years of the sentence"),
    "sentence_months": _l("the months of the sentence"),
    "notes": _l("the notes"),
}
CODES = {
    "kind": (_l("the kind"), "proc_kinds"),
    "complexity": (_l("the complexity"), "proc_complexity"),
    "current_stage": (_l("the stage"), "proc_stages"),
    "outcome": (_l("the outcome"), "proc_outcomes"),
    "sentence_suspended": (_l("whether the sentence is suspended"), "yes_no_unknown"),
    "criminalisation_forms": (_l("the forms of criminalisation"), "criminalisation_forms"),
}


def history_of(proceeding: Proceeding, most: int | None = None) -> tuple[list[Step], bool]:
    """The newest *most* steps, and whether there are older ones. The caller has made sure of full reading."""
    entries = entries_of(proceeding)
    rows: list[Any] = [proceeding, *proceeding.numbers, *proceeding.accused, *proceeding.stages]
    rows += [*proceeding.charges, *proceeding.measures, *proceeding.hearings, *proceeding.answers]
    rows += proceeding.deadlines
    rows += [extension for measure in proceeding.measures for extension in measure.extensions]
    people = {row.id: row.name for row in proceeding.accused}
    step = partial(_step, proceeding.id, _names(entries), people)
    return told(picture_of(rows), entries, _is_fact, step, most)


def _names(entries: Iterable[AuditEntry]) -> dict[int | None, str]:
    actors = {entry.actor_id for entry in entries if entry.actor_id is not None}
    return {number: name for number, name in db.session.execute(select(User.id, User.name).where(User.id.in_(actors)))}


def _is_fact(entry: AuditEntry) -> bool:
    return entry.table_name == "proceeding" and "withdrawn_at" not in (entry.columns or [])


def _step(
    number: int,
    names: dict[int | None, str],
    people: dict[int, str],
    before: Picture,
    after: Picture,
    group: list[AuditEntry],
) -> Step | None:
    key = ("proceeding", number)
    who, at = names.get(group[0].actor_id, "Amparo"), group[0].at
    parts = [
        phrase for table, words in _parts(people).items() for phrase in _part_phrases(table, *words, before, after)
    ]
    if key not in before:
        return Step(who, [made_phrase(after[key]), *parts], at)
    phrases, earlier = fact_phrases(before[key], after[key], _readers())
    phrases += withdrawal_phrases(before[key], after[key]) + parts
    return Step(who, phrases, at, earlier) if phrases else None


def _readers() -> Readers:
    for column, words in TEXTS.items():
        yield words, partial(_text, column)
    for column, (words, list_name) in CODES.items():
        yield words, partial(_codes, column, list_name)
    yield _l("the direction"), lambda row: str(DIRECTIONS.get(row.get("direction") or "", ""))
    yield (
        _l("the civil reparation"),
        lambda row: money_words(row.get("reparation_amount"), row.get("reparation_currency")),
    )


def _text(column: str, row: Row) -> str:
    value = row.get(column)
    return "" if value is None else str(value)


def _codes(column: str, list_name: str, row: Row) -> str:
    value: Any = row.get(column)
    codes = value if isinstance(value, list) else [value] if value else []
    return ", ".join(label(list_name, code) for code in codes)


Describe = Callable[[Row], str]


def _parts(people: dict[int, str]) -> dict[str, tuple[Any, Describe]]:
    def whose(row: Row) -> str:
        return people.get(row.get("accused_id") or 0, "")

    def ended(row: Row) -> str:
        return _codes("outcome", "proc_outcomes", row)

    def several(*values: Any) -> str:
        return " · ".join(str(value) for value in values if value)

    return {
        "case_number": (
            _l("number"),
            lambda row: several(_codes("number_type", "proc_number_types", row), row["number"]),
        ),
        "accused": (
            _l("accused"),
            lambda row: several(
                people.get(row.get("id") or 0) or row.get("group_label"),
                _codes("role", "proc_roles", row),
                _codes("outcome", "proc_outcomes", row),
            ),
        ),
        "charge": (
            _l("charge"),
            lambda row: several(whose(row), _codes("offence", "offences", row), ended(row)),
        ),
        "stage": (
            _l("stage"),
            lambda row: several(
                _codes("stage", "proc_stages", row), row.get("entered_from") or row.get("entered_to"),
                _codes("outcome", "proc_outcomes", row), row.get("doubts_reason"),
            ),
        ),
        "coercive_measure": (
            _l("measure"),
            lambda row: several(
                whose(row), _codes("measure", "coercive_measures", row), row.get("started_from"), row.get("ended_from")
            ),
        ),
        "measure_extension": (_l("extension"), lambda row: several(row.get("until_on"))),
        "hearing": (
            _l("hearing"),
            lambda row: several(row.get("held_on"), row.get("held_at"), _codes("kind", "hearing_kinds", row)),
        ),
        "deadline": (
            _l("term"),
            lambda row: several(_codes("rule", "proc_deadlines", row), row.get("due_on"), row.get("override_reason")),
        ),
        "fair_trial_answer": (
            _l("answer"),
            lambda row: several(_codes("point", "fair_trial", row), _codes("answer", "yes_no_unknown", row)),
        ),
    }  # fmt: skip


MOST_NAMED = 3


def _part_phrases(table: str, what: Any, describe: Describe, before: Picture, after: Picture) -> list[str]:
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
