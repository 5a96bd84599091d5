"""The history of a proceeding in sentences. For full readers only; who somebody is stands in none of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import visible
from app.accounts.models import User
from app.accounts.queries import names_of
from app.db import db
from app.evidence.history import file_phrases
from app.evidence.queries import files_of
from app.history import (
    Describe,
    Picture,
    Readers,
    Row,
    Step,
    column_read,
    day_read,
    difference,
    record_told,
    several,
    when_read,
)
from app.incidents.models import Incident
from app.proceedings.forms import DIRECTIONS
from app.proceedings.models import Proceeding
from app.proceedings.money import money_words
from app.public_part import public_phrases
from app.vocabulary.queries import labels

TEXTS = {
    "title_es": _l("the title in Spanish"),
    "title_en": _l("the title in English"),
    "court_text": _l("the court"),
    "prosecutor_text": _l("the prosecutor's office"),
    "complainant_text": _l("the complainant"),
    "sentence_text": _l("the sentence in words"),
    "sentence_years": _l("the years of the sentence"),
    "sentence_months": _l("the months of the sentence"),
    "notes": _l("the notes"),
}
CODES = {
    "kind": (_l("the kind"), "proc_kinds"),
    "complexity": (_l("the complexity"), "proc_complexity"),
    "outcome": (_l("the outcome"), "proc_outcomes"),
    "sentence_suspended": (_l("whether the sentence is suspended"), "yes_no_unknown"),
    "criminalisation_forms": (_l("the forms of criminalisation"), "criminalisation_forms"),
}


def history_of(proceeding: Proceeding, user: User, most: int | None = None) -> tuple[list[Step], bool]:
    """The newest *most* steps, and whether there are older ones. The caller has made sure of full reading."""
    rows: list[Any] = [*proceeding.numbers, *proceeding.accused, *proceeding.stages]
    rows += [*proceeding.charges, *proceeding.measures, *proceeding.hearings, *proceeding.answers]
    rows += [*proceeding.deadlines, *proceeding.incident_links]
    rows += [extension for measure in proceeding.measures for extension in measure.extensions]
    rows += db.session.scalars(files_of(user, proceeding, withdrawn=True))
    people = {row.id: row.name for row in proceeding.accused}

    def beside(before: Picture, after: Picture) -> list[str]:
        key = (proceeding.__tablename__, proceeding.id)
        public = public_phrases(before.get(key, {}), after[key])
        return public + _origin_phrases(user, before, after) + file_phrases(before, after)

    return record_told(proceeding, rows, names_of, _readers, _parts(people), most, beside)


def _origin_phrases(user: User, before: Picture, after: Picture) -> list[str]:
    """From which incidents it was said to arise. A link to what the reader does not see was never there."""
    gone, come = difference(before, after, "proceeding_incident", lambda row: str(row.get("incident_id")))
    if not (gone or come):
        return []
    seen: Any = visible(Incident, user, withdrawn=True).where(Incident.id.in_([int(number) for number in gone + come]))
    known = {str(one.id): one.reference for one in db.session.scalars(seen)}
    added, taken = ([known[number] for number in numbers if number in known] for numbers in (come, gone))
    phrases = [_("noted that it arises from %(list)s", list=", ".join(added))] if added else []
    if taken:
        phrases.append(_("took out that it arises from %(list)s", list=", ".join(taken)))
    return phrases


def _readers() -> Readers:
    for column, words in TEXTS.items():
        yield words, column_read(column)
    for column, (words, list_name) in CODES.items():
        yield words, column_read(column, partial(labels, list_name))
    yield _l("the date of the facts"), lambda row: when_read(row, "facts")
    yield _l("the direction"), lambda row: str(DIRECTIONS.get(row.get("direction") or "", ""))
    yield (
        _l("the civil reparation"),
        lambda row: money_words(row.get("reparation_amount"), row.get("reparation_currency")),
    )


def _parts(people: dict[int, str]) -> dict[str, tuple[Any, Describe]]:
    def whose(row: Row) -> str:
        return people.get(row.get("accused_id") or 0, "")

    def ended(row: Row) -> str:
        return labels("proc_outcomes", row.get("outcome"))

    def arbitrary(row: Row) -> str:
        answer = labels("yes_no_unknown", row.get("arbitrary"))
        return _("arbitrary: %(answer)s", answer=answer) if answer else ""

    return {
        "case_number": (
            _l("number"),
            lambda row: several(labels("proc_number_types", row.get("number_type")), row["number"]),
        ),
        "accused": (
            _l("accused"),
            lambda row: several(
                people.get(row.get("id") or 0) or row.get("group_label"),
                labels("proc_roles", row.get("role")),
                labels("proc_outcomes", row.get("outcome")),
            ),
        ),
        "charge": (
            _l("charge"),
            lambda row: several(whose(row), labels("offences", row.get("offence")), ended(row)),
        ),
        "stage": (
            _l("stage"),
            lambda row: several(
                labels("proc_stages", row.get("stage")), when_read(row, "entered"),
                labels("proc_outcomes", row.get("outcome")), row.get("doubts_reason"),
            ),
        ),
        "coercive_measure": (
            _l("measure"),
            lambda row: several(
                whose(row), labels("coercive_measures", row.get("measure")),
                when_read(row, "started"), when_read(row, "ended"), arbitrary(row),
            ),
        ),
        "measure_extension": (_l("extension"), lambda row: several(day_read(row, "until_on"))),
        "hearing": (
            _l("hearing"),
            lambda row: several(day_read(row, "held_on"), row.get("held_at"), labels("hearing_kinds", row.get("kind"))),
        ),
        "deadline": (
            _l("term"),
            lambda row: several(
                labels("proc_deadlines", row.get("rule")), day_read(row, "due_on"), row.get("override_reason"),
                _("confirmed by %(name)s", name=row["confirmed_by"]) if row.get("confirmed_by") else None,
            ),
        ),
        "fair_trial_answer": (
            _l("answer"),
            lambda row: several(labels("fair_trial", row.get("point")), labels("yes_no_unknown", row.get("answer"))),
        ),
    }  # fmt: skip
