"""contracts.csv and links.csv: police–company agreements on record, and which incidents fell into their terms.

Companies and the police are not whom we protect: days are told. Officers and signatories are not named, and nothing
leaves that was leaked, given in confidence, or not marked for publication.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app import dates
from app.access import visible
from app.accounts.models import User
from app.contracts.links import L0, WITH_EVIDENCE
from app.contracts.matches import matches, read
from app.contracts.models import (
    CERTAIN,
    LEAK,
    NETWORK,
    RESTRICTED,
    Contract,
    ContractPlace,
    ContractProject,
    ContractSource,
    ContractSpan,
)
from app.contracts.standing import links_that_hold
from app.contracts.terms import Span, in_force, in_order, paper_of, spans
from app.contracts.workflow import REVIEWED
from app.db import alpha3, db
from app.evidence.files import EvidenceFile
from app.incidents.models import Incident
from app.organisations.models import Project
from app.places.models import Place
from app.proceedings.money import decimal_text
from app.upr.columns import NEVER
from app.upr.filters import Filters
from app.upr.rule import OTHER_ORG, may_touch
from app.vocabulary.queries import upr_code

DURING_VALIDITY, INVOLVES_PARTY = "during_validity_of", "involves_party_of"
NOT_REVIEWED, NOT_PUBLISHABLE, LEAKED, SECRET = "not_reviewed", "not_publishable", "leaked", "in_confidence"
REASONS = (NOT_REVIEWED, NOT_PUBLISHABLE, LEAKED, SECRET, OTHER_ORG)

Row = dict[str, Any]


@dataclass(frozen=True)
class Link:
    """An incident that fell into the term of an agreement, at the level that somebody answers for or days bear out."""

    incident_id: int
    contract_id: int
    level: str
    is_in_term: bool
    """For certain, by the papers that leave."""


def contracts_asked(user: User, filters: Filters) -> Select[tuple[Contract]]:
    """Papers whose agreement may have held in the period, or of which nothing says that it did not."""
    of_base = aliased(ContractSpan)
    touching = select(of_base.contract_id).where(
        of_base.kind != CERTAIN, of_base.from_day <= filters.last, of_base.to_day >= filters.first
    )
    place = selectinload(Contract.place_links).joinedload(ContractPlace.place).joinedload(Place.department)
    project = selectinload(Contract.project_links).joinedload(ContractProject.project)
    return (
        visible(Contract, user)
        .where(
            or_(Contract.full_to(user), Contract.confidentiality == NETWORK),
            Contract.country == filters.country,
            Contract.state != "REJECTED",
            Contract.base_id.in_(touching),
        )
        .options(
            joinedload(Contract.company),
            place,
            project.selectinload(Project.places).joinedload(Place.department),
            selectinload(Contract.source_links).joinedload(ContractSource.source),
            selectinload(Contract.legal_bases),
            joinedload(Contract.base),
        )
        .order_by(Contract.reference)
    )


def is_asked_for(paper: Contract, filters: Filters) -> bool:
    """Whether its regions and its sector are among those that were chosen."""
    if filters.admin1 and not set(_admin1(paper)) & set(filters.admin1):
        return False
    return not filters.sectors or _sectors(paper) in filters.sectors


def reason_to_stay(contract: Contract, teams: Collection[int]) -> str | None:
    """Why a paper is no row; None when it leaves. *teams*: those for which the user makes packs; what another one
    shares is not the user's to give away, and why it would stay is not told."""
    if contract.team_id not in teams:
        return OTHER_ORG
    hindrances = [
        (LEAKED, contract.obtained == LEAK),
        (SECRET, contract.in_confidence or contract.confidentiality == RESTRICTED),
        (NOT_PUBLISHABLE, not contract.may_be_published),
        (NOT_REVIEWED, contract.state not in REVIEWED),
    ]
    return next((reason for reason, holds in hindrances if holds), None)


# --- links ---------------------------------------------------------------------------------------


def terms_told(papers: Iterable[Contract]) -> dict[int, list[Span]]:
    """Agreement → its spans as the papers that leave bear them out: what stays must not speak through the others."""
    leaving = list(papers)
    children: dict[int | None, list[Contract]] = {}
    for paper in leaving:
        children.setdefault(paper.base_id, []).append(paper)
    return {
        paper.id: spans(paper_of(one) for one in in_order(paper, children[paper.base_id]))
        for paper in leaving
        if not paper.is_addendum
    }


def links_between(
    user: User,
    filters: Filters,
    incident_ids: Collection[int],
    papers: Collection[Contract],
    told: Mapping[int, list[Span]],
) -> list[Link]:
    """What days and places bear out beyond doubt and nobody has discarded, and what two people have confirmed.

    That somebody confirmed a link which is only possible makes it no more certain: it does not leave.
    """
    if not incident_ids or not told:
        return []
    wanted = set(incident_ids)
    incidents = visible(Incident, user).where(Incident.country == filters.country, may_touch(filters))
    contracts = visible(Contract, user).where(Contract.country == filters.country)
    found: dict[tuple[int, int], str] = {}
    leaving = [paper.id for paper in papers]
    asked = matches(user, incidents=incidents, contracts=contracts, papers=leaving)
    for match in map(read, db.session.execute(asked)):
        if match.follows == CERTAIN and match.level:
            found[match.incident_id, match.contract_id] = match.level
    for link in links_that_hold(user):
        pair = link.incident_id, link.contract_id
        if link.level in WITH_EVIDENCE:
            found[pair] = link.level
        elif link.level == L0:
            found.pop(pair, None)
    days = {
        id_: (first, last)
        for id_, first, last in db.session.execute(
            incidents.where(Incident.full_to(user)).with_only_columns(
                Incident.id, Incident.happened_from, Incident.happened_to
            )
        )
    }
    links = [
        Link(incident, contract, level, in_force(told[contract], *days[incident]) == CERTAIN)
        for (incident, contract), level in found.items()
        if incident in wanted and contract in told and incident in days
    ]
    return [link for link in links if link.is_in_term or link.level in WITH_EVIDENCE]


