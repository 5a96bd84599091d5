"""What people decided of contracts and incidents, as the history of the incident tells it. For full readers only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask_babel import gettext as _

from app.access import visible
from app.accounts.models import User
from app.audit import AuditEntry
from app.contracts.link_words import level_words, possibly_words
from app.contracts.links import L0, PROPOSED, WITH_EVIDENCE, ContractLink
from app.contracts.models import POSSIBLE, Contract
from app.db import db
from app.history import Picture, Row
from app.incidents.history import Beside, tell_beside
from app.incidents.models import Incident

TABLE = ContractLink.__tablename__


def told_of_links(user: User, incident: Incident, entries: list[AuditEntry]) -> Beside:
    """A decision on a contract that the reader does not see was never taken."""
    statement = visible(ContractLink, user).where(ContractLink.incident_id == incident.id)
    rows: list[Any] = list(db.session.scalars(statement))
    contract_of = {row.id: row.contract_id for row in rows}
    for entry in entries:
        for value in entry.values:
            if value.column == "contract_id" and entry.row_id is not None:
                contract_of[entry.row_id] = json.loads(value.new or value.old or "0")
    called = _references(user, set(contract_of.values()))
    seen = [entry for entry in entries if contract_of.get(entry.row_id or 0) in called]
    return Beside(seen, rows, partial(_phrases, called))


def _references(user: User, numbers: set[int]) -> dict[int, str]:
    if not numbers:
        return {}
    statement: Any = visible(Contract, user, withdrawn=True).where(Contract.id.in_(numbers))
    return {
        id_: reference
        for id_, reference in db.session.execute(statement.with_only_columns(Contract.id, Contract.reference))
    }


def _phrases(called: Mapping[int, str], before: Picture, after: Picture) -> list[str]:
    keys = sorted(key for key in {*before, *after} if key[0] == TABLE)
    found = []
    for key in keys:
        old, new = before.get(key), after.get(key)
        contract = called.get((new or old or {}).get("contract_id") or 0)
        if contract is not None and old != new:
            found.append(_phrase(contract, old, new))
    return found


def _phrase(contract: str, old: Row | None, new: Row | None) -> str:
    if new is None:
        return _("took back what was decided of contract %(contract)s (“%(what)s”)", contract=contract, what=_what(old))
    values = {"contract": contract, "what": _what(new)}
    was_proposed = old is not None and old.get("state") == PROPOSED
    if new.get("state") == PROPOSED:
        if new.get("second_by_id") and not (old or {}).get("second_by_id"):
            done = _("sent back what was proposed of contract %(contract)s (“%(what)s”)", **values)
            return _with(done, new.get("second_note"))
        return _with(_("proposed of contract %(contract)s: “%(what)s”", **values), new.get("reason"))
    if new.get("level") == L0:
        return _with(_("discarded the link to contract %(contract)s", **values), new.get("reason"))
    if new.get("level") in WITH_EVIDENCE and was_proposed:
        done = _("confirmed as the second person, of contract %(contract)s: “%(what)s”", **values)
        return _with(done, new.get("second_note"))
    return _("confirmed of contract %(contract)s: “%(what)s”", **values)


def _what(row: Row | None) -> str:
    level = (row or {}).get("level") or L0
    return possibly_words(level) if (row or {}).get("followed") == POSSIBLE else level_words(level)


def _with(done: str, words: str | None) -> str:
    return _("%(done)s: “%(note)s”", done=done, note=words.rstrip(".")) if words else done


tell_beside(TABLE, told_of_links)
