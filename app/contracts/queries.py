"""What is asked of contracts: the list, one with all that hangs on it, its chain, and those of other records."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.access import visible
from app.accounts.models import User
from app.contracts import terms
from app.contracts.models import (
    Contract,
    ContractChallenge,
    ContractClause,
    ContractPlace,
    ContractProject,
    ContractReview,
    ContractSource,
    ContractSpan,
)
from app.dates import UncertainDate
from app.db import db
from app.organisations.models import Organisation, Project, ProjectPlace
from app.organisations.queries import organisations_found, projects_found
from app.places.models import Place
from app.proceedings.models import Proceeding
from app.search import matching

NEWEST, OLDEST, COMPANY, UPDATED = "-start", "start", "company", "-updated"
ORDERS = (NEWEST, OLDEST, COMPANY, "-company", UPDATED, "updated")


@dataclass(frozen=True)
class ContractWish:
    """What the list is asked for. Everything left empty narrows nothing."""

    text: str = ""
    company: str = ""
    project: str = ""
    unit: str = ""
    region: str = ""
    """Key of a department, a province or a district."""
    status: str = ""
    on: UncertainDate | None = None
    """Only what was, or may have been, in force on that day, or at some time in that month, year or stretch."""
    obtained: str = ""
    state: str = ""
    addenda: bool = False
    """Each paper in a line of its own; else an agreement stands for its addenda too."""
    withdrawn: bool = False
    order: str = NEWEST


def contracts_found(user: User, wish: ContractWish) -> Select[tuple[Contract]]:
    """Visible contracts that fit, in the wished order: what the list shows, counts and exports.

    What an addendum brings, a project, a district, a number, is found under its agreement.
    """
    statement = visible(Contract, user, withdrawn=wish.withdrawn)
    if wish.withdrawn:
        statement = statement.where(Contract.withdrawn_at.is_not(None))
    elif not wish.addenda:
        statement = statement.where(Contract.base_id == Contract.id)
    for papers in _of_the_papers(user, wish):
        column = Contract.id if wish.addenda or wish.withdrawn else Contract.base_id
        numbers = papers.order_by(None).with_only_columns(column).correlate(None)
        statement = statement.where(Contract.id.in_(numbers))
    for name in ("status", "obtained", "state"):
        if value := getattr(wish, name):
            statement = statement.where(getattr(Contract, name) == value)
    if wish.on:
        first, last = wish.on.earliest or terms.FIRST_DAY, wish.on.latest or terms.LAST_DAY
        there = select(ContractSpan.contract_id).where(ContractSpan.from_day <= last, first <= ContractSpan.to_day)
        statement = statement.where(Contract.base_id.in_(there))
    return statement.order_by(*_order(wish.order))


def _of_the_papers(user: User, wish: ContractWish) -> list[Select[Any]]:
    """For each wish that any paper of a chain may fulfil, the visible papers that do."""
    papers = visible(Contract, user, withdrawn=wish.withdrawn)
    found = [matching(papers, Contract, wish.text, user)] if wish.text else []
    if wish.company:
        companies = organisations_found(user, wish.company).with_only_columns(Organisation.id).order_by(None)
        found.append(papers.where(Contract.company_id.in_(companies)))
    if wish.project:
        projects = projects_found(user, wish.project).with_only_columns(Project.id).order_by(None)
        found.append(papers.where(Contract.project_links.any(ContractProject.project_id.in_(projects))))
    if wish.unit:
        found.append(papers.where(Contract.police_unit == wish.unit))
    if wish.region:
        found.append(papers.where(_covers(wish.region)))
    return found


def _covers(key: str) -> ColumnElement[bool]:
    """The paper names a place in that department, province or district, or a project that lies there."""
    within = select(Place.id).where(Place.key == key).scalar_subquery()
    there = select(Place.id).where(or_(Place.department_id == within, Place.province_id == within, Place.id == within))
    projects = select(ProjectPlace.project_id).where(ProjectPlace.place_id.in_(there))
    return or_(
        Contract.place_links.any(ContractPlace.place_id.in_(there)),
        Contract.project_links.any(ContractProject.project_id.in_(projects)),
    )


def _order(order: str) -> list[Any]:
    company = select(Organisation.name_folded).where(Organisation.id == Contract.company_id).scalar_subquery()
    newest: list[Any] = [Contract.starts_from.desc().nulls_last(), Contract.id]
    orders: dict[str, list[Any]] = {
        OLDEST: [Contract.starts_from.asc().nulls_last(), Contract.id],
        COMPANY: [company, *newest],
        "-company": [company.desc(), *newest],
        UPDATED: [Contract.updated_at.desc(), Contract.id],
        "updated": [Contract.updated_at, Contract.id],
    }
    return orders.get(order, newest)


def for_list(statement: Select[Any]) -> Select[Any]:
    """With what a line of the list shows."""
    return statement.options(
        joinedload(Contract.company),
        selectinload(Contract.project_links).joinedload(ContractProject.project),
        selectinload(Contract.spans),
        joinedload(Contract.base).selectinload(Contract.spans),
    )


def for_export(statement: Select[Any]) -> Select[Any]:
    """With what a line of a file tells."""
    return for_page(statement).options(
        joinedload(Contract.parent), joinedload(Contract.base).selectinload(Contract.spans)
    )


def addenda_counted(user: User, contracts: Iterable[Contract]) -> dict[int, int]:
    """Number of an agreement → how many addenda of it the user sees."""
    bases = [contract.id for contract in contracts]
    statement = visible(Contract, user).where(Contract.base_id.in_(bases), Contract.parent_id.is_not(None))
    counted = statement.with_only_columns(Contract.base_id, func.count()).group_by(Contract.base_id)
    return {base_id: number for base_id, number in db.session.execute(counted) if base_id} if bases else {}


def for_chain(statement: Select[Any]) -> Select[Any]:
    """With what the table of a chain and the terms in force show of each paper."""
    return statement.options(
        joinedload(Contract.company),
        selectinload(Contract.project_links).joinedload(ContractProject.project),
        selectinload(Contract.place_links).joinedload(ContractPlace.place).joinedload(Place.department),
        selectinload(Contract.pay),
        selectinload(Contract.spans),
    )


def for_page(statement: Select[Any]) -> Select[Any]:
    """With all that a page of one contract shows, in a fixed number of statements."""
    return for_chain(statement).options(
        selectinload(Contract.clauses).joinedload(ContractClause.checked_by),
        selectinload(Contract.legal_bases),
        selectinload(Contract.tests),
        selectinload(Contract.source_links).joinedload(ContractSource.source),
        selectinload(Contract.reviews).joinedload(ContractReview.by),
    )


def chain_seen(user: User, contract: Contract) -> list[Contract]:
    """The agreement and its addenda in their order, as far as the user sees them. For pages that only show."""
    statement = for_chain(visible(Contract, user).where(Contract.base_id == contract.base_id).order_by(Contract.id))
    papers: list[Any] = list(db.session.scalars(statement).unique())
    children: dict[int | None, list[Contract]] = {}
    for paper in papers:
        children.setdefault(paper.parent_id, []).append(paper)
    for paper in papers:
        set_committed_value(paper, "addenda", children.get(paper.id, []))
    base = next((paper for paper in papers if paper.id == contract.base_id), None)
    return terms.chain_of(base) if base is not None else [contract]


def challenges_of(user: User, contract: Contract) -> list[Any]:
    """The proceedings in which it is fought, those that the user sees."""
    linked = (
        visible(ContractChallenge, user)
        .where(ContractChallenge.contract_id == contract.id)
        .with_only_columns(ContractChallenge.proceeding_id)
    )
    statement = visible(Proceeding, user).where(Proceeding.id.in_(linked)).order_by(Proceeding.id)
    found: Any = db.session.scalars(
        statement.options(
            selectinload(Proceeding.accused), selectinload(Proceeding.stages), selectinload(Proceeding.case)
        )
    )
    return list(found.unique())


# --- those of other records ----------------------------------------------------------------------


def contracts_of_company(user: User, organisation: Organisation) -> Select[tuple[Contract]]:
    return _agreements_with(user, Contract.company_id == organisation.id)


def contracts_of_project(user: User, project: Project) -> Select[tuple[Contract]]:
    return _agreements_with(user, Contract.project_links.any(ContractProject.project_id == project.id))


def contracts_challenged(user: User, proceeding: Proceeding) -> Select[tuple[Contract]]:
    """The papers themselves: an addendum may be fought and its agreement not."""
    fought = visible(ContractChallenge, user).where(ContractChallenge.proceeding_id == proceeding.id)
    numbers = fought.with_only_columns(ContractChallenge.contract_id)
    return visible(Contract, user).where(Contract.id.in_(numbers)).order_by(*_order(NEWEST))


def _agreements_with(user: User, rule: ColumnElement[bool]) -> Select[tuple[Contract]]:
    """Agreements one of whose visible papers fits the rule."""
    papers = visible(Contract, user).where(rule).with_only_columns(Contract.base_id).correlate(None)
    is_agreement = and_(Contract.base_id == Contract.id, Contract.id.in_(papers))
    return visible(Contract, user).where(is_agreement).order_by(*_order(NEWEST))


def part_of(contract: Contract, uid: str) -> Any:
    """What hangs on this contract, and on no other, under that number; None for anything else."""
    try:
        number = uuid.UUID(uid)
    except ValueError:
        return None
    parts: list[Any] = [*contract.pay, *contract.clauses]
    return next((part for part in parts if part.uid == number), None)
