"""What the page of one recommendation shows, as far as the reader may read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app import i18n
from app.access import CASEWORKER, COORDINATOR, may
from app.accounts.models import Team, User
from app.accounts.teams import teams_for
from app.recommendations import queries, words
from app.recommendations.calendar import review_in
from app.recommendations.models import (
    CONTRADICTS,
    SUPPORTS,
    Recommendation,
    RecommendationAssessment,
    RecommendationEvidence,
)
from app.recommendations.queries import ShownRecord
from app.vocabulary.queries import labels


@dataclass(frozen=True)
class OfATeam:
    """What one of the reader's teams finds of it, and whether the reader may say so."""

    team: Team
    assessment: RecommendationAssessment | None
    may_assess: bool


@dataclass(frozen=True)
class ShownEvidence:
    """A record that bears on a recommendation; *note* is None for who reads without free text."""

    row: RecommendationEvidence
    record: ShownRecord
    note: str | None
    may_remove: bool


def page_of(recommendation: Recommendation, user: User) -> dict[str, Any]:
    shown = shown_evidence(user, queries.evidence_of(user, recommendation_id=recommendation.id))
    return {
        "one": recommendation,
        "language": i18n.language(),
        "states": sorted(words.state_words(code) for code in recommendation.state_codes),
        "siblings": _siblings(recommendation),
        "review": review_in(recommendation.country, recommendation.session),
        "teams": teams_shown(user, recommendation),
        "evidence": [
            (CONTRADICTS, [one for one in shown if one.row.shows == CONTRADICTS]),
            (SUPPORTS, [one for one in shown if one.row.shows == SUPPORTS]),
        ],
        "several_teams": len(user.roles) > 1,
        "likely": queries.likely_paragraphs(recommendation) if may(user, "recommendations.manage") else [],
        "may_manage": may(user, "recommendations.manage"),
        "may_link": bool(teams_for(user)),
        "words": words,
        "labels": labels,
    }


def _siblings(recommendation: Recommendation) -> list[Recommendation]:
    found = [recommendation.split_from] if recommendation.split_from else []
    return [*found, *recommendation.split_off]


def teams_shown(user: User, recommendation: Recommendation) -> list[OfATeam]:
    made = queries.assessments_of(user, [recommendation.id]).get(recommendation.id, [])
    by_team = {one.team_id: one for one in made}
    teams = {membership.team_id: membership.team for membership in user.memberships}
    return [
        OfATeam(team, by_team.get(number), may(user, "recommendations.manage", number))
        for number, team in sorted(teams.items(), key=lambda pair: pair[1].name.casefold())
    ]


def shown_evidence(user: User, rows: list[RecommendationEvidence]) -> list[ShownEvidence]:
    records = queries.shown_records(user, [row.record for row in rows])
    found = []
    for row in rows:
        reads_words = bool(user.roles.get(row.team_id, frozenset()) & {COORDINATOR, CASEWORKER})
        record = records[row.record.__tablename__, row.record.id]
        may_remove = may(user, "records.write", row.team_id)
        found.append(ShownEvidence(row, record, row.note if reads_words else None, may_remove))
    return found
