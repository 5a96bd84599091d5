"""What people decided of contracts and incidents, as the histories of both tell it. For full readers only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.accounts.models import User
from app.audit import AuditEntry, AuditValue
from app.contracts.link_words import level_words, possibly_words
from app.contracts.links import COMPUTED, L0, PROPOSED, WITH_EVIDENCE, ContractLink
from app.contracts.models import POSSIBLE, Contract
from app.db import db
from app.history import Beside, Picture, Row
from app.incidents.history import tell_beside
from app.incidents.models import Incident

TABLE = ContractLink.__tablename__


def told_of_incident(user: User, incident: Incident, entries: list[AuditEntry]) -> Beside:
    """A decision on a contract that the reader does not see was never taken."""
    statement = visible(ContractLink, user).where(ContractLink.incident_id == incident.id)
    rows: list[Any] = list(db.session.scalars(statement))
    seen: Any = visible(Contract, user, withdrawn=True).with_only_columns(Contract.id, Contract.reference)
    return _beside(rows, entries, "contract_id", seen, Contract)


def told_of_contract(user: User, contract: Contract) -> Beside:
    """Of incidents that the reader reads in full: a decision tells of them."""
    number = str(contract.id)
    names_it = select(AuditValue.entry_id).where(
        AuditValue.column == "contract_id", or_(AuditValue.old == number, AuditValue.new == number)
    )
    links = select(AuditEntry.row_id).where(AuditEntry.table_name == TABLE, AuditEntry.id.in_(names_it))
    statement = visible(ContractLink, user).where(ContractLink.id.in_(links), ContractLink.full_to(user))
    rows: list[Any] = list(db.session.scalars(statement))
    entries = (
        select(AuditEntry)
        .where(AuditEntry.table_name == TABLE, AuditEntry.row_id.in_(links))
        .options(selectinload(AuditEntry.values))
        .order_by(AuditEntry.id.desc())
    )
    full: Any = visible(Incident, user, withdrawn=True).where(Incident.full_to(user))
    seen = full.with_only_columns(Incident.id, Incident.reference)
    return _beside(rows, list(db.session.scalars(entries)), "incident_id", seen, Incident)


def _beside(rows: list[Any], entries: list[AuditEntry], column: str, seen: Any, model: Any) -> Beside:
    """*column* names the other end, of which *seen* gives number and reference."""
    others_of: dict[int, set[int]] = {row.id: {getattr(row, column)} for row in rows}
    for entry in entries:
        for value in entry.values:
            if value.column == column and entry.row_id is not None:
                # A decision goes with its contract when that is hung under another.
                others_of.setdefault(entry.row_id, set()).update(
                    json.loads(one) for one in (value.old, value.new) if one
                )
    wanted = set().union(*others_of.values())
    found: Any = db.session.execute(seen.where(model.id.in_(wanted))) if wanted else []
    called = {number: reference for number, reference in found}
    kept = [entry for entry in entries if (others := others_of.get(entry.row_id or 0)) and others <= called.keys()]
    told = [row for row in rows if getattr(row, column) in called]
    return Beside(kept, told, partial(_phrases, called, column))


def _phrases(called: Mapping[int, str], column: str, before: Picture, after: Picture) -> list[str]:
    keys = sorted(key for key in {*before, *after} if key[0] == TABLE)
    found = []
    for key in keys:
        old, new = before.get(key), after.get(key)
        other = called.get((new or old or {}).get(column) or 0)
        if other is not None and old != new:
            found.append(_phrase(other, old, new))
    return found


def _phrase(other: str, old: Row | None, new: Row | None) -> str:
    if new is None:
        return _("took back the decision on the link to %(other)s (“%(what)s”)", other=other, what=_what(old))
    values = {"other": other, "what": _what(new)}
    if new.get("state") == PROPOSED:
        if new.get("second_note") and not new.get("second_by_id"):
            return _with(
                _("the link to %(other)s waits for a second person again: “%(what)s”", **values), new["second_note"]
            )
        if new.get("second_by_id") and not (old or {}).get("second_by_id"):
            done = _("sent back the proposal on the link to %(other)s (“%(what)s”)", **values)
            return _with(done, new.get("second_note"))
        return _with(_("proposed on the link to %(other)s: “%(what)s”", **values), new.get("reason"))
    if (old or {}).get("state") == PROPOSED and new.get("level") in COMPUTED:
        return _("took back the proposal on the link to %(other)s; what was confirmed stands: “%(what)s”", **values)
    if new.get("level") == L0:
        return _with(_("discarded the link to %(other)s", **values), new.get("reason"))
    if new.get("level") in WITH_EVIDENCE:
        done = _("confirmed as the second person, on the link to %(other)s, “%(what)s”", **values)
        return _with(done, new.get("second_note"))
    return _("confirmed on the link to %(other)s: “%(what)s”", **values)


def _what(row: Row | None) -> str:
    level = (row or {}).get("level") or L0
    return possibly_words(level) if (row or {}).get("followed") == POSSIBLE else level_words(level)


def _with(done: str, words: str | None) -> str:
    return _("%(done)s: “%(note)s”", done=done, note=words.rstrip(".")) if words else done


tell_beside(TABLE, told_of_incident)
