"""Verbs of recommendations: assess one, link what bears on it, mend what is known of it. No operation here commits."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.access import unguarded, visible
from app.accounts.models import User
from app.contracts.models import Contract
from app.db import alpha3, db
from app.incidents.models import Incident
from app.proceedings.models import Proceeding
from app.recommendations.models import (
    Recommendation,
    RecommendationAssessment,
    RecommendationEvidence,
    RecommendationState,
)
from app.recommendations.queries import assessment_of

COLUMN_OF: dict[type[Any], str] = {
    Incident: "incident_id",
    Proceeding: "proceeding_id",
    Contract: "contract_id",
}
"""A record that may be evidence → the column that names it."""

NOT_BY_HAND = frozenset({"version"})


class RecommendationProblem(Exception):
    """What was asked for cannot be; the message is a sentence for people, *field* where it belongs."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


# --- what a team makes of one --------------------------------------------------------------------


def assess(user: User, recommendation: Recommendation, team_id: int, facts: dict[str, Any]) -> RecommendationAssessment:
    assessment = assessment_of(user, team_id, recommendation)
    if assessment is None:
        assessment = RecommendationAssessment(team_id=team_id, recommendation_id=recommendation.id)
        db.session.add(assessment)
    for name, value in facts.items():
        setattr(assessment, name, value)
    assessment.by_id = user.id
    return assessment


def link_record(
    user: User, recommendation: Recommendation, team_id: int, record: Any, shows: str, note: str | None
) -> RecommendationEvidence:
    """*record* is one that the user sees. Raises RecommendationProblem where the team has linked it already."""
    column = COLUMN_OF[type(record)]
    known = visible(RecommendationEvidence, user).where(
        RecommendationEvidence.team_id == team_id,
        RecommendationEvidence.recommendation_id == recommendation.id,
        getattr(RecommendationEvidence, column) == record.id,
    )
    if db.session.scalars(known).first() is not None:
        raise RecommendationProblem(
            _("%(reference)s is linked to this recommendation already.", reference=record.reference), "record"
        )
    evidence = RecommendationEvidence(
        team_id=team_id,
        recommendation_id=recommendation.id,
        shows=shows,
        note=note,
        linked_by_id=user.id,
        **{column: record.id},
    )
    db.session.add(evidence)
    return evidence


def unlink(evidence: RecommendationEvidence) -> None:
    db.session.delete(evidence)


# --- what is known of one ------------------------------------------------------------------------


def uid_of(country: str, cycle: int, part: str) -> str:
    """`PER-C2-116.72`; a paragraph is written without brackets: 52.14(a) is 52.14a."""
    return f"{alpha3(country)}-C{cycle}-{part.replace('(', '').replace(')', '').replace(' ', '').replace('/', '-')}"


def set_states(recommendation: Recommendation, codes: Collection[str]) -> None:
    """Just these States, by their alpha-3 codes."""
    wanted = set(codes)
    for row in [row for row in recommendation.states if row.state not in wanted]:
        recommendation.states.remove(row)
    known = {row.state for row in recommendation.states}
    recommendation.states += [RecommendationState(state=code) for code in sorted(wanted - known)]


def change_recommendation(user: User, recommendation: Recommendation, facts: dict[str, Any]) -> Recommendation:
    """What a person writes here stays when a file is imported again. Gives the record that stands for it now.

    Raises RecommendationProblem, and then nothing was changed.
    """
    same = _at_paragraph(recommendation, facts.get("symbol"), facts.get("paragraph"))
    if same is not None:
        return _bring_together(recommendation, same)
    by_hand = set(recommendation.set_by_hand or [])
    for name, value in facts.items():
        if getattr(recommendation, name) != value:
            setattr(recommendation, name, value)
            by_hand.add(name)
    recommendation.set_by_hand = sorted(by_hand) or None
    if recommendation.paragraph and recommendation.texts_folded:
        _call_by_paragraph(recommendation)
    return recommendation


def _at_paragraph(recommendation: Recommendation, symbol: str | None, paragraph: str | None) -> Recommendation | None:
    if not symbol or not paragraph:
        return None
    statement = select(Recommendation).where(
        Recommendation.country == recommendation.country,
        Recommendation.symbol == symbol,
        Recommendation.paragraph == paragraph,
        Recommendation.id != recommendation.id,
    )
    return db.session.scalars(statement).one_or_none()


def _call_by_paragraph(recommendation: Recommendation) -> None:
    """A row of UPR Info that has found its paragraph is quoted by it from now on."""
    uid = uid_of(recommendation.country, recommendation.cycle, recommendation.paragraph or "")
    taken = db.session.scalar(
        select(Recommendation.id).where(Recommendation.rec_uid == uid, Recommendation.id != recommendation.id)
    )
    if taken is None:
        recommendation.rec_uid = uid


def _bring_together(row: Recommendation, kept: Recommendation) -> Recommendation:
    """A row of UPR Info is the recommendation of a paragraph that is on record: what it brought goes there.

    Raises RecommendationProblem where this is no such row, or both have been worked on.
    """
    if row.paragraph or not row.texts_folded:
        raise RecommendationProblem(
            _("This paragraph is on record already, as %(uid)s.", uid=kept.rec_uid), "paragraph"
        )
    _move_work(row, kept)
    for name in ("text", "text_language", "action_category", "topics"):
        if getattr(kept, name) is None:
            setattr(kept, name, getattr(row, name))
    for name in ("texts_folded", "issues"):
        setattr(kept, name, list(dict.fromkeys([*(getattr(kept, name) or []), *(getattr(row, name) or [])])) or None)
    kept.set_by_hand = sorted({*(kept.set_by_hand or []), "paragraph"})
    set_states(kept, {*kept.state_codes, *row.state_codes})
    for part in list(row.split_off):
        part.split_from = kept if part is not kept else None
    db.session.delete(row)
    db.session.flush()
    return kept


def _move_work(row: Recommendation, kept: Recommendation) -> None:
    why = "a recommendation goes with all that any team has made of it, whoever brings two records of it together"
    for model in (RecommendationAssessment, RecommendationEvidence):
        rows: Any = {
            number: list(db.session.scalars(unguarded(select(model).where(model.recommendation_id == number), why)))
            for number in (row.id, kept.id)
        }
        there = {_mark(one) for one in rows[kept.id]}
        if any(_mark(one) in there for one in rows[row.id]):
            raise RecommendationProblem(
                _("Both were assessed or linked to the same record. Take out the one on this page first."), "paragraph"
            )
        for one in rows[row.id]:
            one.recommendation_id = kept.id
    db.session.flush()


def _mark(one: Any) -> tuple[Any, ...]:
    records = [getattr(one, column, None) for column in COLUMN_OF.values()]
    return (one.team_id, *records)
