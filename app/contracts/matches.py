"""Which contract was in force where and when an incident happened: asked of the database anew each time.

Nothing of it is stored, so it follows every change of a day, a place, a project or an addendum on either side. Software
says L1 and L2 at most, and of days that are not known to coincide that they may; what the police did is for people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from app.access import visible
from app.accounts.models import User
from app.contracts.links import L1, L2
from app.contracts.models import (
    CERTAIN,
    POSSIBLE,
    TERM_UNKNOWN,
    Contract,
    ContractPlace,
    ContractProject,
    ContractSpan,
)
from app.contracts.terms import FIRST_DAY, LAST_DAY
from app.contracts.workflow import REJECTED
from app.incidents.models import Incident, IncidentProject
from app.organisations.models import ProjectPlace
from app.places.models import Place

WAYS = ("rank", "by_project", "by_place", "by_area", "by_zone")
"""What is said of a pair: how surely, and by which ways; of several ways each counts."""
RANKS = {TERM_UNKNOWN: 1, POSSIBLE: 2, CERTAIN: 3}
_KINDS = {rank: kind for kind, rank in RANKS.items()}


@dataclass(frozen=True)
class Match:
    """An agreement that was, or may have been, in force when and where an incident happened."""

    incident_id: int
    contract_id: int
    follows: str
    """CERTAIN, POSSIBLE, or UNKNOWN where the contract has no beginning on record."""
    by_project: bool
    by_place: bool
    by_area: bool = False
    """The place lies in one that a paper of the contract names."""
    by_zone: bool = False
    """The place lies in a district of a project of the contract. By neither: the province of the project in common."""

    @property
    def level(self) -> str | None:
        """What may be suggested; nothing of a contract without a term."""
        if self.follows == TERM_UNKNOWN:
            return None
        return L2 if self.by_place else L1


def matches(
    user: User,
    *,
    incidents: Select[Any] | None = None,
    contracts: Select[Any] | None = None,
    papers: Collection[int] | None = None,
) -> Select[tuple[int, int, int, int, int, int, int]]:
    """(incident, agreement, and `WAYS`) over all that the user sees, narrowed by selects of either.

    Of incidents only those that the user reads in full: a match would tell their district, and nearly their day.
    A match needs a day of the incident and either a project in common or its place inside the area of the contract:
    the districts that it names and those of its projects. A place that is only known to the province counts as that of
    a project in common which lies in it.

    *papers*: only projects and places that these agreements and addenda name; None for all of a chain.
    """
    happened = _incidents((visible(Incident, user) if incidents is None else incidents).where(Incident.full_to(user)))
    chains = _papers(visible(Contract, user) if contracts is None else contracts, papers)
    pairs = union_all(
        _by_project(happened, chains),
        _by_place(happened, _named_places(chains), area=1, zone=0),
        _by_place(happened, _places_of_projects(chains), area=0, zone=1),
    ).subquery("pairs")
    most = [func.max(pairs.c[name]).label(name) for name in WAYS]
    statement = select(pairs.c.incident_id, pairs.c.contract_id, *most).group_by(
        pairs.c.incident_id, pairs.c.contract_id
    )
    return statement.execution_options(**visible(Contract, user).get_execution_options())


def read(row: Any) -> Match:
    ways = (bool(getattr(row, name)) for name in WAYS[1:])
    return Match(row.incident_id, row.contract_id, _KINDS[row.rank], *ways)


# Each way to a match is one flat join from end to end, so that the database may begin at whichever side is narrow: an
# incident's page must not walk through all incidents, nor a contract's through all of either.


def _incidents(statement: Select[Any]) -> Subquery:
    dated = or_(Incident.happened_from.is_not(None), Incident.happened_to.is_not(None))
    columns = (Incident.id, Incident.place_id, Incident.happened_from, Incident.happened_to)
    narrowed = statement.where(dated, Incident.state != REJECTED).order_by(None)
    return narrowed.with_only_columns(*columns, maintain_column_froms=True).subquery("happened")


def _papers(statement: Select[Any], only: Collection[int] | None) -> Subquery:
    """Agreements with each paper of their chains: an addendum may bring projects and places of its own."""
    wanted = statement.order_by(None).with_only_columns(Contract.base_id, maintain_column_froms=True)
    paper, base = aliased(Contract), aliased(Contract)
    found = (
        select(paper.id, paper.base_id)
        .join(base, base.id == paper.base_id)
        .where(paper.base_id.in_(wanted), paper.withdrawn_at.is_(None), paper.state != REJECTED, base.state != REJECTED)
    )
    return (found if only is None else found.where(paper.id.in_(only))).subquery("papers")


def _by_project(happened: Subquery, papers: Subquery) -> Select[Any]:
    """With the place where the incident is only known to the province, and the project lies in it."""
    covered = aliased(Place)
    lies_there = exists(
        select(ProjectPlace.place_id)
        .join(covered, covered.id == ProjectPlace.place_id)
        .where(ProjectPlace.project_id == IncidentProject.project_id, covered.province_id == happened.c.place_id)
        .correlate(IncidentProject, happened)
    )
    span = aliased(ContractSpan)
    return (
        select(
            happened.c.id.label("incident_id"),
            papers.c.base_id.label("contract_id"),
            case(RANKS, value=span.kind).label("rank"),
            literal(1).label("by_project"),
            case((lies_there, 1), else_=0).label("by_place"),
            literal(0).label("by_area"),
            literal(0).label("by_zone"),
        )
        .join(IncidentProject, IncidentProject.incident_id == happened.c.id)
        .join(ContractProject, ContractProject.project_id == IncidentProject.project_id)
        .join(papers, papers.c.id == ContractProject.contract_id)
        .join(span, and_(span.contract_id == papers.c.base_id, _overlap(happened, span)))
    )


def _named_places(papers: Subquery) -> Subquery:
    named = select(papers.c.base_id, ContractPlace.place_id)
    return named.join(ContractPlace, ContractPlace.contract_id == papers.c.id).subquery("places")


def _places_of_projects(papers: Subquery) -> Subquery:
    return (
        select(papers.c.base_id, ProjectPlace.place_id)
        .join(ContractProject, ContractProject.contract_id == papers.c.id)
        .join(ProjectPlace, ProjectPlace.project_id == ContractProject.project_id)
        .subquery("places")
    )


def _by_place(happened: Subquery, places: Subquery, *, area: int, zone: int) -> Select[Any]:
    """The place of the incident, or that in which it lies, is one of *places*: of the area named, or of the zone."""
    place, span = aliased(Place), aliased(ContractSpan)
    inside = or_(*(column == places.c.place_id for column in (place.id, place.province_id, place.department_id)))
    ways = (literal(0), literal(1), literal(area), literal(zone))
    return (
        select(happened.c.id, places.c.base_id, case(RANKS, value=span.kind), *ways)
        .join(place, place.id == happened.c.place_id)
        .join(places, inside)
        .join(span, and_(span.contract_id == places.c.base_id, _overlap(happened, span)))
    )


def _overlap(happened: Subquery, span: Any) -> Any:
    """Inside what is certain, or touching what is possible or unknown; an end that is open touches everything."""
    first, last = happened.c.happened_from, happened.c.happened_to
    inside = and_(first.is_not(None), last.is_not(None), span.from_day <= first, last <= span.to_day)
    touching = and_(
        span.from_day <= func.coalesce(last, literal(LAST_DAY)),
        func.coalesce(first, literal(FIRST_DAY)) <= span.to_day,
    )
    return case((span.kind == CERTAIN, inside), else_=touching)
