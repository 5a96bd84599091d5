"""The page of the coming review, and what a team would have States recommend in it."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, i18n, web
from app.access import allow, count
from app.accounts.teams import teams_for
from app.dates import UncertainDate, today
from app.db import db
from app.i18n import uncertain_date_words
from app.part_pages import form_page
from app.places.countries import country_words
from app.recommendations import coming, words
from app.recommendations.blueprint import bp
from app.recommendations.coming_forms import ProposalForm, as_typed
from app.recommendations.models import ProposedRecommendation
from app.recommendations.queries import for_list
from app.recommendations.views import MANAGE, home, own_team_or_404
from app.vocabulary.queries import Entry, entries, label

SHOWN = 30


@bp.get("/coming")
@allow("records.read")
def coming_review() -> Any:
    country = home()
    review, period = coming.review_ahead(country, today())
    waiting = coming.not_looked_at(current_user, country)
    teams = {number for number, _name in teams_for(current_user, MANAGE)}
    return render_template(
        "recommendations/coming.html",
        country=country_words(country),
        review=review,
        period=period,
        cycles=coming.last_cycles(country, review),
        contradicted=coming.contradicted(current_user, country),
        waiting=list(db.session.scalars(for_list(waiting).limit(SHOWN)).unique()),
        waiting_total=count(waiting),
        gaps=coming.gaps(current_user, country, review, period) if period else [],
        may_propose=list({m.team_id: m.team for m in current_user.memberships if m.team_id in teams}.values()),
        month_words=lambda month: uncertain_date_words(UncertainDate.in_month(*month)),
        words=words,
        label=label,
        language=i18n.language(),
    )


@bp.route("/coming/<topic>/<handle>", methods=["GET", "POST"])
@allow(MANAGE)
def propose(topic: str, handle: str) -> Any:
    """What the team of that handle would have recommended on a topic."""
    team = own_team_or_404(handle)
    entry: Entry = entries("upr_topics").get(topic) or abort(404)
    review, _period = coming.review_ahead(home(), today())
    if review is None:
        abort(404)
    statement = coming.proposals_of(current_user, home(), review.session).where(
        ProposedRecommendation.team_id == team.id, ProposedRecommendation.topic == topic
    )
    proposal: Any = db.session.scalars(statement).one_or_none()
    stored = ProposalForm(formdata=None, data=as_typed(proposal))
    form = ProposalForm(
        formdata=conflicts.answers(stored) if proposal else request.form or None, data=as_typed(proposal)
    )
    address, title = url_for(".coming_review", _anchor=f"gap-{topic}"), _("Propose a recommendation")
    if proposal is None and (earlier := web.already_done(form.form_token.data)):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        if proposal and conflicts.is_stale(form, proposal):
            return conflicts.page(form, stored, proposal, title=title, action=request.path, cancel_url=address)
        if proposal is None:
            token = form.form_token.data
            proposal = ProposedRecommendation(
                team_id=team.id, country=review.country, session=review.session, topic=topic
            )
            db.session.add(proposal)
        else:
            token = None
        proposal.text_es, proposal.text_en = form.text_es.data or None, form.text_en.data or None
        proposal.by_id = current_user.id
        done = web.commit_once(address, token)
        web.say(_("The proposal is saved."))
        return redirect(done, 303)
    return form_page(
        "recommendations/propose.html", form, title=title, entry=entry, team=team, review=review, cancel_url=address
    )
