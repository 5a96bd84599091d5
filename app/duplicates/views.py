"""Likely duplicates, side by side: the same, different, later; brought together, and taken apart again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import merge_pages, web
from app.access import allow, full_or_404, may, reads_in_full, writable_or_404
from app.accounts.deeds import table_words
from app.db import db
from app.duplicates import merging, operations, queries
from app.duplicates.blueprint import bp
from app.duplicates.facts import FACTS
from app.duplicates.finding import MOST_COMPARED, MOST_OF_ALL, Pair, likely_doubles
from app.duplicates.forms import MergeForm
from app.duplicates.models import DIFFERENT, DuplicateDecision, IncidentMerge
from app.duplicates.people import people_alike
from app.duplicates.queue import waiting
from app.duplicates.words import grade_words, reason_words
from app.incidents.models import Incident
from app.merging import CannotMerge, hanging_on
from app.side_by_side import choices_in, compared

READ = DECIDE = "records.write"
MERGE = "incidents.merge"
PAIRS_A_PAGE = 8
MOST_DECIDED = 100


# --- the queue -----------------------------------------------------------------------------------


@bp.get("/")
@allow(READ)
def index() -> Any:
    most = MOST_OF_ALL if request.args.get("compare") == "more" else MOST_COMPARED
    found = waiting(current_user, most)
    later = request.args.get("show") == "later"
    pairs = found.later if later else found.open
    number = min(max(request.args.get("page", 1, type=int), 1), max(1, -(-len(pairs) // PAIRS_A_PAGE)))
    shown = pairs[(number - 1) * PAIRS_A_PAGE : number * PAIRS_A_PAGE]
    page = web.Page(shown, number, len(pairs), PAIRS_A_PAGE)
    return render_template(
        "duplicates/index.html",
        found=found,
        later=later,
        pairs=_side_by_side(shown),
        page=page,
        page_url=web.page_url,
        can_compare_more=most < min(found.all_records, MOST_OF_ALL),
    )


@bp.get("/of/<reference>")
@allow(READ)
def of(reference: str) -> Any:
    """What may tell the same as one record."""
    incident = writable_or_404(Incident, current_user, reference, READ)
    pairs = likely_doubles(current_user, incident)
    verdicts = queries.verdicts_of(current_user, pairs)
    open_ones = [pair for pair in pairs if (pair.first_id, pair.second_id) not in verdicts]
    return render_template("duplicates/of.html", incident=incident, pairs=_side_by_side(open_ones[:PAIRS_A_PAGE]))


def _side_by_side(pairs: list[Pair]) -> list[dict[str, Any]]:
    ids = {id_ for pair in pairs for id_ in (pair.first_id, pair.second_id)}
    incidents = queries.incidents_by_id(current_user, list(ids))
    return [
        {
            "first": incidents[pair.first_id],
            "second": incidents[pair.second_id],
            "lines": compared(FACTS, incidents[pair.first_id], incidents[pair.second_id], {}),
            "why": reason_words(pair.likeness),
            "grade": grade_words(pair.likeness),
            "may_merge": _may_merge(incidents[pair.first_id], incidents[pair.second_id]),
        }
        for pair in pairs
        if pair.first_id in incidents and pair.second_id in incidents
    ]


def _may_merge(one: Incident, other: Incident) -> bool:
    return one.team_id == other.team_id and may(current_user, MERGE, one.team_id)


@bp.post("/decide")
@allow(DECIDE)
def decide() -> Any:
    first, second = _two_of(request.form, ("first", "second"), DECIDE)
    verdict = request.form.get("verdict", "")
    if verdict not in operations.VERDICTS or first.id == second.id:
        abort(400)
    operations.decide(current_user, first, second, verdict, request.form.get("note"))
    db.session.commit()
    web.say(
        _("Recorded: %(first)s and %(second)s are different.", first=first.reference, second=second.reference)
        if verdict == DIFFERENT
        else _("Put off: %(first)s and %(second)s.", first=first.reference, second=second.reference)
    )
    return redirect(url_for(".index"), 303)


def _two_of(given: Mapping[str, str], names: tuple[str, str], permission: str) -> list[Incident]:
    """Both that are named: read in full and not withdrawn. 400 where one is not named at all."""
    references = [given.get(name, "").strip().upper()[:20] for name in names]
    if not all(references):
        abort(400, _("Name both records."))
    return [writable_or_404(Incident, current_user, reference, permission) for reference in references]


@bp.get("/decided")
@allow(READ)
def decided() -> Any:
    statement = queries.decided(current_user).limit(MOST_DECIDED)
    rows = db.session.scalars(statement).unique().all()
    ids = {id_ for row in rows for id_ in (row.first_id, row.second_id)}
    incidents = queries.incidents_by_id(current_user, list(ids))
    shown = [row for row in rows if row.first_id in incidents and row.second_id in incidents]
    return render_template("duplicates/decided.html", rows=shown, incidents=incidents)


@bp.post("/open-again")
@allow(DECIDE)
def open_again() -> Any:
    first, second = _two_of(request.form, ("first", "second"), DECIDE)
    decision: DuplicateDecision = queries.decision_of(current_user, first, second) or abort(404)
    operations.open_again(decision)
    db.session.commit()
    web.say(_("%(first)s and %(second)s are open again.", first=first.reference, second=second.reference))
    return redirect(url_for(".decided"), 303)


# --- one record ----------------------------------------------------------------------------------


@bp.route("/merge", methods=["GET", "POST"])
@allow(MERGE)
def merge() -> Any:
    kept, gone = _two_of(request.values, ("kept", "gone"), MERGE)
    try:
        merging.check_pair(kept, gone)
    except CannotMerge as problem:
        abort(409, str(problem))
    form = MergeForm()
    choices = choices_in(request.form, FACTS)
    answer = merge_pages.merged(
        form,
        kept,
        gone,
        lambda reason: merging.merge_incidents(current_user, kept, gone, choices, reason),
        url_for("incidents.show", reference=kept.reference),
    )
    return answer or _compare_page(kept, gone, form)


def _compare_page(kept: Incident, gone: Incident, form: MergeForm) -> Any:
    posted = merge_pages.chosen_so_far(form, kept, gone, FACTS)
    page = render_template(
        "duplicates/merge.html",
        kept=kept,
        gone=gone,
        form=form,
        lines=compared(FACTS, kept, gone, posted),
        along=merging.what_comes_along(kept, gone),
        alike=people_alike(current_user, kept, gone),
        moves=[
            (table_words(table), number)
            for table, number in hanging_on(current_user, merging.keys_to_an_incident(), gone)
        ],
    )
    return page, 400 if form.errors else 200


@bp.post("/<reference>/unmerge/<uid>")
@allow(MERGE)
def unmerge(reference: str, uid: str) -> Any:
    kept = full_or_404(Incident, current_user, reference, MERGE)
    found = merge_pages.merge_or_404(IncidentMerge, kept, uid)
    return merge_pages.taken_back(
        found,
        lambda: merging.unmerge(current_user, found),
        lambda reference: url_for("incidents.show", reference=reference),
    )


# --- on the page of an incident ------------------------------------------------------------------


def panel(incident: Incident) -> str:
    """What went into the record, where it went, and the way to what may tell the same; for who reads it in full."""
    if not reads_in_full(current_user, incident) or not may(current_user, READ, incident.team_id):
        return ""
    return render_template(
        "duplicates/panel.html",
        incident=incident,
        merges=queries.standing_merges(current_user, incident),
        may_merge=may(current_user, MERGE, incident.team_id),
    )
