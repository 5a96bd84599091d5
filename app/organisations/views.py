"""Pages of organisations and projects. What came with a pack is read only here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, may, visible_or_404
from app.db import db
from app.organisations import operations, queries
from app.organisations.forms import OrganisationForm, ProjectForm
from app.organisations.models import Organisation, Project
from app.places.queries import place_words
from app.vocabulary.citations import cited
from app.vocabulary.queries import choices, label

bp = Blueprint("organisations", __name__, url_prefix="/organisations", template_folder="templates")


@bp.get("/")
@allow("records.read")
def index() -> Any:
    wish = {name: request.args.get(name, "").strip()[:200] for name in ("text", "kind", "country")}
    page = web.paged(queries.organisations_found(current_user, **wish))
    return render_template("organisations/index.html", page=page, wish=wish, kinds=choices("organisation_types"))


@bp.get("/projects/")
@allow("records.read")
def projects() -> Any:
    wish = {name: request.args.get(name, "").strip()[:200] for name in ("text", "sector")}
    page = web.paged(queries.projects_found(current_user, **wish))
    return render_template("organisations/projects.html", page=page, wish=wish, sectors=choices("sectors"))


@bp.get("/suggest")
@allow("records.read")
def suggest() -> Any:
    statement = queries.organisations_found(current_user, request.args.get("q", "")[:200])
    rows: Any = db.session.scalars(statement.limit(queries.SUGGESTIONS)).unique().all()
    words = [", ".join(filter(None, [label("organisation_types", row.kind), row.parent_name])) for row in rows]
    return queries.suggestions(rows, words)


@bp.get("/projects/suggest")
@allow("records.read")
def suggest_projects() -> Any:
    statement = queries.projects_found(current_user, request.args.get("q", "")[:200])
    rows: Any = db.session.scalars(statement.limit(queries.SUGGESTIONS)).unique().all()
    return queries.suggestions(rows, [label("sectors", row.sector) for row in rows])


@bp.get("/<reference>")
@allow("records.read")
def show(reference: str) -> Any:
    organisation = visible_or_404(Organisation, current_user, reference)
    known = db.session.scalars(queries.projects_of(current_user, organisation)).unique().all()
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        projects=known,
        may_edit=_may_edit(organisation),
        sources=cited(organisation.source),
    )


@bp.get("/projects/<reference>")
@allow("records.read")
def project(reference: str) -> Any:
    found = visible_or_404(Project, current_user, reference)
    return render_template(
        "organisations/project.html",
        project=found,
        may_edit=_may_edit(found),
        sources=cited(found.source),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    form = OrganisationForm(name=request.args.get("name", "")[:200])
    form.offer(current_user)
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        organisation = operations.record_organisation(current_user, form.team_id.data, form.facts())
        db.session.flush()
        address = web.commit_once(url_for(".show", reference=organisation.reference), form.form_token.data)
        return redirect(address, 303)
    return _form_page(form, _("New organisation"), url_for(".index"))


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    organisation = _to_edit(Organisation, reference)
    stored = OrganisationForm(formdata=None, data=_as_typed(organisation))
    stored.offer(current_user, organisation)
    form = OrganisationForm(formdata=conflicts.answers(stored), data=_as_typed(organisation))
    form.offer(current_user, organisation)
    return _edited(form, stored, organisation, operations.edit_organisation, url_for(".show", reference=reference))


@bp.route("/projects/new", methods=["GET", "POST"])
@allow("records.write")
def new_project() -> Any:
    form = ProjectForm(name=request.args.get("name", "")[:200])
    form.offer(current_user)
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        found = operations.record_project(current_user, form.team_id.data, form.facts())
        db.session.flush()
        address = web.commit_once(url_for(".project", reference=found.reference), form.form_token.data)
        return redirect(address, 303)
    return _form_page(form, _("New project"), url_for(".projects"))


@bp.route("/projects/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_project(reference: str) -> Any:
    found = _to_edit(Project, reference)
    stored = ProjectForm(formdata=None, data=_as_typed(found))
    stored.offer(current_user, found)
    form = ProjectForm(formdata=conflicts.answers(stored), data=_as_typed(found))
    form.offer(current_user, found)
    return _edited(form, stored, found, operations.edit_project, url_for(".project", reference=reference))


def _edited(form: Any, stored: Any, row: Any, operation: Any, address: str) -> Any:
    del form.team_id, stored.team_id
    if form.validate_on_submit():
        if conflicts.is_stale(form, row):
            return conflicts.page(form, stored, row, title=row.name, action=request.path, cancel_url=address)
        operation(current_user, row, form.facts())
        db.session.commit()
        web.say(_("The changes are saved."))
        return redirect(address, 303)
    return _form_page(form, _("Edit %(name)s", name=row.name), address)


def _form_page(form: Any, title: str, cancel_url: str) -> Any:
    if not form.form_token.data:
        form.form_token.data = web.new_form_token()
    page = render_template("organisations/edit.html", form=form, title=title, cancel_url=cancel_url)
    return page, 400 if form.errors else 200


def _as_typed(row: Organisation | Project) -> dict[str, Any]:
    """The record as its form shows it: columns, and what stands one a line."""
    columns = {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs}
    if isinstance(row, Organisation):
        return columns | {"aliases": sorted(alias.name for alias in row.aliases)}
    return columns | {
        "aliases": row.aliases or [],
        "companies": [f"{company.name} ({company.reference})" for company in row.companies],
        "places": [place_words(place) for place in row.places],
    }


def _may_edit(row: Organisation | Project) -> bool:
    return row.team_id is not None and may(current_user, "records.write", row.team_id)


def _to_edit(model: Any, reference: str) -> Any:
    row = visible_or_404(model, current_user, reference)
    if not _may_edit(row):
        abort(403)
    return row
