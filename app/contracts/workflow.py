"""How far a contract has been checked, as a table of moves: nobody verifies what they wrote."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import Reader, find_visible
from app.contracts.models import Contract
from app.evidence.files import EvidenceFile
from app.incidents.sources import INDEPENDENT_ENOUGH, independent_sources
from app.workflow import Move

SUBMITTED, UNVERIFIED, CORROBORATED, VERIFIED = "SUBMITTED", "UNVERIFIED", "CORROBORATED", "VERIFIED"
REJECTED = "REJECTED"
REVIEWED = frozenset({UNVERIFIED, CORROBORATED, VERIFIED})


def written_by_reviewer(contract: Contract, user: Reader) -> str | None:
    if user.id in (contract.created_by_id, contract.updated_by_id):
        return _("You recorded or changed it last; another coordinator has to assess it.")
    return None


def paper_on_file(contract: Contract, user: Any) -> bool:
    """Whether the paper itself is there to be read; a file that was withdrawn is not."""
    reference = contract.document_reference
    return reference is not None and find_visible(EvidenceFile, user, reference, withdrawn=False) is not None


def lacks_a_source(contract: Contract, user: Reader) -> str | None:
    if contract.source_links or paper_on_file(contract, user):
        return None
    return _("Neither a source nor the document is on record.")


def lacks_independent_sources(contract: Contract, user: Reader) -> str | None:
    """The paper itself speaks for itself; what others say of it needs two who do not repeat one another."""
    if paper_on_file(contract, user) or independent_sources(contract) >= INDEPENDENT_ENOUGH:
        return None
    return _("The document itself or two independent sources are needed.")


MOVES = {
    "set_unverified": Move(
        frozenset({SUBMITTED}),
        UNVERIFIED,
        "records.review",
        _l("Record without corroboration"),
        hindrances=(written_by_reviewer, lacks_a_source),
    ),
    "corroborate": Move(
        frozenset({SUBMITTED, UNVERIFIED}),
        CORROBORATED,
        "records.review",
        _l("Corroborate"),
        hindrances=(written_by_reviewer, lacks_independent_sources),
    ),
    "verify": Move(
        frozenset({SUBMITTED, UNVERIFIED, CORROBORATED}),
        VERIFIED,
        "records.review",
        _l("Verify"),
        asks_note=True,
        hindrances=(written_by_reviewer, lacks_independent_sources),
    ),
    "reject": Move(
        frozenset({SUBMITTED, UNVERIFIED}),
        REJECTED,
        "records.review",
        _l("Reject with a reason"),
        asks_note=True,
        is_grave=True,
    ),
    "reopen": Move(
        frozenset({UNVERIFIED, CORROBORATED, VERIFIED, REJECTED}),
        SUBMITTED,
        "records.review",
        _l("Open the review again"),
        asks_note=True,
    ),
}

DONE: dict[str, Any] = {
    "set_unverified": _l("Recorded without corroboration."),
    "corroborate": _l("Corroborated."),
    "verify": _l("Verified."),
    "reject": _l("Rejected."),
    "reopen": _l("The review is open again."),
}


def note_asked(name: str) -> str:
    """What the note of a move has to say."""
    return {
        "verify": _("Write what it was checked against."),
        "reject": _("Write why it is rejected."),
        "reopen": _("Write why the review is opened again."),
    }.get(name, _("Write why."))
