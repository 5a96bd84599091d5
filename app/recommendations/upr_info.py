"""The export of UPR Info: one row for each recommendation and each State that made it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.places.countries import country_named
from app.recommendations.telling import (
    UPR_INFO,
    RowProblem,
    Table,
    Telling,
    Told,
    folded_text,
    gather,
    plain_text,
    read_position,
    read_session,
    states_named,
)

COLUMNS = {
    "to": "to", "state under review": "to", "sur": "to", "text": "text", "recommendation": "text", "from": "from",
    "recommending state": "from", "response": "response", "action": "action", "action category": "action",
    "issue": "issue", "issues": "issue", "session": "session",
    # Groups and organisations of the two States: known, and not kept.
    "to rgrp": "group", "to org": "group", "from rgrp": "group", "from org": "group",
    "sur regional group": "group", "rs regional group": "group",
}  # fmt: skip
NEEDED = frozenset({"to", "text", "from", "response", "session"})


def read(table: Table, country: str) -> Telling:
    telling = Telling(UPR_INFO, unknown_columns=table.unknown)
    told: list[Told] = []
    for number, row in table.rows:
        to = country_named(row.get("to", ""))
        if to != country and to is not None:
            telling.pass_over(_("to another State"))
        elif "pledge" in folded_text(row.get("response", "")):
            telling.pass_over(_("voluntary pledges, which nobody recommended"))
        else:
            try:
                told.append(_told(number, row, country, to))
            except RowProblem as problem:
                telling.refuse(number, str(problem))
    telling.told = gather(told)
    return telling


def _told(number: int, row: dict[str, str], country: str, to: str | None) -> Told:
    if to is None:
        raise RowProblem(_("“%(name)s” is no State that we know.", name=row.get("to", "")[:60]))
    text = plain_text(row.get("text", ""))
    if not folded_text(text):
        raise RowProblem(_("It has no text."))
    action = row.get("action", "")
    if action and action not in ("1", "2", "3", "4", "5"):
        raise RowProblem(_("The kind of action is a number from 1 to 5, not “%(words)s”.", words=action[:20]))
    return Told(
        row=number,
        country=country,
        session=read_session(row.get("session", "")),
        text=text,
        position=read_position(row.get("response", "")),
        position_source="UPR Info",
        states=states_named([plain_text(row.get("from", ""))]),
        issues=[part.strip() for part in row.get("issue", "").split(",") if part.strip()],
        action_category=int(action) if action else None,
        by_text=True,
    )
