"""Accounts and teams, for administrators: who may come in, with which roles. No case shows here."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app import access, web
from app.access import allow
from app.accounts import operations, queries
from app.accounts.forms import WORKS_IN_TEAMS, AccountForm, TeamForm
from app.accounts.models import Team, User, role_label
from app.accounts.operations import AccountProblem
from app.accounts.views import bp
from app.db import db

# --- accounts ------------------------------------------------------------------------------------


@bp.get("/accounts/")
@allow("accounts.manage")
def index() -> Any:
    words, everybody = request.args.get("text", "")[:200], "everybody" in request.args
    found = queries.accounts_found(words, everybody=everybody)
    return render_template(
        "accounts/index.html",
        page=web.paged(found),
        words=words,
        everybody=everybody,
        waiting=access.count(queries.switched_off()),
        role_label=role_label,
    )


@bp.route("/accounts/new", methods=["GET", "POST"])
@allow("accounts.manage")
def new() -> Any:
    if earlier := web.already_done(request.form.get("form_token")):
        return redirect(earlier, 303)
    form, teams = _account_form()
    if request.method == "GET" and (team := request.args.get("team")):
        form.roles.data = [f"{team}/{access.CASEWORKER}"]
    if _is_complete(form):
        try:
            user = operations.create_user(form.email.data or "", form.name.data or "", language=form.language.data)
            operations.set_roles(user, *_roles_of(form, teams))
            token = operations.new_link(user)
        except AccountProblem as problem:
            _refuse(form, problem)
        else:
            return _show_link_once(user, token)
    return _account_page(form, None), 400 if form.errors else 200


@bp.route("/accounts/<handle>", methods=["GET", "POST"])
@allow("accounts.manage")
def edit(handle: str) -> Any:
    user = _user_or_404(handle)
    form, teams = _account_form(user)
    if _is_complete(form):
        try:
            operations.edit_user(user, form.email.data or "", form.name.data or "", form.language.data)
            operations.set_roles(user, *_roles_of(form, teams))
        except AccountProblem as problem:
            _refuse(form, problem)
        else:
            db.session.commit()
            web.say(_("Saved."))
            return _back_to_accounts()
    return _account_page(form, user), 400 if form.errors else 200


def _account_form(user: User | None = None) -> tuple[AccountForm, list[Team]]:
    teams = list(db.session.scalars(select(Team).order_by(Team.name)))
    handles = {team.id: team.handle for team in teams}
    given: dict[str, Any] = {"language": current_user.language, "roles": []}
    if user is not None:
        given = {
            "name": user.name,
            "email": user.email,
            "language": user.language,
            "roles": [f"{handles[row.team_id]}/{row.role}" for row in user.memberships],
            "kind": user.installation_role or WORKS_IN_TEAMS,
        }
    form = AccountForm(data=given)
    form.offer(teams, access.TEAM_ROLES)
    return form, teams


def _is_complete(form: AccountForm) -> bool:
    """Valid, and with a role where the account is for work in teams; says all that is missing at once."""
    if not form.is_submitted():
        return False
    valid: bool = form.validate()
    if form.kind.data == WORKS_IN_TEAMS and not form.roles.data:
        form.roles.errors = [_("Tick at least one role in a team; without it the account opens nothing.")]
        return False
    return valid


def _roles_of(form: AccountForm, teams: list[Team]) -> tuple[set[tuple[int, str]], str | None]:
    numbers = {team.handle: team.id for team in teams}
    pairs = {(numbers[handle], role) for handle, role in (value.split("/") for value in form.roles.data or [])}
    return pairs, None if form.kind.data == WORKS_IN_TEAMS else form.kind.data


def _refuse(form: AccountForm | TeamForm, problem: AccountProblem) -> None:
    db.session.rollback()
    form.form_errors = [str(problem)]


def _account_page(form: AccountForm, user: User | None) -> str:
    teams = db.session.scalars(select(Team).order_by(Team.name)).all()
    roles = [(role, role_label(role)) for role in access.TEAM_ROLES]
    return render_template("accounts/account.html", form=form, user=user, teams=teams, roles=roles)


def _back_to_accounts() -> Any:
    """Whoever has just given up the administration cannot go back to it."""
    user = db.session.get_one(User, current_user.id)
    return web.back_to(".index" if access.may(user, "accounts.manage") else "home")


@bp.post("/accounts/<handle>/link")
@allow("accounts.manage")
def new_link(handle: str) -> Any:
    user = _user_or_404(handle)
    if earlier := web.already_done(request.form.get("form_token")):
        return redirect(earlier, 303)
    if not user.active:
        abort(409, _("This account is switched off. Switch it on first."))
    return _show_link_once(user, operations.new_link(user))


def _show_link_once(user: User, token: str) -> Any:
    """The answer itself shows the link: it stands in no address, cookie or log, and a reload does not bring it back."""
    ours = url_for(".edit", handle=user.handle)
    address = url_for(".link", token=token, _external=True)
    if (done := web.commit_once(ours, request.form.get("form_token"))) != ours:
        return redirect(done, 303)
    return render_template("accounts/link_made.html", user=user, address=address, hours=operations.LINK_HOURS)


@bp.post("/accounts/<handle>/deactivate")
@allow("accounts.manage")
def deactivate(handle: str) -> Any:
    user = _user_or_404(handle)
    name = user.name
    try:
        operations.deactivate(user)
    except AccountProblem as problem:
        db.session.rollback()
        web.say(str(problem), "grave")
        return web.back_to(".edit", handle=handle)
    db.session.commit()
    web.say(_("%(name)s is out: open sign-ins have ended, and no new one opens. What was recorded stays.", name=name))
    return web.back_to(".edit", handle=handle) if user.id != current_user.id else web.back_to(".sign_in")


@bp.post("/accounts/<handle>/reactivate")
@allow("accounts.manage")
def reactivate(handle: str) -> Any:
    user = _user_or_404(handle)
    operations.reactivate(user)
    db.session.commit()
    web.say(_("The account is switched on again, with the roles that it had."))
    return web.back_to(".edit", handle=handle)


def _user_or_404(handle: str) -> User:
    return db.session.scalar(select(User).where(User.handle == handle)) or abort(404)


# --- teams ---------------------------------------------------------------------------------------


@bp.get("/teams/")
@allow("accounts.manage")
def teams() -> Any:
    found = db.session.scalars(queries.teams_with_people()).all()
    return render_template("accounts/teams.html", teams=found, roles=access.TEAM_ROLES, role_label=role_label)


@bp.route("/teams/new", methods=["GET", "POST"])
@allow("accounts.manage")
def new_team() -> Any:
    form = TeamForm()
    if form.validate_on_submit():
        try:
            team = operations.create_team(form.name.data or "")
        except AccountProblem as problem:
            form.name.errors = [str(problem)]
        else:
            db.session.commit()
            web.say(_("The team is there. Name a coordinator next: without one nobody can review."))
            return web.back_to(".edit_team", handle=team.handle)
    return render_template("accounts/team.html", form=form, team=None), 400 if form.errors else 200


@bp.route("/teams/<handle>", methods=["GET", "POST"])
@allow("accounts.manage")
def edit_team(handle: str) -> Any:
    team = db.session.scalar(queries.teams_with_people().where(Team.handle == handle)) or abort(404)
    form = TeamForm(obj=team)
    if form.validate_on_submit():
        try:
            operations.rename_team(team, form.name.data or "")
        except AccountProblem as problem:
            form.name.errors = [str(problem)]
        else:
            db.session.commit()
            web.say(_("Saved."))
            return web.back_to(".teams")
    page = render_template("accounts/team.html", form=form, team=team, people=people_of(team), role_label=role_label)
    return page, 400 if form.errors else 200


def people_of(team: Team) -> list[tuple[User, list[str]]]:
    """Who works in a team, by name, each with the roles held there."""
    held: dict[User, list[str]] = {}
    for membership in team.memberships:
        held.setdefault(membership.user, []).append(membership.role)
    return sorted(held.items(), key=lambda pair: (not pair[0].active, pair[0].name.casefold()))
