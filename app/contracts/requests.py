"""Write down requests for public information, and what becomes of them. The caller commits once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.access import visible
from app.accounts.models import User
from app.contracts.links import RequestedContract, TransparencyRequest
from app.contracts.models import Contract
from app.contracts.request_terms import answer_term, appeal_term
from app.contracts.request_workflow import (
    ANSWERED,
    DRAFT,
    EXTENDED,
    FILED,
    MAY_BE_APPEALED,
    MOVES,
    SILENCE,
)
from app.dates import UncertainDate, today
from app.db import db
from app.workflow import MoveNotAllowed, check_move

AFTER_FILING = (
    "answered_on", "answer", "appeal_due_on", "appealed_on", "appeal_number", "appeal_decided_on", "appeal_outcome",
)  # fmt: skip

COUNTED_FROM_ANSWER = frozenset({"answer_part", "deny"})
"""Moves whose term to appeal runs from the day of the answer."""

CLEARED: Mapping[str, tuple[str, ...]] = {
    "take_back": AFTER_FILING,
    **dict.fromkeys(("answer_full", "answer_part", "deny", "silence"), ("appeal_due_on",)),
}
"""Move → what stood there before and holds no longer: the term against silence ends with a late answer."""


class RequestProblem(ValueError):
    """What cannot be true of a request; the message is a sentence for people, *field* where it belongs."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def record_request(user: User, team_id: int, facts: Mapping[str, Any]) -> TransparencyRequest:
    """A new one of the team, a draft or one that is under way. *facts* by their name. Raises RequestProblem."""
    country = current_app.config["SETTINGS"].country
    status = facts.get("status") or DRAFT
    request = TransparencyRequest(team_id=team_id, created_by_id=user.id, country=country, status=status)
    given = dict.fromkeys(("due_on", "appeal_due_on")) | dict(facts) | {"status": request.status}
    if request.status == DRAFT and _begins(given.get("filed")):
        raise RequestProblem("status", _("A draft has not been filed: choose how it stands, or leave the day empty."))
    check_days(request, given)
    db.session.add(request)
    _set(user, request, given | _terms_of(request, request.status, given))
    return request


def change_request(user: User, request: TransparencyRequest, facts: Mapping[str, Any]) -> None:
    """Replace these facts; a term is counted anew only where its day is taken out. Raises RequestProblem."""
    check_days(request, facts)
    _set(user, request, dict(facts) | _terms_of(request, request.status, facts))


def advance(user: User, request: TransparencyRequest, name: str, facts: Mapping[str, Any]) -> None:
    """Make a move, with what is known of it. Raises MoveNotAllowed and RequestProblem."""
    if request.is_withdrawn:
        raise MoveNotAllowed(_("The record was withdrawn. Restore it first."))
    move = check_move(request, MOVES, name, user)
    given = dict.fromkeys(CLEARED.get(name, ())) | dict(facts)
    if name == "extend":
        _check_extension(request, given)
    if name in COUNTED_FROM_ANSWER and given.get("answered_on") is None:
        raise RequestProblem("answered_on", _("Write the day of the answer: the term to appeal runs from it."))
    target = EXTENDED if move.target == FILED and request.extended_on else move.target
    given["status"] = target
    check_days(request, given)
    _set(user, request, given | _terms_of(request, target, given))


def term_starts(request: TransparencyRequest | None, name: str, facts: Mapping[str, Any]) -> date | None:
    """The day from which the term of a move is counted; None where none is counted, or no day is known."""
    if name == "file":
        return _exact(facts.get("filed"))
    if name in COUNTED_FROM_ANSWER:
        return facts.get("answered_on")
    return request.due_on if name == "silence" and request is not None else None


def _terms_of(request: TransparencyRequest, status: str, given: Mapping[str, Any]) -> dict[str, date]:
    """The terms that were asked for and left empty, counted; an extension is set by the body, and counted by nobody."""

    def known(name: str) -> Any:
        return given[name] if name in given else getattr(request, name)

    found: dict[str, date] = {}
    filed_on = _exact(known("filed"))
    if status not in (DRAFT, EXTENDED) and filed_on and _is_left_empty(given, "due_on") and not known("extended_on"):
        found["due_on"] = answer_term(filed_on).last_on
    after = known("due_on") if status == SILENCE else known("answered_on")
    if status in MAY_BE_APPEALED and after and _is_left_empty(given, "appeal_due_on"):
        found["appeal_due_on"] = appeal_term(after).last_on
    return found


