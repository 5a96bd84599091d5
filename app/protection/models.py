"""What is done to protect somebody: assessments of risk, measures, advocacy, and what authorities have promised.

The four stand in one table, so that what is open is one list, ordered by the day on which something is due.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.access import WITHIN, Reader, protected
from app.accounts.models import Team
from app.cases.models import Case
from app.dates import UNKNOWN
from app.db import Base, Doubted, Edited, Happened, Numbered, Root, uncertain
from app.incidents.models import Incident
from app.organisations.models import Organisation
from app.people.models import Person
from app.search import Searchable
from app.vocabulary.models import code_column

RISK, MEASURE, ACTION, COMMITMENT = "RISK", "MEASURE", "ACTION", "COMMITMENT"
KINDS = (RISK, MEASURE, ACTION, COMMITMENT)


@protected
class Protection(Searchable, Doubted, Happened, Root, Base):
    """One of the four. It hangs on a case and is seen by whoever sees that case.

    `happened` is the day of the assessment, of the request, of the action, or of the promise.
    """

    __tablename__ = "protection"
    __letter__ = "M"
    __table_args__ = (
        UniqueConstraint("team_id", "external_source", "external_id"),
        CheckConstraint("kind in ('RISK', 'MEASURE', 'ACTION', 'COMMITMENT')", name="kind"),
        # What is due first, as the list walks it.
        Index("ix_protection_by_day", "is_open", "next_on", "id"),
        {"sqlite_autoincrement": True},
    )

    kind: Mapped[str] = mapped_column(String(10))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), index=True)
    """The incident of the case that gave the reason for it."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Of an assessment: whose risk."""
    country: Mapped[str | None] = mapped_column(String(2))

    is_open: Mapped[bool] = mapped_column(default=True)
    """Whether something is still to be done or waited for. Kept in step by the operations."""
    next_on: Mapped[date | None]
    """The day of the next step, of the review, or by which it was promised."""
    next_what: Mapped[str | None]

    body_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    body_text: Mapped[str | None]
    """To whom a request goes, or who has promised: an organisation on record, or words."""
    sector: Mapped[str | None] = code_column("state_sectors")
    status: Mapped[str | None] = code_column("intervention_status", index=True)
    impact: Mapped[str | None] = code_column("intervention_impact")
    asked: Mapped[str | None]
    answered_from: Mapped[date | None]
    answered_to: Mapped[date | None]
    answered_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    answered_text: Mapped[str | None]
    answered = uncertain("answered")
    answer: Mapped[str | None]
    """What was answered; of a promise, what became of it."""
    notes: Mapped[str | None]
    citation: Mapped[str | None]
    url: Mapped[str | None]
    entry_uid: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """The line of the case's timeline that this stands for; it is not told twice."""

    case: Mapped[Case] = relationship(info=WITHIN)
    incident: Mapped[Incident | None] = relationship(info=WITHIN)
    person: Mapped[Person | None] = relationship(info=WITHIN)
    team: Mapped[Team] = relationship()
    body: Mapped[Organisation | None] = relationship(info=WITHIN)
    beneficiaries: Mapped[list[Beneficiary]] = relationship(
        back_populates="protection", cascade="all, delete-orphan", info=WITHIN, order_by="Beneficiary.id"
    )
    recipients: Mapped[list[Recipient]] = relationship(
        back_populates="protection", cascade="all, delete-orphan", info=WITHIN, order_by="Recipient.id"
    )
    steps: Mapped[list[Step]] = relationship(
        back_populates="protection", cascade="all, delete-orphan", info=WITHIN, order_by="Step.id"
    )
    factors: Mapped[list[Factor]] = relationship(
        back_populates="protection", cascade="all, delete-orphan", info=WITHIN, order_by="Factor.id"
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {
            "version_id_col": cls.__table__.c.version,
            "polymorphic_on": "kind",
            "polymorphic_abstract": True,
            "with_polymorphic": "*",
        }

    @property
    def addressed(self) -> str:
        """The body in words, as full readers may know it."""
        return self.body.name if self.body else self.body_text or ""

    @property
    def steps_in_order(self) -> list[Step]:
        """By their day, those without one at the end."""
        return sorted(self.steps, key=lambda step: (step.taken.earliest or step.taken.latest or date.max, step.id or 0))

    def protected_counted(self) -> tuple[int, int | None]:
        """Least and most persons to be protected; the most is None where a group is not counted to its end."""
        mosts = [row.counted[1] for row in self.beneficiaries]
        known = [most for most in mosts if most is not None]
        return sum(row.counted[0] for row in self.beneficiaries), sum(known) if len(known) == len(mosts) else None

    # --- who sees it

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.case_id.in_(select(Case.id).where(Case.visible_to(user)))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.case_id.in_(select(Case.id).where(Case.full_to(user)))

    # --- what search finds it by

    def words_for_full_readers(self) -> list[str | None]:
        bodies = [body for body in [self.body, *(row.organisation for row in self.recipients)] if body]
        names = [name for body in bodies for name in body.names_for(self.team_id)]
        people = [row.name for row in self.beneficiaries]
        texts = [self.body_text, self.asked, self.answer, self.next_what, *(row.words for row in self.recipients)]
        return [*texts, *names, *people]

    def words_for_everyone(self) -> list[str | None]:
        return [self.reference]


class RiskAssessment(Protection):
    """How great a risk is on a day: factors weigh, a person decides. A new one takes the place of the one before."""

    __letter__ = "R"
    __mapper_args__ = {"polymorphic_identity": RISK}

    group_label: Mapped[str | None]
    """A community or family whose risk it is, where it is not one person's."""
    score: Mapped[int | None]
    level_suggested: Mapped[str | None] = code_column("risk_levels")
    level: Mapped[str | None] = code_column("risk_levels", index=True)
    level_reason: Mapped[str | None]
    wishes: Mapped[str | None]
    """What the person wants to be done. Nothing is done without their consent."""

    @property
    def whose(self) -> str:
        return self.person.pseudonym if self.person else self.group_label or ""

    def words_for_full_readers(self) -> list[str | None]:
        return [*super().words_for_full_readers(), self.whose]


class ProtectionMeasure(Protection):
    """What was asked of whom to protect somebody, what was answered, and what was really done."""

    __letter__ = "M"
    __mapper_args__ = {"polymorphic_identity": MEASURE}

    measure: Mapped[str | None] = code_column("protection_measures", index=True)
    number: Mapped[str | None]
    """By which the body keeps it: MC-452-11, a resolution."""
    really_done: Mapped[str | None]
    ended_from: Mapped[date | None]
    ended_to: Mapped[date | None]
    ended_precision: Mapped[str | None] = mapped_column(String(10), default=UNKNOWN)
    ended_text: Mapped[str | None]
    ended = uncertain("ended")

    @property
    def has_ended(self) -> bool:
        return self.ended_from is not None or self.ended_to is not None

    def words_for_full_readers(self) -> list[str | None]:
        return [*super().words_for_full_readers(), self.number, self.really_done]


class AdvocacyAction(Protection):
    """A letter, a meeting, a hearing, a complaint, a visit: who was spoken to, and what they said."""

    __letter__ = "A"
    __mapper_args__ = {"polymorphic_identity": ACTION}

    action: Mapped[str | None] = code_column("advocacy_actions", index=True)


class Commitment(Protection):
    """What an authority has promised to whom, and by when."""

    __letter__ = "W"
    __mapper_args__ = {"polymorphic_identity": COMMITMENT}

    promised_to: Mapped[str | None]
    outcome: Mapped[str | None] = code_column("commitment_outcomes", index=True)
    evidence: Mapped[str | None]
    """How we know what became of it."""

    def words_for_full_readers(self) -> list[str | None]:
        return [*super().words_for_full_readers(), self.promised_to]


# --- what hangs on one ---------------------------------------------------------------------------


class PartOfProtection(Numbered):
    """What hangs on one of them has its rule."""

    __hangs_on__: ClassVar[tuple[str, str] | None] = ("protection", "protection_id")

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)

    @declared_attr
    def protection_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("protection.id"), index=True)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.protection_id.in_(select(Protection.id).where(Protection.visible_to(user)))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.protection_id.in_(select(Protection.id).where(Protection.full_to(user)))


