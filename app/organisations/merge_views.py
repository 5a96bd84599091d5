"""Two records of one organisation or project: compared side by side, brought together, and taken apart again."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import merge_pages
from app.access import allow, may, visible_or_404
from app.accounts.deeds import table_words
from app.merging import CannotMerge, hanging_on, shared_records
from app.organisations import merging, near, queries
from app.organisations.blueprint import bp
from app.organisations.forms import MergeForm
from app.organisations.models import Organisation, Project
from app.organisations.places import PLACES
from app.side_by_side import choices_in, compared

PERMISSION = "organisations.merge"


@bp.route("/<reference>/merge", methods=["GET", "POST"])
@allow(PERMISSION)
def merge(reference: str) -> Any:
    return _merge_page(visible_or_404(Organisation, current_user, reference))


@bp.route("/projects/<reference>/merge", methods=["GET", "POST"])
@allow(PERMISSION)
def merge_project(reference: str) -> Any:
    return _merge_page(visible_or_404(Project, current_user, reference))


@bp.post("/<reference>/unmerge/<uid>")
@allow(PERMISSION)
def unmerge(reference: str, uid: str) -> Any:
    return _unmerged(visible_or_404(Organisation, current_user, reference), uid)


@bp.post("/projects/<reference>/unmerge/<uid>")
@allow(PERMISSION)
def unmerge_project(reference: str, uid: str) -> Any:
    return _unmerged(visible_or_404(Project, current_user, reference), uid)


def _merge_page(kept: Any) -> Any:
    place = PLACES[type(kept)]
    if kept.team_id is not None and not may(current_user, PERMISSION, kept.team_id):
        abort(403)
    if kept.is_withdrawn:
        abort(409, _("The record was withdrawn. Restore it first."))
    asked = request.values.get("with", "").strip()[:200]
    gone = place.named(current_user, asked) if asked else None
    if gone is None:
        sentence = _("No single other record of this name or reference is known to you.") if asked else None
        return _choose_page(kept, asked, sentence)
    if gone.team_id is None and kept.team_id is not None and request.method == "GET":
        # What came with the pack is the one that stays.
        return redirect(url_for(place.merge, reference=gone.reference, **{"with": kept.reference}))
    try:
        merging.check_records(kept, gone)
    except CannotMerge as problem:
        return _choose_page(kept, asked, str(problem))
    if not may(current_user, PERMISSION, gone.team_id):
        abort(403)
    form = MergeForm()
    choices = choices_in(request.form, merging.facts_to_choose(kept))
    answer = merge_pages.merged(
        form,
        kept,
        gone,
        lambda reason: merging.merge_records(current_user, kept, gone, choices, reason),
        url_for(place.show, reference=kept.reference),
    )
    return answer or _compare_page(kept, gone, form)


def _choose_page(kept: Any, asked: str, sentence: str | None) -> Any:
    page = render_template(
        "organisations/merge_choose.html",
        row=kept,
        place=PLACES[type(kept)],
        asked=asked,
        sentence=sentence,
        found=could_be_the_same(kept, most=near.MOST_OFFERED),
    )
    return page, 400 if sentence else 200


def _compare_page(kept: Any, gone: Any, form: MergeForm) -> Any:
    facts = merging.facts_to_choose(kept)
    posted = merge_pages.chosen_so_far(form, kept, gone, facts)
    keys = merging.keys_that_move(type(kept))
    own = ("organisation", "project")
    page = render_template(
        "organisations/merge.html",
        kept=kept,
        gone=gone,
        place=PLACES[type(kept)],
        form=form,
        lines=compared(merging.FACTS[type(kept)], kept, gone, posted),
        may_choose=bool(facts),
        moves=[(table_words(table), number) for table, number in hanging_on(current_user, keys, gone)],
        shared=shared_records(current_user, keys, kept, gone, but=own),
    )
    return page, 400 if form.errors else 200


def could_be_the_same(row: Any, most: int = 3) -> list[tuple[Any, str]]:
    """Near names among the records with which this one could be brought together by the user, with the name."""
    if row.is_withdrawn:
        return []
    like = near.organisations_like if isinstance(row, Organisation) else near.projects_like
    found = like(current_user, *row.names_for(row.team_id), but=row)
    return [(other, called) for other, called in found if _could_go_together(row, other)][:most]


def _could_go_together(one: Any, other: Any) -> bool:
    if isinstance(one, Organisation) and (one.parent_id == other.id or other.parent_id == one.id):
        return False  # a company and its owner are often called alike, and somebody has said that they are two
    teams = {row.team_id for row in (one, other)} - {None}
    return len(teams) == 1 and may(current_user, PERMISSION, teams.pop())


def _unmerged(kept: Any, uid: str) -> Any:
    place, found = PLACES[type(kept)], merge_pages.merge_or_404(queries.MERGES[type(kept)], kept, uid)
    if not may(current_user, PERMISSION, found.gone.team_id):
        abort(403)
    return merge_pages.taken_back(
        found,
        lambda: merging.unmerge_records(current_user, found),
        lambda reference: url_for(place.show, reference=reference),
    )
