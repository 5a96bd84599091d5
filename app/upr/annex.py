"""The annex for a submission: paragraphs with real numbers and counted statements, and the tables behind them.

OHCHR quotes submissions by paragraph, and takes a Word document with a word limit, not tables. What a person has to
write stands in square brackets; what the records say stands there with its number and its references.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.dates import day_of
from app.i18n import LANGUAGES, letter_date_words
from app.places.countries import country_words
from app.upr import annex_text
from app.upr.annex_words import code_words
from app.upr.columns import Column
from app.upr.cover import JOINT, Cover
from app.upr.survey import Survey
from app.upr.tables import SUM_TABLES, cell
from app.word_files import NUMBERED, Facts, Look, Section, Table, Text, word_count, word_file

ANNEX_LANGUAGES = tuple(LANGUAGES)
LETTERS = "ABCDEFGHIJ"
"""Of the annexes: the tables t01 to t10."""
WIDE_FROM = 7
"""A table with so many columns lies on its side."""
FACE, SIZE = "Times New Roman", 12
NOT_TOLD = frozenset({"suppressed", "note"})
AMBER = 0.9
"""From this part of the limit on the meter warns."""


def annex_name(language: str) -> str:
    return f"annex_{language}.docx"


def annex_file(survey: Survey, cover: Cover, language: str, pack_id: str, made_at: datetime) -> bytes:
    with force_locale(language):
        internal = _("INTERNAL: not for publication") if survey.filters.is_internal else None
        look = Look(face=FACE, size=SIZE, header=internal, page_words=_("Page"))
        sections = [_cover(survey, cover, pack_id, made_at), *_body(survey, pack_id), *_annexes(survey)]
        return word_file(_title(survey), sections, language, look)


def annex_words(survey: Survey, cover: Cover, language: str) -> int:
    """Words of the main text as Word counts them: titles and paragraphs; not the cover and not the tables."""
    with force_locale(language):
        return sum(len((one.title or "").split()) + word_count(one.blocks) for one in _body(survey, ""))


@dataclass(frozen=True)
class Meter:
    """How much of the limit is used; it warns and never stops."""

    language: str
    words: int
    limit: int

    @property
    def level(self) -> str:
        if self.words > self.limit:
            return "over"
        return "near" if self.words >= self.limit * AMBER else "within"


def meters(survey: Survey, cover: Cover) -> list[Meter]:
    return [Meter(language, annex_words(survey, cover, language), cover.limit) for language in ANNEX_LANGUAGES]


# --- the parts -----------------------------------------------------------------------------------


def _title(survey: Survey) -> str:
    return _(
        "Submission to the Universal Periodic Review: human rights defenders in %(country)s",
        country=country_words(survey.filters.country),
    )


def _cover(survey: Survey, cover: Cover, pack_id: str, made_at: datetime) -> Section:
    filters = survey.filters
    blank = annex_text.to_complete
    pairs = [
        (_("Country"), country_words(filters.country)),
        (_("Session of the Working Group"), str(filters.session or "") or blank(_("session"))),
        (_("Type of submission"), _("joint") if cover.kind == JOINT else _("individual")),
        (_("Submitted by"), "; ".join(cover.lines) or blank(_("name, acronym, city"))),
        (_("Contact"), cover.contact or blank(_("contact person"))),
        (_("Description"), cover.description or blank(_("one line on each organisation"))),
        (_("Key words"), cover.key_words or blank(_("key words"))),
        (_("Date"), letter_date_words(day_of(made_at))),
        (_("Data pack"), pack_id),
    ]
    return Section(None, [Facts(pairs)])


def _body(survey: Survey, pack_id: str) -> list[Section]:
    """The main text; its paragraphs are numbered from beginning to end."""
    if survey.is_empty and not survey.sums.incidents and not survey.recommendations:
        return [Section(None, [Text(_("No records match these filters."), NUMBERED)], on_new_page=True)]
    parts = annex_text.parts(survey, pack_id[:8])
    return [
        Section(f"{number}. {title}", [Text(words, NUMBERED) for words in texts], on_new_page=number == 1)
        for number, (title, texts) in enumerate(parts, 1)
    ]


def _annexes(survey: Survey) -> Iterator[Section]:
    tables = survey.sums.tables()
    for letter, table in zip(LETTERS, SUM_TABLES, strict=False):
        columns = [column for column in table.columns if column.name not in NOT_TOLD]
        rows = tables[table.name]
        blocks: list[Any] = [_table(columns, rows)] if rows else [Text(_("No rows."))]
        if any(row.get("note") for row in rows):
            blocks.append(Text(_("A record with several values stands in several rows: the table has no total.")))
        if any(row["suppressed"] for row in rows):
            least = survey.filters.cell_min
            blocks.append(Text(_("–: fewer than %(number)s, or held back beside such a cell.", number=least)))
        title = _("Annex %(letter)s. %(title)s", letter=letter, title=annex_text.table_title(table.name))
        yield Section(title, blocks, is_wide=len(columns) >= WIDE_FROM, on_new_page=letter == LETTERS[0])


def _table(columns: list[Column], rows: list[dict[str, Any]]) -> Table:
    return Table(
        [column.label for column in columns],
        [[_cell_words(column, row) for column in columns] for row in rows],
    )


def _cell_words(column: Column, row: dict[str, Any]) -> str:
    value = row.get(column.name)
    if value is None:
        return "–" if row["suppressed"] and column.name in ("n", "n_persons") else _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return code_words(column.code_list, str(value)) if column.code_list else cell(value)
