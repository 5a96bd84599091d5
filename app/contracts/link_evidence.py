"""What may be named as evidence for a link: sources and files of the incident, and of the contract if read in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.access import visible
from app.accounts.models import User
from app.contracts.models import Contract, ContractSource
from app.db import db
from app.evidence.models import Source
from app.evidence.queries import file_choices
from app.i18n import date_words
from app.incidents.models import Incident, SourceLink
from app.vocabulary.queries import label


@dataclass(frozen=True)
class Evidence:
    """One of the two: a source, or the reference of a file."""

    key: str
    """As a form names it."""
    words: str
    source: Source | None = None
    file_reference: str | None = None


def evidence_offered(user: User, incident: Incident, contract: Contract) -> list[Evidence]:
    return [*_sources(user, incident, contract), *_files(user, incident, contract)]


def evidence_called(user: User, incident: Incident, contract: Contract, key: str) -> Evidence | None:
    """What a form names, if it is still among what is offered."""
    return next((one for one in evidence_offered(user, incident, contract) if one.key == key), None)


def _sources(user: User, incident: Incident, contract: Contract) -> list[Evidence]:
    of_incident = select(SourceLink.source_id).where(
        SourceLink.incident_id.in_(select(Incident.id).where(Incident.id == incident.id, Incident.full_to(user)))
    )
    of_contract = select(ContractSource.source_id).where(
        ContractSource.contract_id.in_(
            select(Contract.id).where(
                Contract.base_id == contract.base_id, Contract.full_to(user), Contract.withdrawn_at.is_(None)
            )
        )
    )
    statement = visible(Source, user).where(or_(Source.id.in_(of_incident), Source.id.in_(of_contract)))
    found: Any = db.session.scalars(statement.order_by(Source.citation, Source.id))
    return [Evidence(source.reference, _words(source), source=source) for source in found]


def _words(source: Source) -> str:
    """What tells it from others of the same citation: its kind, its day, its reference."""
    day = date_words(source.published_on) if source.published_on else ""
    about = " · ".join(filter(None, [label("source_types", source.kind), day, source.reference]))
    return f"{source.citation} ({about})"


def _files(user: User, incident: Incident, contract: Contract) -> list[Evidence]:
    papers: Any = db.session.scalars(visible(Contract, user).where(Contract.base_id == contract.base_id))
    return [
        Evidence(reference, words, file_reference=reference)
        for record in (incident, *papers.unique())
        for reference, words in file_choices(user, record)
    ]
