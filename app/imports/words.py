"""Why a file or a map cannot be read, in sentences that say where and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import number_words, size_words
from app.imports.columns import OWN_EXPORT
from app.imports.maps import MapProblem
from app.tabular import SheetProblem

if TYPE_CHECKING:
    from app.imports.kinds import RecordKind
    from app.imports.models import ImportBatch
    from app.imports.planning import Plan

HASHED = re.compile(r"import:[0-9a-f]{16}")

Sentence = Callable[[dict[str, Any]], str]


def sheet_words(problem: SheetProblem) -> str:
    return SHEET[problem.reason](problem.details)


def map_words(problem: MapProblem) -> str:
    return MAP[problem.reason](problem.details)


def _where(details: dict[str, Any]) -> str:
    return _("row %(row)s", row=details["row"]) if "row" in details else _("the file")


SHEET: dict[str, Sentence] = {
    "empty": lambda d: _("The file is empty. Choose the file that holds the table."),
    "no_rows": lambda d: _("The file has a header and no rows under it. Choose the file that holds the table."),
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
    "encoding": lambda d: _(
        "Row %(row)s is not written in UTF-8, so accents would be lost. Open the file in the spreadsheet and save it "
        "as “CSV UTF-8”.",
        row=d["row"],
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
    "row_too_long": lambda d: _(
        "Row %(row)s has %(cells)s cells, the header %(columns)s. Put cells that hold a comma into quotation marks, "
        "or save the table again from the spreadsheet.",
        **d,
    ),
    "row_too_short": lambda d: _(
        "Row %(row)s has %(cells)s cells, the header %(columns)s. A line break inside a cell needs quotation marks; "
        "save the table again from the spreadsheet.",
        **d,
    ),
    "no_header": lambda d: _(
        "Column %(column)s has no heading. The first row must name every column; write a name or delete the column.",
        column=d["column"],
    ),
    "repeated_column": lambda d: _(
        "Two columns are called “%(column)s”. Rename one of them, or delete it.", column=d["column"]
    ),
    "kind": lambda d: _("This kind of file is not read. Save the table as XLSX or as “CSV UTF-8” and choose that."),
}

MAP: dict[str, Sentence] = {
    "too_large": lambda d: _("The map is larger than %(limit)s; this cannot be a map.", limit=size_words(d["limit"])),
    "encoding": lambda d: _("The map is not written in UTF-8. Save it again as UTF-8."),
    "no_file": lambda d: _(
        "There is no map “%(name)s”. Name a file, or one of those that come with Amparo: %(shipped)s.", **d
    ),
    "not_toml": lambda d: _("The map is not TOML: %(about)s. Mend that line.", about=d["about"]),
    "unknown_key": lambda d: _("The map says “%(key)s”, which has no meaning here. Possible are: %(known)s.", **d),
    "unknown_record_kind": lambda d: _(
        "The map is for “%(kind)s”. Records of these kinds can be imported: %(known)s.", **d
    ),
    "other_record_kind": lambda d: _(
        "The map is for “%(said)s”, and “%(chosen)s” was chosen. Choose what the sheet holds, or another map.", **d
    ),
    "unknown_field": lambda d: _("The map speaks of a field “%(field)s”. There are: %(known)s.", **d),
    "wrong_kind": lambda d: _("What the map says for “%(key)s” cannot be used. See the reference of maps.", **d),
    "two_ways": lambda d: _(
        "In the map, “%(key)s” must have one of column, columns, constant or template, not two.", **d
    ),
    "placeholder": lambda d: _(
        "The template of “%(field)s” says {%(placeholder)s}. Possible are: %(known)s; columns are not, so that no "
        "name gets in.",
        **d,
    ),
    "template": lambda d: _("A template is possible for these fields only: %(known)s; not for “%(field)s”.", **d),
    "format": lambda d: _("“%(key)s” must hold yyyy, and may hold mm and dd: dd/mm/yyyy.", **d),
    "identity": lambda d: _(
        "The column “%(column)s” brings names and goes to the identity only. For “%(field)s” it needs a table of "
        'values with other = "drop".',
        **d,
    ),
    "missing_columns": lambda d: _(
        "The map speaks of columns that the file does not have: %(columns)s. The file has: %(present)s.", **d
    ),
    "unknown_columns": lambda d: _(
        "These columns are not known: %(columns)s. Rename them in the file, use a map that says what they bring, or "
        "ignore them.",
        columns=d["columns"],
    ),
    "two_columns": lambda d: _("The columns %(columns)s would both bring “%(field)s”. Delete or rename one.", **d),
    "nothing": lambda d: _("No column of the file brings anything that can be recorded. Is this the right file?"),
}


def verdict_words(verdict: str) -> str:
    return {
        "NEW": _("will be imported"),
        "ADDS": _("adds to a record"),
        "CHANGED": _("would change the record"),
        "KNOWN": _("is there already"),
        "REFUSED": _("cannot be imported"),
    }[verdict]


def do_it_words(plan: Plan) -> str:
    """On the button: what is written when one says yes."""
    parts = [plan.kind.words.do_import(len(plan.to_write))] if plan.to_write or not plan.changed else []
    if plan.changed:
        parts.append(ngettext("Change %(num)s record", "Change %(num)s records", len(plan.changed)))
    return " · ".join(parts)


def done_words(kind: RecordKind, batch: ImportBatch) -> str:
    parts = [kind.words.imported(batch.rows_added)] if batch.rows_added or not batch.rows_changed else []
    if batch.rows_changed:
        parts.append(ngettext("%(num)s record changed.", "%(num)s records changed.", batch.rows_changed))
    return " ".join(parts)


def source_words(source: str) -> str:
    """Under which name the records of a file are known, for people."""
    if source == OWN_EXPORT:
        return _("the references of Amparo")
    if HASHED.fullmatch(source):
        return _("the headings and cells of the file")
    return source.removeprefix("import:")
