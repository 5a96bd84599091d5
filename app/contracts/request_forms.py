"""What may be typed of a request for information, and of each move that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Optional

from app.access import visible
from app.accounts.models import User
from app.accounts.teams import teams_for
from app.contracts.links import TransparencyRequest
from app.contracts.models import Contract
from app.contracts.request_queries import contracts_of, proceedings_of
from app.contracts.request_workflow import (
    ANSWERED_FULL,
    ANSWERED_PART,
    DENIED,
    DRAFT,
    EXTENDED,
    FILED,
    SILENCE,
)
from app.db import db
from app.incidents.texts import area, line
from app.organisations.forms import LinesField
from app.organisations.queries import organisation_named
from app.people.days import Day, WhenField
from app.proceedings.models import Proceeding
from app.vocabulary.offered import offered
from app.vocabulary.queries import choices

DAY = _l("A day like 22/10/2024.")
COUNTED = _l("Empty: it is counted in working days.")
HABEAS = _l("Its reference, like PER-P-7K3QX, if the proceeding is on record.")
NO_FACTS = frozenset({"csrf_token", "version", "form_token", "team_id"})

Layout = tuple[tuple[str, str], ...]

REACHED: Mapping[str, frozenset[str]] = {
    DRAFT: frozenset(),
    FILED: frozenset({"due_on"}),
    EXTENDED: frozenset({"due_on", "extended_on", "extension_reason"}),
    ANSWERED_FULL: frozenset({"due_on", "answered_on", "answer"}),
    ANSWERED_PART: frozenset({"due_on", "answered_on", "answer", "appeal_due_on"}),
    DENIED: frozenset({"due_on", "answered_on", "answer", "appeal_due_on"}),
    SILENCE: frozenset({"due_on", "appeal_due_on"}),
}
"""Status → what it has come to, and may be mended; of those that stand further on the way, everything."""


def _day(words: Any, help_words: Any = DAY) -> Day:
    return Day(words, [Optional()], description=help_words)


def _filed(**options: Any) -> WhenField:
    return WhenField(
        _l("Filed on"),
        description=_l("22/10/2024; 10/2024 or 2024 if no more is known, but then no term is counted."),
        **options,
    )


class Habeas:
    """The habeas data by its reference: a proceeding that the user sees."""

    user: User
    proceeding: Proceeding | None = None

    def validate_habeas(self, field: StringField) -> None:
        """Asked of what was typed only: an empty field is not checked."""
        statement = visible(Proceeding, self.user).where(Proceeding.reference == (field.data or "").strip().upper())
        found: Any = db.session.scalars(statement).unique().one_or_none()
        self.proceeding = found
        if found is None:
            raise ValidationError(_("There is no proceeding of this reference that you may see."))


class RequestForm(Habeas, FlaskForm):
    """The request itself. Days that it has not come to are left out of the form, and stay as they are."""

    basics: ClassVar[Layout] = (("subject", "c12"), ("body", "c6"), ("number", "c6"), ("status", "c6"), ("filed", "c6"))
    later: ClassVar[Layout] = (
        ("due_on", "c6"), ("extended_on", "c6"), ("extension_reason", "c12"), ("answered_on", "c6"),
        ("appeal_due_on", "c6"), ("answer", "c12"), ("appealed_on", "c4"), ("appeal_number", "c4"),
        ("appeal_decided_on", "c4"), ("appeal_outcome", "c12"),
    )  # fmt: skip
    around: ClassVar[Layout] = (("contracts", "c6"), ("habeas", "c6"), ("result", "c12"), ("notes", "c12"))

    version = HiddenField()
    form_token = HiddenField()
    team_id = SelectField(_l("Team"), coerce=int)
    subject = area(
        _l("What is asked for"), 4000, optional=False, description=_l("As the request says it. Do not write a name.")
    )
    body = line(
        _l("Body asked"), 300, optional=False, description=_l("The ministry, the police: one on record, or its name.")
    )
    number = line(_l("Number"), 120, description=_l("By which the body keeps it."))
    status = SelectField(_l("How it stands"), description=_l("A new one is a draft. Choose another for an older one."))
    filed = _filed(validators=[Optional()])
    due_on = _day(_l("Answer due on"), COUNTED)
    extended_on = _day(_l("Extension notified on"))
    extension_reason = area(_l("Reason for the extension"), 2000)
    answered_on = _day(_l("Answered on"))
    answer = area(_l("Answer"), 8000)
    appeal_due_on = _day(_l("Appeal may be filed until"), COUNTED)
    appealed_on = _day(_l("Appealed on"))
    appeal_number = line(_l("Number of the appeal"), 120)
    appeal_decided_on = _day(_l("Decided on"))
    appeal_outcome = area(_l("What was decided"), 4000)
    contracts = LinesField(
        _l("Contracts that it asked for or brought"),
        [Optional()],
        description=_l("References like PER-K-7K3QX, one a line. Only such as are on record."),
    )
    habeas = line(_l("Habeas data"), 20, description=HABEAS)
    result = area(_l("Result"), 8000, description=_l("What was obtained in the end, in words."))
    notes = area(_l("Notes"), 8000, description=_l("For who follows the request."))

    def offer(self, user: User, request: TransparencyRequest | None = None) -> None:
        self.user = user
        self.found: list[Contract] = []
        if request is None:
            teams = teams_for(user)
            self.team_id.choices = offered(teams)
            if self.team_id.data is None and teams:
                self.team_id.data = teams[0][0]
            self.status.choices = offered(choices("transparency_request_status"))
            gone = {name for name, _width in self.later}
        else:
            reached = REACHED.get(request.status)
            gone = {"team_id", "status"} | ({"filed"} if request.status == DRAFT else set())
            if reached is not None:
                gone |= {name for name, _width in self.later if name not in reached and not getattr(request, name)}
        for name in gone:
            del self[name]

    def layout(self, part: Layout) -> Layout:
        return tuple((name, width) for name, width in part if name in self)

    def validate_subject(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Write what is asked for."))

    def validate_body(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Write which body is asked."))

    def validate_contracts(self, field: LinesField) -> None:
        wanted = list(dict.fromkeys(text.upper() for text in field.data or []))
        statement = visible(Contract, self.user).where(Contract.reference.in_(wanted))
        rows: Any = db.session.scalars(statement).unique()
        self.found = list(rows)
        if missing := [text for text in wanted if text not in {row.reference for row in self.found}]:
            raise ValidationError(_("There is no contract %(reference)s that you may see.", reference=missing[0][:40]))

    def facts(self, request: TransparencyRequest | None = None) -> dict[str, Any]:
        """Columns and relations by their name. A habeas data that the user does not see stays."""
        plain = [field.name for field in self if field.name not in NO_FACTS | {"body", "contracts", "habeas", "filed"}]
        found: dict[str, Any] = {name: self[name].data or None for name in plain}
        if "filed" in self:
            found["filed"] = self.filed.given
        body = organisation_named(self.user, self.body.data)
        found |= {"body": body, "body_text": None if body else self.body.data, "contracts": self.found}
        if self.proceeding is not None or request is None or _shows_proceeding(self.user, request):
            found["proceeding"] = self.proceeding
        return found


def _shows_proceeding(user: User, request: TransparencyRequest) -> bool:
    return request.proceeding_id is None or request.proceeding_id in proceedings_of(user, [request])


def as_typed(user: User, request: TransparencyRequest) -> dict[str, Any]:
    """A request as its form shows it."""
    names = ["version", "subject", "number", "filed", "result", "notes"]
    names += [name for name, _width in RequestForm.later]
    habeas = proceedings_of(user, [request]).get(request.proceeding_id or 0)
    return {name: getattr(request, name) for name in names} | {
        "body": request.addressed,
        "contracts": [contract.reference for contract in contracts_of(user, request)],
        "habeas": habeas.reference if habeas else "",
    }


# --- moves ---------------------------------------------------------------------------------------


class MoveForm(FlaskForm):
    """One move: its fields in their order and how wide; *term* is the field of the term that follows from it."""

    layout: ClassVar[Layout] = ()
    term: ClassVar[str | None] = None
    user: User

    form_token = HiddenField()

    def facts(self) -> dict[str, Any]:
        return {name: _given(self[name]) for name, _width in self.layout}


def _given(field: Field) -> Any:
    return field.given if isinstance(field, WhenField) else field.data or None


class FileForm(MoveForm):
    layout = (("filed", "c4"), ("due_on", "c4"), ("number", "c4"))
    term = "due_on"

    filed = _filed(validators=[InputRequired(_l("Write the day on which it was filed."))])
    due_on = _day(_l("Answer due on"), COUNTED)
    number = line(_l("Number"), 120, description=_l("By which the body keeps it."))


class ExtendForm(MoveForm):
    layout = (("extended_on", "c6"), ("due_on", "c6"), ("extension_reason", "c12"))

    extended_on = _day(_l("Extension notified on"))
    due_on = Day(_l("New last day for the answer"), [DataRequired(_l("Write the new last day for the answer."))])
    extension_reason = area(_l("Reason for the extension"), 2000, optional=False)


class AnswerForm(MoveForm):
    layout = (("answered_on", "c6"), ("answer", "c12"), ("result", "c12"))

    answered_on = _day(_l("Answered on"), _l("The day on which the answer was received."))
    answer = area(_l("Answer"), 8000, description=_l("In short: what was given, what was refused and why."))
    result = area(_l("Result"), 8000, description=_l("What was obtained in the end, in words."))


class DenialForm(AnswerForm):
    layout = (("answered_on", "c6"), ("appeal_due_on", "c6"), ("answer", "c12"))
    term = "appeal_due_on"

    answered_on = Day(
        _l("Answered on"),
        [DataRequired(_l("Write the day of the answer: the term to appeal runs from it."))],
        description=_l("The day on which the answer was received."),
    )
    appeal_due_on = _day(_l("Appeal may be filed until"), COUNTED)


class SilenceForm(MoveForm):
    layout = (("appeal_due_on", "c6"),)
    term = "appeal_due_on"

    appeal_due_on = _day(_l("Appeal may be filed until"), COUNTED)


class AppealForm(Habeas, MoveForm):
    layout = (("appealed_on", "c6"), ("appeal_number", "c6"), ("habeas", "c6"))

    appealed_on = _day(_l("Appealed on"), _l("Before the Transparency Tribunal, or as habeas data before a judge."))
    appeal_number = line(_l("Number of the appeal"), 120)
    habeas = line(_l("Habeas data"), 20, description=HABEAS)

    def facts(self) -> dict[str, Any]:
        found = super().facts()
        del found["habeas"]
        return found | ({"proceeding": self.proceeding} if self.proceeding else {})


class DecisionForm(MoveForm):
    layout: ClassVar[Layout] = (("appeal_decided_on", "c6"), ("appeal_outcome", "c12"))

    appeal_decided_on = _day(_l("Decided on"))
    appeal_outcome = area(_l("What was decided"), 4000, optional=False)

    def validate_appeal_outcome(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Write what was decided."))


class GrantForm(DecisionForm):
    layout = (*DecisionForm.layout, ("result", "c12"))

    result = area(_l("Result"), 8000, description=_l("What was obtained in the end, in words."))


class CloseForm(MoveForm):
    layout = (("result", "c12"),)

    result = area(
        _l("Result"), 8000, optional=False, description=_l("What was obtained, and why nothing more is asked.")
    )

    def validate_result(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Write what came of it, and why nothing more is asked."))


FORMS: Mapping[str, type[MoveForm]] = {
    "file": FileForm,
    "extend": ExtendForm,
    "answer_full": AnswerForm,
    "answer_part": DenialForm,
    "deny": DenialForm,
    "silence": SilenceForm,
    "appeal": AppealForm,
    "grant": GrantForm,
    "reject": DecisionForm,
    "close": CloseForm,
    "take_back": MoveForm,
}
"""Move → its form."""
