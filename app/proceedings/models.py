"""The proceeding: who is accused of what before whom, how far it has come, and what was ordered meanwhile."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.access import WITHIN, Reader, protected
from app.accounts.models import Team
from app.cases.models import Case
from app.dates import UNKNOWN, UncertainDate
from app.db import Base, Doubted, Edited, MadePublic, Numbered, Root, uncertain
from app.incidents.models import Incident
from app.organisations.models import Organisation
from app.people.models import Person
from app.search import Searchable
from app.vocabulary.models import code_column

AGAINST, ACCOUNTABILITY = "AGAINST", "ACCOUNTABILITY"


@protected
class Proceeding(Searchable, MadePublic, Root, Base):
    """A case before a prosecutor, court or authority. It hangs on a case and is seen by whoever sees that case."""

    __tablename__ = "proceeding"
    __letter__ = "P"
    __table_args__ = (
        UniqueConstraint("team_id", "external_source", "external_id"),
        CheckConstraint("direction in ('AGAINST', 'ACCOUNTABILITY')", name="direction"),
        {"sqlite_autoincrement": True},
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    direction: Mapped[str] = mapped_column(String(14), default=AGAINST)
    kind: Mapped[str] = code_column("proc_kinds")
    title_es: Mapped[str | None]
    title_en: Mapped[str | None]
    country: Mapped[str | None] = mapped_column(String(2))

    court_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    court_text: Mapped[str | None]
    prosecutor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    prosecutor_text: Mapped[str | None]
    complainant_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    complainant_text: Mapped[str | None]

    facts_from: Mapped[date | None]
    facts_to: Mapped[date | None]
    facts_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    facts_text: Mapped[str | None]
    facts = uncertain("facts")

    complexity: Mapped[str | None] = code_column("proc_complexity")
    current_stage: Mapped[str | None] = code_column("proc_stages", index=True)
    """Where it stands: the last stage that was entered. Kept in step by the operations."""
    outcome: Mapped[str | None] = code_column("proc_outcomes", index=True)
    sentence_text: Mapped[str | None]
    sentence_years: Mapped[int | None]
    sentence_months: Mapped[int | None]
    sentence_suspended: Mapped[str | None] = code_column("yes_no_unknown")
    reparation_amount: Mapped[int | None] = mapped_column(BigInteger)
    """In the smallest unit of the currency: céntimos, cents."""
    reparation_currency: Mapped[str | None] = mapped_column(String(3))
    criminalisation_forms: Mapped[list[str] | None]
    notes: Mapped[str | None]

    case: Mapped[Case] = relationship(info=WITHIN)
    team: Mapped[Team] = relationship()
    court: Mapped[Organisation | None] = relationship(foreign_keys=court_id, info=WITHIN)
    prosecutor: Mapped[Organisation | None] = relationship(foreign_keys=prosecutor_id, info=WITHIN)
    complainant: Mapped[Organisation | None] = relationship(foreign_keys=complainant_id, info=WITHIN)
    numbers: Mapped[list[CaseNumber]] = relationship(
        back_populates="proceeding", cascade="all, delete-orphan", info=WITHIN, order_by="CaseNumber.id"
    )
    accused: Mapped[list[Accused]] = relationship(
        back_populates="proceeding", cascade="all, delete-orphan", info=WITHIN, order_by="Accused.id"
    )
    stages: Mapped[list[Stage]] = relationship(
        back_populates="proceeding", cascade="all, delete-orphan", info=WITHIN, order_by="Stage.id"
    )
    hearings: Mapped[list[Hearing]] = relationship(
        back_populates="proceeding", cascade="all, delete-orphan", info=WITHIN, order_by="Hearing.held_on, Hearing.id"
    )
    deadlines: Mapped[list[Deadline]] = relationship(
        back_populates="proceeding", cascade="all, delete-orphan", info=WITHIN, order_by="Deadline.due_on, Deadline.id"
    )
    answers: Mapped[list[FairTrialAnswer]] = relationship(
        back_populates="proceeding", cascade="all, delete-orphan", info=WITHIN, order_by="FairTrialAnswer.id"
    )

    incident_links: Mapped[list[ProceedingIncident]] = relationship(
        back_populates="proceeding", cascade="all, delete-orphan", info=WITHIN, order_by="ProceedingIncident.id"
    )
    incidents: AssociationProxy[list[Incident]] = association_proxy(
        "incident_links", "incident", creator=lambda incident: ProceedingIncident(incident=incident)
    )
    """Those that it arises from."""

    def title_in(self, language: str) -> str:
        chosen = (self.title_en, self.title_es) if language == "en" else (self.title_es, self.title_en)
        return chosen[0] or chosen[1] or self.reference

    @property
    def charges(self) -> list[Charge]:
        return [charge for accused in self.accused for charge in accused.charges]

    @property
    def measures(self) -> list[Measure]:
        return [measure for accused in self.accused for measure in accused.measures]

    @property
    def stages_in_order(self) -> list[Stage]:
        """By the day of entry, those without a day where they were written down."""
        ordered = sorted(self.stages, key=lambda stage: stage.id or 10**12)
        last = date.min
        keys: dict[int, date] = {}
        for stage in ordered:
            last = stage.entered.earliest or stage.entered.latest or last
            keys[id(stage)] = last
        return sorted(ordered, key=lambda stage: keys[id(stage)])

    def accused_counted(self, outcome: str | None = None) -> tuple[int, int | None]:
        """Least and most persons under accusation; the most is None where a group is not counted to its end."""
        rows = [row for row in self.accused if row.role == "ACCUSED" and outcome in (None, row.outcome)]
        mosts = [row.counted[1] for row in rows]
        known = [most for most in mosts if most is not None]
        return sum(row.counted[0] for row in rows), sum(known) if len(known) == len(mosts) else None

    # --- who sees it

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.case_id.in_(select(Case.id).where(Case.visible_to(user)))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.case_id.in_(select(Case.id).where(Case.full_to(user)))

    # --- what search finds it by

    def words_for_full_readers(self) -> list[str | None]:
        bodies = [self.court, self.prosecutor, self.complainant]
        names = [name for body in bodies if body for name in body.names_for(self.team_id)]
        people = [row.person.pseudonym if row.person else row.group_label for row in self.accused]
        texts = [self.title_es, self.title_en, self.court_text, self.prosecutor_text, self.complainant_text]
        return [*texts, *names, *people, *(number.number for number in self.numbers)]

    def words_for_everyone(self) -> list[str | None]:
        return [self.reference]


class PartOfProceeding(Numbered):
    """What hangs on a proceeding has its rule; whoever reads without identity is shown codes, days and counts."""

    __hangs_on__: ClassVar[tuple[str, str] | None] = ("proceeding", "proceeding_id")

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)

    @declared_attr
    def proceeding_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("proceeding.id"), index=True)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.proceeding_id.in_(select(Proceeding.id).where(Proceeding.visible_to(user)))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.proceeding_id.in_(select(Proceeding.id).where(Proceeding.full_to(user)))


@protected
class ProceedingIncident(PartOfProceeding, Base):
    """An incident that the proceeding arises from. Who does not see the incident does not see the link."""

    __tablename__ = "proceeding_incident"
    __table_args__ = (UniqueConstraint("proceeding_id", "incident_id"), {"sqlite_autoincrement": True})

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)

    proceeding: Mapped[Proceeding] = relationship(back_populates="incident_links", info=WITHIN)
    incident: Mapped[Incident] = relationship(info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return super().visible_to(user) & cls.incident_id.in_(select(Incident.id).where(Incident.visible_to(user)))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return super().full_to(user) & cls.incident_id.in_(select(Incident.id).where(Incident.full_to(user)))


@protected
class CaseNumber(PartOfProceeding, Base):
    """A number by which an authority keeps the matter. It leads to the accused: for full readers only."""

    __tablename__ = "case_number"

    number_type: Mapped[str] = code_column("proc_number_types")
    number: Mapped[str]
    issuing_body: Mapped[str | None]

    proceeding: Mapped[Proceeding] = relationship(back_populates="numbers", info=WITHIN)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.full_to(user)


@protected
class Accused(PartOfProceeding, Base):
    """A person, or a group that is only counted, and what came out for them."""

    __tablename__ = "accused"

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    group_label: Mapped[str | None]
    count_least: Mapped[int | None]
    count_most: Mapped[int | None]
    role: Mapped[str] = code_column("proc_roles", default="ACCUSED")
    outcome: Mapped[str | None] = code_column("proc_outcomes")

    proceeding: Mapped[Proceeding] = relationship(back_populates="accused", info=WITHIN)
    person: Mapped[Person | None] = relationship(info=WITHIN)
    charges: Mapped[list[Charge]] = relationship(
        back_populates="accused", cascade="all, delete-orphan", info=WITHIN, order_by="Charge.id"
    )
    measures: Mapped[list[Measure]] = relationship(
        back_populates="accused", cascade="all, delete-orphan", info=WITHIN, order_by="Measure.id"
    )

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
class Charge(PartOfProceeding, Edited, Doubted, Base):
    """An offence of which somebody is accused, with the article as it stood on the day of the facts."""

    __tablename__ = "charge"

    accused_id: Mapped[int] = mapped_column(ForeignKey("accused.id"), index=True)
    offence: Mapped[str] = code_column("offences", index=True)
    article: Mapped[str | None]
    participation: Mapped[str | None] = code_column("proc_participation")
    outcome: Mapped[str | None] = code_column("proc_outcomes")

    accused: Mapped[Accused] = relationship(back_populates="charges", info=WITHIN)


@protected
class Stage(PartOfProceeding, Edited, Doubted, Base):
    """A stretch of the way. What is reopened enters its stage once more, as a new row."""

    __tablename__ = "stage"

    stage: Mapped[str] = code_column("proc_stages")
    entered_from: Mapped[date | None]
    entered_to: Mapped[date | None]
    entered_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    entered_text: Mapped[str | None]
    entered = uncertain("entered")
    left_from: Mapped[date | None]
    left_to: Mapped[date | None]
    left_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    left_text: Mapped[str | None]
    left = uncertain("left")
    outcome: Mapped[str | None] = code_column("proc_outcomes")
    note: Mapped[str | None]
    citation: Mapped[str | None]
    url: Mapped[str | None]
    entry_uid: Mapped[uuid.UUID | None] = mapped_column(index=True)
    """The line of the case's timeline that this stage stands for; it is not told twice."""

    proceeding: Mapped[Proceeding] = relationship(back_populates="stages", info=WITHIN)

    @property
    def decided(self) -> UncertainDate:
        """The day of its outcome: when it was left, where that is on record; a trial begins before it is decided."""
        return self.left if self.outcome and (self.left.earliest or self.left.latest) else self.entered


