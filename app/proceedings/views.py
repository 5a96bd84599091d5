"""Pages of proceedings: the list and its file, one of them, opening and changing, withdrawal."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, full_ids, may, reads_in_full, visible, visible_or_404, writable_or_404
from app.cases.models import Case
from app.cases.queries import shown_title as case_title
from app.db import db
from app.downloads import give
from app.incidents.models import Incident
from app.part_pages import add_withdrawal, form_page
from app.proceedings import export, operations, queries
from app.proceedings.blueprint import bp
from app.proceedings.forms import DIRECTIONS, ProceedingForm, as_typed
from app.proceedings.history import history_of
from app.proceedings.models import Proceeding
from app.proceedings.page import page_of
from app.proceedings.public_part import advance_public
from app.proceedings.queries import WITHDRAWN, ProceedingWish
from app.public_part import DONE
from app.vocabulary.queries import choices
from app.workflow import MoveNotAllowed


def _wish(given: Any) -> ProceedingWish:
    names = ("text", "direction", "stage", "outcome", "case")
    return ProceedingWish(**{name: given.get(name, "").strip()[:200] for name in names})


@bp.get("/")
@allow("records.read")
def index() -> Any:
    wish = _wish(request.args)
    page = web.paged(queries.proceedings_found(current_user, wish), load=queries.for_list)
    return render_template(
        "proceedings/index.html",
        page=page,
        wish=wish,
        filters=vars(wish),
        directions=DIRECTIONS,
        stages=choices("proc_stages"),
        outcomes=[*choices("proc_outcomes"), (WITHDRAWN, _("Withdrawn"))],
        in_full=full_ids(Proceeding, current_user, page.rows),
        full_cases=full_ids(Case, current_user, [row.case for row in page.rows]),
        shown_title=queries.shown_title,
        case_title=case_title,
    )


@bp.post("/export")
@allow("records.export")
def export_list() -> Any:
    return give(current_user, export.table_of(current_user, _wish(request.form)))


# --- one proceeding ------------------------------------------------------------------------------


def shown_or_404(reference: str) -> Proceeding:
    """The proceeding with all that its page shows."""
    return visible_or_404(Proceeding, current_user, reference, load=queries.for_page)


def open_or_404(reference: str) -> Proceeding:
    """A proceeding to write to; a withdrawn one is restored first."""
    proceeding = writable_or_404(Proceeding, current_user, reference, load=queries.for_page)
    if proceeding.case.is_withdrawn:
        abort(409, _("The record was withdrawn. Restore it first."))
    return proceeding


@bp.get("/<reference>")
@allow("records.read")
def show(reference: str) -> Any:
    proceeding = shown_or_404(reference)
    return render_template("proceedings/show.html", **page_of(proceeding, current_user, request.args))


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    """A proceeding belongs to a case: the address names it, or the page asks for it."""
    reference = request.args.get("case")
    if not reference:
        cases: Any = db.session.scalars(
            visible(Case, current_user).where(Case.full_to(current_user)).order_by(Case.updated_at.desc()).limit(200)
        )
        mine = [case for case in cases if may(current_user, "records.write", case.team_id)]
        return render_template("proceedings/choose_case.html", cases=mine, case_title=case_title)
    case = writable_or_404(Case, current_user, reference)
    form = ProceedingForm()
    incidents = _incidents_offered(case)
    form.offer(incidents)
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        proceeding = operations.open_proceeding(current_user, case, form.facts_given(current_user))
        operations.set_origin(current_user, proceeding, incidents, _chosen(form, incidents))
        db.session.flush()
        return redirect(web.commit_once(url_for(".show", reference=proceeding.reference), form.form_token.data), 303)
    return _form_page(form, _("New proceeding"), case, url_for("cases.show", reference=case.reference))


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    proceeding = open_or_404(reference)
    incidents = _incidents_offered(proceeding.case, proceeding)
    typed = as_typed(proceeding, incidents)
    stored = ProceedingForm(formdata=None, data=typed)
    stored.offer(incidents, proceeding)
    form = ProceedingForm(formdata=conflicts.answers(stored), data=typed)
    form.offer(incidents, proceeding)
    address = url_for(".show", reference=reference)
    if form.validate_on_submit():
        if conflicts.is_stale(form, proceeding):
            title = queries.shown_title(proceeding, True)
            return conflicts.page(form, stored, proceeding, title=title, action=request.path, cancel_url=address)
        operations.change_proceeding(current_user, proceeding, form.facts_given(current_user))
        operations.set_origin(current_user, proceeding, incidents, _chosen(form, incidents))
        db.session.commit()
        web.say(_("The changes are saved."))
        return redirect(address, 303)
    return _form_page(form, _("Edit the proceeding"), proceeding.case, address, proceeding)


def _incidents_offered(case: Case, proceeding: Proceeding | None = None) -> list[Incident]:
    return list(db.session.scalars(queries.origin_offered(current_user, case, proceeding)))


def _chosen(form: ProceedingForm, incidents: list[Incident]) -> list[Incident]:
    return [one for one in incidents if one.reference in (form.origin.data or [])]


def _form_page(
    form: ProceedingForm, title: str, case: Case, cancel_url: str, proceeding: Proceeding | None = None
) -> Any:
    return form_page(
        "proceedings/edit.html",
        form,
        title=title,
        case=case,
        case_title=case_title(case, True),
        proceeding=proceeding,
        cancel_url=cancel_url,
    )


@bp.post("/<reference>/public")
@allow("records.write")
def public(reference: str) -> Any:
    proceeding = open_or_404(reference)
    name = request.form.get("move", "")
    if request.form.get("version") != str(proceeding.version):
        abort(409, _("The record was changed after you opened it. Read it again before you decide."))
    if name not in DONE:
        abort(400)
    try:
        advance_public(current_user, proceeding, name, request.form.get("note"))
    except MoveNotAllowed as problem:
        db.session.rollback()
        abort(409, str(problem.reason))
    db.session.commit()
    web.say(str(DONE[name]))
    return redirect(url_for(".show", reference=reference), 303)


@bp.get("/<reference>/history")
@allow("records.read")
def history(reference: str) -> Any:
    proceeding = shown_or_404(reference)
    if not reads_in_full(current_user, proceeding):
        abort(404)
    steps, _more = history_of(proceeding, current_user)
    title = queries.shown_title(proceeding, True)
    return render_template("proceedings/history.html", proceeding=proceeding, steps=steps, title=title)


add_withdrawal(bp, Proceeding, operations.withdraw_proceeding, operations.restore_proceeding)