def _is_left_empty(given: Mapping[str, Any], name: str) -> bool:
    return name in given and given[name] is None


def _exact(value: UncertainDate | None) -> date | None:
    return value.earliest if value is not None and value.earliest == value.latest else None


def _begins(value: UncertainDate | None) -> date | None:
    return (value.earliest or value.latest) if value is not None else None


def _set(user: User, request: TransparencyRequest, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name == "contracts":
            _link(user, request, value)
        else:
            setattr(request, name, value)
    request.touch(user.id)


def _link(user: User, request: TransparencyRequest, contracts: list[Contract]) -> None:
    """These of the contracts that the user sees; what the user does not see stays linked."""
    wanted = {contract.id: contract for contract in contracts}
    linked = [link.contract_id for link in request.contract_links]
    of_them = visible(Contract, user).where(Contract.id.in_(linked))
    seen = set(db.session.scalars(of_them.with_only_columns(Contract.id)))
    for link in [one for one in request.contract_links if one.contract_id in seen - set(wanted)]:
        request.contract_links.remove(link)
    request.contract_links += [
        RequestedContract(contract=contract) for number, contract in wanted.items() if number not in linked
    ]


# --- what cannot be true -------------------------------------------------------------------------


def note_contract(user: User, request: TransparencyRequest, contract: Contract) -> None:
    """A contract that the request has brought."""
    request.contract_links.append(RequestedContract(contract=contract))
    request.touch(user.id)


def check_days(request: TransparencyRequest, facts: Mapping[str, Any]) -> None:
    """Raises RequestProblem with the field and a sentence."""

    def given(name: str) -> Any:
        return facts[name] if name in facts else getattr(request, name)

    filed = given("filed") or UncertainDate()
    happened = {name: given(name) for name in ("extended_on", "answered_on", "appealed_on", "appeal_decided_on")}
    for name, day in {"filed": _begins(filed), **happened}.items():
        if day is not None and day > today():
            raise RequestProblem(name, _("This day lies in the future. Write it down when it has happened."))
    rows = [
        ("due_on", filed.earliest, given("due_on"), _("The last day for the answer lies before the day of filing.")),
        ("extended_on", filed.earliest, happened["extended_on"], _("The extension lies before the day of filing.")),
        ("answered_on", filed.earliest, happened["answered_on"], _("The answer lies before the day of filing.")),
        (
            "appeal_due_on", happened["answered_on"], given("appeal_due_on"),
            _("The last day for the appeal lies before the answer."),
        ),
        ("appealed_on", happened["answered_on"], happened["appealed_on"], _("The appeal lies before the answer.")),
        ("appealed_on", filed.earliest, happened["appealed_on"], _("The appeal lies before the day of filing.")),
        (
            "appeal_decided_on", happened["appealed_on"], happened["appeal_decided_on"],
            _("The decision lies before the appeal."),
        ),
    ]  # fmt: skip
    for field, first, last, sentence in rows:
        if first is not None and last is not None and last < first:
            raise RequestProblem(field, sentence)
    appealed_on, due_on = happened["appealed_on"], given("due_on")
    has_answer = happened["answered_on"] or given("answer") or request.status in ANSWERED
    # Against silence one appeals when the term has passed, not on its last day.
    if appealed_on and due_on and appealed_on <= due_on and not has_answer:
        raise RequestProblem("appealed_on", _("No answer is on record, and on that day the term had not passed yet."))


def _check_extension(request: TransparencyRequest, facts: Mapping[str, Any]) -> None:
    if not facts.get("extension_reason"):
        raise RequestProblem("extension_reason", _("Write the reason that the body gives."))
    if facts.get("due_on") is None:
        raise RequestProblem("due_on", _("Write the new last day for the answer."))
    if request.due_on is not None and facts["due_on"] <= request.due_on:
        raise RequestProblem("due_on", _("The new last day has to lie after the one before."))


# --- withdrawal ----------------------------------------------------------------------------------


def withdraw_request(user: User, request: TransparencyRequest, reason: str) -> None:
    """Take it out of lists and deadlines. Raises ReasonMissing."""
    request.withdraw(user.id, reason)


def restore_request(user: User, request: TransparencyRequest) -> None:
    request.restore(user.id)
