"""Likely duplicates, side by side: the same, different, later; brought together, and taken apart again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import web
from app.access import allow, full_or_404, may, reads_in_full, visible, writable_or_404
from app.accounts.deeds import table_words
from app.db import ReasonMissing, db
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
    form = MergeForm()
    try:
        merging.check_pair(kept, gone)
    except CannotMerge as problem:
        abort(409, str(problem))
    if form.validate_on_submit():
        if (form.kept_version.data, form.gone_version.data) != (str(kept.version), str(gone.version)):
            form.reason.errors = [_("Somebody changed one of them meanwhile. Look again at what stands below.")]
        elif (answer := _merged(kept, gone, form)) is not None:
            return answer
    return _compare_page(kept, gone, form)


def _merged(kept: Incident, gone: Incident, form: MergeForm) -> Any:
    try:
        merging.merge_incidents(current_user, kept, gone, choices_in(request.form, FACTS), form.reason.data or "")
    except (ReasonMissing, CannotMerge) as problem:
        form.reason.errors = [str(problem)]
        return None
    db.session.commit()
    web.say(_("%(gone)s went into this record. It can be taken back below.", gone=gone.reference))
    return redirect(url_for("incidents.show", reference=kept.reference), 303)


def _compare_page(kept: Incident, gone: Incident, form: MergeForm) -> Any:
    form.kept_version.data, form.gone_version.data = str(kept.version), str(gone.version)
    posted = choices_in(request.form, FACTS) if request.method == "POST" else {}
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
    found = _merge_or_404(kept, uid)
    try:
        stayed = merging.unmerge(current_user, found)
    except CannotMerge as problem:
        abort(409, str(problem))
    gone = found.gone.reference
    db.session.commit()
    web.say(_("They are two records again. This is the one that had gone; what was its own is back."))
    if stayed:
        web.say(
            ngettext(
                "%(num)s value was changed since and stays as it is now.",
                "%(num)s values were changed since and stay as they are now.",
                stayed,
            ),
            "info",
        )
    return redirect(url_for("incidents.show", reference=gone), 303)


def _merge_or_404(kept: Incident, uid: str) -> IncidentMerge:
    try:
        number = uuid.UUID(uid)
    except ValueError:
        abort(404)
    statement = visible(IncidentMerge, current_user).where(
        IncidentMerge.kept_id == kept.id, IncidentMerge.uid == number
    )
    found: IncidentMerge | None = db.session.scalars(statement).unique().one_or_none()  # type: ignore[assignment]
    return found or abort(404)


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
