"""The persons of an incident: found by their pseudonym or recorded, and what they allow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from app.access import reads_in_full, unguarded, visible
from app.accounts.models import User
from app.cases.models import Case
from app.dates import today
from app.db import db, fold
from app.incidents.models import Act, Incident
from app.incidents.text import clean_line
from app.people.consent import ANY_PURPOSE, effective_consent
from app.people.models import CaseRole, Consent, Person, PersonIdentity

NOT_ASKED = "NOT_ASKED"
"""An answer in the form, not a level: nobody has asked the person yet, and no consent is written."""

LEVELS = ("C0", "C1", "C2", "C3", "C4")
"""From what allows nothing to what allows the name."""


@dataclass
class PersonGiven:
    """Someone as a form names them. *consent* is a level, NOT_ASKED, or None where it was left open."""

    pseudonym: str
    kind: str | None = None
    rights_defended: list[str] = field(default_factory=list)
    consent: str | None = None


def person_of(user: User, incident: Incident, given: PersonGiven, linked: Person | None, known: list[Person]) -> Person:
    """The person on record that is meant, else a new one; with what was said of them now.

    *known* are the persons of the incident so far, under whose pseudonyms nobody is recorded a second time.
    """
    person = linked or person_called(user, incident.case, given.pseudonym, known)
    if person is None:
        person = Person(
            team_id=incident.team_id,
            pseudonym=clean_line(given.pseudonym) or "",
            country=incident.country,
            created_by_id=user.id,
            updated_by_id=user.id,
        )
        db.session.add(person)
    elif not reads_in_full(user, person):
        return person  # of another team: may be linked, not written to
    _say(user, person, given)
    return person


def person_called(user: User, case: Case | None, pseudonym: str, known: list[Person]) -> Person | None:
    """Someone of that pseudonym among those known already, or in the case."""
    wanted = fold(clean_line(pseudonym))
    in_case: list[Person] = []
    if case is not None and case.id is not None:
        roles = visible(CaseRole, user).where(CaseRole.case_id == case.id).with_only_columns(CaseRole.person_id)
        acts = visible(Act, user).join(Incident).where(Incident.case_id == case.id).with_only_columns(Act.person_id)
        statement = visible(Person, user).where(Person.id.in_(roles) | Person.id.in_(acts)).order_by(Person.id)
        in_case = list(db.session.scalars(statement))
    return next((person for person in [*known, *in_case] if fold(person.pseudonym) == wanted), None)


def _say(user: User, person: Person, given: PersonGiven) -> None:
    rights = list(dict.fromkeys(given.rights_defended)) or None
    kind = given.kind or person.kind
    if (person.kind, person.rights_defended or None) != (kind, rights):
        person.kind, person.rights_defended = kind, rights
        person.touch(user.id)
    if given.consent in LEVELS:
        answer_for_any_purpose(user, person, given.consent or "")


def answer_for_any_purpose(user: User, person: Person, level: str) -> None:
    """Add what the person answered today. A lower answer ends what was allowed; a higher one stands beside it."""
    day = today()
    standing = effective_consent(person, ANY_PURPOSE, day) if person.consents else None
    if standing is not None and standing.level == level:
        return
    for earlier in person.consents:
        allows_more = earlier.purpose == ANY_PURPOSE and LEVELS.index(earlier.level) > LEVELS.index(level)
        if allows_more and earlier.holds_on(day):
            earlier.withdrawn_on = day
    person.consents.append(Consent(purpose=ANY_PURPOSE, level=level, given_on=day, recorded_by_id=user.id))


def standing_level(person: Person) -> str | None:
    """What the person allows for any purpose today; None when nobody has asked."""
    standing = effective_consent(person, ANY_PURPOSE, today())
    return standing.level if standing else None


def forget_slips(user: User, incident: Incident, dropped: list[Person]) -> None:
    """Delete persons that only a draft knew and no longer names: a pseudonym typed wrongly is nobody."""
    for person in dropped:
        recorded_with_it = person.created_at >= incident.created_at - timedelta(minutes=1)
        if person.created_by_id == user.id and recorded_with_it and not _stands_elsewhere(incident, person):
            db.session.delete(person)


def _stands_elsewhere(incident: Incident, person: Person) -> bool:
    why = "whether anything else hangs on a person that the user recorded"
    places = (
        select(Act.id).where(Act.person_id == person.id, Act.incident_id != incident.id),
        select(CaseRole.id).where(CaseRole.person_id == person.id),
        select(PersonIdentity.id).where(PersonIdentity.person_id == person.id),
    )
    return any(db.session.scalar(unguarded(place.limit(1), why)) is not None for place in places)
