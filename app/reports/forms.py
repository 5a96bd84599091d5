"""What may be asked of a report: read from the address into a wish."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Optional, Regexp

from app.accounts.models import User
from app.db import fold
from app.incidents.queries import countries_of
from app.places.countries import country_words
from app.reports.sdg import SdgWish
from app.vocabulary.offered import OneOrNone, offered

_YEAR = Regexp(r"^(19|20)\d\d$", message=_l("Write a year in four figures, such as 2017."))


class SdgForm(FlaskForm):
    """Every field may be empty; what cannot be read narrows nothing and says so."""

    class Meta:
        csrf = False

    country = OneOrNone(_l("Country"))
    first_year = StringField(_l("From year"), [Optional(), _YEAR])
    last_year = StringField(_l("To year"), [Optional(), _YEAR])

    def __init__(self, arguments: MultiDict[str, str], user: User) -> None:
        super().__init__(formdata=arguments)
        home = current_app.config["SETTINGS"].country
        if "country" not in arguments:
            self.country.data = home  # the indicator is a State's; all of them only for who asks
        known = sorted(((code, country_words(code)) for code in {home, *countries_of(user)}), key=lambda o: fold(o[1]))
        self.country.choices = offered([("", _l("All")), *known])

    def wish(self) -> SdgWish:
        def given(name: str) -> Any:
            return "" if self[name].errors else (self[name].data or "").strip()

        first, last = (int(given(name)) if given(name) else None for name in ("first_year", "last_year"))
        return SdgWish(given("country"), first, last)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a file has to be asked for with, so that it holds what the page shows."""
        return [(field.name, field.data or "") for field in self if not field.errors]
