"""What somebody chooses before a case file is made."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from app.evidence.files import EvidenceFile
from app.i18n import size_words
from app.reports.case_file import LAWYER, PURPOSES
from app.reports.case_file_archive import MOST_EVIDENCE
from app.reports.case_file_content import ENTRIES, SUMMARY
from app.timeline.summary_views import WITH, WITHOUT
from app.vocabulary.offered import Ticks, offered
from app.vocabulary.queries import label

DOCX, ZIP = "docx", "zip"


class CaseFileForm(FlaskForm):
    purpose = RadioField(_l("For whom"), choices=[], default=LAWYER)
    shape = RadioField(
        _l("Form of the file"),
        choices=[
            SelectChoice(DOCX, _l("Word file")),
            SelectChoice(ZIP, _l("Archive (ZIP): Word file, chronology as CSV, chosen evidence, sums")),
        ],
        default=DOCX,
    )
    evidence = Ticks(
        _l("Evidence in the archive"),
        choices=[],
        description=_l("The original bytes. Pictures, voices and what a file says of itself may betray who it is."),
    )
    inner = Ticks(
        _l("Words that were written for the inside"),
        choices=[
            SelectChoice(SUMMARY, _l("Case summary")),
            SelectChoice(ENTRIES, _l("All entries of the timeline, not only those that are public")),
        ],
        description=_l("These were written for colleagues. Read them in the case before you tick them."),
    )
    identities = RadioField(
        _l("Identities"),
        choices=[
            SelectChoice(WITHOUT, _l("Without identities: pseudonyms only")),
            SelectChoice(WITH, _l("With the legal names of those who agree to it")),
        ],
        default=WITHOUT,
    )
    reason = StringField(
        _l("Why must the names stand in it?"),
        [Length(max=500)],
        filters=[lambda text: (text or "").strip()],
        description=_l("Only for a file with names. Recorded with your name and the time; write no name here."),
    )

    def offer(self, files: dict[EvidenceFile, str]) -> None:
        """*files*: each with the reference of the record on which it hangs."""
        self.purpose.choices = offered((code, label("consent_purposes", code)) for code in PURPOSES)
        self.evidence.choices = offered((one.reference, _file_words(one, record)) for one, record in files.items())
        self._sizes = {one.reference: one.size for one in files}

    def validate_evidence(self, field: Any) -> None:
        chosen = [one for one in field.data or [] if one in self._sizes]
        if chosen and self.shape.data != ZIP:
            raise ValidationError(_("Evidence goes into an archive only: choose the archive, or untick the files."))
        if (size := sum(self._sizes[one] for one in chosen)) > MOST_EVIDENCE:
            most = size_words(MOST_EVIDENCE)
            raise ValidationError(
                _("Together they weigh %(size)s; an archive takes %(most)s.", size=size_words(size), most=most)
            )


def _file_words(file: EvidenceFile, record: str) -> str:
    said = file.description or file.filename
    return " · ".join([said, str(file.format.words), size_words(file.size), file.reference, record])
