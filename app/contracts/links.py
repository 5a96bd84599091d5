"""What a person decided about a contract and an incident, and requests for the contracts themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.access import CASEWORKER, COORDINATOR, WITHIN, Reader, in_teams_where, protected
from app.accounts.models import Team, User
from app.contracts.models import Contract
from app.dates import UNKNOWN
from app.db import Base, Numbered, Root, now, uncertain
from app.evidence.files import EvidenceFile
from app.evidence.models import Source
from app.incidents.models import Incident
from app.organisations.models import Organisation
from app.proceedings.models import Proceeding
from app.search import Searchable
from app.vocabulary.models import code_column

L0, L1, L2, L3, L4 = "L0_NO", "L1_PERIOD", "L2_PLACE", "L3_UNIT", "L4_DIRECTED"
COMPUTED, WITH_EVIDENCE = (L1, L2), (L3, L4)
PROPOSED, CONFIRMED = "PROPOSED", "CONFIRMED"


@dataclass(frozen=True)
class Confirmed:
    """That a contract was in force, as one person answered for it."""

    level: str
    followed: str | None
    by: User | None
    at: datetime


@protected
class ContractLink(Numbered, Base):
    """A contract and an incident, with the level that somebody answers for. No row: nobody has decided.

    L1 and L2 follow from days and places and are confirmed by one person; L3 and L4 assert what the police did, and
    hold only when a second person has confirmed them over evidence. L0 is a link that was looked at and discarded.
    """

    __tablename__ = "contract_link"
    __hangs_on__ = ("incident", "incident_id")
    __table_args__ = (
        UniqueConstraint("incident_id", "contract_id"),
        CheckConstraint("state in ('PROPOSED', 'CONFIRMED')", name="state"),
        Index("ix_contract_link_contract_id", "contract_id"),
        {"sqlite_autoincrement": True},
    )

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    """Of the agreement, never of an addendum."""
    level: Mapped[str] = code_column("contract_link_levels")
    state: Mapped[str] = mapped_column(String(9), default=CONFIRMED)
    followed: Mapped[str | None] = mapped_column(String(8))
    """How days stood when it was decided: CERTAIN, POSSIBLE, UNKNOWN, or None for not at all."""
    reason: Mapped[str | None]
    """Why it was discarded, or what the evidence shows."""
    evidence_reference: Mapped[str | None] = mapped_column(String(11))
    """A file of the incident or the contract."""
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    second_at: Mapped[datetime | None]
    second_note: Mapped[str | None]
    confirmed_level: Mapped[str | None] = code_column("contract_link_levels")
    """Of a proposal that goes further than what one person had confirmed: that, which holds while it waits."""
    confirmed_followed: Mapped[str | None] = mapped_column(String(8))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    incident: Mapped[Incident] = relationship(info=WITHIN)
    contract: Mapped[Contract] = relationship(info=WITHIN)
    source: Mapped[Source | None] = relationship(info=WITHIN)
    evidence_file: Mapped[EvidenceFile | None] = relationship(
        primaryjoin=lambda: foreign(ContractLink.evidence_reference) == EvidenceFile.reference,
        viewonly=True,
        info=WITHIN,
    )
    by: Mapped[User | None] = relationship(foreign_keys=by_id)
    second_by: Mapped[User | None] = relationship(foreign_keys=second_by_id)
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=confirmed_by_id)

    @property
    def has_evidence(self) -> bool:
        return self.evidence_reference is not None or self.source_id is not None

    @property
    def confirmed(self) -> Confirmed | None:
        """What one person has confirmed from days and places, also while a proposal waits over it or was sent back."""
        if self.state == CONFIRMED and self.level in COMPUTED:
            return Confirmed(self.level, self.followed, self.by, self.at)
        if self.confirmed_level is not None and self.confirmed_at is not None:
            return Confirmed(self.confirmed_level, self.confirmed_followed, self.confirmed_by, self.confirmed_at)
        return None

    @property
    def evidence_stands(self) -> bool:
        """What was withdrawn after it was named is no evidence."""
        named = self.source or self.evidence_file
        return named is not None and not named.is_withdrawn

    @property
    def has_lost_evidence(self) -> bool:
        return self.has_evidence and not self.evidence_stands

    @property
    def holds(self) -> bool:
        """Whether the level may be told as such: not what waits for a second person, nor what lost its evidence."""
        return self.state == CONFIRMED and (self.level not in WITH_EVIDENCE or self.evidence_stands)

    @property
    def seen(self) -> str:
        """What a reader has before them, so that nobody decides over something else than they read."""
        return f"{self.id}-{self.version}"

    @classmethod
    def may_hold(cls) -> ColumnElement[bool]:
        """Levels that need no evidence, and those whose evidence stands."""
        source = select(Source.id).where(Source.withdrawn_at.is_(None))
        file = select(EvidenceFile.reference).where(EvidenceFile.withdrawn_at.is_(None))
        # Said of each by itself, so that the answer is yes or no also where one of the two is not named.
        stands = or_(
            and_(cls.source_id.is_not(None), cls.source_id.in_(source)),
            and_(cls.evidence_reference.is_not(None), cls.evidence_reference.in_(file)),
        )
        return or_(cls.level.not_in(WITH_EVIDENCE), stands)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return and_(
            cls.incident_id.in_(select(Incident.id).where(Incident.visible_to(user))),
            cls.contract_id.in_(select(Contract.id).where(Contract.visible_to(user))),
        )

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        """Reason and evidence tell of the incident."""
        in_full = cls.incident_id.in_(select(Incident.id).where(Incident.full_to(user)))
        return and_(in_full, cls.visible_to(user))


# --- requests for access to public information ---------------------------------------------------


@protected
class TransparencyRequest(Searchable, Root, Base):
    """A request under Ley 27806, with its terms, answer, appeal and habeas data. Coordination and caseworkers read it.

    It may be about contracts on record, or bring them to light.
    """

    __tablename__ = "transparency_request"
    __letter__ = "Q"
    __table_args__ = (
        UniqueConstraint("team_id", "external_source", "external_id"),
        {"sqlite_autoincrement": True},
    )

    subject: Mapped[str]
    """What was asked for."""
    number: Mapped[str | None]
    body_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    body_text: Mapped[str | None]
    country: Mapped[str | None] = mapped_column(String(2))
    status: Mapped[str] = code_column("transparency_request_status", default="DRAFT", index=True)
    filed_from: Mapped[date | None]
    filed_to: Mapped[date | None]
    filed_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    filed_text: Mapped[str | None]
    filed = uncertain("filed")
    due_on: Mapped[date | None]
    """Last day for the answer: counted from the day of filing, or as the body extended it."""
    extended_on: Mapped[date | None]
    extension_reason: Mapped[str | None]
    answered_on: Mapped[date | None]
    answer: Mapped[str | None]
    appeal_due_on: Mapped[date | None]
    appealed_on: Mapped[date | None]
    appeal_number: Mapped[str | None]
    appeal_decided_on: Mapped[date | None]
    appeal_outcome: Mapped[str | None]
    proceeding_id: Mapped[int | None] = mapped_column(ForeignKey("proceeding.id"), index=True)
    """The habeas data, where there is one on record."""
    result: Mapped[str | None]
    notes: Mapped[str | None]

    team: Mapped[Team] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys="TransparencyRequest.created_by_id")
    body: Mapped[Organisation | None] = relationship(info=WITHIN)
    proceeding: Mapped[Proceeding | None] = relationship(info=WITHIN)
    contract_links: Mapped[list[RequestedContract]] = relationship(
        back_populates="request", cascade="all, delete-orphan", info=WITHIN, order_by="RequestedContract.id"
    )

    @property
    def state(self) -> str:
        return self.status

    @property
    def addressed(self) -> str:
        return self.body.name if self.body else self.body_text or ""

    @property
    def filed_on(self) -> date | None:
        """The day of filing, where it is known to the day: terms are counted from no other."""
        return self.filed_from if self.filed_from == self.filed_to else None

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return in_teams_where(cls.team_id, user, COORDINATOR, CASEWORKER)

    full_to = visible_to

    # --- what search finds it by

    def words_for_full_readers(self) -> list[str | None]:
        body = [self.body.name, *(alias.name for alias in self.body.aliases)] if self.body else [self.body_text]
        return [self.subject, self.number, self.appeal_number, *body]

    def words_for_everyone(self) -> list[str | None]:
        return [self.reference]


@protected
class RequestedContract(Numbered, Base):
    """A contract that a request asked for or brought."""

    __tablename__ = "requested_contract"
    __hangs_on__ = ("transparency_request", "request_id")
    __table_args__ = (UniqueConstraint("request_id", "contract_id"), {"sqlite_autoincrement": True})

    request_id: Mapped[int] = mapped_column(ForeignKey("transparency_request.id"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)

    request: Mapped[TransparencyRequest] = relationship(back_populates="contract_links", info=WITHIN)
    contract: Mapped[Contract] = relationship(info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return and_(
            cls.request_id.in_(select(TransparencyRequest.id).where(TransparencyRequest.visible_to(user))),
            cls.contract_id.in_(select(Contract.id).where(Contract.visible_to(user))),
        )

    full_to = visible_to
