"""A row of a sheet, read as the facts of one record. Nothing is asked of the database but code lists and places."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from app.db import fold
from app.imports.cells import SYNONYMS, read_cell, translated
from app.imports.columns import Bringer, Columns, hides
from app.imports.days import DATE_KINDS, order_of
from app.imports.layout import Sheet
from app.imports.maps import KEEP
from app.imports.problems import CellProblem
from app.imports.sheet_words import broken_words


@dataclass
class Row:
    """A row with its facts by the names of the fields, what hinders it, and what is worth knowing about it."""

    number: int
    cells: list[str]
    external_id: str = ""
    reference: str | None = None
    """Of the record that the row was written from, where Amparo wrote it."""
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    wrong: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of problems that are those of a cell: the column, and the cell as far as it may be repeated."""
    doubles: list[str] = field(default_factory=list)
    """What the row may tell again, in words."""
    is_victim: bool = False
    """Whether the row stands for one of the victims of an incident."""
    further: list[Row] = field(default_factory=list)
    """Rows that bring further victims of the same incident."""

    @property
    def numbers(self) -> list[int]:
        """All the rows of the sheet that are this record."""
        return list(dict.fromkeys([self.number, *(row.number for row in self.further)]))


def in_their_order(sheet: Sheet, columns: Columns) -> tuple[Columns, list[str]]:
    """The columns with the order in which each writes its days, and sentences that say so."""
    sentences: list[str] = []

    def ordered(bringer: Bringer) -> Bringer:
        if bringer.field.kind not in DATE_KINDS or not bringer.indexes or bringer.way.formats:
            return bringer
        order = order_of((number, _text_of(cells, bringer)) for number, cells in sheet.rows)
        if order is None:
            return bringer
        if order.example or order.which is None:
            sentences.append(order.words(bringer.headings[0]))
        return replace(bringer, way=replace(bringer.way, formats=order.formats))

    return replace(columns, bringers=tuple(map(ordered, columns.bringers))), sentences


def read_rows(sheet: Sheet, columns: Columns, language: str) -> Iterator[Row]:
    """Every row of the sheet; *language* is that of texts which do not say theirs."""
    read = _cell_reader(columns)
    settle = columns.kind.settler(columns, language)
    seen: Counter[str] = Counter()
    for number, cells in sheet.rows:
        row = Row(number, cells)
        if number in sheet.broken:
            row.external_id = _digest(cells, columns, seen)
            row.problems.append(broken_words(sheet.broken[number]))
            yield row
            continue
        for bringer in columns.bringers:
            read(row, bringer)
        row.reference = (row.facts.pop("reference", None) or "").upper() or None
        row.external_id = row.facts.pop("external_id", None) or row.reference or _digest(cells, columns, seen)
        settle(row)
        yield row


def _cell_reader(columns: Columns) -> Callable[[Row, Bringer], None]:
    """Reads each different cell once: columns repeat themselves."""
    known: dict[tuple[str, str], Any] = {}
    hidden = {one.field.name: hides(one, columns) for one in columns.bringers}

    def read(row: Row, bringer: Bringer) -> None:
        name, way = bringer.field.name, bringer.way
        if way.template is not None:
            return
        if way.columns and bringer.field.kind == "long_text" and not way.ticked:
            row.facts[name] = _in_words(row, bringer)
            return
        text = _text_of(row.cells, bringer)
        if text in bringer.blanks:
            return
        key = (name, text)
        if key not in known:
            try:
                # Of ticked columns the headings were looked up in the table of values already.
                read_as = replace(way, values={}, other=KEEP) if way.ticked else way
                known[key] = read_cell(text, bringer.field, read_as, columns.kind)
            except CellProblem as problem:
                known[key] = problem
        value = known[key]
        if isinstance(value, CellProblem):
            shown = "" if hidden[name] else text
            words = about_cell(bringer, shown, str(value))
            row.problems.append(words)
            row.wrong[words] = (", ".join(bringer.headings) or name, shown)
        elif value is not None:
            row.facts[name] = value

    return read


def _text_of(row: list[str], bringer: Bringer) -> str:
    """What the columns of a field say together, as one cell would."""
    way = bringer.way
    if not bringer.indexes:
        return way.constant or ""
    if way.ticked:
        said = zip(bringer.headings, bringer.indexes, strict=True)
        ticked = [heading for heading, index in said if fold(row[index]) in TICKS]
        return "|".join(word.replace("|", "\\|") for heading in ticked for word in translated(heading, way))
    cells = [_behind(way.after, row[index]) for index in bringer.indexes]
    return cells[0] if len(cells) == 1 else way.join.join(text for text in cells if text and text not in bringer.blanks)


def _behind(sign: str | None, text: str) -> str:
    return text if not sign or sign not in text else text.partition(sign)[2].strip()


TICKS = frozenset(word for word, answer in SYNONYMS["yes_no_unknown"].items() if answer == "YES") | {"✓", "✔", "☑"}


def _in_words(row: Row, bringer: Bringer) -> str | None:
    """Several columns kept as they are: «heading: cell», one a line."""
    told = [
        f"{heading}: {text}"
        for heading, index in zip(bringer.headings, bringer.indexes, strict=True)
        if (text := row.cells[index]) and text not in bringer.blanks
    ]
    return "\n".join(told) or None


def about_cell(bringer: Bringer, text: str, what: str) -> str:
    """What is wrong with a cell, with its column and value."""
    where = bringer.headings[0] if bringer.headings else bringer.field.name
    if not text:
        return _("Column “%(column)s”: the value %(what)s.", column=where, what=what)
    shown = text if len(text) <= 60 else text[:60] + "…"
    return _("Column “%(column)s”: “%(value)s” %(what)s.", column=where, value=shown, what=what)


def _digest(cells: list[str], columns: Columns, seen: Counter[str]) -> str:
    """The number of a row that has none: what its cells say, and which one of several equal rows it is."""
    content = "\x1f".join(cells[index] for index in columns.counted)
    digest = hashlib.sha256(content.encode()).hexdigest()[:32]
    seen[digest] += 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
