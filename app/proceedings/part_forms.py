"""What may be typed of the parts of a proceeding: accused, charges, stages, measures, hearings, the checklist."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.incidents.texts import MayBeEmpty, area, line
from app.people.days import Day, WhenField
from app.people.lines import plain_lines
from app.proceedings.custody import Assessment
from app.proceedings.models import Accused, Charge, Hearing, Measure, Stage
from app.proceedings.operations import ChargeGiven, HearingGiven, MeasureGiven, StageGiven
from app.vocabulary.offered import OneOrNone, Ticks, WholeNumberField, offered
from app.vocabulary.queries import choices

Layout = tuple[tuple[str, str], ...]
MOST_LINES = 300
WHEN = _l("22/10/2024, 10/2024, 2024, or two days with – between them.")


class PartForm(FlaskForm):
    """A form of a part. *layout* says in which order and how wide its fields stand."""

    layout: ClassVar[Layout] = ()
    form_token = HiddenField()
    doubts_reason = area(
        _l("Why it is right all the same"), 1000, description=_l("In a few words; it stays with the entry.")
    )


class ForSeveral(PartForm):
    """What is said of several accused at once."""

    accused = Ticks(_l("For whom"), [DataRequired(_l("Tick at least one."))])

    def offer_accused(self, rows: Iterable[Accused]) -> None:
        self.accused.choices = offered((row.uid, row.name or _("Group")) for row in rows)

    def chosen(self, rows: Iterable[Accused]) -> list[Accused]:
        ticked = set(self.accused.data or [])
        return [row for row in rows if str(row.uid) in ticked]


class AccusedForm(PartForm):
    layout = (
        ("pseudonyms", "c12"),
        ("role", "c6"),
        ("group_label", "c12"),
        ("count_least", "c6"),
        ("count_most", "c6"),
    )

    pseudonyms = TextAreaField(
        _l("People, one on each line"),
        [Optional(), Length(max=30_000)],
        description=_l(
            "Pseudonyms, never legal names. Who is on record under exactly this pseudonym or reference is taken; "
            "for the others a person of this case is made."
        ),
    )
    role = SelectField(_l("Role"))
    group_label = line(
        _l("Or a group that is only counted"), 200, description=_l("“Community leaders”, without names.")
    )
    count_least = WholeNumberField(_l("How many, at least"), [Optional(), NumberRange(1, 1_000_000)])
    count_most = WholeNumberField(_l("How many, at most"), [Optional(), NumberRange(1, 1_000_000)])

    def offer(self) -> None:
        self.role.choices = offered(choices("proc_roles"))

    @property
    def lines(self) -> list[str]:
        """Each pseudonym once, in the order in which it was typed; numbers in front of a line are left out."""
        return plain_lines(self.pseudonyms.data)

    def validate_pseudonyms(self, field: TextAreaField) -> None:
        if len(self.lines) > MOST_LINES:
            raise ValidationError(_("At most %(number)s people at once.", number=MOST_LINES))
        if long := [text for text in self.lines if len(text) > 120]:
            raise ValidationError(_("This line is too long for a pseudonym: %(text)s…", text=long[0][:40]))

    def validate_role(self, field: SelectField) -> None:
        if not (self.lines or self.group_label.data or self.count_least.data):
            raise ValidationError(_("Write at least one pseudonym, or say how many a group counts."))

    def validate_count_most(self, field: WholeNumberField) -> None:
        if field.data is not None and field.data < (self.count_least.data or 0):
            raise ValidationError(_("This is less than the smaller number."))


class OutcomeForm(ForSeveral):
    layout = (("outcome", "c6"), ("accused", "c12"))

    outcome = OneOrNone(_l("Outcome"), [MayBeEmpty()], description=_l("Their charges get it too, unless they differ."))

    def offer(self) -> None:
        self.outcome.choices = offered(choices("proc_outcomes"), or_none=True)


class ChargeFields:
    """The same for a new charge and for one that is mended."""

    offence = SelectField(_l("Offence"), [DataRequired(_l("Choose an offence."))])
    article = line(
        _l("Article as it stood on the day of the facts"), 500, description=_l("“CP 315, as amended by DL 1237”.")
    )
    participation = OneOrNone(_l("Held to have taken part as"), [MayBeEmpty()])
    outcome = OneOrNone(_l("Outcome of this charge"), [MayBeEmpty()])

    def offer(self, row: Charge | None = None) -> None:
        kept = [row.offence, row.participation, row.outcome] if row else [None] * 3
        self.offence.choices = offered(choices("offences", keep=kept[0]), or_none=True)
        self.participation.choices = offered(choices("proc_participation", keep=kept[1]), or_none=True)
        self.outcome.choices = offered(choices("proc_outcomes", keep=kept[2]), or_none=True)

    def given(self) -> ChargeGiven:
        return ChargeGiven(
            self.offence.data, self.article.data or None, self.participation.data or None, self.outcome.data or None
        )


class NewChargeForm(ChargeFields, ForSeveral):
    layout = (("offence", "c8"), ("participation", "c4"), ("article", "c8"), ("outcome", "c4"), ("accused", "c12"))


class ChargeForm(ChargeFields, PartForm):
    layout = (("offence", "c8"), ("participation", "c4"), ("article", "c8"), ("outcome", "c4"))

    version = HiddenField()


class DetentionForm(PartForm):
    """Whether detentions were arbitrary: one answer for those that are ticked."""

    layout = (("detentions", "c12"), ("arbitrary", "c12"), ("grounds", "c12"), ("why", "c12"))

    detentions = Ticks(_l("Which detentions"), [DataRequired(_l("Tick at least one."))])
    arbitrary = RadioField(_l("Was it arbitrary?"), description=_l("Without an answer it stays open."))
    grounds = Ticks(_l("Why it was arbitrary"))
    why = area(_l("How we know"), 2000, optional=False, description=_l("Which decision, act or document shows it."))

    def offer(self, rows: Iterable[tuple[str, str]]) -> None:
        self.detentions.choices = offered(rows)
        self.arbitrary.choices = offered([("", _("not answered")), *choices("yes_no_unknown")])
        self.grounds.choices = offered(choices("detention_grounds"))
        if self.arbitrary.data is None:
            self.arbitrary.data = ""

    def validate_grounds(self, field: Ticks) -> None:
        if self.arbitrary.data == "YES" and not field.data:
            raise ValidationError(_("Tick why it was arbitrary."))

    def validate_why(self, field: TextAreaField) -> None:
        if self.arbitrary.data in ("YES", "NO") and not field.data:
            raise ValidationError(_("Write how we know."))

    def given(self) -> Assessment:
        return Assessment(self.arbitrary.data or None, self.grounds.data or [], self.why.data or None)


class StageForm(PartForm):
    layout = (
        ("stage", "c6"), ("outcome", "c6"), ("entered", "c6"), ("left", "c6"), ("note", "c12"), ("citation", "c6"),
        ("url", "c6"),
    )  # fmt: skip

    version = HiddenField()
    stage = SelectField(_l("Stage"), [DataRequired(_l("Choose a stage."))])
    outcome = OneOrNone(_l("What came out of this stage"), [MayBeEmpty()])
    entered = WhenField(_l("Entered on"), [Optional()], description=WHEN)
    left = WhenField(_l("Left on"), [Optional()], description=_l("Only if it is over."))
    note = area(_l("Note"))
    citation = line(_l("Source"), 1000)
    url = line(_l("Address on the web"), 2000)

    def offer(self, row: Stage | None = None) -> None:
        self.stage.choices = offered(choices("proc_stages", keep=row.stage if row else None), or_none=True)
        self.outcome.choices = offered(choices("proc_outcomes", keep=row.outcome if row else None), or_none=True)

    def validate_url(self, field: StringField) -> None:
        if field.data and not re.match(r"https?://[^\s/]+", field.data):
            raise ValidationError(_("An address begins with http:// or https://."))

    def given(self) -> StageGiven:
        return StageGiven(
            stage=self.stage.data,
            entered=self.entered.given,
            left=self.left.given,
            outcome=self.outcome.data or None,
            note=self.note.data or None,
            citation=self.citation.data or None,
            url=self.url.data or None,
        )


class MeasureFields:
    """The same for a new measure and for one that is mended."""

    measure = SelectField(_l("Measure"), [DataRequired(_l("Choose a measure."))])
    started = WhenField(_l("From"), [Optional()], description=WHEN)
    limit_on = Day(_l("Ordered until"), [Optional()], description=_l("The last day, if the order names one."))
    ended = WhenField(_l("Ended on"), [Optional()], description=_l("Only if it is over."))
    note = area(_l("Note"))

    def given(self) -> MeasureGiven:
        return MeasureGiven(
            measure=self.measure.data,
            started=self.started.given,
            limit_on=self.limit_on.data,
            ended=self.ended.given,
            note=self.note.data or None,
        )


class NewMeasureForm(MeasureFields, ForSeveral):
    layout = (
        ("measure", "c12"), ("started", "c4"), ("limit_on", "c4"), ("ended", "c4"), ("note", "c12"), ("accused", "c12"),
    )  # fmt: skip

    def offer(self) -> None:
        self.measure.choices = offered(choices("coercive_measures"), or_none=True)


class MeasureForm(MeasureFields, PartForm):
    layout = (("measure", "c12"), ("started", "c4"), ("limit_on", "c4"), ("ended", "c4"), ("note", "c12"))

    version = HiddenField()

    def offer(self, row: Measure | None = None) -> None:
        kept = row.measure if row else None
        self.measure.choices = offered(choices("coercive_measures", keep=kept), or_none=True)


class ExtensionForm(PartForm):
    layout = (("until_on", "c4"), ("decided_on", "c4"), ("note", "c12"))

    until_on = Day(_l("Extended until"), [DataRequired(_l("Write the day, like 22/10/2024."))])
    decided_on = Day(_l("Decided on"), [Optional()])
    note = area(_l("Note"))


class HearingForm(PartForm):
    layout = (
        ("held_on", "c4"), ("held_at", "c4"), ("kind", "c4"), ("place", "c12"), ("what_happened", "c12"),
        ("next_on", "c4"),
    )  # fmt: skip

    version = HiddenField()
    held_on = Day(_l("Day"), [DataRequired(_l("Write the day, like 22/10/2024."))])
    held_at = line(_l("Hour"), 10, description=_l("Like 9:30."))
    kind = OneOrNone(_l("Kind"), [MayBeEmpty()])
    place = line(_l("Place"), 300, description=_l("Court, room, or the link of a hearing at a distance."))
    what_happened = area(_l("What happened"), 8000, description=_l("Empty while it is still to come."))
    next_on = Day(_l("Next session"), [Optional()])

    def offer(self, row: Hearing | None = None) -> None:
        self.kind.choices = offered(choices("hearing_kinds", keep=row.kind if row else None), or_none=True)

    def validate_held_at(self, field: StringField) -> None:
        if field.data and read_clock(field.data) is None:
            raise ValidationError(_("Write the hour like 9:30 or 14:00."))

    def given(self) -> HearingGiven:
        return HearingGiven(
            held_on=self.held_on.data,
            held_at=read_clock(self.held_at.data or ""),
            kind=self.kind.data or None,
            place=self.place.data or None,
            what_happened=self.what_happened.data or None,
            next_on=self.next_on.data,
        )


def read_clock(text: str) -> str | None:
    """«9:30» as 09:30; None for what is no hour."""
    found = re.fullmatch(r"(\d{1,2})[:.h]?(\d{2})?\s*h?", text.strip(), re.ASCII)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return f"{int(found[1]):02}:{found[2] or '00'}"


class PointForm(FlaskForm):
    """One point of the checklist."""

    class Meta:
        csrf = False

    answer = RadioField(_l("Was it kept?"))
    note = area(_l("Note"), 2000)
    source = line(_l("How we know"), 500)

    def offer(self) -> None:
        self.answer.choices = offered([("", _("not asked yet")), *choices("yes_no_unknown")])
        if self.answer.data is None:
            self.answer.data = ""


def row_as_typed(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("version", *names) if hasattr(row, name)}
