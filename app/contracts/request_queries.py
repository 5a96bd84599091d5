"""What is asked of requests for information: the list, one with what hangs on it, and what lower pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.accounts.models import User
from app.contracts.links import RequestedContract, TransparencyRequest
from app.contracts.models import Contract
from app.contracts.request_workflow import MAY_BE_APPEALED, WAITING
from app.db import db
from app.organisations.models import Organisation
from app.proceedings.models import Proceeding
from app.search import matching

LATE, WITHDRAWN = "LATE", "WITHDRAWN"


@dataclass(frozen=True)
class RequestWish:
    """What the list is asked for."""

    text: str = ""
    status: str = ""


def requests_found(user: User, wish: RequestWish, day: date) -> Select[tuple[TransparencyRequest]]:
    """Visible requests that fit: late ones first, then by the day on which something is due."""
    is_withdrawn = wish.status == WITHDRAWN
    statement = visible(TransparencyRequest, user, withdrawn=is_withdrawn)
    statement = matching(statement, TransparencyRequest, wish.text, user)
    if is_withdrawn:
        statement = statement.where(TransparencyRequest.withdrawn_at.is_not(None))
    elif wish.status == LATE:
        statement = statement.where(is_late(day))
    elif wish.status:
        statement = statement.where(TransparencyRequest.status == wish.status)
    return in_order(statement, day)


def in_order(statement: Select[Any], day: date) -> Select[Any]:
    late = case((is_late(day), 0), else_=1)
    return statement.order_by(late, next_day().asc().nulls_last(), TransparencyRequest.id.desc())


def next_day() -> ColumnElement[Any]:
    """The day on which the answer is due, or until which one may appeal; nothing of what is over."""
    return case(
        (TransparencyRequest.status.in_(WAITING), TransparencyRequest.due_on),
        (TransparencyRequest.status.in_(MAY_BE_APPEALED), TransparencyRequest.appeal_due_on),
    )


def is_late(day: date) -> ColumnElement[bool]:
    """The answer is overdue, or nobody has appealed in time."""
    unanswered = and_(TransparencyRequest.status.in_(WAITING), TransparencyRequest.due_on < day)
    not_appealed = and_(TransparencyRequest.status.in_(MAY_BE_APPEALED), TransparencyRequest.appeal_due_on < day)
    return or_(unanswered, not_appealed)


def for_list(statement: Select[Any]) -> Select[Any]:
    """With what a line of the list shows."""
    return statement.options(selectinload(TransparencyRequest.body))


def for_page(statement: Select[Any]) -> Select[Any]:
    return for_list(statement).options(selectinload(TransparencyRequest.contract_links))


def contracts_of(user: User, request: TransparencyRequest) -> list[Contract]:
    """Of the contracts that it asked for or brought, those that the user sees."""
    linked = select(RequestedContract.contract_id).where(RequestedContract.request_id == request.id)
    statement = visible(Contract, user).where(Contract.id.in_(linked)).order_by(Contract.id)
    found: Any = db.session.scalars(statement).unique()
    return list(found)


def contract_references(user: User, requests: list[TransparencyRequest]) -> dict[int, list[str]]:
    """Number of each request → the references of those contracts that the user sees."""
    statement = (
        visible(Contract, user)
        .join(RequestedContract, RequestedContract.contract_id == Contract.id)
        .where(RequestedContract.request_id.in_([request.id for request in requests]))
        .with_only_columns(RequestedContract.request_id, Contract.reference)
        .order_by(RequestedContract.id)
    )
    found: dict[int, list[str]] = {}
    for number, reference in db.session.execute(statement):
        found.setdefault(number, []).append(reference)
    return found


def proceedings_of(user: User, requests: list[TransparencyRequest]) -> dict[int, Proceeding]:
    """Number of each proceeding that is linked and that the user sees → the habeas data itself."""
    linked = {request.proceeding_id for request in requests} - {None}
    if not linked:
        return {}
    rows: Any = db.session.scalars(visible(Proceeding, user).where(Proceeding.id.in_(linked))).unique()
    return {row.id: row for row in rows}


def requests_about(user: User, contract: Contract) -> Select[tuple[TransparencyRequest]]:
    linked = select(RequestedContract.request_id).where(RequestedContract.contract_id == contract.id)
    return visible(TransparencyRequest, user).where(TransparencyRequest.id.in_(linked))


def requests_fought_in(user: User, proceeding: Proceeding) -> Select[tuple[TransparencyRequest]]:
    return visible(TransparencyRequest, user).where(TransparencyRequest.proceeding_id == proceeding.id)


def requests_to(user: User, body: Organisation) -> Select[tuple[TransparencyRequest]]:
    return visible(TransparencyRequest, user).where(TransparencyRequest.body_id == body.id)
