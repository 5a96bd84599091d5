"""My work, the review queue, and going to a reference."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import access, web
from app.access import allow, full_ids, visible
from app.contracts.queries import for_list as contracts_for_list
from app.dates import today
from app.db import now
from app.desk import queries
from app.desk.blueprint import bp
from app.desk.forms import QueueForm
from app.i18n import long_date_words
from app.incidents import review as reviewing
from app.incidents.models import Incident
from app.incidents.queries import (
    NO_PERPETRATOR,
    NO_PLACE,
    ONE_SOURCE,
    UNDATED,
    Wish,
    counted_by_gap,
    counted_by_state,
    for_list,
    for_review,
    incidents_found,
    shown_place,
    shown_title,
)
from app.incidents.sources import independent_sources
from app.incidents.workflow import STATES, is_own_record

MOST_LINES = 8


@bp.get("/work/")
@allow("records.read")
def index() -> Any:
    pressing = _first(queries.pressing_incidents(current_user), for_list)
    waiting = _first(queries.waiting_for(current_user), for_review)
    drafts = _first(queries.drafts_of(current_user), for_review)
    cases = _first(queries.cases_of(current_user))
    return render_template(
        "desk/index.html",
        long_date=long_date_words(today()),
        pressing=pressing,
        waiting=waiting,
        waiting_total=access.count(queries.waiting_for(current_user)),
        drafts=drafts,
        drafts_total=access.count(queries.drafts_of(current_user)),
        queue_total=queue_length(current_user),
        gaps=_gaps(),
        cases=cases,
        cases_total=access.count(queries.cases_of(current_user)),
        incidents_in=_incidents_in(cases),
        by_state=_counts(),
        in_full=full_ids(Incident, current_user, [*pressing, *waiting, *drafts]),
        missing=reviewing.missing,
        last_note=_last_note,
        since=_since,
        shown_title=shown_title,
        shown_place=shown_place,
    )


def _first(statement: Any, load: Any = lambda statement: statement) -> list[Any]:
    return access.rows_of(statement, 0, MOST_LINES, load)


def _gaps() -> list[tuple[str, int, str]]:
    """What my records lack: (gap, how many, words). The number is that of the list behind it."""
    if not access.may(current_user, "records.write"):
        return []
    words = {
        NO_PLACE: lambda n: ngettext("without a place", "without a place", n),
        UNDATED: lambda n: ngettext("without a date", "without a date", n),
        ONE_SOURCE: lambda n: ngettext("with one source or none", "with one source or none", n),
        NO_PERPETRATOR: lambda n: ngettext("without an alleged perpetrator", "without an alleged perpetrator", n),
    }
    found = counted_by_gap(current_user, Wish(mine=True))
    return [(gap, found[gap], words[gap](found[gap])) for gap in words if found[gap]]


def _incidents_in(cases: list[Any]) -> dict[int, int]:
    """How many visible incidents each case holds."""
    statement = visible(Incident, current_user).where(Incident.case_id.in_([case.id for case in cases]))
    return queries.counted_by_case(statement) if cases else {}


def _counts() -> dict[str, int]:
    """For analysts, who have no records of their own: what there is to analyse, by state."""
    if access.may(current_user, "records.write"):
        return {}
    found = counted_by_state(incidents_found(current_user, Wish()))
    return {state: found[state] for state in STATES if state in found}


def _last_note(incident: Incident) -> str | None:
    """What was said last, for instance which information is asked for."""
    return next((step.note for step in reversed(incident.reviews) if step.note), None)


def _since(moment: datetime | None) -> str:
    """How long something has waited, in days."""
    days = (now() - moment).days if moment else 0
    return ngettext("%(num)s day", "%(num)s days", days) if days else _("today")


@bp.get("/find")
@allow("records.read")
def find() -> Any:
    """To the record that a reference names, if it is visible; else the list searches for the words."""
    text = request.args.get("q", "").strip()
    if found := queries.page_of_reference(current_user, text):
        endpoint, reference = found
        return redirect(url_for(endpoint, reference=reference))
    return redirect(url_for("incidents.index", q=text or None))


@bp.get("/review/")
@allow("records.review")
def review() -> Any:
    form = QueueForm(current_user, request.args)
    wish = form.wish() if form.validate() else queries.QueueWish()
    page = web.paged(queries.queue_of(current_user, wish), load=for_review)
    returned = _first(queries.sent_back(current_user, wish), for_review)
    oldest = min((one.submitted_at for one in page.rows if one.submitted_at), default=None)
    return render_template(
        "desk/review.html",
        form=form,
        page=page,
        returned=returned,
        returned_total=access.count(queries.sent_back(current_user, wish)),
        contracts=_first(queries.contracts_to_review(current_user), contracts_for_list),
        contracts_total=access.count(queries.contracts_to_review(current_user)),
        oldest=(now() - oldest).days if oldest else 0,
        is_own=lambda incident: is_own_record(incident, current_user),
        independent=independent_sources,
        missing=reviewing.missing,
        last_note=_last_note,
        since=_since,
        shown_title=shown_title,
        shown_place=shown_place,
    )


def queue_length(user: Any) -> int:
    """Incidents and contracts."""
    if not access.may(user, "records.review"):
        return 0
    return access.count(queries.queue_of(user)) + access.count(queries.contracts_to_review(user))
