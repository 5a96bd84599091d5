"""What is said of a contract and of an incident beside it, as far as the reader may read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from app.analysis.drawing import stretches_of_term
from app.contracts.links import CONFIRMED, L0, L3, L4, ContractLink
from app.contracts.matches import Match
from app.contracts.models import CERTAIN, POSSIBLE, TERM_UNKNOWN, Contract
from app.i18n import uncertain_date_words
from app.proceedings.money import money_words
from app.vocabulary.queries import label


def told(match: Match | None, link: ContractLink | None) -> str:
    """What may be said of the two; empty where nothing may, and where somebody found that there is no link.

    That a unit took part, or acted for the company, is said only where a second person has confirmed it.
    """
    if link is not None and link.state == CONFIRMED:
        if link.level == L4:
            return _("acted for the company")
        if link.level == L3:
            return _("the unit named in the contract took part")
        if link.level == L0:
            return ""
    return _follows(match) if match is not None else ""


def _follows(match: Match) -> str:
    words = {
        (CERTAIN, False): _("a contract was in force at that time"),
        (CERTAIN, True): _("a contract was in force at that time and place"),
        (POSSIBLE, False): _("a contract was possibly in force at that time"),
        (POSSIBLE, True): _("a contract was possibly in force at that time and place"),
    }
    return words.get((match.follows, match.by_place)) or _("a contract is on record whose term is not known")


def shown_title(contract: Contract, in_full: bool) -> str:
    """A title is free text: who reads without identity is given whose contract it is."""
    return contract.title if in_full else _("Contract of %(company)s", company=contract.company.name)


def address_of(contract: Contract) -> str | None:
    """Its page in the register."""
    if "contracts.show" not in current_app.view_functions:
        return None
    return url_for("contracts.show", reference=contract.reference)


def term_words(spans: Iterable[Any]) -> str:
    """With all addenda: «1 Mar 2021 – 27 Feb 2023»; what is not on record is said."""
    spans = list(spans)
    found = [
        _("%(begin)s – %(end)s", begin=uncertain_date_words(begins), end=uncertain_date_words(ends))
        if ends.earliest or ends.latest
        else _("%(begin)s; end not on record", begin=uncertain_date_words(begins))
        for begins, ends in stretches_of_term(spans)
    ]
    if any(span.kind == TERM_UNKNOWN for span in spans):
        found.append(_("start not on record"))
    return "; ".join(found) or _("not on record")


def amount_words(contract: Contract) -> str:
    """«at least S/ 4 678 000 · per month»."""
    if contract.total_amount is None:
        return ""
    amount = money_words(contract.total_amount, contract.total_currency)
    if contract.total_qualifier == "AT_LEAST":
        amount = _("at least %(amount)s", amount=amount)
    elif contract.total_qualifier == "ABOUT":
        amount = _("about %(amount)s", amount=amount)
    return " · ".join([amount, label("contract_amount_bases", contract.total_basis or "UNKNOWN")])
