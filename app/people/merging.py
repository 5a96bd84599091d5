"""Two records of one person become one, with what the person allows and who it is; and apart again, as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.access import unguarded
from app.accounts.models import User
from app.audit import note_read
from app.dates import today
from app.db import db, fold
from app.merging import WHY, CannotMerge, Changes, across_teams, check_two, checked_reason, latest_merge, take_back
from app.people.consent import ANY_PURPOSE, FROM_LEAST, effective_consent
from app.people.facts import FACTS
from app.people.keys import keys_to_a_person
from app.people.models import Person, PersonAlias, PersonIdentity, PersonMerge
from app.side_by_side import GONE
from app.vocabulary.queries import entries

MERGED, UNMERGED = "people_merged", "people_unmerged"


def merge_people(user: User, kept: Person, gone: Person, choices: Mapping[str, str], reason: str) -> PersonMerge:
    """*choices*: name of a fact → KEPT, GONE or BOTH. Raises CannotMerge or ReasonMissing; changes nothing then."""
    check_two(kept, gone)
    if kept.team_id != gone.team_id:
        raise across_teams()
    words = checked_reason(reason, _("Write in a few words how you know that they are one person; it is recorded."))
    limits = _strictest(kept, gone)
    changes = Changes()
    changes.move(keys_to_a_person(), kept, gone)
    changes.choose(FACTS, kept, gone, choices)
    changes.withdraw(gone, user.id, _("Recorded twice: it went into %(kept)s.", kept=kept.reference))
    changes.settle(kept, gone)
    _hold_to(changes, kept, limits)
    _keep_the_pseudonym(changes, kept, gone)
    for person in (kept, gone):
        person.touch(user.id)
    merge = PersonMerge(kept_id=kept.id, gone_id=gone.id, reason=words, merged_by_id=user.id, changes=changes.written)
    db.session.add(merge)
    db.session.flush()
    note_read(db.session, MERGED, kept, reason=words, other=gone.reference)
    return merge


# --- names ---------------------------------------------------------------------------------------


def _keep_the_pseudonym(changes: Changes, kept: Person, gone: Person) -> None:
    """Whoever looks for the pseudonym that was not chosen finds the record: it is a further name now."""
    replaced = [row[3] for row in changes.written if row[:3] == ["person", kept.id, "pseudonym"]]
    known = {fold(kept.pseudonym), *(alias.name_folded for alias in kept.aliases)}
    for name in (gone.pseudonym, *replaced):
        if fold(name) not in known:
            alias = PersonAlias(name=name, name_folded=fold(name))
            kept.aliases.append(alias)
            changes.made(alias)
            known.add(alias.name_folded)


# --- what the person allows ----------------------------------------------------------------------


def _strictest(kept: Person, gone: Person) -> dict[str, str]:
    """Purpose → the level that allows least, where both have answered."""
    day, found = today(), {}
    for purpose in dict.fromkeys([ANY_PURPOSE, *entries("consent_purposes")]):
        answers = [effective_consent(person, purpose, day) for person in (kept, gone)]
        levels = [answer.level for answer in answers if answer is not None]
        if len(levels) == 2:
            found[purpose] = min(levels, key=FROM_LEAST.index)
    return found


def _hold_to(changes: Changes, kept: Person, limits: Mapping[str, str]) -> None:
    """End what allows more than the stricter of the two answers did."""
    day = today()
    for consent in kept.consents:
        limit = limits.get(consent.purpose)
        if limit is not None and consent.holds_on(day) and FROM_LEAST.index(consent.level) > FROM_LEAST.index(limit):
            changes.set(consent, "withdrawn_on", day)
            reason = _("Two records of this person were brought together: the stricter answer holds.")
            changes.set(consent, "withdrawal_reason", reason)


# --- who it is -----------------------------------------------------------------------------------


def choose_identity(merge: PersonMerge, choice: str) -> None:
    """Of two identities the one that is right; the other stays with the record that went, and nothing is lost.

    Raises CannotMerge where the two are two again: each has its own identity then.
    """
    if merge.undone_at is not None:
        raise CannotMerge(_("This was taken back already."))
    if (choice == GONE) != (merge.identity_chosen == GONE):
        _swap_identities(merge)
    merge.identity_chosen = choice


def _swap_identities(merge: PersonMerge) -> None:
    ours, theirs = (_identity_of(number) for number in (merge.kept_id, merge.gone_id))
    if ours is None or theirs is None:
        return
    for column in ("legal_name", "document", "birth_date", "contact"):
        mine, other = getattr(ours, column), getattr(theirs, column)
        setattr(ours, column, other)
        setattr(theirs, column, mine)


def _identity_of(number: int) -> PersonIdentity | None:
    statement = select(PersonIdentity).where(PersonIdentity.person_id == number)
    found: Any = db.session.scalars(unguarded(statement, WHY)).one_or_none()
    return found


# --- apart again ---------------------------------------------------------------------------------


def unmerge(user: User, merge: PersonMerge) -> int:
    """Put everything back that the merge changed; gives how many values stay because they were changed since.

    Raises CannotMerge where a later merge stands on this one.
    """
    stayed = take_back(user.id, merge, latest_merge(PersonMerge, merge.kept_id), keys_to_a_person())
    if merge.identity_chosen == GONE:
        _swap_identities(merge)
    for person in (merge.kept, merge.gone):
        person.touch(user.id)
    note_read(db.session, UNMERGED, merge.kept, reason=merge.reason, other=merge.gone.reference)
    return stayed
