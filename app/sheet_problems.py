"""Why a file cannot be read as a table, in sentences that say where and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from app.i18n import number_words, size_words
from app.sheets import SheetProblem

Sentence = Callable[[dict[str, Any]], str]


def sheet_words(problem: SheetProblem) -> str:
    return SHEET[problem.reason](problem.details)


def _where(details: dict[str, Any]) -> str:
    return _("row %(row)s", row=details["row"]) if "row" in details else _("the file")


SHEET: dict[str, Sentence] = {
    "empty": lambda d: _("The file is empty. Choose the file that holds the table."),
    "no_rows": lambda d: _("The file has a header and no rows under it. Choose the file that holds the table."),
    "no_such_row": lambda d: _(
        "There is no row %(row)s with headings in the file. Say in which row the headings stand.", **d
    ),
    "no_such_sheet": lambda d: _(
        "The workbook has no sheet “%(sheet)s”. It has: %(sheets)s.", sheet=d["sheet"], sheets=", ".join(d["sheets"])
    ),
    "too_large": lambda d: _(
        "The file has %(size)s; at most %(limit)s are accepted (setting AMPARO_IMPORT_MAX_BYTES). "
        "Split it into parts, each with the header.",
        size=size_words(d["size"]),
        limit=size_words(d["limit"]),
    ),
    "unpacks_too_large": lambda d: _(
        "Unpacked, the workbook holds more than the %(limit)s that are accepted (setting "
        "AMPARO_IMPORT_MAX_UNPACKED_BYTES). Remove pictures and other sheets, or save the table as CSV UTF-8.",
        limit=size_words(d["limit"]),
    ),
    "too_slow": lambda d: _("Reading the file takes too long. Save the table alone as “CSV UTF-8” and choose that."),
    "too_many_rows": lambda d: _(
        "The table reaches beyond the %(limit)s rows that are accepted (setting AMPARO_IMPORT_MAX_ROWS). "
        "Split it into parts, each with the header, and delete empty rows at the end.",
        limit=number_words(d["limit"]),
    ),
    "too_many_columns": lambda d: _(
        "The table has %(columns)s columns; at most %(limit)s are accepted (setting AMPARO_IMPORT_MAX_COLUMNS). "
        "Delete the columns that are not needed.",
        columns=d["columns"],
        limit=d["limit"],
    ),
    "no_text": lambda d: _(
        "Row %(row)s holds characters that are not text. Open the file in the spreadsheet and save it as “CSV UTF-8”.",
        row=d["row"],
    ),
    "unreadable": lambda d: _(
        "The file cannot be read as a table (%(where)s): it is damaged, or quotation marks do not close. Open it in "
        "the spreadsheet and save it again as XLSX or as “CSV UTF-8”.",
        where=_where(d),
    ),
    "locked": lambda d: _("The workbook is locked with a password. Save it without one and try again."),
    "archive": lambda d: _("The file is an archive. Unpack it, and choose the table that lies in it."),
    "kind": lambda d: _("This kind of file is not read. Save the table as XLSX or as “CSV UTF-8” and choose that."),
}
