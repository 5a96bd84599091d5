"""Record people under a pseudonym; what they allow; who they are, apart and with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.audit import note_read
from app.cases.models import Case
from app.db import ReasonMissing, db
from app.people.consent import FROM_LEAST
from app.people.models import CaseRole, Consent, Person, PersonIdentity, PersonMerge
from app.people.queries import people_of_that_name

SHORTEST_REASON = 10
IDENTITY_REVEALED = "identity_revealed"
IDENTITY_LOOKED_UP = "identity_looked_up"


def record_person(user: User, team_id: int, facts: dict[str, Any]) -> Person:
    person = Person(team_id=team_id, created_by_id=user.id)
    db.session.add(person)
    edit_person(user, person, facts)
    return person


def edit_person(user: User, person: Person, facts: dict[str, Any]) -> None:
    """*facts* are columns by their name, and `aliases`."""
    facts = dict(facts)
    aliases = facts.pop("aliases", None)
    for name, value in facts.items():
        setattr(person, name, value)
    if aliases is not None:
        person.set_aliases(aliases)
    person.touch(user.id)


def set_public_figure(user: User, person: Person, open_name: str | None, source: str | None) -> None:
    """Let the name by which everybody knows the person stand for it before full readers; None takes it back.

    What leaves the house follows from consent alone, as for everybody.
    """
    person.is_public_figure = open_name is not None
    person.open_name, person.open_name_source = open_name, source
    person.touch(user.id)


def withdraw_person(user: User, person: Person, reason: str) -> None:
    """Take the person out of lists, suggestions and cases; incidents keep the pseudonym. Raises ReasonMissing."""
    person.withdraw(user.id, reason)


def restore_person(user: User, person: Person) -> None:
    person.restore(user.id)


# --- in a case -----------------------------------------------------------------------------------


def give_role(person: Person, case: Case, role: str | None) -> CaseRole:
    """Put the person into the case, or change what they are in it."""
    found = next((each for each in person.case_roles if each.case_id == case.id), None)
    if found is None:
        found = CaseRole(case_id=case.id)
        person.case_roles.append(found)
    found.role = role
    return found


def take_out(person: Person, case: Case) -> None:
    for role in [each for each in person.case_roles if each.case_id == case.id]:
        person.case_roles.remove(role)


# --- consent -------------------------------------------------------------------------------------


@dataclass
class ConsentGiven:
    """An answer of the person."""

    purpose: str
    level: str
    given_on: date
    expires_on: date | None = None
    recipient: str | None = None
    note: str | None = None


def add_consent(user: User, person: Person, given: ConsentGiven) -> Consent:
    """A further answer. Answers are never changed; what an earlier one allowed beyond this one ends with it.

    Otherwise the old permission would come back to life on the day on which this answer expires.
    """
    for earlier in person.consents:
        if _allows_more(earlier, given) and earlier.given_on <= given.given_on and earlier.holds_on(given.given_on):
            _end(earlier, given.given_on, _("A later answer allows less."))
    consent = Consent(
        purpose=given.purpose,
        level=given.level,
        given_on=given.given_on,
        expires_on=given.expires_on,
        recipient=given.recipient,
        note=given.note,
        recorded_by_id=user.id,
    )
    person.consents.append(consent)
    person.touch(user.id)
    return consent


def _allows_more(earlier: Consent, given: ConsentGiven) -> bool:
    return earlier.purpose == given.purpose and FROM_LEAST.index(earlier.level) > FROM_LEAST.index(given.level)


def withdraw_consent(user: User, consent: Consent, on: date, reason: str) -> None:
    """Take an answer back from that day on, and with it the earlier ones for the same purpose that it replaced."""
    for earlier in consent.person.consents:
        is_replaced = earlier.purpose == consent.purpose and _order(earlier) < _order(consent)
        if earlier is consent or (is_replaced and earlier.level != "C0" and earlier.holds_on(on)):
            _end(earlier, on, reason)
    consent.person.touch(user.id)


def _order(consent: Consent) -> tuple[date, int]:
    return consent.given_on, consent.id or 0


def _end(consent: Consent, on: date, reason: str) -> None:
    consent.withdrawn_on, consent.withdrawal_reason = on, reason


# --- identity ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Identity:
    """Who it is, read out of the database once: for one answer, never for a session or a log."""

    legal_name: str | None = None
    document: str | None = None
    birth_date: str | None = None
    contact: str | None = None


def reveal_identity(person: Person, identity: PersonIdentity, reason: str | None) -> Identity:
    """Who it is; the caller commits before showing it, so that nothing is seen that was not recorded.

    Raises ReasonMissing for a reason of fewer than ten characters.
    """
    note_read(db.session, IDENTITY_REVEALED, person, reason=_stated(reason))
    return Identity(identity.legal_name, identity.document, identity.birth_date, identity.contact)


def reveal_other_identity(merge: PersonMerge, identity: PersonIdentity, reason: str | None) -> Identity:
    """The same of a record that went into the person's, so that one of the two can be chosen."""
    note_read(db.session, IDENTITY_REVEALED, merge.gone, reason=_stated(reason))
    return Identity(identity.legal_name, identity.document, identity.birth_date, identity.contact)


def look_up_by_name(user: User, typed: str | None, reason: str | None) -> list[Person]:
    """Who of the people on record has that legal name. The question goes on record, the name does not.

    The caller commits before showing it. Raises ReasonMissing for a reason of fewer than ten characters.
    """
    words = _stated(reason)
    found = people_of_that_name(user, typed or "")
    note_read(db.session, IDENTITY_LOOKED_UP, reason=words, found=len(found))
    return found


def _stated(reason: str | None) -> str:
    words = (reason or "").strip()
    if len(words) < SHORTEST_REASON:
        raise ReasonMissing(_("Write in a few words why you need to know; it is recorded with your name."))
    return words


def save_identity(user: User, person: Person, known: PersonIdentity | None, identity: Identity) -> None:
    """Write down who it is. The trail says that it changed, not what it says."""
    row = known or PersonIdentity(person_id=person.id)
    for name in ("legal_name", "document", "birth_date", "contact"):
        setattr(row, name, getattr(identity, name))
    db.session.add(row)
    person.touch(user.id)
