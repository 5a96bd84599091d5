"""What a pack is asked for: country, period, language, and how its CSV is written. Bad wishes are told, all at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale
from flask_babel import gettext as _

from app.db import alpha2, alpha3
from app.i18n import LANGUAGES, date_words
from app.upr.period import default_first

DELIMITERS = {",": ",", ";": ";", "comma": ",", "semicolon": ";"}
YES_OR_NO = {"1": True, "yes": True, "0": False, "no": False}
NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""Codes that have a name and are no country."""
EARLIEST = date(1900, 1, 1)
WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Problem:
    """A wish that cannot be met: the field, a code for machines, a sentence for people."""

    field: str
    code: str
    message: str


class BadFilters(ValueError):
    """Nothing was made; `problems` says all that has to change."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.code for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Filters:
    """A wish that can be met, defaults filled in. *country* is ISO 3166-1 alpha-2; both days are part of the period."""

    country: str
    first: date
    last: date
    language: str
    delimiter: str = ","
    mark: bool = True

    @property
    def country_iso3(self) -> str:
        return alpha3(self.country)

    def as_written(self) -> dict[str, object]:
        """For the manifest: what was asked for and what holds without being asked."""
        return {
            "country": self.country_iso3,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "date_basis": "event",
            "verification": "corroborated",
            "consent": "anonymised_public",
            "lang": self.language,
        }


def read_filters(given: Mapping[str, str | None], *, country: str, language: str, today: date) -> Filters:
    """Filters from what was typed; *country* and *language* are the defaults. Raises BadFilters."""
    values = {name: (value or "").strip() for name, value in given.items()}
    problems: list[Problem] = []
    wanted = _country(values.get("country") or country, problems)
    last = _day("to", values.get("to"), problems) or today
    first = _day("from", values.get("from"), problems) or (default_first(wanted, today) if wanted else None)
    as_written = not problems  # a default in the place of what could not be read is nobody's wish
    if last > today:
        words = _("The last day is in the future; today is %(day)s.", day=date_words(today))
        problems.append(Problem("to", "in_the_future", words))
    if first is None and wanted and not values.get("from"):
        words = _("Say from which day on: the deadlines of this country are not known here.")
        problems.append(Problem("from", "required", words))
    if as_written and first is not None and first > last:
        words = _("The first day is after the last one.")
        problems.append(Problem("from", "from_after_to", words))
    chosen = _one_of("lang", values.get("lang") or language, dict.fromkeys(LANGUAGES, True), problems)
    delimiter = _one_of("delimiter", values.get("delimiter") or ",", DELIMITERS, problems)
    mark = _one_of("bom", values.get("bom") or "1", YES_OR_NO, problems)
    if problems or not wanted or first is None:
        raise BadFilters(problems)
    return Filters(wanted, first, last, chosen, DELIMITERS[delimiter], YES_OR_NO[mark])


def _country(text: str, problems: list[Problem]) -> str | None:
    found = alpha2(text) if text.isalpha() else None
    if found is None or found in NOT_COUNTRIES or found not in Locale("en").territories:
        words = _("“%(text)s” is not a country code; write two or three letters such as PE or PER.", text=text[:40])
        problems.append(Problem("country", "unknown_country", words))
        return None
    return found


def _day(field: str, text: str | None, problems: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if WRITTEN_DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day < EARLIEST:
        words = _("“%(text)s” is not a day; write it like 2022-07-15.", text=text[:40])
        problems.append(Problem(field, "malformed", words))
        return None
    return day


def _one_of(field: str, text: str, allowed: Mapping[str, object], problems: list[Problem]) -> str:
    if text in allowed:
        return text
    words = _("“%(text)s” is not possible here; write one of: %(choices)s", text=text[:40], choices="  ".join(allowed))
    problems.append(Problem(field, "unknown_choice", words))
    return next(iter(allowed))
