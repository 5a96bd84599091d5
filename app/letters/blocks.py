"""The parts of a letter, before they become a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flask_babel import gettext as _

from app import i18n
from app.dates import UncertainDate
from app.vocabulary.queries import label
from app.word_files import Text


def gap(words: str) -> str:
    """What somebody has yet to write."""
    return f"[{words}]"


def paragraphs(text: str | None, when_none: str | None) -> Iterator[Text]:
    """Each line a paragraph of its own; *when_none* where there is nothing to say."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    if not lines and when_none:
        lines = [when_none]
    for line in lines:
        yield Text(line)


def day_words(day: UncertainDate) -> str:
    """What is known of a day; left open where that is nothing."""
    if not (day.earliest or day.latest or day.text):
        return gap(_("date"))
    return i18n.uncertain_date_words(day)


def others(least: int, most: int | None = None) -> str:
    """Those who are counted and not named."""
    if least == 1 and most in (None, 1):
        return _("another person")
    return _("other persons: %(count)s", count=i18n.count_range(least or None, most))


def labels_of(list_name: str, codes: Collection[str]) -> str:
    return ", ".join(words for code in codes if (words := label(list_name, code)))


def translate_note(language: str | None, text: str | None) -> str:
    """Said where a text was written in another language than the letter's."""
    if not text or language in (None, i18n.language()):
        return ""
    return gap(_("to be translated"))
