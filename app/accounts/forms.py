"""Signing in, setting a password."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length


class SignInForm(FlaskForm):
    email = EmailField(
        _l("E-mail"), [InputRequired(_l("Write your e-mail address."))], render_kw={"autocomplete": "username"}
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
    again = PasswordField(
        _l("The same again"),
        [EqualTo("password", _l("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class SetUpForm(PasswordForm):
    code = StringField(
        _l("Set-up code"),
        [InputRequired(_l("Copy the code from the terminal."))],
        description=_l("It stands in the terminal in which Amparo was started."),
        render_kw={"autocomplete": "off"},
    )
    name = StringField(_l("Your name"), [InputRequired(_l("Write your name.")), Length(max=120)])
    email = EmailField(
        _l("Your e-mail"),
        [InputRequired(_l("Write your e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
