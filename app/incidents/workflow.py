"""The states of an incident and the moves between them, as tables: buttons and operations read the same rows."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import public_part
from app.access import Reader
from app.evidence.models import Source
from app.incidents.models import Incident
from app.incidents.sources import INDEPENDENT_ENOUGH, independent_sources
from app.public_part import PublicPart
from app.workflow import Move

DRAFT, SUBMITTED, IN_REVIEW, NEEDS_INFO = "DRAFT", "SUBMITTED", "IN_REVIEW", "NEEDS_INFO"
UNVERIFIED, CORROBORATED, VERIFIED, REJECTED = "UNVERIFIED", "CORROBORATED", "VERIFIED", "REJECTED"

STATES = (DRAFT, SUBMITTED, IN_REVIEW, NEEDS_INFO, UNVERIFIED, CORROBORATED, VERIFIED, REJECTED)
WITH_AUTHOR = frozenset({DRAFT, NEEDS_INFO})
WAITING = frozenset({SUBMITTED, IN_REVIEW})
REVIEWED = frozenset({UNVERIFIED, CORROBORATED, VERIFIED})


# --- what may stand in the way -------------------------------------------------------------------


def is_own_record(incident: Incident, user: Reader) -> bool:
    """Whether the user wrote it or was the last to change it: nobody verifies what they wrote."""
    return user.id in (incident.created_by_id, incident.updated_by_id)


def written_by_reviewer(incident: Incident, user: Reader) -> str | None:
    if incident.created_by_id == user.id:
        return _("You recorded this incident; another coordinator has to assess it.")
    if incident.updated_by_id == user.id:
        return _("You were the last to change this incident; another coordinator has to assess it.")
    if any(_was_regraded(link.source, incident, user) for link in incident.source_links):
        return _("You changed one of its sources while it was in review; another coordinator has to assess it.")
    return None


def _was_regraded(source: Source, incident: Incident, user: Reader) -> bool:
    """A source stands in several records: whoever changes it in one changes what the others rest on."""
    since = incident.submitted_at
    return source.updated_by_id == user.id and since is not None and source.updated_at > since


def lacks_what_a_review_needs(incident: Incident, user: Reader) -> str | None:
    """The least; the form asks for more when it sends."""
    if not incident.main_type:
        return _("The type of act is missing. Edit the record first.")
    if not incident.source_links:
        return _("A source is missing. Edit the record first.")
    return None


def lacks_independent_sources(incident: Incident, user: Reader) -> str | None:
    number = independent_sources(incident)
    if number >= INDEPENDENT_ENOUGH:
        return None
    if not incident.source_links:
        return _("Two independent sources are needed; none is on record.")
    if len(incident.source_links) > 1:
        return _("Two independent sources are needed; those on record are of one origin and count as one.")
    return _("Two independent sources are needed; one is on record.")


# --- the review ----------------------------------------------------------------------------------

MOVES = {
    "submit": Move(
        WITH_AUTHOR,
        SUBMITTED,
        "records.write",
        _l("Send to review"),
        hindrances=(lacks_what_a_review_needs,),
    ),
    "start_review": Move(frozenset({SUBMITTED}), IN_REVIEW, "records.review", _l("Start the review")),
    "take_back": Move(frozenset({SUBMITTED}), DRAFT, "records.write", _l("Take back as a draft")),
    "verify": Move(
        frozenset({IN_REVIEW, CORROBORATED}),
        VERIFIED,
        "records.review",
        _l("Verify"),
        asks_note=True,
        hindrances=(written_by_reviewer, lacks_independent_sources),
    ),
    "corroborate": Move(
        frozenset({IN_REVIEW, UNVERIFIED}),
        CORROBORATED,
        "records.review",
        _l("Corroborate"),
        hindrances=(written_by_reviewer, lacks_independent_sources),
    ),
    "set_unverified": Move(
        frozenset({IN_REVIEW}),
        UNVERIFIED,
        "records.review",
        _l("Record without corroboration"),
        hindrances=(written_by_reviewer,),
    ),
    "ask": Move(frozenset({IN_REVIEW}), NEEDS_INFO, "records.review", _l("Ask for information"), asks_note=True),
    "reopen": Move(
        frozenset({UNVERIFIED, CORROBORATED, VERIFIED, REJECTED}),
        IN_REVIEW,
        "records.review",
        _l("Open the review again"),
        asks_note=True,
    ),
    "reject": Move(
        frozenset({IN_REVIEW, UNVERIFIED}),
        REJECTED,
        "records.review",
        _l("Reject with a reason"),
        asks_note=True,
        is_grave=True,
    ),
}


# --- the public part -----------------------------------------------------------------------------


def lacks_public_summary(part: PublicPart, user: Reader) -> str | None:
    if part.record.summary_es or part.record.summary_en:
        return None
    return _("A public summary in Spanish or English is needed first.")


PUBLIC_MOVES = public_part.public_moves(lacks_public_summary)


DONE: dict[str, Any] = {
    "submit": _l("Sent to review."),
    "start_review": _l("The review has started."),
    "take_back": _l("Taken back as a draft."),
    "verify": _l("Verified."),
    "corroborate": _l("Corroborated."),
    "set_unverified": _l("Recorded without corroboration."),
    "ask": _l("Information asked for. The record went back to its author."),
    "reopen": _l("The review is open again."),
    "reject": _l("Rejected."),
    **public_part.DONE,
}


def done_words(name: str) -> str:
    """What a move has done, as a sentence."""
    return str(DONE[name])


def label_of(name: str) -> Any:
    """The words of a move's button."""
    move = MOVES.get(name) or PUBLIC_MOVES.get(name)
    return move.label if move else name
