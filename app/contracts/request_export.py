"""The list of requests for information as a file: the same filters give the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.contracts.links import TransparencyRequest
from app.contracts.request_queries import (
    LATE,
    WITHDRAWN,
    RequestWish,
    contract_references,
    for_list,
    proceedings_of,
    requests_found,
)
from app.dates import today
from app.db import db
from app.downloads import Table, name_kind
from app.vocabulary.queries import entries, label

REQUESTS = "requests"
STATUSES = "transparency_request_status"
HEADER = (
    "reference", "status", "status_label", "subject", "body", "number", "filed", "due_on", "extended_on",
    "extension_reason", "answered_on", "answer", "appeal_due_on", "appealed_on", "appeal_number", "appeal_decided_on",
    "appeal_outcome", "habeas_data", "contracts", "result",
)  # fmt: skip
AT_ONCE = 500


def table_of(user: User, wish: RequestWish) -> Table:
    return Table(
        kind=REQUESTS,
        name=f"amparo-requests-{today().isoformat()}",
        page="transparency.index",
        header=HEADER,
        lines=lambda: _lines(user, wish),
        filters=_described(wish),
    )


def _described(wish: RequestWish) -> dict[str, str]:
    """The filters as the audit trail keeps them. What was typed may be a name: only that it was typed stays."""
    known = {*entries(STATUSES), LATE, WITHDRAWN}
    found = {"text": "(text)"} if wish.text else {}
    return found | ({"status": wish.status if wish.status in known else "(text)"} if wish.status else {})


def _lines(user: User, wish: RequestWish) -> Iterator[Sequence[Any]]:
    statement = for_list(requests_found(user, wish, today()))
    first = 0
    while rows := list(db.session.scalars(statement.limit(AT_ONCE).offset(first)).unique()):
        contracts, proceedings = contract_references(user, rows), proceedings_of(user, rows)
        for row in rows:
            habeas = proceedings.get(row.proceeding_id or 0)
            yield _line(row, habeas.reference if habeas else None, contracts.get(row.id, []))
        first += AT_ONCE


def _line(request: TransparencyRequest, habeas: str | None, contracts: list[str]) -> Sequence[Any]:
    return (
        request.reference,
        request.status,
        label(STATUSES, request.status),
        request.subject,
        request.addressed,
        request.number,
        request.filed.written(),
        request.due_on,
        request.extended_on,
        request.extension_reason,
        request.answered_on,
        request.answer,
        request.appeal_due_on,
        request.appealed_on,
        request.appeal_number,
        request.appeal_decided_on,
        request.appeal_outcome,
        habeas,
        contracts,
        request.result,
    )


name_kind(
    REQUESTS,
    _l("List of requests for information"),
    text=(_l("Text"), None),
    status=(_l("Status"), STATUSES),
)
