"""What is asked of recommendations: the list, what a team makes of each, and the records that bear on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import ACCESS, VISIBLE, full_ids, visible
from app.accounts.models import User
from app.contracts.models import Contract
from app.db import db
from app.incidents.models import Incident
from app.incidents.queries import shown_title as incident_title
from app.places.models import Place
from app.proceedings.models import Proceeding
from app.proceedings.queries import shown_title as proceeding_title
from app.recommendations.models import (
    CONTRADICTS,
    NOT_ASSESSED,
    SUPPORTS,
    Recommendation,
    RecommendationAssessment,
    RecommendationEvidence,
    RecommendationState,
)
from app.search import matching

WITH_EVIDENCE, AGAINST, WITHOUT = "any", CONTRADICTS, "none"


@dataclass(frozen=True)
class RecommendationWish:
    """What the list is asked for. Everything left empty narrows nothing."""

    country: str = ""
    """The State under review, where it is not the installation's own."""
    text: str = ""
    cycle: str = ""
    position: str = ""
    implementation: str = ""
    topic: str = ""
    state: str = ""
    evidence: str = ""


def recommendations_found(user: User, country: str, wish: RecommendationWish) -> Select[Any]:
    """The recommendations to a country that fit, the newest review first: what the list shows, counts and exports.

    By what a team made of them, only as far as the user reads it.
    """
    statement = matching(of_country(country), Recommendation, wish.text, user)
    if wish.cycle:
        cycle = int(wish.cycle) if wish.cycle.isdecimal() and len(wish.cycle) < 4 else 0
        statement = statement.where(Recommendation.cycle == cycle)
    if wish.position:
        statement = statement.where(Recommendation.position == wish.position)
    if wish.topic:
        statement = statement.where(speaks_of(wish.topic))
    if wish.state:
        statement = statement.where(Recommendation.states.any(RecommendationState.state == wish.state))
    if wish.implementation:
        statement = _by_implementation(statement, user, wish.implementation)
    if wish.evidence:
        linked = visible(RecommendationEvidence, user)
        if wish.evidence in (CONTRADICTS, SUPPORTS):
            linked = linked.where(RecommendationEvidence.shows == wish.evidence)
        numbers = linked.with_only_columns(RecommendationEvidence.recommendation_id)
        is_linked = Recommendation.id.in_(numbers)
        statement = statement.where(~is_linked if wish.evidence == WITHOUT else is_linked)
    return statement.execution_options(**{ACCESS: VISIBLE}).order_by(
        Recommendation.session.desc(), Recommendation.symbol, Recommendation.id
    )


def of_country(country: str) -> Select[Any]:
    return select(Recommendation).where(Recommendation.country == country)


def speaks_of(topic: str) -> Any:
    """Whether a code is among its topics: the list is kept as JSON, each code between quotation marks."""
    return cast(Recommendation.topics, Text).contains(f'"{topic}"', autoescape=True)


def _by_implementation(statement: Select[Any], user: User, implementation: str) -> Select[Any]:
    assessed = visible(RecommendationAssessment, user)
    if implementation == NOT_ASSESSED:
        others = assessed.where(RecommendationAssessment.implementation != NOT_ASSESSED)
        return statement.where(
            Recommendation.id.not_in(others.with_only_columns(RecommendationAssessment.recommendation_id))
        )
    those = assessed.where(RecommendationAssessment.implementation == implementation)
    return statement.where(Recommendation.id.in_(those.with_only_columns(RecommendationAssessment.recommendation_id)))


def counted_by_position(statement: Select[Any]) -> dict[str, int]:
    """Position → how many; a recommendation counts once, however many States made it."""
    ids = statement.order_by(None).with_only_columns(Recommendation.id)
    grouped = (
        select(Recommendation.position, func.count())
        .where(Recommendation.id.in_(ids))
        .group_by(Recommendation.position)
        .execution_options(**{ACCESS: VISIBLE})
    )
    return {position: number for position, number in db.session.execute(grouped)}


def for_list(statement: Select[Any]) -> Select[Any]:
    """With what a line of the list shows."""
    return statement.options(selectinload(Recommendation.states))


def recommendation_called(rec_uid: str) -> Recommendation | None:
    statement = select(Recommendation).where(Recommendation.rec_uid == rec_uid)
    options = (
        selectinload(Recommendation.states),
        joinedload(Recommendation.split_from),
        selectinload(Recommendation.split_off),
    )
    return db.session.scalars(statement.options(*options)).unique().one_or_none()


def likely_paragraphs(row: Recommendation) -> list[Recommendation]:
    """Of a row of UPR Info without a paragraph: those of its review that say the same of themselves, words apart.

    The same States and the same issues, and no row of UPR Info linked to them yet; a person decides.
    """
    if row.paragraph or not row.texts_folded:
        return []
    statement = (
        of_country(row.country)
        .where(Recommendation.session == row.session, Recommendation.paragraph.is_not(None))
        .options(selectinload(Recommendation.states))
        .order_by(Recommendation.id)
    )
    states, issues = set(row.state_codes), set(row.issues or [])
    return [
        one
        for one in db.session.scalars(statement).unique()
        if not one.texts_folded and states <= set(one.state_codes) and issues == set(one.issues or [])
    ]


def countries_reviewed() -> list[str]:
    return list(db.session.scalars(select(Recommendation.country).distinct()))


