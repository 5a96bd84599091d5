"""Pages that link a record to a recommendation, and take the link out again."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import i18n, web
from app.access import allow, may, visible
from app.accounts.teams import teams_for
from app.db import db
from app.recommendations import operations, queries, words
from app.recommendations.blueprint import bp
from app.recommendations.forms import EvidenceForm
from app.recommendations.models import Recommendation, RecommendationEvidence
from app.recommendations.operations import RecommendationProblem
from app.recommendations.views import called_or_404


@bp.route("/<rec_uid>/evidence", methods=["GET", "POST"])
@allow("records.write")
def link(rec_uid: str) -> Any:
    """Look for the record by its reference or by words, choose one, say what it shows."""
    recommendation = called_or_404(rec_uid)
    form = EvidenceForm()
    form.offer(teams_for(current_user))
    address = url_for(".show", rec_uid=rec_uid, _anchor="evidence")
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        record = _chosen(form)
        if record is not None:
            try:
                operations.link_record(
                    current_user, recommendation, form.team_id.data, record, form.shows.data, form.note.data or None
                )
            except RecommendationProblem as problem:
                form.form_errors = [str(problem)]
            else:
                done = web.commit_once(address, form.form_token.data)
                web.say(_("%(reference)s is linked.", reference=record.reference))
                return redirect(done, 303)
    return _page(form, recommendation)


def _chosen(form: EvidenceForm) -> Any:
    """The record that was chosen, if the user sees it; hidden and not there are answered alike."""
    for model in operations.COLUMN_OF:
        statement = visible(model, current_user).where(model.reference == (form.record.data or ""))
        found: Any = db.session.scalars(statement).unique().one_or_none()
        if found is not None:
            return found
    form.form_errors = [_("Choose one of the records that were found.")]
    return None


def _page(form: EvidenceForm, recommendation: Recommendation) -> Any:
    if not form.form_token.data:
        form.form_token.data = web.new_form_token()
    text = (request.form.get("text") or request.args.get("text", "")).strip()[:200]
    records = queries.records_like(current_user, text)
    page = render_template(
        "recommendations/link.html",
        form=form,
        one=recommendation,
        text=text,
        found=list(queries.shown_records(current_user, records).values()),
        words=words,
        language=i18n.language(),
    )
    return page, 400 if form.errors else 200


@bp.post("/<rec_uid>/evidence/<uuid:uid>/remove")
@allow("records.write")
def unlink(rec_uid: str, uid: uuid.UUID) -> Any:
    recommendation = called_or_404(rec_uid)
    statement = visible(RecommendationEvidence, current_user).where(
        RecommendationEvidence.uid == uid, RecommendationEvidence.recommendation_id == recommendation.id
    )
    evidence: Any = db.session.scalars(statement).one_or_none() or abort(404)
    if not may(current_user, "records.write", evidence.team_id):
        abort(403)
    operations.unlink(evidence)
    db.session.commit()
    web.say(_("The link is taken out."))
    return web.back_to(".show", rec_uid=rec_uid, _anchor="evidence")
