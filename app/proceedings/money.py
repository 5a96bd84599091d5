"""Amounts: typed with any separators, kept in the smallest unit, shown as the country writes them."""

from __future__ import annotations

import re

from babel.numbers import format_compact_decimal

from app.i18n import language

CURRENCIES = ("PEN", "USD", "EUR", "GBP", "COP", "GTQ", "HNL", "MXN", "PHP")
SIGNS = {"PEN": "S/", "USD": "US$"}
MOST = 10**15

_GROUPED = re.compile(r"^\d{1,3}(?:[.,]\d{3})+$")


def read_amount(text: str) -> int | None:
    """«50 000», «50,000.00», «50.000,5» in hundredths; None for what is no amount."""
    plain = re.sub(r"[\s\u00a0\u202f']", "", text)
    if _GROUPED.match(plain):
        return _in_limits(int(re.sub(r"[.,]", "", plain)) * 100)
    found = re.fullmatch(r"(\d[\d.,]*?)(?:[.,](\d{1,2}))?", plain)
    if found is None:
        return None
    whole = re.sub(r"[.,]", "", found[1])
    return _in_limits(int(whole) * 100 + int((found[2] or "0").ljust(2, "0")))


def _in_limits(amount: int) -> int | None:
    return amount if amount <= MOST else None


def typed(amount: int | None) -> str:
    if amount is None:
        return ""
    return str(amount // 100) + (f".{amount % 100:02}" if amount % 100 else "")


def decimal_text(amount: int | None) -> str | None:
    """As files carry it: 3500000.50, whatever the language."""
    return None if amount is None else f"{amount // 100}.{amount % 100:02}"


def short_amount(amount: int) -> str:
    """«4,7 M», «4.7M»: where there is room for a few letters only."""
    return format_compact_decimal(amount / 100, fraction_digits=1, locale=language())


def money_words(amount: int | None, currency: str | None) -> str:
    """S/ 50 000: spaces that do not break, céntimos only where there are some."""
    if amount is None:
        return ""
    whole, rest = divmod(amount, 100)
    figures = f"{whole:,}".replace(",", "\u00a0")
    if rest:
        figures += f"{'.' if language() == 'en' or currency == 'PEN' else ','}{rest:02}"
    return f"{SIGNS.get(currency or 'PEN', currency)}\u00a0{figures}"
