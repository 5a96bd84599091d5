"""Numbers as reports write them, in figures and words, Spanish and English: «73 millones 500 mil», «una veintena».

A table of our own: the libraries that read number words know neither «una veintena» nor «S/.4 millones 678 mil», and
what they do not know they pass over. Here whatever is not understood is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from app.db import fold
from app.imports.problems import CellProblem

_ONES = {
    "cero": 0, "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
    "ocho": 8, "nueve": 9, "zero": 0, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
_TEENS = {
    "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veintiun": 21, "veintiuno": 21, "veintiuna": 21, "veintidos": 22,
    "veintitres": 23, "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28,
    "veintinueve": 29, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
    "noventa": 90, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_HUNDREDS = {
    "cien": 100, "ciento": 100,
    **{f"{stem}cient{end}": value for stem, value in (("dos", 200), ("tres", 300), ("cuatro", 400), ("seis", 600),
                                                       ("ocho", 800)) for end in ("os", "as")},
    **{f"{stem}ient{end}": value for stem, value in (("quin", 500),) for end in ("os", "as")},
    **{f"{stem}cient{end}": value for stem, value in (("sete", 700), ("nove", 900)) for end in ("os", "as")},
}  # fmt: skip
_SCALES = {"mil": 1_000, "thousand": 1_000, "millon": 10**6, "millones": 10**6, "million": 10**6, "millions": 10**6}
_ABOUT_SO_MANY = {
    "par": 2, "decena": 10, "docena": 12, "quincena": 15, "veintena": 20, "treintena": 30, "cuarentena": 40,
    "cincuentena": 50, "centenar": 100, "centena": 100, "dozen": 12, "hundred": 100,
}  # fmt: skip
_JOINS = frozenset({"y", "and"})

_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d{1,2})?")
_WITH_DECIMALS = re.compile(r"\d+(?:[.,]\d{1,2})?")
_TOKENS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d]+|[^\w\s]")
_SPACES_IN_FIGURES = re.compile(r"(?<!\d)(\d{1,3})((?:[\s\u00a0\u202f]\d{3})+)(?!\d)")


@dataclass(frozen=True)
class Span:
    """A number as a source has it: from least to most, None where that end is open."""

    least: Decimal | None
    most: Decimal | None
    approximate: bool = False


LONGEST = 200
"""A longer text is an essay and no number; trying all its readings would take long."""


def tokens_of(text: str) -> list[str]:
    """Words, figures and signs, folded; «50 000» is one."""
    if len(text) > LONGEST:
        raise _no_number()
    joined = _SPACES_IN_FIGURES.sub(lambda found: found[1] + re.sub(r"\s", "", found[2]), fold(text))
    return _TOKENS.findall(joined)


def number_in(tokens: list[str]) -> Decimal | None:
    """The number that all of the tokens make, or None where they make none. Raises CellProblem where they make two."""
    reading = _Reading()
    for position, token in enumerate(tokens):
        joins = (
            token in _JOINS and reading.started and position + 1 < len(tokens) and tokens[position + 1] not in _JOINS
        )
        if not (joins or _is_hyphen(tokens, position) or reading.takes(token, _scale_after(tokens, position))):
            return None
    return reading.whole + reading.part if reading.started else None


class _Reading:
    """A number while it is read: what stands before the last «mil» or «millones», and what is counted since."""

    def __init__(self) -> None:
        self.whole, self.part = Decimal(0), Decimal(0)
        self.started = self.in_figures = False
        self.last_scale = 10**9

    def takes(self, token: str, scale_after: int) -> bool:
        """False where the token has no place here."""
        if token in _SCALES:
            taken = self._scale(_SCALES[token])
        elif token == "hundred" and 0 < self.part < 10 and not self.in_figures:  # noqa: S105
            self.part *= 100
            taken = True
        elif _FIGURES.fullmatch(token):
            taken = not (self.part or self.in_figures)
            self.part, self.in_figures = _figures(token, before_millions=scale_after == 10**6), True
        else:
            value = None if self.in_figures else _word(token, self.part)
            self.part += value or 0
            taken = value is not None
        self.started = self.started or taken
        return taken

    def _scale(self, scale: int) -> bool:
        if scale == 10**6 and self.last_scale == 1_000 and not self.part:
            self.whole *= scale  # «dos mil millones»
        elif scale < self.last_scale:
            self.whole += (self.part if self.part else Decimal(1)) * scale
        else:
            return False
        self.part, self.in_figures, self.last_scale = Decimal(0), False, scale
        return True


def _is_hyphen(tokens: list[str], position: int) -> bool:
    """Of «twenty-five»."""
    return 0 < position < len(tokens) - 1 and tokens[position - 1] in _TENS and tokens[position + 1] in _ONES


def _scale_after(tokens: list[str], position: int) -> int:
    return _SCALES.get(tokens[position + 1], 0) if position + 1 < len(tokens) else 0


def _word(token: str, part: Decimal) -> int | None:
    """A word adds to what stands before it only where there is room: «treinta cinco», never «treinta veinte»."""
    if token in _HUNDREDS:
        return _HUNDREDS[token] if part == 0 else None
    if token in _TENS or token in _TEENS:
        return (_TENS | _TEENS)[token] if part % 100 == 0 else None
    if token in _ONES:
        return _ONES[token] if part % 10 == 0 and part % 100 != 10 else None
    return None


def _figures(text: str, *, before_millions: bool) -> Decimal:
    """4678, 4,678, 3,5 and 18.49. Raises CellProblem for «3,500 millones», which may be two numbers."""
    if _GROUPED.fullmatch(text):
        if before_millions:
            raise CellProblem(_("may be two numbers: write out all figures, or one decimal before the millions"))
        whole, _sign, rest = text, "", ""
        if re.search(r"[.,]\d{1,2}$", text):
            whole, rest = re.split(r"[.,](?=\d{1,2}$)", text)
        return Decimal(re.sub(r"[.,]", "", whole) + (f".{rest}" if rest else ""))
    if _WITH_DECIMALS.fullmatch(text):
        return Decimal(text.replace(",", "."))
    raise CellProblem(_("holds figures that cannot be read; write 4678 or 4,678"))


# --- from … to …, about, more than ---------------------------------------------------------------

_AT_LEAST = (
    "mas de", "al menos", "por lo menos", "como minimo", "minimo", "no menos de", "more than", "over", "at least",
    "no fewer than", "not less than", "a minimum of", "superior a",
)  # fmt: skip
_AT_MOST = (
    "hasta", "menos de", "no mas de", "a lo mas", "como maximo", "maximo", "up to", "fewer than", "less than",
    "no more than", "at most", "a maximum of",
)  # fmt: skip
_ABOUT = (
    "unos", "unas", "cerca de", "alrededor de", "aproximadamente", "aprox", "casi", "en torno a", "about", "around",
    "some", "approximately", "nearly", "almost", "roughly",
)  # fmt: skip
_BETWEEN = ("entre", "between", "de", "desde", "from")
_AND, _TO = frozenset({"y", "e", "and"}), frozenset({"a", "to", "hasta", "-", "–"})


def span_in(tokens: list[str]) -> Span:
    """Raises CellProblem where the tokens are no number, or may be several."""
    tokens = [token for token in tokens if token != "."]  # noqa: S105
    if rest := _after(tokens, _AT_LEAST):
        return Span(_sure(rest), None)
    if rest := _after(tokens, _AT_MOST):
        return Span(None, _sure(rest))
    if rest := _after(tokens, _ABOUT):
        number = _sure(rest)
        return Span(number, number, approximate=True)
    if (many := _about_so_many(tokens)) is not None:
        return Span(many, many, approximate=True)
    if (one := _alone(tokens)) is not None:
        return Span(one, one)
    if rest := _after(tokens, _BETWEEN):
        return _from_to(rest, _AND | _TO)
    # «10 y 15» without «entre» are two numbers.
    return _from_to(tokens, _TO)


def _after(tokens: list[str], beginnings: tuple[str, ...]) -> list[str]:
    for beginning in beginnings:
        words = beginning.split()
        if tokens[: len(words)] == words and len(tokens) > len(words):
            return tokens[len(words) :]
    return []


def _alone(tokens: list[str]) -> Decimal | None:
    # «a» and «an» are articles; alone they count nothing.
    return None if tokens in (["a"], ["an"]) else number_in(tokens)


def _sure(tokens: list[str]) -> Decimal:
    number = _about_so_many(tokens)
    number = _alone(tokens) if number is None else number
    if number is None:
        raise _no_number()
    return number


def _about_so_many(tokens: list[str]) -> Decimal | None:
    """«una veintena», «dos docenas», «a dozen»: never «decenas», which says no number."""
    if len(tokens) < 2:
        return None
    word = tokens[-1] if tokens[-1] in _ABOUT_SO_MANY else tokens[-1].removesuffix("es").removesuffix("s")
    times = number_in(tokens[:-1])
    if times is None or word not in _ABOUT_SO_MANY or (word == "hundred" and tokens[0] not in ("a", "an")):
        return None
    return times * _ABOUT_SO_MANY[word]


def _from_to(tokens: list[str], between: frozenset[str]) -> Span:
    readings = []
    for position, token in enumerate(tokens):
        if token in between and 0 < position < len(tokens) - 1:
            first, last = _alone(tokens[:position]), _alone(tokens[position + 1 :])
            if first is not None and last is not None:
                _same_scale(tokens[:position], tokens[position + 1 :])
                readings.append((first, last))
    if len(readings) != 1:
        raise _no_number()
    first, last = readings[0]
    if last < first:
        raise CellProblem(_("ends with a smaller number than it begins with"))
    return Span(first, last)


def _same_scale(first: list[str], last: list[str]) -> None:
    """«entre 3 y 4 millones»: whether the first are millions too is not said."""
    if any(token in _SCALES for token in last) and not any(token in _SCALES for token in first):
        raise CellProblem(_("may be two numbers: write “mil” or “millones” with both"))


def _no_number() -> CellProblem:
    return CellProblem(_("is no number that can be read; write figures, such as 15, 10-15 or “más de 20”"))
