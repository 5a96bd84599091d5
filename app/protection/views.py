"""Pages of protection: the list, one record, writing one down and changing it, withdrawal."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, full_ids, may, reads_in_full, visible, visible_or_404, writable_or_404
from app.cases.models import Case
from app.cases.queries import shown_title as case_title
from app.dates import UncertainDate, today
from app.db import db
from app.doubts import Doubt, Unconfirmed
from app.downloads import give
from app.part_pages import add_withdrawal, form_page
from app.people.models import Person
from app.protection import export, operations, queries
from app.protection.blueprint import bp
from app.protection.forms import FORMS, ProtectionForm, RiskForm, as_typed
from app.protection.history import history_of
from app.protection.models import RISK, Protection, RiskAssessment
from app.protection.names import KINDS
from app.protection.page import page_of
from app.protection.queries import WITHDRAWN, ProtectionWish
from app.vocabulary.queries import choices


@bp.get("/")
@allow("records.read")
def index() -> Any:
    wish = _wish(request.args)
    page = web.paged(queries.protection_found(current_user, wish, today()), load=queries.for_list)
    return render_template(
        "protection/index.html",
        page=page,
        wish=wish,
        filters=vars(wish),
        kinds=KINDS,
        statuses=[*choices("intervention_status"), (WITHDRAWN, _("Withdrawn"))],
        dues=export.DUES.items(),
        owners=export.OWNERS.items(),
        in_full=full_ids(Protection, current_user, page.rows),
        full_cases=full_ids(Case, current_user, [row.case for row in page.rows]),
        shown_title=queries.shown_title,
        status_words=queries.status_words,
        case_title=case_title,
        today=today(),
    )


def _wish(given: Any) -> ProtectionWish:
    names = ("text", "kind", "status", "due", "whose", "case")
    return ProtectionWish(**{name: given.get(name, "").strip()[:200] for name in names})


@bp.post("/export")
@allow("records.export")
def export_list() -> Any:
    return give(current_user, export.table_of(current_user, _wish(request.form)))


# --- one record ----------------------------------------------------------------------------------


def shown_or_404(reference: str) -> Protection:
    """The record with all that its page shows."""
    return visible_or_404(Protection, current_user, reference, load=queries.for_page)


def open_or_404(reference: str) -> Protection:
    """A record to write to; a withdrawn one is restored first."""
    record = writable_or_404(Protection, current_user, reference, load=queries.for_page)
    if record.case.is_withdrawn:
        abort(409, _("The record was withdrawn. Restore it first."))
    return record


@bp.get("/<reference>")
@allow("records.read")
def show(reference: str) -> Any:
    return render_template("protection/show.html", **page_of(shown_or_404(reference), current_user))


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    """It belongs to a case: the address names it and the kind, or the page asks for them."""
    reference, kind = request.args.get("case"), request.args.get("kind", "")
    if not reference or kind not in FORMS:
        return _choose(kind)
    case = writable_or_404(Case, current_user, reference)
    form = FORMS[kind]()
    form.offer(queries.people_in(current_user, case), queries.incidents_in(current_user, case))
    if request.method == "GET":
        _begin(form, case)
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    doubts = None
    if form.validate_on_submit():
        try:
            record = operations.write_down(current_user, case, kind, form.facts(current_user), form.doubts_reason.data)
        except Unconfirmed as problem:
            doubts = problem.doubts
        else:
            db.session.flush()
            address = url_for(".show", reference=record.reference)
            return redirect(web.commit_once(address, form.form_token.data), 303)
    back = url_for("cases.show", reference=case.reference)
    return _form_page(form, str(KINDS[kind]), case, back, doubts)


def _choose(kind: str) -> Any:
    cases: Any = db.session.scalars(
        visible(Case, current_user).where(Case.full_to(current_user)).order_by(Case.updated_at.desc()).limit(200)
    )
    mine = [case for case in cases if may(current_user, "records.write", case.team_id)]
    return render_template(
        "protection/choose.html", cases=mine, case_title=case_title, kinds=KINDS, kind=kind if kind in FORMS else RISK
    )


def _begin(form: ProtectionForm, case: Case) -> None:
    """A new form knows today, and from where one came."""
    if isinstance(form, RiskForm):
        form.happened.data = UncertainDate.on(today())
        form.person.data = request.args.get("person", "")
    form.incident.data = request.args.get("incident", "")


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    record = open_or_404(reference)
    kind = FORMS[record.kind]
    typed = as_typed(record, kind)
    stored = kind(formdata=None, data=typed)
    form = kind(formdata=conflicts.answers(stored), data=typed)
    named: Person | None = record.person if isinstance(record, RiskAssessment) else None
    people = queries.people_in(current_user, record.case, named)
    incidents = queries.incidents_in(current_user, record.case)
    for each in (stored, form):
        each.offer(people, incidents, record)
    address = url_for(".show", reference=reference)
    title = _("Edit: %(title)s", title=KINDS[record.kind])
    doubts = None
    if form.validate_on_submit():
        if conflicts.is_stale(form, record):
            return conflicts.page(form, stored, record, title=title, action=request.path, cancel_url=address)
        try:
            operations.change(current_user, record, form.facts(current_user), form.doubts_reason.data)
        except Unconfirmed as problem:
            doubts = problem.doubts
        else:
            db.session.commit()
            web.say(_("The changes are saved."))
            return redirect(address, 303)
    return _form_page(form, title, record.case, address, doubts, record)


def _form_page(
    form: ProtectionForm,
    title: str,
    case: Case,
    cancel_url: str,
    doubts: list[Doubt] | None,
    record: Protection | None = None,
) -> Any:
    return form_page(
        "protection/edit.html",
        form,
        title=title,
        case=case,
        case_title=case_title(case, True),
        record=record,
        doubts=doubts,
        cancel_url=cancel_url,
    )


@bp.get("/<reference>/history")
@allow("records.read")
def history(reference: str) -> Any:
    record = shown_or_404(reference)
    if not reads_in_full(current_user, record):
        abort(404)
    steps, _more = history_of(record)
    title = queries.shown_title(record, True)
    return render_template("protection/history.html", record=record, steps=steps, title=title)


add_withdrawal(bp, Protection, operations.withdraw, operations.restore)
