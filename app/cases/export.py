"""The list of cases as a file: the same filters give the same rows; a title only to who reads the case in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app import access
from app.access import full_ids
from app.accounts.models import User
from app.cases.models import Case
from app.cases.queries import WITHDRAWN, CaseWish, cases_found
from app.dates import today
from app.downloads import Table, name_kind
from app.i18n import language
from app.vocabulary.queries import entries, label

CASES = "cases"
HEADER = (
    "read_as", "reference", "title", "country", "status", "status_label", "confidentiality", "team", "updated_at",
    "withdrawn",
)  # fmt: skip
AT_ONCE = 500


def table_of(user: User, wish: CaseWish) -> Table:
    return Table(
        kind=CASES,
        name=f"amparo-cases-{today().isoformat()}",
        page="cases.index",
        header=HEADER,
        lines=lambda: _lines(user, wish),
        filters=_described(wish),
    )


def _described(wish: CaseWish) -> dict[str, str]:
    """What was typed may be a name: only that it was typed stays."""
    told = {"text": "(text)"} if wish.text else {}
    if wish.status:
        told["status"] = wish.status if wish.status in {*entries("monitoring_status"), WITHDRAWN} else "(text)"
    return told | ({"mine": "yes"} if wish.mine else {})


def _lines(user: User, wish: CaseWish) -> Iterator[Sequence[Any]]:
    statement, first = cases_found(user, wish), 0
    while rows := access.rows_of(statement, first, AT_ONCE, lambda found: found):
        in_full = full_ids(Case, user, rows)
        yield from (_line(row, row.id in in_full) for row in rows)
        first += AT_ONCE


def _line(case: Case, in_full: bool) -> Sequence[Any]:
    return (
        "full" if in_full else "reduced",
        case.reference,
        case.title_in(language()) if in_full else None,
        case.country,
        case.status,
        label("monitoring_status", case.status),
        case.confidentiality,
        case.team.name,
        case.updated_at,
        case.is_withdrawn,
    )


name_kind(
    CASES,
    _l("List of cases"),
    text=(_l("Text"), None),
    status=(_l("Status"), "monitoring_status"),
    mine=(_l("Those I follow"), None),
)
