"""The dry run as a sheet: every row with its verdict, and for each thing to say the column, the cell and the reason."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from app.imports.planning import Plan
from app.imports.words import verdict_words


def report_header() -> list[str]:
    return [_("Row"), _("Record"), _("Verdict"), _("Column"), _("Cell"), _("Reason")]


def report_lines(plan: Plan, language: str) -> Iterator[list[str]]:
    """In the order of the file. Cells of columns that bring identities are not repeated."""
    rows = sorted(plan.report(), key=lambda pair: pair[0].number)
    for row, verdict in rows:
        numbers = ", ".join(map(str, row.numbers))
        begun = [numbers, plan.kind.title(row, language), verdict_words(verdict)]
        said = [*((*row.wrong.get(words, ("", "")), words) for words in row.problems)]
        said += [("", "", words) for words in (*(row.doubles if not row.problems else ()), *row.remarks)]
        for column, cell, words in said or [("", "", "")]:
            yield [*begun, column, cell, words]
