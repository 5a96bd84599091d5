"""The parts of a contract, each written in one form and one transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, find_visible
from app.contracts import operations, queries
from app.contracts.blueprint import bp
from app.contracts.models import Contract, ContractClause, ContractPay
from app.contracts.part_forms import (
    ChallengeForm,
    ClauseForm,
    LegalBasisForm,
    PartForm,
    PayForm,
    PointForm,
    linked_already,
    why_it_matters,
)
from app.contracts.views import open_or_404
from app.db import db
from app.part_pages import form_page, mend_part, write_part
from app.proceedings.models import Proceeding
from app.vocabulary.queries import entries
from app.workflow import MoveNotAllowed


def _address(contract: Contract, anchor: str) -> str:
    return url_for(".show", reference=contract.reference, _anchor=anchor)


def _page(form: PartForm, contract: Contract, title: str, anchor: str, doubts: Any = None, part: Any = None) -> Any:
    address = _address(contract, anchor)
    return form_page(
        "contracts/part.html", form, doubts=doubts, contract=contract, title=title, part=part, cancel_url=address
    )


def _new(form: PartForm, contract: Contract, title: str, anchor: str, write: Callable[[], str | None]) -> Any:
    return write_part(form, _address(contract, anchor), partial(_page, form, contract, title, anchor), write)


def _mend(
    kind: type[PayForm] | type[ClauseForm], contract: Contract, part: Any, title: str, anchor: str, write: Any
) -> Any:
    """The form of a part that is on record; of two who change it, the second sees both."""
    stored = kind(formdata=None, data=kind.as_typed(part))
    form = kind(formdata=conflicts.answers(stored), data=kind.as_typed(part))
    for each in (stored, form):
        each.offer(part)

    def save() -> None:
        write(current_user, contract, part, form.given())

    show = partial(_page, form, contract, title, anchor, part=part)
    return mend_part(form, stored, part, title=title, address=_address(contract, anchor), show=show, write=save)


def _part_or_404(contract: Contract, uid: str, *kinds: type) -> Any:
    part = queries.part_of(contract, uid)
    return part if isinstance(part, kinds) else abort(404)


# --- pay and clauses -----------------------------------------------------------------------------


@bp.route("/<reference>/pay/new", methods=["GET", "POST"])
@allow("records.write")
def new_pay(reference: str) -> Any:
    contract = open_or_404(reference)
    form = PayForm()
    form.offer()

    def write() -> str:
        operations.add_pay(current_user, contract, form.given())
        return _("The pay is written down.")

    return _new(form, contract, _("Add pay"), "pay", write)


@bp.route("/<reference>/pay/<uid>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_pay(reference: str, uid: str) -> Any:
    contract = open_or_404(reference)
    part = _part_or_404(contract, uid, ContractPay)
    return _mend(PayForm, contract, part, _("Edit the pay"), "pay", operations.change_pay)


@bp.route("/<reference>/clauses/new", methods=["GET", "POST"])
@allow("records.write")
def new_clause(reference: str) -> Any:
    contract = open_or_404(reference)
    form = ClauseForm(clause=request.args.get("clause"))
    form.offer()
    if request.method == "GET" and form.clause.data:
        form.why.data = why_it_matters(form.clause.data)

    def write() -> str:
        operations.add_clause(current_user, contract, form.given())
        return _("The clause is written down.")

    return _new(form, contract, _("Add a clause"), "clauses", write)


@bp.route("/<reference>/clauses/<uid>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_clause(reference: str, uid: str) -> Any:
    contract = open_or_404(reference)
    part = _part_or_404(contract, uid, ContractClause)
    return _mend(ClauseForm, contract, part, _("Edit the clause"), "clauses", operations.change_clause)


@bp.post("/<reference>/clauses/<uid>/check")
@allow("records.write")
def check_clause(reference: str, uid: str) -> Any:
    contract = open_or_404(reference)
    clause = _part_or_404(contract, uid, ContractClause)
    try:
        operations.check_clause(current_user, contract, clause)
    except MoveNotAllowed as problem:
        abort(409, str(problem.reason))
    db.session.commit()
    web.say(_("It stands on record that you compared the clause with the paper."))
    return redirect(_address(contract, "clauses"), 303)


@bp.post("/<reference>/parts/<uid>/erase")
@allow("records.write")
def erase_part(reference: str, uid: str) -> Any:
    contract = open_or_404(reference)
    part = _part_or_404(contract, uid, ContractPay, ContractClause)
    operations.erase_part(current_user, contract, part)
    db.session.commit()
    web.say(_("It is taken out."))
    return redirect(_address(contract, "pay" if isinstance(part, ContractPay) else "clauses"), 303)


# --- legal bases and the test --------------------------------------------------------------------


@bp.route("/<reference>/legal-bases", methods=["GET", "POST"])
@allow("records.write")
def legal_bases(reference: str) -> Any:
    contract = open_or_404(reference)
    form = LegalBasisForm(norm=request.args.get("norm"))
    form.offer()
    if form.validate_on_submit():
        facts = {"checked_on": form.checked_on.data, "note": form.note.data or None}
        operations.set_legal_basis(current_user, contract, form.norm.data, facts)
        db.session.commit()
        web.say(_("The legal basis is written down."))
        return web.back_to(".legal_bases", reference=reference)
    page = render_template(
        "contracts/legal_bases.html", form=form, contract=contract, known=entries("legal_bases_contracts")
    )
    return page, 400 if form.errors else 200


@bp.post("/<reference>/legal-bases/erase")
@allow("records.write")
def erase_legal_basis(reference: str) -> Any:
    contract = open_or_404(reference)
    row = next((row for row in contract.legal_bases if row.norm == request.form.get("norm")), None) or abort(404)
    operations.erase_part(current_user, contract, row)
    db.session.commit()
    web.say(_("It is taken out."))
    return web.back_to(".legal_bases", reference=reference)


@bp.route("/<reference>/test", methods=["GET", "POST"])
@allow("records.write")
def test(reference: str) -> Any:
    """All points of the Tribunal's test in one form."""
    contract = open_or_404(reference)
    known = {row.point: row for row in contract.tests}
    points = []
    for code, entry in entries("contract_tests").items():
        if entry.active or code in known:
            row = known.get(code)
            form = PointForm(prefix=code, data={"answer": row.answer, "note": row.note} if row else {})
            form.offer()
            points.append((entry, form))
    if request.method == "POST" and all([form.validate() for _entry, form in points]):
        for entry, form in points:
            answer, note = form.answer.data or None, form.note.data or None
            row = known.get(entry.code)
            if (answer, note) != ((row.answer, row.note) if row else (None, None)):
                operations.answer_test(current_user, contract, entry.code, answer, note)
        db.session.commit()
        web.say(_("The answers are saved."))
        return redirect(_address(contract, "test"), 303)
    page = render_template("contracts/test.html", contract=contract, points=points)
    return page, 400 if any(form.errors for _entry, form in points) else 200