def link_rows(links: Iterable[Link], references: dict[int, str], contracts: dict[int, str]) -> list[Row]:
    rows = [
        {
            "from_ref": references[link.incident_id],
            "to_ref": contracts[link.contract_id],
            "relation": DURING_VALIDITY if link.is_in_term else INVOLVES_PARTY,
            "level": upr_code("contract_link_levels", link.level),
        }
        for link in links
    ]
    return sorted(rows, key=lambda row: (row["from_ref"], row["to_ref"]))


# --- rows ----------------------------------------------------------------------------------------


def contract_rows(
    user: User, papers: Collection[Contract], links: Iterable[Link], told: Mapping[int, list[Span]], filters: Filters
) -> Iterator[Row]:
    fallen = [link.contract_id for link in links]
    documents = _documents(user, papers)
    references = {paper.id: paper.reference for paper in papers}
    kinds = {paper.id: paper.modality for paper in papers}
    for paper in papers:
        row = {name: value(paper) for name, value in VALUES.items()}
        yield row | {
            "kind": upr_code("contract_modalities", kinds.get(paper.base_id or 0, paper.modality)),
            "renewed_from_ref": references.get(paper.parent_id or 0),
            "status_at_cutoff": _status(paper, told.get(paper.base_id or 0, []), filters.last),
            "document_sha256": documents.get(paper.document_reference or ""),
            "incidents_in_validity": None if paper.is_addendum else fallen.count(paper.id),
        }


def _documents(user: User, papers: Collection[Contract]) -> dict[str, str]:
    """Reference of the file that is the paper itself → the SHA-256 of its bytes."""
    wanted = [paper.document_reference for paper in papers if paper.document_reference]
    statement = visible(EvidenceFile, user).where(EvidenceFile.reference.in_(wanted))
    return dict(db.session.execute(statement.with_only_columns(EvidenceFile.reference, EvidenceFile.sha256)).all())


def _status(paper: Contract, told: list[Span], day: date) -> str:
    """As the days bear it out on the last day of the period; where they do not, it is not known."""
    said = upr_code("contract_status", paper.status)
    if said in ("terminated", "annulled"):
        return said
    answer = in_force(told, day, day)
    if answer == CERTAIN:
        return "in_force"
    has_begun = any(span.from_day <= day for span in told)
    return "expired" if answer is None and has_begun else "unknown"


def _admin1(paper: Contract) -> list[str]:
    """Of the districts that it names, else of those of its projects."""
    places = list(paper.places) or [place for project in paper.projects for place in project.places]
    return sorted({code for place in places if (code := place.iso_3166_2 or place.admin1.iso_3166_2)})


def _sectors(paper: Contract) -> str | None:
    codes = {upr_code("sectors", project.sector) for project in paper.projects} - {None, NEVER}
    return next(iter(codes)) if len(codes) == 1 else None


def _logistics(paper: Contract) -> list[str]:
    codes = {upr_code("contract_logistics", code) for code in paper.logistics or []}
    return sorted(code for code in codes if code and code != NEVER)


def _plain(text: str | None) -> str | None:
    return text.replace("|", "/") if text else None


def _basis(paper: Contract) -> str | None:
    return upr_code("contract_amount_bases", paper.total_basis or "UNKNOWN") if paper.total_amount is not None else None


VALUES: dict[str, Callable[[Contract], Any]] = {
    "contract_ref": lambda paper: paper.reference,
    "country_iso3": lambda paper: alpha3(paper.country),
    "company_name": lambda paper: _plain(paper.company.name),
    "parent_group": lambda paper: _plain(paper.company.parent_name),
    "project_name": lambda paper: sorted(_plain(project.name) or "" for project in paper.projects),
    "sector": _sectors,
    "admin1_codes": _admin1,
    "police_unit": lambda paper: upr_code("police_units", paper.police_unit),
    "signed_date": lambda paper: paper.signed.written() or None,
    "start_date": lambda paper: paper.starts.written() or None,
    "end_date": lambda paper: paper.ends.written() or None,
    "amount": lambda paper: decimal_text(paper.total_amount),
    "currency": lambda paper: paper.total_currency if paper.total_amount is not None else None,
    "amount_basis": _basis,
    "amount_qualifier": lambda paper: (
        (paper.total_qualifier or "EXACT").lower() if paper.total_amount is not None else None
    ),
    "counts_documents": lambda paper: paper.counts or 1,
    "officers_min": lambda paper: paper.officers_least,
    "officers_max": lambda paper: paper.officers_most,
    "logistics": _logistics,
    "scope_note": lambda paper: paper.scope,
    "legal_basis": lambda paper: sorted(
        code for row in paper.legal_bases if (code := upr_code("legal_bases_contracts", row.norm))
    ),
    "obtained_by": lambda paper: upr_code("contract_obtained", paper.obtained) if paper.obtained else None,
    "publishable": lambda paper: paper.may_be_published,
    "source_refs": lambda paper: sorted(
        link.source.reference for link in paper.source_links if link.source.is_public and not link.source.is_withdrawn
    ),
    "verification_status": lambda paper: upr_code("verification_statuses", paper.state),
    "last_updated": lambda paper: dates.day_of(paper.updated_at),
}
"""Column → its value. What no room fills yet stands in the columns' own file."""
