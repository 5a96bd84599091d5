"""What a review needs, asked when the form is sent; and how far each section of the form has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import dates
from app.incidents.forms import INDIVIDUAL, IncidentForm
from app.incidents.given import Reading, complain, mark_rows
from app.incidents.persons import standing_level


@dataclass(frozen=True)
class Section:
    id: str
    title: Any
    fields: tuple[str, ...]


SECTIONS = (
    Section("what", _l("What happened"), ("title_es", "title_en", "main_type", "other_types", "narrative", "language")),
    Section("when", _l("When"), ("precision", "first_day", "last_day", "happened_text")),
    Section(
        "where",
        _l("Where"),
        (
            "country", "place", "place_choice", "department", "province", "district", "region_text", "community",
            "latitude", "longitude", "coordinate_precision",
        ),
    ),
    Section("whom", _l("To whom"), ("victims", "nobody")),
    Section("by-whom", _l("By whom"), ("perpetrators",)),
    Section("business", _l("Company and project"), ("companies", "projects", "sector", "record_names")),
    Section("sources", _l("How we know"), ("sources",)),
    Section(
        "threat",
        _l("Threat and urgency"),
        (
            "threat_type", "threat_channel", "threat_credibility", "urgency", "reprisals", "threats_before", "protest",
            "emergency",
        ),
    ),
    Section("public", _l("Public part"), ("summary_es", "summary_en", "embargo_until")),
    Section("record", _l("Case and notes"), ("case", "team", "notes", "why")),
)  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """Something that a review would ask for, at its field."""

    section: str
    field: Any
    words: str


def gaps(reading: Reading) -> list[Gap]:
    return [gap for look in (_facts, _affected, _perpetrators, _sources) for gap in look(reading)]


def _facts(reading: Reading) -> Iterator[Gap]:
    form, given = reading.form, reading.given
    if not given.main_type:
        yield Gap("what", form.main_type, _("Choose the main type."))
    happened = given.happened
    if not (happened.earliest or happened.latest or form.precision.data == dates.UNKNOWN or form.first_day.data):
        yield Gap("when", form.first_day, _("Write the date, or choose «Not on record» as its precision."))
    if not given.country:
        yield Gap("where", form.country, _("Choose the country."))


def _affected(reading: Reading) -> Iterator[Gap]:
    form = reading.form
    if not reading.given.victims and not form.nobody.data:
        first = form.victims[0].form.who
        if not first.errors:
            yield Gap("whom", first, _("Write who was affected, or tick below that it was nobody in particular."))
    for entry in form.victims:
        row = entry.form
        if row.who.data and row.kind.data == INDIVIDUAL and not row.consent.data:
            person = reading.persons.get(row.who.name)
            if person is None or standing_level(person) is None:
                words = _("Choose an answer for «%(who)s», even if it is «not asked yet».", who=row.who.data)
                yield Gap("whom", row.consent, words)


def _perpetrators(reading: Reading) -> Iterator[Gap]:
    rows = [entry.form for entry in reading.form.perpetrators]
    for row in rows:
        is_begun = row.organisation.data or row.degree.data
        if not row.perpetrator_type.data and (is_begun or not reading.given.perpetrators and row is rows[0]):
            yield Gap("by-whom", row.perpetrator_type, _("Choose who it was; «Unknown» is an answer, too."))


def _sources(reading: Reading) -> Iterator[Gap]:
    rows = [entry.form for entry in reading.form.sources]
    if not reading.given.sources and not rows[0].citation.errors:
        yield Gap("sources", rows[0].citation, _("Write at least one source."))
    for row in rows:
        if row.citation.data or row.url.data:
            if not row.reliability.data:
                yield Gap("sources", row.reliability, _("Choose A to F; if you cannot judge it, F."))
            if not row.credibility.data:
                yield Gap("sources", row.credibility, _("Choose 1 to 6; if you cannot judge it, 6."))


def ask_for(found: list[Gap], form: IncidentForm) -> None:
    """Show what is missing at the fields."""
    for gap in found:
        complain(gap.field, gap.words)
    mark_rows(form)


@dataclass(frozen=True)
class Step:
    """A section in the list beside the form: what is wrong in it, and what a review would still ask for."""

    section: Section
    to_mend: int
    missing: int


def progress(form: IncidentForm, found: list[Gap]) -> list[Step]:
    asked = {id(gap.field) for gap in found}
    steps = []
    for section in SECTIONS:
        missing = [gap for gap in found if gap.section == section.id]
        wrong = [field for name in section.fields for field in _leaves(form[name]) if field.errors]
        to_mend = [field for field in wrong if id(field) not in asked]
        steps.append(Step(section, len(to_mend), len(missing)))
    return steps


def _leaves(field: Any) -> Iterator[Any]:
    """The fields that carry errors of their own."""
    if hasattr(field, "entries"):
        for entry in field.entries:
            yield from _leaves(entry)
    elif hasattr(field, "form") and hasattr(field.form, "_fields"):
        for one in field.form:
            yield from _leaves(one)
    else:
        yield field
