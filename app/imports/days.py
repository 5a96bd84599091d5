"""Days in the cells of a sheet: as ISO writes them, as people write them, and in which order a column has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from app.dates import DateProblem, UncertainDate
from app.i18n import date_words
from app.imports.problems import CellProblem

DATE_KINDS = frozenset({"uncertain_date", "date"})
DAY_FIRST, MONTH_FIRST = "DAY_FIRST", "MONTH_FIRST"
COUNTRIES_DAY_FIRST = frozenset({"PE"})
"""Where a sheet that could be read both ways has the day first. Others are asked to say it in a map."""

_YEAR_LAST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
ALWAYS = ("yyyy-mm-dd", "yyyy/mm/dd", "yyyy-mm", "mm/yyyy", "mm-yyyy", "mm.yyyy")
FORMATS = {
    DAY_FIRST: ("dd/mm/yyyy", "dd-mm-yyyy", "dd.mm.yyyy"),
    MONTH_FIRST: ("mm/dd/yyyy", "mm-dd-yyyy", "mm.dd.yyyy"),
}


# Not «mar»: it is March as often as Tuesday.
_WEEKDAYS = (
    "lun(?:es)?|martes|mi[eé](?:rcoles)?|jue(?:ves)?|vie(?:rnes)?|s[aá]b(?:ado)?|dom(?:ingo)?|"
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
WEEKDAY = re.compile(rf"\b(?:{_WEEKDAYS})\b[.,]?\s+(?=\w)", re.IGNORECASE)
_HOUR = re.compile(
    r"(?:\s*[T,–-]|\s)\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?\s?m\b\.?)?\s*"
    r"(?:Z|(?:GMT|UTC)?\s*[-+]\d{2}:?\d{2})?\s*(?:\([^)]*\))?$",
    re.IGNORECASE,
)


def bare_day(text: str) -> str:
    """What is said of the day, without weekday and hour: «Thu, 01/01/2026 - 12:00», «01/02/2022 12:00:00 AM»."""
    return WEEKDAY.sub("", _HOUR.sub("", text)).strip() or text


@dataclass(frozen=True)
class Order:
    """In which order a column writes its days, and a cell to show it by; None where nobody can tell."""

    which: str | None
    example: str = ""
    row: int | None = None
    """The row that decides it, and what it says; without one, what is usual in the country decided."""
    evidence: str = ""

    @property
    def formats(self) -> tuple[str, ...]:
        return FORMATS[self.which] if self.which else ()

    def words(self, column: str) -> str:
        """How the dates were read, for the dry run."""
        if self.which is None:
            return _(
                "Column “%(column)s”: whether the day or the month stands first cannot be told; dates where both would "
                "be possible are refused.",
                column=column,
            )
        day = by_formats(self.example, self.formats)
        read: dict[str, object] = {
            "column": column,
            "example": self.example,
            "day": date_words(day.earliest) if day else "",
        }
        if self.row is not None and self.evidence != self.example:
            read |= {"row": str(self.row), "evidence": self.evidence}
            if self.which == MONTH_FIRST:
                return _(
                    "Column “%(column)s”: the month stands first; %(example)s is read as %(day)s, because row %(row)s "
                    "says %(evidence)s.",
                    **read,
                )
            return _(
                "Column “%(column)s”: the day stands first; %(example)s is read as %(day)s, because row %(row)s says "
                "%(evidence)s.",
                **read,
            )
        if self.which == MONTH_FIRST:
            return _("Column “%(column)s”: the month stands first; %(example)s is read as %(day)s.", **read)
        return _("Column “%(column)s”: the day stands first; %(example)s is read as %(day)s.", **read)


def order_of(cells: Iterable[tuple[int, str]]) -> Order | None:
    """The order of a column, from the cells that can be read in one way only, else from what is usual in the country.

    *cells* come with the number of their row. None where no cell has the year last.
    """
    found = [
        (row, bare, int(match[1]), int(match[2]))
        for row, bare in ((row, bare_day(text)) for row, text in cells)
        if (match := _YEAR_LAST.fullmatch(bare))
    ]
    if not found:
        return None
    day_first = next(((row, text) for row, text, first, second in found if first > 12 >= second), None)
    month_first = next(((row, text) for row, text, first, second in found if second > 12 >= first), None)
    decided = bool(day_first) != bool(month_first)
    if decided:
        which = DAY_FIRST if day_first else MONTH_FIRST
    elif current_app.config["SETTINGS"].country in COUNTRIES_DAY_FIRST:
        which = DAY_FIRST
    else:
        return Order(None)
    row, evidence = (day_first or month_first or (None, "")) if decided else (None, "")
    return Order(which, _example(found, which), row, evidence)


def _example(found: Iterable[tuple[int, str, int, int]], which: str) -> str:
    """A day that could be read both ways shows most."""
    days = [(first, second, text) for _row, text, first, second in found if _is_day(text, which)]
    open_to_both = (text for first, second, text in days if first != second and first <= 12 and second <= 12)
    return next(open_to_both, days[0][2] if days else "")


def _is_day(text: str, which: str) -> bool:
    try:
        return by_formats(text, FORMATS[which]) is not None
    except CellProblem:
        return False


def by_formats(text: str, formats: Iterable[str]) -> UncertainDate | None:
    """The day that the first fitting format reads; None where none fits. Raises CellProblem for no such day."""
    return next((found for form in formats if (found := _by_format(text, form))), None)


def _by_format(text: str, form: str) -> UncertainDate | None:
    """Read a day by a format such as dd/mm/yyyy; without dd it is a month, without mm a year."""
    pattern = re.escape(form).replace("yyyy", r"(?P<year>\d{4})")
    pattern = pattern.replace("mm", r"(?P<month>\d{1,2})").replace("dd", r"(?P<day>\d{1,2})")
    found = re.fullmatch(pattern, text)
    if found is None:
        return None
    year, month, day = (int(found.groupdict().get(part) or 0) for part in ("year", "month", "day"))
    has_month, has_day = "mm" in form, "dd" in form
    try:
        return UncertainDate.read(
            f"{year:04}" + (f"-{month:02}" if has_month else "") + (f"-{day:02}" if has_day else "")
        )
    except DateProblem as problem:
        if problem.reason == "unreadable":
            raise CellProblem(
                _("cannot be: that day does not exist") if has_day else _("cannot be: that month does not exist")
            ) from problem
        raise CellProblem(why_not(problem.reason)) from problem


def either_way(text: str) -> str:
    """What to say of a cell whose order nobody can tell."""
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        return ""
    if int(found[1]) > 12 and int(found[2]) > 12:
        return _("cannot be: that day does not exist")
    return _("may mean two days; write it as 2012-05-28, or say in a map how dates are written, such as dd/mm/yyyy")


def why_not(reason: str) -> str:
    return {
        "backwards": _("ends before it begins"),
        "too_early": _("is before 1900"),
    }.get(reason) or _(
        "is not a date that can be read; write 2012-05-28, 2012-05 or 2012, or say in a map how dates are written, "
        "such as dd/mm/yyyy"
    )
