"""What somebody chooses before a letter is drafted."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from app import i18n
from app.i18n import uncertain_date_words
from app.incidents.models import Incident
from app.letters.content import ALLEGATION, ENTRIES, SUMMARY, URGENT
from app.letters.queries import NOT_ASKED_FOR, REVIEWED, TOLD_OF, Material
from app.protection.models import Protection
from app.protection.queries import shown_title
from app.timeline.summary_views import WITH, WITHOUT
from app.vocabulary.offered import Ticks, offered
from app.vocabulary.queries import label


class LetterForm(FlaskForm):
    language = RadioField(
        _l("Language of the letter"), choices=[SelectChoice("es", "Español"), SelectChoice("en", "English")]
    )
    kind = RadioField(
        _l("Kind"),
        choices=[
            SelectChoice(ALLEGATION, _l("Allegation letter: it has already happened")),
            SelectChoice(URGENT, _l("Urgent appeal: it goes on now, or is about to happen")),
        ],
        default=ALLEGATION,
    )
    people = Ticks(_l("Whom the letter is about"), choices=[])
    incidents = Ticks(_l("Incidents"), choices=[])
    proceedings = Ticks(_l("Proceedings"), choices=[])
    protection = Ticks(_l("Measures, actions and commitments"), choices=[])
    inner = Ticks(
        _l("Words that were written for the inside"),
        choices=[
            SelectChoice(SUMMARY, _l("Case summary")),
            SelectChoice(ENTRIES, _l("Actions and context on the timeline")),
        ],
        description=_l(
            "These were written for colleagues, not for the UN. Read them in the case before you tick them."
        ),
    )
    identities = RadioField(
        _l("Names"),
        choices=[
            SelectChoice(WITHOUT, _l("Leave the full names open, to be written in by hand")),
            SelectChoice(WITH, _l("Write in the legal names of those who agree that the UN knows them")),
        ],
        default=WITHOUT,
    )
    reason = StringField(
        _l("Why must the names stand in it?"),
        [Length(max=500)],
        filters=[lambda text: (text or "").strip()],
        description=_l("Only for a letter with names. Recorded with your name and the time; write no name here."),
    )

    def offer(self, material: Material) -> None:
        self.incidents.choices = offered((one.reference, _incident_words(one)) for one in material.incidents)
        self.proceedings.choices = offered(
            (one.reference, one.title_in(i18n.language())) for one in material.proceedings
        )
        self.protection.choices = offered((one.reference, _protection_words(one)) for one in material.protection)
        self.people.choices = offered(
            (one.reference, _with_role(one.pseudonym, material.roles.get(one.id))) for one in material.people
        )

    def propose(self, material: Material) -> None:
        """What is reviewed, all proceedings, and the people whom these tell of."""
        reviewed = [one for one in material.incidents if one.state in REVIEWED]
        told = material.people_told_of(reviewed, material.proceedings, material.protection)
        self.language.data = i18n.language()
        self.incidents.data = [one.reference for one in reviewed]
        self.proceedings.data = [one.reference for one in material.proceedings]
        self.protection.data = [one.reference for one in material.protection]
        self.people.data = [
            one.reference
            for one in material.people
            if material.roles.get(one.id) in TOLD_OF
            or (one.id in told and material.roles.get(one.id) not in NOT_ASKED_FOR)
        ]

    def validate_people(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Choose at least one person or organisation whom the letter is about."))

    def validate_incidents(self, field: Any) -> None:
        if not field.data and not self.proceedings.data:
            raise ValidationError(_("Choose at least one incident or proceeding."))


def _incident_words(incident: Incident) -> str:
    parts = [uncertain_date_words(incident.happened), incident.title_in(i18n.language())]
    if incident.state not in REVIEWED:
        parts.append(_("not yet reviewed"))
    return " · ".join(parts)


def _protection_words(one: Protection) -> str:
    return " · ".join([uncertain_date_words(one.happened), shown_title(one, True)])


def _with_role(pseudonym: str, role: str | None) -> str:
    return " · ".join(filter(None, [pseudonym, label("case_roles", role)]))
