"""What may be typed of a person; consent and identity have forms of their own."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, StopValidation

from app import merge_pages
from app.accounts.models import User
from app.accounts.teams import teams_for
from app.cases.models import Case
from app.dates import today
from app.db import folded_words
from app.organisations.forms import LinesField
from app.people.models import Consent, Person
from app.people.operations import ConsentGiven, Identity
from app.places.countries import country_choices
from app.vocabulary.offered import NameField, OneOrNone, Ticks, WholeNumberField, offered
from app.vocabulary.queries import choices, entries


def trimmed(text: str | None) -> str:
    return (text or "").strip()


class DayField(StringField):
    """A whole day, typed like 22/10/2024; `data` is the day, or the text that could not be read."""

    data: Any

    def _value(self) -> str:
        if isinstance(self.data, date):
            return f"{self.data.day}/{self.data.month}/{self.data.year}"
        return self.data or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = trimmed(valuelist[0] if valuelist else "")
        self.data = _day(text) or text or None

    def pre_validate(self, form: Any) -> None:
        if isinstance(self.data, str):
            raise ValidationError(_("Write the day like 22/10/2024."))


def _day(text: str) -> date | None:
    found = re.match(r"^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})$", text, re.ASCII)
    iso = re.match(r"^(\d{4})-(\d{1,2})-(\d{1,2})$", text, re.ASCII)
    parts = found.groups()[::-1] if found else iso.groups() if iso else ()
    try:
        return date(*(int(part) for part in parts))
    except (TypeError, ValueError):
        return None


COLUMNS = (
    "pseudonym",
    "kind",
    "country",
    "gender",
    "age_group",
    "defender_groups",
    "rights_defended",
    "peoples",
    "community",
    "members_least",
    "members_most",
    "note",
)


class PersonForm(FlaskForm):
    version = HiddenField()
    form_token = HiddenField()
    team_id = SelectField(_l("Team"), coerce=int)
    pseudonym = NameField(
        _l("Pseudonym"),
        [DataRequired(_l("Choose a pseudonym.")), Length(max=120)],
        filters=[trimmed],
        description=_l("A name that gives nobody away: a plant, a bird, “Person 1”. Never the legal name."),
    )
    aliases = LinesField(
        _l("Other names"),
        [Optional()],
        description=_l(
            "One a line: how the community or the press calls them. Never the legal name: that goes to the identity. "
            "Only who reads the person in full sees and finds these."
        ),
    )
    kind = OneOrNone(_l("Kind"))
    gender = OneOrNone(_l("Gender"))
    age_group = OneOrNone(_l("Age"))
    country = OneOrNone(_l("Country"))
    community = StringField(_l("Community"), [Optional(), Length(max=200)], filters=[trimmed])
    members_least = WholeNumberField(
        _l("Members, at least"), [Optional(), NumberRange(0, 1_000_000)], description=_l("For groups.")
    )
    members_most = WholeNumberField(_l("Members, at most"), [Optional(), NumberRange(0, 1_000_000)])
    defender_groups = Ticks(_l("Group of defenders"))
    rights_defended = Ticks(_l("Rights defended"))
    peoples = Ticks(_l("Peoples"))
    note = TextAreaField(_l("Note"), [Optional(), Length(max=8000)], description=_l("For who follows the case."))
    role = OneOrNone(_l("Role in this case"))

    def offer(self, user: User, person: Person | None = None, case: Case | None = None) -> None:
        self._offer_teams(user, person, case)
        for name, list_name in (
            ("kind", "person_kinds"),
            ("gender", "gender_identity"),
            ("age_group", "age_groups"),
        ):
            self[name].choices = offered(choices(list_name, keep=getattr(person, name, None)), or_none=True)
        for name, list_name in (
            ("defender_groups", "defender_groups"),
            ("rights_defended", "rights_defended"),
            ("peoples", "indigenous_peoples"),
        ):
            self[name].choices = offered(_ticks(list_name, getattr(person, name, None) or []))
        self.country.choices = offered(country_choices(), or_none=True)

    def _offer_teams(self, user: User, person: Person | None, case: Case | None) -> None:
        if person is not None:
            del self.team_id, self.role
            return
        teams = [pair for pair in teams_for(user) if case is None or pair[0] == case.team_id]
        self.team_id.choices = offered(teams)
        if self.team_id.data is None and teams:
            self.team_id.data = teams[0][0]
        if case is None:
            del self.role
        else:
            self.role.choices = offered(choices("case_roles"))

    def validate_members_most(self, field: WholeNumberField) -> None:
        if field.data is not None and self.members_least.data is not None and field.data < self.members_least.data:
            raise ValidationError(_("This is less than the smaller number."))

    def validate_aliases(self, field: LinesField) -> None:
        if any(len(name) > 120 for name in field.data or []):
            raise ValidationError(_("A name has at most 120 characters; write each on its own line."))

    def facts(self) -> dict[str, Any]:
        columns = {name: None if self[name].data in ("", []) else self[name].data for name in COLUMNS}
        return {**columns, "aliases": self.aliases.data or []}


def as_typed(person: Person) -> dict[str, Any]:
    """The person as the form shows it: columns, and other names one a line."""
    columns = {name: getattr(person, name) for name in (*COLUMNS, "version")}
    return columns | {"aliases": [alias.name for alias in person.aliases]}


def _ticks(list_name: str, kept: list[str]) -> list[tuple[str, str]]:
    """What may be ticked now, and what is ticked already."""
    known = entries(list_name)
    offered = choices(list_name)
    return offered + [(code, known[code].label) for code in kept if code in known and code not in dict(offered)]


class JoinForm(FlaskForm):
    """Someone who is recorded already, put into a case."""

    person = StringField(
        _l("Pseudonym or reference"),
        [DataRequired(_l("Write the pseudonym.")), Length(max=200)],
        filters=[trimmed],
    )
    role = OneOrNone(_l("Role in this case"))

    def offer(self) -> None:
        self.role.choices = offered(choices("case_roles"))


class ConsentForm(FlaskForm):
    form_token = HiddenField()
    purpose = SelectField(_l("For what"))
    level = RadioField(_l("What the person allows"), [InputRequired(_l("Choose what was answered."))])
    recipient = StringField(
        _l("With whom it may be shared"),
        [Optional(), Length(max=300)],
        filters=[trimmed],
        description=_l("If the person named somebody: a mechanism, an embassy, an organisation."),
    )
    given_on = DayField(_l("Answered on"), [DataRequired(_l("Write the day of the answer, like 22/10/2024."))])
    expires_on = DayField(_l("Holds until"), [Optional()], description=_l("If the person set an end."))
    note = TextAreaField(_l("Note"), [Optional(), Length(max=2000)], description=_l("Who asked, and how."))

    def offer(self) -> None:
        self.purpose.choices = offered(choices("consent_purposes"))
        levels = entries("consent_levels")
        self.level.choices = offered(
            (code, f"{code} · {levels[code].label}. {levels[code].definition or ''}")
            for code, _words in choices("consent_levels")
        )

    def validate_given_on(self, field: DayField) -> None:
        if isinstance(field.data, date) and field.data > today():
            raise ValidationError(_("This day is still to come."))

    def validate_expires_on(self, field: DayField) -> None:
        given = self.given_on.data
        if isinstance(field.data, date) and isinstance(given, date) and field.data < given:
            raise ValidationError(_("It would end before it begins."))

    def given(self) -> ConsentGiven:
        return ConsentGiven(
            purpose=self.purpose.data,
            level=self.level.data,
            given_on=self.given_on.data,
            expires_on=self.expires_on.data,
            recipient=self.recipient.data or None,
            note=self.note.data or None,
        )


class WithdrawConsentForm(FlaskForm):
    withdrawn_on = DayField(_l("Withdrawn on"), [DataRequired(_l("Write the day, like 22/10/2024."))])
    reason = TextAreaField(
        _l("What the person said"),
        [DataRequired(_l("Write why; it stays with the answer.")), Length(max=1000)],
        filters=[trimmed],
    )

    def check_against(self, consent: Consent) -> None:
        self.consent = consent

    def validate_withdrawn_on(self, field: DayField) -> None:
        if isinstance(field.data, date) and field.data > today():
            raise ValidationError(_("This day is still to come."))
        if isinstance(field.data, date) and field.data < self.consent.given_on:
            raise ValidationError(_("This is before the answer was given."))


class IdentityForm(FlaskForm):
    version = HiddenField()
    legal_name = StringField(_l("Legal name"), [Optional(), Length(max=300)], filters=[trimmed])
    document = StringField(_l("Identity document"), [Optional(), Length(max=100)], filters=[trimmed])
    birth_date = StringField(_l("Date of birth"), [Optional(), Length(max=40)], filters=[trimmed])
    contact = TextAreaField(_l("Contacts"), [Optional(), Length(max=2000)], filters=[trimmed])

    def identity(self) -> Identity:
        return Identity(
            self.legal_name.data or None,
            self.document.data or None,
            self.birth_date.data or None,
            self.contact.data or None,
        )


class NameForm(FlaskForm):
    """The question who of those on record has a legal name."""

    name = StringField(
        _l("Legal name, or part of it"),
        [DataRequired(_l("Write a name or the beginning of one.")), Length(max=300)],
        filters=[trimmed],
        description=_l("Accents and spellings are forgiven: Huamán finds Guamán, Quispe finds Qquispe."),
    )
    reason = StringField(
        _l("Why are you looking for this person?"),
        [Length(max=500)],
        filters=[trimmed],
        description=_l("Recorded with your name and the time. Do not write the name of the person here."),
    )

    def validate_name(self, field: StringField) -> None:
        if not folded_words(field.data):
            raise ValidationError(_("Write at least one letter or number."))


class MergeForm(merge_pages.MergeForm):
    reason = merge_pages.how_it_is_known(
        _l("How do you know that they are one person?"),
        _l("Recorded with your name and the time. Do not write the name of the person here."),
    )


class PublicFigureForm(FlaskForm):
    """Under which name everybody knows the person, and from where."""

    version = HiddenField()
    open_name = StringField(
        _l("Name by which everybody knows the person"),
        [Optional(), Length(max=200)],
        filters=[trimmed],
        description=_l("As the press writes it. Leave it empty to go back to the pseudonym alone."),
    )
    open_name_source = TextAreaField(
        _l("Why the name is open already"),
        [Length(max=1000)],
        filters=[trimmed],
        description=_l("The office, the prize, the interview; with an address, if there is one."),
    )

    def validate_open_name_source(self, field: TextAreaField) -> None:
        if self.open_name.data and not field.data:
            raise StopValidation(_("Write from where everybody knows the name."))


class ReasonForm(FlaskForm):
    reason = StringField(
        _l("Why do you need to know who it is?"),
        [Length(max=500)],
        filters=[trimmed],
        description=_l("Recorded with your name and the time. Do not write the name of the person here."),
    )
