"""How a request goes from draft to its end, as a table of moves. Nothing moves by itself when a term has passed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import Reader
from app.contracts.links import TransparencyRequest
from app.dates import today
from app.workflow import Move

DRAFT, FILED, EXTENDED = "DRAFT", "FILED", "EXTENDED"
ANSWERED_FULL, ANSWERED_PART, DENIED, SILENCE = "ANSWERED_FULL", "ANSWERED_PART", "DENIED", "SILENCE"
APPEAL, GRANTED, CLOSED = "APPEAL", "GRANTED_APPEAL", "CLOSED"

WAITING = frozenset({FILED, EXTENDED})
"""The body has to answer."""
ANSWERED = frozenset({ANSWERED_FULL, ANSWERED_PART, DENIED})
"""The body has answered, whether or not the day and the words are on record."""
MAY_BE_APPEALED = frozenset({ANSWERED_PART, DENIED, SILENCE})

WRITE = "records.write"


def term_is_running(request: TransparencyRequest, user: Reader) -> str | None:
    if request.due_on is not None and today() <= request.due_on:
        return _("The term for the answer has not passed yet.")
    return None


def is_decided(request: TransparencyRequest, user: Reader) -> str | None:
    if request.appeal_decided_on is not None or request.appeal_outcome is not None:
        return _("The decision is on record already; edit the record to mend it.")
    return None


MOVES = {
    "file": Move(frozenset({DRAFT}), FILED, WRITE, _l("Filed")),
    "answer_full": Move(WAITING | {SILENCE}, ANSWERED_FULL, WRITE, _l("Answered in full")),
    "answer_part": Move(WAITING | {SILENCE}, ANSWERED_PART, WRITE, _l("Answered in part")),
    "deny": Move(WAITING | {SILENCE}, DENIED, WRITE, _l("Denied")),
    "extend": Move(WAITING, EXTENDED, WRITE, _l("Term extended by the body")),
    "silence": Move(WAITING, SILENCE, WRITE, _l("No answer in term: silence"), hindrances=(term_is_running,)),
    "appeal": Move(MAY_BE_APPEALED, APPEAL, WRITE, _l("Appealed")),
    "grant": Move(frozenset({APPEAL}), GRANTED, WRITE, _l("Appeal or habeas data won")),
    "reject": Move(frozenset({APPEAL}), APPEAL, WRITE, _l("Appeal rejected"), hindrances=(is_decided,)),
    "close": Move(WAITING | MAY_BE_APPEALED | {APPEAL}, CLOSED, WRITE, _l("Not pursued further")),
    "take_back": Move(
        frozenset({ANSWERED_FULL, ANSWERED_PART, DENIED, SILENCE, APPEAL, GRANTED, CLOSED}),
        FILED,
        WRITE,
        _l("Take it back to “filed”"),
        is_grave=True,
    ),
}

DONE: dict[str, Any] = {
    "file": _l("The request is filed."),
    "answer_full": _l("The answer is on record."),
    "answer_part": _l("The answer is on record."),
    "deny": _l("The denial is on record."),
    "extend": _l("The new term is on record."),
    "silence": _l("The silence is on record."),
    "appeal": _l("The appeal is on record."),
    "grant": _l("The decision is on record."),
    "reject": _l("The decision is on record."),
    "close": _l("The request is not pursued further."),
    "take_back": _l("The request counts as filed again. The history keeps what stood there."),
}
