"""Pages of recommendations: the list and its file, one of them, what is known of it, what a team finds of it."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, i18n, web
from app.access import allow, may
from app.accounts.models import Team
from app.accounts.teams import teams_for
from app.db import alpha2, db
from app.downloads import give
from app.part_pages import form_page
from app.places.countries import country_words
from app.recommendations import export, operations, queries, words
from app.recommendations.blueprint import bp
from app.recommendations.forms import TOPICS, AssessmentForm, RecommendationForm, as_typed, assessment_as_typed
from app.recommendations.models import Recommendation
from app.recommendations.operations import RecommendationProblem
from app.recommendations.page import page_of
from app.recommendations.queries import RecommendationWish
from app.vocabulary.queries import choices, labels

NAMES = ("country", "text", "cycle", "position", "implementation", "topic", "state", "evidence")
MANAGE = "recommendations.manage"


def home() -> str:
    """The country whose reviews this installation follows."""
    country: str = current_app.config["SETTINGS"].country
    return country


def _wish(given: Any) -> RecommendationWish:
    return RecommendationWish(**{name: given.get(name, "").strip()[:200] for name in NAMES})


def _reviewed(wish: RecommendationWish) -> str:
    return alpha2(wish.country) or home()


@bp.get("/")
@allow("records.read")
def index() -> Any:
    wish = _wish(request.args)
    country = _reviewed(wish)
    found = queries.recommendations_found(current_user, country, wish)
    numbers = queries.counted_by_position(found)
    page = web.paged(found, load=queries.for_list, total=sum(numbers.values()))
    ids = [row.id for row in page.rows]
    countries = {country, *queries.countries_reviewed()}
    states = sorted(((code, words.state_words(code)) for code in queries.states_of(country)), key=lambda one: one[1])
    return render_template(
        "recommendations/index.html",
        page=page,
        wish=wish,
        numbers=numbers,
        country=country,
        wish_filters={name: value for name, value in vars(wish).items() if value},
        countries=sorted(((code, country_words(code)) for code in countries), key=lambda one: one[1]),
        cycles=[(str(cycle), _("Cycle %(cycle)s", cycle=cycle)) for cycle in queries.cycles_of(country)],
        topics=choices(TOPICS),
        states=states,
        assessments=queries.assessments_of(current_user, ids),
        evidence=queries.evidence_counted(current_user, ids),
        may_manage=may(current_user, MANAGE),
        words=words,
        labels=labels,
        language=i18n.language(),
    )


@bp.post("/export")
@allow("records.export")
def export_list() -> Any:
    wish = _wish(request.form)
    return give(current_user, export.table_of(current_user, _reviewed(wish), wish))


# --- one recommendation --------------------------------------------------------------------------


def called_or_404(rec_uid: str) -> Recommendation:
    return queries.recommendation_called(rec_uid) or abort(404)


@bp.get("/<rec_uid>")
@allow("records.read")
def show(rec_uid: str) -> Any:
    return render_template("recommendations/show.html", **page_of(called_or_404(rec_uid), current_user))


@bp.route("/<rec_uid>/edit", methods=["GET", "POST"])
@allow(MANAGE)
def edit(rec_uid: str) -> Any:
    recommendation = called_or_404(rec_uid)
    typed = as_typed(recommendation) | _proposed(recommendation)
    stored = RecommendationForm(formdata=None, data=typed)
    stored.offer(recommendation)
    form = RecommendationForm(formdata=conflicts.answers(stored), data=typed)
    form.offer(recommendation)
    address, title = url_for(".show", rec_uid=rec_uid), _("Edit the recommendation")
    if form.validate_on_submit():
        if conflicts.is_stale(form, recommendation):
            return conflicts.page(form, stored, recommendation, title=title, action=request.path, cancel_url=address)
        try:
            now = operations.change_recommendation(current_user, recommendation, form.facts())
        except RecommendationProblem as problem:
            db.session.rollback()
            form[problem.field].errors = [str(problem)]
        else:
            db.session.commit()
            web.say(_("The changes are saved."))
            return redirect(url_for(".show", rec_uid=now.rec_uid), 303)
    return form_page("recommendations/edit.html", form, title=title, rec_uid=rec_uid, cancel_url=address)


def _proposed(recommendation: Recommendation) -> dict[str, Any]:
    """The paragraph that the page of a row of UPR Info proposes; the form shows it, and a person saves it."""
    if request.method != "GET" or recommendation.paragraph:
        return {}
    return {name: request.args[name][:60] for name in ("symbol", "paragraph") if name in request.args}


@bp.route("/<rec_uid>/assess/<handle>", methods=["GET", "POST"])
@allow(MANAGE)
def assess(rec_uid: str, handle: str) -> Any:
    """What the team of that handle finds of it."""
    recommendation = called_or_404(rec_uid)
    team = own_team_or_404(handle)
    assessment = queries.assessment_of(current_user, team.id, recommendation)
    typed = assessment_as_typed(assessment)
    stored = AssessmentForm(formdata=None, data=typed)
    stored.offer()
    form = AssessmentForm(formdata=conflicts.answers(stored) if assessment else request.form or None, data=typed)
    form.offer()
    address, title = url_for(".show", rec_uid=rec_uid), _("Assess the implementation")
    if assessment is None and (earlier := web.already_done(form.form_token.data)):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        if assessment and conflicts.is_stale(form, assessment):
            return conflicts.page(form, stored, assessment, title=title, action=request.path, cancel_url=address)
        operations.assess(current_user, recommendation, team.id, form.facts())
        done = web.commit_once(address, form.form_token.data if assessment is None else None)
        web.say(_("The assessment is saved."))
        return redirect(done, 303)
    return form_page(
        "recommendations/assess.html",
        form,
        title=title,
        recommendation=recommendation,
        team=team,
        cancel_url=address,
        words=words,
        language=i18n.language(),
    )


def own_team_or_404(handle: str) -> Team:
    teams = [number for number, _name in teams_for(current_user, MANAGE)]
    team: Team | None = next((m.team for m in current_user.memberships if m.team.handle == handle), None)
    return team if team is not None and team.id in teams else abort(404)
