"""Record contracts and their addenda, and what is known of them. Each operation is whole; the caller commits once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app.access import unguarded
from app.accounts.models import User
from app.audit import last_change
from app.contracts import terms
from app.contracts.linking import ANSWERED_FOR, follow_contract
from app.contracts.models import (
    ADDENDUM,
    ENDS,
    EXTENDS,
    LEAK,
    RESTRICTED,
    Contract,
    ContractClause,
    ContractLegalBasis,
    ContractPay,
    ContractReview,
    ContractSource,
    ContractSpan,
    ContractTest,
)
from app.contracts.workflow import MOVES, REJECTED, REVIEWED, SUBMITTED, note_asked, paper_on_file
from app.dates import UncertainDate
from app.db import db, now
from app.evidence.models import Source
from app.workflow import MoveNotAllowed, check_move

KEY_FACTS = frozenset({
    "modality", "parent", "effect", "company", "police_unit", "signed", "starts", "ends", "terminated", "projects",
    "places", "officers_least", "officers_most", "total_amount", "total_currency", "total_basis", "total_qualifier",
    "counts", "scope", "status", "obtained", "in_confidence", "may_be_published",
})  # fmt: skip
"""What leaves in a public pack, and whether it may: a change to one of these opens the review of a contract again."""
DAYS = ("signed", "starts", "ends", "terminated")
LATE_SIGNATURE = timedelta(days=183)
"""Papers are signed late, but not that long after all they say is over."""
MOST_COUNTED = 10_000


class ContractProblem(ValueError):
    """What cannot be true of a contract; the message is a sentence for people, *field* where it belongs."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


# --- the contract itself -------------------------------------------------------------------------


def record_contract(
    user: User, team_id: int, facts: dict[str, Any], *, external: tuple[str, str] | None = None, batch: Any = None
) -> Contract:
    """A new contract of the team. *facts* are columns and relations by their name. Raises ContractProblem."""
    contract = Contract(team_id=team_id, created_by_id=user.id, state=SUBMITTED)
    if external:
        contract.external_source, contract.external_id = external
    if batch is not None:
        contract.import_batch_id = batch.id
    check_facts(contract, facts)
    db.session.add(contract)
    _set(user, contract, facts)
    return contract


def change_contract(user: User, contract: Contract, facts: dict[str, Any]) -> None:
    """Replace these facts. A change of a key fact opens a review that was closed again. Raises ContractProblem."""
    check_facts(contract, facts)
    is_key = any(name in KEY_FACTS and _differs(getattr(contract, name), value) for name, value in facts.items())
    before, number = contract.base, contract.base_id
    answered_for = [name for name in ANSWERED_FOR if name in facts and _differs(getattr(contract, name), facts[name])]
    _set(user, contract, facts)
    follow_contract(contract, base_of(contract), number, answered_for)
    if is_key:
        open_review_again(contract, user)
    if before is not None and number != contract.base_id:
        work_out_terms(before)


def open_review_again(contract: Contract, user: User) -> None:
    """What was reviewed is no longer what is written."""
    if contract.state in REVIEWED:
        _step(contract, user, "changed", SUBMITTED, None)


def _differs(old: Any, new: Any) -> bool:
    if isinstance(new, list):
        return set(map(id, old)) != set(map(id, new))
    return bool(old != new)