@protected
class Measure(PartOfProceeding, Edited, Doubted, Base):
    """What was ordered against somebody while the matter runs: arrest, detention, duty to report, travel ban."""

    __tablename__ = "coercive_measure"

    accused_id: Mapped[int] = mapped_column(ForeignKey("accused.id"), index=True)
    measure: Mapped[str] = code_column("coercive_measures")
    started_from: Mapped[date | None]
    started_to: Mapped[date | None]
    started_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    started_text: Mapped[str | None]
    started = uncertain("started")
    limit_on: Mapped[date | None]
    ended_from: Mapped[date | None]
    ended_to: Mapped[date | None]
    ended_precision: Mapped[str] = mapped_column(String(10), default=UNKNOWN)
    ended_text: Mapped[str | None]
    ended = uncertain("ended")
    note: Mapped[str | None]
    arbitrary: Mapped[str | None] = code_column("yes_no_unknown")
    """Whether the detention was arbitrary, as a reviewer has answered; None while nobody has."""
    arbitrary_grounds: Mapped[list[str] | None]
    arbitrary_why: Mapped[str | None]
    arbitrary_on: Mapped[date | None]
    arbitrary_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    accused: Mapped[Accused] = relationship(back_populates="measures", info=WITHIN)
    extensions: Mapped[list[MeasureExtension]] = relationship(
        back_populates="measure", cascade="all, delete-orphan", info=WITHIN, order_by="MeasureExtension.until_on"
    )

    @property
    def has_ended(self) -> bool:
        return bool(self.ended.earliest or self.ended.latest)

    @property
    def holds_until(self) -> date | None:
        """The last day of the order, extensions included; None where no limit is on record."""
        return max([day for day in (self.limit_on, *(one.until_on for one in self.extensions)) if day], default=None)


