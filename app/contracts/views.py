"""Pages of the register: the list, one contract, writing one down and changing it, its review and withdrawal."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, full_ids, full_or_404, reads_in_full, visible_or_404, writable_or_404
from app.contracts import documents, export, operations, queries, words
from app.contracts.blueprint import bp
from app.contracts.filters import WishForm
from app.contracts.forms import ContractForm, as_typed, for_addendum
from app.contracts.history import history_of
from app.contracts.in_force import kind_within
from app.contracts.links import TransparencyRequest
from app.contracts.models import Contract
from app.contracts.operations import ContractProblem
from app.contracts.page import page_of
from app.contracts.requests import note_contract
from app.contracts.sources import set_sources
from app.contracts.workflow import DONE
from app.db import db
from app.downloads import give
from app.part_pages import add_withdrawal, form_page
from app.workflow import MoveNotAllowed


@bp.get("/")
@allow("records.read")
def index() -> Any:
    form = WishForm(request.args)
    is_readable = form.validate()
    wish = form.wish()
    page = web.paged(queries.contracts_found(current_user, wish), load=queries.for_list)
    return render_template(
        "contracts/index.html",
        page=page,
        form=form,
        wish=wish,
        is_readable=is_readable,
        addenda=queries.addenda_counted(current_user, page.rows),
        in_full=full_ids(Contract, current_user, page.rows),
        kind_within=kind_within,
        words=words,
        asked={name: value for name, value in request.args.items() if name in form},
    )


@bp.post("/export")
@allow("records.export")
def export_list() -> Any:
    asked = WishForm(request.form)
    asked.validate()
    return give(current_user, export.table_of(current_user, asked.wish()))


# --- one contract --------------------------------------------------------------------------------


def shown_or_404(reference: str) -> Contract:
    """The contract with all that its page shows."""
    return visible_or_404(Contract, current_user, reference, load=queries.for_page)


def open_or_404(reference: str) -> Contract:
    """A contract to write to; a withdrawn one is restored first."""
    return writable_or_404(Contract, current_user, reference, load=queries.for_page)


@bp.get("/<reference>")
@allow("records.read")
def show(reference: str) -> Any:
    contract = shown_or_404(reference)
    return render_template("contracts/show.html", **page_of(contract, current_user, request.args.get("on", "")))


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    """A new agreement; where the address names a request for information, the one that it brought."""
    given: dict[str, Any] = {"country": current_app.config["SETTINGS"].country, "status": "UNKNOWN"}
    brought_by = None
    if reference := request.args.get("request"):
        brought_by = writable_or_404(TransparencyRequest, current_user, reference)
        given["obtained"] = "HABEAS_DATA" if brought_by.proceeding_id else "REQUEST"
    form = ContractForm(data=given)
    form.offer(current_user)
    return _recorded(form, _("New contract"), url_for(".index"), brought_by=brought_by)


@bp.route("/<reference>/addenda/new", methods=["GET", "POST"])
@allow("records.write")
def new_addendum(reference: str) -> Any:
    parent = open_or_404(reference)
    known = queries.addenda_counted(current_user, [parent.base or parent])
    form = ContractForm(data=for_addendum(1 + sum(known.values())))
    form.offer(current_user, parent=parent)
    return _recorded(form, _("Add an addendum"), url_for(".show", reference=reference), parent)


def _recorded(
    form: ContractForm,
    title: str,
    cancel_url: str,
    parent: Contract | None = None,
    brought_by: TransparencyRequest | None = None,
) -> Any:
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if request.form.get("act") == "more":
        form.sources.append_entry()
    elif form.validate_on_submit():
        team_id = parent.team_id if parent else form.team_id.data
        try:
            company = form.company_of(team_id)
            contract = operations.record_contract(current_user, team_id, form.facts() | {"company": company})
            set_sources(current_user, contract, form.sources_given())
        except ContractProblem as problem:
            _complain(form, problem)
        else:
            if brought_by is not None:
                note_contract(current_user, brought_by, contract)
            db.session.flush()
            return redirect(web.commit_once(url_for(".show", reference=contract.reference), form.form_token.data), 303)
    return _form_page(form, title, cancel_url, parent=parent)


def _complain(form: ContractForm, problem: ContractProblem) -> None:
    """What cannot be true stands at its field; where the form does not show that, on top."""
    db.session.rollback()
    if problem.field in form:
        form[problem.field].errors = [*form[problem.field].errors, str(problem)]
    else:
        form.form_errors.append(str(problem))


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    contract = open_or_404(reference)
    stored = ContractForm(formdata=None, data=as_typed(contract))
    form = ContractForm(formdata=conflicts.answers(stored), data=as_typed(contract))
    for each in (stored, form):
        each.offer(current_user, contract)
    address = url_for(".show", reference=reference)
    title = _("Edit: %(title)s", title=contract.title)
    if request.form.get("act") == "more":
        form.sources.append_entry()
    elif form.validate_on_submit():
        if conflicts.is_stale(form, contract):
            return conflicts.page(form, stored, contract, title=title, action=request.path, cancel_url=address)
        try:
            company = form.company_of(contract.team_id)
            operations.change_contract(current_user, contract, form.facts() | {"company": company})
            set_sources(current_user, contract, form.sources_given())
        except ContractProblem as problem:
            _complain(form, problem)
        else:
            db.session.commit()
            web.say(_("The changes are saved."))
            # Whoever restricts what somebody else recorded may close it to themselves.
            return redirect(address if reads_in_full(current_user, contract) else url_for(".index"), 303)
    return _form_page(form, title, address, contract=contract)


def _form_page(
    form: ContractForm, title: str, cancel_url: str, *, contract: Contract | None = None, parent: Contract | None = None
) -> Any:
    return form_page(
        "contracts/edit.html",
        form,
        title=title,
        contract=contract,
        parent=parent or (contract.parent if contract else None),
        cancel_url=cancel_url,
    )


@bp.get("/<reference>/history")
@allow("records.read")
def history(reference: str) -> Any:
    contract = shown_or_404(reference)
    if not reads_in_full(current_user, contract):
        abort(404)
    steps, _more = history_of(current_user, contract)
    return render_template("contracts/history.html", contract=contract, steps=steps)


@bp.post("/<reference>/move")
@allow("records.review")
def move(reference: str) -> Any:
    contract = full_or_404(Contract, current_user, reference, "records.review")
    name, note = request.form.get("move", ""), request.form.get("note", "")
    if request.form.get("version") != str(contract.version):
        changed = _("The record was changed after you opened it. Read it again; your note is still here.")
        return _show_again(reference, note, changed), 409
    try:
        operations.advance(current_user, contract, name, note)
    except MoveNotAllowed as problem:
        db.session.rollback()
        return _show_again(reference, note, str(problem.reason)), 400
    db.session.commit()
    web.say(str(DONE[name]))
    return web.back_to(".show", reference=reference)


def _show_again(reference: str, note: str, problem: str) -> str:
    shown = page_of(shown_or_404(reference), current_user, "")
    return render_template("contracts/show.html", **(shown | {"problem": problem, "typed": note}))


add_withdrawal(bp, Contract, operations.withdraw_contract, operations.restore_contract)


@bp.post("/<reference>/document")
@allow("records.write")
def document(reference: str) -> Any:
    """Say which of the files is the paper itself, or that none is."""
    contract = open_or_404(reference)
    try:
        documents.name_document(current_user, contract, request.form.get("file") or None)
    except ContractProblem as problem:
        web.say(str(problem))
    else:
        db.session.commit()
        web.say(_("The changes are saved."))
    return redirect(url_for(".show", reference=reference, _anchor="files"), 303)
