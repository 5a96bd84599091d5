"""The history of a request in sentences; contracts and proceedings that the reader may not see are in none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l

from app.access import visible
from app.accounts.models import User
from app.accounts.queries import names_of
from app.audit import AuditEntry
from app.contracts.links import RequestedContract, TransparencyRequest
from app.contracts.models import Contract
from app.db import db
from app.history import (
    Picture,
    Readers,
    Row,
    Step,
    column_read,
    day_read,
    edit_of,
    entries_of,
    part_phrases,
    picture_of,
    step_of,
    told,
    when_read,
)
from app.organisations.models import Organisation
from app.proceedings.models import Proceeding
from app.vocabulary.queries import labels

TEXTS = {
    "subject": _l("what is asked for"),
    "body_text": _l("the body asked"),
    "number": _l("the number"),
    "extension_reason": _l("the reason for the extension"),
    "answer": _l("the answer"),
    "appeal_number": _l("the number of the appeal"),
    "appeal_outcome": _l("what was decided"),
    "result": _l("the result"),
    "notes": _l("the notes"),
}
DAYS = {
    "due_on": _l("the last day for the answer"),
    "extended_on": _l("the day of the extension"),
    "answered_on": _l("the day of the answer"),
    "appeal_due_on": _l("the last day for the appeal"),
    "appealed_on": _l("the day of the appeal"),
    "appeal_decided_on": _l("the day of the decision"),
}
LINK = RequestedContract.__tablename__


def history_of(request: TransparencyRequest, user: User) -> list[Step]:
    """The newest step first."""
    entries = entries_of(request)
    names = names_of(entry.actor_id for entry in entries)
    contracts = _words_of(user, Contract, Contract.reference, entries, "contract_id")
    bodies = _words_of(user, Organisation, Organisation.name, entries, "body_id")
    proceedings = _words_of(user, Proceeding, Proceeding.reference, entries, "proceeding_id")
    key = (request.__tablename__, request.id)

    def readers() -> Readers:
        yield _l("the status"), column_read("status", partial(labels, "transparency_request_status"))
        yield _l("the day of filing"), partial(when_read, name="filed")
        yield _l("the body asked"), lambda row: bodies.get(row.get("body_id"), "")
        for column, words in DAYS.items():
            yield words, partial(day_read, name=column)
        for column, words in TEXTS.items():
            yield words, column_read(column)
        yield _l("the habeas data"), lambda row: proceedings.get(row.get("proceeding_id"), "")

    def tell(before: Picture, after: Picture, group: list[AuditEntry]) -> Step | None:
        def describe(row: Row) -> str:
            return contracts[row["contract_id"]]

        shown = [_without_hidden(picture, contracts) for picture in (before, after)]
        further = part_phrases(LINK, _l("a contract"), describe, *shown)
        who = names.get(group[0].actor_id, "Amparo")
        return step_of(who, group[0].at, before.get(key), after[key], readers(), further)

    def is_plain_edit(entry: AuditEntry) -> bool:
        """A move stands by itself, however soon after the one before."""
        return edit_of(request.__tablename__)(entry) and "status" not in (entry.columns or [])

    return told(picture_of([request, *request.contract_links]), entries, is_plain_edit, tell, None)[0]


def _without_hidden(picture: Picture, contracts: dict[Any, str]) -> Picture:
    return {key: row for key, row in picture.items() if key[0] != LINK or row.get("contract_id") in contracts}


def _words_of(user: User, model: Any, words: Any, entries: Iterable[AuditEntry], column: str) -> dict[Any, str]:
    """Of the rows that the column has ever named, those that the reader sees, by their numbers."""
    values = [value for entry in entries for value in entry.values if value.column == column]
    named = {json.loads(text) for value in values for text in (value.old, value.new) if text is not None}
    statement = visible(model, user, withdrawn=True).where(model.id.in_(named - {None}))
    return {number: found for number, found in db.session.execute(statement.with_only_columns(model.id, words))}
