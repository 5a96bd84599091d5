"""What one chooses for an import of recommendations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import NumberRange, Optional

from app.places.countries import country_choices
from app.recommendations.telling import LAST_SESSION
from app.vocabulary.offered import WholeNumberField, offered


class ImportForm(FlaskForm):
    file = FileField(_l("File"), render_kw={"accept": ".csv,.txt,.xlsx,.xls,.ods,.docx,text/csv"})
    country = SelectField(_l("Recommendations to"))
    session = WholeNumberField(
        _l("Session"),
        [Optional(), NumberRange(1, LAST_SESSION, _l("A session is a number from 1 to 99."))],
        description=_l("Only for OHCHR's Word list, where the document does not say it: 42, for example."),
    )

    @classmethod
    def for_country(cls, country: str) -> ImportForm:
        form = cls()
        form.country.choices = offered(country_choices())
        if not form.country.data or form.country.data == "None":
            form.country.data = country
        return form
