"""What may be typed of a recommendation: what is known of it, what a team finds of it, which record bears on it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Optional

from app.dates import today
from app.db import db
from app.incidents.texts import area, line
from app.people.days import Day
from app.recommendations.models import NOT_ASSESSED, Recommendation, RecommendationAssessment
from app.recommendations.words import IMPLEMENTATIONS, POSITIONS, SHOWS
from app.vocabulary.offered import Ticks, offered
from app.vocabulary.queries import choices, entries, label

TOPICS = "upr_topics"


class RecommendationForm(FlaskForm):
    """What is known of it. An import leaves alone what was written here."""

    version = HiddenField()
    form_token = HiddenField()
    symbol = line(_l("Document"), 60, description=_l("Symbol of the report or addendum, like A/HRC/22/15."))
    paragraph = line(
        _l("Paragraph"),
        30,
        description=_l("As the report numbers it, like 116.72. If it is on record already, the two become one."),
    )
    position = SelectField(_l("Position of the State"))
    position_source = line(_l("Where the position stands"), 300, description=_l("Document and paragraph."))
    position_note = area(_l("Note on the position"), 2000)
    split_from = line(
        _l("Split from"),
        80,
        description=_l("Where the State divided one spoken recommendation: the other part, like PER-C2-116.74."),
    )
    summary_es = area(_l("Summary in Spanish"), 2000, description=_l("In your own words."))
    summary_en = area(_l("Summary in English"), 2000, description=_l("In your own words."))
    topics = Ticks(_l("Topics"), [Optional()])
    note = area(_l("Note"), 2000)

    def offer(self, recommendation: Recommendation) -> None:
        self.recommendation = recommendation
        self.other: Recommendation | None = None
        self.position.choices = offered(POSITIONS.items())
        kept = [code for code in recommendation.topics or [] if not _is_offered(code)]
        self.topics.choices = offered([*choices(TOPICS), *((code, label(TOPICS, code)) for code in kept)])

    def validate_paragraph(self, field: StringField) -> None:
        if field.data and not self.symbol.data:
            raise ValidationError(_("A paragraph needs the document in which it stands."))

    def validate_split_from(self, field: StringField) -> None:
        wanted = (field.data or "").strip()
        here = self.recommendation
        other = db.session.scalars(select(Recommendation).where(Recommendation.rec_uid == wanted)).one_or_none()
        if other is None or other.country != here.country or other.session != here.session:
            raise ValidationError(_("There is no recommendation of this review that is called so."))
        if other.id == here.id or other.split_from_id == here.id:
            raise ValidationError(_("A recommendation cannot be split from itself."))
        self.other = other

    def facts(self) -> dict[str, Any]:
        plain = ("symbol", "paragraph", "position_source", "position_note", "summary_es", "summary_en", "note")
        found: dict[str, Any] = {name: self[name].data or None for name in plain}
        return found | {
            "position": self.position.data,
            "split_from_id": self.other.id if self.other else None,
            "topics": self.topics.data or None,
        }


def _is_offered(code: str) -> bool:
    found = entries(TOPICS).get(code)
    return found is not None and found.active and found.selectable


def as_typed(recommendation: Recommendation) -> dict[str, Any]:
    names = ("version", "symbol", "paragraph", "position", "position_source", "position_note", "summary_es")
    return {name: getattr(recommendation, name) for name in (*names, "summary_en", "note")} | {
        "topics": recommendation.topics or [],
        "split_from": recommendation.split_from.rec_uid if recommendation.split_from else "",
    }


class AssessmentForm(FlaskForm):
    """What a team finds of it."""

    version = HiddenField()
    form_token = HiddenField()
    implementation = RadioField(_l("How far it is implemented"))
    assessed_on = Day(_l("Assessed on"), [Optional()], description=_l("A day like 22/10/2024. Empty: today."))
    assessment_es = area(
        _l("Assessment in Spanish"), 8000, description=_l("Why. It may stand in the submission: do not write a name.")
    )
    assessment_en = area(_l("Assessment in English"), 8000)
    proposed_follow_up = area(
        _l("Proposed follow-up"), 4000, description=_l("What the State should be asked for next.")
    )

    def offer(self) -> None:
        self.implementation.choices = offered(IMPLEMENTATIONS.items())
        if not self.implementation.data:
            self.implementation.data = NOT_ASSESSED

    def facts(self) -> dict[str, Any]:
        found = {name: self[name].data or None for name in ("assessment_es", "assessment_en", "proposed_follow_up")}
        is_assessed = self.implementation.data != NOT_ASSESSED
        return found | {
            "implementation": self.implementation.data,
            "assessed_on": (self.assessed_on.data or today()) if is_assessed else None,
        }


def assessment_as_typed(assessment: RecommendationAssessment | None) -> dict[str, Any]:
    names = ("version", "implementation", "assessed_on", "assessment_es", "assessment_en", "proposed_follow_up")
    return {name: getattr(assessment, name) for name in names} if assessment else {}


class EvidenceForm(FlaskForm):
    """A record that bears on it."""

    form_token = HiddenField()
    team_id = SelectField(_l("Team"), coerce=int)
    record = HiddenField()
    shows = RadioField(_l("What the record shows"), [InputRequired(_l("Say what the record shows."))])
    note = area(_l("Note"), 1000, description=_l("In what way. Analysts do not read it. Do not write a name."))

    def offer(self, teams: list[tuple[int, str]]) -> None:
        self.team_id.choices = offered(teams)
        if self.team_id.data is None and teams:
            self.team_id.data = teams[0][0]
        self.shows.choices = offered(SHOWS.items())
