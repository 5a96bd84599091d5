"""How a contract reads: its term, whether it was in force on a day and how surely, amounts and numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.contracts.in_force import Verdict
from app.contracts.models import CERTAIN, POSSIBLE, TERM_UNKNOWN, Contract, ContractPay, ContractReview
from app.contracts.terms import LAST_DAY
from app.contracts.workflow import DONE
from app.dates import UncertainDate
from app.db import fold
from app.i18n import count_range, date_words, uncertain_date_words
from app.places.models import Place
from app.proceedings.money import money_words
from app.vocabulary.queries import Entry, label, labels


def shown_day(value: UncertainDate, in_full: bool) -> str:
    """The day as far as it is known; the words of the source are for full readers."""
    return uncertain_date_words(value if in_full else replace(value, text=None))


def is_known(value: UncertainDate) -> bool:
    return bool(value.earliest or value.latest)


def term_words(contract: Contract, in_full: bool) -> str:
    """What the paper itself says: «feb 2021 – 27 feb 2023»."""
    starts = contract.starts if is_known(contract.starts) else contract.signed
    first, last = shown_day(starts, in_full), shown_day(contract.ends, in_full)
    if is_known(starts) and is_known(contract.ends):
        return f"{first} – {last}"
    if is_known(starts):
        return _("from %(day)s; end not on record", day=first)
    if is_known(contract.ends):
        return _("until %(day)s; start not on record", day=last)
    return _("not on record")


def with_addenda_words(contract: Contract, spans: Iterable[Any]) -> str:
    """How far the term reaches with the addenda, where that is further than the paper itself says."""
    last = max((span.to_day for span in spans if span.kind != TERM_UNKNOWN), default=None)
    own = contract.ends.latest
    if last is None or own is None or last == LAST_DAY or last <= own:
        return ""
    return _("with addenda until %(day)s", day=date_words(last))


def verdict_tag(kind: str | None) -> str:
    return {
        CERTAIN: _("In force"),
        POSSIBLE: _("Possibly in force"),
        TERM_UNKNOWN: _("Not known whether in force"),
    }.get(kind or "", _("Not in force"))


_SAYS_THE_SAME = {"IN_FORCE": CERTAIN, "EXPIRED": None}


def source_status(contract: Contract, kind: str | None) -> str:
    """What the source says of it, where that adds something to what follows from its days."""
    status = contract.status
    if status == "UNKNOWN" or (status == "REPORTED" and contract.has_document):
        return ""
    if status in _SAYS_THE_SAME and _SAYS_THE_SAME[status] == kind:
        return ""
    name = label("contract_status", status)
    return _("According to the source: %(words)s", words=name[:1].lower() + name[1:])


VERDICT_ICONS = {CERTAIN: "check2", POSSIBLE: "circle-half", TERM_UNKNOWN: "question-circle"}


def unreviewed_words(number: int) -> str:
    return ngettext("rests on %(num)s addendum not reviewed yet", "rests on %(num)s addenda not reviewed yet", number)


def verdict_words(verdict: Verdict, day: date) -> str:
    """One calm sentence or two, which claim no more than is on record."""
    on = date_words(day)
    if verdict.kind is None:
        return _("Not in force on %(day)s, as far as is on record.", day=on)
    if verdict.kind == TERM_UNKNOWN:
        return _("Whether it was in force on %(day)s is not known: no beginning is on record.", day=on)
    if verdict.kind == CERTAIN:
        stretch = {"day": on, "first": date_words(verdict.since), "last": date_words(verdict.until)}
        return _("In force on %(day)s: for certain from %(first)s to %(last)s.", **stretch)
    return " ".join([_("Possibly in force on %(day)s.", day=on), _why_only_possibly(verdict)])


def _why_only_possibly(verdict: Verdict) -> str:
    if verdict.began is not None:
        first, last = verdict.began
        if first is None:
            return _("It began by %(last)s; since when is not on record.", last=date_words(last))
        return _("It began between %(first)s and %(last)s.", first=date_words(first), last=date_words(last))
    if verdict.ended is not None:
        first, last = verdict.ended
        if last is None:
            return _("It held for certain until %(first)s; no end is on record.", first=date_words(first))
        return _("It ended between %(first)s and %(last)s.", first=date_words(first), last=date_words(last))
    first, last = verdict.since, verdict.until
    if first and last:
        return _(
            "It may have held at any time from %(first)s to %(last)s.", first=date_words(first), last=date_words(last)
        )
    if first:
        return _("It may have held since %(first)s; no end is on record.", first=date_words(first))
    return _("It may have held until %(last)s; since when is not on record.", last=date_words(last))


# --- terms ---------------------------------------------------------------------------------------


def officers_words(contract: Contract, in_full: bool) -> str:
    number = ""
    if contract.officers_least is not None or contract.officers_most is not None:
        number = count_range(contract.officers_least, contract.officers_most)
    return _with_source_words(number, contract.officers_text, in_full)


def _with_source_words(words: str, text: str | None, in_full: bool) -> str:
    """With the words of the source behind, in quotes, for full readers."""
    quoted = _("“%(words)s”", words=text) if text and in_full else ""
    return " · ".join(filter(None, [words, quoted]))


def total_words(contract: Contract, in_full: bool = False) -> str:
    amount = money_words(contract.total_amount, contract.total_currency)
    if amount:
        qualifier = contract.total_qualifier
        amount = {
            "AT_LEAST": _("at least %(amount)s", amount=amount),
            "ABOUT": _("about %(amount)s", amount=amount),
        }.get(qualifier or "", amount)
        if contract.total_basis not in (None, "UNKNOWN"):
            basis = label("contract_amount_bases", contract.total_basis)
            amount = _("%(amount)s, %(basis)s", amount=amount, basis=basis[:1].lower() + basis[1:])
    return _with_source_words(amount, contract.total_text, in_full)


def institution_words(contract: Contract, in_full: bool) -> str:
    amount = money_words(contract.institution_amount, contract.institution_currency)
    return _with_source_words(amount, contract.institution_pay_text, in_full)


def pay_amount_words(pay: ContractPay) -> str:
    least = money_words(pay.amount_least, pay.currency)
    if pay.amount_most in (None, pay.amount_least):
        return least
    return _("%(least)s to %(most)s", least=least, most=money_words(pay.amount_most, pay.currency))


def pay_words(pay: ContractPay, in_full: bool) -> str:
    """«Suboficial: S/ 100 a S/ 120 por día»."""
    least = pay_amount_words(pay)
    period = label("contract_pay_periods", pay.period).lower()
    words = _("%(amount)s for each %(period)s", amount=least, period=period) if period else least
    return f"{pay.rank}: {words}" if in_full and pay.rank else words


def all_pay_words(contract: Contract, in_full: bool) -> str:
    rows = "; ".join(pay_words(pay, in_full) for pay in contract.pay)
    return _with_source_words(rows, contract.pay_text, in_full)


def unit_words(contract: Contract, in_full: bool) -> str:
    text = contract.police_unit_text if in_full else None
    name = label("police_units", contract.police_unit)
    if text and fold(name) in fold(text):
        return text
    return " · ".join(filter(None, [name, text]))


def places_read(contract: Contract, in_full: bool) -> list[Place]:
    """The places that it covers; who reads without identity reads in which departments they lie, each once."""
    return list(dict.fromkeys(place if in_full else place.admin1 for place in contract.places))


def places_words(contract: Contract, in_full: bool) -> str:
    return "; ".join(place.full_name for place in places_read(contract, in_full))


def codes_words(list_name: str, codes: list[str] | None) -> str:
    return labels(list_name, codes or [])


def counts_words(contract: Contract) -> str:
    if contract.counts is None:
        return label("contract_count_bases", contract.count_basis)
    number = ngettext("%(num)s paper", "%(num)s papers", contract.counts)
    basis = label("contract_count_bases", contract.count_basis)
    return f"{number} · {basis}" if basis else number


# --- norms and review ----------------------------------------------------------------------------


def norm_status(norm: Entry) -> str:
    """Whether a norm is in force, as the pack says; what rests on general knowledge says so."""
    code = str(norm.extra.get("status") or "")
    plain = code.removesuffix("(G)").strip()
    words = {"repealed": _("repealed"), "in force": _("in force"), "binding": _("binding")}.get(plain)
    if words is None:
        return _("status not on record")
    return _("%(status)s, to be verified", status=words) if code.endswith("(G)") else words


def review_words(step: ContractReview) -> str:
    done = str(DONE[step.move]) if step.move in DONE else _("A key fact was changed; the review is open again.")
    return f"{step.by.name} · {done.rstrip('.')}" if step.by else done.rstrip(".")
