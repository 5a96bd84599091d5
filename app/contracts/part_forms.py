"""What may be typed of the parts of a contract: pay, clauses, legal bases, the Tribunal's test, court challenges."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Optional

from app.contracts.amounts import read_money
from app.contracts.models import Contract, ContractClause, ContractPay
from app.i18n import language
from app.incidents.forms import NARRATIVE_LANGUAGES
from app.incidents.texts import MayBeEmpty, area, line
from app.people.days import Day
from app.proceedings import money
from app.vocabulary.offered import OneOrNone, offered
from app.vocabulary.queries import choices, entries, entry

Layout = tuple[tuple[str, str], ...]


class PartForm(FlaskForm):
    """A form of a part. *layout* says in which order and how wide its fields stand."""

    layout: ClassVar[Layout] = ()
    form_token = HiddenField()


class PayForm(PartForm):
    layout = (("rank", "c6"), ("period", "c6"), ("amount", "c4"), ("amount_most", "c4"), ("currency", "c4"))
    together = (("amount", "amount_most", "currency"),)

    version = HiddenField()
    rank = line(_l("Rank"), 120, description=_l("As the source says; empty for all of them."))
    period = OneOrNone(_l("For each"), [MayBeEmpty()])
    amount = line(_l("Amount"), 40, optional=False, description=_l("In figures: 120 or 120.50"))
    amount_most = line(_l("Up to"), 40, description=_l("Only where the source gives two amounts."))
    currency = OneOrNone(_l("Currency"), [MayBeEmpty()])

    def offer(self, row: ContractPay | None = None) -> None:
        self.found: dict[str, tuple[int, str | None]] = {}
        self.period.choices = offered(choices("contract_pay_periods", keep=row.period if row else None), or_none=True)
        self.currency.choices = offered(((code, code) for code in money.CURRENCIES), or_none=True)

    def validate_amount(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Write the amount."))
        self.found["least"] = read_money(field.data, self.currency.data or None)
        if self.found["least"][1] is None:
            raise ValidationError(_("Say in which currency the amount is."))
        if not self.found["least"][0] and not (self.amount_most.data or "").strip("0., "):
            raise ValidationError(_("Pay of 0 is no pay. Leave the line out, or say it in words."))

    def validate_amount_most(self, field: StringField) -> None:
        least, currency = self.found.get("least", (0, self.currency.data or None))
        self.found["most"] = read_money(field.data or "", currency)
        if self.found["most"][0] < least:
            raise ValidationError(_("The most is less than the least."))

    def given(self) -> dict[str, Any]:
        least, currency = self.found["least"]
        return {
            "rank": self.rank.data or None,
            "period": self.period.data or None,
            "amount_least": least,
            "amount_most": self.found["most"][0] if "most" in self.found else None,
            "currency": currency,
        }

    @staticmethod
    def as_typed(row: ContractPay) -> dict[str, Any]:
        shown = {name: getattr(row, name) for name in ("version", "rank", "period", "currency")}
        return shown | {"amount": money.typed(row.amount_least), "amount_most": money.typed(row.amount_most)}


class ClauseForm(PartForm):
    layout = (
        ("clause", "c8"), ("page", "c4"), ("quote", "c12"), ("language", "c4"), ("translation", "c12"), ("why", "c12"),
    )  # fmt: skip

    version = HiddenField()
    clause = SelectField(_l("Clause"), [DataRequired(_l("Choose a clause."))])
    page = line(_l("Page"), 40)
    quote = area(_l("Its words"), 8000, description=_l("Exactly as the paper says, in its own language."))
    language = OneOrNone(_l("Language"), [MayBeEmpty()])
    translation = area(_l("Translation"), 8000)
    why = area(_l("Why it matters"), 2000, description=_l("Left empty, the words of the code list are taken."))

    def offer(self, row: ContractClause | None = None) -> None:
        self.clause.choices = offered(choices("contract_clauses", keep=row.clause if row else None), or_none=True)
        self.language.choices = offered(NARRATIVE_LANGUAGES, or_none=True)

    def given(self) -> dict[str, Any]:
        found = {name: self[name].data or None for name, _width in self.layout}
        return found | {"why": found["why"] or why_it_matters(self.clause.data)}

    @staticmethod
    def as_typed(row: ContractClause) -> dict[str, Any]:
        names = ("version", "clause", "page", "quote", "language", "translation", "why")
        return {name: getattr(row, name) for name in names}


def why_it_matters(clause: str | None) -> str | None:
    """What the code list says of it, in the language of the page."""
    known = entry("contract_clauses", clause)
    if known is None:
        return None
    found = (known.extra.get("why_it_matters_es") if language() == "es" else None) or known.extra.get("why_it_matters")
    return str(found) if found else None


class LegalBasisForm(PartForm):
    layout = (("norm", "c12"), ("checked_on", "c4"), ("note", "c8"))

    norm = SelectField(_l("Norm"), [DataRequired(_l("Choose a norm."))])
    checked_on = Day(_l("Checked on"), [Optional()], description=_l("When somebody looked whether it is in force."))
    note = line(_l("Note"), 1000)

    def offer(self) -> None:
        known = [one for one in entries("legal_bases_contracts").values() if one.active and one.selectable]
        self.norm.choices = offered(
            ((one.code, f"{one.extra.get('norm') or one.code} · {one.label}") for one in known), or_none=True
        )


class PointForm(FlaskForm):
    """One point of the test. No answer takes an answer back."""

    answer = OneOrNone(_l("Answer"), [MayBeEmpty()])
    note = area(_l("How it is known"), 2000)

    def offer(self) -> None:
        self.answer.choices = offered(choices("yes_no_unknown"), or_none=True)

    def validate_note(self, field: StringField) -> None:
        if field.data and not self.answer.data:
            raise ValidationError(_("Choose an answer too, or empty the note."))


class ChallengeForm(PartForm):
    layout = (("proceeding", "c6"),)

    proceeding = line(
        _l("Reference of the proceeding"), 40, optional=False, description=_l("As on its page: PER-P-7K3QX.")
    )


def linked_already(contract: Contract, row: Any) -> bool:
    return any(link.proceeding_id == row.id for link in contract.challenge_links)
