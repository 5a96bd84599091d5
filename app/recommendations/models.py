"""Recommendations of the Universal Periodic Review, which all share; and what a team makes of them, its own."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, UniqueConstraint, and_, or_, select, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access import CASEWORKER, COORDINATOR, WITHIN, Reader, in_teams_where, protected
from app.accounts.models import Team, User
from app.contracts.models import Contract
from app.db import Base, Edited, Numbered, alpha2, now
from app.incidents.models import Incident
from app.places.countries import names_of_country
from app.proceedings.models import Proceeding
from app.search import Searchable
from app.vocabulary.models import code_column

SUPPORTED, NOTED, IN_PART, DEFERRED, UNKNOWN = "supported", "noted", "supported_noted", "deferred", "unknown"
ACCEPTED = (SUPPORTED, IN_PART)
"""What the State has promised, at least in part."""

IMPLEMENTED, PARTIAL, NOT_IMPLEMENTED, REGRESSED = "implemented", "partial", "not_implemented", "regressed"
NO_INFORMATION, NOT_ASSESSED = "no_information", "not_assessed"
CONTRADICTED = (NOT_IMPLEMENTED, REGRESSED)

CONTRADICTS, SUPPORTS = "contradicts", "supports"


class Recommendation(Searchable, Edited, Numbered, Base):
    """One recommendation, however many States made it. All may read it: the United Nations print it."""

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("country", "symbol", "paragraph"),
        {"sqlite_autoincrement": True},
    )

    rec_uid: Mapped[str] = mapped_column(String(80), unique=True)
    """By which others quote it: PER-C2-116.72."""
    country: Mapped[str] = mapped_column(String(2), index=True)
    cycle: Mapped[int]
    session: Mapped[int]
    reviewed_on: Mapped[date | None]
    symbol: Mapped[str | None] = mapped_column(String(60))
    paragraph: Mapped[str | None] = mapped_column(String(30))
    summary_es: Mapped[str | None]
    """In words of our own: the text of the United Nations is imported, never shipped."""
    summary_en: Mapped[str | None]
    text: Mapped[str | None]
    text_language: Mapped[str | None] = mapped_column(String(2))
    texts_folded: Mapped[list[str] | None]
    """Of rows of UPR Info, which have neither symbol nor paragraph: what they are found by the next time. Several where
    UPR Info tells apart by State what the report prints as one paragraph."""
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"), index=True)
    topics: Mapped[list[str] | None]
    """Codes of `upr_topics`."""
    issues: Mapped[list[str] | None]
    """As UPR Info words them."""
    themes: Mapped[list[str] | None]
    """`label@scheme`: the United Nations change these words every few years."""
    affected_persons: Mapped[list[str] | None]
    sdgs: Mapped[list[str] | None]
    action_category: Mapped[int | None]
    """1 to 5: what is asked for, from «share» to «ratify»."""
    position: Mapped[str] = mapped_column(String(20), default=UNKNOWN, index=True)
    position_source: Mapped[str | None]
    position_note: Mapped[str | None]
    trace_level: Mapped[str | None] = mapped_column(String(20))
    """How near the source comes to the text: full_text, secondary_text, statement_only, topic_only."""
    source: Mapped[str | None]
    source_locator: Mapped[str | None]
    note: Mapped[str | None]
    set_by_hand: Mapped[list[str] | None]
    """Columns that a person wrote: an import leaves them and says so."""

    states: Mapped[list[RecommendationState]] = relationship(
        back_populates="recommendation", cascade="all, delete-orphan", order_by="RecommendationState.state"
    )
    split_from: Mapped[Recommendation | None] = relationship(
        remote_side="Recommendation.id", back_populates="split_off"
    )
    split_off: Mapped[list[Recommendation]] = relationship(
        back_populates="split_from", order_by="Recommendation.rec_uid"
    )

    @property
    def state_codes(self) -> list[str]:
        return [one.state for one in self.states]

    def summary_in(self, language: str) -> str:
        chosen = (self.summary_en, self.summary_es) if language == "en" else (self.summary_es, self.summary_en)
        return chosen[0] or chosen[1] or ""

    def words_in(self, language: str) -> str:
        """What it asks for: its text where that was imported, else in words of our own."""
        return self.text or self.summary_in(language)

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        """Everybody may read what was said in public; search asks."""
        return true()

    def words_for_full_readers(self) -> list[str | None]:
        return []

    def words_for_everyone(self) -> list[str | None]:
        names = [name for one in self.states for name in names_of_country(alpha2(one.state))]
        return [self.rec_uid, self.symbol, self.paragraph, self.text, self.summary_es, self.summary_en, *names]


class RecommendationState(Base):
    """A State that made the recommendation, by its ISO 3166-1 alpha-3 code."""

    __tablename__ = "recommendation_state"
    __hangs_on__ = ("recommendation", "recommendation_id")

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(3), primary_key=True, index=True)

    recommendation: Mapped[Recommendation] = relationship(back_populates="states")


class OfATeam:
    """What a team thinks of a recommendation is read in that team and nowhere else; free words not by its analysts."""

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        return in_teams_where(cls.team_id, user)  # type: ignore[attr-defined]

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return in_teams_where(cls.team_id, user, COORDINATOR, CASEWORKER)  # type: ignore[attr-defined]


@protected
class RecommendationAssessment(OfATeam, Edited, Numbered, Base):
    """How far a team finds a recommendation implemented."""

    __tablename__ = "recommendation_assessment"
    __table_args__ = (UniqueConstraint("team_id", "recommendation_id"), {"sqlite_autoincrement": True})

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), index=True)
    implementation: Mapped[str] = mapped_column(String(20), default=NOT_ASSESSED)
    assessed_on: Mapped[date | None]
    assessment_es: Mapped[str | None]
    assessment_en: Mapped[str | None]
    proposed_follow_up: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    team: Mapped[Team] = relationship()
    recommendation: Mapped[Recommendation] = relationship()

    def words_in(self, language: str) -> str:
        chosen = (self.assessment_en, self.assessment_es)
        if language != "en":
            chosen = chosen[::-1]
        return chosen[0] or chosen[1] or ""


@protected
class RecommendationEvidence(OfATeam, Numbered, Base):
    """A record that bears a recommendation's implementation out, or speaks against it, as a team sees it.

    Who does not see the record does not see this row either: it is neither shown nor counted.
    """

    __tablename__ = "recommendation_evidence"
    __table_args__ = (
        UniqueConstraint("team_id", "recommendation_id", "incident_id"),
        UniqueConstraint("team_id", "recommendation_id", "proceeding_id"),
        UniqueConstraint("team_id", "recommendation_id", "contract_id"),
        CheckConstraint(
            "(incident_id is not null) and (proceeding_id is null) and (contract_id is null)"
            " or (incident_id is null) and (proceeding_id is not null) and (contract_id is null)"
            " or (incident_id is null) and (proceeding_id is null) and (contract_id is not null)",
            name="one_record",
        ),
        CheckConstraint("shows in ('contradicts', 'supports')", name="shows"),
        {"sqlite_autoincrement": True},
    )

    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"), index=True)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), index=True)
    proceeding_id: Mapped[int | None] = mapped_column(ForeignKey("proceeding.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"), index=True)
    shows: Mapped[str] = mapped_column(String(11), default=CONTRADICTS)
    note: Mapped[str | None]
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    linked_at: Mapped[datetime] = mapped_column(default=now)

    recommendation: Mapped[Recommendation] = relationship()
    incident: Mapped[Incident | None] = relationship(info=WITHIN)
    proceeding: Mapped[Proceeding | None] = relationship(info=WITHIN)
    contract: Mapped[Contract | None] = relationship(info=WITHIN)
    linked_by: Mapped[User | None] = relationship()

    @property
    def record(self) -> Any:
        return self.incident or self.proceeding or self.contract

    @classmethod
    def visible_to(cls, user: Reader) -> ColumnElement[bool]:
        records = (
            (cls.incident_id, Incident),
            (cls.proceeding_id, Proceeding),
            (cls.contract_id, Contract),
        )
        seen = [
            column.in_(select(model.id).where(model.visible_to(user), model.withdrawn_at.is_(None)))
            for column, model in records
        ]
        return and_(super().visible_to(user), or_(*seen))

    @classmethod
    def full_to(cls, user: Reader) -> ColumnElement[bool]:
        return and_(super().full_to(user), cls.visible_to(user))


@protected
class ProposedRecommendation(OfATeam, Edited, Numbered, Base):
    """What a team would have States recommend in a coming review, on a topic: the seed of its submission."""

    __tablename__ = "proposed_recommendation"
    __table_args__ = (UniqueConstraint("team_id", "country", "session", "topic"), {"sqlite_autoincrement": True})

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    country: Mapped[str] = mapped_column(String(2))
    session: Mapped[int]
    topic: Mapped[str] = code_column("upr_topics", index=True)
    text_es: Mapped[str | None]
    text_en: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    team: Mapped[Team] = relationship()


class RecommendationImport(Numbered, Base):
    """A file that recommendations were taken from: a pack says which one it rests on."""

    __tablename__ = "recommendation_import"

    kind: Mapped[str] = mapped_column(String(10))
    """upr_info, uhri or matrix."""
    country: Mapped[str] = mapped_column(String(2))
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    """Recommendations that the file tells of."""
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship()
