"""What may be typed: signing in, passwords, people and teams, one's own settings, filters of the trail."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Optional, Regexp

from app.i18n import LANGUAGES


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


A_NAME = [DataRequired(_l("Write a name.")), Length(max=120, message=_l("Write at most 120 characters."))]
AN_EMAIL = [
    InputRequired(_l("Write an e-mail address.")),
    Length(max=254, message=_l("Write at most 254 characters.")),
    Regexp(r"^\s*[^@\s]+@[^@\s]+\s*$", message=_l("This is no e-mail address; it needs an @ and no spaces.")),
]


class SignInForm(FlaskForm):
    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Write your e-mail address."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Write your password.")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):
    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Choose a password.")), Length(max=1000)],
        description=_l("At least ten characters; four ordinary words are good."),
        render_kw={"autocomplete": "new-password"},
    )
    password_again = PasswordField(
        _l("Repeat the new password"),
        [EqualTo("password", _l("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(PasswordForm):
    old_password = PasswordField(
        _l("Current password"),
        [InputRequired(_l("Write the password that you have now.")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class SetUpForm(PasswordForm):
    code = StringField(
        _l("Set-up code"),
        [InputRequired(_l("Copy the code from the terminal."))],
        description=_l("It is shown in the terminal in which Amparo was started."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    name = StringField(_l("Your name"), A_NAME, filters=[_stripped], render_kw={"autocomplete": "name"})
    email = EmailField(_l("Your e-mail"), AN_EMAIL, render_kw={"autocomplete": "username"})


class SettingsForm(FlaskForm):
    """One's own language and look."""

    language = RadioField(_l("Language"), choices=list(LANGUAGES.items()))
    theme = RadioField(
        _l("Light or dark"),
        choices=[("auto", _l("As the device is set")), ("light", _l("Light")), ("dark", _l("Dark"))],
    )
    shortcuts = BooleanField(
        _l("Single-key shortcuts"),
        description=_l("Pressing ? shows the keyboard help. Switch it off if you dictate to your computer."),
    )


# --- administration ------------------------------------------------------------------------------

WORKS_IN_TEAMS = "TEAMS"


class AccountForm(FlaskForm):
    """A person who works here. *roles* holds `team handle/ROLE`; the page draws it as one row a team."""

    name = StringField(
        _l("Name"),
        A_NAME,
        filters=[_stripped],
        description=_l("As colleagues know the person; it shows beside what they record."),
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        _l("E-mail"),
        AN_EMAIL,
        description=_l("Only for signing in; Amparo sends no mail."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    language = SelectField(_l("Language"), choices=list(LANGUAGES.items()))
    kind = RadioField(
        _l("What the account is for"),
        choices=[
            (WORKS_IN_TEAMS, _l("Work on cases, in teams")),
            ("ADMINISTRATOR", _l("Administration: accounts, teams and code lists; no cases")),
            ("AUDITOR", _l("Audit: the audit trail; no cases")),
        ],
        default=WORKS_IN_TEAMS,
    )
    roles = SelectMultipleField(_l("Roles in teams"), choices=[])

    def offer(self, teams: list[Any], roles: tuple[str, ...]) -> None:
        self.roles.choices = [f"{team.handle}/{role}" for team in teams for role in roles]


class TeamForm(FlaskForm):
    name = StringField(_l("Name of the team"), A_NAME, filters=[_stripped], render_kw={"autocomplete": "off"})


# --- the audit trail -----------------------------------------------------------------------------


class TrailForm(FlaskForm):
    class Meta:
        csrf = False

    reference = StringField(_l("Reference"), [Optional(), Length(max=20)], render_kw={"autocomplete": "off"})
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("To"), [Optional()])
    who = SelectField(_l("Who"), [Optional()], filters=[_stripped], choices=[])
    deed = SelectField(_l("Action"), [Optional()], filters=[_stripped], choices=[])
