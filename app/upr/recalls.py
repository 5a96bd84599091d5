"""Packs to call back: what they carried may not go out any more, because somebody took a consent back or for another
reason. A pack that is published cannot be made unread; who took it can be asked to put a new one in its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import visible
from app.accounts.models import User
from app.contracts.models import Contract
from app.dates import today
from app.db import db
from app.i18n import language
from app.incidents.models import Act, Incident
from app.people.allowed import ANONYMISED_PUBLIC, NAMED_PUBLIC, WEAKEST_FIRST
from app.people.models import Consent, Person
from app.proceedings.models import Accused, Proceeding
from app.upr import contract_rows
from app.upr.filters import Filters
from app.upr.models import OPEN, Pack, PackContract, PackProceeding, PackRecord
from app.upr.proceeding_rows import Told, level_of, wronged_persons
from app.upr.queries import packs_made
from app.upr.rule import EMBARGO, NO_CONSENT, UNVERIFIED, WITHDRAWN, consent_level, teams_of

LEFT = ("REJECTED", "DRAFT", "SUBMITTED", "IN_REVIEW", "NEEDS_INFO")
"""States in which nothing leaves; a record that was verified can come back to them."""
NOT_PUBLIC = "not_public"
GONE_OPENLY = frozenset({OPEN, NAMED_PUBLIC})


@dataclass(frozen=True)
class Touched:
    """A record that a pack carried and that may not go out any more as it went."""

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
    if not packs:
        return []
    oldest = min(recall.pack.made_at for recall in packs.values())
    for pack_id, touched in [*_incidents(user, packs, oldest), *_proceedings(user, packs), *_contracts(user, packs)]:
        packs[pack_id].records.append(touched)
    return [recall for recall in packs.values() if recall.records]


def recall_count(user: User) -> int:
    return len(recalled(user))


def _incidents(user: User, packs: Collection[int], oldest: datetime) -> Iterator[tuple[int, Touched]]:
    """Only those are asked about of which something has changed since, or of whose people somebody has answered."""
    carried = _carried(PackRecord, PackRecord.incident_id, packs)
    answered = select(Consent.person_id).where(
        or_(
            Consent.recorded_at > oldest,
            Consent.withdrawn_on.is_not(None),
            Consent.expires_on < today(),
            Consent.level.in_(("C0", "C1", "C2")),
        )
    )
    openly = select(PackRecord.incident_id).where(
        PackRecord.pack_id.in_(list(packs)), PackRecord.reach.in_(GONE_OPENLY)
    )
    changed = or_(
        Incident.updated_at > oldest,
        Incident.withdrawn_at.is_not(None),
        Incident.state.in_(LEFT),
        Incident.embargo_until >= today(),
        and_(Incident.public_approved_at.is_(None), Incident.id.in_(openly)),
        Incident.id.in_(select(Act.incident_id).where(Act.person_id.in_(answered))),
    )
    ids = select(PackRecord.incident_id).where(PackRecord.pack_id.in_(list(packs)))
    statement: Any = (
        visible(Incident, user, withdrawn=True)
        .where(changed, Incident.id.in_(ids), Incident.full_to(user))
        .options(selectinload(Incident.acts).selectinload(Act.person).selectinload(Person.consents))
        .order_by(Incident.reference)
    )
    for incident in db.session.scalars(statement):
        for pack_id, reach in carried[incident.id]:
            if reason := _why(incident, reach):
                title = incident.title_in(language())
                yield pack_id, Touched(incident.reference, title, reason, "incidents.show")


def _why(incident: Incident, reach: str) -> str | None:
    is_held = incident.embargo_until is not None and incident.embargo_until >= today()
    hindrances = [
        (WITHDRAWN, incident.is_withdrawn),
        (NO_CONSENT, _is_less(consent_level(incident, today()), reach)),
        (NOT_PUBLIC, reach in GONE_OPENLY and not incident.is_already_public),
        (UNVERIFIED, incident.state in LEFT),
        (EMBARGO, is_held),
    ]
    return next((reason for reason, holds in hindrances if holds), None)


def _proceedings(user: User, packs: dict[int, Recall]) -> Iterator[tuple[int, Touched]]:
    carried = _carried(PackProceeding, PackProceeding.proceeding_id, packs)
    statement: Any = (
        visible(Proceeding, user, withdrawn=True)
        .where(Proceeding.id.in_(list(carried)), Proceeding.full_to(user))
        .options(selectinload(Proceeding.accused).joinedload(Accused.person).selectinload(Person.consents))
        .order_by(Proceeding.reference)
    )
    proceedings = list(db.session.scalars(statement).unique())
    wronged = wronged_persons(user, [one.case_id for one in proceedings])
    for proceeding in proceedings:
        for pack_id, reach in carried[proceeding.id]:
            pack = packs[pack_id].pack
            wish = Filters(proceeding.country or "", pack.period_from, pack.period_to, language())
            level = level_of(Told(proceeding, (), wronged.get(proceeding.case_id, ()), wish), today())
            hindrances = [
                (WITHDRAWN, proceeding.is_withdrawn),
                (NO_CONSENT, _is_less(level, reach)),
                (NOT_PUBLIC, reach in GONE_OPENLY and not proceeding.is_already_public),
            ]
            if reason := next((reason for reason, holds in hindrances if holds), None):
                title = proceeding.title_in(language())
                yield pack_id, Touched(proceeding.reference, title, reason, "proceedings.show")


def _contracts(user: User, packs: Collection[int]) -> Iterator[tuple[int, Touched]]:
    """Those that were marked as leaked or given in confidence since, or of which the mark was taken away."""
    carried: dict[int, list[int]] = defaultdict(list)
    rows = select(PackContract.contract_id, PackContract.pack_id).where(PackContract.pack_id.in_(list(packs)))
    for number, pack_id in db.session.execute(rows):
        carried[number].append(pack_id)
    statement: Any = (
        visible(Contract, user, withdrawn=True)
        .where(Contract.id.in_(list(carried)))
        .options(joinedload(Contract.company))
        .order_by(Contract.reference)
    )
    teams = teams_of(user)
    for paper in db.session.scalars(statement).unique():
        reason = WITHDRAWN if paper.is_withdrawn else contract_rows.reason_to_stay(paper, teams)
        for pack_id in carried[paper.id] if reason else ():
            yield pack_id, Touched(paper.reference, paper.title, str(reason), "contracts.show")


def _carried(model: Any, column: Any, packs: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """Record → the packs that carried it, and how far."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    statement = select(column, model.pack_id, model.reach).where(model.pack_id.in_(list(packs)))
    for number, pack_id, reach in db.session.execute(statement):
        found[number].append((pack_id, reach))
    return found


def _is_less(level: str, reach: str) -> bool:
    """Whether consent reaches less far than the record went; what was public already goes without names."""
    needed = ANONYMISED_PUBLIC if reach == OPEN else reach
    return WEAKEST_FIRST.index(level) < WEAKEST_FIRST.index(needed)
