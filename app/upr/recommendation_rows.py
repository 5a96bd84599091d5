"""recommendations.csv: what States recommended, what the State said to it, and what the records of the pack show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import visible
from app.accounts.models import User
from app.db import alpha3, db
from app.recommendations.models import (
    NOT_ASSESSED,
    ProposedRecommendation,
    Recommendation,
    RecommendationAssessment,
    RecommendationEvidence,
    RecommendationImport,
)
from app.recommendations.queries import cycles_of, of_country
from app.upr.filters import Filters
from app.upr.rule import teams_of

Row = dict[str, Any]
LAST_CYCLES = 2
OWN_WORDS = (
    "summary", "text", "position_source", "position_note", "assessment_es", "assessment_en", "proposed_follow_up",
    "text_es", "text_en",
)  # fmt: skip
"""Free words: a name may have slipped in."""
KINDS = ("incident", "proceeding", "contract")


def rows_for(
    user: User, filters: Filters, leaving: Mapping[str, Mapping[int, str]]
) -> tuple[list[Row], list[tuple[str, str, list[str]]]]:
    """The rows; and of each piece of evidence that leaves: its reference, the recommendation, its themes.

    *leaving*: kind of record → id → reference, of those that may be named as evidence.
    """
    assessments = _assessments(user)
    evidence = _evidence(user, leaving)
    recommendations = _asked(filters, {*assessments, *evidence})
    rows, told = [], []
    for one in recommendations:
        refs = evidence.get(one.id, {})
        rows.append(_row(one, assessments.get(one.id), refs, filters.language))
        told += [(ref, one.rec_uid, one.themes or []) for kind in KINDS for ref in refs.get(kind, ())]
    return rows, told


def source_of_recommendations(filters: Filters) -> dict[str, str] | None:
    """Name and SHA-256 of the file from which recommendations were read last."""
    of_the_country = select(RecommendationImport).where(RecommendationImport.country == filters.country)
    last = db.session.scalars(of_the_country.order_by(RecommendationImport.id.desc()).limit(1)).first()
    return {"file": last.file_name, "sha256": last.sha256} if last else None


def proposals_for(user: User, filters: Filters) -> list[Row]:
    """What the user's teams would have States recommend in the review to come, as text_es and text_en."""
    proposed = ProposedRecommendation
    statement: Any = visible(proposed, user).where(
        proposed.country == filters.country, proposed.team_id.in_(teams_of(user))
    )
    if filters.session:
        statement = statement.where(proposed.session == filters.session)
    rows = db.session.scalars(statement.order_by(proposed.topic, proposed.id))
    return [{"topic": row.topic, "text_es": row.text_es, "text_en": row.text_en} for row in rows]


def _asked(filters: Filters, worked_on: Collection[int]) -> list[Recommendation]:
    """Without a wish: the last two cycles, and earlier ones that the teams have assessed or have evidence on."""
    cycles = cycles_of(filters.country)[-LAST_CYCLES:] if filters.cycles is None else filters.cycles
    statement = of_country(filters.country).options(
        selectinload(Recommendation.states), joinedload(Recommendation.split_from)
    )
    if filters.cycles is None:
        statement = statement.where(or_(Recommendation.cycle.in_(cycles), Recommendation.id.in_(list(worked_on))))
    elif cycles:
        statement = statement.where(Recommendation.cycle.in_(cycles))
    return list(db.session.scalars(statement.order_by(Recommendation.rec_uid)).unique())


def _assessments(user: User) -> dict[int, RecommendationAssessment]:
    """Of the teams for which the user makes packs; where two assess the same, the later one."""
    row = RecommendationAssessment
    statement: Any = visible(row, user).where(row.team_id.in_(teams_of(user)))
    ordered = statement.order_by(row.assessed_on.asc().nulls_first(), row.id)
    return {one.recommendation_id: one for one in db.session.scalars(ordered)}


def _evidence(user: User, leaving: Mapping[str, Mapping[int, str]]) -> dict[int, dict[str, list[str]]]:
    """Recommendation → kind → references, each once."""
    row = RecommendationEvidence
    statement: Any = visible(row, user).where(row.team_id.in_(teams_of(user)))
    columns = (row.recommendation_id, row.incident_id, row.proceeding_id, row.contract_id)
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for recommendation, *ids in db.session.execute(statement.with_only_columns(*columns)):
        for kind, id_ in zip(KINDS, ids, strict=True):
            if reference := leaving[kind].get(id_):
                found[recommendation][kind] = sorted({*found[recommendation][kind], reference})
    return found


def _row(
    one: Recommendation, assessed: RecommendationAssessment | None, refs: Mapping[str, list[str]], language: str
) -> Row:
    return {
        "rec_uid": one.rec_uid,
        "country_iso3": alpha3(one.country),
        "cycle": one.cycle,
        "wg_session": one.session,
        "review_date": one.reviewed_on,
        "doc_symbol": one.symbol,
        "paragraph": one.paragraph,
        "recommending_states": one.state_codes,
        "n_states": len(one.states),
        "text": one.text,
        "text_lang": one.text_language if one.text else None,
        "summary": one.summary_in(language),
        "split_from": one.split_from.rec_uid if one.split_from else None,
        "upr_info_issues": _plain(one.issues),
        "action_category": one.action_category,
        "themes": _plain(one.themes),
        "affected_persons": _plain(one.affected_persons),
        "sdgs": _plain(one.sdgs),
        "position": one.position,
        "position_source": one.position_source,
        "position_note": one.position_note,
        "implementation": assessed.implementation if assessed else NOT_ASSESSED,
        "assessed_on": assessed.assessed_on if assessed else None,
        "assessment_es": assessed.assessment_es if assessed else None,
        "assessment_en": assessed.assessment_en if assessed else None,
        **{f"evidence_{kind}s": len(refs.get(kind, ())) for kind in KINDS},
        "evidence_refs": [ref for kind in KINDS for ref in refs.get(kind, ())],
        "proposed_follow_up": assessed.proposed_follow_up if assessed else None,
        "topics": one.topics or [],
        "summaries": {"es": one.summary_in("es"), "en": one.summary_in("en")},
    }


def _plain(values: list[str] | None) -> list[str]:
    return [value.replace("|", "/") for value in values or []]
