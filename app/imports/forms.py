"""What one chooses for an import."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField


class UploadForm(FlaskForm):
    file = FileField(_l("File"), render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.xlsb,.ods,.json,text/csv"})
    media = FileField(_l("Attachments (ZIP)"), render_kw={"accept": ".zip"})
    kind = SelectField(_l("What the sheet holds"), validate_choice=False)
    shipped_map = SelectField(_l("Map"), validate_choice=False)
    map_file = FileField(_l("Own map"), render_kw={"accept": ".toml"})
    team = SelectField(_l("Team"), coerce=int, validate_choice=False)
    case = SelectField(_l("Case"), validate_choice=False)
