"""Police–company contracts: who pays which police unit for what, from when until when, and how that is known."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    exists,
    false,
    or_,
    select,
)
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, aliased, declared_attr, mapped_column, relationship

from app.access import CASEWORKER, COORDINATOR, WITHIN, Reader, in_teams_where, protected, teams_where, widen
from app.accounts.models import Team, User
from app.dates import UNKNOWN
from app.db import Base, Edited, Numbered, Root, now, uncertain
from app.evidence.models import Source
from app.organisations.models import Organisation, Project
from app.places.models import Place
from app.proceedings.models import Proceeding
from app.search import Searchable
from app.vocabulary.models import code_column

RESTRICTED, TEAM, NETWORK = "RESTRICTED", "TEAM", "NETWORK"
ADDENDUM = "ADDENDUM"
EXTENDS, RENEWS, AMENDS, ENDS = "EXTENDS", "RENEWS", "AMENDS", "ENDS"
LEAK = "LEAK"
CERTAIN, POSSIBLE, TERM_UNKNOWN = "CERTAIN", "POSSIBLE", "UNKNOWN"
"""What a span of a contract's term says: in force for sure, perhaps, or that no beginning is on record."""


@protected
class Contract(Searchable, Root, Base):
    """An agreement, or with `parent_id` a paper that extends, renews, amends or ends it.

    The papers of one agreement are its chain; `base_id` is the first of them. Words of the sources stay beside what
    was made of them.
    """

    __tablename__ = "contract"
    __letter__ = "K"
    __table_args__ = (
        UniqueConstraint("team_id", "external_source", "external_id"),
        CheckConstraint("confidentiality in ('RESTRICTED', 'TEAM', 'NETWORK')", name="confidentiality"),
        CheckConstraint("state in ('SUBMITTED', 'UNVERIFIED', 'CORROBORATED', 'VERIFIED', 'REJECTED')", name="state"),
        CheckConstraint("parent_id is null or parent_id <> id", name="parent"),
        {"sqlite_autoincrement": True},
    )

    title: Mapped[str]
    number: Mapped[str | None]
    """Of the ministerial resolution, the letter or the agreement itself."""
    modality: Mapped[str] = code_column("contract_modalities")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"), index=True)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"), index=True)
    """The agreement at the root of the chain; its own number for that agreement. Kept in step by the operations."""
    effect: Mapped[str | None] = code_column("addendum_effects")
    country: Mapped[str | None] = mapped_column(String(2))

    company_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    company_text: Mapped[str | None]
    police_unit: Mapped[str | None] = code_column("police_units", index=True)
    police_unit_text: Mapped[str | None]
    signatories: Mapped[str | None]
    """Holders of public office only."""

    signed_from: Mapped[date | None]
    signed_to: Mapped[date | None]
    signed_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    signed_text: Mapped[str | None]
    signed = uncertain("signed")
    starts_from: Mapped[date | None]
    starts_to: Mapped[date | None]
    starts_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    starts_text: Mapped[str | None]
    starts = uncertain("starts")
    ends_from: Mapped[date | None]
    ends_to: Mapped[date | None]
    ends_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    ends_text: Mapped[str | None]
    ends = uncertain("ends")
    """The last day of the term, as agreed."""
    terminated_from: Mapped[date | None]
    terminated_to: Mapped[date | None]
    terminated_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    terminated_text: Mapped[str | None]
    terminated = uncertain("terminated")
    """The last day on which it held, where it was ended or annulled before its term."""

    officers_least: Mapped[int | None]
    officers_most: Mapped[int | None]
    officers_text: Mapped[str | None]
    services: Mapped[list[str] | None]
    special_units: Mapped[list[str] | None]
    logistics: Mapped[list[str] | None]
    scope: Mapped[str | None]
    force_terms: Mapped[str | None]

    pay_text: Mapped[str | None]
    institution_pay_text: Mapped[str | None]
    institution_amount: Mapped[int | None] = mapped_column(BigInteger)
    """Amounts are in the smallest unit of their currency: céntimos, cents."""
    institution_currency: Mapped[str | None] = mapped_column(String(3))
    total_amount: Mapped[int | None] = mapped_column(BigInteger)
    total_currency: Mapped[str | None] = mapped_column(String(3))
    total_basis: Mapped[str | None] = code_column("contract_amount_bases")
    """What the amount is: of the whole term, of a month, of an officer and day."""
    total_qualifier: Mapped[str | None] = code_column("amount_qualifiers")
    total_text: Mapped[str | None]
    counts: Mapped[int | None]
    """How many papers the record stands for, where the source only counts them."""
    count_basis: Mapped[str | None] = code_column("contract_count_bases")

    status: Mapped[str] = code_column("contract_status", default="UNKNOWN")
    conflict_at_signature: Mapped[str | None] = code_column("yes_no_unknown")
    obtained: Mapped[str | None] = code_column("contract_obtained")
    obtained_note: Mapped[str | None]
    in_confidence: Mapped[bool] = mapped_column(default=False)
    """Given by somebody who must not be known: coordination and its author alone read it."""
    may_be_published: Mapped[bool] = mapped_column(default=False)
    confidentiality: Mapped[str] = mapped_column(String(10), default=TEAM)
    state: Mapped[str] = mapped_column(String(12), default="SUBMITTED", index=True)
    document_reference: Mapped[str | None] = mapped_column(String(11))
    """Which of its files is the paper itself."""
    entry_uid: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """The line of a case's timeline that this stands for; it is not told twice."""
    notes: Mapped[str | None]

    team: Mapped[Team] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys="Contract.created_by_id")
    editor: Mapped[User | None] = relationship(foreign_keys="Contract.updated_by_id")
    company: Mapped[Organisation] = relationship(info=WITHIN)
    parent: Mapped[Contract | None] = relationship(
        foreign_keys=parent_id, remote_side="Contract.id", back_populates="addenda", info=WITHIN
    )
    addenda: Mapped[list[Contract]] = relationship(
        foreign_keys=parent_id, back_populates="parent", info=WITHIN, order_by="Contract.id"
    )
    base: Mapped[Contract | None] = relationship(
        foreign_keys=base_id, remote_side="Contract.id", info=WITHIN, post_update=True
    )
    project_links: Mapped[list[ContractProject]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", info=WITHIN, order_by="ContractProject.id"
    )
    place_links: Mapped[list[ContractPlace]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", info=WITHIN, order_by="ContractPlace.id"
    )
    source_links: Mapped[list[ContractSource]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", info=WITHIN, order_by="ContractSource.id"
    )
    challenge_links: Mapped[list[ContractChallenge]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", info=WITHIN, order_by="ContractChallenge.id"
    )
    pay: Mapped[list[ContractPay]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", info=WITHIN, order_by="ContractPay.id"
    )
    clauses: Mapped[list[ContractClause]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", info=WITHIN, order_by="ContractClause.id"
    )
    legal_bases: Mapped[list[ContractLegalBasis]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", info=WITHIN, order_by="ContractLegalBasis.id"
    )
    tests: Mapped[list[ContractTest]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", info=WITHIN, order_by="ContractTest.id"
    )
    reviews: Mapped[list[ContractReview]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", info=WITHIN, order_by="ContractReview.id"
    )
    spans: Mapped[list[ContractSpan]] = relationship(
        cascade="all, delete-orphan", info=WITHIN, order_by="ContractSpan.from_day"
    )
    projects: AssociationProxy[list[Project]] = association_proxy(
        "project_links", "project", creator=lambda project: ContractProject(project=project)
    )
    places: AssociationProxy[list[Place]] = association_proxy(
        "place_links", "place", creator=lambda place: ContractPlace(place=place)
    )
    challenges: AssociationProxy[list[Proceeding]] = association_proxy(
        "challenge_links", "proceeding", creator=lambda proceeding: ContractChallenge(proceeding=proceeding)
    )

    @property
    def has_document(self) -> bool:
        return self.document_reference is not None

    @property
    def is_addendum(self) -> bool:
        return self.parent_id is not None or self.parent is not None

    # --- who sees it

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        is_network = cls.confidentiality == NETWORK if teams_where(user) else false()
        in_team = and_(cls.confidentiality == TEAM, in_teams_where(cls.team_id, user))
        return or_(is_network, in_team, cls.full_to(user))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        writers = in_teams_where(cls.team_id, user, COORDINATOR, CASEWORKER)
        # Whoever recorded an agreement reads its addenda, also those that somebody else added.
        base = aliased(Contract)
        theirs = select(base.id).where(base.created_by_id == user.id)
        is_theirs = or_(cls.confidentiality != RESTRICTED, cls.base_id.in_(theirs))
        return or_(in_teams_where(cls.team_id, user, COORDINATOR), and_(writers, is_theirs))

    # --- what search finds it by

    def words_for_full_readers(self) -> list[str | None]:
        named: list[Organisation | Project] = [*filter(None, [self.company]), *self.projects]
        own = [name for each in named for name in each.names_for(self.team_id)]
        return [self.title, self.number, self.company_text, self.police_unit_text, self.scope, *own]

    def words_for_everyone(self) -> list[str | None]:
        """Companies, projects and the police are not whom we protect."""
        company = self.company.names if self.company else []
        projects = [name for project in self.projects for name in project.names]
        return [self.reference, *company, *projects, *(place.full_name for place in self.places)]


