"""Which agreements a page counts and draws, and their papers: one `Select` behind map, charts, tables and files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.access import count, visible
from app.accounts.models import User
from app.contracts import terms
from app.contracts.models import Contract, ContractPlace, ContractProject
from app.contracts.workflow import REJECTED
from app.db import db
from app.organisations.models import Organisation, Project, ProjectPlace
from app.organisations.parents import home_countries
from app.organisations.queries import companies_at_home_in, organisations_found, projects_found
from app.places.models import Place


@dataclass(frozen=True)
class AnalysisWish:
    """What is counted. Everything left empty narrows nothing."""

    home: str = ""
    """Country where the company is at home: by its own record, or by that of its parents."""
    company: str = ""
    """Its reference, or words of its name."""
    project: str = ""
    unit: str = ""
    first_year: int | None = None
    last_year: int | None = None
    company_id: int | None = None
    """Of the page of one company or project."""
    project_id: int | None = None


def agreements_found(user: User, wish: AnalysisWish) -> Select[tuple[Contract]]:
    """Visible agreements, neither withdrawn nor rejected, one of whose visible papers fits each of the wishes.

    Of the years only those count in which it began for certain.
    """
    statement = visible(Contract, user).where(Contract.base_id == Contract.id, Contract.state != REJECTED)
    for rule in _rules(user, wish):
        papers = _papers(user).where(rule).with_only_columns(Contract.base_id).correlate(None)
        statement = statement.where(Contract.id.in_(papers))
    if wish.first_year:
        statement = statement.where(Contract.starts_from >= date(wish.first_year, 1, 1))
    if wish.last_year:
        statement = statement.where(Contract.starts_to <= date(wish.last_year, 12, 31))
    return statement.order_by(Contract.starts_from.asc().nulls_last(), Contract.id)


def _papers(user: User) -> Select[tuple[Contract]]:
    return visible(Contract, user).where(Contract.state != REJECTED)


def _rules(user: User, wish: AnalysisWish) -> list[ColumnElement[bool]]:
    rules: list[ColumnElement[bool]] = []
    if wish.home:
        rules.append(Contract.company_id.in_(_ids(companies_at_home_in(user, wish.home), Organisation)))
    if wish.company:
        rules.append(Contract.company_id.in_(_ids(organisations_found(user, wish.company), Organisation)))
    if wish.project:
        projects = _ids(projects_found(user, wish.project), Project)
        rules.append(Contract.project_links.any(ContractProject.project_id.in_(projects)))
    if wish.company_id:
        rules.append(Contract.company_id == wish.company_id)
    if wish.project_id:
        rules.append(Contract.project_links.any(ContractProject.project_id == wish.project_id))
    if wish.unit:
        rules.append(Contract.police_unit == wish.unit)
    return rules


def _ids(statement: Select[Any], model: Any) -> Select[Any]:
    return statement.order_by(None).with_only_columns(model.id, maintain_column_froms=True).correlate(None)


def perhaps_in_these_years(user: User, wish: AnalysisWish) -> int:
    """How many more may have begun in the years of the wish; it is not known well enough."""
    if not (wish.first_year or wish.last_year):
        return 0
    statement = agreements_found(user, replace(wish, first_year=None, last_year=None))
    inside, touching = [], []
    if wish.first_year:
        first = date(wish.first_year, 1, 1)
        inside.append(and_(Contract.starts_from.is_not(None), Contract.starts_from >= first))
        touching.append(or_(Contract.starts_to.is_(None), Contract.starts_to >= first))
    if wish.last_year:
        last = date(wish.last_year, 12, 31)
        inside.append(and_(Contract.starts_to.is_not(None), Contract.starts_to <= last))
        touching.append(or_(Contract.starts_from.is_(None), Contract.starts_from <= last))
    return count(statement.where(*touching, ~and_(*inside)))


# --- with their papers ---------------------------------------------------------------------------


def papers_of(user: User, agreements: Select[Any]) -> Select[Any]:
    """The visible papers of these agreements, each agreement among them."""
    return _papers(user).where(Contract.base_id.in_(_ids(agreements, Contract))).order_by(Contract.id)


def chains_of(user: User, agreements: Select[Any]) -> list[list[Contract]]:
    """The agreements in their order, each with its addenda behind it; loaded with what a page shows."""
    statement = papers_of(user, agreements).options(
        joinedload(Contract.company),
        selectinload(Contract.project_links).joinedload(ContractProject.project),
        selectinload(Contract.spans),
    )
    papers: Any = db.session.scalars(statement).unique().all()
    children: dict[int | None, list[Contract]] = {}
    for paper in papers:
        children.setdefault(paper.parent_id, []).append(paper)
    for paper in papers:
        set_committed_value(paper, "addenda", children.get(paper.id, []))
    bases = [paper for paper in papers if paper.parent_id is None]
    in_order = sorted(bases, key=lambda base: (base.starts_from or date.max, base.id))
    return [terms.chain_of(base) for base in in_order]


def departments_of(user: User, agreements: Select[Any]) -> dict[int, set[int]]:
    """Agreement → the departments in which lie the places of its papers and of their projects."""
    papers = papers_of(user, agreements).order_by(None).with_only_columns(Contract.id, Contract.base_id).subquery()
    department = func.coalesce(Place.department_id, Place.id)
    named = (
        select(papers.c.base_id, department)
        .join(ContractPlace, ContractPlace.contract_id == papers.c.id)
        .join(Place, Place.id == ContractPlace.place_id)
    )
    of_projects = (
        select(papers.c.base_id, department)
        .join(ContractProject, ContractProject.contract_id == papers.c.id)
        .join(ProjectPlace, ProjectPlace.project_id == ContractProject.project_id)
        .join(Place, Place.id == ProjectPlace.place_id)
    )
    statement = union(named, of_projects).execution_options(**agreements.get_execution_options())
    found: dict[int, set[int]] = {}
    for base_id, department_id in db.session.execute(statement):
        found.setdefault(base_id, set()).add(department_id)
    return found


# --- where to go from here -----------------------------------------------------------------------


def units_counted(user: User) -> dict[str, int]:
    """Police unit → the agreements one of whose papers names it, as the page of the unit counts them."""
    pairs = (
        papers_of(user, agreements_found(user, AnalysisWish()))
        .order_by(None)
        .where(Contract.police_unit.is_not(None))
        .with_only_columns(Contract.police_unit, func.count(Contract.base_id.distinct()))
        .group_by(Contract.police_unit)
    )
    return {unit: number for unit, number in db.session.execute(pairs) if unit}


def companies_counted(user: User) -> dict[int, set[int]]:
    """Company → its agreements; only companies that the user sees."""
    pairs = papers_of(user, agreements_found(user, AnalysisWish())).order_by(None)
    found: dict[int, set[int]] = {}
    for company_id, base_id in db.session.execute(
        pairs.with_only_columns(Contract.company_id, Contract.base_id).distinct()
    ):
        found.setdefault(company_id, set()).add(base_id or 0)
    return found


def homes_counted(user: User) -> dict[str, int]:
    """Home country → the agreements of the companies that are at home there."""
    agreements = companies_counted(user)
    companies = rows_with(user, Organisation, agreements)
    homes = home_countries(user, companies)
    found: dict[str, set[int]] = {}
    for company in companies:
        if company.id in homes:
            found.setdefault(homes[company.id], set()).update(agreements[company.id])
    return {country: len(numbers) for country, numbers in found.items()}


def rows_with(user: User, model: Any, numbers: Iterable[int]) -> list[Any]:
    """The visible rows of these numbers, in the order of their names."""
    statement = visible(model, user).where(model.id.in_(list(numbers)))
    return list(db.session.scalars(statement.order_by(model.name_folded, model.id)).unique())
