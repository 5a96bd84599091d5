"""The list about protection as a file: the same filters give the same rows; whom it is about only to full readers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select, union

from app import access
from app.access import full_ids
from app.accounts.models import User
from app.cases.queries import REFERENCE
from app.dates import today
from app.downloads import Table, name_kind
from app.protection.models import Beneficiary, Protection
from app.protection.names import KINDS
from app.protection.queries import (
    LATE,
    NEAR,
    OPEN,
    OVER,
    WITHDRAWN,
    ProtectionWish,
    for_list,
    kind_words,
    protection_found,
    shown_title,
    status_words,
)
from app.vocabulary.queries import entries

PROTECTION = "protection"
HEADER = (
    "read_as", "reference", "case", "kind", "kind_label", "what", "title", "is_open", "next_on", "status",
    "status_label", "withdrawn",
)  # fmt: skip
DUES = {OPEN: _l("Still open"), LATE: _l("Overdue"), NEAR: _l("In the next 14 days"), OVER: _l("Over")}
OWNERS = {"mine": _l("Cases I follow"), "team": _l("My team's")}
AT_ONCE = 500


def table_of(user: User, wish: ProtectionWish) -> Table:
    return Table(
        kind=PROTECTION,
        name=f"amparo-protection-{today().isoformat()}",
        page="protection.index",
        header=HEADER,
        lines=lambda: _lines(user, wish),
        filters=_described(wish),
        persons=_persons_in(user, wish),
    )


def _persons_in(user: User, wish: ProtectionWish) -> Select[Any]:
    """The numbers of all whom the file tells of."""
    found = protection_found(user, wish, today()).order_by(None)
    numbers = found.with_only_columns(Protection.id)
    named = select(Beneficiary.person_id.label("number")).where(Beneficiary.protection_id.in_(numbers))
    of_risks = found.with_only_columns(Protection.person_id.label("number")).where(Protection.person_id.is_not(None))
    both = union(named, of_risks).subquery()
    return select(both.c.number).where(both.c.number.is_not(None))


def _described(wish: ProtectionWish) -> dict[str, str]:
    """What was typed may be a name: only that it was typed stays."""
    given = {name: value for name, value in vars(wish).items() if value}
    known: dict[str, Collection[str]] = {
        "kind": KINDS,
        "status": {*entries("intervention_status"), WITHDRAWN},
        "due": DUES,
        "whose": OWNERS,
    }
    told = {name: value if value in known.get(name, ()) else "(text)" for name, value in given.items()}
    return told | ({"case": wish.case} if REFERENCE.fullmatch(wish.case) else {})


def _lines(user: User, wish: ProtectionWish) -> Iterator[Sequence[Any]]:
    statement, first = protection_found(user, wish, today()), 0
    while rows := access.rows_of(statement, first, AT_ONCE, for_list):
        in_full = full_ids(Protection, user, rows)
        yield from (_line(row, row.id in in_full) for row in rows)
        first += AT_ONCE


def _line(record: Protection, in_full: bool) -> Sequence[Any]:
    return (
        "full" if in_full else "reduced",
        record.reference,
        record.case.reference,
        record.kind,
        str(KINDS[record.kind]),
        kind_words(record),
        shown_title(record, True) if in_full else None,
        record.is_open,
        record.next_on,
        record.status,
        status_words(record),
        record.is_withdrawn,
    )


name_kind(
    PROTECTION,
    _l("List about protection"),
    text=(_l("Text"), None),
    kind=(_l("Kind"), KINDS),
    status=(_l("Status"), "intervention_status"),
    due=(_l("Next date"), DUES),
    whose=(_l("Whose"), OWNERS),
    case=(_l("Case"), None),
)
