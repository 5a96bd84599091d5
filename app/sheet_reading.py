"""Reads a file as tables in a process of its own, with little memory and time: no file can hurt the server.

`sheets.py` starts it as a script; it imports nothing of the house. It is given one line of JSON, what is asked for and
the limits, and then the bytes of the file. It answers in lines of JSON: first how the file was read, or why it cannot
be; then each line of the table as [its number, its cells as text]; at last `{"end": true}`.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import re
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from xml.parsers import expat

Line = tuple[int, list[Any]]
"""A line as it was read, with its number in the file; the first one is 1."""

NOT_SHEETS = (b"%PDF", b"{\\rtf", b"<", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")
OLD_WORKBOOK, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


class CannotRead(Exception):
    """*reason* is a code that `sheets.SheetProblem` explains, *details* its numbers."""

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.reason, self.details = reason, details


def main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    _limit(asked["memory"], asked["seconds"])
    csv.field_size_limit(2**31 - 1)  # what is too long is said of its row, not of the file
    try:
        _answer(asked, sys.stdin.buffer.read())
    except CannotRead as problem:
        _tell({"problem": problem.reason, "details": problem.details})
    except (MemoryError, RecursionError):
        _tell({"problem": "unpacks_too_large", "details": {}})
    sys.stdout.buffer.flush()


def _limit(memory: int, seconds: int) -> None:
    """What the system lets this process have; where it knows no such limits, whoever started it counts the time."""
    try:
        import resource
    except ImportError:
        return
    limits = (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in limits:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _answer(asked: dict[str, Any], content: bytes) -> None:
    if not content.strip(b"\x00 \t\r\n"):
        raise CannotRead("empty")
    facts, lines = _tables(asked, content)
    _tell(facts)
    text = 0
    for number, line in lines:
        if number > asked["rows"]:
            raise CannotRead("too_many_rows")
        if len(line) > asked["columns"]:
            while line and not as_text(line[-1]):
                line.pop()
            if len(line) > asked["columns"]:
                raise CannotRead("too_many_columns", columns=len(line))
        cells = [as_text(cell) for cell in line]
        if any(cells):
            text += sum(map(len, cells))
            if text > asked["text"]:
                raise CannotRead("unpacks_too_large")
            _tell([number, cells])
    _tell({"end": True})


def _tell(what: Any) -> None:
    sys.stdout.buffer.write(json.dumps(what, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")


def _tables(asked: dict[str, Any], content: bytes) -> tuple[dict[str, Any], Iterator[Line]]:
    if asked.get("document"):
        return _document(asked, content)
    if content.startswith((OLD_WORKBOOK, ZIP)):
        return _workbook(asked, content)
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"[", b"{")) and asked["name"].lower().endswith((".json", ".geojson")):
        return {"json": True}, iter(_json_lines(content))
    if start.startswith(NOT_SHEETS):
        raise CannotRead("kind")
    text, encoding = decoded(content)
    return _delimited(text, encoding)


# --- cells ---------------------------------------------------------------------------------------


def as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.replace("\x00", "").strip()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):  # a time of day in a workbook, hours and minutes
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return str(cell).replace("\x00", "").strip()


# --- workbooks -----------------------------------------------------------------------------------


def _workbook(asked: dict[str, Any], content: bytes) -> tuple[dict[str, Any], Iterator[Line]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    _look_into(asked, content, WORKBOOKS)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            about = [one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
            if not about:
                raise CannotRead("empty")
            shown = [one.name for one in about if one.visible == SheetVisibleEnum.Visible]
            opened = {name: workbook.get_sheet_by_name(name) for name in shown or [one.name for one in about]}
            filled = [name for name, sheet in opened.items() if sheet.end is not None]
            wanted = asked["sheet"]
            if wanted and wanted not in {one.name for one in about}:
                raise CannotRead("no_such_sheet", sheet=wanted, sheets=list(opened))
            name = wanted or next(iter(filled), None)
            if name is None:
                raise CannotRead("empty")
            sheet = opened.get(name) or workbook.get_sheet_by_name(name)
            _check_extent(asked, sheet)
            facts = {"sheet": name, "sheets": filled, "merged": _merged(sheet)}
            return facts, iter(list(enumerate(sheet.to_python(skip_empty_area=False), start=1)))
    except PasswordError as error:
        raise CannotRead("locked") from error
    except (CalamineError, ValueError, OSError, EOFError) as error:
        raise CannotRead("locked" if _is_encrypted(content) else "unreadable") from error


def _check_extent(asked: dict[str, Any], sheet: Any) -> None:
    """Before the cells are made: five kilobytes with one in the last corner ask for the memory of billions."""
    end = sheet.end
    if end is None:
        return
    if end[0] > asked["rows"]:
        raise CannotRead("too_many_rows")
    if end[1] >= max(asked["columns"] * 4, 1024):
        raise CannotRead("too_many_columns", columns=end[1] + 1)


WORKBOOKS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})


def _look_into(asked: dict[str, Any], content: bytes, wanted: frozenset[str]) -> None:
    """What is packed says how large it is unpacked, and of which kind it is: one of its parts must be *wanted*."""
    if not content.startswith(ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise CannotRead("unreadable") from error
    if sum(part.file_size for part in parts) > asked["unpacked"]:
        raise CannotRead("unpacks_too_large")
    names = {part.filename.lower() for part in parts}
    if not names & wanted:
        is_office = any(name.startswith(("word/", "ppt/", "xl/")) for name in names)
        raise CannotRead("kind" if is_office else "archive")


def _is_encrypted(content: bytes) -> bool:
    return content.startswith(OLD_WORKBOOK) and "EncryptedPackage".encode("utf-16-le") in content


def _merged(sheet: Any) -> list[list[int]]:
    """Cells that are one, as [first row, first column, last row, last column], from 1; where the format tells it."""
    try:
        ranges = sheet.merged_cell_ranges or []
    except (AttributeError, ValueError):
        return []
    return [[top + 1, left + 1, bottom + 1, right + 1] for (top, left), (bottom, right) in ranges[:2000]]


# --- documents -----------------------------------------------------------------------------------

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
DOCUMENT = "word/document.xml"


def _document(asked: dict[str, Any], content: bytes) -> tuple[dict[str, Any], Iterator[Line]]:
    """The rows of all tables of a Word document, and beside them the paragraphs outside of tables."""
    if not content.startswith(ZIP):
        raise CannotRead("locked" if _is_encrypted(content) else "kind")
    _look_into(asked, content, frozenset({DOCUMENT}))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            written = archive.read(DOCUMENT)
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, OSError, ValueError, EOFError) as error:
        raise CannotRead("unreadable") from error
    except RuntimeError as error:  # a part that is locked with a password
        raise CannotRead("locked") from error
    told = _Written()
    told.read(written)
    return {"paragraphs": told.paragraphs[:200]}, enumerate(told.rows, start=1)


class _Written:
    """Gathers text by cells and paragraphs, tag by tag: no tree is built, and what declares entities is refused."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.paragraphs: list[str] = []
        self._text: list[str] = []
        self._within = 0
        """How many tables deep; what lies in a table of a cell is text of that cell."""
        self._takes = False

    def read(self, written: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(written, True)
        except expat.ExpatError as error:
            raise CannotRead("unreadable") from error

    def _refuse(self, *_rest: Any) -> None:
        raise CannotRead("unreadable")

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = tag.removeprefix(WORD)
        if name == "tbl":
            self._within += 1
            if self._within == 1:
                self._text = []
        elif name == "tr" and self._within == 1:
            self.rows.append([])
        elif name == "tc" and self._within == 1:
            self._text = []
        elif name in ("br", "tab", "cr"):
            self._text.append("\t" if name == "tab" else "\n")
        self._takes = name == "t"

    def _end(self, tag: str) -> None:
        name = tag.removeprefix(WORD)
        self._takes = False
        if name == "tbl":
            self._within -= 1
        elif name == "tc" and self._within == 1 and self.rows:
            self.rows[-1].append("".join(self._text))
        elif name == "p" and self._within:
            self._text.append("\n")
        elif name == "p":
            if words := "".join(self._text).strip():
                self.paragraphs.append(words)
            self._text = []

    def _characters(self, text: str) -> None:
        if self._takes:
            self._text.append(text)


# --- JSON ----------------------------------------------------------------------------------------


def _json_lines(content: bytes) -> list[Line]:
    """A list of objects, each key a column, as programs write tables. What lies deeper stays as JSON."""
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CannotRead("kind") from error
    except ValueError as error:
        raise CannotRead("unreadable", row=getattr(error, "lineno", 1)) from error
    if isinstance(given, dict):
        lists = [value for value in given.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        given = lists[0] if len(lists) == 1 else None
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise CannotRead("kind")
    header = list(dict.fromkeys(str(key) for one in given for key in one))
    rows = [[_plain(one.get(key)) for key in header] for one in given]
    return list(enumerate([[_plain(key) for key in header], *rows], start=1))


def _plain(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        value = "|".join(map(str, value))
    elif isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    # Half a character cannot be kept in any database.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


# --- text: which encoding ------------------------------------------------------------------------

ENCODINGS = ("cp1252", "mac_roman", "cp850")
"""What spreadsheets of Windows, old Macs and DOS write."""
WIDE_ENCODINGS = ("utf_16_le", "utf_16_be")
"""«Unicode text» whose mark was lost; every other letter of it is a zero."""

OURS = frozenset("áéíóúüñÁÉÍÓÚÜÑªº")
_NEIGHBOURS = "àèìòùâêîôûäëïöãõåçøæœßÿ"
NEIGHBOURS = frozenset(_NEIGHBOURS + _NEIGHBOURS.upper())
_BESIDE_WORDS = frozenset("“”‘’«»¿¡–—…°№€·\u00a0")
_IN_A_WORD = re.compile(r"([A-Za-z]?)([^\x00-\x7f])([A-Za-z]?)")


def decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises CannotRead: no_text."""
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    encoding = next((name for mark, name in marks.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        return _otherwise(content, error)
    if "\x00" in text:
        return _otherwise(content, None)
    return text, encoding


def _otherwise(content: bytes, problem: UnicodeDecodeError | None) -> tuple[str, str]:
    if problem is not None and (mended := _almost_utf8(content)) is not None:
        return mended, "utf-8+cp1252"
    from charset_normalizer import from_bytes

    # The library says what is likely; among what is possible, the signs that stand within words decide.
    possible = WIDE_ENCODINGS if content.count(b"\x00") > 0.2 * len(content) else ENCODINGS
    found = from_bytes(content[: 256 * 1024], cp_isolation=list(possible), threshold=0.35)
    best: tuple[int, int, str, str] | None = None
    for place, name in enumerate(dict.fromkeys([*(one.encoding for one in found), *possible])):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        strange = _strange(text)
        if "\x00" not in text and (best is None or (strange, place) < best[:2]):
            best = (strange, place, text, name)
    if best is None:
        where = problem.start if problem else content.index(b"\x00")
        raise CannotRead("no_text", row=content[:where].count(b"\n") + 1)
    return best[2], best[3]


def _strange(text: str) -> int:
    """How odd the words look: «Detenci—n» is a Mac's «Detención», and «vis-ê-vis» a «vis-à-vis»."""
    odd = 0
    for found in islice(_IN_A_WORD.finditer(text), 5000):
        before, sign, after = found.groups()
        if sign in OURS or sign in NEIGHBOURS:
            odd += 1 if sign in NEIGHBOURS else 0
            odd += 3 if sign.isupper() and before.islower() and after.islower() else 0
        elif before and after:
            odd += 0 if sign in "’·" else 5
        elif sign not in _BESIDE_WORDS:
            odd += 5 if before or after else 2
    return odd


def _almost_utf8(content: bytes) -> str | None:
    """UTF-8 into which somebody pasted a few lines of Windows' encoding: those signs are read as what they are."""
    odd = 0

    def mend(problem: UnicodeError) -> tuple[str, int]:
        nonlocal odd
        assert isinstance(problem, UnicodeDecodeError)
        odd += 1
        return problem.object[problem.start : problem.end].decode("cp1252", "replace"), problem.end

    codecs.register_error("amparo-mend", mend)
    text = content.decode("utf-8", "amparo-mend")
    right = sum(1 for sign in text if sign > "\x7f") - odd
    return text if right > 20 * odd and "\x00" not in text else None


# --- text: which delimiter -----------------------------------------------------------------------

DELIMITERS = ",;\t|:^~"
NONE = "\x1f"
"""Of a table with one column: a sign that no sheet has."""
SAMPLE = 300


def _delimited(text: str, encoding: str) -> tuple[dict[str, Any], Iterator[Line]]:
    skipped = 0
    if said := re.match(r"sep=([^\"'\r\n])\r?\n?", text):  # so that Excel knows it
        text, skipped = text[said.end() :], 1
    delimiter, quote = said[1] if said else "", ""
    delimiter, quote = _how_delimited(text, delimiter)
    facts = {"encoding": encoding, "delimiter": delimiter, "quote": quote}
    return facts, _csv_lines(text, delimiter, quote, skipped)


def _how_delimited(text: str, delimiter: str) -> tuple[str, str]:
    """The delimiter and the quotation mark with which most lines have equally many cells, and more than one."""
    broken = ""
    best: tuple[float, int, str, str] = (0.0, 0, "", '"')
    for sign in delimiter or DELIMITERS:
        for quote in '"', "'":
            if quote == "'" and not re.search(rf"(?:^|[{re.escape(sign)}\n\r])'", text[:100_000]):
                continue
            try:
                rows = [row for _number, row in zip(range(SAMPLE), _rows(text, sign, quote), strict=False) if any(row)]
            except csv.Error:
                broken = broken or sign
                continue
            widths = Counter(len(row) for row in rows if len(row) > 1)
            if not widths:
                continue
            width, often = max(widths.items(), key=lambda one: (one[1] * min(one[0], 6), one[0]))
            filled = sum(bool(cell.strip()) for row in rows if len(row) == width for cell in row) / (width * often)
            # «12:30» is in many cells, and a comma in every sentence: what is rarely a delimiter needs more to be one.
            weight = (1.0 if sign in ",;\t|" else 0.5) * (1.0 if quote == '"' else 0.9)
            share = often / len(rows)
            # A comma in one line of two is one of its sentence.
            if share > 0.5 or delimiter or len(rows[0]) == width:
                best = max(best, (share**2 * weight * min(width, 6) * (0.4 + 0.6 * filled), width, sign, quote))
    return best[2] or delimiter or broken or NONE, best[3]


def _rows(text: str, delimiter: str, quote: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote, strict=True)


def _csv_lines(text: str, delimiter: str, quote: str, skipped: int) -> Iterator[Line]:
    """Row by row. Where quotation marks do not close, they are signs like others, if the columns are kept by that."""
    try:
        rows = list(_rows(text, delimiter, quote))
    except csv.Error as error:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE))
        widths = Counter(len(row) for row in rows if any(row))
        if not widths or widths.most_common(1)[0][1] < 0.98 * widths.total() or max(widths) == 1:
            raise CannotRead("unreadable", row=_where_it_breaks(text, delimiter, quote)) from error
    # In one order with «first line is row 1» of spreadsheets: a line break within a cell begins no row.
    return enumerate(rows, start=1 + skipped)


def _where_it_breaks(text: str, delimiter: str, quote: str) -> int:
    rows = 0
    with contextlib.suppress(csv.Error):
        for _row in _rows(text, delimiter, quote):
            rows += 1
    return rows + 1


if __name__ == "__main__":
    main()
