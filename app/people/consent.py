"""What a person allows on a day, for a purpose."""

from __future__ import annotations

from datetime import date

from app.people.models import Consent, Person

ANY_PURPOSE = "ALL"


def effective_consent(person: Person, purpose: str, on: date) -> Consent | None:
    """The latest consent that holds on that day for the purpose, else the one for any purpose.

    None means that nobody has asked, which is another thing than a refusal.
    """
    holding = [consent for consent in person.consents if consent.holds_on(on)]
    for wanted in (purpose, ANY_PURPOSE):
        found = [consent for consent in holding if consent.purpose == wanted]
        if found:
            return max(found, key=lambda consent: (consent.given_on, consent.id))
    return None
