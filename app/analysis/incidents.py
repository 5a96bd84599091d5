"""What happened beside contracts: incidents about the company or project, and those that fall into a contract's term.

Which company or project an incident is about is for who reads it in full; nobody may find it out from this side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, or_
from sqlalchemy.orm import joinedload

from app.access import full_ids, visible
from app.accounts.models import User
from app.contracts.link_words import is_answered_for, told
from app.contracts.links import CONFIRMED, L0, ContractLink
from app.contracts.matches import Match, matches, read
from app.contracts.models import Contract
from app.contracts.workflow import REJECTED
from app.db import db
from app.incidents.models import Incident, IncidentCompany, IncidentProject, Involvement
from app.incidents.queries import for_list, shown_date, shown_place, shown_title
from app.timeline.moments import Moment
from app.vocabulary.queries import label

MOST = 100
"""So many incidents are shown, the last ones; the page says how many there are."""


@dataclass(frozen=True)
class Said:
    """Words on an incident and a contract, and whether people answer for them or only days and places suggest them."""

    words: str
    is_confirmed: bool


@dataclass(frozen=True)
class Beside:
    """An incident as this reader may read it, and why it stands here."""

    reference: str
    title: str
    day: str
    kind: str
    place: str
    moment: Moment
    state: str
    is_about: bool
    links: dict[Said, list[Contract]] = field(default_factory=dict)
    """What may be said of it and of agreements."""


@dataclass(frozen=True)
class Happened:
    rows: list[Beside]
    total: int

    @property
    def moments(self) -> list[Moment]:
        return [row.moment for row in self.rows]


def happened(
    user: User, agreements: Select[Any], chains: list[list[Contract]], companies: Sequence[int], projects: Sequence[int]
) -> Happened:
    """In a fixed number of statements. *agreements* is the select behind *chains*."""
    about = _about(user, companies, projects)
    links = _links(user, agreements, {chain[0].id: chain[0] for chain in chains})
    found = visible(Incident, user).where(
        Incident.state != REJECTED, Incident.full_to(user), Incident.id.in_([*about, *links])
    )
    rows: Any = db.session.scalars(
        for_list(found).order_by(Incident.happened_from.desc().nulls_last(), Incident.id.desc())
    ).unique()
    rows = list(rows)
    in_full = full_ids(Incident, user, rows[:MOST])
    return Happened(
        [_beside(row, row.id in in_full, row.id in about, links.get(row.id, {})) for row in rows[:MOST]], len(rows)
    )


def _about(user: User, companies: Sequence[int], projects: Sequence[int]) -> set[int]:
    """Incidents that name one of them."""
    rules: list[ColumnElement[bool]] = []
    if companies:
        rules.append(Incident.company_links.any(IncidentCompany.organisation_id.in_(companies)))
        rules.append(Incident.involvements.any(Involvement.organisation_id.in_(companies)))
    if projects:
        rules.append(Incident.project_links.any(IncidentProject.project_id.in_(projects)))
    if not rules:
        return set()
    statement = visible(Incident, user).where(or_(*rules), Incident.full_to(user), Incident.state != REJECTED)
    return set(db.session.scalars(statement.with_only_columns(Incident.id)))


def _links(user: User, agreements: Select[Any], by_id: dict[int, Contract]) -> dict[int, dict[Said, list[Contract]]]:
    """Incident → what may be said of it and of these agreements."""
    if not by_id:
        return {}
    computed: dict[tuple[int, int], Match] = {}
    for row in db.session.execute(matches(user, contracts=agreements)):
        match = read(row)
        computed[match.incident_id, match.contract_id] = match
    decided = (
        visible(ContractLink, user)
        .join(ContractLink.incident)
        .where(
            ContractLink.contract_id.in_(by_id),
            or_(ContractLink.state == CONFIRMED, ContractLink.confirmed_level.is_not(None)),
            Incident.full_to(user),
            Incident.withdrawn_at.is_(None),
        )
        .options(
            joinedload(ContractLink.by),
            joinedload(ContractLink.confirmed_by),
            joinedload(ContractLink.source),
            joinedload(ContractLink.evidence_file),
        )
    )
    rows: Any = db.session.scalars(decided).unique()
    links = {(link.incident_id, link.contract_id): link for link in rows}
    found: dict[int, dict[Said, list[Contract]]] = {}
    for incident_id, contract_id in dict.fromkeys([*links, *computed]):
        link = links.get((incident_id, contract_id))
        follows = computed.get((incident_id, contract_id))
        said = Said(told(follows, link), is_confirmed=link is not None and is_answered_for(follows, link))
        # Where somebody looked and found no link, there is none to be shown.
        if said.words and (link is None or link.level != L0):
            found.setdefault(incident_id, {}).setdefault(said, []).append(by_id[contract_id])
    return found


def _beside(incident: Incident, in_full: bool, is_about: bool, links: dict[Said, list[Contract]]) -> Beside:
    title, day = shown_title(incident, in_full), shown_date(incident, in_full)
    return Beside(
        reference=incident.reference,
        title=title,
        day=day,
        kind=label("incident_types", incident.main_type),
        place=shown_place(incident, in_full),
        moment=Moment(
            lane="incidents",
            happened=incident.happened,
            when=day,
            title=title,
            what=_("Incident"),
            address=url_for("incidents.show", reference=incident.reference),
        ),
        state=incident.state,
        is_about=is_about,
        links=links,
    )