def cycles_of(country: str) -> list[int]:
    return list(
        db.session.scalars(
            select(Recommendation.cycle)
            .where(Recommendation.country == country)
            .distinct()
            .order_by(Recommendation.cycle)
        )
    )


def states_of(country: str) -> list[str]:
    """The States that recommended anything to the country."""
    statement = (
        select(RecommendationState.state)
        .join(Recommendation, Recommendation.id == RecommendationState.recommendation_id)
        .where(Recommendation.country == country)
        .distinct()
    )
    return list(db.session.scalars(statement))


# --- what teams make of them ---------------------------------------------------------------------


def assessments_of(user: User, ids: Collection[int]) -> dict[int, list[RecommendationAssessment]]:
    """Number of the recommendation → what the user's teams find of it."""
    statement = (
        visible(RecommendationAssessment, user)
        .where(RecommendationAssessment.recommendation_id.in_(ids))
        .options(joinedload(RecommendationAssessment.team))
        .order_by(RecommendationAssessment.team_id)
    )
    found: dict[int, list[RecommendationAssessment]] = {}
    rows: Any = db.session.scalars(statement)
    for row in rows:
        found.setdefault(row.recommendation_id, []).append(row)
    return found


def assessment_of(user: User, team_id: int, recommendation: Recommendation) -> RecommendationAssessment | None:
    statement = visible(RecommendationAssessment, user).where(
        RecommendationAssessment.team_id == team_id,
        RecommendationAssessment.recommendation_id == recommendation.id,
    )
    found: Any = db.session.scalars(statement).one_or_none()
    return found


@dataclass
class EvidenceCount:
    """How many records of each kind speak of a recommendation, as far as one sees them."""

    incidents: int = 0
    proceedings: int = 0
    contracts: int = 0

    @property
    def total(self) -> int:
        return self.incidents + self.proceedings + self.contracts


def evidence_counted(user: User, ids: Collection[int], shows: str | None = None) -> dict[int, EvidenceCount]:
    """Number of the recommendation → its visible evidence; a record that two teams linked counts once."""
    row = RecommendationEvidence
    statement = visible(row, user).where(row.recommendation_id.in_(ids))
    if shows:
        statement = statement.where(row.shows == shows)
    columns = (row.incident_id, row.proceeding_id, row.contract_id)
    grouped = statement.with_only_columns(
        row.recommendation_id, *(func.count(column.distinct()) for column in columns)
    ).group_by(row.recommendation_id)
    return {number: EvidenceCount(*counts) for number, *counts in db.session.execute(grouped)}


def evidence_of(user: User, **narrowed: int) -> list[RecommendationEvidence]:
    """The visible evidence of a recommendation or of a record: `recommendation_id=…`, `incident_id=…`."""
    row = RecommendationEvidence
    statement = visible(row, user).where(*(getattr(row, name) == number for name, number in narrowed.items()))
    options = (
        joinedload(row.recommendation),
        joinedload(row.incident).selectinload(Incident.acts),
        joinedload(row.incident).joinedload(Incident.place).joinedload(Place.department),
        joinedload(row.proceeding),
        joinedload(row.contract),
    )
    rows: Any = db.session.scalars(statement.options(*options).order_by(row.shows, row.id)).unique()
    return list(rows)


def recommendations_borne_on(user: User, column: str, number: int) -> list[tuple[Recommendation, str]]:
    """What a record is evidence for, in one statement: each recommendation, and what the record shows of it."""
    row = RecommendationEvidence
    statement = visible(row, user).where(getattr(row, column) == number).options(joinedload(row.recommendation))
    rows: Any = db.session.scalars(statement.order_by(row.id)).unique()
    return list({(one.recommendation_id, one.shows): (one.recommendation, one.shows) for one in rows}.values())


@dataclass(frozen=True)
class ShownRecord:
    """A record as a list of evidence tells of it; *title* says no more than the reader may read."""

    reference: str
    endpoint: str
    kind: str
    title: str


def shown_records(user: User, records: Iterable[Any]) -> dict[tuple[str, int], ShownRecord]:
    """(kind, id) → what may be told, for incidents, proceedings and contracts."""
    found: dict[tuple[str, int], ShownRecord] = {}
    by_model: dict[type[Any], list[Any]] = {}
    for record in records:
        by_model.setdefault(type(record), []).append(record)
    for model, rows in by_model.items():
        in_full = full_ids(model, user, rows)
        for row in rows:
            shown = ShownRecord(row.reference, _ENDPOINTS[model], model.__tablename__, _title(row, row.id in in_full))
            found[model.__tablename__, row.id] = shown
    return found


_ENDPOINTS: dict[type[Any], str] = {
    Incident: "incidents.show",
    Proceeding: "proceedings.show",
    Contract: "contracts.show",
}


def _title(record: Any, in_full: bool) -> str:
    if isinstance(record, Incident):
        return str(incident_title(record, in_full))
    if isinstance(record, Proceeding):
        return proceeding_title(record, in_full)
    return str(record.title)


MOST_OFFERED = 8


def records_like(user: User, text: str) -> list[Any]:
    """Visible records that a text names or describes: what may be linked."""
    found: list[Any] = []
    if not text.strip():
        return found
    for model in (Incident, Proceeding, Contract):
        statement: Select[Any] = matching(visible(model, user), model, text, user)
        if model is Incident:
            statement = statement.options(
                selectinload(Incident.acts), joinedload(Incident.place).joinedload(Place.department)
            )
        found += db.session.scalars(statement.order_by(model.id.desc()).limit(MOST_OFFERED)).unique()
    return found
