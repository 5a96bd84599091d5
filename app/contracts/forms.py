"""What may be typed of an agreement or an addendum; pay, clauses and the like have forms of their own."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, NumberRange, Optional

from app.access import find_visible
from app.accounts.models import User
from app.accounts.teams import teams_for
from app.contracts.amounts import read_money
from app.contracts.durations import EndField
from app.contracts.models import ADDENDUM, NETWORK, RESTRICTED, TEAM, Contract
from app.contracts.sources import SourceGiven
from app.db import fold
from app.incidents.form_fields import FieldList
from app.incidents.forms import SourceForm
from app.incidents.texts import MayBeEmpty, area, line
from app.organisations.forms import LinesField
from app.organisations.models import Organisation
from app.organisations.near import organisations_like
from app.organisations.operations import record_organisation
from app.organisations.queries import organisation_named, project_named
from app.people.days import WhenField
from app.places.countries import country_choices
from app.places.queries import place_words, resolve
from app.proceedings import money
from app.vocabulary.offered import NameField, OneOrNone, Ticks, WholeNumberField, offered
from app.vocabulary.queries import choices, entries

WHEN = _l("22/10/2024, 10/2024, 2024, or two days with – between them.")
MOST_SOURCES = 100
TEXTS = (
    "title", "number", "police_unit_text", "signatories", "officers_text", "scope", "force_terms", "pay_text",
    "institution_pay_text", "total_text", "obtained_note", "notes",
)  # fmt: skip
ONE_OF = {
    "modality": "contract_modalities",
    "effect": "addendum_effects",
    "police_unit": "police_units",
    "total_basis": "contract_amount_bases",
    "total_qualifier": "amount_qualifiers",
    "count_basis": "contract_count_bases",
    "status": "contract_status",
    "conflict_at_signature": "yes_no_unknown",
    "obtained": "contract_obtained",
}
SEVERAL_OF = {"services": "contract_services", "special_units": "police_units", "logistics": "contract_logistics"}
DAYS = ("signed", "starts", "ends", "terminated")
NUMBERS = ("officers_least", "officers_most", "counts")
AMOUNTS = ("total", "institution")
SHARING = {
    RESTRICTED: _l("Restricted. Only coordination and who recorded it read it; nobody else knows of it."),
    TEAM: _l("Team. Who records in the team reads it; its analysts read it without identities."),
    NETWORK: _l("Network. As the team; the other teams of this installation read it without identities."),
}
NOT_OF_AN_ADDENDUM = (
    "team_id", "modality", "parent", "country", "counts", "count_basis", "confidentiality", "in_confidence",
)  # fmt: skip
"""What an addendum has from its agreement, or always alike."""


class ContractForm(FlaskForm):
    together = (
        ("total_amount", "total_currency"),
        ("institution_amount", "institution_currency"),
        ("officers_least", "officers_most"),
    )
    version = HiddenField()
    form_token = HiddenField()
    team_id = SelectField(_l("Team"), coerce=int)
    title = line(_l("Title"), 300, optional=False, description=_l("What it is called, without names of persons."))
    number = line(_l("Number or resolution"), 120, description=_l("Of the resolution, the letter or the agreement."))
    modality = SelectField(_l("Modality"), [DataRequired(_l("Choose a modality."))])
    parent = line(
        _l("Agreement it hangs on"),
        40,
        description=_l("The reference, only if this paper is an addendum: PER-K-7K3QX."),
    )
    effect = OneOrNone(_l("What the addendum does"), [MayBeEmpty()])
    country = OneOrNone(_l("Country"), [MayBeEmpty()])

    company = NameField(_l("Company"))
    projects = LinesField(_l("Projects"), [Optional()], description=_l("One a line: the name or the reference."))
    places = LinesField(
        _l("Area covered"), [Optional()], description=_l("One a line: district and province, or the UBIGEO code.")
    )
    police_unit = OneOrNone(_l("Police unit"), [MayBeEmpty()])
    police_unit_text = line(_l("The unit in words"), 300, description=_l("“Frente Policial Apurímac”."))
    signatories = area(_l("Signatories"), 1000, description=_l("Holders of public office only, with their post."))

    signed = WhenField(_l("Signed on"), [Optional()], description=WHEN)
    starts = WhenField(_l("Start"), [Optional()], description=WHEN)
    ends = EndField(
        _l("End"), [MayBeEmpty()], description=_l("A day as beside, or how long it runs: “2 years”, “18 months”.")
    )
    terminated = WhenField(
        _l("Ended before its term"), [Optional()], description=_l("Its last day, where it was ended or annulled.")
    )
    status = SelectField(_l("Status"), [DataRequired(_l("Choose a status."))], default="UNKNOWN")
    conflict_at_signature = OneOrNone(_l("Social conflict when it was signed"), [MayBeEmpty()])

    officers_least = WholeNumberField(_l("Officers, at least"), [Optional(), NumberRange(0, 100_000)])
    officers_most = WholeNumberField(_l("Officers, at most"), [Optional(), NumberRange(0, 100_000)])
    officers_text = line(_l("Officers, as the source says"), 500)
    special_units = Ticks(_l("Special units that may be used"), [MayBeEmpty()])
    services = Ticks(_l("Services"), [MayBeEmpty()])
    logistics = Ticks(_l("What the company provides"), [MayBeEmpty()])
    scope = area(_l("Scope of the service"))
    force_terms = area(_l("What it says on the use of force"))

    pay_text = area(
        _l("Pay to officers, as the source says"), 1000, description=_l("By rank and period it is added on its page.")
    )
    institution_amount = line(_l("Payment to the police institution"), 40, description=_l("In figures: 50 000"))
    institution_currency = OneOrNone(_l("Currency"), [MayBeEmpty()])
    institution_pay_text = line(
        _l("The same in words"), 500, description=_l("A percentage, the kind of account; never its number.")
    )
    total_amount = line(_l("Total amount"), 40, description=_l("In figures: 50 000 or 50,000.00"))
    total_currency = OneOrNone(_l("Currency of the total"), [MayBeEmpty()])
    total_basis = OneOrNone(_l("What the amount covers"), [MayBeEmpty()])
    total_qualifier = OneOrNone(_l("How exact it is"), [MayBeEmpty()])
    total_text = line(_l("The total, as the source says"), 500)
    counts = WholeNumberField(
        _l("How many papers it stands for"),
        [Optional()],
        description=_l("Only where the source counts several as one."),
    )
    count_basis = OneOrNone(_l("What is counted"), [MayBeEmpty()])

    obtained = SelectField(_l("How it was obtained"), [DataRequired(_l("Say how it was obtained."))])
    obtained_note = area(_l("About how it was obtained"), 2000)
    sources = FieldList(FormField(SourceForm), _l("Source"), min_entries=1, max_entries=MOST_SOURCES)
    confidentiality = RadioField(_l("Who reads it"), default=TEAM)
    in_confidence = BooleanField(
        _l("Given in confidence"),
        description=_l("Whoever gave it must not be known: only coordination and who recorded it read it."),
    )
    may_be_published = BooleanField(_l("It may leave in a public pack"))
    notes = area(_l("Notes"), 8000, description=_l("For who follows the contract."))

    # --- what it offers

    def offer(self, user: User, contract: Contract | None = None, parent: Contract | None = None) -> None:
        """*contract* is the one that is changed; *parent* the paper on which a new addendum hangs."""
        self.user, self.contract = user, contract
        self.above = parent or (contract.parent if contract else None)
        self.found_company: Any = None
        self.found_parent: Contract | None = None
        self.found_projects: list[Any] = []
        self.found_places: list[Any] = []
        self.amounts: dict[str, tuple[int | None, str | None]] = {}
        for name in NOT_OF_AN_ADDENDUM if self.above else ():
            if not (contract and name in ("modality", "parent")):
                del self[name]
        if contract or self.above:
            self._leave_out("team_id")
        if not (contract or self.above):
            self._leave_out("parent", "effect")
        if "team_id" in self:
            self._offer_teams(user)
        self._offer_codes(contract)
        for name in ("total_currency", "institution_currency"):
            self[name].choices = offered(((code, code) for code in money.CURRENCIES), or_none=True)
        if "country" in self:
            self.country.choices = offered(country_choices(), or_none=True)
        if "confidentiality" in self:
            self.confidentiality.choices = offered(SHARING.items())

    def _leave_out(self, *names: str) -> None:
        for name in names:
            if name in self:
                del self[name]

    def _offer_teams(self, user: User) -> None:
        teams = teams_for(user)
        self.team_id.choices = offered(teams)
        if self.team_id.data is None and teams:
            self.team_id.data = teams[0][0]

    def _offer_codes(self, contract: Contract | None) -> None:
        for name, list_name in ONE_OF.items():
            if name in self:
                pairs = choices(list_name, keep=getattr(contract, name, None))
                if name == "modality" and contract is None:
                    pairs = [pair for pair in pairs if pair[0] != ADDENDUM]
                self[name].choices = offered(pairs, or_none=name != "status")
        for name, list_name in SEVERAL_OF.items():
            kept = (getattr(contract, name, None) or []) if contract else []
            known = entries(list_name)
            pairs = _special_units() if name == "special_units" else choices(list_name)
            pairs += [(code, known[code].label) for code in kept if code in known and code not in dict(pairs)]
            self[name].choices = offered(pairs)

    # --- what is wrong

    def validate_title(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Write a title."))

    def validate_parent(self, field: StringField) -> None:
        reference = field.data.strip().upper()
        self.found_parent = find_visible(Contract, self.user, reference)
        if self.found_parent is None:
            raise ValidationError(_("No contract of this reference: %(reference)s", reference=field.data))

    def validate_effect(self, field: OneOrNone) -> None:
        if not field.data and (self.above if "parent" not in self else self.parent.data):
            raise ValidationError(_("Say what the addendum does to the agreement."))

    def validate_company(self, field: NameField) -> None:
        name = (field.data or "").strip()
        if not name:
            if self.above is None:
                raise ValidationError(_("Write which company signed it."))
            self.found_company = self.above.company
            return
        if len(name) > 200:
            raise ValidationError(_("Too long: at most %(limit)s characters.", limit=200))
        self.found_company = self._company_known(name) or self._company_meant(field, name)

    def _company_known(self, name: str) -> Organisation | None:
        stands = self.contract.company if self.contract else None
        if stands is not None and fold(name) == stands.name_folded:
            return stands
        return organisation_named(self.user, name)

    def _company_meant(self, field: NameField, name: str) -> Organisation | str:
        """What was chosen for a name that is not on record: another record, or the name itself as a new one."""
        if field.meant and field.meant != NameField.NEW and (found := organisation_named(self.user, field.meant)):
            is_enough = organisation_named(self.user, found.name) is found
            field.data = found.name if is_enough else f"{found.name} ({found.reference})"
            return found
        field.offered = [
            (row.reference, _company_words(row, called)) for row, called in organisations_like(self.user, name)
        ]
        if field.meant == NameField.NEW:
            return name
        if field.offered:
            raise ValidationError(_("“%(name)s” is not on record. Choose what you mean, or that it is new.", name=name))
        raise ValidationError(_("“%(name)s” is not on record. Correct it, or tick that it is new.", name=name))

    def validate_projects(self, field: LinesField) -> None:
        linked = {fold(project.name): project for project in (self.contract.projects if self.contract else [])}
        self.found_projects = [linked.get(fold(text)) or project_named(self.user, text) for text in field.data or []]
        missing = [text for text, row in zip(field.data or [], self.found_projects, strict=True) if row is None]
        if missing:
            raise ValidationError(_("No single project of this name: %(name)s", name=", ".join(missing)))

    def validate_places(self, field: LinesField) -> None:
        linked = {fold(place_words(place)): place for place in (self.contract.places if self.contract else [])}
        country = self._country()
        self.found_places = [linked.get(fold(text)) or resolve(text, country).place for text in field.data or []]
        missing = [text for text, row in zip(field.data or [], self.found_places, strict=True) if row is None]
        if missing:
            raise ValidationError(_("No single place of this name: %(name)s", name=", ".join(missing)))

    def _country(self) -> str:
        chosen = self.country.data if "country" in self else self.above and self.above.country
        return str(chosen or current_app.config["SETTINGS"].country)

    def validate_ends(self, field: EndField) -> None:
        field.settle(self.starts.given)

    def validate_officers_most(self, field: WholeNumberField) -> None:
        if field.data is not None and field.data < (self.officers_least.data or 0):
            raise ValidationError(_("This is less than the smaller number."))

    def validate_total_amount(self, field: StringField) -> None:
        self._read_amount("total", field)

    def validate_institution_amount(self, field: StringField) -> None:
        self._read_amount("institution", field)

    def _read_amount(self, name: str, field: StringField) -> None:
        if field.data:
            self.amounts[name] = read_money(field.data, self[f"{name}_currency"].data or None)

    def validate_sources(self, field: FieldList) -> None:
        for entry in field.entries:
            row = entry.form
            citation, url = (row.citation.data or "").strip(), (row.url.data or "").strip()
            if not citation and not url and any(row[name].data for name in ("kind", "reliability", "credibility")):
                row.citation.errors = [*row.citation.errors, _("Write what the source is, or its address.")]
            if url and not re.match(r"^https?://[^\s/]+\S*$", url):
                row.url.errors = [*row.url.errors, _("Write the whole address, beginning with https://.")]
        if any(entry.form.errors for entry in field.entries):
            raise ValidationError(_("Something is missing in a source."))

    # --- what is given

    def facts(self) -> dict[str, Any]:
        """Columns and relations by their name; a company that is new is recorded by `company_of`."""
        found: dict[str, Any] = {name: self[name].data or None for name in TEXTS}
        found |= {name: self[name].data or None for name in ONE_OF if name in self}
        found |= {name: self[name].data or None for name in SEVERAL_OF}
        found |= {name: self[name].given for name in DAYS}
        found |= {name: self[name].data for name in NUMBERS if name in self}
        for name in AMOUNTS:
            amount, currency = self.amounts.get(name, (None, None))
            found |= {f"{name}_amount": amount, f"{name}_currency": currency if amount is not None else None}
        found |= {name: self[name].data for name in ("confidentiality", "in_confidence") if name in self}
        found |= {"may_be_published": self.may_be_published.data}
        found |= {"country": self.country.data or None} if "country" in self else {}
        found |= {"projects": self._each(self.found_projects), "places": self._each(self.found_places)}
        return found | self._place_in_the_chain()

    def _place_in_the_chain(self) -> dict[str, Any]:
        if "parent" in self:
            return {"parent": self.found_parent}
        return {"parent": self.above, "modality": ADDENDUM, "country": self.above.country} if self.above else {}

    @staticmethod
    def _each(rows: list[Any]) -> list[Any]:
        return list(dict.fromkeys(rows))

    def company_of(self, team_id: int) -> Organisation:
        """The company; one of a new name is recorded first."""
        if not isinstance(self.found_company, str):
            company: Organisation = self.found_company
            return company
        facts = {"name": self.found_company, "aliases": [], "kind": "COMPANY", "country": self._country()}
        return record_organisation(self.user, team_id, facts)

    def sources_given(self) -> list[SourceGiven]:
        linked = {link.source.reference: link.source for link in (self.contract.source_links if self.contract else [])}
        found = []
        for entry in self.sources.entries:
            row = entry.form
            citation, url = (row.citation.data or "").strip(), (row.url.data or "").strip()
            if citation or url:
                facts = {name: row[name].data or None for name in ("kind", "reliability", "origin_group")}
                facts |= {"citation": citation or url, "url": url or None}
                found.append(SourceGiven(facts, row.credibility.data or None, linked.get(row.source.data or "")))
        return found


def _special_units() -> list[tuple[str, str]]:
    """Those that the pack calls special; all of them where it does not say."""
    known = entries("police_units")
    special = [pair for pair in choices("police_units") if known[pair[0]].extra.get("special") == "yes"]
    return special or choices("police_units")


def _company_words(row: Organisation, called: str) -> str:
    return row.name if fold(called) == row.name_folded else f"{row.name} · {called}"


def as_typed(contract: Contract) -> dict[str, Any]:
    """A contract as its form shows it."""
    names = ("version", *TEXTS, *ONE_OF, *SEVERAL_OF, *DAYS, *NUMBERS)
    shown: dict[str, Any] = {name: getattr(contract, name) for name in names}
    for name in ("country", "confidentiality", "in_confidence", "may_be_published"):
        shown[name] = getattr(contract, name)
    for name in AMOUNTS:
        shown[f"{name}_amount"] = money.typed(getattr(contract, f"{name}_amount"))
        shown[f"{name}_currency"] = getattr(contract, f"{name}_currency")
    own_company = contract.parent is None or contract.company is not contract.parent.company
    return shown | {
        "parent": contract.parent.reference if contract.parent else None,
        "company": contract.company.name if own_company else "",
        "projects": [project.name for project in contract.projects],
        "places": [place_words(place) for place in contract.places],
        "sources": [_source_typed(link) for link in contract.source_links],
    }


def _source_typed(link: Any) -> dict[str, Any]:
    source = link.source
    facts = {name: getattr(source, name) for name in ("citation", "url", "kind", "reliability", "origin_group")}
    return facts | {"source": source.reference, "credibility": link.credibility}


def for_addendum(number: int) -> dict[str, Any]:
    """How the form of a new addendum begins."""
    return {"title": _("Addendum %(number)s", number=number), "status": "UNKNOWN"}
