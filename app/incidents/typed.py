"""How people write days, numbers and points, read without guessing. Every problem is a sentence for people."""

from __future__ import annotations

import re
from datetime import date

from flask_babel import gettext as _

from app import dates
from app.dates import EARLIEST_YEAR, DateProblem, UncertainDate, today
from app.db import fold
from app.i18n import date_words

_DAY_FIRST = re.compile(r"^(?:(?:(\d{1,2})[./\- ])?(\d{1,2})[./\- ])?(\d+)$")
_YEAR_FIRST = re.compile(r"^(\d{3,})[./-](\d{1,2})(?:[./-](\d{1,2}))?$")
_RANGE = re.compile(r"^(\d+)(?:\s*(?:-|–|—|/|\ba\b|\bto\b|\by\b|\band\b|\bo\b|\bor\b)\s*(\d+))?$", re.ASCII)
MOST_PEOPLE = 1_000_000


class NotReadable(ValueError):
    """What was typed cannot be kept; the message says what to write."""


def read_when(text: str) -> UncertainDate:
    """«22/10/2024», «10/2024», «2024», and the same with the year first. The day stands before the month."""
    plain = text.strip()
    year_first = _YEAR_FIRST.match(plain) if plain.isascii() else None
    day_first = _DAY_FIRST.match(plain) if plain.isascii() else None
    if year_first:
        year, month, day = year_first.groups()
    elif day_first:
        day, month, year = day_first.groups()
    else:
        raise NotReadable(_("Write the date like 22/10/2024, 10/2024 or 2024."))
    if len(year) != 4:
        raise NotReadable(_("Write the year with four digits: 2024."))
    if int(year) < EARLIEST_YEAR:
        raise NotReadable(
            _("The year %(year)s is before %(earliest)s; please check it.", year=year, earliest=EARLIEST_YEAR)
        )
    return _in_calendar(int(year), int(month) if month else None, int(day) if day else None)


def _in_calendar(year: int, month: int | None, day: int | None) -> UncertainDate:
    try:
        if month is None:
            found = UncertainDate.in_year(year)
        elif day is None:
            found = UncertainDate.in_month(year, month)
        else:
            found = UncertainDate.on(date(year, month, day))
    except ValueError as error:
        raise NotReadable(_("There is no such day in the calendar. Write it like 22/10/2024.")) from error
    if found.earliest and found.earliest > today():
        raise NotReadable(_("%(day)s is in the future; please check it.", day=_as_read(found)))
    return found


def read_day(text: str) -> date:
    """A whole day, which may lie ahead."""
    plain = text.strip()
    found = re.match(r"^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})$", plain, re.ASCII)
    iso = re.match(r"^(\d{4})-(\d{1,2})-(\d{1,2})$", plain, re.ASCII)
    parts = [int(part) for part in (found.groups()[::-1] if found else iso.groups() if iso else ())]
    try:
        return date(*parts)
    except (TypeError, ValueError) as error:
        raise NotReadable(_("Write the day like 22/10/2024.")) from error


def as_precise(found: UncertainDate, precision: str, text: str | None) -> UncertainDate:
    """The same as coarse as was chosen; finer than what was written is not possible."""
    first = found.earliest
    if first is None or precision in ("", found.precision):
        return UncertainDate(found.earliest, found.latest, found.precision, text)
    if precision == dates.YEAR:
        return UncertainDate.in_year(first.year, text)
    if precision == dates.MONTH and found.precision == dates.DAY:
        return UncertainDate.in_month(first.year, first.month, text)
    if precision in (dates.RANGE, dates.UNKNOWN):
        return UncertainDate(found.earliest, found.latest, precision, text)
    if precision == dates.DAY:
        raise NotReadable(_("Write the whole day, like 22/10/2024, or choose another precision."))
    raise NotReadable(_("Write month and year, like 10/2024, or choose another precision."))


def between(first: UncertainDate, last: UncertainDate, precision: str, text: str | None) -> UncertainDate:
    """From the first possible day to the last. Either end may be open."""
    if precision not in ("", dates.RANGE, dates.UNKNOWN):
        raise NotReadable(_("With a second date the precision is “Between two dates”."))
    try:
        found = UncertainDate.between(first.earliest, last.latest, text)
    except DateProblem as problem:
        words = {"first": _as_read(first), "last": _as_read(last)}
        raise NotReadable(_("The last day (%(last)s) is before the first (%(first)s).", **words)) from problem
    return UncertainDate(found.earliest, found.latest, precision or dates.RANGE, text)


def _as_read(found: UncertainDate) -> str:
    if found.precision == dates.DAY:
        return date_words(found.earliest)
    return f"{found.earliest:%m/%Y}" if found.precision == dates.MONTH else f"{found.earliest:%Y}"


def read_count(text: str) -> tuple[int | None, int | None]:
    """«3», «3-5», «3 a 5». Nothing typed is not on record, which is not a zero."""
    plain = text.strip()
    if not plain:
        return (None, None)
    found = _RANGE.match(fold(plain))
    if not found or not plain.isascii() and not re.search("[–—]", plain):
        raise NotReadable(_("Write a number, or two of them: 3-5."))
    least, most = int(found.group(1)), int(found.group(2) or found.group(1))
    if most < least:
        raise NotReadable(_("Write the smaller number first: %(least)s-%(most)s.", least=most, most=least))
    if most > MOST_PEOPLE:
        raise NotReadable(_("More than a million people; please check the number."))
    return (least, most)


def write_count(least: int | None, most: int | None) -> str:
    """The same as `read_count` takes it."""
    if least is None:
        return "" if most is None else str(most)
    return str(least) if most in (None, least) else f"{least}-{most}"


def read_degrees(text: str, limit: int) -> float | None:
    plain = text.strip().replace(",", ".").replace("−", "-").rstrip("°").strip()
    if not plain:
        return None
    if not re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,12})?", plain, re.ASCII):
        raise NotReadable(_("Write the coordinate as a number, like -13.95."))
    number = float(plain)
    if abs(number) > limit:
        raise NotReadable(_("A coordinate between -%(limit)s and %(limit)s is needed here.", limit=limit))
    return number


def write_when(found: UncertainDate) -> tuple[str, str, str]:
    """Precision, first and last day as the form shows them and `read_when` takes them."""
    first, last = found.earliest, found.latest
    if found.precision == dates.YEAR and first:
        return dates.YEAR, f"{first:%Y}", ""
    if found.precision == dates.MONTH and first:
        return dates.MONTH, f"{first:%m/%Y}", ""
    if found.precision == dates.DAY and first:
        return dates.DAY, f"{first:%d/%m/%Y}", ""
    return found.precision, f"{first:%d/%m/%Y}" if first else "", f"{last:%d/%m/%Y}" if last else ""
