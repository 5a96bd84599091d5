"""A row read as the facts of one incident: dates, texts, people and what stands in step settled with one another."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _

from app.dates import UNKNOWN, DateProblem, UncertainDate
from app.db import folded_words
from app.imports.blanks import is_nobody
from app.imports.columns import Columns
from app.imports.incident_fields import PERSON_FIELDS
from app.imports.incident_titles import Titles, short_id
from app.imports.kinds import Settle
from app.imports.places import PlaceFinder
from app.imports.reading import Row
from app.incidents.clarifying import LONGEST_NOTE
from app.incidents.clarifying import NAMES as ANSWERS
from app.incidents.operations import COUNTS, NOT_COUNTED
from app.incidents.typed import NotReadable, as_precise

MUST_NOT_NAME = ("title_es", "title_en", "summary_es", "summary_en", "pseudonym", "group", "community", "answer_notes")
"""What is shown, found or given out: the legal name must not stand in it."""


def settler(columns: Columns, language: str) -> Settle:
    titles = Titles(columns, language)
    places = PlaceFinder()

    def settle(row: Row) -> None:
        _settle_dates(row)
        _settle_texts(row, language)
        places.settle(row)
        _settle_people(row)
        _settle_in_step(row)
        _settle_notes(row)
        titles.settle(row, short_id(columns.source, row.external_id))
        _keep_names_apart(row)

    return settle


def is_complete(row: Row) -> bool:
    """Enough to be reviewed: what happened, when, in which country or place, and how it is known."""
    known = row.facts
    has_place = known.get("country") or known.get("place_id") or known.get("region_text")
    has_source = known.get("source_citation") or known.get("source_url")
    return bool(known.get("main_type") and known.get("happened") and has_place and has_source)


def title(row: Row, language: str) -> str:
    first, second = ("title_en", "title_es") if language == "en" else ("title_es", "title_en")
    return row.facts.get(first) or row.facts.get(second) or ""


def _settle_dates(row: Row) -> None:
    """One interval from first and last day, with the words of the source."""
    facts = row.facts
    last, text = facts.pop("happened_to", None), facts.pop("happened_text", None)
    precision = facts.pop("happened_precision", None)
    first = facts.get("happened") or UncertainDate()
    try:
        if last is not None and last.latest != first.latest:
            first = UncertainDate.between(first.earliest, last.latest)
        if precision == UNKNOWN:
            first = UncertainDate(first.earliest, first.latest)
        elif precision and first.earliest:
            first = as_precise(first, precision, None)
    except NotReadable as problem:
        row.problems.append(str(problem))
    except DateProblem:
        row.problems.append(_("The last day is before the first."))
    if first.earliest or first.latest or text:
        facts["happened"] = replace(first, text=text or first.text)


def _settle_texts(row: Row, language: str) -> None:
    """Title and summary without a language are in that of the sheet, the narrative too."""
    for name in ("title", "summary"):
        if text := row.facts.pop(name, None):
            row.facts.setdefault(f"{name}_{language}", text)
    if row.facts.get("narrative"):
        row.facts.setdefault("language", language)


def _settle_people(row: Row) -> None:
    facts = row.facts
    _settle_nobody(facts)
    if age := facts.pop("age", None):
        facts.setdefault("age_group", age)
    for what in COUNTS:
        (least, most), (_from, latest) = (facts.pop(f"{what}_{end}", NOT_COUNTED) for end in ("least", "most"))
        if latest is not None and least is not None and latest < least:
            row.problems.append(_("The highest number is lower than the lowest."))
        elif least is not None or latest is not None:
            facts[what] = (least, latest if latest is not None else most)
    described = any(facts.get(name) for name in PERSON_FIELDS - {"pseudonym"})
    several = max(len(facts.get(name) or ()) for name in ("pseudonym", "legal_name"))
    if several > 1 and any(facts.get(name) for name in OF_ONE_PERSON):
        row.problems.append(
            _("Names several persons and describes one; give each a row of their own, or leave the description out.")
        )
    if not facts.get("group"):
        return
    if facts.get("legal_name"):
        row.problems.append(_("Names a person and a group at once; leave one of the two empty."))
    elif described and not facts.get("pseudonym"):
        row.remarks.append(_("Counted as a group; gender, age and the like belong to a person and are left out."))


OF_ONE_PERSON = PERSON_FIELDS - {"pseudonym", "legal_name", "document"}
"""What a row says of one person only."""


def _settle_nobody(facts: dict[str, Any]) -> None:
    """«NN» is no name: the person is recorded without one, under a pseudonym like any other."""
    for name in ("legal_name", "pseudonym"):
        names = facts.get(name)
        if names and any(is_nobody(one) for one in names):
            facts[name] = [None if is_nobody(one) else one for one in names]
            facts["unnamed"] = True
            if not any(facts[name]):
                del facts[name]


OF_A_SOURCE = ("source_citation", "source_url", "source_kind", "source_reliability", "source_credibility",
               "source_origin", "source_published")  # fmt: skip
OF_A_PERPETRATOR = ("perpetrators", "perpetrator_organisations")
OF_A_RESPONSE = ("state_responses", "state_response_dates")


def _settle_in_step(row: Row) -> None:
    """What stands second in one column must belong to the second in the others: else it would be told of another."""
    for names in (OF_A_SOURCE, OF_A_PERPETRATOR, OF_A_RESPONSE):
        lengths = {len(row.facts[name]) for name in names if row.facts.get(name)}
        if len(lengths) > 1:
            row.problems.append(
                _("The columns %(columns)s do not hold equally many values. Write one for each, with a bar between "
                  "them, and nothing between the bars where nothing is known.",
                  columns=", ".join(name for name in names if row.facts.get(name)))
            )  # fmt: skip

    steps, days = (row.facts.get(name) or () for name in OF_A_RESPONSE)
    if any(day and not step for step, day in zip_longest(steps, days)):
        row.problems.append(_("Names a day on which the State did something, and not what it did."))


def _settle_notes(row: Row) -> None:
    """«sector: also a quarry» becomes the note of an answer."""
    notes: dict[str, str] = {}
    for text in row.facts.pop("answer_notes", None) or ():
        name, _colon, words = (part.strip() for part in text.partition(":"))
        if name not in ANSWERS or not words:
            row.problems.append(
                _("“%(text)s” is no note on an answer; write the name of the column, a colon and the note.",
                  text=text[:60])
            )  # fmt: skip
        elif len(words) > LONGEST_NOTE:
            row.problems.append(
                _("Too long: at most %(limit)s characters (%(field)s).", limit=LONGEST_NOTE, field=name)
            )
        else:
            notes[name] = words
    if notes:
        row.facts["answer_notes"] = notes


def _keep_names_apart(row: Row) -> None:
    for legal_name in row.facts.get("legal_name") or ():
        name = " ".join(folded_words(legal_name))
        if not name:
            continue
        for field_name in MUST_NOT_NAME:
            said = row.facts.get(field_name)
            said = list(said.values()) if isinstance(said, dict) else said
            text = " ".join(folded_words(" | ".join(filter(None, said)) if isinstance(said, list) else said))
            if text == name or (" " in name and f" {name} " in f" {text} "):
                row.problems.append(
                    _("The legal name is in “%(field)s” too, where others read it; take it out there.",
                      field=field_name)
                )  # fmt: skip
