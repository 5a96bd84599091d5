"""From factors to a level that is only suggested, and from a level to the day of the next review.

Weights, thresholds and intervals stand in the code lists `risk_factors` and `risk_levels` of each installation.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta

from app.vocabulary.queries import Entry, entries

THREAT, VULNERABILITY, CAPACITY = "THREAT", "VULN", "CAP"
DIMENSIONS = (THREAT, VULNERABILITY, CAPACITY)


def weight_of(factor: str) -> int:
    found = entries("risk_factors").get(factor)
    return _number(found.extra.get("weight_default") if found else None, 0)


def score_of(factors: Iterable[str]) -> int:
    """Threats and vulnerabilities add, capacities take away."""
    return sum(weight_of(factor) for factor in factors)


def level_for(score: int) -> str:
    """The highest level whose threshold the score reaches; below all of them, the lowest."""
    levels = [(least_of(entry), code) for code, entry in entries("risk_levels").items() if entry.active]
    ordered = sorted(levels)
    reached = [code for least, code in ordered if score >= least]
    return reached[-1] if reached else ordered[0][1]


def least_of(level: Entry) -> float:
    try:
        return float(level.extra.get("min_score") or 0)
    except ValueError:
        return 0.0


def factors_in(dimension: str) -> list[Entry]:
    return [entry for entry in entries("risk_factors").values() if entry.extra.get("dimension") == dimension]


def dimension_of(factor: str) -> str:
    found = entries("risk_factors").get(factor)
    return str(found.extra.get("dimension") or "") if found else ""


_EVERY = re.compile(r"(\d+) (day|week|month)s?")


def review_after(level: str | None, day: date) -> date | None:
    """The day by which the risk is to be looked at again; None where the list says nothing."""
    found = entries("risk_levels").get(level or "")
    every = _EVERY.fullmatch((found.extra.get("review_every") or "").strip()) if found else None
    if every is None:
        return None
    number, unit = int(every[1]), every[2]
    if unit == "month":
        return _months_later(day, number)
    return day + timedelta(days=number * (7 if unit == "week" else 1))


def _months_later(day: date, number: int) -> date:
    """The same day of a later month, or its last day."""
    years, month = divmod(day.month - 1 + number, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _number(text: str | None, otherwise: int) -> int:
    try:
        return round(float(text or ""))
    except ValueError:
        return otherwise
