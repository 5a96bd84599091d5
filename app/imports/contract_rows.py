"""A row read as the facts of one contract or addendum. What hangs on other rows or on what is on record comes later."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _

from app.contracts.durations import Duration as Term
from app.contracts.models import ADDENDUM, EXTENDS, Contract
from app.contracts.operations import ContractProblem, check_facts
from app.dates import UncertainDate
from app.db import fold
from app.imports.columns import Columns
from app.imports.contract_fields import End, Paper
from app.imports.kinds import Settle
from app.imports.places import PlaceFinder
from app.imports.reading import Row
from app.imports.sums import Sum
from app.people.days import EARLIEST, LATEST
from app.proceedings.money import money_words

_TOTALS = frozenset({"total", "totales", "total general", "suma", "subtotal", "gran total", "sum", "grand total"})
_ADDENDUM = re.compile(r"\b(?:ad[d]?enda|addendum|amendment)\b")
_AND_ADDENDUM = re.compile(r"\b(?:y|and|with|con)\s+(?:una?|one|an)\s+(?:ad[d]?enda|addendum)\b")
_AGREEMENT = re.compile(r"\b(?:convenio|acuerdo|contrato|agreement|contract)\b")
_PERIODS = {"HOUR": "HOUR", "DAY": "DAY", "MONTH": "MONTH"}


def title(row: Row, language: str) -> str:
    return row.facts.get("title") or ""


def settler(columns: Columns, language: str) -> Settle:
    places = PlaceFinder()
    told = {bringer.field.name for bringer in columns.bringers}

    def settle(row: Row) -> None:
        if _is_a_total(row):
            row.problems[:] = [_("This row adds up other rows; it is no contract of its own.")]
            return
        _settle_paper(row)
        if "document" in told and not row.facts["document_text"]:
            _keep_days_in_words(row)
        _settle_term(row)
        _settle_money(row)
        _settle_places(row, places)
        _settle_officers(row)
        if not row.facts.get("company") and not row.problems:
            row.problems.append(_("No company is named."))
        row.facts.setdefault("title", _title(row))
        _check(row)

    return settle


def _is_a_total(row: Row) -> bool:
    return any(
        fold(str(row.facts.get(name) or "")).strip(" .:") in _TOTALS for name in ("company", "title", "external_id")
    )


def _settle_paper(row: Row) -> None:
    facts = row.facts
    paper: Paper | None = facts.pop("document", None)
    words = fold(paper.text) if paper else ""
    facts["document_text"] = paper.text if paper else None
    facts["number"] = facts.pop("agreement_number", None)
    counted = paper.counted if paper else None
    is_addendum = bool(_ADDENDUM.search(words)) and not _AGREEMENT.search(words)
    if counted and counted.total > 1:
        facts["counts"] = counted.total
        facts["count_basis"] = "AGREEMENTS_ADDENDA" if counted.agreements and counted.addenda else "AGREEMENTS"
        row.remarks.append(_("The record stands for %(number)s papers.", number=counted.total))
    elif _AND_ADDENDUM.search(words):
        facts["counts"], facts["count_basis"] = 2, "AGREEMENTS_ADDENDA"
        row.remarks.append(_("The record stands for %(number)s papers.", number=2))
    elif is_addendum or facts.get("addendum_to"):
        facts["modality"], facts["count_basis"] = ADDENDUM, ADDENDUM
    elif paper:
        facts["count_basis"] = "AGREEMENT"
    facts.setdefault("modality", "INSTITUTIONAL" if _AGREEMENT.search(words) else "UNKNOWN")


def _keep_days_in_words(row: Row) -> None:
    """The sheet says of other rows what they are, and not of this one: its days may be those of payments, and a term
    made of them would claim that something was in force."""
    facts = row.facts
    end: End | None = facts.pop("ends", None)
    days = [facts.pop(name, None) for name in ("signed", "starts")]
    words = [day.text or day.written() for day in days if day] + ([end.text] if end else [])
    if words:
        facts["notes"] = "\n".join(filter(None, [facts.get("notes"), _("Days: %(words)s", words=" – ".join(words))]))
    if facts.get("total"):
        facts["count_basis"] = "PAYMENTS"
    row.remarks.append(
        _("The row does not say what document it is about: its days are kept in the notes, not as a term.")
    )


def _settle_term(row: Row) -> None:
    facts = row.facts
    for name in ("signed", "starts"):
        facts[name] = facts.get(name) or UncertainDate()
    end: End | None = facts.pop("ends", None)
    facts["ends"] = UncertainDate()
    if end and end.day:
        facts["ends"] = end.day
    elif end and end.duration:
        facts["ends"] = _counted(end, facts["starts"] if _known(facts["starts"]) else facts["signed"])
        if not _known(facts["ends"]):
            row.remarks.append(_("“%(words)s” cannot be counted without a start: the words are kept.", words=end.text))
    if not all(_in_limits(facts[name]) for name in ("signed", "starts", "ends")):
        row.problems.append(
            _("The year must lie between %(first)s and %(last)s; please check it.", first=EARLIEST, last=LATEST)
        )
    if facts["modality"] == ADDENDUM and _known(facts["ends"]):
        facts["effect"] = EXTENDS


def _known(day: UncertainDate) -> bool:
    return bool(day.earliest or day.latest)


def _counted(end: End, starts: UncertainDate) -> UncertainDate:
    # From a day beyond all years nothing is counted: the row is refused for that day.
    if end.duration is None or not _known(starts) or not _in_limits(starts):
        return UncertainDate(text=end.text)
    found = Term(end.duration.months, 0).end_from(starts, end.text)
    return UncertainDate.between(found.earliest, None, found.text) if end.duration.at_least else found


def _in_limits(value: UncertainDate) -> bool:
    return all(EARLIEST <= day.year <= LATEST for day in (value.earliest, value.latest) if day)


def _settle_money(row: Row) -> None:
    facts = row.facts
    total: Sum | None = facts.pop("total", None)
    if total:
        is_at_least = total.most is None
        facts |= {
            "total_amount": total.least if is_at_least else total.most,
            "total_currency": total.currency,
            "total_qualifier": "ABOUT" if total.approximate else "AT_LEAST" if is_at_least else "EXACT",
        }
        facts["total_basis"] = facts.get("total_basis") or {"MONTH": "PER_MONTH", "": "TOTAL"}.get(total.per, "UNKNOWN")
        row.remarks.append(_("Amount: %(amount)s.", amount=money_words(facts["total_amount"], facts["total_currency"])))
    period = facts.pop("pay_period", None)
    facts["pay"] = [_pay(one, period) for one in facts.get("pay") or () if one.least is not None]


def _pay(one: Sum, period: str | None) -> dict[str, Any]:
    return {
        "rank": one.rank or None,
        "amount_least": one.least,
        "amount_most": one.most if one.most != one.least else None,
        "currency": one.currency,
        "period": _PERIODS.get(one.per) or period,
    }


def _settle_places(row: Row, finder: PlaceFinder) -> None:
    """A region tells where a contract lies, and is no area that it covers: only districts that are named are."""
    facts = row.facts
    facts["country"] = facts.get("country") or finder.home
    found = {}
    for text in facts.pop("places", None) or []:
        place = finder.find(text)
        if place is None:
            row.remarks.append(_("No single place is called “%(name)s”: it is kept in the notes.", name=text))
            facts["notes"] = "\n".join(filter(None, [facts.get("notes"), text]))
        else:
            found[place.id] = place.full_name
    facts["places"] = found
    if department := facts.pop("department", None):
        facts["region_text"] = department


def _settle_officers(row: Row) -> None:
    officers = row.facts.pop("officers", None)
    if officers:
        row.facts["officers_least"], row.facts["officers_most"] = officers.least, officers.most


def _title(row: Row) -> str:
    facts = row.facts
    what = facts.get("document_text") or (_("Payments reported") if facts.get("count_basis") == "PAYMENTS" else None)
    words = [what or _("Agreement"), facts.get("company"), ", ".join(facts.get("projects") or ())]
    title = " – ".join(word for word in words if word)[:200]
    return title[:1].upper() + title[1:]


def _check(row: Row) -> None:
    """What cannot be true of it, whatever is on record."""
    facts = {name: value for name, value in row.facts.items() if hasattr(Contract, name)}
    for name in ("projects", "places", "pay", "modality", "effect"):
        facts.pop(name, None)
    try:
        check_facts(Contract(), facts)
    except ContractProblem as problem:
        row.problems.append(str(problem))