class PartOfContract(Numbered):
    """What hangs on a contract has its rule."""

    __hangs_on__: ClassVar[tuple[str, str] | None] = ("contract", "contract_id")

    @declared_attr
    def contract_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("contract.id"), index=True)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.contract_id.in_(select(Contract.id).where(Contract.visible_to(user)))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.contract_id.in_(select(Contract.id).where(Contract.full_to(user)))


class PartReadInFull(PartOfContract):
    """The same for what reading without identity does not show: it may lead to whoever gave us the paper."""

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.full_to(user)


@protected
class ContractProject(PartOfContract, Base):
    """A project that the contract guards."""

    __tablename__ = "contract_project"
    __table_args__ = (UniqueConstraint("contract_id", "project_id"), {"sqlite_autoincrement": True})

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)

    contract: Mapped[Contract] = relationship(back_populates="project_links", info=WITHIN)
    project: Mapped[Project] = relationship(info=WITHIN)


@protected
class ContractPlace(PartOfContract, Base):
    """A district, province or department that the contract covers."""

    __tablename__ = "contract_place"
    __table_args__ = (UniqueConstraint("contract_id", "place_id"), {"sqlite_autoincrement": True})

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)

    contract: Mapped[Contract] = relationship(back_populates="place_links", info=WITHIN)
    place: Mapped[Place] = relationship()


