"""Tables in and out: CSV that is safe in a spreadsheet and streams; sheets read within limits."""

from __future__ import annotations

import csv
import io
import itertools
import posixpath
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any
from xml.parsers import expat

from flask import Response
from python_calamine import CalamineError, CalamineWorkbook

from config import Settings

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
    if text[:1] not in _TO_LOOK_AT:
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
    """A table as text: the header, and the rows with their number in the file (the first line is row 1)."""

    name: str
    header: list[str]
    rows: list[tuple[int, list[str]]]


Line = tuple[int, Sequence[Any]]
"""A line as it was read, with its number in the file."""

_OTHER_KINDS = (".xls", ".xlsb", ".ods", ".pdf", ".doc", ".docx", ".rtf", ".zip")
_OTHER_BEGINNINGS = (b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"<", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")


def read_sheet(filename: str, content: bytes, settings: Settings) -> Sheet:
    """Read CSV (UTF-8; comma, semicolon or tab) or the first visible sheet of an XLSX.

    Raises SheetProblem: empty, no_rows, too_large, unpacks_too_large, too_many_rows, too_many_columns, encoding,
    no_text, unreadable, locked, row_too_long, row_too_short, no_header, repeated_column, kind.
    """
    if not content.strip():
        raise SheetProblem("empty")
    if len(content) > settings.import_max_bytes:
        raise SheetProblem("too_large", limit=settings.import_max_bytes, size=len(content))
    if PurePath(filename).suffix.lower() in _OTHER_KINDS or content.lstrip().startswith(_OTHER_BEGINNINGS):
        raise SheetProblem("kind")
    if content[:4] == b"PK\x03\x04":
        return _as_sheet(filename, _workbook_lines(content, settings), settings, ragged=True)
    return _as_sheet(filename, _csv_lines(content), settings, ragged=False)


# --- CSV -----------------------------------------------------------------------------------------


def _csv_lines(content: bytes) -> Iterator[Line]:
    text = _decoded(content)
    lines = io.StringIO(text, newline="")
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=lambda sign: len(next(csv.reader([first], delimiter=sign))))
    lines.seek(0)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for number in itertools.count(1):
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetProblem("unreadable", row=number) from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, as some spreadsheets write «Unicode text»
        raise SheetProblem("encoding", row=1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetProblem("encoding", row=content[: error.start].count(b"\n") + 1) from error
    if "\x00" in text:
        raise SheetProblem("no_text", row=text[: text.index("\x00")].count("\n") + 1)
    return text


# --- workbooks -----------------------------------------------------------------------------------


def _workbook_lines(content: bytes, settings: Settings) -> Iterator[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            name = _check_workbook(archive, settings)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name)
        return iter(list(enumerate(sheet.to_python(skip_empty_area=False), start=1)))
    except (CalamineError, zipfile.BadZipFile, expat.ExpatError, zlib.error, ValueError, OSError, EOFError) as error:
        raise SheetProblem("unreadable") from error
    except (RuntimeError, NotImplementedError) as error:  # a password, a packing that is not known
        raise SheetProblem("locked") from error


def _check_workbook(archive: zipfile.ZipFile, settings: Settings) -> str:
    """Look through a workbook before it is opened; gives the name of its first visible sheet.

    Five kilobytes with a cell in the last corner, or one long text that a million cells share, would otherwise fill
    the memory of the server and stop it.
    """
    limit = settings.import_max_unpacked_bytes
    if sum(part.file_size for part in archive.infolist()) > limit:
        raise SheetProblem("unpacks_too_large", limit=limit)
    if "xl/workbook.xml" not in archive.namelist():
        raise SheetProblem("kind")
    name, path = _first_visible_sheet(archive)
    extent = _Extent(_shared_texts(archive))
    extent.read(archive, path)
    if extent.rows > settings.import_max_rows + 1:
        raise SheetProblem("too_many_rows", limit=settings.import_max_rows)
    if extent.columns > settings.import_max_columns:
        raise SheetProblem("too_many_columns", limit=settings.import_max_columns, columns=extent.columns)
    if extent.text > limit:
        raise SheetProblem("unpacks_too_large", limit=limit)
    return name


class _Part:
    """A part of a workbook as its XML says it, element by element; names without their prefix."""

    def begin(self, name: str, attributes: dict[str, str]) -> None: ...

    def words(self, words: str) -> None: ...

    def end(self, name: str) -> None: ...

    def read(self, archive: zipfile.ZipFile, path: str) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: self.begin(name.rpartition(":")[2], attributes)
        parser.CharacterDataHandler = self.words
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        try:
            with archive.open(path) as file:
                parser.ParseFile(file)
        except KeyError as error:
            raise SheetProblem("unreadable") from error


class _Elements(_Part):
    """The attributes of the elements of one name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[dict[str, str]] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == self.name:
            self.found.append({key.rpartition(":")[2]: value for key, value in attributes.items()})


def _elements(archive: zipfile.ZipFile, path: str, name: str) -> list[dict[str, str]]:
    part = _Elements(name)
    part.read(archive, path)
    return part.found


def _first_visible_sheet(archive: zipfile.ZipFile) -> tuple[str, str]:
    """Its name and its path in the archive."""
    paths = {
        link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip("/")
        for link in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
        if link.get("Type", "").endswith("/worksheet")
    }
    for sheet in _elements(archive, "xl/workbook.xml", "sheet"):
        if sheet.get("state", "visible") == "visible" and sheet.get("id") in paths:
            return sheet.get("name", ""), paths[sheet.get("id")]
    raise SheetProblem("empty")


class _Texts(_Part):
    """How long each shared text is."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self.lengths.append(0)

    def words(self, words: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(words)


def _shared_texts(archive: zipfile.ZipFile) -> list[int]:
    texts = _Texts()
    if "xl/sharedStrings.xml" in archive.namelist():
        texts.read(archive, "xl/sharedStrings.xml")
    return texts.lengths


_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class _Extent(_Part):
    """How far down and across a sheet reaches, and how much text its cells hold once shared texts are filled in."""

    def __init__(self, texts: list[int]) -> None:
        self.rows = self.columns = self.text = 0
        self._texts = texts
        self._row = self._column = 0
        self._in_value = self._is_shared = False
        self._value = ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._row, self._column = int(attributes.get("r") or self._row + 1), 0
        elif name == "c":
            self._column += 1
            if place := _CELL.fullmatch(attributes.get("r", "")):
                self._column, self._row = _column_number(place[1]), int(place[2])
            self._is_shared = attributes.get("t") == "s"
            self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)
        self._in_value = name in ("v", "t")

    def words(self, words: str) -> None:
        if self._in_value:
            self._value += words

    def end(self, name: str) -> None:
        if name == "c":
            index = int(self._value) if self._is_shared and self._value.strip().isdecimal() else -1
            self.text += self._texts[index] if 0 <= index < len(self._texts) else len(self._value)
            self._value = ""
        self._in_value = False


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


# --- both ----------------------------------------------------------------------------------------


def _as_sheet(filename: str, lines: Iterable[Line], settings: Settings, *, ragged: bool) -> Sheet:
    """*ragged*: a line may end early, as in a workbook, where empty cells are not kept."""
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, line in lines:
        cells = [_as_text(cell) for cell in line]
        if not any(cells):
            continue
        if not header:
            header = _checked_header(cells, settings)
            continue
        if len(rows) >= settings.import_max_rows:
            raise SheetProblem("too_many_rows", limit=settings.import_max_rows)
        if any(cells[len(header) :]):
            raise SheetProblem("row_too_long", row=number, cells=len(cells), columns=len(header))
        if len(cells) < len(header) and not ragged:
            raise SheetProblem("row_too_short", row=number, cells=len(cells), columns=len(header))
        rows.append((number, (cells + [""] * len(header))[: len(header)]))
    if not rows:
        raise SheetProblem("no_rows" if header else "empty")
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
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    # Composed letters: what looks the same is the same, whichever machine wrote it.
    return unicodedata.normalize("NFC", unguarded_cell(str(cell)).strip())
