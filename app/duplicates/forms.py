"""What is asked when two records become one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length


class MergeForm(FlaskForm):
    kept_version = HiddenField()
    gone_version = HiddenField()
    reason = TextAreaField(
        _l("How do you know that both tell one event?"),
        [DataRequired(_l("Write how you know it; it is recorded with your name.")), Length(max=1000)],
        description=_l("Recorded with your name and the time. Do not write the name of a person here."),
    )
