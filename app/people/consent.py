"""What a person allows: of many dated answers, the one that counts for a purpose on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_

from app.people.models import Consent, Person

ANY_PURPOSE = "ALL"
REFUSED = "C0"

FROM_LEAST = ("C0", "C1", None, "C2", "C3", "C4")
"""From what allows least to what allows most. Not asked (None) stands above a refusal: totals may count it."""


def effective_consent(person: Person, purpose: str, on: date) -> Consent | None:
    """The latest answer that holds on that day for the purpose, else for any purpose; None is «not asked yet».

    Who refuses everything takes back what was allowed for one purpose before. Of two answers given on one day the
    one recorded later counts.
    """
    found: Consent | None = answer_for(purpose, [consent for consent in person.consents if consent.holds_on(on)])
    return found


def answer_for(purpose: str, holding: Iterable[Any]) -> Any:
    """The same among the answers of one person that hold: consents, or rows with their columns."""
    holding = list(holding)
    own = max((consent for consent in holding if consent.purpose == purpose), key=_when, default=None)
    general = max((consent for consent in holding if consent.purpose == ANY_PURPOSE), key=_when, default=None)
    if own and general and general.level == REFUSED and _when(general) > _when(own):
        return general
    return own or general


def holding_on(day: date) -> ColumnElement[bool]:
    """`Consent.holds_on`, asked of the database."""
    return (
        (Consent.given_on <= day)
        & or_(Consent.withdrawn_on.is_(None), Consent.withdrawn_on > day)
        & or_(Consent.expires_on.is_(None), Consent.expires_on >= day)
    )


def least_of(holding: Iterable[Any]) -> str | None:
    """What allows least, whatever the purpose; None is «not asked», as it is for all that nobody has asked about."""
    holding = list(holding)
    general = answer_for(ANY_PURPOSE, holding)
    levels = [answer_for(purpose, holding).level for purpose in {answer.purpose for answer in holding}]
    return min([*levels, general.level if general else None], key=FROM_LEAST.index)


def effective_level(person: Person, purpose: str, on: date) -> str | None:
    """C0 to C4; None where nobody has asked."""
    found = effective_consent(person, purpose, on)
    return found.level if found else None


def weakest_consent(persons: Iterable[Person], purpose: str, on: date) -> str | None:
    """Of several persons the level that allows least. None for «not asked», and where there are no persons."""
    levels = [effective_level(person, purpose, on) for person in persons]
    return min(levels, key=FROM_LEAST.index) if levels else None


def _when(consent: Any) -> tuple[date, int]:
    return consent.given_on, consent.id or 0
