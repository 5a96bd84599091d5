"""Where the table lies in a sheet: titles above it, its headings, tags, repeated headings, totals and notes below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.db import fold
from app.sheets import Grid, Line, SheetProblem

LOOKED_AT = 40
"""So many lines from the top may hold the headings."""
LONGEST_HEADING = 200

TOTAL = "total"
TOO_LONG, TOO_SHORT = "too_long", "too_short"

_TAG = re.compile(r"#[a-z][a-z0-9_]*(?:\s*\+\s*[a-z][a-z0-9_]*)*", re.IGNORECASE)
"""A tag of the Humanitarian Exchange Language."""
_NO_WORDS = re.compile(r"[-+]?[\d.,/:% ]+|\d{4}-\d{2}-\d{2}.*")
_TOTALS = re.compile(
    r"(?:sub\s?total|total|totales|suma|sumas|gran total|grand total|total general)\b[ :.]*(?:\(.*\))?"
)
_OF_A_NOTE = re.compile(
    r"(?:fuentes?|notas?|elaboracion|elaborado|leyenda|observacion(?:es)?|actualizado|nd|n/d|"
    r"sources?|notes?|prepared|legend|updated|last update)\b\s*[:.=(]|\(?\*|[¹²³]|\(\d\)|\d\)|\d/"
)


@dataclass(frozen=True)
class Sheet:
    """A table as text: the headings, and the rows with their number in the file (the first line is row 1)."""

    name: str
    header: list[str]
    rows: list[Line]
    grid: Grid
    broken: dict[int, str] = field(default_factory=dict)
    """Rows that are not rows of the table, or not whole: number → TOTAL, TOO_LONG, TOO_SHORT."""
    header_rows: tuple[int, ...] = ()
    above: tuple[Line, ...] = ()
    """Titles over the table."""
    below: tuple[Line, ...] = ()
    """Notes under it."""
    tags: dict[str, str] = field(default_factory=dict)
    """Heading → what a line of tags says of the column."""
    repeated: tuple[int, ...] = ()
    """Lines that say the headings once more."""
    unnamed: tuple[str, ...] = ()
    """Columns that have cells and no heading; they are called by their letter."""
    doubled: tuple[str, ...] = ()
    """Headings that stand several times; the further ones have a number behind them."""
    filled_down: tuple[str, ...] = ()
    """Columns in which one cell reaches over several rows."""
    remarks: tuple[str, ...] = ()
    """Sentences about the file, where it was not a plain table."""

    @property
    def sheet_name(self) -> str:
        return self.grid.sheet


def lay_out(grid: Grid, header_row: int | None = None) -> Sheet:
    """Find the table. *header_row*: the line that somebody said holds the headings.

    Raises SheetProblem: empty, no_rows, no_such_row.
    """
    lines = grid.lines
    if not lines:
        raise SheetProblem("empty")
    width = max(len(cells) for _number, cells in lines)
    lines = [(number, cells + [""] * (width - len(cells))) for number, cells in lines]
    lengths = {number: len(cells) for number, cells in grid.lines}
    first, last = _header_lines(lines, grid, header_row)
    tops, body = lines[first : last + 1], lines[last + 1 :]
    tagged, body = _tag_line(body)
    if not tagged and last > first and (tagged := _as_tags(tops[-1])):
        tops = tops[:-1]
    filled, names = _filled_down(body, grid)
    body = filled
    repeated = tuple(number for number, cells in body if cells == tops[-1][1])
    body = [line for line in body if line[0] not in repeated]
    body, below = _without_notes(body)
    if not body:
        raise SheetProblem("no_rows")
    named = _headings(tops, grid)
    kept = [at for at in range(width) if named[at] or any(cells[at] for _number, cells in body)]
    broken = _broken(body, lengths, named, grid)
    header, unnamed, doubled = _told_apart([named[at] for at in kept], kept)
    return Sheet(
        name=grid.name,
        header=header,
        rows=[(number, [cells[at] for at in kept]) for number, cells in body],
        grid=replace(grid, lines=[]),
        broken=broken,
        header_rows=tuple(number for number, _cells in tops),
        above=tuple(lines[:first]),
        below=tuple(below),
        tags={header[place]: tagged[1][at] for place, at in enumerate(kept) if tagged and tagged[1][at]},
        repeated=repeated,
        unnamed=unnamed,
        doubled=doubled,
        filled_down=tuple(header[kept.index(at)] for at in names if at in kept),
    )


# --- headings ------------------------------------------------------------------------------------


def _header_lines(lines: Sequence[Line], grid: Grid, said: int | None) -> tuple[int, int]:
    """The first and the last line of the headings, as places in *lines*."""
    if said is not None:
        place = next((place for place, (number, _cells) in enumerate(lines) if number == said), None)
        if place is None:
            raise SheetProblem("no_such_row", row=said)
        return place, place
    usual = _usual_width(lines)
    for place, (_number, cells) in enumerate(lines[:LOOKED_AT]):
        if _filled(cells) >= max(2, 0.5 * usual) and _is_of_headings(cells):
            if _reaches_over(lines, place, grid):
                return place, place + 1
            if place and _spans(lines[place - 1], grid, cells):
                return place - 1, place
            return place, place
    # A table of one column, or one whose headings look like anything else: its first line.
    return 0, 0


def _usual_width(lines: Sequence[Line]) -> int:
    """How many cells most lines fill, the titles above and notes below apart."""
    widths = Counter(_filled(cells) for _number, cells in lines[: LOOKED_AT * 10])
    return max(widths, key=lambda width: (widths[width] * width, width))


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell)


def _is_of_headings(cells: Sequence[str]) -> bool:
    """Words, not numbers or days, and no two the same for the most part."""
    said = [cell for cell in cells if cell]
    return _is_in_words(cells) and len({fold(cell) for cell in said}) >= 0.6 * len(said)


def _is_in_words(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if cell]
    in_words = [cell for cell in said if not _NO_WORDS.fullmatch(cell) or re.fullmatch(r"(?:19|20)\d\d", cell)]
    return len(in_words) >= 0.8 * len(said) > 0


def _reaches_over(lines: Sequence[Line], place: int, grid: Grid) -> bool:
    """Whether this line groups the headings of the next: its gaps are filled there, by words."""
    if place + 1 >= len(lines):
        return False
    number, cells = lines[place]
    below = lines[place + 1][1]
    if not _is_in_words(below) or _as_tags(lines[place + 1]):
        return False
    if any(top == number and right > left for top, left, _bottom, right in grid.merged):
        return True
    last = max(at for at, cell in enumerate(below) if cell)
    gaps = [at for at, cell in enumerate(cells[: last + 1]) if not cell and any(cells[:at])]
    # One gap alone is a column that nobody named.
    groups = sum(at - 1 not in gaps for at in gaps)
    return groups > 1 and all(below[at] for at in gaps)


def _spans(above: Line, grid: Grid, cells: Sequence[str]) -> bool:
    """Whether a sparse line above groups the headings: several words, each over columns that have one below."""
    number, tops = above
    if _filled(tops) < 2 or not _is_of_headings(tops):
        return False
    if any(top == number and right > left for top, left, _bottom, right in grid.merged):
        return True
    return all(cells[at] for at, cell in enumerate(tops) if cell) and _filled(tops) < _filled(cells)


def _headings(tops: Sequence[Line], grid: Grid) -> list[str]:
    """One heading a column. A lower one is enough where no other column has it; else the upper one goes before it."""
    tops = [(number, [" ".join(cell.split())[:LONGEST_HEADING] for cell in cells]) for number, cells in tops]
    if len(tops) == 1:
        return tops[0][1]
    (number, upper), (_number, lower) = tops[0], tops[-1]
    reaching = _reaching(number, upper, grid)
    often = Counter(fold(cell) for cell in lower if cell)
    return [
        below if below and (often[fold(below)] == 1 or not above) else f"{above} {below}".strip()
        for above, below in zip(reaching, lower, strict=True)
    ]


def _reaching(number: int, upper: Sequence[str], grid: Grid) -> list[str]:
    """The upper headings, each over all the columns that it groups."""
    merged = {left: right for top, left, _bottom, right in grid.merged if top == number}
    found, current, until = [], "", 0
    for at, cell in enumerate(upper, start=1):
        if cell:
            current, until = cell, merged.get(at, at if grid.merged else len(upper))
        found.append(current if at <= until else "")
    return found


def _told_apart(named: Sequence[str], places: Sequence[int]) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    """Every heading once: a column without one is called by its letter, a second one by its number."""
    header: list[str] = []
    unnamed, doubled = [], []
    taken: set[str] = set()
    for name, place in zip(named, places, strict=True):
        heading = name or _letter(place)
        often = 1
        while heading.casefold() in taken:
            often += 1
            heading = f"{name or _letter(place)} ({often})"
        taken.add(heading.casefold())
        header.append(heading)
        if not name:
            unnamed.append(heading)
        elif often > 1:
            doubled.append(heading)
    return header, tuple(unnamed), tuple(doubled)


def _letter(place: int) -> str:
    """As spreadsheets call the column: A, B … Z, AA."""
    letters, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"[{letters}]"


def _tag_line(body: list[Line]) -> tuple[Line | None, list[Line]]:
    return (body[0], body[1:]) if body and _as_tags(body[0]) else (None, body)


def _as_tags(line: Line) -> Line | None:
    said = [cell for cell in line[1] if cell]
    return line if said and sum(bool(_TAG.fullmatch(cell)) for cell in said) >= 0.6 * len(said) else None


# --- rows ----------------------------------------------------------------------------------------


def _filled_down(body: list[Line], grid: Grid) -> tuple[list[Line], list[int]]:
    """A cell that reaches over several rows says the same of each of them."""
    over = [one for one in grid.merged if one[2] > one[0]]
    if not over:
        return body, []
    by_number = {number: cells for number, cells in body}
    columns: list[int] = []
    for top, left, bottom, right in over:
        if top not in by_number:
            continue
        for at in range(left - 1, min(right, len(by_number[top]))):
            said = by_number[top][left - 1]
            for number in range(top + 1, bottom + 1):
                if said and at == left - 1 and number in by_number:
                    by_number[number][at] = by_number[number][at] or said
                    columns.append(at)
    return [(number, by_number[number]) for number, _cells in body], list(dict.fromkeys(columns))


def _without_notes(body: list[Line]) -> tuple[list[Line], list[Line]]:
    """The rows, and the lines at the end that say something about the table and are none of its rows."""
    end = len(body)
    usual = _usual_width(body) if body else 0
    while end and _is_note(body[end - 1], usual, body[end - 2][0] if end > 1 else 0):
        end -= 1
    return body[:end], body[end:]


def _is_note(line: Line, usual: int, before: int) -> bool:
    number, cells = line
    said = [cell for cell in cells if cell]
    if not said or len(said) > max(1, usual // 4) or usual < 3:
        return False
    apart = number > before + 1
    return bool(_OF_A_NOTE.match(fold(said[0])) or _OF_A_NOTE.match(said[0])) or (apart and len(said) == 1)


def _broken(body: Sequence[Line], lengths: dict[int, int], named: Sequence[str], grid: Grid) -> dict[int, str]:
    """Rows that are none: totals, and lines of a text file with more or fewer cells than there are headings."""
    found = {}
    width = max((at for at, name in enumerate(named, start=1) if name), default=len(named))
    short = {number for number, _cells in body if lengths[number] < width}
    shortened = len(short) > 0.05 * len(body) and not any(
        lengths[number] == width and not cells[width - 1] for number, cells in body
    )
    for number, cells in body:
        said = [cell for cell in cells if cell]
        if _TOTALS.fullmatch(fold(said[0])) and any(_NO_WORDS.fullmatch(cell) for cell in said[1:]):
            found[number] = TOTAL
        elif grid.pads and any(cells[width:]):
            found[number] = TOO_LONG
        elif grid.pads and number in short and not shortened:
            found[number] = TOO_SHORT
    return found
