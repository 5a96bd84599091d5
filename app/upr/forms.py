"""What a coordinator asks of a pack: the same wishes as on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.widgets import DateInput

from app.i18n import LANGUAGES
from app.places.countries import country_choices
from app.upr.filters import BadFilters, Filters
from app.upr.period import default_first

FIELD_OF = {"country": "country", "from": "first", "to": "last", "lang": "lang", "delimiter": "delimiter"}
"""Name in the address → attribute of the form."""


class FiltersForm(FlaskForm):
    """Filters in the address of the preview. What is typed is judged by `read_filters`, here as on the command line."""

    class Meta:
        csrf = False

    country = SelectField(_l("Country"), choices=country_choices, validate_choice=False)
    first = StringField(_l("First day"), name="from", widget=DateInput())
    last = StringField(_l("Last day"), name="to", widget=DateInput())
    lang = SelectField(_l("README language"), choices=list(LANGUAGES.items()), validate_choice=False)
    delimiter = SelectField(
        _l("Column separator"), choices=[(",", _l("comma")), (";", _l("semicolon"))], validate_choice=False
    )

    @classmethod
    def asked(cls, given: Mapping[str, str], language: str, today: Any) -> FiltersForm:
        """The form with what was typed, defaults where nothing was."""
        country = given.get("country") or current_app.config["SETTINGS"].country
        first = default_first(country, today)
        values = {
            "country": country,
            "first": given.get("from") or (first.isoformat() if first else ""),
            "last": given.get("to") or today.isoformat(),
            "lang": given.get("lang") or language,
            "delimiter": given.get("delimiter") or ",",
        }
        return cls(formdata=None, data=values)

    def tell(self, bad: BadFilters) -> None:
        """Put each problem at its field."""
        for problem in bad.problems:
            field = getattr(self, FIELD_OF.get(problem.field, "country"))
            field.errors = [*field.errors, problem.message]


def arguments(filters: Filters) -> dict[str, str]:
    """The filters as an address or a hidden form carries them."""
    return {
        "country": filters.country,
        "from": filters.first.isoformat(),
        "to": filters.last.isoformat(),
        "lang": filters.language,
        "delimiter": filters.delimiter,
    }
