"""The incident: who did what to whom, where and when, how we know, and how far it has been reviewed."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from flask_babel import gettext as _
from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    exists,
    or_,
    select,
)
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from app.access import CASEWORKER, COORDINATOR, WITHIN, Reader, Rule, in_teams_where, protected, widen
from app.accounts.models import Team, User
from app.cases.models import Case
from app.db import Base, Happened, MadePublic, Numbered, Root, now
from app.evidence.models import Source
from app.organisations.models import Organisation, Project
from app.people.models import Person
from app.places.models import Place
from app.search import Searchable
from app.vocabulary.models import code_column

if TYPE_CHECKING:
    from app.incidents.beside import AnswerNote, StateResponse

YES, NO, UNKNOWN = "YES", "NO", "UNKNOWN"
SUMMARY_LENGTH = 600


@protected
class Incident(Searchable, Happened, MadePublic, Root, Base):
    """One event at one time and place. A title is enough to begin; the rest may come later."""

    __tablename__ = "incident"
    __letter__ = "I"
    __table_args__ = (
        UniqueConstraint("team_id", "external_source", "external_id"),
        CheckConstraint(
            "state in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'NEEDS_INFO', 'UNVERIFIED', 'CORROBORATED', 'VERIFIED', "
            "'REJECTED')",
            name="state",
        ),
        # Each holds what tells whether a reader sees the row: counters and queues need not open the records.
        Index("ix_incident_by_state", "state", "case_id", "withdrawn_at", "team_id", "created_by_id"),
        Index("ix_incident_by_author", "created_by_id", "state", "case_id", "withdrawn_at", "team_id"),
        Index("ix_incident_assigned_to_id", "assigned_to_id"),
        {"sqlite_autoincrement": True},
    )

    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="DRAFT")
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None]

    title_es: Mapped[str | None]
    title_en: Mapped[str | None]
    narrative: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(3))
    notes: Mapped[str | None]
    summary_es: Mapped[str | None]
    summary_en: Mapped[str | None]

    main_type: Mapped[str | None] = code_column("incident_types", index=True)
    country: Mapped[str | None] = mapped_column(String(2), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    community: Mapped[str | None]
    region_text: Mapped[str | None]
    """Where a country has no tree of places here: the region in the words of the source."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    coordinate_precision: Mapped[str | None] = mapped_column(String(12))

    sector: Mapped[str | None] = code_column("sectors")
    urgency: Mapped[str | None] = code_column("urgency_levels")
    protest: Mapped[str] = mapped_column(String(7), default=UNKNOWN)
    emergency: Mapped[str] = mapped_column(String(7), default=UNKNOWN)
    threats_before: Mapped[str] = mapped_column(String(7), default=UNKNOWN)
    reprisals: Mapped[list[str] | None]
    threat_type: Mapped[str | None] = code_column("threat_types")
    threat_channel: Mapped[str | None] = code_column("threat_channels")
    threat_credibility: Mapped[str | None] = code_column("threat_credibility")

    embargo_until: Mapped[date | None]

    case: Mapped[Case | None] = relationship(info=WITHIN)
    team: Mapped[Team] = relationship()
    place: Mapped[Place | None] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys="Incident.created_by_id")
    editor: Mapped[User | None] = relationship(foreign_keys="Incident.updated_by_id")
    assigned_to: Mapped[User | None] = relationship(foreign_keys=assigned_to_id)
    acts: Mapped[list[Act]] = relationship(
        back_populates="incident", cascade="all, delete-orphan", order_by="Act.position", info=WITHIN
    )
    involvements: Mapped[list[Involvement]] = relationship(
        back_populates="incident", cascade="all, delete-orphan", order_by="Involvement.position", info=WITHIN
    )
    source_links: Mapped[list[SourceLink]] = relationship(
        back_populates="incident", cascade="all, delete-orphan", order_by="SourceLink.position", info=WITHIN
    )
    reviews: Mapped[list[ReviewNote]] = relationship(
        back_populates="incident", cascade="all, delete-orphan", order_by="ReviewNote.id", info=WITHIN
    )
    project_links: Mapped[list[IncidentProject]] = relationship(
        back_populates="incident", cascade="all, delete-orphan", order_by="IncidentProject.position", info=WITHIN
    )
    company_links: Mapped[list[IncidentCompany]] = relationship(
        back_populates="incident", cascade="all, delete-orphan", order_by="IncidentCompany.position", info=WITHIN
    )
    responses: Mapped[list[StateResponse]] = relationship(
        back_populates="incident",
        cascade="all, delete-orphan",
        order_by="StateResponse.happened_from.asc().nulls_first(), StateResponse.id",
        info=WITHIN,
    )
    """Undated ones first: a step of which no day is known decides nothing over one that is dated."""
    answer_notes: Mapped[list[AnswerNote]] = relationship(
        back_populates="incident", cascade="all, delete-orphan", order_by="AnswerNote.id", info=WITHIN
    )
    projects: AssociationProxy[list[Project]] = association_proxy(
        "project_links", "project", creator=lambda project: IncidentProject(project=project)
    )
    companies: AssociationProxy[list[Organisation]] = association_proxy(
        "company_links", "organisation", creator=lambda company: IncidentCompany(organisation=company)
    )

    def title_in(self, language: str) -> str:
        chosen = (self.title_en, self.title_es) if language == "en" else (self.title_es, self.title_en)
        return chosen[0] or chosen[1] or _("(untitled)")

    def summary_in(self, language: str) -> str | None:
        return self.summary_en if language == "en" else self.summary_es

    @property
    def types(self) -> list[str]:
        """The main type first, then the others, each once."""
        return list(dict.fromkeys(code for code in (self.main_type, *(act.act_type for act in self.acts)) if code))

    @property
    def victims(self) -> list[Act]:
        """The acts that name a person or count a group."""
        return [act for act in self.acts if act.names_someone]

    def counted(self, what: str) -> tuple[int | None, int | None]:
        """Least and most `affected`, `killed`, `injured` or `detained` over the acts; None where no act says it."""
        least = [number for act in self.acts if (number := getattr(act, f"{what}_least")) is not None]
        most = [
            number
            for act in self.acts
            if (number := getattr(act, f"{what}_most")) is not None
            or (number := getattr(act, f"{what}_least")) is not None
        ]
        return (sum(least) if least else None, sum(most) if most else None)

    # --- who sees it

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return or_(cls._without_case(user), cls._by_case(Case.visible_to(user)))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return or_(cls._without_case(user), cls._by_case(Case.full_to(user)))

    @classmethod
    def _without_case(cls, user: Reader) -> ColumnElement[bool]:
        return and_(
            cls.case_id.is_(None),
            or_(
                in_teams_where(cls.team_id, user, COORDINATOR),
                and_(cls.created_by_id == user.id, in_teams_where(cls.team_id, user, COORDINATOR, CASEWORKER)),
            ),
        )

    @classmethod
    def _by_case(cls, rule: ColumnElement[bool]) -> ColumnElement[bool]:
        return cls.case_id.in_(select(Case.id).where(rule))

    # --- what search finds it by

    def words_for_full_readers(self) -> list[str | None]:
        names = [name for company in self.companies for name in company.names_for(self.team_id)]
        actors = [link.organisation for link in self.involvements if link.organisation]
        names += [name for actor in actors for name in actor.names_for(self.team_id)]
        projects = [name for project in self.projects for name in project.names_for(self.team_id)]
        people = [text for act in self.acts for text in (act.person.pseudonym if act.person else act.group_label,)]
        return [
            self.title_es,
            self.title_en,
            self.narrative,
            self.summary_es,
            self.summary_en,
            self.community,
            self.happened_text,
            self.place.full_name if self.place else None,
            *people,
            *names,
            *projects,
        ]

    def words_for_everyone(self) -> list[str | None]:
        public = [self.title_es, self.title_en, self.summary_es, self.summary_en] if self.is_already_public else []
        return [self.reference, self.place.admin1.name if self.place else self.region_text, *public]