@protected
class Beneficiary(PartOfProtection, Base):
    """Who is to be protected: a person, or a group that is only counted."""

    __tablename__ = "beneficiary"

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    group_label: Mapped[str | None]
    count_least: Mapped[int | None]
    count_most: Mapped[int | None]
    asks_not_to_be_named: Mapped[bool] = mapped_column(default=False)
    """As the Commission asks beneficiaries: whether their name is to stay out of what is published."""

    protection: Mapped[Protection] = relationship(back_populates="beneficiaries", info=WITHIN)
    person: Mapped[Person | None] = relationship(info=WITHIN)

    @property
    def name(self) -> str:
        """For full readers: the pseudonym, or what the group is called."""
        return self.person.pseudonym if self.person else self.group_label or ""

    @property
    def counted(self) -> tuple[int, int | None]:
        if self.person_id or self.person:
            return 1, 1
        return self.count_least or 0, self.count_most if self.count_most is not None else self.count_least


@protected
class Recipient(PartOfProtection, Base):
    """Who was spoken or written to: an organisation on record, or words."""

    __tablename__ = "recipient"

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    words: Mapped[str | None]

    protection: Mapped[Protection] = relationship(back_populates="recipients", info=WITHIN)
    organisation: Mapped[Organisation | None] = relationship(info=WITHIN)

    @property
    def name(self) -> str:
        return self.organisation.name if self.organisation else self.words or ""


@protected
class Step(PartOfProtection, Edited, Doubted, Base):
    """One step on the way of a measure: asked, admitted, decided, reported on, met about."""

    __tablename__ = "protection_step"

    step: Mapped[str] = code_column("protection_steps")
    taken_from: Mapped[date | None]
    taken_to: Mapped[date | None]
    taken_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    taken_text: Mapped[str | None]
    taken = uncertain("taken")
    sector: Mapped[str | None] = code_column("state_sectors")
    note: Mapped[str | None]
    really_done: Mapped[str | None]

    protection: Mapped[Protection] = relationship(back_populates="steps", info=WITHIN)


@protected
class Factor(PartOfProtection, Base):
    """What made the risk greater or smaller, with the weight that it had on that day."""

    __tablename__ = "risk_factor"
    __table_args__ = (UniqueConstraint("protection_id", "factor"), {"sqlite_autoincrement": True})

    factor: Mapped[str] = code_column("risk_factors")
    weight: Mapped[int]

    protection: Mapped[Protection] = relationship(back_populates="factors", info=WITHIN)
