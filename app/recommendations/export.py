"""The list of recommendations as a file: the rows of the list, with what the reader's team made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.dates import today
from app.db import alpha2, alpha3, db
from app.downloads import Table, name_kind
from app.i18n import language
from app.recommendations.forms import TOPICS
from app.recommendations.models import CONTRADICTS, SUPPORTS, Recommendation
from app.recommendations.queries import (
    WITH_EVIDENCE,
    WITHOUT,
    EvidenceCount,
    RecommendationWish,
    assessments_of,
    evidence_counted,
    for_list,
    recommendations_found,
)
from app.recommendations.words import IMPLEMENTATIONS, POSITIONS
from app.vocabulary.queries import entries

HEADER = (
    "rec_uid", "country", "cycle", "session", "reviewed_on", "symbol", "paragraph", "states", "states_counted",
    "summary", "text", "text_language", "split_from", "topics", "issues", "themes", "affected_persons", "sdgs",
    "action_category", "position", "position_label", "position_source", "position_note", "team", "implementation",
    "implementation_label", "assessed_on", "assessment_es", "assessment_en", "proposed_follow_up",
    "evidence_incidents", "evidence_proceedings", "evidence_contracts", "trace_level", "source", "source_locator",
)  # fmt: skip
RECOMMENDATIONS = "recommendations"
AT_ONCE = 500


def table_of(user: User, country: str, wish: RecommendationWish) -> Table:
    return Table(
        kind=RECOMMENDATIONS,
        name=f"amparo-recommendations-{today().isoformat()}",
        page="recommendations.index",
        header=HEADER,
        lines=lambda: _lines(user, country, wish),
        filters=_described(wish),
    )


def _described(wish: RecommendationWish) -> dict[str, str]:
    """The filters as the audit trail keeps them. What was typed may be a name: only that it was typed stays."""
    known: dict[str, Collection[str]] = {
        "position": POSITIONS,
        "implementation": IMPLEMENTATIONS,
        "topic": entries(TOPICS),
        "evidence": (WITH_EVIDENCE, WITHOUT, CONTRADICTS, SUPPORTS),
    }
    known["country"] = [wish.country] if alpha2(wish.country) else []
    given = {name: value for name, value in vars(wish).items() if value}
    return {name: value if value in known.get(name, ()) else "(text)" for name, value in given.items()}


def _lines(user: User, country: str, wish: RecommendationWish) -> Iterator[Sequence[Any]]:
    statement = for_list(recommendations_found(user, country, wish))
    first = 0
    while rows := list(db.session.scalars(statement.limit(AT_ONCE).offset(first)).unique()):
        ids = [row.id for row in rows]
        made, counts = assessments_of(user, ids), evidence_counted(user, ids)
        for row in rows:
            # A line for each of the reader's teams that has assessed it.
            assessments: list[Any] = [*made.get(row.id, [])] or [None]
            for assessment in assessments:
                yield _line(row, assessment, counts.get(row.id, EvidenceCount()))
        first += AT_ONCE


def _line(one: Recommendation, assessment: Any, evidence: EvidenceCount) -> Sequence[Any]:
    return (
        one.rec_uid,
        alpha3(one.country),
        one.cycle,
        one.session,
        one.reviewed_on,
        one.symbol,
        one.paragraph,
        one.state_codes,
        len(one.states),
        one.summary_in(language()),
        one.text,
        one.text_language,
        one.split_from.rec_uid if one.split_from else None,
        one.topics,
        one.issues,
        one.themes,
        one.affected_persons,
        one.sdgs,
        one.action_category,
        one.position,
        str(POSITIONS[one.position]),
        one.position_source,
        one.position_note,
        *_assessed(assessment),
        evidence.incidents,
        evidence.proceedings,
        evidence.contracts,
        one.trace_level,
        one.source,
        one.source_locator,
    )


def _assessed(assessment: Any) -> Sequence[Any]:
    if assessment is None:
        return (None,) * 7
    return (
        assessment.team.name,
        assessment.implementation,
        str(IMPLEMENTATIONS[assessment.implementation]),
        assessment.assessed_on,
        assessment.assessment_es,
        assessment.assessment_en,
        assessment.proposed_follow_up,
    )


name_kind(
    RECOMMENDATIONS,
    _l("List of recommendations"),
    country=(_l("Country"), None),
    text=(_l("Text"), None),
    cycle=(_l("Cycle"), None),
    position=(_l("Position"), POSITIONS),
    implementation=(_l("Implementation"), IMPLEMENTATIONS),
    topic=(_l("Topic"), TOPICS),
    state=(_l("State"), None),
    evidence=(_l("Evidence"), None),
)
