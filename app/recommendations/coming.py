"""The coming review: accepted recommendations that the records contradict, those nobody has looked at, and gaps.

Everything is asked through the reader: what one may not see is in no number of this page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import selectinload

from app.access import ACCESS, VISIBLE, count, visible
from app.accounts.models import User
from app.contracts.queries import ContractWish, contracts_found
from app.dates import UncertainDate
from app.db import db
from app.incidents.queries import Wish, incidents_found
from app.proceedings.models import Hearing, Proceeding, Stage
from app.recommendations.calendar import Review, coming_review, default_first
from app.recommendations.models import (
    ACCEPTED,
    CONTRADICTED,
    CONTRADICTS,
    NOT_ASSESSED,
    NOTED,
    ProposedRecommendation,
    Recommendation,
    RecommendationAssessment,
    RecommendationEvidence,
)
from app.recommendations.queries import EvidenceCount, assessments_of, cycles_of, evidence_counted, of_country
from app.vocabulary.queries import Entry, entries

NONE, ONLY_NOTED, NONE_ACCEPTED = "none", "only_noted", "none_accepted"
CYCLES_BACK = 2


@dataclass(frozen=True)
class Period:
    """What the coming submission tells of: from the day after the last deadline on."""

    first: date
    last: date

    @property
    def as_date(self) -> UncertainDate:
        return UncertainDate.between(self.first, self.last)


@dataclass(frozen=True)
class Contradicted:
    recommendation: Recommendation
    evidence: EvidenceCount
    assessments: list[RecommendationAssessment]


@dataclass
class Gap:
    """A topic on which records speak, and on which no recommendation of the last cycles was accepted."""

    topic: Entry
    kind: str
    incidents: int = 0
    by_type: list[tuple[str, int]] = field(default_factory=list)
    proceedings: int = 0
    direction: str = ""
    contracts: int = 0
    others: list[Recommendation] = field(default_factory=list)
    """Those of the last cycles that were noted, or whose position is not traced."""
    proposals: list[ProposedRecommendation] = field(default_factory=list)

    @property
    def speaks(self) -> bool:
        return bool(self.incidents or self.proceedings or self.contracts)


def review_ahead(country: str, today: date) -> tuple[Review | None, Period | None]:
    """The coming review, and the period of its submission; None where the calendar of the country is not known."""
    first = default_first(country, today)
    return coming_review(country, today), Period(first, today) if first else None


def accepted(country: str) -> Select[Any]:
    return of_country(country).where(Recommendation.position.in_(ACCEPTED))


def _numbers(statement: Select[Any], column: Any) -> Select[Any]:
    return statement.with_only_columns(column)


def _against(user: User) -> Any:
    """Whether the records that the user sees, or one of their teams, contradict it."""
    evidence = visible(RecommendationEvidence, user).where(RecommendationEvidence.shows == CONTRADICTS)
    assessed = visible(RecommendationAssessment, user).where(RecommendationAssessment.implementation.in_(CONTRADICTED))
    return or_(
        Recommendation.id.in_(_numbers(evidence, RecommendationEvidence.recommendation_id)),
        Recommendation.id.in_(_numbers(assessed, RecommendationAssessment.recommendation_id)),
    )


def _looked_at(user: User) -> Any:
    assessed = visible(RecommendationAssessment, user).where(RecommendationAssessment.implementation != NOT_ASSESSED)
    return or_(
        Recommendation.id.in_(
            _numbers(visible(RecommendationEvidence, user), RecommendationEvidence.recommendation_id)
        ),
        Recommendation.id.in_(_numbers(assessed, RecommendationAssessment.recommendation_id)),
    )


def _in_order(statement: Select[Any]) -> Select[Any]:
    return statement.execution_options(**{ACCESS: VISIBLE}).order_by(Recommendation.session.desc(), Recommendation.id)


def contradicted(user: User, country: str) -> list[Contradicted]:
    """Accepted recommendations that the records, or an assessment of the reader's teams, contradict."""
    statement = _in_order(accepted(country).where(_against(user))).options(selectinload(Recommendation.states))
    rows = list(db.session.scalars(statement).unique())
    ids = [row.id for row in rows]
    evidence = evidence_counted(user, ids, CONTRADICTS)
    made = assessments_of(user, ids)
    return [Contradicted(row, evidence.get(row.id, EvidenceCount()), made.get(row.id, [])) for row in rows]


