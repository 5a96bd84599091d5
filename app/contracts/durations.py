"""The end of a term, as a day or as how long it runs: «2 años», «dieciocho meses», “two years and six months”."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError

from app.dates import DAY, UncertainDate
from app.db import fold
from app.i18n import uncertain_date_words
from app.people.days import LATEST, WhenField

_NUMBERS = {
    "un": 1, "uno": 1, "una": 1, "a": 1, "an": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "three": 3, "cuatro": 4,
    "four": 4, "cinco": 5, "five": 5, "seis": 6, "six": 6, "siete": 7, "seven": 7, "ocho": 8, "eight": 8, "nueve": 9,
    "nine": 9, "diez": 10, "ten": 10, "once": 11, "eleven": 11, "doce": 12, "twelve": 12, "quince": 15, "fifteen": 15,
    "dieciocho": 18, "eighteen": 18, "veinticuatro": 24, "treinta": 30, "thirty": 30, "sesenta": 60, "sixty": 60,
    "noventa": 90, "ninety": 90,
}  # fmt: skip
_MONTHS = {"ano": 12, "anos": 12, "year": 12, "years": 12, "mes": 1, "meses": 1, "month": 1, "months": 1}
_DAYS = {"dia": 1, "dias": 1, "day": 1, "days": 1, "semana": 7, "semanas": 7, "week": 7, "weeks": 7}
_LEFT_OUT = re.compile(r"\([^()]*\)|\b(?:por|for|calendario|calendar)\b")
LONGEST, LONGEST_TEXT = 100, 80
"""Years: a longer term is a slip. Characters: a longer text is no duration."""


@dataclass(frozen=True)
class Duration:
    months: int
    days: int

    def last_day_from(self, first: date) -> date:
        """The last day of a term that begins on *first*: the day before the same day, so much later."""
        years, month = divmod(first.year * 12 + first.month - 1 + self.months, 12)
        day = min(first.day, calendar.monthrange(years, month + 1)[1])
        # Where the month has no such day, the term has run out with its last one.
        ended = day < first.day and not self.days
        return date(years, month + 1, day) + timedelta(days=self.days - (0 if ended else 1))

    def end_from(self, starts: UncertainDate, text: str) -> UncertainDate:
        earliest = self.last_day_from(starts.earliest) if starts.earliest else None
        latest = self.last_day_from(starts.latest) if starts.latest else None
        words = _("%(duration)s from %(day)s", duration=text, day=uncertain_date_words(starts))
        if starts.precision == DAY and earliest:
            return UncertainDate.on(earliest, words)
        return UncertainDate.between(earliest, latest, words)


def read_duration(text: str) -> Duration | None:
    """None for what is no duration; «0 años» is one, though of nothing."""
    if len(text) > LONGEST_TEXT:
        return None
    months = days = 0
    for part in re.split(r",|\b(?:y|and)\b", _LEFT_OUT.sub(" ", fold(text)).strip(" .")):
        number_word, _space, unit = " ".join(part.split()).partition(" ")
        number = int(number_word) if number_word.isdecimal() else _NUMBERS.get(number_word)
        if number is None or (unit not in _MONTHS and unit not in _DAYS):
            return None
        months += number * _MONTHS.get(unit, 0)
        days += number * _DAYS.get(unit, 0)
    return Duration(months, days)


class EndField(WhenField):
    """A day, or a duration that is counted from the start; `settle` works it out when the start has been read."""

    duration: Duration | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        found = read_duration(valuelist[0]) if valuelist else None
        if found is None:
            super().process_formdata(valuelist)
            return
        if not (found.months or found.days):
            raise ValidationError(_("A duration of nothing is no term; write how long it runs, or its last day."))
        if found.months > LONGEST * 12 or found.days > LONGEST * 366:
            raise ValidationError(_("This is too long for a term; please check it."))
        # Only what may be counted is kept: beyond the year 9999 there is no day to count to.
        self.duration = found

    def settle(self, starts: UncertainDate) -> None:
        """Raises ValidationError where there is nothing to count from."""
        if self.duration is None:
            return
        if not (starts.earliest or starts.latest):
            raise ValidationError(_("Write the start too, so that the end can be counted; or write the end as a day."))
        found = self.duration.end_from(starts, str(self.raw_data[0]).strip())
        if any(day and day.year > LATEST for day in (found.earliest, found.latest)):
            raise ValidationError(_("This is too long for a term; please check it."))
        self.data: Any = found
