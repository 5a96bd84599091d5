"""Tables in and out: CSV that is safe in a spreadsheet and streams; sheets read within limits."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from flask import Response
from python_calamine import CalamineError, CalamineWorkbook

from config import Settings

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else

_FORMULA_SIGNS = frozenset("=+-@\t\r\n|%＝＋－＠")


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        value = "|".join(str(part) for part in value)
    text = str(value).replace("\x00", "")
    bare = text.lstrip(" \u00a0\u200b\u2007\u202f\ufeff")
    if (text and text[0] in _FORMULA_SIGNS) or (bare and bare[0] in _FORMULA_SIGNS) or text.startswith("'"):
        return "'" + text
    return text


def unguarded_cell(text: str) -> str:
    """What a cell said before `safe_cell` guarded it."""
    bare = text[1:].lstrip(" \u00a0\u200b\u2007\u202f\ufeff")
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
        writer.writerow([safe_cell(value) for value in row])
        if buffer.tell() > 32_768:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A CSV download. The audit entry must be committed before the first line is drawn from *rows*."""
    return Response(
        (text.encode() for text in csv_lines(header, rows)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "X-Accel-Buffering": "no"},
    )


class SheetProblem(Exception):
    """A file that cannot be read as a table. *reason* is a code, *details* its numbers; a caller puts it into words."""

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


@dataclass(frozen=True)
class Sheet:
    """A table as text: the header, and the rows with their number in the file (the header is row 1)."""

    name: str
    header: list[str]
    rows: list[tuple[int, list[str]]]


def read_sheet(filename: str, content: bytes, settings: Settings) -> Sheet:
    """Read CSV (UTF-8; comma, semicolon or tab) or the first sheet of an XLSX.

    Raises SheetProblem: empty, too_large, unpacks_too_large, too_many_rows, too_many_columns, encoding, unreadable,
    no_header, repeated_column, kind.
    """
    if not content.strip():
        raise SheetProblem("empty")
    if len(content) > settings.import_max_bytes:
        raise SheetProblem("too_large", limit=settings.import_max_bytes, size=len(content))
    suffix = PurePath(filename).suffix.lower()
    if content[:4] == b"PK\x03\x04":
        lines = _workbook_lines(content, settings)
    elif content[:4] == b"\xd0\xcf\x11\xe0" or suffix in (".xls", ".ods", ".pdf", ".doc", ".docx"):
        raise SheetProblem("kind")
    else:
        lines = _csv_lines(content)
    return _as_sheet(filename, lines, settings)


def _workbook_lines(content: bytes, settings: Settings) -> Iterable[Sequence[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > settings.import_max_unpacked_bytes:
            raise SheetProblem("unpacks_too_large", limit=settings.import_max_unpacked_bytes, size=size)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not book.sheet_names:
            raise SheetProblem("empty")
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        raise SheetProblem("unreadable") from error


def _csv_lines(content: bytes) -> Iterable[Sequence[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SheetProblem("encoding", row=line) from error
    if "\x00" in text:
        raise SheetProblem("unreadable")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SheetProblem("unreadable") from error


def _as_sheet(filename: str, lines: Iterable[Sequence[Any]], settings: Settings) -> Sheet:
    header: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate(lines, start=1):
        cells = [_as_text(cell) for cell in line]
        if not any(cells):
            continue
        if header is None:
            header = _checked_header(cells, settings)
            continue
        if len(rows) >= settings.import_max_rows:
            raise SheetProblem("too_many_rows", limit=settings.import_max_rows)
        if len(cells) > len(header) and any(cells[len(header) :]):
            raise SheetProblem("row_too_long", row=number, cells=len(cells), columns=len(header))
        rows.append((number, (cells + [""] * len(header))[: len(header)]))
    if header is None:
        raise SheetProblem("empty")
    return Sheet(PurePath(filename).name, header, rows)


def _checked_header(cells: list[str], settings: Settings) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > settings.import_max_columns:
        raise SheetProblem("too_many_columns", limit=settings.import_max_columns, columns=len(cells))
    seen: set[str] = set()
    for position, name in enumerate(cells, start=1):
        if not name:
            raise SheetProblem("no_header", column=position)
        if name.casefold() in seen:
            raise SheetProblem("repeated_column", column=name)
        seen.add(name.casefold())
    return cells


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return unguarded_cell(str(cell)).strip()
