"""Tables out: CSV that is safe in a spreadsheet and streams, and workbooks."""

from __future__ import annotations

import csv
import io
import itertools
import math
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
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
            value = "|".join([str(part) for part in value]) if value else ""
    text = str(value)
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text[:1] not in _TO_LOOK_AT or text.isspace():
        return text
    bare = text.lstrip(_BLANK)
    if text[0] in _FORMULA_SIGNS or (bare and bare[0] in _FORMULA_SIGNS) or text.startswith("'"):
        return "'" + text
    return text


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


def xlsx_response(name: str, header: Sequence[str], lines: Iterable[Sequence[Any]]) -> Response:
    """The same as a workbook: text is text and never a formula, days are text too, as ISO writes them.

    It is made before it is sent, line by line and on disk, so that a mistake on the way is no half file. The audit
    entry must be committed before the first line is drawn from *lines*.
    """
    # In the waiting room of the data directory, as all that is on the way; gone when it is closed.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    _write_workbook(file, header, lines)
    size = file.tell()
    file.seek(0)
    response = Response(iter(partial(file.read, 65_536), b""), mimetype=XLSX)
    response.call_on_close(file.close)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.content_length = size
    return response


def _write_workbook(file: IO[bytes], header: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
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
        for column, value in enumerate(line):
            if isinstance(value, str):
                if value:
                    sheet.write_string(row, column, value)
            else:
                sheet.write_number(row, column, value)
    workbook.close()
    file.seek(0, io.SEEK_END)


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
        value = "|".join(str(part) for part in value)
    text = str(value).translate(_NOT_IN_WORKBOOKS)
    # Its own apostrophe would be taken for a guard, as a CSV has it that was saved as a workbook: it gets one more.
    return (text if unguarded_cell(text) == text else "'" + text)[:_LONGEST_CELL]