@protected
class MeasureExtension(PartOfProceeding, Doubted, Base):
    """A measure was made to last longer."""

    __tablename__ = "measure_extension"

    measure_id: Mapped[int] = mapped_column(ForeignKey("coercive_measure.id"), index=True)
    decided_on: Mapped[date | None]
    until_on: Mapped[date]
    note: Mapped[str | None]

    measure: Mapped[Measure] = relationship(back_populates="extensions", info=WITHIN)


@protected
class Hearing(PartOfProceeding, Edited, Doubted, Base):
    """A hearing, held or called, and what came of it."""

    __tablename__ = "hearing"

    held_on: Mapped[date] = mapped_column(index=True)
    held_at: Mapped[str | None] = mapped_column(String(5))
    kind: Mapped[str | None] = code_column("hearing_kinds")
    place: Mapped[str | None]
    what_happened: Mapped[str | None]
    next_on: Mapped[date | None]

    proceeding: Mapped[Proceeding] = relationship(back_populates="hearings", info=WITHIN)


@protected
class FairTrialAnswer(PartOfProceeding, Base):
    """Whether one guarantee of a fair trial was kept, and how we know."""

    __tablename__ = "fair_trial_answer"
    __table_args__ = (UniqueConstraint("proceeding_id", "point"), {"sqlite_autoincrement": True})

    point: Mapped[str] = code_column("fair_trial")
    answer: Mapped[str] = code_column("yes_no_unknown")
    note: Mapped[str | None]
    source: Mapped[str | None]

    proceeding: Mapped[Proceeding] = relationship(back_populates="answers", info=WITHIN)


