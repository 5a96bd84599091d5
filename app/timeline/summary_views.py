"""The page that asks how the case goes on paper, and the paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from app.access import allow, reads_in_full, visible_or_404
from app.agenda import DueWish, due_days
from app.cases.models import Case
from app.cases.queries import shown_title
from app.db import ReasonMissing, db
from app.timeline import summary as papers
from app.timeline.moments import Moment
from app.timeline.people import people_of
from app.timeline.views import bp, told

WITHOUT, WITH = "without", "with"
MOST_AHEAD = 8


class SummaryForm(FlaskForm):
    identities = RadioField(
        _l("Identities"),
        choices=[
            SelectChoice(WITHOUT, _l("Without identities: pseudonyms only")),
            SelectChoice(WITH, _l("With the legal names on record")),
        ],
        default=WITHOUT,
    )
    reason = StringField(
        _l("Why must the names stand in it?"),
        [Length(max=500)],
        filters=[lambda text: (text or "").strip()],
        description=_l("Only for a summary with names. Recorded with your name and the time; write no name here."),
    )


@bp.get("/<reference>/summary")
@allow("records.export")
def summary(reference: str) -> Any:
    case = visible_or_404(Case, current_user, reference)
    return _ask(case, _form(case, formdata=None))


def _form(case: Case, **given: Any) -> SummaryForm:
    """Without the question where there is nobody whose name the user may know."""
    form = SummaryForm(**given)
    if not papers.may_name(current_user, case):
        del form.identities, form.reason
    return form


def _ask(case: Case, form: SummaryForm) -> Any:
    title = shown_title(case, reads_in_full(current_user, case))
    page = render_template("timeline/ask_summary.html", case=case, form=form, title=title)
    return page, 400 if form.errors else 200


@bp.post("/<reference>/summary")
@allow("records.export")
def print_summary(reference: str) -> Any:
    """Posted, because it is an export: whom it told of is on record before it is shown."""
    case = visible_or_404(Case, current_user, reference)
    form = _form(case)
    if not form.validate():
        return _ask(case, form)
    wants_names = "identities" in form and form.identities.data == WITH
    reason = form.reason.data if wants_names else None
    try:
        names = papers.names_revealed(current_user, case, reason) if wants_names else {}
    except ReasonMissing as problem:
        form.reason.errors = [str(problem)]
        return _ask(case, form)
    page = told(case, None)
    papers.record_summary(current_user, case, page["total"], names, reason)
    db.session.commit()
    return _paper(case, page, names, wants_names)


def _paper(case: Case, page: dict[str, Any], names: dict[int, str], with_names: bool) -> str:
    in_full = reads_in_full(current_user, case)
    if not with_names:
        page |= {key: [_without_sources(one) for one in page[key]] for key in ("moments", "undated")}
    people = people_of(current_user, case, names)
    return render_template(
        "timeline/summary.html",
        case=case,
        in_full=in_full,
        title=shown_title(case, in_full),
        people=people,
        # Days alone: what is still to be asked and written is for the desk, not for whoever is given the paper.
        ahead=due_days(current_user, DueWish(case_id=case.id))[:MOST_AHEAD] if in_full else [],
        with_names=with_names,
        is_paper=True,
        **page,
    )


def _without_sources(moment: Moment) -> Moment:
    """Who told it may be a person: only what anybody can look up stays."""
    return moment if moment.source_address else replace(moment, source=None)