# --- court challenges ----------------------------------------------------------------------------


@bp.route("/<reference>/challenges/new", methods=["GET", "POST"])
@allow("records.write")
def challenge(reference: str) -> Any:
    contract = open_or_404(reference)
    form = ChallengeForm(proceeding=request.args.get("proceeding"))

    def write() -> str | None:
        wanted = (form.proceeding.data or "").strip().upper()
        row = find_visible(Proceeding, current_user, wanted, withdrawn=False)
        if row is None:
            form.proceeding.errors = [_("There is no proceeding of this reference that you may see.")]
            return None
        if not linked_already(contract, row):
            operations.change_contract(current_user, contract, {"challenges": [*contract.challenges, row]})
        return _("The proceeding is linked.")

    return _new(form, contract, _("Link a proceeding"), "challenges", write)


@bp.post("/<reference>/challenges/erase")
@allow("records.write")
def erase_challenge(reference: str) -> Any:
    contract = open_or_404(reference)
    wanted = request.form.get("proceeding", "").strip().upper()
    row = find_visible(Proceeding, current_user, wanted) or abort(404)
    kept = [one for one in contract.challenges if one is not row]
    operations.change_contract(current_user, contract, {"challenges": kept})
    db.session.commit()
    web.say(_("The proceeding is no longer linked."))
    return redirect(_address(contract, "challenges"), 303)
