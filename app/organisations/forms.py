"""What may be typed of an organisation or a project."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional, StopValidation
from wtforms.widgets import HiddenInput

from app import merge_pages
from app.accounts.models import User
from app.accounts.teams import teams_for
from app.organisations.models import Organisation, Project
from app.organisations.parents import ParentRefused, check_parent
from app.organisations.queries import organisation_named
from app.places.countries import country_choices
from app.places.queries import resolve
from app.vocabulary.offered import OneOrNone, offered
from app.vocabulary.queries import choices


def trimmed(text: str | None) -> str:
    return (text or "").strip()


MOST_LINES = 200
LONGEST_NAME = 200


class LinesField(TextAreaField):
    """Several values, one a line; `data` is the list."""

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [line.strip() for line in (valuelist[0] if valuelist else "").splitlines() if line.strip()]

    def pre_validate(self, form: Any) -> None:
        # Each line is a question to the database.
        if len(self.data or []) > MOST_LINES:
            raise StopValidation(_("Write at most %(number)s lines.", number=MOST_LINES))


class RecordForm(FlaskForm):
    """What the forms of this room share: whose record it is, its version, and the form's own token."""

    version = HiddenField()
    form_token = HiddenField()
    team_id = SelectField(_l("Team"), coerce=int)
    name = StringField(_l("Name"), [DataRequired(_l("Write the name.")), Length(max=200)], filters=[trimmed])
    aliases = LinesField(
        _l("Other names"),
        [Optional()],
        description=_l("One a line, as sources write them. Search and imports find it by any of them."),
    )
    note = TextAreaField(_l("Note"), [Optional(), Length(max=4000)])
    source = StringField(
        _l("Source"), [Optional(), Length(max=500)], description=_l("Where this is written: an address or a citation.")
    )

    def offer_teams(self, user: User) -> None:
        teams = teams_for(user)
        self.team_id.choices = offered(teams)
        if self.team_id.data is None and teams:
            self.team_id.data = teams[0][0]

    def validate_aliases(self, field: LinesField) -> None:
        check_lengths(field)

    def facts(self) -> dict[str, Any]:
        """Columns and relations by their name, as the operations take them."""
        left_out = {"csrf_token", "version", "form_token", "team_id"}
        return {name: value or None for name, value in self.data.items() if name not in left_out} | {
            "aliases": self.aliases.data or []
        }


class OrganisationForm(RecordForm):
    kind = OneOrNone(_l("Kind"))
    country = OneOrNone(_l("Country"))
    parent_name = StringField(
        _l("Parent company"), [Optional(), Length(max=200)], description=_l("Who owns it, as the source says.")
    )
    parent = StringField(
        _l("Parent company on record"),
        [Optional(), Length(max=200)],
        filters=[trimmed],
        description=_l("The name or the reference of an organisation that is on record."),
    )
    home_country = OneOrNone(
        _l("Home country"),
        description=_l("Where it, or who owns it, has its seat. Left empty, that of the parent on record counts."),
    )

    def offer(self, user: User, organisation: Organisation | None = None) -> None:
        self.offer_teams(user)
        self.user, self.organisation = user, organisation
        self.found_parent: Organisation | None = None
        kinds = choices("organisation_types", keep=organisation.kind if organisation else None)
        self.kind.choices = offered(kinds, or_none=True)
        self.country.choices = self.home_country.choices = offered(country_choices(), or_none=True)

    def validate_parent(self, field: StringField) -> None:
        if not field.data:
            return
        self.found_parent = organisation_named(self.user, field.data)
        if self.found_parent is None:
            raise ValidationError(_("No single organisation of this name: %(name)s", name=field.data))
        team_id = self.organisation.team_id if self.organisation else self.team_id.data
        try:
            check_parent(self.organisation, team_id, self.found_parent)
        except ParentRefused as problem:
            raise ValidationError(str(problem)) from problem

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"parent": self.found_parent}


class ProjectForm(RecordForm):
    sector = OneOrNone(_l("Sector"))
    companies = LinesField(
        _l("Companies"), [Optional()], description=_l("One a line: the name or the reference of an organisation.")
    )
    places = LinesField(
        _l("Districts"), [Optional()], description=_l("One a line: name and province, or the UBIGEO code.")
    )

    def offer(self, user: User, project: Project | None = None) -> None:
        self.offer_teams(user)
        self.sector.choices = offered(choices("sectors", keep=project.sector if project else None), or_none=True)
        self.user = user
        self.found_companies: list[Any] = []
        self.found_places: list[Any] = []

    def validate_companies(self, field: LinesField) -> None:
        self.found_companies = [organisation_named(self.user, text) for text in field.data or []]
        _all_found(field, self.found_companies, _("No single organisation of this name: %(name)s"))

    def validate_places(self, field: LinesField) -> None:
        country = current_app.config["SETTINGS"].country
        self.found_places = [resolve(text, country).place for text in field.data or []]
        _all_found(field, self.found_places, _("No single place of this name: %(name)s"))

    def facts(self) -> dict[str, Any]:
        return super().facts() | {
            "companies": list(dict.fromkeys(self.found_companies)),
            "places": list(dict.fromkeys(self.found_places)),
        }


class NamesForm(FlaskForm):
    """By what names one team calls a record of the pack."""

    team_id = HiddenField()
    stood = LinesField(widget=HiddenInput())
    names = LinesField(
        _l("Other names"),
        [Optional()],
        description=_l("One a line. Only your team sees them; search, forms and imports find the record by them."),
    )

    def of_team(self, team_id: int) -> NamesForm:
        """Several may stand on one page."""
        self.team_id.data = str(team_id)
        self.names.id = self.names.label.field_id = f"names-{team_id}"
        return self

    def validate_names(self, field: LinesField) -> None:
        check_lengths(field)


class MergeForm(merge_pages.MergeForm):
    reason = merge_pages.how_it_is_known(
        _l("How do you know that the two are one?"),
        _l("Recorded with your name and the time."),
    )


def check_lengths(field: LinesField) -> None:
    if any(len(name) > LONGEST_NAME for name in field.data or []):
        raise ValidationError(_("A name has at most 200 characters; write each on its own line."))


def _all_found(field: LinesField, found: list[Any], sentence: str) -> None:
    missing = [text for text, row in zip(field.data or [], found, strict=True) if row is None]
    if missing:
        raise ValidationError(sentence % {"name": ", ".join(missing)})
