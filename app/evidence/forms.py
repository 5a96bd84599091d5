"""What one sends to add files."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import MultipleFileField, StringField
from wtforms.validators import Length, Optional

from app.evidence.recognising import FORMATS

LONGEST_DESCRIPTION = 500
ACCEPTED = ",".join(ending for one in FORMATS.values() for ending in one.endings)
"""What a browser offers first; what counts is the content."""


class FilesForm(FlaskForm):
    files = MultipleFileField(_l("Files"), render_kw={"accept": ACCEPTED})
    description = StringField(
        _l("What it is"),
        [Optional(), Length(max=LONGEST_DESCRIPTION)],
        description=_l(
            "For example: photo of the broken door. It stands beside each of the files. Do not write a name."
        ),
    )
