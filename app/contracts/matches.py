"""Which contract was in force where and when an incident happened: asked of the database anew each time.

Nothing of it is stored, so it follows every change of a day, a place, a project or an addendum on either side. Software
says L1 and L2 at most, and of days that are not known to coincide that they may; what the police did is for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, literal, or_, select, union, union_all
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
from app.incidents.models import Incident, IncidentProject
from app.organisations.models import ProjectPlace
from app.places.models import PROVINCE, Place

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

    @property
    def level(self) -> str | None:
        """What may be suggested; nothing of a contract without a term."""
        if self.follows == TERM_UNKNOWN:
            return None
        return L2 if self.by_place else L1


def matches(
    user: User, *, incidents: Select[Any] | None = None, contracts: Select[Any] | None = None
) -> Select[tuple[int, int, int, int, int]]:
    """(incident, agreement, rank, by project, by place) over all that the user sees, narrowed by selects of either.

    Of incidents only those that the user reads in full: a match would tell their district, and nearly their day.
    A match needs a day of the incident and either a project in common or its place inside the area of the contract:
    the districts that it names and those of its projects. A place that is only known to the province counts as that of
    a project in common which lies in it.
    """
    happened = _incidents((visible(Incident, user) if incidents is None else incidents).where(Incident.full_to(user)))
    papers = _papers(visible(Contract, user) if contracts is None else contracts)
    pairs = _pairs(happened, papers, _areas(papers))
    span = aliased(ContractSpan)
    statement = (
        select(
            pairs.c.incident_id,
            pairs.c.contract_id,
            func.max(case(RANKS, value=span.kind)).label("rank"),
            func.max(pairs.c.by_project).label("by_project"),
            func.max(pairs.c.by_place).label("by_place"),
        )
        .join(happened, happened.c.id == pairs.c.incident_id)
        .join(span, span.contract_id == pairs.c.contract_id)
        .where(_overlap(happened, span))
        .group_by(pairs.c.incident_id, pairs.c.contract_id)
    )
    return statement.execution_options(**visible(Contract, user).get_execution_options())


def read(row: Any) -> Match:
    return Match(row.incident_id, row.contract_id, _KINDS[row.rank], bool(row.by_project), bool(row.by_place))


def _incidents(statement: Select[Any]) -> CTE:
    dated = or_(Incident.happened_from.is_not(None), Incident.happened_to.is_not(None))
    columns = (Incident.id, Incident.place_id, Incident.happened_from, Incident.happened_to)
    narrowed = statement.where(dated, Incident.state != "REJECTED").order_by(None)
    return narrowed.with_only_columns(*columns, maintain_column_froms=True).cte("happened")


def _papers(statement: Select[Any]) -> CTE:
    """Agreements with each paper of their chains: an addendum may bring projects and places of its own."""
    bases = statement.where(Contract.state != "REJECTED").order_by(None)
    wanted = bases.with_only_columns(Contract.base_id, maintain_column_froms=True)
    paper = aliased(Contract)
    return select(paper.id, paper.base_id).where(paper.base_id.in_(wanted), paper.withdrawn_at.is_(None)).cte("papers")


def _areas(papers: CTE) -> CTE:
    """Agreement → the places that its papers name, and those of its projects."""
    named = select(papers.c.base_id, ContractPlace.place_id).join(
        ContractPlace, ContractPlace.contract_id == papers.c.id
    )
    of_projects = (
        select(papers.c.base_id, ProjectPlace.place_id)
        .join(ContractProject, ContractProject.contract_id == papers.c.id)
        .join(ProjectPlace, ProjectPlace.project_id == ContractProject.project_id)
    )
    return union(named, of_projects).cte("areas")


def _within() -> CTE:
    """Each place with itself and all in which it lies."""
    return union_all(
        select(Place.id.label("inner_id"), Place.id.label("outer_id")),
        select(Place.id, Place.province_id).where(Place.province_id.is_not(None), Place.province_id != Place.id),
        select(Place.id, Place.department_id).where(Place.department_id.is_not(None), Place.department_id != Place.id),
    ).cte("within_places")


def _pairs(happened: CTE, papers: CTE, areas: CTE) -> CTE:
    one, none = literal(1), literal(0)
    within = _within()
    covered, province = within.alias("covered"), aliased(Place)
    by_project = (
        select(
            IncidentProject.incident_id,
            papers.c.base_id.label("contract_id"),
            one.label("by_project"),
            none.label("by_place"),
        )
        .join(ContractProject, ContractProject.project_id == IncidentProject.project_id)
        .join(papers, papers.c.id == ContractProject.contract_id)
        .where(IncidentProject.incident_id.in_(select(happened.c.id)))
    )
    by_place = (
        select(happened.c.id, areas.c.base_id, none, one)
        .join(within, within.c.inner_id == happened.c.place_id)
        .join(areas, areas.c.place_id == within.c.outer_id)
    )
    by_province = (
        select(IncidentProject.incident_id, papers.c.base_id, one, one)
        .join(happened, happened.c.id == IncidentProject.incident_id)
        .join(province, and_(province.id == happened.c.place_id, province.level == PROVINCE))
        .join(ContractProject, ContractProject.project_id == IncidentProject.project_id)
        .join(papers, papers.c.id == ContractProject.contract_id)
        .join(ProjectPlace, ProjectPlace.project_id == ContractProject.project_id)
        .join(covered, and_(covered.c.inner_id == ProjectPlace.place_id, covered.c.outer_id == province.id))
    )
    return union_all(by_project, by_place, by_province).cte("pairs")


def _overlap(happened: CTE, span: Any) -> Any:
    """Inside what is certain, or touching what is possible or unknown; an end that is open touches everything."""
    first, last = happened.c.happened_from, happened.c.happened_to
    inside = and_(first.is_not(None), last.is_not(None), span.from_day <= first, last <= span.to_day)
    touching = and_(
        span.from_day <= func.coalesce(last, literal(LAST_DAY)),
        func.coalesce(first, literal(FIRST_DAY)) <= span.to_day,
    )
    return case((span.kind == CERTAIN, inside), else_=touching)
