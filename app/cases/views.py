"""Pages of cases: the list, the case, who follows it, withdrawal."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, full_ids, full_or_404, may, reads_in_full, visible_or_404, writable_or_404
from app.cases import export, operations, queries
from app.cases.blueprint import bp
from app.cases.forms import CaseForm, MemberForm, WithdrawForm
from app.cases.models import Case
from app.cases.queries import CaseWish
from app.db import db
from app.downloads import give
from app.part_pages import form_page
from app.vocabulary.queries import choices


@bp.get("/")
@allow("records.read")
def index() -> Any:
    wish = _wish(request.args)
    page = web.paged(queries.cases_found(current_user, wish))
    return render_template(
        "cases/index.html",
        page=page,
        wish=wish,
        filters=vars(wish),
        statuses=[*choices("monitoring_status"), (queries.WITHDRAWN, _("Withdrawn"))],
        in_full=full_ids(Case, current_user, page.rows),
        shown_title=queries.shown_title,
    )


def _wish(given: Any) -> CaseWish:
    return CaseWish(**{name: given.get(name, "").strip()[:200] for name in ("text", "status", "mine")})


@bp.post("/export")
@allow("records.export")
def export_list() -> Any:
    return give(current_user, export.table_of(current_user, _wish(request.form)))


@bp.get("/<reference>")
@allow("records.read")
def show(reference: str) -> Any:
    return _case_page(visible_or_404(Case, current_user, reference))


def _case_page(case: Case, member_form: MemberForm | None = None) -> Any:
    in_full = reads_in_full(current_user, case)
    may_write = in_full and may(current_user, "records.write", case.team_id) and not case.is_withdrawn
    return render_template(
        "cases/show.html",
        case=case,
        in_full=in_full,
        title=queries.shown_title(case, in_full),
        may_write=may_write,
        may_manage=in_full and may(current_user, "cases.manage", case.team_id),
        member_form=member_form or MemberForm(formdata=None),
    )


@bp.get("/<reference>/add")
@allow("records.write")
def add(reference: str) -> Any:
    """What can be put into the case: each room says what it has to offer."""
    case = writable_or_404(Case, current_user, reference)
    return render_template("cases/add.html", case=case, title=queries.shown_title(case, True))


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    form = CaseForm(country=current_app.config["SETTINGS"].country)
    form.offer(current_user)
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        case = operations.open_case(current_user, form.team_id.data, form.facts())
        db.session.flush()
        return redirect(web.commit_once(url_for(".show", reference=case.reference), form.form_token.data), 303)
    return _form_page(form, _("New case"), url_for(".index"))


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    case = writable_or_404(Case, current_user, reference)
    stored = CaseForm(formdata=None, obj=case)
    stored.offer(current_user, case)
    form = CaseForm(formdata=conflicts.answers(stored), obj=case)
    form.offer(current_user, case)
    for each in (stored, form):
        del each.team_id
        if not queries.may_open_up(current_user, case):
            del each.confidentiality
    address = url_for(".show", reference=reference)
    if form.validate_on_submit():
        if conflicts.is_stale(form, case):
            title = queries.shown_title(case, True)
            return conflicts.page(form, stored, case, title=title, action=request.path, cancel_url=address)
        operations.edit_case(current_user, case, form.facts())
        db.session.commit()
        web.say(_("The changes are saved."))
        return redirect(address, 303)
    return _form_page(form, _("Edit the case"), address, case)


def _form_page(form: CaseForm, title: str, cancel_url: str, case: Case | None = None) -> Any:
    return form_page("cases/edit.html", form, title=title, cancel_url=cancel_url, case=case)


# --- who follows the case ------------------------------------------------------------------------


@bp.post("/<reference>/members")
@allow("cases.manage")
def add_member(reference: str) -> Any:
    case = writable_or_404(Case, current_user, reference, "cases.manage")
    form = MemberForm()
    colleague = queries.colleague_named(case, form.name.data or "")
    if form.validate_on_submit() and colleague is None:
        form.name.errors = [_("Nobody of this team who could join is called so; write the whole name or the e-mail.")]
    if form.errors or colleague is None:
        return _case_page(case, form), 400
    operations.add_member(current_user, case, colleague)
    db.session.commit()
    web.say(_("%(name)s follows this case now.", name=colleague.name))
    return web.back_to(".show", reference=reference, _anchor="members")


@bp.post("/<reference>/members/remove")
@allow("cases.manage")
def remove_member(reference: str) -> Any:
    case = writable_or_404(Case, current_user, reference, "cases.manage")
    operations.remove_member(current_user, case, request.form.get("user", 0, type=int))
    db.session.commit()
    return web.back_to(".show", reference=reference, _anchor="members")


@bp.get("/<reference>/members/suggest")
@allow("cases.manage")
def suggest_members(reference: str) -> Any:
    case = writable_or_404(Case, current_user, reference, "cases.manage")
    return queries.colleagues_like(case, request.args.get("q", "")[:200])


# --- withdrawal ----------------------------------------------------------------------------------


@bp.route("/<reference>/withdraw", methods=["GET", "POST"])
@allow("cases.manage")
def withdraw(reference: str) -> Any:
    case = full_or_404(Case, current_user, reference, "cases.manage")
    form = WithdrawForm()
    if case.is_withdrawn:
        abort(409)
    if form.validate_on_submit():
        operations.withdraw_case(current_user, case, form.reason.data or "")
        db.session.commit()
        web.say(_("The case is withdrawn. It can be restored from its page."))
        return web.back_to(".show", reference=reference)
    page = render_template("cases/withdraw.html", form=form, case=case, title=queries.shown_title(case, True))
    return page, 400 if form.errors else 200


@bp.post("/<reference>/restore")
@allow("cases.manage")
def restore(reference: str) -> Any:
    case = full_or_404(Case, current_user, reference, "cases.manage")
    operations.restore_case(current_user, case)
    db.session.commit()
    web.say(_("The case is back in the lists."))
    return web.back_to(".show", reference=reference)
