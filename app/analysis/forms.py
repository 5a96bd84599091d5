"""The filters of map and charts: read from the address into a wish."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length, Optional, Regexp

from app.accounts.models import User
from app.analysis.queries import AnalysisWish
from app.db import fold
from app.organisations.queries import home_countries_known
from app.places.countries import country_words
from app.vocabulary.offered import OneOrNone, offered
from app.vocabulary.queries import choices, label

_YEAR = Regexp(r"^(19|20)\d\d$", message=_l("Write a year in four figures, such as 2017."))


class WishForm(FlaskForm):
    """Every field may be empty; what cannot be read narrows nothing and says so."""

    class Meta:
        csrf = False

    home = OneOrNone(_l("Home country of the company"))
    company = StringField(_l("Company"), [Length(max=200)])
    project = StringField(_l("Project"), [Length(max=200)])
    unit = OneOrNone(_l("Police unit"))
    first_year = StringField(_l("Began from"), [Optional(), _YEAR])
    last_year = StringField(_l("Began up to"), [Optional(), _YEAR])

    def __init__(self, arguments: MultiDict[str, str], user: User) -> None:
        super().__init__(formdata=arguments)
        homes = sorted(
            ((code, country_words(code)) for code in home_countries_known(user)), key=lambda pair: fold(pair[1])
        )
        self.home.choices = offered([("", _l("All")), *homes])
        self.unit.choices = offered([("", _l("All")), *choices("police_units", keep=self.unit.data)])

    def wish(self) -> AnalysisWish:
        def given(name: str) -> Any:
            return "" if self[name].errors else (self[name].data or "").strip()

        texts = {name: given(name) for name in ("home", "company", "project", "unit")}
        first, last = (int(given(name)) if given(name) else None for name in ("first_year", "last_year"))
        return AnalysisWish(**texts, first_year=first, last_year=last)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a file has to be asked for with, so that it holds what the page shows."""
        return [(field.name, field.data) for field in self if field.data and not field.errors]

    def words_of(self, name: str) -> str:
        """A filter as people read it."""
        value = self[name].data or ""
        words = {"home": country_words(value), "unit": label("police_units", value)}
        return words.get(name, value)