class PartOfIncident:
    """What hangs on an incident has its rule."""

    __hangs_on__: ClassVar[tuple[str, str] | None] = ("incident", "incident_id")

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.incident.has(Incident.visible_to(user))  # type: ignore[attr-defined]

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.incident.has(Incident.full_to(user))  # type: ignore[attr-defined]


class PartReadInFull(PartOfIncident):
    """The same for what reading without identity does not show at all."""

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.full_to(user)


@protected
class Act(PartOfIncident, Numbered, Base):
    """A type of act against a person or a counted group. No type means the incident's main type.

    «28 marchers» is a count, not a person. Least and most differ where sources do; None is «not on record».
    """

    __tablename__ = "act"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    act_type: Mapped[str | None] = code_column("incident_types", index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    group_label: Mapped[str | None]
    affected_least: Mapped[int | None]
    affected_most: Mapped[int | None]
    killed_least: Mapped[int | None]
    killed_most: Mapped[int | None]
    injured_least: Mapped[int | None]
    injured_most: Mapped[int | None]
    detained_least: Mapped[int | None]
    detained_most: Mapped[int | None]

    incident: Mapped[Incident] = relationship(back_populates="acts", info=WITHIN)
    person: Mapped[Person | None] = relationship(info=WITHIN)

    @property
    def names_someone(self) -> bool:
        counts = (self.affected_least, self.killed_least, self.injured_least, self.detained_least)
        return bool(self.person_id or self.person or self.group_label or any(count is not None for count in counts))


@protected
class Involvement(PartOfIncident, Numbered, Base):
    """An alleged perpetrator: a type, where known an organisation, and how it took part."""

    __tablename__ = "involvement"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    perpetrator_type: Mapped[str | None] = code_column("perpetrator_types", index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    degree: Mapped[str | None] = code_column("involvement_degree")

    incident: Mapped[Incident] = relationship(back_populates="involvements", info=WITHIN)
    organisation: Mapped[Organisation | None] = relationship(info=WITHIN)


@protected
class IncidentProject(PartOfIncident, Numbered, Base):
    """A project that the incident is about."""

    __tablename__ = "incident_project"
    __table_args__ = (UniqueConstraint("incident_id", "project_id"), {"sqlite_autoincrement": True})

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)

    incident: Mapped[Incident] = relationship(back_populates="project_links", info=WITHIN)
    project: Mapped[Project] = relationship(info=WITHIN)


@protected
class IncidentCompany(PartOfIncident, Numbered, Base):
    """A company that the incident is about."""

    __tablename__ = "incident_company"
    __table_args__ = (UniqueConstraint("incident_id", "organisation_id"), {"sqlite_autoincrement": True})

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)

    incident: Mapped[Incident] = relationship(back_populates="company_links", info=WITHIN)
    organisation: Mapped[Organisation] = relationship(info=WITHIN)


