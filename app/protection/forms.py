"""What may be typed of an assessment, a measure, an action and a promise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.accounts.models import User
from app.dates import today
from app.incidents.models import Incident
from app.incidents.texts import MayBeEmpty, area, line
from app.organisations.queries import organisation_named
from app.people.days import Day, WhenField
from app.people.lines import plain_lines
from app.people.models import Person
from app.protection import risk
from app.protection.models import ACTION, COMMITMENT, MEASURE, RISK, Protection, RiskAssessment
from app.vocabulary.offered import OneOrNone, Ticks, offered
from app.vocabulary.queries import choices, label

Layout = tuple[tuple[str, str], ...]
Section = tuple[Any, Layout]
WHEN = _l("22/10/2024, 10/2024, 2024, or two days with – between them.")
MOST_RECIPIENTS = 50
COMMON = ("next_on", "next_what", "notes", "citation", "url")


class ProtectionForm(FlaskForm):
    """What the four have in common. *sections* say what stands together, in which order and how wide."""

    kind: ClassVar[str]
    sections: ClassVar[tuple[Section, ...]]
    lists: ClassVar[dict[str, str]] = {}
    """Field → the code list that it offers."""
    columns: ClassVar[tuple[str, ...]]
    """Fields that are columns as they are."""

    version = HiddenField()
    form_token = HiddenField()
    doubts_reason = area(
        _l("Why it is right all the same"), 1000, description=_l("In a few words; it stays with the entry.")
    )
    incident = OneOrNone(_l("Incident"), [MayBeEmpty()], description=_l("The one of this case that is the reason."))
    next_on = Day(_l("Next date"), [Optional()], description=_l("A day like 22/10/2024. It comes among the deadlines."))
    next_what = line(_l("What is to be done then"), 300)
    notes = area(_l("Notes"), 8000, description=_l("For who follows the case."))
    citation = line(_l("Source"), 1000)
    url = line(_l("Address on the web"), 2000)

    def offer(self, people: Sequence[Person], incidents: Sequence[Incident], record: Any = None) -> None:
        """*record* keeps its codes, its person and its incident, though they are offered no more."""
        for name, list_name in self.lists.items():
            kept = getattr(record, name, None)
            self[name].choices = offered(choices(list_name, keep=kept), or_none=True)
        self.incident.choices = offered(((one.reference, _incident_words(one)) for one in incidents), or_none=True)
        self._incidents = {one.reference: one for one in incidents}

    def validate_url(self, field: StringField) -> None:
        if field.data and not re.match(r"https?://[^\s/]+", field.data):
            raise ValidationError(_("An address begins with http:// or https://."))

    @classmethod
    def plain(cls) -> list[str]:
        """Fields that are columns as they are; what a form does not show it leaves alone."""
        shown = {name for _title, layout in cls.sections for name, _width in layout}
        return [*cls.columns, *(name for name in COMMON if name in shown)]

    def facts(self, user: User) -> dict[str, Any]:
        """Columns by their name."""
        found: dict[str, Any] = {name: self[name].data or None for name in self.plain()}
        for name in ("happened", "answered", "ended"):
            if name in self:
                found[name] = self[name].given
        if "body" in self:
            body = organisation_named(user, self["body"].data)
            found |= {"body": body, "body_text": None if body else self["body"].data or None}
        return found | {"incident": self._incidents.get(self.incident.data or "")}


def _incident_words(incident: Incident) -> str:
    return " · ".join(filter(None, [incident.reference, label("incident_types", incident.main_type)]))


def as_typed(record: Protection, form: type[ProtectionForm]) -> dict[str, Any]:
    """A record as its form shows it."""
    names = [*form.plain(), "version"]
    names += [name for name in ("happened", "answered", "ended") if hasattr(form, name)]
    shown = {name: getattr(record, name) for name in names}
    shown |= {"incident": record.incident.reference if record.incident else "", "body": record.addressed}
    shown["recipients"] = "\n".join(row.name for row in record.recipients)
    if isinstance(record, RiskAssessment):
        shown["person"] = record.person.reference if record.person else ""
        for field, dimension in DIMENSIONS.items():
            codes = {entry.code for entry in risk.factors_in(dimension)}
            shown[field] = [row.factor for row in record.factors if row.factor in codes]
    return shown


# --- risk ----------------------------------------------------------------------------------------

DIMENSIONS = {"threats": risk.THREAT, "vulnerabilities": risk.VULNERABILITY, "capacities": risk.CAPACITY}


class RiskForm(ProtectionForm):
    kind = RISK
    lists: ClassVar = {"level": "risk_levels"}
    columns = ("group_label", "level", "level_reason", "wishes")
    sections = (
        (_l("Whose risk, and when"), (("person", "c6"), ("group_label", "c6"), ("happened", "c6"), ("incident", "c6"))),
        (_l("What weighs"), (("threats", "c12"), ("vulnerabilities", "c12"), ("capacities", "c12"))),
        (_l("The level that you decide"), (("level", "c6"), ("next_on", "c6"), ("level_reason", "c12"))),
        (_l("What follows"), (("wishes", "c12"), ("next_what", "c12"), ("notes", "c12"))),
    )

    person = OneOrNone(_l("Person of the case"), [MayBeEmpty()])
    group_label = line(_l("Or a group"), 200, checked_empty=True, description=_l("“The community”, without names."))
    happened = WhenField(_l("Assessed on"), [InputRequired(_l("Write the day of the assessment."))], description=WHEN)
    threats = Ticks(_l("Threat"), [MayBeEmpty()])
    vulnerabilities = Ticks(_l("Vulnerability"), [MayBeEmpty()])
    capacities = Ticks(_l("Capacity"), [MayBeEmpty()])
    level = OneOrNone(
        _l("Level"),
        description=_l("Leave it empty to be shown first what the factors suggest. It is only a suggestion."),
    )
    level_reason = area(
        _l("Why this level"), 2000, checked_empty=True, description=_l("Needed where it departs from the suggestion.")
    )
    next_on = Day(
        _l("Review on"), [Optional()], description=_l("Empty: one week for extreme, a month for high, and so on.")
    )
    wishes = area(_l("What the person wants"), 4000)

    def offer(self, people: Sequence[Person], incidents: Sequence[Incident], record: Any = None) -> None:
        super().offer(people, incidents, record)
        self.person.choices = offered(((one.reference, one.pseudonym) for one in people), or_none=True)
        self._people = {one.reference: one for one in people}
        kept = {row.factor for row in record.factors} if record is not None else set()
        for name, dimension in DIMENSIONS.items():
            known = risk.factors_in(dimension)
            self[name].choices = offered((one.code, one.label) for one in known if one.active or one.code in kept)

    @property
    def factors(self) -> list[str]:
        return [code for name in DIMENSIONS for code in self[name].data or []]

    def validate_person(self, field: SelectField) -> None:
        if not field.data and not self.group_label.data:
            raise ValidationError(_("Choose a person of the case, or name a group."))
        if field.data and self.group_label.data:
            raise ValidationError(_("Either a person or a group: each has an assessment of its own."))

    def validate_level(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError(_("%(suggestion)s Choose the level that you decide.", suggestion=self.suggestion()))

    def validate_level_reason(self, field: TextAreaField) -> None:
        suggested = risk.level_for(risk.score_of(self.factors))
        if self.level.data and self.level.data != suggested and not field.data:
            raise ValidationError(_("%(suggestion)s Write why you decide another level.", suggestion=self.suggestion()))

    def suggestion(self) -> str:
        """In words: the sum of the factors and the level that it reaches."""
        score = risk.score_of(self.factors)
        return _(
            "The factors add up to %(score)s, which suggests “%(level)s”.",
            score=score,
            level=label("risk_levels", risk.level_for(score)),
        )

    def facts(self, user: User) -> dict[str, Any]:
        found = super().facts(user)
        day = found["happened"].latest or found["happened"].earliest or today()
        found["next_on"] = found["next_on"] or risk.review_after(found["level"], day)
        return found | {"person": self._people.get(self.person.data or ""), "factors": self.factors}


# --- measures and actions ------------------------------------------------------------------------


class MeasureForm(ProtectionForm):
    kind = MEASURE
    lists: ClassVar = {
        "measure": "protection_measures",
        "status": "intervention_status",
        "sector": "state_sectors",
        "impact": "intervention_impact",
    }
    columns = ("measure", "status", "sector", "impact", "number", "asked", "answer", "really_done")
    sections = (
        (
            _l("What was asked of whom"),
            (
                ("measure", "c6"), ("status", "c6"), ("body", "c6"), ("number", "c6"), ("happened", "c6"),
                ("incident", "c6"), ("asked", "c12"),
            ),
        ),
        (_l("What was answered"), (("answered", "c6"), ("sector", "c6"), ("answer", "c12"))),
        (_l("What was really done"), (("really_done", "c12"), ("impact", "c6"), ("ended", "c6"))),
        (
            _l("What is next"),
            (("next_on", "c6"), ("next_what", "c6"), ("notes", "c12"), ("citation", "c6"), ("url", "c6")),
        ),
    )  # fmt: skip

    measure = SelectField(_l("Kind"), [DataRequired(_l("Choose a kind."))])
    status = SelectField(_l("Status"), [DataRequired(_l("Choose a status."))])
    body = line(_l("Body asked"), 300, description=_l("One on record, or its name in words."))
    number = line(_l("Number"), 120, description=_l("By which the body keeps it: MC-452-11, a resolution."))
    happened = WhenField(_l("Asked on"), [Optional()], description=WHEN)
    asked = area(_l("What was asked"), 8000)
    answered = WhenField(_l("Answered on"), [Optional()], description=WHEN)
    sector = OneOrNone(_l("Responsible sector of the State"), [MayBeEmpty()])
    answer = area(_l("Answer"), 8000)
    really_done = area(_l("What was really done"), 8000, description=_l("Not what was promised: what was done."))
    impact = OneOrNone(_l("Impact"), [MayBeEmpty()])
    ended = WhenField(_l("Ended on"), [Optional()], description=_l("Lifted, or over. Empty while it holds."))


class ActionForm(ProtectionForm):
    kind = ACTION
    lists: ClassVar = {
        "action": "advocacy_actions",
        "status": "intervention_status",
        "impact": "intervention_impact",
    }
    columns = ("action", "status", "impact", "asked", "answer")
    sections = (
        (
            _l("Who was addressed, and how"),
            (("action", "c6"), ("status", "c6"), ("recipients", "c12"), ("happened", "c6"), ("incident", "c6")),
        ),
        (
            _l("What was asked and answered"),
            (("asked", "c12"), ("answered", "c6"), ("impact", "c6"), ("answer", "c12")),
        ),
        (
            _l("What is next"),
            (("next_on", "c6"), ("next_what", "c6"), ("notes", "c12"), ("citation", "c6"), ("url", "c6")),
        ),
    )

    action = SelectField(_l("Kind"), [DataRequired(_l("Choose a kind."))])
    status = SelectField(_l("Status"), [DataRequired(_l("Choose a status."))])
    recipients = TextAreaField(
        _l("Recipients, one on each line"),
        [Optional(), Length(max=10_000)],
        description=_l("An organisation on record is linked; any other stays in your words."),
    )
    happened = WhenField(_l("Day"), [Optional()], description=WHEN)
    asked = area(_l("What was asked"), 8000)
    answered = WhenField(_l("Answered on"), [Optional()], description=WHEN)
    impact = OneOrNone(_l("Impact"), [MayBeEmpty()])
    answer = area(_l("Answer"), 8000)

    def validate_recipients(self, field: TextAreaField) -> None:
        lines = plain_lines(field.data)
        if len(lines) > MOST_RECIPIENTS:
            raise ValidationError(_("At most %(number)s recipients.", number=MOST_RECIPIENTS))
        if long := [text for text in lines if len(text) > 300]:
            raise ValidationError(_("This line is too long for a name: %(text)s…", text=long[0][:40]))

    def facts(self, user: User) -> dict[str, Any]:
        lines = plain_lines(self.recipients.data)
        return super().facts(user) | {"recipients": [(organisation_named(user, text), text) for text in lines]}


# --- promises ------------------------------------------------------------------------------------


class CommitmentForm(ProtectionForm):
    kind = COMMITMENT
    lists: ClassVar = {"sector": "state_sectors"}
    columns = ("asked", "promised_to", "sector")
    sections = (
        (
            _l("Who promised what"),
            (
                ("body", "c6"), ("sector", "c6"), ("asked", "c12"), ("promised_to", "c6"), ("happened", "c6"),
                ("next_on", "c6"), ("incident", "c6"),
            ),
        ),
        (_l("How we know"), (("citation", "c6"), ("url", "c6"), ("notes", "c12"))),
    )  # fmt: skip

    body = line(_l("Authority"), 300, description=_l("One on record, or its name in words."))
    sector = OneOrNone(_l("Responsible sector of the State"), [MayBeEmpty()])
    asked = area(_l("What was promised"), 8000, optional=False)
    promised_to = line(_l("To whom"), 300, description=_l("“The community”, “the Commission”; no names."))
    happened = WhenField(_l("Promised on"), [Optional()], description=WHEN)
    next_on = Day(
        _l("Due on"), [Optional()], description=_l("It turns red when this day passes and no answer is on record.")
    )

    def validate_asked(self, field: TextAreaField) -> None:
        if not field.data:
            raise ValidationError(_("Write what was promised."))


FORMS: dict[str, type[ProtectionForm]] = {
    form.kind: form for form in (RiskForm, MeasureForm, ActionForm, CommitmentForm)
}
