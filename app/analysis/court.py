"""Who defends them in court: lawyers on record, proceedings, and contracts by which a company pays lawyers for police.

A tie of a person is for who reads that person in full, a complainant for who reads the proceeding in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.access import full_ids, visible
from app.accounts.models import User
from app.cases.models import Case
from app.contracts.models import Contract, ContractChallenge, ContractClause
from app.db import db
from app.people.models import Person, PersonOrganisation
from app.people.ties import lasting_words
from app.proceedings.models import Proceeding
from app.proceedings.queries import for_list, shown_title

LAWYER, LEGAL_AID = "LAWYER", "LEGAL_AID"


@dataclass(frozen=True)
class Fought:
    """A proceeding as this reader may read it, and what one of them has to do with it."""

    proceeding: Proceeding
    title: str
    why: list[str]


@dataclass(frozen=True)
class InCourt:
    lawyers: list[tuple[PersonOrganisation, str]]
    """With the time for which it is on record."""
    proceedings: list[Fought]
    clauses: list[tuple[ContractClause, bool]]
    """By which the company pays lawyers for officers; whether its words may be read."""

    @property
    def is_empty(self) -> bool:
        return not (self.lawyers or self.proceedings or self.clauses)


def in_court(user: User, companies: Sequence[int], papers: list[Contract]) -> InCourt:
    numbers = [paper.id for paper in papers]
    return InCourt(_lawyers(user, companies), _proceedings(user, companies, numbers), _clauses(user, papers))


def _lawyers(user: User, companies: Sequence[int]) -> list[tuple[PersonOrganisation, str]]:
    if not companies:
        return []
    statement = (
        visible(PersonOrganisation, user)
        .where(
            PersonOrganisation.kind == LAWYER,
            PersonOrganisation.organisation_id.in_(companies),
            PersonOrganisation.person.has(Person.withdrawn_at.is_(None)),
        )
        .options(joinedload(PersonOrganisation.person), joinedload(PersonOrganisation.organisation))
        .order_by(PersonOrganisation.since.desc().nulls_last(), PersonOrganisation.id)
    )
    ties: Any = db.session.scalars(statement).unique()
    return [(tie, lasting_words(tie)) for tie in ties]


def _proceedings(user: User, companies: Sequence[int], papers: list[int]) -> list[Fought]:
    why: dict[int, list[str]] = {}
    if companies:
        complaints = visible(Proceeding, user).where(Proceeding.complainant_id.in_(companies), Proceeding.full_to(user))
        for number in db.session.scalars(complaints.with_only_columns(Proceeding.id)):
            why.setdefault(number, []).append(_("the company is the complainant"))
    if papers:
        challenges = visible(ContractChallenge, user).where(ContractChallenge.contract_id.in_(papers))
        for number in db.session.scalars(challenges.with_only_columns(ContractChallenge.proceeding_id).distinct()):
            why.setdefault(number, []).append(_("a contract is challenged"))
    if not why:
        return []
    statement = for_list(visible(Proceeding, user)).where(
        Proceeding.id.in_(why), Proceeding.case.has(Case.withdrawn_at.is_(None))
    )
    rows: Any = db.session.scalars(statement.order_by(Proceeding.updated_at.desc(), Proceeding.id.desc())).unique()
    rows = list(rows)
    in_full = full_ids(Proceeding, user, rows)
    return [Fought(row, shown_title(row, row.id in in_full), why[row.id]) for row in rows]


def _clauses(user: User, papers: list[Contract]) -> list[tuple[ContractClause, bool]]:
    if not papers:
        return []
    statement = (
        visible(ContractClause, user)
        .where(ContractClause.clause == LEGAL_AID, ContractClause.contract_id.in_([paper.id for paper in papers]))
        .options(joinedload(ContractClause.contract).joinedload(Contract.company))
        .order_by(ContractClause.id)
    )
    clauses: Any = db.session.scalars(statement).unique().all()
    in_full = full_ids(Contract, user, [clause.contract for clause in clauses])
    return [(clause, clause.contract_id in in_full) for clause in clauses]
