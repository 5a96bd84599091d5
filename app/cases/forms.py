"""What may be typed of a case and of an entry of its timeline."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from app.accounts.models import User
from app.accounts.teams import teams_for
from app.cases.models import CONFIDENTIALITY, RESTRICTED, Case, TimelineEntry
from app.cases.operations import EntryGiven
from app.dates import DAY, MONTH, DateProblem, UncertainDate
from app.places.countries import country_choices
from app.vocabulary.offered import OneOrNone, offered
from app.vocabulary.queries import choices, entries

PROBLEMS = {
    "unreadable": _l("Write the date like 22/10/2024, 10/2024 or 2024."),
    "too_early": _l("This year is too far back; please check it."),
    "backwards": _l("The last day is before the first."),
}


def trimmed(text: str | None) -> str:
    return (text or "").strip()


def line(label: Any, most: int = 200, *, optional: bool = True, **options: Any) -> StringField:
    """One line. What is `optional` is not checked any further when it is left empty."""
    checks = [Optional()] if optional else []
    return StringField(label, [*checks, Length(max=most)], filters=[trimmed], **options)


class CaseForm(FlaskForm):
    version = HiddenField()
    form_token = HiddenField()
    team_id = SelectField(_l("Team"), coerce=int)
    title_es = line(
        _l("Title in Spanish"), optional=False, description=_l("What and where, without names of affected persons.")
    )
    title_en = line(_l("Title in English"), description=_l("One of the two is enough."))
    summary = TextAreaField(
        _l("Summary"), [Optional(), Length(max=8000)], description=_l("The story in short, for who reads the case.")
    )
    country = OneOrNone(_l("Country"))
    status = OneOrNone(_l("Status"))
    confidentiality = RadioField(_l("Who sees it"), default=RESTRICTED)

    def offer(self, user: User, case: Case | None = None) -> None:
        teams = teams_for(user)
        self.team_id.choices = offered(teams)
        if self.team_id.data is None and teams:
            self.team_id.data = teams[0][0]
        self.country.choices = offered(country_choices(), or_none=True)
        self.status.choices = offered(choices("monitoring_status", keep=case.status if case else None))
        levels = entries("confidentiality_levels")
        self.confidentiality.choices = offered((code, _with_meaning(levels[code])) for code in CONFIDENTIALITY)

    def validate_title_es(self, field: StringField) -> None:
        if not (field.data or self.title_en.data):
            raise ValidationError(_("Write a title, in one of the two languages."))

    def facts(self) -> dict[str, Any]:
        left_out = {"csrf_token", "version", "form_token", "team_id"}
        return {name: value or None for name, value in self.data.items() if name not in left_out}


def _with_meaning(level: Any) -> str:
    """The word, and who will see the case: the choice must not need a manual."""
    return f"{level.label}. {level.definition}" if level.definition else level.label


class MemberForm(FlaskForm):
    name = StringField(
        _l("Name"),
        [DataRequired(_l("Write the name of a colleague.")), Length(max=400)],
        filters=[trimmed],
        description=_l("Someone who records in the team of this case."),
    )


class WithdrawForm(FlaskForm):
    reason = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Write why; it stays with the case.")), Length(max=1000)],
        filters=[trimmed],
    )


class EntryForm(FlaskForm):
    """What belongs into the story but is no record of its own yet: a law, a hearing, a contract signed."""

    version = HiddenField()
    form_token = HiddenField()
    kind = SelectField(_l("Kind"), [DataRequired(_l("Choose a kind."))])
    entry_type = OneOrNone(_l("Type"))
    first_day = line(_l("Date or first day"), 40, description=_l("22/10/2024, 10/2024 or 2024."))
    last_day = line(_l("Last day"), 40, description=_l("Only between two dates."))
    happened_text = line(_l("As the source says it"), description=_l("Its own words, such as “at harvest time”."))
    text_es = line(_l("What happened, in Spanish"), 300, optional=False, description=_l("In one line."))
    text_en = line(_l("What happened, in English"), 300)
    detail_es = TextAreaField(_l("More, in Spanish"), [Optional(), Length(max=4000)], filters=[trimmed])
    detail_en = TextAreaField(_l("More, in English"), [Optional(), Length(max=4000)], filters=[trimmed])
    citation = line(_l("Source"), 1000, description=_l("Where this is written."))
    url = line(_l("Address on the web"), 2000)
    is_public = BooleanField(
        _l("This is public already"),
        description=_l(
            "Who reads the case without identities sees this entry too. Only for what a public source says."
        ),
    )

    def offer(self, entry: TimelineEntry | None = None) -> None:
        kinds = choices("record_kinds", keep=entry.kind if entry else None)
        # An incident has a page of its own; here it would escape review.
        self.kind.choices = offered(
            pair for pair in kinds if pair[0] != "incident" or (entry and entry.kind == "incident")
        )
        types = choices("timeline_event_types", keep=entry.entry_type if entry else None)
        self.entry_type.choices = offered(types, or_none=True)

    def validate_text_es(self, field: StringField) -> None:
        if not (field.data or self.text_en.data):
            raise ValidationError(_("Say in one line what happened, in one of the two languages."))

    def validate_first_day(self, field: StringField) -> None:
        read_day(field.data)

    def validate_last_day(self, field: StringField) -> None:
        last = read_day(field.data)
        first = self._first().earliest if not self.first_day.errors else None
        if first and last.latest and first > last.latest:
            raise ValidationError(PROBLEMS["backwards"])

    def validate_url(self, field: StringField) -> None:
        if field.data and not re.match(r"https?://[^\s/]+", field.data):
            raise ValidationError(_("An address begins with http:// or https://."))

    def given(self, entry: TimelineEntry | None = None) -> EntryGiven:
        """*entry* is the one being edited: a day that was not touched stays exactly as it is."""
        words: dict[str, Any] = {name: self[name].data or None for name in EntryForm.TEXTS}
        happened = entry.happened if entry and self._days_are_those_of(entry) else self._happened()
        happened = replace(happened, text=self.happened_text.data or None)
        return EntryGiven(happened=happened, is_public=self.is_public.data, **words)

    def _days_are_those_of(self, entry: TimelineEntry) -> bool:
        before = entry_as_typed(entry)
        return all((self[name].data or "") == before[name] for name in ("first_day", "last_day"))

    def _first(self) -> UncertainDate:
        return read_day(self.first_day.data)

    def _happened(self) -> UncertainDate:
        last = read_day(self.last_day.data)
        return UncertainDate.between(self._first().earliest, last.latest) if last.latest else self._first()

    TEXTS = ("kind", "entry_type", "text_es", "text_en", "detail_es", "detail_en", "citation", "url")


def read_day(text: str | None) -> UncertainDate:
    """«22/10/2024», «10/2024», «2024», and the same with the year first."""
    parts = re.split(r"[./\- ]+", trimmed(text))
    if len(parts[-1]) == 4:
        parts.reverse()
    try:
        return UncertainDate.read("-".join(part.zfill(2) for part in parts) if parts != [""] else "")
    except DateProblem as problem:
        raise ValidationError(PROBLEMS[problem.reason]) from problem


def entry_as_typed(entry: TimelineEntry) -> dict[str, Any]:
    """An entry as its form shows it."""
    happened = entry.happened
    first, last = _typed(happened.earliest, happened.precision), ""
    if happened.latest and happened.precision not in (DAY, MONTH, "YEAR") and happened.latest != happened.earliest:
        last = _typed(happened.latest, DAY)
    columns = ("version", "happened_text", "is_public", *EntryForm.TEXTS)
    return {name: getattr(entry, name) for name in columns} | {"first_day": first, "last_day": last}


def _typed(day: date | None, precision: str) -> str:
    if day is None:
        return ""
    if precision == "YEAR":
        return f"{day:%Y}"
    return f"{day:%m/%Y}" if precision == MONTH else f"{day.day}/{day.month}/{day.year}"
