"""The timeline: on the page of its case and on a page of its own; and incidents put into a case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app import web
from app.access import allow, find_visible, may, reads_in_full, visible_or_404, writable_or_404
from app.cases.models import Case
from app.cases.queries import shown_title
from app.dates import today
from app.db import db
from app.incidents.models import Incident
from app.incidents.operations import IncidentProblem, assign_to_case
from app.timeline import queries
from app.timeline.moments import LANES, counts, stretches_of, timeline_of
from app.timeline.picture import picture_of
from app.timeline.providers import incidents_of

bp = Blueprint("timeline", __name__, url_prefix="/cases", template_folder="templates")


class AssignForm(FlaskForm):
    reference = StringField(
        _l("Reference of the incident"),
        [DataRequired(_l("Write the reference, such as PER-I-7K3QX.")), Length(max=40)],
        filters=[lambda text: (text or "").strip().upper()],
        description=_l("As shown on the incident's page: PER-I-7K3QX."),
    )


@bp.get("/<reference>/timeline")
@allow("records.read")
def timeline(reference: str) -> Any:
    case = visible_or_404(Case, current_user, reference)
    in_full = reads_in_full(current_user, case)
    return render_template(
        "timeline/page.html",
        case=case,
        title=shown_title(case, in_full),
        in_full=in_full,
        **told(case, request.args.get("kind")),
    )


@bp.route("/<reference>/incidents", methods=["GET", "POST"])
@allow("records.write")
def assign(reference: str) -> Any:
    """Put an incident that has no case yet into this one."""
    case = writable_or_404(Case, current_user, reference)
    form = AssignForm()
    if form.validate_on_submit():
        problem = _assign(case, form.reference.data or "")
        if problem is None:
            db.session.commit()
            web.say(_("The incident belongs to this case now."))
            return web.back_to("cases.show", reference=reference, _anchor="timeline")
        form.reference.errors = [problem]
    page = render_template("timeline/assign.html", form=form, case=case, title=shown_title(case, True))
    return page, 400 if form.errors else 200


def _assign(case: Case, reference: str) -> str | None:
    """What stands in the way, as a sentence; None when it is done."""
    incident = find_visible(Incident, current_user, reference, withdrawn=False)
    if incident is None or not reads_in_full(current_user, incident):
        return _("You have no incident with this reference.")
    if incident.case_id == case.id:
        return _("This incident is in the case already.")
    if incident.case_id is not None:
        return _("This incident belongs to another case; take it out of that one first.")
    if not may(current_user, "records.write", incident.team_id):
        return _("You have no incident with this reference.")
    try:
        assign_to_case(current_user, incident, case)
    except IncidentProblem as problem:
        return str(problem)
    return None


# --- what the case page shows --------------------------------------------------------------------


def _incidents(case: Case) -> list[Any]:
    return list(db.session.scalars(incidents_of(current_user, case)).unique())


def told(case: Case, lane: str | None) -> dict[str, Any]:
    """What the list and the picture of a page need; *lane* narrows the list."""
    everything = timeline_of(case, current_user)
    lane = lane if lane in LANES else None
    numbers = counts(everything)
    lasting = stretches_of(case, current_user)
    shown = [moment for moment in everything if lane in (None, moment.lane)]
    return {
        "moments": [moment for moment in shown if moment.day is not None],
        "undated": [moment for moment in shown if moment.day is None],
        "lane": lane,
        "lanes": LANES,
        "counts": numbers,
        "total": len(everything),
        "picture": picture_of(everything, today(), lasting),
        "stretches": lasting,
        "figures": queries.figures(numbers, _incidents(case)),
    }


def timeline_panel(case: Case) -> str:
    return render_template("timeline/panel.html", case=case, **told(case, request.args.get("kind")))


def next_panel(case: Case) -> str:
    """What waits among the incidents of the case, for who reads it in full."""
    waiting = queries.waiting_incidents(_incidents(case))[:5]
    return render_template("timeline/next.html", incidents=waiting) if waiting else ""


def places_tag(case: Case) -> str:
    names = queries.departments(_incidents(case))
    return render_template("timeline/places_tag.html", names=names) if names else ""


def acts_panel(case: Case) -> str:
    return render_template("timeline/acts.html", case=case)


def add_panel(case: Case) -> str:
    return render_template("timeline/add.html", case=case)
