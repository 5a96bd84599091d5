"""Decide how a contract bears on an incident: confirm, discard, propose more, second, take back. Nothing commits here.

That a contract was in force follows from days and places, and one person answers for it. That its unit took part, or
acted for the company, is a claim about people: it rests on evidence, and a second person answers for it too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from app.access import find_visible, may, reads_in_full, unguarded, visible
from app.accounts.models import User
from app.audit import give_reason
from app.contracts.link_evidence import Evidence, evidence_offered
from app.contracts.links import CONFIRMED, L0, PROPOSED, WITH_EVIDENCE, Confirmed, ContractLink
from app.contracts.models import Contract
from app.contracts.standing import Standing, of_pair, of_pairs
from app.db import db, now
from app.incidents.models import Incident
from app.incidents.text import clean

LONGEST = 2000
MOST_AT_ONCE = 100
ANSWERED_FOR = ("company", "police_unit")
"""What of a contract L3 and L4 are about."""
_MISREAD = str.maketrans("OIL", "011")


class LinkRefused(Exception):
    """A decision that cannot be taken; the message is a sentence for people, *field* where it belongs."""

    field = ""


class NotAllowed(LinkRefused):
    """Who does not read the incident in full, write in its team and see the contract decides nothing."""


class AlreadyDecided(LinkRefused):
    pass


class NothingFollows(LinkRefused):
    """Days and places give no level that could be confirmed."""


class ChangedMeanwhile(LinkRefused):
    """What follows is not what the reader had before them."""


class WordsMissing(LinkRefused):
    field = "reason"


class EvidenceMissing(LinkRefused):
    field = "evidence"


class SecondPersonNeeded(LinkRefused):
    pass


# --- one person ----------------------------------------------------------------------------------


def confirm_match(user: User, incident: Incident, contract: Contract, seen: str | None = None) -> ContractLink:
    """Answer for it that the contract was, or may have been, in force: as days and places say now.

    *seen*: as the reader saw it, see `Standing.seen`. Raises LinkRefused.
    """
    return _confirm(user, _open_pair(user, incident, contract), seen)


def confirm_matches(
    user: User, contract: Contract, incidents: list[Incident], seen: Mapping[int, str]
) -> tuple[list[ContractLink], list[tuple[Incident, LinkRefused]]]:
    """The same of several incidents of one agreement: what was confirmed, and what was not and why.

    *seen*: by the number of the incident. The caller has made sure that the user reads each in full.
    """
    done, refused = [], []
    for stands in of_pairs(user, incidents, contract):
        try:
            if stands.incident.is_withdrawn or not may(user, "records.write", stands.incident.team_id):
                raise _not_allowed()
            done.append(_confirm(user, stands, seen[stands.incident.id]))
        except LinkRefused as problem:
            refused.append((stands.incident, problem))
    return done, refused


def check_number(ticked: Collection[str]) -> None:
    """While links are written nobody else can write. Raises LinkRefused."""
    if len(ticked) > MOST_AT_ONCE:
        raise LinkRefused(_("At most %(limit)s at once. Nothing was confirmed.", limit=MOST_AT_ONCE))


def _confirm(user: User, stands: Standing, seen: str | None) -> ContractLink:
    if stands.match is None or stands.match.level is None:
        raise NothingFollows(_("From days and places on record it does not follow that the contract was in force."))
    if not stands.may_be_confirmed:
        raise AlreadyDecided(_("This has been decided already. Take the decision back first."))
    if seen is not None and seen != stands.seen:
        raise ChangedMeanwhile(_("The days or places were changed meanwhile. Read again what follows now."))
    return _decide(user, stands, stands.match.level, CONFIRMED)


def reject(user: User, incident: Incident, contract: Contract, reason: str | None) -> ContractLink:
    """Discard the link, for a reason that stays. Raises LinkRefused."""
    stands = _open_pair(user, incident, contract)
    if stands.link is not None and not stands.may_be_discarded:
        raise AlreadyDecided(_("This has been decided already. Take the decision back first."))
    if not stands.may_be_discarded:
        raise NothingFollows(_("Nothing suggests this link, so there is nothing to discard."))
    words = _words(reason, _("Write why the link is discarded. Nothing was changed."))
    return _decide(user, stands, L0, CONFIRMED, words)


def propose(
    user: User,
    incident: Incident,
    contract: Contract,
    level: str,
    shows: str | None,
    evidence: Evidence | None = None,
) -> ContractLink:
    """Propose that the unit took part (L3) or acted for the company (L4). *shows*: what the evidence shows, in words.

    It may rest on facts alone at first: then it stays a proposal. Also where nothing was computed. What is proposed
    again as it was stays with who proposed it, who cannot be its second person. Raises LinkRefused.
    """
    stands = _open_pair(user, incident, contract)
    if level not in WITH_EVIDENCE:
        raise LinkRefused(_("Choose what you propose."))
    if not stands.may_be_proposed:
        raise AlreadyDecided(_("This has been decided already. Take the decision back first."))
    words = _words(shows, _("Write what the evidence shows, or what is known so far."))
    offered = {one.key for one in evidence_offered(user, incident, contract)}
    if evidence is not None and evidence.key not in offered:
        raise EvidenceMissing(_("Choose a source or a file of the incident or of the contract."))
    if stands.link is not None and _is_proposed(stands.link, level, words, evidence):
        # What was sent back waits again.
        stands.link.second_by_id = stands.link.second_at = stands.link.second_note = None
        return stands.link
    link = _decide(user, stands, level, PROPOSED, words)
    link.source = evidence.source if evidence else None
    link.evidence_reference = evidence.file_reference if evidence else None
    return link


def _is_proposed(link: ContractLink, level: str, words: str, evidence: Evidence | None) -> bool:
    named = (
        evidence.source.id if evidence and evidence.source else None,
        evidence.file_reference if evidence else None,
    )
    before = (link.state, link.level, link.reason, link.source_id, link.evidence_reference)
    return before == (PROPOSED, level, words, *named)


# --- the second ----------------------------------------------------------------------------------


def second(
    user: User, incident: Incident, contract: Contract, note: str | None = None, seen: str | None = None
) -> ContractLink:
    """Confirm a proposal as a second person, over its evidence. *seen*: see `ContractLink.seen`. Raises LinkRefused."""
    link = _waiting(user, incident, contract, seen)
    if not link.has_evidence:
        raise EvidenceMissing(
            _("Facts only: no evidence is named. Without it, it stays a proposal and is told nowhere else.")
        )
    if not link.evidence_stands:
        raise EvidenceMissing(
            _("Its evidence was withdrawn. Without it, it stays a proposal and is told nowhere else.")
        )
    link.state, link.second_by_id, link.second_at = CONFIRMED, user.id, now()
    link.second_note = _short(note)
    _keep_confirmed(link, None)
    return link


def send_back(
    user: User, incident: Incident, contract: Contract, reason: str | None, seen: str | None = None
) -> ContractLink:
    """Give a proposal back to who made it, for a reason; what was confirmed before stands. *seen*: see
    `ContractLink.seen`. Raises LinkRefused."""
    link = _waiting(user, incident, contract, seen)
    link.second_note = _words(reason, _("Write what is missing, so that it can be proposed again."))
    link.second_by_id, link.second_at = user.id, now()
    return link


def _waiting(user: User, incident: Incident, contract: Contract, seen: str | None) -> ContractLink:
    link = _open_pair(user, incident, contract).link
    if not may(user, "records.review", incident.team_id):
        raise NotAllowed(_("The second person is one of the coordination of the incident's team."))
    if link is None or link.state != PROPOSED:
        raise AlreadyDecided(_("Nothing is proposed here that waits for a second person."))
    if link.second_by_id is not None:
        raise AlreadyDecided(_("It was sent back, and has not been proposed again."))
    if link.by_id == user.id:
        raise SecondPersonNeeded(_("You proposed it yourself; another person of the coordination confirms it."))
    _check_seen(link, seen)
    return link


def _check_seen(link: ContractLink, seen: str | None) -> None:
    if seen is None or seen == link.seen:
        return
    if link.state == PROPOSED:
        raise ChangedMeanwhile(_("The proposal was changed meanwhile. Read it again."))
    raise ChangedMeanwhile(_("The decision was changed meanwhile. Read it again."))


# --- taking it back ------------------------------------------------------------------------------


def reopen(user: User, incident: Incident, contract: Contract, reason: str | None, seen: str | None = None) -> None:
    """Take a decision or a proposal back, for a reason that the history keeps. *seen*: see `ContractLink.seen`.

    Under a proposal that is taken back stands again what one person had confirmed before it. Raises LinkRefused.
    """
    link = _open_pair(user, incident, contract).link
    if link is None:
        raise AlreadyDecided(_("Nothing has been decided here."))
    if link.level in WITH_EVIDENCE and link.state == CONFIRMED and not may(user, "records.review", incident.team_id):
        raise NotAllowed(_("What two people have confirmed is taken back by the coordination."))
    _check_seen(link, seen)
    give_reason(db.session, incident, _words(reason, _("Write why the decision is taken back. Nothing was changed.")))
    if link.state == PROPOSED and (confirmed := link.confirmed):
        _restore(link, confirmed)
    else:
        db.session.delete(link)
    db.session.flush()


def _restore(link: ContractLink, confirmed: Confirmed) -> None:
    link.level, link.state, link.followed = confirmed.level, CONFIRMED, confirmed.followed
    link.by, link.at = confirmed.by, confirmed.at
    link.reason = link.source = link.evidence_reference = None
    link.second_by_id = link.second_at = link.second_note = None
    _keep_confirmed(link, None)


# --- when the contract changes -------------------------------------------------------------------


def follow_contract(contract: Contract, base: Contract, before: int | None, changed: Collection[str]) -> None:
    """After its company, unit or agreement was changed: what two people confirmed waits for a second person again.

    They answered for it as the contract stood then. *base*: the agreement that it belongs to now; *before*: the number
    of that to which it belonged; *changed*: of `ANSWERED_FOR`. An agreement that was hung under another takes its
    decisions along.
    """
    is_hung_elsewhere = before == contract.id and base is not contract
    if not changed and not is_hung_elsewhere:
        return
    called = {"company": _("the company"), "police_unit": _("the police unit")}
    told = [called[name] for name in changed]
    if is_hung_elsewhere:
        told.append(_("it now belongs to %(reference)s", reference=base.reference))
    note = _("The contract was changed: %(what)s.", what=", ".join(told))
    for link in _links_of(contract.id):
        if is_hung_elsewhere and not _move(link, base, note):
            continue
        if link.level in WITH_EVIDENCE:
            link.state, link.second_by_id, link.second_at, link.second_note = PROPOSED, None, None, note
    db.session.flush()


def _move(link: ContractLink, base: Contract, note: str) -> bool:
    """To the agreement that its contract belongs to now; whether it is there.

    Of two decisions on one incident that over evidence stays, among equals that of the agreement; the histories keep
    the other.
    """
    there = next((one for one in _links_of(base.id) if one.incident_id == link.incident_id), None)
    is_graver = there is not None and link.level in WITH_EVIDENCE and there.level not in WITH_EVIDENCE
    if there is not None:
        give_reason(db.session, link.incident, note)
        db.session.delete(there if is_graver else link)
        db.session.flush()
        if not is_graver:
            return False
    link.contract_id = base.id
    if link.level == L0:
        # What was discarded was another agreement: nothing is held to have been known of this one.
        link.followed = None
    return True


def _links_of(contract_id: int) -> list[ContractLink]:
    statement = select(ContractLink).where(ContractLink.contract_id == contract_id)
    return list(db.session.scalars(unguarded(statement, "decisions follow their contract, whoever may see them")))


# --- what all of them ask ------------------------------------------------------------------------


def contract_called(user: User, typed: str) -> Contract | None:
    """The contract that a typed reference names, if the user sees it; None for hidden and not there alike."""
    text = typed.strip().upper()
    return find_visible(Contract, user, text[:6] + text[6:].translate(_MISREAD), withdrawn=False)


def may_decide(user: User, incident: Incident) -> bool:
    """The caller has made sure that the user sees the contract."""
    is_open = not incident.is_withdrawn and may(user, "records.write", incident.team_id)
    return is_open and reads_in_full(user, incident)


def may_second(user: User, stands: Standing) -> bool:
    link = stands.link
    return (
        link is not None
        and link.state == PROPOSED
        and link.second_by_id is None
        and link.by_id != user.id
        and may(user, "records.review", stands.incident.team_id)
    )


def _open_pair(user: User, incident: Incident, contract: Contract) -> Standing:
    seen = visible(Contract, user).where(Contract.id == contract.base_id).with_only_columns(Contract.id)
    if not may_decide(user, incident) or db.session.scalar(seen) is None:
        raise _not_allowed()
    return of_pair(user, incident, contract)


def _not_allowed() -> NotAllowed:
    return NotAllowed(_("Only who reads the incident in full and writes in its team decides this."))


def _decide(user: User, stands: Standing, level: str, state: str, words: str | None = None) -> ContractLink:
    """As it stands now, in place of what was decided before; the history keeps that."""
    link = stands.link
    if link is None:
        link = ContractLink(incident_id=stands.incident.id, contract_id=stands.contract.base_id)
        db.session.add(link)
    _keep_confirmed(link, link.confirmed if state == PROPOSED else None)
    link.level, link.state, link.reason = level, state, words
    link.followed = stands.match.follows if stands.match else None
    link.by_id, link.at = user.id, now()
    link.second_by_id = link.second_at = link.second_note = None
    link.source = link.evidence_reference = None
    db.session.flush()
    return link


def _keep_confirmed(link: ContractLink, confirmed: Confirmed | None) -> None:
    link.confirmed_level = confirmed.level if confirmed else None
    link.confirmed_followed = confirmed.followed if confirmed else None
    link.confirmed_by = confirmed.by if confirmed else None
    link.confirmed_at = confirmed.at if confirmed else None


def _words(text: str | None, if_none: str) -> str:
    words = _short(text)
    if words is None:
        raise WordsMissing(if_none)
    return words


def _short(text: str | None) -> str | None:
    words = clean(text)
    if words and len(words) > LONGEST:
        raise WordsMissing(_("Too long: at most %(limit)s characters.", limit=LONGEST))
    return words
