"""What a record needs before it can be reviewed, and keeps from then on; a draft needs a title only."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.dates import UNKNOWN
from app.incidents.forms import INDIVIDUAL
from app.incidents.given import Reading, complain, mark_rows
from app.incidents.models import Incident
from app.incidents.operations import kept_words


def is_complete(reading: Reading) -> bool:
    """Whether it can be sent; what is missing is said at the fields."""
    for field, is_met, words in _needs(reading):
        if not is_met and not field.errors:
            complain(field, words)
    _check_consents(reading)
    _check_grades(reading)
    mark_rows(reading.form)
    return reading.is_sound


def keeps_what_it_had(reading: Reading, incident: Incident) -> bool:
    """Whether a record that was sent still has what it was sent with; what it never had may stay open.

    «Not on record» and «nobody in particular» are answers, not losses.
    """
    had = (
        incident.main_type,
        incident.happened_from or incident.happened_to,
        incident.country,
        incident.victims,
        any(one.perpetrator_type for one in incident.involvements),
        incident.source_links,
    )
    needs = zip(_needs(reading), had, strict=True)
    lost = [(field, words) for (field, is_met, words), was in needs if was and not is_met]
    for field, words in lost:
        if not field.errors:
            complain(field, words)
    if lost:
        reading.form.form_errors.append(kept_words())
    mark_rows(reading.form)
    return reading.is_sound


def _needs(reading: Reading) -> tuple[tuple[Any, Any, str], ...]:
    """Field, whether it is answered, and what to do where it is not."""
    form, given = reading.form, reading.given
    return (
        (form.main_type, given.main_type, _("Choose what was done.")),
        (
            form.first_day,
            given.happened.earliest or given.happened.latest or form.precision.data == UNKNOWN,
            _("Write the date, or choose “Not on record” as the precision."),
        ),
        (form.country, given.country, _("Choose the country.")),
        (
            form.victims[0].form.who,
            given.victims or form.nobody.data,
            _("Write who was affected, or tick that it was nobody in particular."),
        ),
        (
            form.perpetrators[0].form.perpetrator_type,
            any(one.perpetrator_type for one in given.perpetrators),
            _("Choose the alleged perpetrator; “unknown” is an answer."),
        ),
        (form.sources[0].form.citation, given.sources, _("Write at least one source.")),
    )


def _check_consents(reading: Reading) -> None:
    for entry in reading.form.victims:
        row = entry.form
        named = (row.who.data or "").strip()
        if named and row.kind.data == INDIVIDUAL and not row.consent.data and not row.consent.errors:
            complain(row.consent, _("Choose an answer, even if it is “not asked yet”."))


def _check_grades(reading: Reading) -> None:
    for entry in reading.form.sources:
        row = entry.form
        if not ((row.citation.data or "").strip() or (row.url.data or "").strip()):
            continue
        if not row.reliability.data:
            complain(row.reliability, _("Choose from A to F. If you cannot judge it, choose F."))
        if not row.credibility.data:
            complain(row.credibility, _("Choose from 1 to 6. If you cannot judge it, choose 6."))
