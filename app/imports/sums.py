"""Sums of money as the press writes them: in figures or words, from … to …, by the day, by rank; in one currency."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from flask_babel import gettext as _

from app.db import fold
from app.imports.number_words import LONGEST, span_in, tokens_of
from app.imports.problems import CellProblem
from app.proceedings.money import MOST

HOUR, DAY, MONTH, YEAR = "HOUR", "DAY", "MONTH", "YEAR"


@dataclass(frozen=True)
class Sum:
    """In the smallest unit of its currency, None where that end is open; *per* is empty for a sum paid once."""

    least: int | None
    most: int | None
    currency: str
    approximate: bool = False
    per: str = ""
    rank: str = ""
    """Of those who are paid it, in the words of the source."""


_CURRENCIES = {
    "PEN": r"\bs/\s*\.?|\b(?:nuevos\s+)?sol(?:es)?\b|\bpen\b",
    "USD": r"\bus\s*\$|\busd\b|\bdolar(?:es)?\b(?:\s+(?:americanos|estadounidenses))?|\b(?:us\s+)?dollars?\b",
    "EUR": r"€|\beuros?\b|\beur\b",
    "GBP": r"£|\bgbp\b|\blibras? esterlinas?\b|\bpounds? sterling\b",
    "GTQ": r"\bquetzal(?:es)?\b|\bgtq\b",
    "HNL": r"\blempiras?\b|\bhnl\b",
    "COP": r"\bpesos? colombianos?\b|\bcolombian pesos?\b|\bcop\b",
    "MXN": r"\bpesos? mexicanos?\b|\bmexican pesos?\b|\bmxn\b",
    "PHP": r"\bpesos? filipinos?\b|\bphilippine pesos?\b|\bphp\b",
}
_OF_WHICH_COUNTRY = re.compile(
    r"(?<!us)(?<!us )\$|\bpesos?\b(?!\s+(?:colombian|mexican|filipin))(?<!colombian pesos)(?<!mexican pesos)"
    r"(?<!philippine pesos)|\b(?:canadienses?|australianos?|canadian|australian)\b"
)
_PER = {
    HOUR: r"\b(?:por|la|per|an)\s+(?:hora|hour)\b|\bhourly\b",
    DAY: r"\bdiari[oa]s?\b|\b(?:por|al|per|a)\s+(?:dia|day)\b|\bdaily\b",
    MONTH: r"\bmensual(?:es)?\b|\b(?:por|al|per|a)\s+(?:mes|month)\b|\bmonthly\b",
    YEAR: r"\banual(?:es)?\b|\b(?:por|al|per|a)\s+(?:ano|year)\b|\byearly\b|\bannually\b",
}
_RANK = re.compile(
    r"^((?:(?:oficial(?:es)?|suboficial(?:es)?|superior(?:es)?|subalternos?|general(?:es)?|coronel(?:es)?|comandantes?|"
    r"mayor(?:es)?|capitan(?:es)?|tenientes?|alferez|tecnicos?|brigadier(?:es)?|agentes?|efectivos?|senior|junior|"
    r"officers?|colonels?|majors?|captains?|lieutenants?|sergeants?|agents?)\b\s*)+)\s*[:,–-]?\s*"
)


def read_sums(text: str, currency: str | None = None) -> tuple[Sum, ...]:
    """One sum, or one for each rank. *currency* is that of a sheet that names none. Raises CellProblem.

    «S/.4 millones 678 mil», «más de S/ 4 millones», «entre cien y ciento diez soles diarios»,
    «oficial superior 110 soles; oficial 100 soles».
    """
    if len(text) > LONGEST:
        raise CellProblem(_("is too long for a sum; write the amounts only"))
    pieces = [piece.strip() for piece in re.split(r"[;|\n]", text) if piece.strip()]
    named = {code for piece in pieces for code in _currencies_in(fold(piece))}
    if len(named) > 1:
        raise CellProblem(
            _("names two currencies (%(codes)s); write one amount, in one of them", codes=", ".join(sorted(named)))
        )
    if not named and currency:
        named = {currency}
    if not named:
        raise CellProblem(_("does not say in which currency; write S/, US$ or the name of the currency"))
    found = tuple(_sum(piece, next(iter(named))) for piece in pieces)
    ranks = [one.rank for one in found]
    if len(found) > 1 and (not all(ranks) or len(set(ranks)) < len(ranks)):
        raise CellProblem(_("holds several amounts and does not say of whom each is; write the rank before each"))
    return _all_per(found)


def _all_per(found: tuple[Sum, ...]) -> tuple[Sum, ...]:
    """«oficial 100 soles; suboficial 90 soles diarios» leaves open whether the first is by the day."""
    if len({one.per for one in found}) > 1:
        raise CellProblem(_("says of some amounts by the day or month, and not of others; say it of each"))
    return found


def _currencies_in(words: str) -> set[str]:
    found = {code for code, pattern in _CURRENCIES.items() if re.search(pattern, words)}
    if _OF_WHICH_COUNTRY.search(words):
        raise CellProblem(_("does not say of which country the money is; write S/, US$ or the code of the currency"))
    return found


def _sum(piece: str, currency: str) -> Sum:
    words = " ".join(fold(piece).split())
    rank = _RANK.match(words)
    if rank:
        words = words[rank.end() :]
    words = re.sub(_CURRENCIES[currency], " ", words)
    per = [name for name, pattern in _PER.items() if re.search(pattern, words)]
    if len(per) > 1:
        raise CellProblem(_("says two things about how often it is paid"))
    for name in per:
        words = re.sub(_PER[name], " ", words)
    # «73 millones de soles» leaves an «of» behind.
    words = re.sub(r"(?<=[a-z\d])\s+(?:de|of)\s*(?=$|\s(?:y|a|and|to)\b)", " ", words)
    span = span_in(tokens_of(words))
    found = Sum(_minor(span.least), _minor(span.most), currency, span.approximate, per[0] if per else "")
    return replace(found, rank=_as_written(piece, rank.group(1))) if rank else found


def _as_written(piece: str, rank: str) -> str:
    """The rank in the letters of the source."""
    return " ".join(piece.split()[: len(rank.split())]).rstrip(":,–- ")


def _minor(amount: Decimal | None) -> int | None:
    if amount is None:
        return None
    minor = amount * 100
    if minor != int(minor) or minor > MOST:
        raise CellProblem(_("is no amount of money that can be kept"))
    return int(minor)
