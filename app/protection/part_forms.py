"""What may be typed of the parts: beneficiaries, steps, and what became of a promise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, ValidationError
from wtforms.validators import DataRequired, NumberRange, Optional

from app.incidents.texts import MayBeEmpty, area, line
from app.people.days import WhenField
from app.people.models import Person
from app.protection.forms import WHEN, Layout
from app.protection.models import Commitment, Step
from app.protection.operations import BeneficiariesGiven, OutcomeGiven, StepGiven
from app.vocabulary.offered import OneOrNone, Ticks, WholeNumberField, offered
from app.vocabulary.queries import choices, entries


class PartForm(FlaskForm):
    """*layout* says in which order and how wide its fields stand."""

    layout: ClassVar[Layout] = ()
    form_token = HiddenField()
    doubts_reason = area(
        _l("Why it is right all the same"), 1000, description=_l("In a few words; it stays with the entry.")
    )


class BeneficiariesForm(PartForm):
    layout = (
        ("people", "c12"),
        ("group_label", "c6"),
        ("count_least", "c3"),
        ("count_most", "c3"),
        ("asks_not_to_be_named", "c12"),
    )

    people = Ticks(_l("People of the case"), [MayBeEmpty()])
    group_label = line(
        _l("Or a group that is only counted"), 200, checked_empty=True, description=_l("“The families”, without names.")
    )
    count_least = WholeNumberField(_l("At least"), [Optional(), NumberRange(1, 1_000_000)])
    count_most = WholeNumberField(_l("At most"), [Optional(), NumberRange(1, 1_000_000)])
    asks_not_to_be_named = BooleanField(_l("They ask that their names stay out of what is published"))

    def offer(self, people: Iterable[Person]) -> None:
        self._people = {one.reference: one for one in people}
        self.people.choices = offered((one.reference, one.pseudonym) for one in self._people.values())

    def validate_group_label(self, field: Any) -> None:
        if not (self.people.data or field.data or self.count_least.data):
            raise ValidationError(_("Tick at least one person, or name a group."))

    def validate_count_most(self, field: WholeNumberField) -> None:
        if field.data is not None and field.data < (self.count_least.data or 0):
            raise ValidationError(_("This is less than the smaller number."))

    def given(self) -> BeneficiariesGiven:
        return BeneficiariesGiven(
            people=[self._people[reference] for reference in self.people.data or []],
            group_label=self.group_label.data or None,
            count_least=self.count_least.data,
            count_most=self.count_most.data,
            asks_not_to_be_named=self.asks_not_to_be_named.data,
        )


class StepForm(PartForm):
    layout = (("step", "c6"), ("taken", "c6"), ("sector", "c6"), ("note", "c12"), ("really_done", "c12"))

    version = HiddenField()
    step = SelectField(_l("Step"), [DataRequired(_l("Choose a step."))])
    taken = WhenField(_l("Day"), [Optional()], description=WHEN)
    sector = OneOrNone(_l("Responsible sector of the State"), [MayBeEmpty()])
    note = area(_l("What was asked or decided"))
    really_done = area(_l("What was really done"))

    def offer(self, measure: str | None, row: Step | None = None) -> None:
        """The steps of this kind of measure, and those of any."""
        known = entries("protection_steps")
        pairs = [
            (code, words)
            for code, words in choices("protection_steps", keep=row.step if row else None)
            if known[code].extra.get("for_measure") in (None, "", measure) or (row and row.step == code)
        ]
        self.step.choices = offered(pairs, or_none=True)
        self.sector.choices = offered(choices("state_sectors", keep=row.sector if row else None), or_none=True)

    def given(self) -> StepGiven:
        return StepGiven(
            step=self.step.data,
            taken=self.taken.given,
            sector=self.sector.data or None,
            note=self.note.data or None,
            really_done=self.really_done.data or None,
        )


class OutcomeForm(PartForm):
    layout = (("outcome", "c6"), ("told", "c6"), ("what_happened", "c12"), ("evidence", "c12"))

    version = HiddenField()
    outcome = OneOrNone(
        _l("What became of it"), [MayBeEmpty()], description=_l("Empty: it is still waited for, and stays open.")
    )
    told = WhenField(_l("When"), [Optional()], description=WHEN)
    what_happened = area(_l("What happened"), 8000, checked_empty=True)
    evidence = area(_l("How we know"), 2000)

    def offer(self, row: Commitment) -> None:
        self.outcome.choices = offered(choices("commitment_outcomes", keep=row.outcome), or_none=True)

    def validate_what_happened(self, field: Any) -> None:
        if self.outcome.data and not field.data:
            raise ValidationError(_("Write what happened."))

    def given(self) -> OutcomeGiven:
        return OutcomeGiven(
            self.outcome.data or None, self.what_happened.data or None, self.told.given, self.evidence.data or None
        )
