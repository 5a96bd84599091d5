"""Lists as files to take away: made whole from one moment of the database, put on record, then sent.

What is on record is of the very bytes that leave: how many rows, under which filters, with which digest. A mistake on
the way is no half file and no record of one. Whoever takes a list gets what they may read at that moment.
"""

from __future__ import annotations

import hashlib
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import IO, Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select
from stream_zip import ZIP_AUTO, stream_zip

from app import audit
from app.access import Reader, unguarded
from app.db import begin_again, begin_reading, db, now
from app.tabular import XLSX, TooManyLines, csv_lines, write_json, write_workbook

Lines = Iterable[Sequence[Any]]
Write = Callable[[IO[bytes], Sequence[str], Lines], None]

SHORTEST_PASSWORD, LONGEST_PASSWORD, FEWEST_DIFFERENT = 12, 128, 6
SEPARATORS = {"comma": ",", "semicolon": ";"}
_CHOICES = frozenset({"csrf_token", "from_form", "format", "separator", "password", "password_again"})


# --- which lists there are -----------------------------------------------------------------------

KINDS: dict[str, Any] = {}
"""Kind of an export → its words. Each room names its own."""

Words = str | Mapping[str, Any] | None
FILTERS: dict[str, dict[str, tuple[Any, Words]]] = {}
"""Kind → filter → what it is called, and what its values are: the name of a code list, or words by value."""


def name_kind(kind: str, words: Any, /, **filters: tuple[Any, Words]) -> None:
    """Say how an export of this kind is called where exports are listed, and how its filters are."""
    KINDS[kind], FILTERS[kind] = words, filters


