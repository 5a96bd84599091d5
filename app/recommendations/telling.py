"""What a file tells of recommendations, whatever its kind: each one once, and why a row is none."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.db import alpha3, fold
from app.places.countries import country_named
from app.recommendations.calendar import cycle_of, review_in
from app.recommendations.models import DEFERRED, IN_PART, NOTED, SUPPORTED, UNKNOWN
from app.sheets import Line
from app.vocabulary.queries import entries

UPR_INFO, UHRI, MATRIX = "upr_info", "uhri", "matrix"

LAST_SESSION = 99
LONGEST_TEXT = 20_000

_PARAGRAPH = re.compile(r"(\d+\.\d+)[.:)]?\s*(\([a-z]\))?[.:]?\s*")
_NUMBER = re.compile(r"\d+")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LINE = re.compile(r"^\s*[-–•]\s+")


@dataclass
class Told:
    """One recommendation as a file tells it. Empty is not said."""

    row: int
    country: str
    session: int
    text: str
    position: str = UNKNOWN
    symbol: str | None = None
    paragraph: str | None = None
    text_language: str | None = "en"
    states: list[str] = field(default_factory=list)
    issues: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    affected_persons: list[str] = field(default_factory=list)
    sdgs: list[str] = field(default_factory=list)
    action_category: int | None = None
    position_source: str | None = None
    by_text: bool = False
    """Whether the file has neither symbol nor paragraph: then its words are what it is known by."""

    @property
    def text_folded(self) -> str | None:
        return folded_text(self.text) if self.by_text else None

    @property
    def cycle(self) -> int:
        return cycle_of(self.session)

    @property
    def reviewed_on(self) -> date | None:
        review = review_in(self.country, self.session)
        return review.reviewed_on if review else None

    @property
    def topics(self) -> list[str]:
        return topics_of([*self.issues, *(theme.rpartition("@")[0] for theme in self.themes)])


@dataclass
class Telling:
    """What was read of a file: *passed_over* says how many rows are none of ours, and why; *refused* which are bad."""

    kind: str
    told: list[Told] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    passed_over: dict[str, int] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def pass_over(self, why: str) -> None:
        self.passed_over[why] = self.passed_over.get(why, 0) + 1

    def refuse(self, row: int, sentence: str) -> None:
        self.refused.append((row, sentence))


class FileProblem(Exception):
    """A file from which nothing can be read; the message says why and what to do."""

    def __init__(self, sentence: str, *, is_too_large: bool = False) -> None:
        super().__init__(sentence)
        self.is_too_large = is_too_large


class RowProblem(Exception):
    """A row that cannot be taken in; the message says why."""


# --- cells ---------------------------------------------------------------------------------------


def folded_text(text: str) -> str:
    """By which the same words are known again, however they were typed."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def plain_text(cell: str) -> str:
    """Without HTML: tags of paragraphs and breaks part words."""
    return " ".join(html.unescape(_TAG.sub(" ", cell)).replace("\u00a0", " ").split())


def listed(cell: str) -> list[str]:
    """The values of a cell whose lines begin with a dash, or that holds one only."""
    lines = [plain_text(_LINE.sub("", line)) for line in cell.splitlines()]
    return list(dict.fromkeys(line for line in lines if line and line != "-"))


def with_paragraph(text: str) -> tuple[str | None, str]:
    """The paragraph number at the head of a text, and the text without it."""
    found = _PARAGRAPH.match(text)
    return (found[1] + (found[2] or ""), text[found.end() :].strip()) if found else (None, text)


def read_session(cell: str) -> int:
    """Raises RowProblem."""
    numbers = [int(number) for number in _NUMBER.findall(cell) if len(number) < 4]
    if len(numbers) >= 1 and 1 <= numbers[0] <= LAST_SESSION:
        return numbers[0]
    raise RowProblem(_("It names no session of the review (“%(words)s”).", words=cell[:60]))


def states_named(names: Sequence[str]) -> list[str]:
    """Alpha-3 codes. Raises RowProblem for a name that is none; «(Unknown)» is nobody."""
    found = []
    for name in names:
        if fold(name).strip("() ") in ("unknown", "desconocido", ""):
            continue
        code = country_named(name)
        if code is None:
            raise RowProblem(_("“%(name)s” is no State that we know.", name=name[:60]))
        found.append(alpha3(code))
    return sorted(set(found))


POSITIONS = {
    "accepted": SUPPORTED, "supported": SUPPORTED, "aceptada": SUPPORTED, "apoyada": SUPPORTED, "aceptado": SUPPORTED,
    "noted": NOTED, "rejected": NOTED, "tomada nota": NOTED, "anotada": NOTED, "not supported": NOTED,
    "supported noted": IN_PART, "partially supported": IN_PART, "supported in part": IN_PART,
    "supported partially noted": IN_PART, "partially accepted": IN_PART,
    "deferred": DEFERRED, "pending": DEFERRED, "general response": DEFERRED, "no response": DEFERRED,
    "": UNKNOWN, "unknown": UNKNOWN, "no clear position": UNKNOWN, "n a": UNKNOWN,
}  # fmt: skip


def read_position(cell: str) -> str:
    """Raises RowProblem."""
    found = POSITIONS.get(folded_text(cell))
    if found is None:
        raise RowProblem(_("“%(words)s” is no position that we know.", words=cell[:60]))
    return found


def topics_of(words: Sequence[str]) -> list[str]:
    """The codes of our topics for which issues of UPR Info or themes of the United Nations stand."""
    said = {folded_text(one) for one in words}
    return [
        entry.code
        for entry in entries("upr_topics").values()
        if said & {folded_text(issue) for issue in entry.extra.get("issues", "").split("|") if issue}
    ]


# --- columns -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """The rows of a file under the columns that we know; *unknown* are other headings."""

    rows: list[tuple[int, dict[str, str]]]
    columns: frozenset[str]
    unknown: list[str]


LOOKED_AT = 40
"""So many lines from the top may hold the headings."""


def table_of(lines: Sequence[Line], known: dict[str, str], needed: frozenset[str]) -> Table | None:
    """*known*: folded heading → column. None where no line holds all the headings that are *needed*."""
    for place, (_number, cells) in enumerate(lines[:LOOKED_AT]):
        columns = [known.get(folded_text(cell)) for cell in cells]
        if needed <= {column for column in columns if column}:
            unknown = [cell for cell, column in zip(cells, columns, strict=True) if cell and column is None]
            rows = [(number, _by_column(columns, row)) for number, row in lines[place + 1 :]]
            return Table(rows, frozenset(column for column in columns if column), unknown)
    return None


def _by_column(columns: Sequence[str | None], row: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and cell:
            found.setdefault(column, cell)
    return found


def gather(told: Sequence[Told]) -> list[Told]:
    """Each recommendation once, with the States of all its rows."""
    found: dict[Any, Told] = {}
    for one in told:
        key = (one.session, one.symbol, one.paragraph, one.text_folded if one.by_text else None)
        first = found.setdefault(key, one)
        if first is one:
            continue
        for name in ("states", "issues", "themes", "affected_persons", "sdgs"):
            setattr(first, name, list(dict.fromkeys([*getattr(first, name), *getattr(one, name)])))
        if {first.position, one.position} > {UNKNOWN}:
            first.position = one.position if first.position == UNKNOWN else first.position
        elif first.position != one.position:
            first.position = IN_PART
    return list(found.values())
