"""Tables in and out: CSV that is safe in a spreadsheet and streams, workbooks; sheets read within limits."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import math
import posixpath
import re
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import PurePath
from typing import IO, Any
from xml.parsers import expat

import xlsxwriter
from flask import Response, stream_with_context
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
    """Text as it stands: no apostrophe is needed where a cell is said to be text. A number beyond 15 digits is text."""
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
    return str(value).replace("\x00", "")[:_LONGEST_CELL]


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
            checked = _checked_workbook(archive, settings)
        sheet = CalamineWorkbook.from_filelike(checked).get_sheet_by_name(_SHEET)
        return iter(list(enumerate(sheet.to_python(skip_empty_area=False), start=1)))
    except (CalamineError, zipfile.BadZipFile, expat.ExpatError, zlib.error, ValueError, OSError, EOFError) as error:
        raise SheetProblem("unreadable") from error
    except (RuntimeError, NotImplementedError) as error:  # a password, a packing that is not known
        raise SheetProblem("locked") from error


def _checked_workbook(archive: zipfile.ZipFile, settings: Settings) -> io.BytesIO:
    """Look through a workbook before it is opened; gives a workbook of its first visible sheet alone.

    Five kilobytes with a cell in the last corner, or one long text that a million cells share, would otherwise fill
    the memory of the server and stop it. Only what was looked through is handed on, under names of our own: two
    readers need not agree which of two parts of almost the same name a workbook means.
    """
    limit = settings.import_max_unpacked_bytes
    if sum(part.file_size for part in archive.infolist()) > limit:
        raise SheetProblem("unpacks_too_large", limit=limit)
    parts = _Parts(archive)
    if _WORKBOOK not in parts:
        raise SheetProblem("kind")
    checked = io.BytesIO()
    with zipfile.ZipFile(checked, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        texts = _Texts()
        if _SHARED_TEXTS in parts:
            parts.read(_SHARED_TEXTS, texts, copy, _SHARED_TEXTS)
        if _STYLES in parts:
            parts.read(_STYLES, _Part(), copy, _STYLES)
        extent = _Extent(texts.lengths)
        parts.read(_first_visible_sheet(parts), extent, copy, "xl/worksheets/sheet.xml")
        copy.writestr(_WORKBOOK, _OUR_WORKBOOK.format(name=_SHEET, since_1904=int(_counts_from_1904(parts))))
        copy.writestr(_LINKS, _OUR_LINK.format(kind="worksheet", target="worksheets/sheet.xml"))
        copy.writestr("_rels/.rels", _OUR_LINK.format(kind="officeDocument", target=_WORKBOOK))
    if extent.rows > settings.import_max_rows + 1:
        raise SheetProblem("too_many_rows", limit=settings.import_max_rows)
    if extent.columns > settings.import_max_columns:
        raise SheetProblem("too_many_columns", limit=settings.import_max_columns, columns=extent.columns)
    if extent.text > limit:
        raise SheetProblem("unpacks_too_large", limit=limit)
    checked.seek(0)
    return checked


_WORKBOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHARED_TEXTS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_SHEET = "sheet"
_OFFICE = "http://schemas.openxmlformats.org"
_OUR_WORKBOOK = (
    f'<workbook xmlns="{_OFFICE}/spreadsheetml/2006/main" xmlns:r="{_OFFICE}/officeDocument/2006/relationships">'
    '<workbookPr date1904="{since_1904}"/><sheets><sheet name="{name}" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_OUR_LINK = (
    f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument/2006/relationships/{{kind}}" Target="{{target}}"/></Relationships>'
)


class _Part:
    """A part of a workbook as its XML says it, element by element; names without their prefix."""

    def begin(self, name: str, attributes: dict[str, str]) -> None: ...

    def words(self, words: str) -> None: ...

    def end(self, name: str) -> None: ...


class _Parts:
    """The parts of a workbook by name, small and capital letters alike, as other programs find them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._found = {part.filename.lower(): part for part in archive.infolist()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._found

    def read(self, name: str, part: _Part, copy: zipfile.ZipFile | None = None, into: str = "") -> None:
        """Tell *part* what stands there; with *copy*, write the same bytes into another archive."""
        if name not in self:
            raise SheetProblem("unreadable")
        parser = _parser_for(part)
        with self._archive.open(self._found[name.lower()]) as file:
            target = copy.open(into, "w") if copy else contextlib.nullcontext()
            with target as further:
                while block := file.read(65_536):
                    parser.Parse(block)
                    if further:
                        further.write(block)
        parser.Parse(b"", True)


def _parser_for(part: _Part) -> Any:
    # In no other encoding: what is a text in UTF-16 could be cells to whoever reads it as UTF-8.
    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler = lambda name, attributes: part.begin(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: part.end(name.rpartition(":")[2])
    # Words as they stand, a sign written as &#48; or a comment included: readers disagree on those within a number.
    parser.DefaultHandler = part.words
    # No spreadsheet writes these, and readers do not agree where they end.
    parser.StartDoctypeDeclHandler = parser.StartCdataSectionHandler = _refuse
    return parser


def _refuse(*_what: Any) -> None:
    raise SheetProblem("unreadable")


class _Elements(_Part):
    """The attributes of the elements of one name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[dict[str, str]] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == self.name:
            self.found.append({key.rpartition(":")[2]: value for key, value in attributes.items()})


def _elements(parts: _Parts, path: str, name: str) -> list[dict[str, str]]:
    part = _Elements(name)
    parts.read(path, part)
    return part.found


def _counts_from_1904(parts: _Parts) -> bool:
    return any(one.get("date1904") in ("1", "true") for one in _elements(parts, _WORKBOOK, "workbookPr"))


def _first_visible_sheet(parts: _Parts) -> str:
    """Its path in the archive."""
    paths = {
        link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip("/")
        for link in _elements(parts, _LINKS, "Relationship")
        if link.get("Type", "").endswith("/worksheet")
    }
    for sheet in _elements(parts, _WORKBOOK, "sheet"):
        if sheet.get("state", "visible") == "visible" and sheet.get("id") in paths:
            return paths[sheet.get("id")]
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


_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")


class _Extent(_Part):
    """How far down and across a sheet reaches, and how much text its cells hold once shared texts are filled in.

    Raises SheetProblem for a place that cannot be read: who opens the sheet might read it, and reach further.
    """

    def __init__(self, texts: list[int]) -> None:
        self.rows = self.columns = self.text = 0
        self._texts = texts
        self._row = self._column = self._values = 0
        self._in_value = self._is_shared = False
        self._value = ""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._row, self._column = self._number_of(attributes.get("r")), 0
        elif name == "c":
            row, column = self._place_of(attributes.get("r"))
            self._column = max(self._column + 1, column)
            self._is_shared, self._values = attributes.get("t") == "s", 0
            self.rows, self.columns = max(self.rows, self._row, row), max(self.columns, self._column)
        elif name in ("v", "t"):
            self._in_value = True
            self._values += name == "v"

    def _number_of(self, text: str | None) -> int:
        if text is not None and not _ROW.fullmatch(text):
            raise SheetProblem("unreadable")
        return int(text or self._row + 1)

    def _place_of(self, text: str | None) -> tuple[int, int]:
        if text is None:
            return 0, 0
        place = _CELL.fullmatch(text)
        if place is None:
            raise SheetProblem("unreadable")
        return int(place[2]), _column_number(place[1].upper())

    def words(self, words: str) -> None:
        if self._in_value:
            self._value += words

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._in_value = False
        elif name == "c":
            self.text += self._length()
            self._value = ""

    def _length(self) -> int:
        if not self._is_shared or not self._value.strip():
            return len(self._value)
        if self._values != 1 or not 0 <= int(self._value) < len(self._texts):
            raise SheetProblem("unreadable")
        return self._texts[int(self._value)]


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
