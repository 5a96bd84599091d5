"""What is due as a file: the same days as the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app import agenda
from app.agenda import Due
from app.dates import today
from app.downloads import Table, name_kind

DEADLINES = "deadlines"
HEADER = (
    "day", "at", "kind", "kind_label", "what", "detail", "title", "reference", "overdue", "confirmed", "done_on",
)  # fmt: skip


def table_of(found: Callable[[], Sequence[Due]], *, whose: str, kind: str, is_done: bool) -> Table:
    kinds = agenda.kinds()
    given = {"whose": whose, "kind": kind if kind in kinds or not kind else "(text)", "done": "yes" if is_done else ""}
    return Table(
        kind=DEADLINES,
        name=f"amparo-deadlines-{today().isoformat()}",
        page="deadlines.index",
        header=HEADER,
        lines=lambda: _lines(found()),
        filters={name: value for name, value in given.items() if value},
    )


def _lines(found: Sequence[Due]) -> Iterator[Sequence[Any]]:
    kinds = agenda.kinds()
    for due in found:
        yield (
            due.day,
            due.at,
            due.kind,
            str(kinds.get(due.kind, "")),
            due.words,
            due.detail,
            due.title,
            due.reference,
            due.late,
            due.confirmed,
            due.settled_on,
        )


name_kind(
    DEADLINES,
    _l("List of deadlines"),
    whose=(_l("Whose"), {agenda.TEAM: _l("My team's")}),
    kind=(_l("What"), None),
    done=(_l("Done ones"), None),
)
