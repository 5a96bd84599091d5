"""What may be typed beside the facts of an incident: a link to another one, a step of the State."""

from __future__ import annotations

import re
from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired

from app.cases.forms import PROBLEMS, line, read_day
from app.dates import UncertainDate, today
from app.incidents.linking import LONGEST_NOTE, relation_choices
from app.incidents.responses import STEPS, ResponseGiven
from app.vocabulary.offered import offered
from app.vocabulary.queries import choices


class LinkForm(FlaskForm):
    form_token = HiddenField()
    relation = SelectField(_l("This incident …"), [DataRequired(_l("Choose how the two are linked."))])
    other = line(
        _l("The other incident"),
        20,
        optional=False,
        description=_l("Its reference, such as PER-I-7K3QX; it may stand in another case that you see."),
    )
    note = line(_l("Note"), LONGEST_NOTE, description=_l("On what the link rests, in a few words."))

    def offer(self) -> None:
        self.relation.choices = offered(relation_choices(), or_none=True)

    def validate_other(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Write the reference of the other incident."))


class ResponseForm(FlaskForm):
    form_token = HiddenField()
    step = SelectField(_l("What was done"), [DataRequired(_l("Choose what was done."))])
    first_day = line(_l("Date or first day"), 40, description=_l("22/10/2024, 10/2024 or 2024."))
    last_day = line(_l("Last day"), 40, description=_l("Only between two dates."))
    note = line(_l("Note"), 500, description=_l("Which authority, and what it said."))
    citation = line(_l("Source"), 1000, description=_l("Where this is written."))
    url = line(_l("Address on the web"), 2000)

    def offer(self) -> None:
        self.step.choices = offered(choices(STEPS), or_none=True)

    def validate_first_day(self, field: StringField) -> None:
        first = read_day(field.data)
        if first.earliest and first.earliest > today():
            raise ValidationError(_("This day is yet to come. Write what has happened."))

    def validate_last_day(self, field: StringField) -> None:
        last = read_day(field.data)
        first = read_day(self.first_day.data).earliest if not self.first_day.errors else None
        if first and last.latest and first > last.latest:
            raise ValidationError(PROBLEMS["backwards"])

    def validate_url(self, field: StringField) -> None:
        if field.data and not re.match(r"https?://[^\s/]+", field.data):
            raise ValidationError(_("An address begins with http:// or https://."))

    def given(self) -> ResponseGiven:
        first, last = read_day(self.first_day.data), read_day(self.last_day.data)
        happened = UncertainDate.between(first.earliest, last.latest) if last.latest else first
        return ResponseGiven(
            self.step.data,
            replace(happened, text=None),
            note=self.note.data or None,
            citation=self.citation.data or None,
            url=self.url.data or None,
        )