@protected
class ContractSource(PartReadInFull, Base):
    """A source of a contract, with how credible it is on this point."""

    __tablename__ = "contract_source"
    __table_args__ = (UniqueConstraint("contract_id", "source_id"), {"sqlite_autoincrement": True})

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    credibility: Mapped[str | None] = code_column("info_credibility")

    contract: Mapped[Contract] = relationship(back_populates="source_links", info=WITHIN)
    source: Mapped[Source] = relationship(info=WITHIN)


@protected
class ContractChallenge(PartOfContract, Base):
    """A proceeding in which the contract is fought, or on which it bears. Seen by who sees both."""

    __tablename__ = "contract_challenge"
    __table_args__ = (UniqueConstraint("contract_id", "proceeding_id"), {"sqlite_autoincrement": True})

    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), index=True)

    contract: Mapped[Contract] = relationship(back_populates="challenge_links", info=WITHIN)
    proceeding: Mapped[Proceeding] = relationship(info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        seen = select(Proceeding.id).where(Proceeding.visible_to(user))
        return and_(super().visible_to(user), cls.proceeding_id.in_(seen))


@protected
class ContractPay(PartOfContract, Edited, Base):
    """What an officer is paid: by rank where the source says it, for an hour, a day, a fortnight or a month."""

    __tablename__ = "contract_pay"
    __table_args__ = (
        CheckConstraint("amount_least >= 0 and (amount_most is null or amount_most >= amount_least)", name="amounts"),
        {"sqlite_autoincrement": True},
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    rank: Mapped[str | None]
    amount_least: Mapped[int] = mapped_column(BigInteger)
    amount_most: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    period: Mapped[str | None] = code_column("contract_pay_periods")

    contract: Mapped[Contract] = relationship(back_populates="pay", info=WITHIN)


@protected
class ContractClause(PartOfContract, Edited, Base):
    """A clause that was found: its words, the page, a translation, why it matters, and who has checked it."""

    __tablename__ = "contract_clause"

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    clause: Mapped[str] = code_column("contract_clauses", index=True)
    quote: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(3))
    translation: Mapped[str | None]
    page: Mapped[str | None] = mapped_column(String(40))
    why: Mapped[str | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    checked_at: Mapped[datetime | None]

    contract: Mapped[Contract] = relationship(back_populates="clauses", info=WITHIN)
    checked_by: Mapped[User | None] = relationship()


@protected
class ContractLegalBasis(PartOfContract, Base):
    """A norm that the contract cites, and when we last looked whether it was in force."""

    __tablename__ = "contract_legal_basis"
    __table_args__ = (UniqueConstraint("contract_id", "norm"), {"sqlite_autoincrement": True})

    norm: Mapped[str] = code_column("legal_bases_contracts")
    checked_on: Mapped[date | None]
    note: Mapped[str | None]

    contract: Mapped[Contract] = relationship(back_populates="legal_bases", info=WITHIN)


@protected
class ContractTest(PartOfContract, Base):
    """An answer to one point of the Constitutional Tribunal's test (STC 437/2020)."""

    __tablename__ = "contract_test"
    __table_args__ = (UniqueConstraint("contract_id", "point"), {"sqlite_autoincrement": True})

    point: Mapped[str] = code_column("contract_tests")
    answer: Mapped[str] = code_column("yes_no_unknown")
    note: Mapped[str | None]

    contract: Mapped[Contract] = relationship(back_populates="tests", info=WITHIN)


@protected
class ContractReview(PartReadInFull, Base):
    """One step of a review and what was said with it."""

    __tablename__ = "contract_review"

    move: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    contract: Mapped[Contract] = relationship(back_populates="reviews", info=WITHIN)
    by: Mapped[User | None] = relationship()


@protected
class ContractSpan(PartOfContract, Base):
    """A stretch of days of an agreement with its addenda, worked out anew with each change of one of its papers.

    Both ends are inclusive and always set; `FIRST_DAY` and `LAST_DAY` of `terms` stand for open ones.
    """

    __tablename__ = "contract_span"
    __audited__ = False
    __table_args__ = (
        CheckConstraint("kind in ('CERTAIN', 'POSSIBLE', 'UNKNOWN')", name="kind"),
        Index("ix_contract_span_days", "contract_id", "kind", "from_day", "to_day"),
        {"sqlite_autoincrement": True},
    )

    kind: Mapped[str] = mapped_column(String(8))
    from_day: Mapped[date]
    to_day: Mapped[date]


def _through_contracts(user: Reader) -> ColumnElement[bool]:
    link = aliased(ContractSource)
    return exists(
        select(link.id)
        .join(Contract, Contract.id == link.contract_id)
        .where(link.source_id == Source.id, Contract.full_to(user))
        .correlate(Source)
    )


widen(Source, visible_to=_through_contracts, full_to=_through_contracts)