@protected
class Deadline(PartOfProceeding, Edited, Base):
    """A term that was proposed, from what it was counted, and what a person made of it."""

    __tablename__ = "deadline"

    rule: Mapped[str] = code_column("proc_deadlines")
    part: Mapped[str | None] = mapped_column(String(10))
    """The extension of the term, or a term that follows it: see terms.Rule."""
    triggered_on: Mapped[date]
    triggered_at: Mapped[str | None] = mapped_column(String(5))
    amount: Mapped[int | None]
    """The number that the prosecutor or judge has set, or the years of the penalty for limitation."""
    computed_on: Mapped[date]
    overridden_on: Mapped[date | None]
    override_reason: Mapped[str | None]
    due_on: Mapped[date] = mapped_column(index=True)
    """The day that counts: the one set by a person, else the proposal."""
    confirmed_on: Mapped[date | None]
    """When a lawyer said that `due_on` is right. Until then the term is a proposal."""
    confirmed_by: Mapped[str | None]
    """Which lawyer: few of them work with Amparo."""
    done_on: Mapped[date | None]
    note: Mapped[str | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    proceeding: Mapped[Proceeding] = relationship(back_populates="deadlines", info=WITHIN)


class ClosedDay(Numbered, Base):
    """A day on which courts of the place are closed, beside weekends and national holidays."""

    __tablename__ = "closed_day"

    day: Mapped[date] = mapped_column(unique=True)
    reason: Mapped[str]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
