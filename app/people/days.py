"""Fields for days: whole ones, and such as are known to the month, the year or between two ends."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField, ValidationError

from app.cases.forms import PROBLEMS, read_day
from app.dates import DAY, MONTH, YEAR, DateProblem, UncertainDate
from app.people.forms import DayField

EARLIEST, LATEST = 1900, 2100

_ENDS = re.compile(r"\s+(?:a|al|to|hasta|until)\s+|\s*[–—]\s*")


def _wrong_year() -> ValidationError:
    return ValidationError(
        _("The year must lie between %(first)s and %(last)s; please check it.", first=EARLIEST, last=LATEST)
    )


def _check_years(*days: date | None) -> None:
    if any(day and not EARLIEST <= day.year <= LATEST for day in days):
        raise _wrong_year()


def _check_digits(text: str) -> None:
    """20255 is no day that could not be read, but a slip in its year."""
    if re.search(r"\d{5,}", text):
        raise _wrong_year()


def _check_exists(text: str) -> None:
    """30/02/2020 is written as a day should be; what is wrong is that there is none such."""
    numbers = re.fullmatch(r"(\d{1,2})[./\- ]+(\d{1,2})[./\- ]+(\d{4})", text, re.ASCII)
    turned = re.fullmatch(r"(\d{4})[./\- ]+(\d{1,2})[./\- ]+(\d{1,2})", text, re.ASCII)
    found = numbers.groups()[::-1] if numbers else turned.groups() if turned else None
    try:
        if found:
            date(*(int(part) for part in found))
    except ValueError as error:
        raise ValidationError(_("This day does not exist: %(day)s. Please check it.", day=text)) from error


def read_when(text: str) -> UncertainDate:
    """«22/10/2024», «10/2024», «2024», «22/10/2024 – 3/11/2024». Raises ValidationError with a sentence."""
    _check_digits(text)
    parts = [part.strip() for part in _ENDS.split(text.strip(), maxsplit=1)]
    for part in parts:
        _check_exists(part)
    ends = [read_day(part) for part in parts]
    for end in ends:
        _check_years(end.earliest, end.latest)
    if len(ends) == 1:
        return ends[0]
    try:
        return UncertainDate.between(ends[0].earliest, ends[1].latest)
    except DateProblem as problem:
        raise ValidationError(PROBLEMS[problem.reason]) from problem


def typed(value: UncertainDate | None) -> str:
    """As the field shows it, and reads it back."""
    if value is None or not (value.earliest or value.latest):
        return ""
    if value.precision == YEAR and value.earliest:
        return f"{value.earliest:%Y}"
    if value.precision == MONTH and value.earliest:
        return f"{value.earliest:%m/%Y}"
    if value.precision == DAY and value.earliest:
        return _day(value.earliest)
    return f"{_day(value.earliest)} – {_day(value.latest)}".strip()


def _day(day: date | None) -> str:
    return f"{day.day}/{day.month}/{day.year}" if day else ""


class WhenField(StringField):
    """A day as far as it is known; `data` is an UncertainDate. What cannot be read stays in the field."""

    data: Any

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else typed(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        text = valuelist[0].strip()
        if isinstance(self.object_data, UncertainDate) and text == typed(self.object_data):
            return  # a day that was not touched stays exactly as it is, with the words of its source
        self.data = read_when(text)

    @property
    def given(self) -> UncertainDate:
        return self.data if isinstance(self.data, UncertainDate) else UncertainDate()


class Day(DayField):
    """A whole day between 1900 and 2100."""

    def pre_validate(self, form: Any) -> None:
        if isinstance(self.data, str):
            _check_digits(self.data)
        super().pre_validate(form)
        if isinstance(self.data, date):
            _check_years(self.data)
