"""Amounts as people type them: figures with any separators, and a sign or code of the currency before or behind."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from wtforms import ValidationError

from app.proceedings.money import CURRENCIES, read_amount

_SIGNS = (
    ("USD", r"us\$|u\$s|\$us|\busd\b|d[oó]lares(?:\s+americanos)?\b|dollars?\b"),
    ("PEN", r"\bs/\.?|\bpen\b|\b(?:nuevos\s+)?soles\b"),
    ("EUR", r"€|\beur\b|\beuros?\b"),
    *((code, rf"\b{code.lower()}\b") for code in CURRENCIES[3:]),
)


def read_money(text: str, currency: str | None) -> tuple[int, str | None]:
    """(smallest units, currency): that of the text, or else the one that was chosen. Raises ValidationError."""
    named = _currencies_in(text)
    if len(named) > 1:
        raise ValidationError(
            _("There are two currencies in one amount. Write one here and the other in the words of the source.")
        )
    if re.match(r"^\W*[-−–]\s*\d", _without_signs(text)):
        raise ValidationError(_("An amount cannot be negative."))
    amount = read_amount(_without_signs(text))
    if amount is None:
        raise ValidationError(_("Write the amount in figures, such as 50 000 or 50,000.00."))
    if named and currency and named != {currency}:
        raise ValidationError(
            _("The amount says %(one)s and the currency %(other)s; choose one.", one=min(named), other=currency)
        )
    return amount, next(iter(named), currency)


def _currencies_in(text: str) -> set[str]:
    return {code for code, sign in _SIGNS if re.search(sign, text.lower())}


def _without_signs(text: str) -> str:
    plain = text.lower()
    for _code, sign in _SIGNS:
        plain = re.sub(sign, " ", plain)
    return plain.strip()
