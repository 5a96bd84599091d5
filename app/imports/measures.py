"""How many, for how long, how many documents: as the press tells it of contracts, kept as far as it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _

from app.db import fold
from app.imports.number_words import LONGEST, number_in, span_in, tokens_of
from app.imports.problems import CellProblem, TooMuch

_PEOPLE = frozenset(
    {"agente", "agentes", "efectivo", "efectivos", "policia", "policias", "policial", "policiales", "persona",
     "personas", "miembro", "miembros", "suboficial", "suboficiales", "oficial", "oficiales", "agent", "agents",
     "officer", "officers", "police", "policeman", "policemen", "person", "persons", "people", "member", "members"}
)  # fmt: skip

MOST_PEOPLE, MOST_PAPERS, MOST_MONTHS = 100_000, 10_000, 100 * 12


@dataclass(frozen=True)
class HowMany:
    """From least to most, None where that end is open."""

    least: int | None
    most: int | None
    approximate: bool = False


def read_how_many(text: str) -> HowMany:
    """«una veintena de agentes», «15 agentes», «más de 20», «entre 10 y 15 efectivos». Raises CellProblem."""
    tokens = tokens_of(text)
    while tokens and tokens[-1] in _PEOPLE | {"."}:
        tokens.pop()
    if tokens and tokens[-1] in ("de", "of"):
        tokens.pop()
    span = span_in(tokens)
    if any(end is not None and end != int(end) for end in (span.least, span.most)):
        raise CellProblem(_("is no whole number"))
    if any(end is not None and end > MOST_PEOPLE for end in (span.least, span.most)):
        raise TooMuch(_("is more people than there can be; check the number"))
    least, most = (None if end is None else int(end) for end in (span.least, span.most))
    return HowMany(least, most, span.approximate)


# --- for how long --------------------------------------------------------------------------------

_MONTHS_IN = {
    **dict.fromkeys(("ano", "anos", "year", "years"), 12),
    **dict.fromkeys(("mes", "meses", "month", "months"), 1),
}
_BEFORE = re.compile(r"^(?:(?:por|durante|for|por un periodo de|plazo de)\s+)?(?:(?:el|un) plazo de\s+)?")
_LONGER = re.compile(r"^(?:al menos|por lo menos|como minimo|minimo|mas de|no menos de|at least|more than|over)\s+")
_SHORTER = re.compile(r"^(?:hasta|menos de|no mas de|up to|less than|at most|no more than)\b")
_RENEWABLE = re.compile(r"\s*[(,]?\s*(?:prorrogables?|renovables?|renewable|extendable)\s*\)?$")


@dataclass(frozen=True)
class Duration:
    months: int
    at_least: bool = False


def read_duration(text: str) -> Duration:
    """«dos años», «por un año», «18 meses», «un año y seis meses», «al menos tres años». Raises CellProblem."""
    if len(text) > LONGEST:
        raise _no_duration()
    words = _RENEWABLE.sub("", " ".join(fold(text).rstrip(".").split()))
    words = _BEFORE.sub("", words)
    longer = _LONGER.match(words)
    words = _BEFORE.sub("", _LONGER.sub("", words))
    if _SHORTER.match(words):
        raise CellProblem(_("says only how long it lasts at most; write the duration, such as “18 meses”"))
    if re.search(r"\b(?:dias?|days?|semanas?|weeks?)\b", words):
        raise CellProblem(_("is not told in months or years"))
    return Duration(_months(words), longer is not None)


def _months(words: str) -> int:
    if words in ("ano y medio", "a year and a half", "medio ano", "half a year"):
        return 6 if words in ("medio ano", "half a year") else 18
    half = bool(re.search(r"\banos? y medio$|\byears? and a half$", words))
    words = re.sub(r"\s(?:y medio|and a half)$", "", words) if half else words
    found = 6 if half else 0
    sizes: list[int] = []
    rest = tokens_of(words)
    while rest:
        position = next((place for place, token in enumerate(rest) if token in _MONTHS_IN), None)
        number = number_in(rest[:position]) if position else None
        if position is None or number is None or number != int(number) or number < 1:
            raise _no_duration()
        sizes.append(_MONTHS_IN[rest[position]])
        found += int(number) * sizes[-1]
        rest = rest[position + 1 :]
        if rest and rest[0] in ("y", "and", ","):
            rest = rest[1:] or ["?"]
    if sizes not in ([12], [1], [12, 1]) or (half and sizes != [12]):
        raise _no_duration()
    if found > MOST_MONTHS:
        raise TooMuch(_("is too long for a term; check the number"))
    return found


def _no_duration() -> CellProblem:
    return CellProblem(_("is no duration that can be read; write it as “dos años” or “18 meses”"))


# --- how many documents --------------------------------------------------------------------------

_AGREEMENTS = re.compile(r"(?:convenios?|acuerdos?|contratos?|agreements?|contracts?)")
_ADDENDA = re.compile(r"(?:ad[d]?endas?|addend(?:a|um|ums)|amendments?)")


@dataclass(frozen=True)
class Documents:
    """Agreements and the addenda to them."""

    agreements: int = 0
    addenda: int = 0

    @property
    def total(self) -> int:
        return self.agreements + self.addenda


def read_documents(text: str) -> Documents:
    """«cuatro convenios y 12 adendas», «11 convenios», «a contract». Raises CellProblem."""
    found: dict[str, int] = {}
    start: list[str] = []
    for token in tokens_of(text):
        name = "agreements" if _AGREEMENTS.fullmatch(token) else "addenda" if _ADDENDA.fullmatch(token) else None
        if name is None:
            start.append(token)
            continue
        number = number_in(start[1:] if found and start[:1] in (["y"], ["and"], [","]) else start)
        if number is None or number != int(number) or name in found:
            raise _no_documents()
        found[name], start = int(number), []
    if not found or start:
        raise _no_documents()
    if sum(found.values()) > MOST_PAPERS:
        raise TooMuch(_("counts more papers than there can be; check the number"))
    return Documents(**found)


def _no_documents() -> CellProblem:
    return CellProblem(_("does not say how many; write it as “cuatro convenios y 12 adendas”"))
