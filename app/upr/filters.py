"""What a pack is asked for: country, period, what goes in, how its files are written. Bad wishes are told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel import Locale
from flask_babel import gettext as _

from app.db import alpha2, alpha3
from app.i18n import LANGUAGES, date_words
from app.people.allowed import ANONYMISED_PUBLIC, NAMED_PUBLIC
from app.places.queries import regions_with_codes
from app.recommendations.calendar import default_first
from app.upr.columns import NEVER
from app.upr.models import INTERNAL, PUBLIC
from app.upr.period import preset_of, session_of
from app.vocabulary.queries import entries

DELIMITERS = {",": ",", ";": ";", "comma": ",", "semicolon": ";"}
YES_OR_NO = {"1": True, "yes": True, "y": True, "0": False, "no": False}
PROFILES = {PUBLIC: PUBLIC, INTERNAL: INTERNAL}
VERIFICATION = ("unverified", "single_source", "corroborated", "verified")
"""From the weakest to the firmest."""
FIRM_ENOUGH = "corroborated"
CONSENTS = {ANONYMISED_PUBLIC: ANONYMISED_PUBLIC, NAMED_PUBLIC: NAMED_PUBLIC}
EVENT, RECORDED = "event", "recorded"
DATE_BASES = {EVENT: EVENT, RECORDED: RECORDED}
NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""Codes that have a name and are no country."""
EARLIEST = date(1900, 1, 1)
WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
K, CELL_MIN = 3, 5
"""In a row file each row is like k - 1 others; in a table a cell counts so many, or is not printed."""
A_YEAR = 364
LEAST, MOST = 2, 20
REASON_LENGTH = 500
LISTS = {
    "types": "incident_types",
    "perpetrators": "perpetrator_types",
    "sectors": "sectors",
}
"""Filter → the code list whose codes, as they leave the house, it takes."""
ALL = "all"
SEVERAL = ("types", "perpetrators", "sectors", "admin1", "recs")
"""What may be given more than once."""

Given = Mapping[str, str | Sequence[str] | None]


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
    hxl: bool = False
    """Whether a row of HXL tags follows the header of each table."""
    profile: str = PUBLIC
    verification: str = FIRM_ENOUGH
    consent: str = ANONYMISED_PUBLIC
    date_basis: str = EVENT
    include_undated: bool = False
    session: int | None = None
    types: tuple[str, ...] = ()
    perpetrators: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    admin1: tuple[str, ...] = ()
    cycles: tuple[int, ...] | None = None
    """Of which cycles recommendations are told; None: the last two on record, and what was worked on; empty: all."""
    k: int = K
    cell_min: int = CELL_MIN
    reason: str | None = field(default=None, compare=False)
    """Why a pack shows more than usual. Kept with who took it, and in no pack."""

    @property
    def country_iso3(self) -> str:
        return alpha3(self.country)

    @property
    def is_internal(self) -> bool:
        return self.profile == INTERNAL

    @property
    def shows_more(self) -> bool:
        """Whether it needs a reason: it shows more than a pack of the public profile does."""
        return self.is_internal or self.k < K or self.cell_min < CELL_MIN

    @property
    def tells_more_than_rows(self) -> bool:
        """Whether the choices, which stand in the manifest, say more of when and where than a coarsened row does."""
        is_short = (self.last - self.first).days < A_YEAR
        return not self.is_internal and bool(self.admin1 or self.sectors or is_short)

    def as_written(self) -> dict[str, object]:
        """For the manifest: what was asked for and what holds without being asked."""
        return {
            "country": self.country_iso3,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "session": self.session,
            "date_basis": self.date_basis,
            "include_undated": self.include_undated,
            "verification": self.verification,
            "consent": self.consent,
            "types": list(self.types),
            "perpetrators": list(self.perpetrators),
            "sectors": list(self.sectors),
            "admin1": list(self.admin1),
            "recs": "last two cycles, and what was worked on" if self.cycles is None else list(self.cycles) or ALL,
            "lang": self.language,
            "k": self.k,
            "cell_min": self.cell_min,
            "hxl": self.hxl,
        }


def read_filters(given: Given, *, country: str, language: str, today: date) -> Filters:
    """Filters from what was typed; *country* and *language* are the defaults. Raises BadFilters."""
    return _Reading(given, country, language, today).filters()


