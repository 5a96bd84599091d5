"""What may be typed of a person's ties: to other people, to organisations, and the posts by which others know them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from app.accounts.models import User
from app.cases.forms import read_day
from app.dates import UncertainDate
from app.organisations.queries import organisation_named
from app.people.forms import trimmed
from app.people.models import PersonLeadership, PersonOrganisation, PersonRelation
from app.people.ties import INVERSE, relation_choices
from app.vocabulary.offered import OneOrNone, offered
from app.vocabulary.queries import choices


class KnownDayField(StringField):
    """A day as far as it is known; `data` is 2012, 2012-05 or 2012-05-28, as it is stored."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return typed(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = trimmed(valuelist[0] if valuelist else "")
        found = read_day(text) if text else UncertainDate()
        self.data = found.written() or None


def typed(written: str | None) -> str:
    """«2012-05-28» as people write it: 28/5/2012."""
    return "/".join(str(int(part)) for part in reversed(written.split("-"))) if written else ""


def _day(words: Any) -> KnownDayField:
    return KnownDayField(words, [Optional()], description=_l("22/10/2024, 10/2024 or 2024."))


def _note() -> TextAreaField:
    return TextAreaField(_l("Note"), [Optional(), Length(max=2000)], filters=[trimmed])


class TieForm(FlaskForm):
    """What all of them have: from when to when, and a note."""

    version = HiddenField()
    form_token = HiddenField()
    since = _day(_l("Since when"))
    until = _day(_l("Until when"))
    note = _note()

    def validate_until(self, field: KnownDayField) -> None:
        if field.data and self.since.data:
            first, last = UncertainDate.read(self.since.data), UncertainDate.read(field.data)
            if last.latest and first.earliest and last.latest < first.earliest:
                raise ValidationError(_("It would end before it begins."))

    def lasting(self) -> dict[str, Any]:
        return {"since": self.since.data, "until": self.until.data, "note": self.note.data or None}


class RelationForm(TieForm):
    """*other* is found by the view, which knows whom the user may tie to."""

    kind = OneOrNone(_l("What the person is to the other"), [DataRequired(_l("Choose what they are to each other."))])
    other = StringField(
        _l("The other person"),
        [DataRequired(_l("Write the pseudonym.")), Length(max=200)],
        filters=[trimmed],
        description=_l("Pseudonym or reference. Somebody of this team who is on record."),
    )

    def offer(self, user: User, tie: PersonRelation | None = None) -> None:
        self.kind.choices = offered(relation_choices(keep=tie.kind if tie else None), or_none=True)

    @property
    def is_inverse(self) -> bool:
        return str(self.kind.data).endswith(INVERSE)

    def facts(self) -> dict[str, Any]:
        return {"kind": str(self.kind.data).removesuffix(INVERSE), **self.lasting()}


class NamesOrganisation(TieForm):
    def look_up(self, user: User) -> None:
        self.user = user
        self.found: Any = None

    def validate_organisation(self, field: StringField) -> None:
        if not field.data:
            return
        self.found = organisation_named(self.user, field.data)
        if self.found is None:
            raise ValidationError(_("No single organisation of this name: %(name)s", name=field.data))

    @property
    def organisation_id(self) -> int | None:
        return self.found.id if self.found is not None else None


class OrganisationTieForm(NamesOrganisation):
    organisation = StringField(
        _l("Organisation"),
        [DataRequired(_l("Write the name of the organisation.")), Length(max=200)],
        filters=[trimmed],
        description=_l("Its name or reference. It must be on record."),
    )
    kind = OneOrNone(_l("What the person is there"), [DataRequired(_l("Choose what the person is there."))])

    def offer(self, user: User, tie: PersonOrganisation | None = None) -> None:
        self.look_up(user)
        self.kind.choices = offered(choices("organisation_ties", keep=tie.kind if tie else None), or_none=True)

    def facts(self) -> dict[str, Any]:
        return {"kind": self.kind.data, "organisation_id": self.organisation_id, **self.lasting()}


class LeadershipForm(NamesOrganisation):
    kind = OneOrNone(_l("Which part"), [DataRequired(_l("Choose which part."))])
    title = StringField(
        _l("In words"),
        [Optional(), Length(max=200)],
        filters=[trimmed],
        description=_l("President, apu, women’s secretary… Not where that would say who it is."),
    )
    organisation = StringField(
        _l("In which organisation"), [Length(max=200)], filters=[trimmed], description=_l("If it is on record.")
    )

    def offer(self, user: User, tie: PersonLeadership | None = None) -> None:
        self.look_up(user)
        self.kind.choices = offered(choices("leadership_kinds", keep=tie.kind if tie else None), or_none=True)

    def facts(self) -> dict[str, Any]:
        title = self.title.data or None
        return {"kind": self.kind.data, "title": title, "organisation_id": self.organisation_id, **self.lasting()}
