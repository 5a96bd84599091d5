"""Tables out: CSV that is safe in a spreadsheet, workbooks, and JSON; all line by line."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import IO, Any

import xlsxwriter
from flask import Response, stream_with_context

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else

_FORMULA_SIGNS = frozenset("=+-@\t\r\n|%＝＋－＠")
_BLANK = " \u00a0\u200b\u2007\u202f\ufeff"
_TO_LOOK_AT = _FORMULA_SIGNS | frozenset(_BLANK + "'")
_HARMLESS = frozenset({int, float, type(None)})


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe in front."""
    kind = type(value)
    if kind is not str:
        if value is None:
            return ""
        if kind is bool:
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return value
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, list | tuple | set | frozenset):
            value = _in_one_cell(value)
    text = str(value)
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text[:1] not in _TO_LOOK_AT or text.isspace():
        return text
    bare = text.lstrip(_BLANK)
    if text[0] in _FORMULA_SIGNS or (bare and bare[0] in _FORMULA_SIGNS) or text.startswith("'"):
        return "'" + text
    return text


BAR_WITHIN = "\\|"


def _in_one_cell(values: Iterable[Any]) -> str:
    """Several values with bars between them, for a cell holds one text."""
    return "|".join([_barred("" if value is None else str(value)) for value in values])


def _barred(text: str) -> str:
    """A bar inside a value must not be taken for the one between two, nor that one for a bar within."""
    written = text.replace("|", BAR_WITHIN) if "|" in text else text
    return written + " " if written.endswith("\\") else written


def unguarded_cell(text: str) -> str:
    """What a cell said before `safe_cell` guarded it."""
    bare = text[1:].lstrip(_BLANK)
    if text.startswith("'") and bare and (text[1] in _FORMULA_SIGNS or bare[0] in _FORMULA_SIGNS or text[1] == "'"):
        return text[1:]
    return text


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[Any]], *, delimiter: str = ",", mark: bool = True
) -> Iterator[str]:
    """The text of a CSV file (RFC 4180), some lines at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    if mark:
        buffer.write(BYTE_ORDER_MARK)
    writer.writerow(header)
    for row in rows:
        # What needs no guarding is told here, without a call: a long file has a hundred cells a row.
        writer.writerow(
            [
                value
                if (kind := type(value)) in _HARMLESS
                or (kind is str and value[:1] not in _TO_LOOK_AT and "\x00" not in value)
                else safe_cell(value)
                for value in row
            ]
        )
        if buffer.tell() > 32_768:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A CSV download that streams. The audit entry must be committed before the first line is drawn from *rows*.

    The lines are drawn after the view has ended, still in its request: what *rows* asks for then, it asks anew.
    """
    return Response(
        stream_with_context(text.encode() for text in csv_lines(header, rows)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "X-Accel-Buffering": "no"},
    )


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LOOKED_AT = 200
"""So many lines say how wide the columns are."""
_NARROWEST, _WIDEST = 8, 60
_LONGEST_CELL = 32_767
_NOT_IN_WORKBOOKS = dict.fromkeys((0, 0xFFFE, 0xFFFF))
"""What is no character, and what their XML has no way to write."""


_MOST_LINES = 1_048_575
"""So many lines a sheet holds below its head."""


class TooManyLines(Exception):
    """More than a workbook holds."""


def write_workbook(file: IO[bytes], header: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    """Text is text and never a formula; days are text too, as ISO writes them. Raises TooManyLines."""
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = workbook.add_worksheet()
    bold = workbook.add_format({"bold": True})
    lines = iter(lines)
    first = [[_workbook_cell(value) for value in line] for line in itertools.islice(lines, _LOOKED_AT)]
    for column, words in enumerate(header):
        longest = max((len(str(line[column])) for line in first), default=0)
        sheet.set_column(column, column, min(max(_NARROWEST, len(words) + 2, longest + 1), _WIDEST))
        sheet.write_string(0, column, words, bold)
    sheet.freeze_panes(1, 0)
    rest = ([_workbook_cell(value) for value in line] for line in lines)
    for row, line in enumerate(itertools.chain(first, rest), start=1):
        if row > _MOST_LINES:
            raise TooManyLines
        for column, value in enumerate(line):
            if isinstance(value, str):
                if value:
                    sheet.write_string(row, column, value)
            else:
                sheet.write_number(row, column, value)
    workbook.close()


def _workbook_cell(value: Any) -> str | int | float:
    """Text as it stands: no guard is needed where a cell is said to be text. A number beyond 15 digits is text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value if math.isfinite(value) and abs(value) < 10**15 else str(value)
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        value = _in_one_cell(value)
    text = str(value).translate(_NOT_IN_WORKBOOKS)
    # Its own apostrophe would be taken for a guard, as a CSV has it that was saved as a workbook: it gets one more.
    return (text if unguarded_cell(text) == text else "'" + text)[:_LONGEST_CELL]


# --- JSON ----------------------------------------------------------------------------------------

_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_AS_IT_IS = frozenset({int, bool, type(None)})


def write_json(file: IO[bytes], header: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    """An array of objects, one a line, by the names of the columns; numbers, yes and no, and lists stay what they are.

    A blank is null, as it is in the database. No program takes these texts for formulas: nothing is put in front.
    """
    between = b"[\n"
    for line in lines:
        values = [value if type(value) in _AS_IT_IS else _json_value(value) for value in line]
        file.write(between + _encoded(dict(zip(header, values, strict=True))).encode())
        between = b",\n"
    file.write(b"\n]\n" if between == b",\n" else b"[]\n")


def _json_value(value: Any) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_json_value(part) for part in value]
    return str(value) or None if value is not None else None
