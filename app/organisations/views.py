"""Pages of organisations and projects. What came with a pack is read only here."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, may, visible_or_404
from app.accounts.teams import teams_for
from app.db import db, fold
from app.downloads import give
from app.merging import kept_instead
from app.organisations import export, operations, queries
from app.organisations.blueprint import bp
from app.organisations.forms import NamesForm, OrganisationForm, ProjectForm
from app.organisations.history import history_of
from app.organisations.merge_views import could_be_the_same
from app.organisations.models import Organisation, Project
from app.organisations.parents import home_countries, home_country_of, parents_of
from app.organisations.places import PLACES
from app.part_pages import form_page
from app.places.countries import country_words
from app.places.queries import place_words
from app.vocabulary.citations import cited
from app.vocabulary.queries import choices, label

FILTERS = {export.ORGANISATIONS: ("text", "kind", "home"), export.PROJECTS: ("text", "sector")}


def _wish(what: str, given: Any) -> dict[str, str]:
    return {name: given.get(name, "").strip()[:200] for name in FILTERS[what]}


@bp.get("/")
@allow("records.read")
def index() -> Any:
    wish = _wish(export.ORGANISATIONS, request.args)
    page = web.paged(queries.organisations_found(current_user, **wish))
    homes = [(code, country_words(code)) for code in queries.home_countries_known(current_user)]
    return render_template(
        "organisations/index.html",
        page=page,
        wish=wish,
        kinds=choices("organisation_types"),
        homes=sorted(homes, key=lambda pair: fold(pair[1])),
        home_of=home_countries(current_user, page.rows),
        team_names=queries.team_names(current_user, page.rows),
    )


@bp.get("/projects/")
@allow("records.read")
def projects() -> Any:
    wish = _wish(export.PROJECTS, request.args)
    page = web.paged(queries.projects_found(current_user, **wish))
    return render_template(
        "organisations/projects.html",
        page=page,
        wish=wish,
        sectors=choices("sectors"),
        team_names=queries.team_names(current_user, page.rows),
    )


@bp.post("/export")
@allow("records.export")
def export_list() -> Any:
    return _download(export.ORGANISATIONS)


@bp.post("/projects/export")
@allow("records.export")
def export_projects() -> Any:
    return _download(export.PROJECTS)


def _download(what: str) -> Any:
    return give(current_user, export.table_of(current_user, what, _wish(what, request.form)))


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
    if address := _instead(organisation):
        return redirect(address)
    known = db.session.scalars(queries.projects_of(current_user, organisation)).unique().all()
    owned = db.session.scalars(queries.subsidiaries_of(current_user, organisation)).unique().all()
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        projects=known,
        subsidiaries=owned,
        parents=parents_of(organisation),
        home=home_country_of(organisation),
        **_shown(organisation),
    )


@bp.get("/projects/<reference>")
@allow("records.read")
def project(reference: str) -> Any:
    found = visible_or_404(Project, current_user, reference)
    if address := _instead(found):
        return redirect(address)
    return render_template("organisations/project.html", project=found, **_shown(found))


def _instead(row: Organisation | Project) -> str | None:
    """The page of the record into which this one went."""
    if not row.is_withdrawn:
        return None
    kept = kept_instead(current_user, type(row), queries.MERGES[type(row)], row.reference)
    return url_for(PLACES[type(row)].show, reference=kept.reference) if kept else None


def _shown(row: Organisation | Project) -> dict[str, Any]:
    """What both pages show besides the facts."""
    merges = queries.standing_merges(current_user, row)
    teams = [merge.gone.team_id for merge in merges if may(current_user, "organisations.merge", merge.gone.team_id)]
    return {
        "row": row,
        "place": PLACES[type(row)],
        "may_edit": _may_edit(row),
        "may_name": row.team_id is None and may(current_user, "records.write"),
        "sources": cited(row.source),
        "team_names": queries.team_names(current_user, [row]).get(row.id, []),
        "merges": merges,
        # Of each team the last one can be taken back, then the one before.
        "may_unmerge": {merges[[one.gone.team_id for one in merges].index(team)].id for team in teams},
        "may_merge": not row.is_withdrawn and may(current_user, "organisations.merge", row.team_id),
        "alike": could_be_the_same(row) if may(current_user, "organisations.merge", row.team_id) else [],
    }


@bp.get("/<reference>/history")
@allow("records.read")
def history(reference: str) -> Any:
    return _history_page(visible_or_404(Organisation, current_user, reference))


@bp.get("/projects/<reference>/history")
@allow("records.read")
def project_history(reference: str) -> Any:
    return _history_page(visible_or_404(Project, current_user, reference))


def _history_page(row: Organisation | Project) -> Any:
    """Of a team's own record only: what other teams do with one of the pack is theirs."""
    if row.team_id is None:
        abort(404)
    steps, _more = history_of(current_user, row)
    return render_template("organisations/history.html", row=row, place=PLACES[type(row)], steps=steps)


@bp.route("/<reference>/names", methods=["GET", "POST"])
@allow("records.write")
def names(reference: str) -> Any:
    return _names_page(visible_or_404(Organisation, current_user, reference))


@bp.route("/projects/<reference>/names", methods=["GET", "POST"])
@allow("records.write")
def project_names(reference: str) -> Any:
    return _names_page(visible_or_404(Project, current_user, reference))


def _names_page(row: Organisation | Project) -> Any:
    place = PLACES[type(row)]
    if row.team_id is not None:
        return redirect(url_for(place.show, reference=row.reference))
    teams, posted = teams_for(current_user), request.form.get("team_id", "")
    forms = [(words, _names_form(row, team_id, posted == str(team_id))) for team_id, words in teams]
    for (team_id, _words), (_team, form) in zip(teams, forms, strict=True):
        if posted == str(team_id) and form.validate_on_submit():
            operations.call_by(row, team_id, form.stood.data or [], form.names.data or [])
            db.session.commit()
            web.say(_("The changes are saved."))
            return redirect(url_for(place.show, reference=row.reference), 303)
    page = render_template("organisations/names.html", row=row, place=place, forms=forms)
    return page, 400 if request.method == "POST" else 200


def _names_form(row: Organisation | Project, team_id: int, is_posted: bool) -> NamesForm:
    known = sorted(alias.name for alias in row.team_aliases if alias.team_id == team_id)
    form = NamesForm() if is_posted else NamesForm(formdata=None, data={"names": known, "stood": known})
    return form.of_team(team_id)


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
    return form_page("organisations/edit.html", form, title=title, cancel_url=cancel_url)


def _as_typed(row: Organisation | Project) -> dict[str, Any]:
    """The record as its form shows it: columns, and what stands one a line."""
    columns = {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs}
    if isinstance(row, Organisation):
        parent = f"{row.parent.name} ({row.parent.reference})" if row.parent else None
        return columns | {"aliases": _names_of(row), "parent": parent}
    return columns | {
        "aliases": _names_of(row),
        "companies": [f"{company.name} ({company.reference})" for company in row.companies],
        "places": [place_words(place) for place in row.places],
    }


def _names_of(row: Organisation | Project) -> list[str]:
    return sorted(alias.name for alias in row.aliases)


def _may_edit(row: Organisation | Project) -> bool:
    return row.team_id is not None and may(current_user, "records.write", row.team_id) and not row.is_withdrawn


def _to_edit(model: Any, reference: str) -> Any:
    row = visible_or_404(model, current_user, reference)
    if not _may_edit(row):
        abort(403)
    return row
