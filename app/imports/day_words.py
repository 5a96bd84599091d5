"""Days in words, as reports write them: «20 de mayo del 2025», «entre los años 2010 y 2014», «October 2021»."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from app.dates import DAY, DateProblem, UncertainDate, today
from app.db import fold
from app.fields import Field
from app.imports.days import ALWAYS, WEEKDAY, bare_day, by_formats, either_way, why_not
from app.imports.maps import Way
from app.imports.problems import CellProblem

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("enero ene january jan", "febrero feb february", "marzo mar march", "abril abr april apr", "mayo may",
         "junio jun june", "julio jul july", "agosto ago august aug",
         "setiembre septiembre set sep sept september", "octubre oct october", "noviembre nov november",
         "diciembre dic december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<month>[a-z]+)\.?"
_YEAR = r"(?P<year>\d{4})"
_DAY = r"(?P<day>\d{1,2}|primero)(?:ro|er|º|°|o|st|nd|rd|th)?\.?"
_OF = r"\s+(?:(?:de|del|of|,)\s+)?(?:(?:ano|the year)\s+)?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DAY}\s+(?:(?:de|of)\s+)?{_MONTH}(?:,?{_OF}{_YEAR})?",
        rf"{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?",
        rf"{_MONTH}(?:,?{_OF}{_YEAR})?",
        rf"(?:(?:el\s+)?ano\s+|the year\s+)?{_YEAR}",
    )
)
_BEFORE = re.compile(r"^(?:(?:el|en|al|a|on|in|the|del)\s+)+")
_ROUGHLY = re.compile(
    r"^(?:a\s+|en\s+|in\s+)?(?:mediados|fines|finales|inicios|comienzos|principios|mid|early|late)[\s-]+(?:(?:de|del|of)\s+)?"
)
_THIS_YEAR = re.compile(r"(?:\bde\s+)?\b(?:este|presente|dicho|this|that)\s+(?:ano|year)\s*[\[(]\s*(\d{4})\s*[\])]")
_WHICH_YEAR = re.compile(r"\b(?:(?:este|presente|dicho|pasado|this|last)\s+(?:ano|year)|(?:ano|year)\s+pasado)\b")
_RANGES = (
    re.compile(r"^(?:entre|between)\s+(?:(?:los\s+anos|el|the\s+years)\s+)?(.+)\s+(?:y|and)\s+(?:(?:el|the)\s+)?(.+)$"),
    re.compile(r"^(?:del?|desde|from)\s+(?:el\s+)?(.+)\s+(?:al?|hasta|to|until)\s+(?:el\s+)?(.+)$"),
    re.compile(r"^(.+?)\s*[–—]\s*(.+)$"),
    re.compile(r"^(\d.*?)(?:\s+(?:al?|y|to|and|hasta|-)|,)\s+(.+)$"),
    re.compile(r"^(\d{4})\s*(?:-|a|to|y|and)\s*(\d{4})$"),
)

_HYPHENS = re.compile(r"(?<=[a-z])[-/.](?=\d)|(?<=\d)[-/.](?=[a-z])")
"""«16-Sep-2024», «dic-16»."""
_SHORT_YEAR = re.compile(r"^((?:\d{1,2}[-/. ])?([a-z]{3,10}))[-/.](\d{2})$")
"""Only so, as spreadsheets write it: «12 mayo» and «mayo 12» are days without a year."""

Parts = tuple[int | None, int | None, int | None]


LONGEST = 200


def read_uncertain_date(text: str, field: Field, way: Way) -> UncertainDate:
    """The reader of a cell that holds when something happened: 2012, 2012-05, 05/2012, two days with / between them,
    as the map or the column says, or in words, which are kept then."""
    value = _figures(text, way)
    if value is None:
        if either := either_way(bare_day(text)):
            raise CellProblem(either)
        try:
            value = read_day_words(text)
        except CellProblem as problem:
            if any(sign.isalpha() for sign in text):
                raise
            raise CellProblem(why_not("unreadable")) from problem
    if value.earliest and value.earliest > today():
        raise CellProblem(_("is in the future"))
    return value


def read_day(text: str, field: Field, way: Way) -> date:
    value = _figures(text, way)
    if value is None and not either_way(bare_day(text)):
        with suppress(CellProblem):
            value = read_day_words(text)
    if value is None or value.precision != DAY or value.earliest is None:
        raise CellProblem(either_way(bare_day(text)) or _("is not a day; write it as 2012-05-28"))
    return value.earliest


def _figures(text: str, way: Way) -> UncertainDate | None:
    """None where it is no date in figures. Raises CellProblem for a day that is none, or lies too far back."""
    bare = bare_day(text)
    if re.fullmatch(r"(?:19|20)\d{6}", bare):
        bare = f"{bare[:4]}-{bare[4:6]}-{bare[6:]}"
    if value := by_formats(bare, (*way.formats, *ALWAYS)):
        return value
    try:
        return UncertainDate.read(bare)
    except DateProblem as problem:
        if problem.reason == "unreadable":
            return None
        raise CellProblem(why_not(problem.reason)) from problem


def read_date_as_said(text: str, field: Field, way: Way) -> UncertainDate:
    """The reader of a cell that holds a date in figures or in words, past or to come; the words are kept."""
    figures = by_formats(text, (*way.formats, *ALWAYS))
    return replace(figures, text=text) if figures else read_day_words(text)


def read_day_words(text: str) -> UncertainDate:
    """A day, month, year or span with the words of the source. Raises CellProblem; a year is never filled in."""
    said = " ".join(text.split())
    if len(said) > LONGEST:
        raise _no_date()
    words = WEEKDAY.sub("", " ".join(fold(bare_day(said)).rstrip(".").split()))
    words = _HYPHENS.sub(" ", _SHORT_YEAR.sub(_whole_year, _THIS_YEAR.sub(r"de \1", words)))
    if _WHICH_YEAR.search(words):
        raise CellProblem(_("does not say which year; write the year"))
    try:
        return _span(words, said) or _one(words, said)
    except DateProblem as problem:
        sentence = _("ends before it begins") if problem.reason == "backwards" else _("is before 1900")
        raise CellProblem(sentence) from problem


def _span(words: str, said: str) -> UncertainDate | None:
    for pattern in _RANGES:
        found = pattern.match(words)
        first, last = (_parts(found[1]), _parts(found[2])) if found else (None, None)
        if found and first is None and last and last[2] and found[1].isdecimal() and int(found[1]) <= 31:
            # «5 al 8 de enero de 2023»: the month that stands once is that of both.
            first = (last[0], last[1], int(found[1]))
        if first and last and last[0]:
            # «entre mayo y agosto de 2018»: the year that stands once is that of both.
            first = first if first[0] else (last[0], *first[1:])
            return UncertainDate.between(_of(first, said).earliest, _of(last, said).latest, said)
    return None


def _one(words: str, said: str) -> UncertainDate:
    parts = _parts(_ROUGHLY.sub("", words))
    if parts is None:
        try:
            found = UncertainDate.read(words)
        except DateProblem as problem:
            if problem.reason != "unreadable":
                raise
            found = UncertainDate()
        if found.earliest is None:
            raise _no_date()
        return UncertainDate(found.earliest, found.latest, found.precision, said)
    if parts[0] is None:
        raise CellProblem(_("does not say which year; write the year"))
    return _of(parts, said)


def _whole_year(found: re.Match[str]) -> str:
    if found[2] not in _MONTHS:
        return found[0]
    year = int(found[3])
    return f"{found[1]} {2000 + year if year <= today().year % 100 + 1 else 1900 + year}"


def _no_date() -> CellProblem:
    return CellProblem(
        _("is not a date that can be read; write it as “20 de mayo de 2025”, 2025-05-20, 2025-05 or 2025")
    )


def _parts(words: str) -> Parts | None:
    """Year, month and day as far as they are said."""
    words = _BEFORE.sub("", words.strip())
    for pattern in _PATTERNS:
        found = pattern.fullmatch(words)
        said = found.groupdict() if found else {}
        if found and ("month" not in said or said["month"] in _MONTHS):
            year, day = said.get("year"), said.get("day")
            month = _MONTHS[said["month"]] if said.get("month") else None
            return int(year) if year else None, month, (1 if day == "primero" else int(day)) if day else None
    return None


def _of(parts: Parts, said: str) -> UncertainDate:
    year, month, day = parts
    assert year is not None
    if year < 1900:
        raise DateProblem("too_early")
    if month is None:
        return UncertainDate.in_year(year, said)
    if day is None:
        return UncertainDate.in_month(year, month, said)
    try:
        return UncertainDate.on(date(year, month, day), said)
    except ValueError as problem:
        raise CellProblem(_("cannot be: that day does not exist")) from problem
