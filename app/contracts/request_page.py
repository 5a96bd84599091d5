"""What the page of a request shows: where it stands, step by step with its days, and what may be written down next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app import i18n
from app.access import may
from app.accounts.models import User
from app.contracts.links import TransparencyRequest
from app.contracts.request_agenda import appeal_until, dues_of, silence_words, title_of
from app.contracts.request_queries import contracts_of, proceedings_of
from app.contracts.request_terms import Count, answer_term, appeal_term
from app.contracts.request_workflow import APPEAL, DRAFT, MOVES, SILENCE, WAITING
from app.vocabulary.queries import label
from app.workflow import open_moves

STATUSES = "transparency_request_status"


@dataclass(frozen=True)
class StepLine:
    """One step on the way: *done* or still ahead. *count* says how its day was counted."""

    words: str
    day: str
    datetime: str = ""
    detail: str = ""
    done: bool = True
    count: Count | None = None


def page_of(request: TransparencyRequest, user: User) -> dict[str, Any]:
    may_write = may(user, "records.write", request.team_id)
    stands = not request.is_withdrawn
    habeas = proceedings_of(user, [request]).get(request.proceeding_id or 0)
    return {
        "record": request,
        "title": title_of(request),
        "status": label(STATUSES, request.status),
        "may_write": may_write and stands,
        "may_restore": may_write and not stands,
        "silence": silence_words(request) if stands else "",
        "due": [due for due in dues_of(request) if due.settled_on is None] if stands else [],
        "moves": open_moves(request, MOVES, user) if stands else [],
        "steps": steps_of(request),
        "contracts": contracts_of(user, request),
        "habeas": habeas,
    }


def steps_of(request: TransparencyRequest) -> list[StepLine]:
    """What has happened in its order, and what is expected."""
    if request.status == DRAFT:
        return []
    steps = [
        StepLine(_("Filed"), i18n.uncertain_date_words(request.filed), _iso(request.filed_on), request.number or "")
    ]
    if request.extended_on or request.extension_reason:
        steps.append(_happened(_("Term extended by the body"), request.extended_on, request.extension_reason))
    if request.due_on:
        steps.append(_term(_("Answer due"), request.due_on, request.status not in WAITING, _answer_count(request)))
    if request.answered_on or request.answer:
        steps.append(_happened(_("Answered"), request.answered_on, request.answer))
    elif request.status == SILENCE:
        steps.append(_happened(label(STATUSES, SILENCE), request.due_on, None))
    until = appeal_until(request)
    if until:
        appealed = request.appealed_on is not None
        steps.append(_term(_("Appeal may be filed until"), until, appealed, _appeal_count(request, until)))
    if request.appealed_on or request.appeal_number or request.status == APPEAL:
        steps.append(_happened(_("Appealed"), request.appealed_on, request.appeal_number))
    if request.appeal_decided_on or request.appeal_outcome:
        steps.append(_happened(_("Decided"), request.appeal_decided_on, request.appeal_outcome))
    return steps


def _happened(words: str, day: date | None, detail: str | None) -> StepLine:
    return StepLine(words, i18n.date_words(day) if day else _("day not on record"), _iso(day), detail or "")


def _term(words: str, day: date, done: bool, count: Count | None) -> StepLine:
    by_hand = "" if count else _("A day that was set by hand.")
    return StepLine(words, i18n.date_words(day), _iso(day), by_hand, done, count)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _answer_count(request: TransparencyRequest) -> Count | None:
    return _if_it_gives(request.due_on, answer_term(request.filed_on) if request.filed_on else None)


def _appeal_count(request: TransparencyRequest, until: date) -> Count | None:
    after = request.answered_on or request.due_on
    return _if_it_gives(until, appeal_term(after) if after else None)


def _if_it_gives(day: date | None, count: Count | None) -> Count | None:
    """A count explains only the day that it gives: what was set by hand, or counted by other settings, it does not."""
    return count if count and count.last_on == day else None


def count_words(count: Count) -> str:
    return ngettext(
        "%(num)s working day, the first one after %(day)s",
        "%(num)s working days, the first one after %(day)s",
        count.amount,
        day=i18n.date_words(count.start),
    )