def _set(user: User, contract: Contract, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        if name in ("projects", "places", "challenges"):
            _replace(getattr(contract, name), value)
        else:
            setattr(contract, name, value)
    base = base_of(contract)
    if contract.in_confidence:
        contract.confidentiality = RESTRICTED
    _share(contract, base)
    contract.touch(user.id)
    db.session.flush()
    _rebase(contract, base)
    work_out_terms(base)


def _replace(kept: Any, wanted: Iterable[Any]) -> None:
    """Rows that stay are not made anew: the history tells what was added and what taken out."""
    chosen = list(dict.fromkeys(wanted))
    for row in [row for row in kept if row not in chosen]:
        kept.remove(row)
    kept.extend(row for row in chosen if row not in list(kept))


def base_of(contract: Contract) -> Contract:
    """The agreement at the root of the chain. Raises ContractProblem for a ring."""
    seen = [contract]
    while seen[-1].parent is not None:
        if seen[-1].parent in seen:
            raise _ring()
        seen.append(seen[-1].parent)
    return seen[-1]


def _ring() -> ContractProblem:
    return ContractProblem(
        "parent", _("An addendum cannot hang on itself, nor on a paper that hangs on it. Choose the agreement.")
    )


def _rebase(contract: Contract, base: Contract) -> None:
    """The whole branch below goes with a paper that is hung elsewhere."""
    contract.base_id = base.id
    set_committed_value(contract, "base", base)
    for addendum in contract.addenda:
        _share(addendum, base)
        _rebase(addendum, base)


def _share(contract: Contract, base: Contract) -> None:
    """Who may read an agreement may read its addenda, and nobody else; what few may read does not leave."""
    if contract is not base:
        contract.confidentiality, contract.in_confidence = base.confidentiality, base.in_confidence
    if contract.obtained == LEAK or contract.confidentiality == RESTRICTED:
        contract.may_be_published = False


def work_out_terms(base: Contract) -> None:
    """Write the spans of an agreement anew, from its papers as they stand."""
    db.session.flush()
    papers = _papers_of(base)
    wanted = [] if base.is_withdrawn else terms.spans(terms.paper_of(paper) for paper in papers)
    known = {(span.kind, span.from_day, span.to_day): span for span in base.spans}
    base.spans[:] = [
        known.get((span.kind, span.from_day, span.to_day))
        or ContractSpan(kind=span.kind, from_day=span.from_day, to_day=span.to_day)
        for span in wanted
    ]
    db.session.flush()


def _papers_of(base: Contract) -> list[Contract]:
    """The chain in its order, read whole: a term follows from every paper, whoever may see it."""
    statement = select(Contract).where(Contract.base_id == base.id).order_by(Contract.id)
    papers = list(db.session.scalars(unguarded(statement, "a term follows from every paper of its chain")).unique())
    children: dict[int | None, list[Contract]] = {}
    for paper in papers:
        if paper is not base:
            children.setdefault(paper.parent_id, []).append(paper)
    for paper in papers:
        set_committed_value(paper, "addenda", children.get(paper.id, []))
    return terms.chain_of(base)


# --- what cannot be true -------------------------------------------------------------------------


def check_facts(contract: Contract, facts: dict[str, Any]) -> None:
    """Raises ContractProblem with the field and a sentence."""

    def given(name: str) -> Any:
        return facts[name] if name in facts else getattr(contract, name)

    _check_parent(contract, given("parent"), given("modality"), given("effect"))
    days = {name: given(name) or UncertainDate() for name in DAYS}
    _check_days(**days)
    if given("parent") is not None:
        _check_addendum(contract, given("parent"), given("effect"), days)
    _check_numbers(given)
    _check_sharing(given, bool(facts.get("may_be_published")))


def _check_parent(contract: Contract, parent: Contract | None, modality: str | None, effect: str | None) -> None:
    above = parent
    while above is not None:
        if above is contract:
            raise _ring()
        above = above.parent
    if parent is not None and parent.team_id != contract.team_id:
        raise ContractProblem("parent", _("The agreement belongs to another team, which answers for its own records."))
    if parent is not None and contract.in_confidence and not base_of(parent).in_confidence:
        raise ContractProblem(
            "parent", _("It was given in confidence: it cannot hang on an agreement that more people read.")
        )
    if parent is not None and parent.is_withdrawn:
        raise ContractProblem("parent", _("The agreement was withdrawn. Restore it first."))
    if modality == ADDENDUM and parent is None:
        raise ContractProblem("parent", _("Say which agreement the addendum belongs to."))
    if effect is not None and parent is None:
        raise ContractProblem("effect", _("Only an addendum extends, renews, amends or ends an agreement."))


def _check_days(signed: UncertainDate, starts: UncertainDate, ends: UncertainDate, terminated: UncertainDate) -> None:
    if _is_before(ends, starts):
        raise ContractProblem("ends", _("The end lies before the start."))
    if _is_before(terminated, starts):
        raise ContractProblem("terminated", _("It cannot have been ended before it started."))
    if _is_before(ends, signed) and not (starts.earliest or starts.latest):
        raise ContractProblem("ends", _("The end lies before the signature."))
    if ends.latest and signed.earliest and signed.earliest - ends.latest > LATE_SIGNATURE:
        raise ContractProblem("signed", _("The signature lies more than half a year after the end; check both days."))


def _check_addendum(contract: Contract, parent: Contract, effect: str | None, days: dict[str, UncertainDate]) -> None:
    if effect == ENDS and not any(day.earliest or day.latest for day in days.values()):
        raise ContractProblem(
            "starts",
            _("Say from when it ends the agreement. If no day is known, choose “Terminated” on the agreement."),
        )
    if effect != EXTENDS or days["ends"].latest is None:
        return
    paper = terms.Paper(days["signed"], days["starts"], days["ends"], days["terminated"], effect)
    chain = _papers_of(base_of(parent))
    known = terms.known_end(terms.paper_of(one) for one in terms.before(paper, contract, chain))
    if known and days["ends"].latest < known:
        raise ContractProblem(
            "ends",
            _("An extension cannot end before the term that it extends; choose “amends” or “ends”."),
        )


def _is_before(one: UncertainDate, other: UncertainDate) -> bool:
    """Whether *one* is earlier than *other* whatever the true days are."""
    return one.latest is not None and other.earliest is not None and one.latest < other.earliest


def _check_numbers(given: Any) -> None:
    for name in ("total_amount", "institution_amount"):
        if (given(name) or 0) < 0:
            raise ContractProblem(name, _("An amount cannot be negative."))
        if given(name) is not None and not given(name.replace("amount", "currency")):
            raise ContractProblem(name, _("Say in which currency the amount is."))
    least, most = given("officers_least"), given("officers_most")
    if (least or 0) < 0 or (most or 0) < 0:
        raise ContractProblem("officers_least", _("A number of officers cannot be negative."))
    if least is not None and most is not None and most < least:
        raise ContractProblem("officers_most", _("The most is less than the least."))
    if given("counts") is not None and given("counts") < 1:
        raise ContractProblem("counts", _("A record stands for one paper at least."))
    if (given("counts") or 0) > MOST_COUNTED:
        raise ContractProblem("counts", _("So many papers are hardly one record; please check the number."))


def _check_sharing(given: Any, is_asked: bool) -> None:
    """*is_asked*: to let it leave. Where that is not asked for, what may not leave loses its mark without a word."""
    if not is_asked:
        return
    if given("in_confidence"):
        raise ContractProblem("may_be_published", _("What was given in confidence does not leave in a public pack."))
    if given("obtained") == LEAK:
        raise ContractProblem("may_be_published", _("A leaked paper does not leave in a public pack."))
    if given("confidentiality") == RESTRICTED:
        raise ContractProblem(
            "may_be_published",
            _("What few people may read does not leave in a public pack. Open it to the team first."),
        )


# --- withdrawal ----------------------------------------------------------------------------------


def withdraw_contract(user: User, contract: Contract, reason: str) -> None:
    """Take it out of lists, suggestions and exports; the term is worked out without it. Raises ReasonMissing."""
    contract.withdraw(user.id, reason)
    work_out_terms(base_of(contract))


def restore_contract(user: User, contract: Contract) -> None:
    contract.restore(user.id)
    work_out_terms(base_of(contract))


# --- review --------------------------------------------------------------------------------------


def advance(user: User, contract: Contract, name: str, note: str | None) -> None:
    """Make a move of the review. Raises MoveNotAllowed. To review is not to edit: the last editor stays who it was."""
    if contract.is_withdrawn:
        raise MoveNotAllowed(_("The record was withdrawn. Restore it first."))
    move = check_move(contract, MOVES, name, user)
    words = (note or "").strip() or None
    if move.asks_note and words is None:
        raise MoveNotAllowed(note_asked(name))
    _step(contract, user, name, move.target, words)


def _step(contract: Contract, user: User, name: str, target: str, note: str | None) -> None:
    contract.reviews.append(
        ContractReview(move=name, from_state=contract.state, to_state=target, note=note, by_id=user.id)
    )
    is_of_the_term = REJECTED in (contract.state, target)
    contract.state, contract.updated_at = target, now()
    if is_of_the_term:
        # What is rejected says nothing of a term.
        work_out_terms(base_of(contract))


# --- parts ---------------------------------------------------------------------------------------


def add_pay(user: User, contract: Contract, facts: dict[str, Any]) -> ContractPay:
    """*facts* are columns by their name. Raises ContractProblem."""
    pay = ContractPay()
    contract.pay.append(pay)
    change_pay(user, contract, pay, facts)
    return pay


def change_pay(user: User, contract: Contract, pay: ContractPay, facts: dict[str, Any]) -> None:
    least, most = facts["amount_least"], facts.get("amount_most")
    if least < 0 or (most or 0) < 0:
        raise ContractProblem("amount", _("Pay cannot be negative."))
    if not (least or most):
        raise ContractProblem("amount", _("Pay of 0 is no pay. Leave the line out, or say it in words."))
    if most is not None and most < least:
        raise ContractProblem("amount", _("The most is less than the least."))
    _write(user, contract, pay, facts)


def add_clause(user: User, contract: Contract, facts: dict[str, Any]) -> ContractClause:
    clause = ContractClause()
    contract.clauses.append(clause)
    change_clause(user, contract, clause, facts)
    return clause


def change_clause(user: User, contract: Contract, clause: ContractClause, facts: dict[str, Any]) -> None:
    """A clause that is changed has to be checked again."""
    _write(user, contract, clause, facts | {"checked_by_id": None, "checked_at": None})


def check_clause(user: User, contract: Contract, clause: ContractClause) -> None:
    """Say that quote and page were compared with the paper, by somebody other than who wrote them down."""
    if reason := check_hindered_by(user, contract, clause, has_paper=paper_on_file(contract, user)):
        raise MoveNotAllowed(reason)
    written = last_change(db.session, clause)
    if written is not None and written.actor_id == user.id:
        raise MoveNotAllowed(_("You wrote this clause down; somebody else has to compare it with the paper."))
    clause.checked_by_id, clause.checked_at = user.id, now()


def check_hindered_by(user: User, contract: Contract, clause: ContractClause, *, has_paper: bool) -> str | None:
    """Why this user cannot say now that the clause was compared with the paper, as a sentence."""
    if contract.updated_by_id == user.id:
        return _("You changed the record last; somebody else has to compare it with the paper.")
    if not has_paper:
        return _("There is no paper to compare it with: add the file, and say that it is the paper itself.")
    if not (clause.quote or clause.page):
        return _("Write the words of the clause or its page first: without them there is nothing to compare.")
    return None


def set_legal_basis(user: User, contract: Contract, norm: str, facts: dict[str, Any]) -> None:
    """A norm that the contract cites, once; with the day on which we looked whether it is in force."""
    row = next((one for one in contract.legal_bases if one.norm == norm), None)
    if row is None:
        row = ContractLegalBasis(norm=norm)
        contract.legal_bases.append(row)
    _write(user, contract, row, facts)


def answer_test(user: User, contract: Contract, point: str, answer: str | None, note: str | None) -> None:
    """An answer to a point of the Tribunal's test; no answer takes it back."""
    row = next((one for one in contract.tests if one.point == point), None)
    if answer is None:
        if row is not None:
            contract.tests.remove(row)
            contract.touch(user.id)
        return
    if row is None:
        row = ContractTest(point=point)
        contract.tests.append(row)
    _write(user, contract, row, {"answer": answer, "note": note})


def add_source(user: User, contract: Contract, source: Source, credibility: str | None = None) -> None:
    """Of the same source there is one; credibility said again replaces what was said before."""
    known = next((link for link in contract.source_links if link.source is source), None)
    if known is None:
        contract.source_links.append(ContractSource(source=source, credibility=credibility))
    else:
        known.credibility = credibility or known.credibility
    contract.touch(user.id)


def erase_part(user: User, contract: Contract, part: Any) -> None:
    """Take out what does not belong here; the trail keeps that it was there."""
    for parts in (contract.pay, contract.clauses, contract.legal_bases, contract.tests, contract.source_links):
        if part in parts:
            parts.remove(part)
    contract.touch(user.id)


def _write(user: User, contract: Contract, part: Any, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(part, name, value)
    contract.touch(user.id)