# --- what is taken -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A list as it would leave now."""

    kind: str
    name: str
    """Of the file, without its ending."""
    page: str
    """Endpoint of the list, and below what its address needs beside filters."""
    header: Sequence[str]
    lines: Callable[[], Lines]
    """Asked in a transaction of its own, so that all lines are of one moment."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """As they are kept. What was typed may be a name: only that it was typed stays."""
    persons: Select[Any] | None = None
    """The numbers of all whom the list tells of."""
    period: tuple[date | None, date | None] = (None, None)
    of_page: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """What left: the same facts that stand on record."""

    table: Table
    name: str
    form: str
    rows: int
    sha256: str
    sha256_inside: str | None
    """Of the file in a locked archive; whoever opened it has that one."""
    persons: Sequence[int]


Note = Callable[[Any, Taken], None]


def on_taken(app: Flask, note: Note) -> None:
    """Let a room keep a record of each file, in the transaction after which it is sent."""
    app.extensions.setdefault("downloads", []).append(note)


class FileProblem(Exception):
    """What was asked for cannot be made; the message is a sentence for people."""


class PasswordProblem(FileProblem):
    pass


@dataclass(frozen=True)
class Format:
    words: Any
    mimetype: str
    write: Write


def _write_csv(delimiter: str, file: IO[bytes], header: Sequence[str], lines: Lines) -> None:
    file.writelines(text.encode() for text in csv_lines(header, lines, delimiter=delimiter))


FORMATS = {
    "csv": Format(_l("CSV"), "text/csv", partial(_write_csv, ",")),
    "xlsx": Format(_l("Excel workbook"), XLSX, write_workbook),
    "json": Format(_l("JSON, for programs"), "application/json", write_json),
}


@dataclass(frozen=True)
class Asked:
    """As what the list is wanted."""

    form: str = "csv"
    delimiter: str = ","
    password: str = field(default="", repr=False)

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Asked:
        """Raises PasswordProblem."""
        form = given.get("format", "csv")
        asked = cls(
            form if form in FORMATS else "csv",
            SEPARATORS.get(given.get("separator", ""), ","),
            given.get("password", ""),
        )
        if "from_form" in given and "password" not in given:
            # It waited behind a sign-in, where no password is kept: what was to be locked must not leave open.
            raise PasswordProblem(_("Your session had ended. If the file is to be locked, type the password again."))
        if asked.password != given.get("password_again", ""):
            raise PasswordProblem(_("The two passwords are not the same. Type both again."))
        if asked.password and not SHORTEST_PASSWORD <= len(asked.password) <= LONGEST_PASSWORD:
            raise PasswordProblem(
                _(
                    "The password needs %(least)s to %(most)s characters. Four words that nobody would guess are easy "
                    "to say on the phone.",
                    least=SHORTEST_PASSWORD,
                    most=LONGEST_PASSWORD,
                )
            )
        if asked.password and len(set(asked.password)) < FEWEST_DIFFERENT:
            raise PasswordProblem(_("Choose a password with more different characters."))
        if not (asked.password.isascii() and (asked.password or "x").isprintable()):
            raise PasswordProblem(
                _("Only letters without accents, numbers, signs and blanks: programs disagree about how others count.")
            )
        return asked

    @property
    def write(self) -> Write:
        return partial(_write_csv, self.delimiter) if self.form == "csv" else FORMATS[self.form].write


def filters_asked() -> dict[str, str]:
    """What the form brought beside the choices of the file."""
    return {name: value for name, value in request.form.items() if name not in _CHOICES and value}


def give(user: Reader, table: Table) -> Any:
    """The list as the form of `macros/export.html` asks for it; where that cannot be, the same choices once more."""
    try:
        return _given(user, table, Asked.read(request.form))
    except FileProblem as problem:
        filters = filters_asked()
        return render_template(
            "export_again.html",
            words=KINDS[table.kind],
            filters=filters,
            back=f"{url_for(table.page, **table.of_page)}?{urlencode(filters)}",  # type: ignore[arg-type]
            problem=str(problem),
            of_password=isinstance(problem, PasswordProblem),
        ), 400


def _given(user: Reader, table: Table, asked: Asked) -> Response:
    with ExitStack() as at_the_end:
        begin_reading()
        file, rows = _made(table, asked)
        at_the_end.callback(file.close)
        persons = array("q", _persons_in(table))
        name, mimetype = f"{table.name}.{asked.form}", FORMATS[asked.form].mimetype
        digest, inside = digest_of(file), None
        if asked.password:
            file, inside = _locked(file, name, asked.password), digest
            at_the_end.callback(file.close)
            name, mimetype, digest = f"{table.name}.zip", "application/zip", digest_of(file)
        # Only now, for nobody may wait for the lock while a file is made.
        begin_again(writing=True)
        _note(user, Taken(table, name, asked.form, rows, digest, inside, persons))
        db.session.commit()
        return sent(file, name, mimetype, at_the_end.pop_all().close)


def _made(table: Table, asked: Asked) -> tuple[IO[bytes], int]:
    # In the waiting room of the data directory, as all that is on the way; gone when it is closed.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    counted = _Counted(table.lines())
    try:
        asked.write(file, table.header, counted)
    except TooManyLines as problem:
        file.close()
        raise FileProblem(_("The list is longer than a workbook can be. Take it as CSV or JSON.")) from problem
    return file, counted.number


def _persons_in(table: Table) -> Iterable[int]:
    if table.persons is None:
        return ()
    numbers = db.session.scalars(unguarded(table.persons.distinct(), WHY))
    return (number for number in numbers if number is not None)  # a group that is counted is nobody


WHY = "whom the lines tell of; the lines themselves were narrowed by who takes them"


class _Counted:
    def __init__(self, lines: Lines) -> None:
        self._lines, self.number = lines, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for line in self._lines:
            self.number += 1
            yield line


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 of all of it."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    return iter(partial(file.read, 65_536), b"")


def _locked(file: IO[bytes], name: str, password: str) -> IO[bytes]:
    """An archive with that one file in it, under AES-256; its name inside can be read without the password."""
    size = file.seek(0, 2)
    archive = tempfile.TemporaryFile()  # noqa: SIM115
    archive.writelines(stream_zip([(name, now(), 0o600, ZIP_AUTO(size, level=6), _chunks(file))], password=password))
    return archive


def _note(user: Reader, taken: Taken) -> None:
    locked = {"locked": "yes"} if taken.sha256_inside else {}
    audit.note_read(
        db.session, "export_taken", what=taken.table.kind, **taken.table.filters, format=taken.form, **locked,
        rows=taken.rows, sha256=taken.sha256,
    )  # fmt: skip
    for note in current_app.extensions.get("downloads", []):
        note(user, taken)


def sent(file: IO[bytes], name: str, mimetype: str, close: Callable[[], Any]) -> Response:
    """A file that lies ready, from its beginning; *close* is called when it is sent, or the line has broken."""
    size = file.seek(0, 2)
    response = Response(_chunks(file), mimetype=mimetype)
    response.call_on_close(close)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.content_length = size
    return response
