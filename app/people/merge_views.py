"""Two records of one person: compared side by side, brought together by a coordinator, and taken apart again."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from app import merge_pages
from app.access import allow, full_or_404, writable_or_404
from app.accounts.deeds import table_words
from app.merging import hanging_on, shared_records
from app.people import merging, queries
from app.people.blueprint import bp
from app.people.facts import FACTS
from app.people.forms import MergeForm
from app.people.keys import keys_to_a_person
from app.people.models import Person, PersonMerge
from app.people.near import people_like
from app.side_by_side import choices_in, compared

PERMISSION = "people.merge"


@bp.route("/<reference>/merge", methods=["GET", "POST"])
@allow(PERMISSION)
def merge(reference: str) -> Any:
    kept = writable_or_404(Person, current_user, reference, PERMISSION)
    asked = request.values.get("with", "").strip()[:200]
    gone = queries.person_named(current_user, asked) if asked else None
    if gone is not None and (gone.team_id != kept.team_id or gone.id == kept.id):
        gone = None
    form = MergeForm()
    if gone is None:
        return _choose_page(kept, asked)
    gone = writable_or_404(Person, current_user, gone.reference, PERMISSION)
    choices = choices_in(request.form, FACTS)
    answer = merge_pages.merged(
        form,
        kept,
        gone,
        lambda reason: merging.merge_people(current_user, kept, gone, choices, reason),
        url_for(".show", reference=kept.reference),
    )
    return answer or _compare_page(kept, gone, form)


def _choose_page(kept: Person, asked: str) -> Any:
    names = [kept.pseudonym, *(alias.name for alias in kept.aliases)]
    found = [
        (person, called)
        for person, called in people_like(current_user, *names, but=kept)
        if person.team_id == kept.team_id
    ]
    page = render_template("people/merge_choose.html", person=kept, asked=asked, found=found)
    return page, 404 if asked else 200


def _compare_page(kept: Person, gone: Person, form: MergeForm) -> Any:
    keys = keys_to_a_person()
    posted = merge_pages.chosen_so_far(form, kept, gone, FACTS)
    page = render_template(
        "people/merge.html",
        kept=kept,
        gone=gone,
        form=form,
        lines=compared(FACTS, kept, gone, posted),
        moves=[(table_words(table), number) for table, number in hanging_on(current_user, keys, gone)],
        shared=shared_records(current_user, keys, kept, gone, but=("person", "case")),
        identities=[queries.has_identity(current_user, person) for person in (kept, gone)],
    )
    return page, 400 if form.errors else 200


@bp.post("/<reference>/unmerge/<uid>")
@allow(PERMISSION)
def unmerge(reference: str, uid: str) -> Any:
    kept = full_or_404(Person, current_user, reference, PERMISSION)
    found = merge_pages.merge_or_404(PersonMerge, kept, uid)
    return merge_pages.taken_back(
        found,
        lambda: merging.unmerge(current_user, found),
        lambda reference: url_for(".show", reference=reference),
    )