@protected
class SourceLink(PartReadInFull, Numbered, Base):
    """A source of an incident, with how credible it is on this point."""

    __tablename__ = "source_link"
    __table_args__ = (UniqueConstraint("incident_id", "source_id"), {"sqlite_autoincrement": True})

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    credibility: Mapped[str | None] = code_column("info_credibility")

    incident: Mapped[Incident] = relationship(back_populates="source_links", info=WITHIN)
    source: Mapped[Source] = relationship(info=WITHIN)


@protected
class ReviewNote(PartReadInFull, Numbered, Base):
    """One step of a review and what was said with it."""

    __tablename__ = "review_note"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    move: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    incident: Mapped[Incident] = relationship(back_populates="reviews", info=WITHIN)
    by: Mapped[User | None] = relationship()


@protected
class Unsaved(Base):
    """What someone has typed into the form for a new incident and not yet saved; nobody else reads it."""

    __tablename__ = "unsaved"
    __audited__ = False

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    form_token: Mapped[str] = mapped_column(String(43), primary_key=True)
    """The form as it was handed out: each window has its own."""
    typed: Mapped[list[list[str]]] = mapped_column(JSON())
    """The form as a browser sends it: pairs of name and value."""
    version: Mapped[int] = mapped_column(default=1)
    """Rises with each keeping, so that who goes on in another window takes away no more than they were given."""
    at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return cls.user_id == user.id

    full_to = visible_to


def _through_acts(incident_rule: Rule) -> Rule:
    def rule(user: Reader) -> ColumnElement[bool]:
        return exists(
            select(Act.id)
            .join(Incident, Incident.id == Act.incident_id)
            .where(Act.person_id == Person.id, incident_rule(user))
            .correlate(Person)
        )

    return rule


def _through_links(user: Reader) -> ColumnElement[bool]:
    link = aliased(SourceLink)
    return exists(
        select(link.id)
        .join(Incident, Incident.id == link.incident_id)
        .where(link.source_id == Source.id, Incident.full_to(user))
        .correlate(Source)
    )


widen(Person, visible_to=_through_acts(Incident.visible_to), full_to=_through_acts(Incident.full_to))
widen(Source, visible_to=_through_links, full_to=_through_links)
