"""Tables in: a file of whatever spreadsheet as lines of text, read in a process of its own, within limits."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from app.tabular import unguarded_cell
from config import Settings

READER = Path(__file__).with_name("sheet_reading.py")
SECONDS = 60
"""Of the processor; and, where the machine is busy, four times as many by the clock."""

Line = tuple[int, list[str]]
"""The cells of a line as text, with its number in the file; the first line is 1."""


class SheetProblem(Exception):
    """A file that cannot be read as a table. *reason* is a code, *details* its numbers; a caller puts it into words.

    Reasons: empty, no_rows, too_large, unpacks_too_large, too_slow, too_many_rows, too_many_columns, no_text,
    unreadable, locked, archive, kind, no_such_sheet.
    """

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


@dataclass(frozen=True)
class Grid:
    """Every line of a table that says anything, and how it was found."""

    name: str
    """Of the file."""
    lines: list[Line]
    sheet: str = ""
    """Of a workbook, the sheet that was read; `sheets` are all that hold anything."""
    sheets: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Cells that are one: first row, first column, last row, last column, from 1."""
    encoding: str = ""
    """Of a text file."""
    paragraphs: tuple[str, ...] = ()
    """Of a document, what stands outside its tables."""
    pads: bool = True
    """Whether lines reach their end: in a workbook, and in some text files, empty cells at the end are left away."""


def read_grid(
    filename: str, content: bytes, settings: Settings, sheet: str | None = None, *, document: bool = False
) -> Grid:
    """Read CSV of any delimiter and encoding, XLSX, XLS, XLSB, ODS, or JSON that is a list of objects.

    *sheet* names one of a workbook; without it the first that is shown and holds anything. With *document*, the tables
    of a Word document, one below the other. Raises SheetProblem.
    """
    if not content.strip():
        raise SheetProblem("empty")
    if len(content) > settings.import_max_bytes:
        raise SheetProblem("too_large", limit=settings.import_max_bytes, size=len(content))
    told = _lines_of({**_asked(filename, settings, sheet), "document": document}, content)
    facts = next(told)
    if "problem" in facts:
        raise _problem(facts, settings)
    lines: list[Line] = []
    for one in told:
        if isinstance(one, list):
            # Composed letters: what looks the same is the same, whichever machine wrote it.
            lines.append((one[0], [unicodedata.normalize("NFC", unguarded_cell(cell)).strip() for cell in one[1]]))
        elif "problem" in one:
            raise _problem(one, settings)
    return Grid(
        name=PurePath(filename).name,
        lines=lines,
        sheet=facts.get("sheet", ""),
        sheets=tuple(facts.get("sheets", ())),
        merged=tuple(tuple(one) for one in facts.get("merged", ())),
        encoding=facts.get("encoding", ""),
        paragraphs=tuple(facts.get("paragraphs", ())),
        pads="encoding" in facts,
    )


def _asked(filename: str, settings: Settings, sheet: str | None) -> dict[str, Any]:
    return {
        "name": filename,
        "sheet": sheet,
        # A table may stand some lines below the top, and lines may be empty.
        "rows": settings.import_max_rows + 1000,
        "columns": settings.import_max_columns,
        "unpacked": settings.import_max_unpacked_bytes,
        "text": settings.import_max_unpacked_bytes,
        "memory": settings.import_max_memory,
        "seconds": SECONDS,
    }


def _lines_of(asked: dict[str, Any], content: bytes) -> Iterator[Any]:
    """What the reader says, line by line; a reader that stops short has met a limit."""
    command = [sys.executable, "-I", str(READER)]
    needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=needed, **pipes) as reader:
        try:
            answer, _errors = reader.communicate(json.dumps(asked).encode() + b"\n" + content, SECONDS * 4)
        except subprocess.TimeoutExpired:
            reader.kill()
            answer, code = b"", TIMED_OUT
        else:
            code = reader.returncode
    last: Any = None
    for line in io.BytesIO(answer):
        if not line.endswith(b"\n"):
            break
        last = json.loads(line)
        yield last
    if not isinstance(last, dict) or not {"end", "problem"} & set(last):
        yield {"problem": "too_slow" if code == TIMED_OUT else "unpacks_too_large", "details": {}}


TIMED_OUT = -24
"""As the system ends a process that has used its seconds (SIGXCPU)."""


def _problem(told: dict[str, Any], settings: Settings) -> SheetProblem:
    limits = {
        "too_many_rows": settings.import_max_rows,
        "too_many_columns": settings.import_max_columns,
        "unpacks_too_large": settings.import_max_unpacked_bytes,
    }
    reason = told["problem"]
    limit = {"limit": limits[reason]} if reason in limits else {}
    return SheetProblem(reason, **told["details"], **limit)