class _Reading:
    """Reads one wish, and notes all that is wrong with it."""

    def __init__(self, given: Given, country: str, language: str, today: date) -> None:
        self.given = given
        self.today = today
        self.language = language
        self.problems: list[Problem] = []
        self.country = self._country(self.text("country") or country)

    def text(self, name: str) -> str:
        found = self.given.get(name)
        first = found if isinstance(found, str) else next(iter(found or ()), "")
        return first.strip()

    def texts(self, name: str) -> list[str]:
        found = self.given.get(name) or ()
        parts = [found] if isinstance(found, str) else list(found)
        return [code for part in parts for code in re.split(r"[,|\s]+", part.removeprefix("cycles=")) if code]

    def wrong(self, field: str, code: str, message: str) -> None:
        self.problems.append(Problem(field, code, message))

    def filters(self) -> Filters:
        session, first, last = self._period()
        profile = self._one_of("profile", PROFILES, PUBLIC)
        verification = self._one_of("verification", dict.fromkeys(VERIFICATION, True), FIRM_ENOUGH)
        if verification == VERIFICATION[0] and profile != INTERNAL:
            words = _("What nobody has verified is only in internal packs: choose the internal profile.")
            self.wrong("verification", "needs_internal", words)
        k, cell_min = self._number("k", K), self._number("cell_min", CELL_MIN)
        chosen: dict[str, Any] = {
            "language": self._one_of("lang", dict.fromkeys(LANGUAGES, True), self.language),
            "delimiter": DELIMITERS[self._one_of("delimiter", DELIMITERS, ",")],
            "mark": self._yes_or_no("bom", "1"),
            "hxl": self._yes_or_no("hxl", "0"),
            "consent": self._one_of("consent", CONSENTS, ANONYMISED_PUBLIC),
            "date_basis": self._one_of("date_basis", DATE_BASES, EVENT),
            "include_undated": self._yes_or_no("include_undated", "0"),
            **{name: self._codes(name, set(codes_that_leave(list_name))) for name, list_name in LISTS.items()},
            "admin1": self._codes("admin1", self._regions()),
            "cycles": self._cycles(),
        }
        reason = self.text("reason")[:REASON_LENGTH] or None
        if self.problems or not self.country or first is None:
            raise BadFilters(self.problems)
        found = Filters(
            self.country,
            first,
            last,
            profile=profile,
            verification=verification,
            session=session,
            k=k,
            cell_min=cell_min,
            reason=reason,
            **chosen,
        )
        if found.shows_more and reason is None:
            words = _("Say why: this pack shows more than usual. Your name and the reason are kept with it.")
            raise BadFilters([Problem("reason", "required", words)])
        return found

    # --- country and period

    def _country(self, text: str) -> str | None:
        found = alpha2(text) if text.isalpha() else None
        if found is None or found in NOT_COUNTRIES or found not in Locale("en").territories:
            words = _("“%(text)s” is not a country code; write two or three letters such as PE or PER.", text=text[:40])
            self.wrong("country", "unknown_country", words)
            return None
        return found

    def _period(self) -> tuple[int | None, date | None, date]:
        session = self._session()
        preset = preset_of(self.country, session, self.today) if self.country and session else None
        before = len(self.problems)
        last = self._day("to") or (preset.last if preset else self.today)
        first = self._day("from") or (preset.first if preset else None)
        if first is None and not self.text("from") and self.country:
            first = default_first(self.country, self.today)
        as_written = len(self.problems) == before  # a default in the place of what could not be read is nobody's wish
        if last > self.today:
            words = _("The last day is in the future; today is %(day)s.", day=date_words(self.today))
            self.wrong("to", "in_the_future", words)
        if first is None and self.country and not self.text("from"):
            words = _("Say from which day on: the deadlines of this country are not known here.")
            self.wrong("from", "required", words)
        if as_written and first is not None and first > last:
            self.wrong("from", "from_after_to", _("The first day is after the last one."))
        if session is None and self.country and as_written:
            session = session_of(self.country, first, last, self.today)
        return session, first, last

    def _session(self) -> int | None:
        text = self.text("session")
        if not text:
            return None
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        if self.country and preset_of(self.country, number, self.today) is None:
            words = _("Session “%(text)s” is not in the calendar of this country.", text=text[:40])
            self.wrong("session", "unknown_session", words)
            return None
        return number

    def _day(self, name: str) -> date | None:
        text = self.text(name)
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if WRITTEN_DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or day < EARLIEST:
            words = _("“%(text)s” is not a day; write it like 2022-07-15.", text=text[:40])
            self.wrong(name, "malformed", words)
            return None
        return day

    # --- choices

    def _regions(self) -> set[str]:
        return {code for code, _name in regions_with_codes(self.country)} if self.country else set()

    def _one_of(self, name: str, allowed: Mapping[str, object], default: str) -> str:
        text = self.text(name) or default
        if text in allowed:
            return text
        choices = "  ".join(allowed)
        words = _("“%(text)s” is not possible here; write one of: %(choices)s", text=text[:40], choices=choices)
        self.wrong(name, "unknown_choice", words)
        return next(iter(allowed))

    def _yes_or_no(self, name: str, default: str) -> bool:
        return YES_OR_NO[self._one_of(name, YES_OR_NO, default)]

    def _number(self, name: str, default: int) -> int:
        text = self.text(name)
        if not text:
            return default
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        if LEAST <= number <= MOST:
            return number
        words = _("Write a number from %(least)s to %(most)s.", least=LEAST, most=MOST)
        self.wrong(name, "out_of_range", words)
        return default

    def _codes(self, name: str, known: set[str]) -> tuple[str, ...]:
        given = self.texts(name)
        unknown = [code for code in given if code not in known]
        if unknown:
            words = _("Unknown codes: %(codes)s", codes="  ".join(code[:40] for code in unknown[:20]))
            self.wrong(name, "unknown_code", words)
        return tuple(sorted({code for code in given if code in known}))

    def _cycles(self) -> tuple[int, ...] | None:
        given = self.texts("recs")
        if not given:
            return None
        if given == [ALL]:
            return ()
        if all(len(text) == 1 and text in "123456789" for text in given):
            return tuple(sorted({int(text) for text in given}))
        words = _("Write “all” or the numbers of cycles, such as 3,4.")
        self.wrong("recs", "unknown_choice", words)
        return None


def codes_that_leave(list_name: str) -> list[str]:
    """The codes of a list as they leave the house, each once, in its order."""
    codes = [entry.upr for entry in entries(list_name).values()]
    return list(dict.fromkeys(code for code in codes if code and code != NEVER))
