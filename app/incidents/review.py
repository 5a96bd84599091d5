"""Reviewing: the moves of an incident, who works on it, and its public part. No operation here commits."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from app import access, public_part
from app.access import Reader, unguarded
from app.accounts.models import Membership, User
from app.db import db, now
from app.incidents.models import Incident, ReviewNote
from app.incidents.sources import INDEPENDENT_ENOUGH, independent_sources, links_that_count
from app.incidents.workflow import DRAFT, MOVES, PUBLIC_MOVES, SUBMITTED
from app.public_part import PublicPart
from app.workflow import Move, MoveNotAllowed, OpenMove, check_move, open_moves


class NoteMissing(MoveNotAllowed):
    """A move that asks for words was asked for without."""


# --- moves ---------------------------------------------------------------------------------------


def moves_for(incident: Incident, user: Reader) -> list[OpenMove]:
    """The moves to show to someone who reads the incident in full."""
    return [] if incident.is_withdrawn else open_moves(incident, MOVES, user)


def public_moves_for(incident: Incident, user: Reader) -> list[OpenMove]:
    return [] if incident.is_withdrawn else open_moves(PublicPart(incident), PUBLIC_MOVES, user)


def advance(incident: Incident, name: str, by: Reader, note: str | None = None) -> ReviewNote:
    """Make a move of the review. Raises MoveNotAllowed when table, role, sources or authorship say no.

    The last editor stays who it was: to review is not to edit.
    """
    _check_reader(incident, by)
    move = check_move(incident, MOVES, name, by)
    step = _step(incident, name, move, by, note, to_state=move.target)
    incident.state = move.target
    if move.target == SUBMITTED:
        incident.submitted_at = now()
    elif move.target == DRAFT:
        incident.submitted_at = None
    return step


def _check_reader(incident: Incident, by: Reader) -> None:
    if incident.is_withdrawn:
        raise MoveNotAllowed(_("The record was withdrawn. Restore it first."))
    if not access.reads_in_full(by, incident):
        raise MoveNotAllowed(_("Your role does not carry this step."))


def _step(incident: Incident, name: str, move: Move, by: Reader, note: str | None, *, to_state: str) -> ReviewNote:
    words = (note or "").strip() or None
    if move.asks_note and words is None:
        raise NoteMissing(note_asked(name))
    step = ReviewNote(move=name, from_state=incident.state, to_state=to_state, note=words, by_id=by.id)
    incident.reviews.append(step)
    incident.updated_at = now()
    return step


def note_asked(name: str) -> str:
    """What the note of a move has to say."""
    return {
        "verify": _("Write the reasonable grounds to believe that it happened."),
        "ask": _("Write what is missing."),
        "reject": _("Write why it is rejected."),
        "reopen": _("Write why the review is opened again."),
        "revoke_public": _("Write why it is taken back."),
    }.get(name, _("Write why."))


# --- the public part -----------------------------------------------------------------------------


def set_public(user: Reader, incident: Incident) -> None:
    """Say that the incident is public already. It counts once another person has approved it."""
    _advance_public(user, incident, public_part.SET)


def approve_public(user: Reader, incident: Incident) -> None:
    """Approve what another person said: from now on title and public summary are open to all who see the row."""
    _advance_public(user, incident, public_part.APPROVE)


def revoke_public(user: Reader, incident: Incident, reason: str | None) -> None:
    _advance_public(user, incident, public_part.REVOKE, reason)


def _advance_public(user: Reader, incident: Incident, name: str, reason: str | None = None) -> None:
    _check_reader(incident, user)
    move = public_part.check_public_move(incident, PUBLIC_MOVES, name, user)
    _step(incident, name, move, user, reason, to_state=incident.state)
    public_part.note_public_move(incident, name, user)


# --- who works on it -----------------------------------------------------------------------------


def assign(incident: Incident, to_user: User | None, by: Reader) -> None:
    """Give the incident to someone who may work on it, or to nobody. Raises MoveNotAllowed."""
    _check_reader(incident, by)
    if not access.may(by, "records.review", incident.team_id):
        raise MoveNotAllowed(_("Your role does not carry this step."))
    if to_user is not None and to_user.id not in [person.id for person in people_for(incident)]:
        raise MoveNotAllowed(_("This person does not work on the record. Add them to the case first."))
    incident.assigned_to_id = to_user.id if to_user else None
    incident.updated_at = now()


def people_for(incident: Incident) -> list[User]:
    """The active people of the team who may write and read this incident in full, by name."""
    members = select(Membership.user_id).where(Membership.team_id == incident.team_id)
    people = db.session.scalars(select(User).where(User.id.in_(members), User.active).order_by(User.name, User.id))
    writers = [user for user in people if access.may(user, "records.write", incident.team_id)]
    if not writers:
        return []
    reads = [select(Incident.id).where(Incident.id == incident.id, Incident.full_to(user)).exists() for user in writers]
    answers = db.session.execute(unguarded(select(*reads), "who else may work on a record that the user has open"))
    return [user for user, in_full in zip(writers, answers.one(), strict=True) if in_full]


# --- what is known and what is missing -----------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """A thing that a review looks at: whether it is there, and what is missing in a few words."""

    is_met: bool
    words: str
    missing: str


def checks(incident: Incident) -> list[Check]:
    number = independent_sources(incident)
    counting = list(links_that_count(incident))
    graded = Check(
        all(link.credibility and link.source.reliability for link in counting),
        _("Every source is graded"),
        _("grades of the sources"),
    )
    return [
        Check(bool(incident.main_type), _("The type of act is on record"), _("type of act")),
        Check(bool(incident.happened_from or incident.happened_to), _("The date is on record"), _("date")),
        Check(bool(incident.place_id or incident.region_text), _("The place is on record"), _("place")),
        Check(bool(incident.narrative), _("There is a narrative"), _("narrative")),
        Check(bool(incident.victims), _("It says who was affected"), _("affected persons")),
        Check(
            any(one.perpetrator_type for one in incident.involvements),
            _("The alleged perpetrator has a category, even if unknown"),
            _("alleged perpetrator"),
        ),
        Check(number > 0, _("There is a source"), _("a source")),
        Check(
            number >= INDEPENDENT_ENOUGH,
            _("Two independent sources"),
            _("second independent source") if number else _("two independent sources"),
        ),
        *([graded] if counting else []),
    ]


def missing(incident: Incident) -> list[str]:
    return [check.missing for check in checks(incident) if not check.is_met]
