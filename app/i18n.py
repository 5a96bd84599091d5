"""Spanish and English: which one, the words of both, and how days, moments and counts are written."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel, Domain, get_locale
from flask_babel import gettext as _

from app import dates
from app.dates import UncertainDate

LANGUAGES = {"es": "Español", "en": "English"}
TRANSLATIONS = Path(__file__).parent / "translations"


@lru_cache
def catalogue(language: str) -> Translations:
    """All words of a language, read straight from the .po files: one a room."""
    merged = Translations()
    for path in sorted((TRANSLATIONS / language).glob("*.po")):
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        compiled.seek(0)
        found = Translations(compiled)
        merged = found if not getattr(merged, "_catalog", None) else merged.merge(found)
    return merged


class Words(Domain):
    """Flask-Babel's domain, fed by `catalogue`; msgids are English."""

    def get_translations(self) -> Any:
        return catalogue(language())


class Speech(Babel):
    """Flask-Babel with our own words; its option takes only the name of a domain."""

    @cached_property
    def domain_instance(self) -> Words:
        return Words()


def chosen_language() -> str:
    """The signed-in user's choice, else the one made on the sign-in page, else the browser's, else the setting."""
    if forced := g.get("language"):
        return str(forced)
    if has_request_context():
        user = getattr(g, "_login_user", None)
        if user is not None and user.is_authenticated:
            return str(user.language)
        if (kept := session.get("language")) in LANGUAGES:
            return str(kept)
        if match := request.accept_languages.best_match(list(LANGUAGES)):
            return str(match)
    return str(current_app.config["SETTINGS"].language)


def language() -> str:
    """'es' or 'en', now."""
    locale = get_locale()
    return str(locale.language) if locale is not None else "en"


def _locale() -> Locale:
    return Locale("es", "PE") if language() == "es" else Locale("en", "GB")


def init_app(app: Flask) -> None:
    Speech(
        app,
        locale_selector=chosen_language,
        timezone_selector=lambda: app.config["SETTINGS"].timezone,
    )
    app.jinja_env.filters.update(
        date_words=date_words,
        uncertain_date=uncertain_date_words,
        moment=moment_words,
        count_range=count_range,
        weekday_words=weekday_words,
    )


def date_words(day: date | None) -> str:
    """27 abr 2022; empty for none."""
    if day is None:
        return ""
    return format_date(day, "d MMM y", locale=_locale()).replace(".", "")


def letter_date_words(day: date) -> str:
    """27 de abril de 2022: as a letter is dated."""
    return format_date(day, "long", locale=_locale())


def long_date_words(day: date) -> str:
    return format_date(day, "full", locale=_locale())


def weekday_words(day: date, long: bool = False) -> str:
    """«mié», «miércoles»."""
    return format_date(day, "EEEE" if long else "EEE", locale=_locale())


def month_words(day: date) -> str:
    """«Mayo de 2026», «May 2026»."""
    words = format_date(day, "LLLL 'de' y" if language() == "es" else "LLLL y", locale=_locale())
    return words[0].upper() + words[1:]


def moment_words(moment: datetime | None) -> str:
    """A moment in the installation's time zone, to the minute."""
    if moment is None:
        return ""
    return format_datetime(moment.astimezone(dates.zone()), "d MMM y HH:mm", locale=_locale()).replace(".", "")


def uncertain_date_words(value: UncertainDate | None) -> str:
    """What is known of a day and no more: «27 abr 2022», «abr 2011», «2012», «entre 2010 y 2014», «no consta».

    Where no precision says it, the words of the source stand behind it; in quotes, for they keep their own language.
    """
    if value is None or not (value.earliest or value.latest):
        return _("“%(words)s”", words=value.text) if value and value.text else _("not on record")
    if value.precision == dates.UNKNOWN and value.text:
        return _("%(date)s (“%(words)s”)", date=_interval_words(value), words=value.text)
    return _interval_words(value)


def _interval_words(value: UncertainDate) -> str:
    first, last = value.earliest, value.latest
    if value.precision == dates.DAY and first:
        return date_words(first)
    if value.precision == dates.MONTH and first:
        return format_date(first, "MMM y", locale=_locale()).replace(".", "")
    if value.precision == dates.YEAR and first:
        return str(first.year)
    if first and last and (first.year, first.month) == (last.year, last.month):
        return _("%(first)s to %(last)s", first=first.day, last=date_words(last))
    if first and last:
        return _("%(first)s to %(last)s", first=_end_words(first, first=True), last=_end_words(last, first=False))
    if first:
        return _("from %(day)s", day=date_words(first))
    assert last is not None
    if value.precision == dates.UNKNOWN:
        return _("by %(day)s", day=date_words(last))
    return _("until %(day)s", day=date_words(last))


def _end_words(day: date, *, first: bool) -> str:
    whole_year = (day.month, day.day) == ((1, 1) if first else (12, 31))
    return str(day.year) if whole_year else date_words(day)


def list_words(words: Iterable[str]) -> str:
    """«uno, dos y tres»."""
    return str(format_list(list(words), locale=_locale()))


def number_words(number: int) -> str:
    """50,000 as one reads it."""
    return format_decimal(number, locale=_locale())


def size_words(number: int) -> str:
    """10 MB; smaller ones in KB or bytes."""
    for unit, words in ((1024 * 1024, "MB"), (1024, "KB")):
        if number >= unit:
            return f"{round(number / unit, 1):g} {words}"
    return f"{number} B"


def count_range(least: int | None, most: int | None = None) -> str:
    """«3», «3 to 5», «at least 3», «not on record» — never a zero for what is unknown."""
    if least is None and most is None:
        return _("not on record")
    if least is None:
        return _("at most %(number)s", number=most)
    if most is None or most == least:
        return str(least)
    return _("%(least)s to %(most)s", least=least, most=most)
