"""Pages of requests for information: the list, one request, writing one down and changing it, its moves."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, find_visible, visible_or_404, writable_or_404
from app.contracts import request_export, request_queries, requests
from app.contracts.blueprint import requests_bp as bp
from app.contracts.links import TransparencyRequest
from app.contracts.models import Contract
from app.contracts.request_agenda import silence_words, title_of
from app.contracts.request_forms import FORMS, MoveForm, RequestForm, as_typed
from app.contracts.request_history import history_of
from app.contracts.request_page import STATUSES, count_words, page_of
from app.contracts.request_queries import LATE, WITHDRAWN, RequestWish
from app.contracts.request_terms import Count, answer_term, appeal_term
from app.contracts.request_workflow import DONE, MOVES
from app.contracts.requests import RequestProblem
from app.dates import today
from app.db import db
from app.downloads import give
from app.part_pages import add_withdrawal, form_page
from app.proceedings.proposals import step_words
from app.vocabulary.queries import choices
from app.workflow import MoveNotAllowed, check_move


def _wish(given: Any) -> RequestWish:
    return RequestWish(**{name: given.get(name, "").strip()[:200] for name in ("text", "status")})


@bp.get("/")
@allow("records.read")
def index() -> Any:
    wish = _wish(request.args)
    found = request_queries.requests_found(current_user, wish, today())
    return render_template(
        "contracts/requests/index.html",
        page=web.paged(found, load=request_queries.for_list),
        wish=wish,
        filters=vars(wish),
        statuses=[(LATE, _("Term has passed")), *choices(STATUSES), (WITHDRAWN, _("Withdrawn"))],
        title_of=title_of,
        silence_words=silence_words,
    )


@bp.post("/export")
@allow("records.export")
def export_list() -> Any:
    return give(current_user, request_export.table_of(current_user, _wish(request.form)))


# --- one request ---------------------------------------------------------------------------------


@bp.get("/<reference>")
@allow("records.read")
def show(reference: str) -> Any:
    record = visible_or_404(TransparencyRequest, current_user, reference, load=request_queries.for_page)
    page = page_of(record, current_user)
    return render_template("contracts/requests/show.html", **page, count_words=count_words, step_words=step_words)


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    form = RequestForm(data=_asked_for() if request.method == "GET" else None)
    form.offer(current_user)
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        facts = form.facts()
        try:
            record = requests.record_request(current_user, form.team_id.data, facts)
        except RequestProblem as problem:
            _say_problem(form, problem)
        else:
            db.session.flush()
            return redirect(web.commit_once(url_for(".show", reference=record.reference), form.form_token.data), 303)
    return _form_page(form, _("New request for information"), url_for(".index"))


def _asked_for() -> dict[str, Any]:
    """From the page of a contract one comes with its reference, from that of a body with its name."""
    contract = find_visible(Contract, current_user, request.args.get("contract", ""), withdrawn=False)
    body = request.args.get("body", "")[:300]
    return {"contracts": [contract.reference] if contract else [], "body": body}


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    record = writable_or_404(TransparencyRequest, current_user, reference)
    typed = as_typed(current_user, record)
    stored = RequestForm(formdata=None, data=typed)
    stored.offer(current_user, record)
    form = RequestForm(formdata=conflicts.answers(stored), data=typed)
    form.offer(current_user, record)
    address, title = url_for(".show", reference=reference), _("Edit the request")
    if form.validate_on_submit():
        if conflicts.is_stale(form, record):
            return conflicts.page(form, stored, record, title=title, action=request.path, cancel_url=address)
        try:
            requests.change_request(current_user, record, form.facts(record))
        except RequestProblem as problem:
            _say_problem(form, problem)
        else:
            db.session.commit()
            web.say(_("The changes are saved."))
            return redirect(address, 303)
    return _form_page(form, title, address, record)


def _say_problem(form: Any, problem: RequestProblem) -> None:
    """At its field, or on top where the form does not show the field."""
    if problem.field in form:
        form[problem.field].errors = [str(problem)]
    else:
        form.form_errors = [str(problem)]


def _form_page(form: RequestForm, title: str, cancel_url: str, record: TransparencyRequest | None = None) -> Any:
    return form_page("contracts/requests/edit.html", form, title=title, record=record, cancel_url=cancel_url)


@bp.get("/<reference>/history")
@allow("records.read")
def history(reference: str) -> Any:
    record = visible_or_404(TransparencyRequest, current_user, reference)
    steps = history_of(record, current_user)
    return render_template("contracts/requests/history.html", record=record, steps=steps, title=title_of(record))


add_withdrawal(bp, TransparencyRequest, requests.withdraw_request, requests.restore_request)


# --- moves ---------------------------------------------------------------------------------------


@bp.route("/<reference>/moves/<name>", methods=["GET", "POST"])
@allow("records.write")
def move(reference: str, name: str) -> Any:
    """A small form for one move. Where a term follows, it is shown day by day before it is kept."""
    record = writable_or_404(TransparencyRequest, current_user, reference)
    if name not in FORMS:
        abort(404)
    form = FORMS[name](data=_known(record, name))
    form.user = current_user
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    count = None
    try:
        check_move(record, MOVES, name, current_user)
        if form.validate_on_submit():
            if form.term and request.form.get("act") == "count":
                count = _count(record, name, form)
            else:
                return _moved(record, name, form)
    except MoveNotAllowed as problem:
        abort(409, str(problem.reason))
    except RequestProblem as problem:
        _say_problem(form, problem)
    return _move_page(record, name, form, count if not form.errors else None)


def _known(record: TransparencyRequest, name: str) -> dict[str, Any]:
    """What stands there already is offered again: words, and a number; days belong to the step that is written down."""
    kept = {field: getattr(record, field) for field in ("number", "result")}
    if name == "file":
        kept["filed"] = record.filed
    return kept


def _moved(record: TransparencyRequest, name: str, form: MoveForm) -> Any:
    requests.advance(current_user, record, name, form.facts())
    web.say(str(DONE[name]))
    if name == "appeal" and record.appeal_due_on and record.appealed_on and record.appealed_on > record.appeal_due_on:
        web.say(_("It was filed after its last day: it may be rejected as late."), "warn")
    address = url_for(".show", reference=record.reference)
    return redirect(web.commit_once(address, form.form_token.data), 303)


def _count(record: TransparencyRequest, name: str, form: MoveForm) -> Count | None:
    """The proposal, written into the field of its term, where it may be changed before it is kept."""
    after = requests.term_starts(record, name, form.facts())
    if after is None or form.term is None:
        form.form_errors = [_("Without a whole day there is nothing to count from.")]
        return None
    count = answer_term(after) if name == "file" else appeal_term(after)
    form[form.term].data = count.last_on
    return count


def _move_page(record: TransparencyRequest, name: str, form: MoveForm, count: Count | None) -> Any:
    return form_page(
        "contracts/requests/move.html",
        form,
        record=record,
        record_title=title_of(record),
        title=MOVES[name].label,
        name=name,
        count=count,
        count_words=count_words,
        step_words=step_words,
    )
