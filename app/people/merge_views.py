"""Two records of one person: compared side by side, brought together by a coordinator, and taken apart again."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import web
from app.access import allow, full_or_404, visible, writable_or_404
from app.accounts.deeds import table_words
from app.db import ReasonMissing, db
from app.merging import CannotMerge, hanging_on, shared_records
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
    if form.validate_on_submit():
        if (form.kept_version.data, form.gone_version.data) != (str(kept.version), str(gone.version)):
            form.reason.errors = [_("Somebody changed one of them meanwhile. Look again at what stands below.")]
        elif (answer := _merged(kept, gone, form)) is not None:
            return answer
    return _compare_page(kept, gone, form)


def _merged(kept: Person, gone: Person, form: MergeForm) -> Any:
    try:
        merging.merge_people(current_user, kept, gone, choices_in(request.form, FACTS), form.reason.data or "")
    except (ReasonMissing, CannotMerge) as problem:
        form.reason.errors = [str(problem)]
        return None
    db.session.commit()
    web.say(_("%(gone)s went into this record. It can be taken back below.", gone=gone.reference))
    return redirect(url_for(".show", reference=kept.reference), 303)


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
    form.kept_version.data, form.gone_version.data = str(kept.version), str(gone.version)
    posted = choices_in(request.form, FACTS) if request.method == "POST" else {}
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
    found = merge_or_404(kept, uid)
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
    return redirect(url_for(".show", reference=gone), 303)


def merge_or_404(kept: Person, uid: str) -> PersonMerge:
    try:
        number = uuid.UUID(uid)
    except ValueError:
        abort(404)
    statement = visible(PersonMerge, current_user).where(PersonMerge.kept_id == kept.id, PersonMerge.uid == number)
    found: Any = db.session.scalars(statement).one_or_none()
    return found or abort(404)
