"""What may be typed of a proceeding itself; its parts have forms of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from app.accounts.models import User
from app.i18n import language, uncertain_date_words
from app.incidents.models import Incident
from app.incidents.texts import MayBeEmpty, area, line
from app.organisations.queries import organisation_named
from app.people.days import WhenField
from app.proceedings import money
from app.proceedings.models import ACCOUNTABILITY, AGAINST, Proceeding
from app.vocabulary.offered import OneOrNone, Ticks, WholeNumberField, offered
from app.vocabulary.queries import choices, entries

DIRECTIONS = {
    AGAINST: _l("Against those who defend rights"),
    ACCOUNTABILITY: _l("To hold those responsible to account"),
}
BODIES = ("court", "prosecutor", "complainant")
PLAIN = (
    "direction", "kind", "title_es", "title_en", "complexity", "outcome", "sentence_text", "sentence_years",
    "sentence_months", "sentence_suspended", "criminalisation_forms", "notes",
)  # fmt: skip
CODE_LISTS = {
    "kind": "proc_kinds",
    "complexity": "proc_complexity",
    "outcome": "proc_outcomes",
    "sentence_suspended": "yes_no_unknown",
}


class ProceedingForm(FlaskForm):
    version = HiddenField()
    form_token = HiddenField()
    direction = RadioField(_l("Direction"), [InputRequired(_l("Choose a direction."))], default=AGAINST)
    kind = SelectField(_l("Kind"), [DataRequired(_l("Choose a kind."))])
    title_es = line(_l("Title in Spanish"), optional=False, description=_l("Without the names of those affected."))
    title_en = line(_l("Title in English"))
    facts = WhenField(
        _l("Date of the facts"),
        [Optional()],
        description=_l("22/10/2024, 10/2024, 2024, or two days with – between them."),
    )
    court = line(_l("Court"), 300, description=_l("One on record, or its name in words."))
    prosecutor = line(_l("Prosecutor's office"), 300)
    complainant = line(_l("Complainant"), 300, description=_l("A company, a State attorney, an authority."))
    complexity = OneOrNone(_l("Complexity"), [MayBeEmpty()], description=_l("It decides how long terms are."))
    outcome = OneOrNone(
        _l("Outcome"), [MayBeEmpty()], description=_l("Of the whole. Each accused has an outcome of their own.")
    )
    sentence_years = WholeNumberField(_l("Sentence: years"), [Optional(), NumberRange(0, 99)])
    sentence_months = WholeNumberField(_l("Sentence: months"), [Optional(), NumberRange(0, 11)])
    sentence_suspended = OneOrNone(_l("Suspended"), [MayBeEmpty()])
    sentence_text = area(_l("Sentence in words"))
    reparation = line(_l("Civil reparation"), 30, description=_l("In figures: 50 000 or 50,000.00"))
    reparation_currency = OneOrNone(_l("Currency"), [MayBeEmpty()])
    origin = Ticks(_l("Arises from"), [MayBeEmpty()], description=_l("Incidents of this case that you read in full."))
    criminalisation_forms = Ticks(_l("Forms of criminalisation"), [MayBeEmpty()])
    notes = area(_l("Notes"), 8000, description=_l("For who follows the case."))

    def offer(self, incidents: Iterable[Incident], proceeding: Proceeding | None = None) -> None:
        self.origin.choices = offered((one.reference, _origin_words(one)) for one in incidents)
        self.direction.choices = offered(DIRECTIONS.items())
        for name, list_name in CODE_LISTS.items():
            kept = getattr(proceeding, name, None)
            self[name].choices = offered(choices(list_name, keep=kept), or_none=True)
        kept_forms = (proceeding.criminalisation_forms if proceeding else None) or []
        known = entries("criminalisation_forms")
        pairs = choices("criminalisation_forms")
        pairs += [(code, known[code].label) for code in kept_forms if code in known and code not in dict(pairs)]
        self.criminalisation_forms.choices = offered(pairs)
        self.reparation_currency.choices = offered((code, code) for code in money.CURRENCIES)

    def validate_title_es(self, field: StringField) -> None:
        if not (field.data or self.title_en.data):
            raise ValidationError(_("Write a title in one of the two languages."))

    def validate_reparation(self, field: StringField) -> None:
        if field.data and money.read_amount(field.data) is None:
            raise ValidationError(_("Write the amount in figures, such as 50 000 or 50,000.00."))

    def facts_given(self, user: User) -> dict[str, Any]:
        """Columns by their name; a body that is on record is linked, any other kept in its words."""
        found: dict[str, Any] = {name: None if self[name].data in ("", []) else self[name].data for name in PLAIN}
        found["facts"] = self.facts.given
        for body in BODIES:
            text = self[body].data or None
            linked = organisation_named(user, text) if text else None
            found[body] = linked
            found[f"{body}_text"] = None if linked else text
        amount = money.read_amount(self.reparation.data) if self.reparation.data else None
        currency = self.reparation_currency.data if amount is not None else None
        return found | {"reparation_amount": amount, "reparation_currency": currency}


def _origin_words(incident: Incident) -> str:
    parts = (incident.title_in(language()), uncertain_date_words(incident.happened), incident.reference)
    return " · ".join(filter(None, parts))


def as_typed(proceeding: Proceeding, incidents: Iterable[Incident]) -> dict[str, Any]:
    """A proceeding as its form shows it; of the incidents from which it arises those that are offered."""
    shown: dict[str, Any] = {name: getattr(proceeding, name) for name in ("version", "facts", *PLAIN)}
    for body in BODIES:
        linked = getattr(proceeding, body)
        shown[body] = linked.name if linked else getattr(proceeding, f"{body}_text")
    shown["reparation"] = money.typed(proceeding.reparation_amount)
    linked = {link.incident_id for link in proceeding.incident_links}
    shown["origin"] = [one.reference for one in incidents if one.id in linked]
    return shown | {"reparation_currency": proceeding.reparation_currency or money.CURRENCIES[0]}


# --- numbers -------------------------------------------------------------------------------------

USUAL = re.compile(r"\d{5}-\d{4}-\d{1,3}-\d{4}-[A-Z]{2}-[A-Z]{2}-\d{2}")


class NumberForm(FlaskForm):
    number_type = SelectField(_l("Type of number"), [DataRequired(_l("Choose a type."))])
    number = line(_l("Number"), 120, optional=False)
    issuing_body = line(_l("Issued by"), 200)

    def offer(self) -> None:
        self.number_type.choices = offered(choices("proc_number_types"))

    def validate_number(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Write the number."))
        if not field.data.isprintable():
            raise ValidationError(_("The number holds a sign that cannot be kept; please type it anew."))

    @property
    def is_unusual(self) -> bool:
        """A court file of Peru is written like 01247-2023-0-0401-JR-PE-01; others are real too and are kept."""
        return self.number_type.data == "EXPEDIENTE" and not USUAL.fullmatch((self.number.data or "").upper())
