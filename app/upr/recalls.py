"""Packs to call back: what they carried may not go out any more, because somebody took a consent back or for another
reason. A pack that is published cannot be made unread; who took it can be asked to put a new one in its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.accounts.models import User
from app.dates import today
from app.db import db
from app.i18n import language
from app.incidents.models import Act, Incident
from app.people.allowed import WEAKEST_FIRST, reach_for
from app.people.models import Consent, Person
from app.proceedings.models import AGAINST, Accused, Proceeding
from app.upr.models import Pack, PackProceeding, PackRecord
from app.upr.queries import packs_made
from app.upr.rule import NO_CONSENT, PURPOSE, WITHDRAWN, consent_level

LEFT = ("REJECTED", "DRAFT", "SUBMITTED", "IN_REVIEW", "NEEDS_INFO")
"""States in which nothing leaves; a record that was verified can come back to them."""
NOT_REVIEWED = "unverified"


@dataclass(frozen=True)
class Touched:
    """A record that a pack carried and that may not go out any more."""

    reference: str
    title: str
    reason: str
    endpoint: str


@dataclass
class Recall:
    """A pack to call back, with the records for which."""

    pack: Pack
    records: list[Touched] = field(default_factory=list)


def recalled(user: User, pack: Pack | None = None) -> list[Recall]:
    """The packs that the user may see and that carried what may not go out now, the newest first; or of one pack."""
    packs: dict[int, Recall] = {
        one.id: Recall(one) for one in ([pack] if pack is not None else db.session.scalars(packs_made(user)))
    }
    for pack_id, touched in [*_incidents(user, packs), *_proceedings(user, packs)]:
        packs[pack_id].records.append(touched)
    return [recall for recall in packs.values() if recall.records]


def recall_count(user: User) -> int:
    return len(recalled(user))


def _incidents(user: User, packs: Collection[int]) -> Iterator[tuple[int, Touched]]:
    """Only those are asked about of which something may have changed: a refusal, an end, a withdrawal, a move back."""
    carried = _carried(PackRecord, PackRecord.incident_id, packs)
    changed = or_(
        Incident.withdrawn_at.is_not(None),
        Incident.state.in_(LEFT),
        Incident.embargo_until >= today(),
        Incident.id.in_(select(Act.incident_id).where(Act.person_id.in_(_who_took_back()))),
    )
    ids = select(PackRecord.incident_id).where(PackRecord.pack_id.in_(list(packs)))
    statement: Any = (
        visible(Incident, user, withdrawn=True)
        .where(changed, Incident.id.in_(ids), Incident.full_to(user))
        .options(selectinload(Incident.acts).selectinload(Act.person).selectinload(Person.consents))
        .order_by(Incident.reference)
    )
    for incident in db.session.scalars(statement) if packs else ():
        for pack_id, reach in carried[incident.id]:
            if reason := _why(incident, reach):
                title = incident.title_in(language())
                yield pack_id, Touched(incident.reference, title, reason, "incidents.show")


def _proceedings(user: User, packs: Collection[int]) -> Iterator[tuple[int, Touched]]:
    carried = _carried(PackProceeding, PackProceeding.proceeding_id, packs)
    changed = or_(
        Proceeding.withdrawn_at.is_not(None),
        Proceeding.id.in_(select(Accused.proceeding_id).where(Accused.person_id.in_(_who_took_back()))),
    )
    ids = select(PackProceeding.proceeding_id).where(PackProceeding.pack_id.in_(list(packs)))
    statement: Any = (
        visible(Proceeding, user, withdrawn=True)
        .where(changed, Proceeding.id.in_(ids), Proceeding.full_to(user))
        .options(selectinload(Proceeding.accused).selectinload(Accused.person).selectinload(Person.consents))
        .order_by(Proceeding.reference)
    )
    for proceeding in db.session.scalars(statement) if packs else ():
        accused = proceeding.accused if proceeding.direction == AGAINST else []
        reaches = [reach_for(row.person, PURPOSE, today()) for row in accused if row.person is not None]
        for pack_id, reach in carried[proceeding.id]:
            is_less = any(_is_less(one, reach) for one in reaches) and not (
                proceeding.is_already_public and WEAKEST_FIRST[0] not in reaches
            )
            if proceeding.is_withdrawn or is_less:
                reason = WITHDRAWN if proceeding.is_withdrawn else NO_CONSENT
                title = proceeding.title_in(language())
                yield pack_id, Touched(proceeding.reference, title, reason, "proceedings.show")


def _who_took_back() -> Any:
    """Persons of whom some answer has ended, or allows little."""
    return select(Consent.person_id).where(
        or_(
            Consent.withdrawn_on.is_not(None),
            Consent.expires_on < today(),
            Consent.level.in_(("C0", "C1", "C2")),
        )
    )


def _carried(model: Any, column: Any, packs: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """Record → the packs that carried it, and how far."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    statement = select(column, model.pack_id, model.reach).where(model.pack_id.in_(list(packs)))
    for number, pack_id, reach in db.session.execute(statement) if packs else ():
        found[number].append((pack_id, reach))
    return found


def _why(incident: Incident, reach: str) -> str | None:
    if incident.is_withdrawn:
        return WITHDRAWN
    if _is_less(consent_level(incident, today()), reach):
        return NO_CONSENT
    return NOT_REVIEWED if incident.state in LEFT else None


def _is_less(level: str, reach: str) -> bool:
    return WEAKEST_FIRST.index(level) < WEAKEST_FIRST.index(reach)
