"""How a file was read as a table, in sentences that say where and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from app.imports.layout import TOO_LONG, TOO_SHORT, TOTAL, Sheet
from app.sheets import Line

SHOWN, LONGEST = 3, 80

ENCODINGS = {
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
    "utf-16": "UTF-16",
    "utf_16_le": "UTF-16",
    "utf_16_be": "UTF-16",
}


def broken_words(reason: str) -> str:
    """Why a line is no row of the table."""
    return {
        TOTAL: _("This is a row of totals, and no record; leave it out."),
        TOO_LONG: _(
            "The row has more cells than there are headings. Put cells that hold the delimiter into quotation marks, "
            "or save the table again from the spreadsheet."
        ),
        TOO_SHORT: _(
            "The row ends before the last column. A line break inside a cell needs quotation marks; save the table "
            "again from the spreadsheet."
        ),
    }[reason]


def reading_words(sheet: Sheet) -> list[str]:
    """How the file was read, where that could have been done otherwise."""
    said = [*_encoding(sheet), *_which_sheet(sheet), *_above(sheet), *_columns(sheet)]
    if sheet.filled_down:
        said.append(
            _("Cells that reach over several rows say the same of each: %(columns)s.",
              columns=", ".join(sheet.filled_down))
        )  # fmt: skip
    if sheet.repeated:
        said.append(
            ngettext(
                "A row that says the headings once more was passed over: %(rows)s.",
                "%(num)s rows that say the headings once more were passed over: %(rows)s.",
                len(sheet.repeated),
                rows=_some([str(number) for number in sheet.repeated]),
            )
        )
    if sheet.below:
        said.append(
            _("What stands below the table was passed over, from row %(row)s on: %(words)s.",
              row=sheet.below[0][0], words=_lines(sheet.below))
        )  # fmt: skip
    return said


def _encoding(sheet: Sheet) -> list[str]:
    if sheet.grid.encoding in ENCODINGS:
        return [_("The text was read as %(encoding)s.", encoding=ENCODINGS[sheet.grid.encoding])]
    if sheet.grid.encoding == "utf-8+cp1252":
        return [_("The file mixes two encodings; what was not UTF-8 was read as Windows-1252.")]
    return []


def _which_sheet(sheet: Sheet) -> list[str]:
    others = [name for name in sheet.grid.sheets if name != sheet.grid.sheet]
    if not others:
        return []
    return [
        _("The sheet “%(sheet)s” was read. The workbook has others: %(others)s.",
          sheet=sheet.grid.sheet, others=_some([f"“{name}”" for name in others]))
    ]  # fmt: skip


def _above(sheet: Sheet) -> list[str]:
    said = []
    if sheet.above:
        said.append(
            _("The headings stand in row %(row)s. What stands above was passed over: %(words)s.",
              row=sheet.header_rows[0], words=_lines(sheet.above))
        )  # fmt: skip
    if len(sheet.header_rows) > 1:
        rows = _("%(first)s and %(second)s", first=sheet.header_rows[0], second=sheet.header_rows[-1])
        said.append(_("The headings were put together from rows %(rows)s.", rows=rows))
    if sheet.tags:
        said.append(_("A row of HXL tags below the headings was recognised."))
    return said


def _columns(sheet: Sheet) -> list[str]:
    said = []
    if sheet.unnamed:
        said.append(
            _("Columns without a heading are called by their letter: %(columns)s.", columns=_some(sheet.unnamed))
        )
    if sheet.doubled:
        said.append(
            _("Headings that stand more than once got a number: %(columns)s.", columns=_some(sheet.doubled))
        )  # fmt: skip
    return said


def _lines(lines: Sequence[Line]) -> str:
    return _some(["“" + _short(" · ".join(cell for cell in cells if cell)) + "”" for _number, cells in lines])


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= LONGEST else words[:LONGEST] + "…"


def _some(words: Sequence[str]) -> str:
    return ", ".join(words[:SHOWN]) + (" …" if len(words) > SHOWN else "")