def not_looked_at(user: User, country: str) -> Select[Any]:
    """Accepted ones without any evidence that the reader sees, and without an assessment of their teams."""
    return _in_order(accepted(country).where(~_looked_at(user)))


# --- gaps ----------------------------------------------------------------------------------------


def last_cycles(country: str, review: Review | None) -> list[int]:
    if review is not None:
        return [cycle for cycle in range(review.cycle - CYCLES_BACK, review.cycle) if cycle > 0]
    return cycles_of(country)[-CYCLES_BACK:]


def gaps(user: User, country: str, review: Review | None, period: Period) -> list[Gap]:
    """Topics without an accepted recommendation of the last cycles on which records of the period speak."""
    cycles = last_cycles(country, review)
    recent = list(
        db.session.scalars(
            of_country(country).where(Recommendation.cycle.in_(cycles)).order_by(Recommendation.id)
        ).unique()
    )
    found = []
    for topic in entries("upr_topics").values():
        if not (topic.active and topic.selectable):
            continue
        on_it = [one for one in recent if topic.code in (one.topics or [])]
        if any(one.position in ACCEPTED for one in on_it):
            continue
        gap = Gap(topic, _kind(on_it), others=on_it)
        _count_records(user, gap, period)
        if gap.speaks:
            found.append(gap)
    if review is not None and found:
        _add_proposals(user, country, review, found)
    return found


def _kind(on_it: list[Recommendation]) -> str:
    if not on_it:
        return NONE
    return ONLY_NOTED if all(one.position == NOTED for one in on_it) else NONE_ACCEPTED


def _parts(topic: Entry, name: str) -> list[str]:
    return [part for part in topic.extra.get(name, "").split("|") if part]


def _count_records(user: User, gap: Gap, period: Period) -> None:
    types = _parts(gap.topic, "incident_types")
    if types:
        gap.incidents = _incidents(user, period, *types)
        if gap.incidents and len(types) > 1:
            counted = [(code, _incidents(user, period, code)) for code in types]
            gap.by_type = [(code, number) for code, number in counted if number]
        elif gap.incidents:
            gap.by_type = [(types[0], gap.incidents)]
    for direction in _parts(gap.topic, "proceedings"):
        gap.direction = direction
        gap.proceedings += count(proceedings_moved(user, direction, period))
    if _parts(gap.topic, "contracts"):
        gap.contracts = count(contracts_found(user, ContractWish(on=period.as_date)))


def _incidents(user: User, period: Period, *types: str) -> int:
    """As the list of incidents counts them: what may have happened in the period."""
    return count(incidents_found(user, Wish(types=types, first_day=period.first, last_day=period.last)))


def proceedings_moved(user: User, direction: str, period: Period) -> Select[Any]:
    """Visible proceedings of a direction that entered a stage or had a hearing in the period."""
    entered = select(Stage.proceeding_id).where(
        or_(Stage.entered_from.is_not(None), Stage.entered_to.is_not(None)),
        or_(Stage.entered_to.is_(None), Stage.entered_to >= period.first),
        or_(Stage.entered_from.is_(None), Stage.entered_from <= period.last),
    )
    heard = select(Hearing.proceeding_id).where(and_(Hearing.held_on >= period.first, Hearing.held_on <= period.last))
    return visible(Proceeding, user).where(
        Proceeding.direction == direction, or_(Proceeding.id.in_(entered), Proceeding.id.in_(heard))
    )


def proposals_of(user: User, country: str, session: int) -> Select[Any]:
    """What the reader's teams would have recommended in a review."""
    return visible(ProposedRecommendation, user).where(
        ProposedRecommendation.country == country, ProposedRecommendation.session == session
    )


def _add_proposals(user: User, country: str, review: Review, found: list[Gap]) -> None:
    by_topic = {gap.topic.code: gap for gap in found}
    rows: Any = db.session.scalars(proposals_of(user, country, review.session).order_by(ProposedRecommendation.id))
    for row in rows:
        if row.topic in by_topic:
            by_topic[row.topic].proposals.append(row)
