"""A code of a list, as an administrator may change it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from app.vocabulary.offered import OneOrNone


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


def _or_none(text: str | None) -> str | None:
    return (text.strip() or None) if text else None


class CodeForm(FlaskForm):
    label_es = StringField(
        _l("Label in Spanish"),
        [DataRequired(_l("Write the label in both languages.")), Length(max=200)],
        filters=[_stripped],
        render_kw={"lang": "es"},
    )
    label_en = StringField(
        _l("Label in English"),
        [DataRequired(_l("Write the label in both languages.")), Length(max=200)],
        filters=[_stripped],
        render_kw={"lang": "en"},
    )
    definition_es = TextAreaField(
        _l("Definition in Spanish"),
        [Optional(), Length(max=1000, message=_l("Write at most 1,000 characters."))],
        filters=[_or_none],
        render_kw={"lang": "es"},
    )
    definition_en = TextAreaField(
        _l("Definition in English"),
        [Optional(), Length(max=1000, message=_l("Write at most 1,000 characters."))],
        filters=[_or_none],
        render_kw={"lang": "en"},
    )
    upr = SelectField(
        _l("Code for the UPR export"),
        description=_l("What the exported files have instead of this code; “never” if it does not leave."),
    )
    active = BooleanField(
        _l("May be chosen"),
        description=_l("Switched off, it stays on the records that have it and is not offered any more."),
    )

    def offer(self, upr_codes: list[str]) -> None:
        self.upr.choices = [(code, code) for code in upr_codes]

    def values(self) -> dict[str, Any]:
        return {field.name: field.data for field in self if field.name not in ("csrf_token", "code", "parent")}


class NewCodeForm(CodeForm):
    code = StringField(
        _l("Code"),
        [
            InputRequired(_l("Write a code.")),
            Length(max=60),
            Regexp(
                r"^[A-Z][A-Z0-9_.-]*$",
                message=_l("Use capital letters, digits, dot, hyphen and underscore; begin with a letter."),
            ),
        ],
        filters=[lambda text: text.strip().upper() if text else text],
        description=_l("Short and lasting: exports carry it, and it cannot be changed afterwards."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    parent = OneOrNone(_l("Group"), filters=[_or_none])
