"""Entries of the timeline: written, mended, erased from the page of their case."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, writable_or_404
from app.cases import operations, queries
from app.cases.blueprint import bp
from app.cases.forms import EntryForm, entry_as_typed
from app.cases.models import Case, TimelineEntry
from app.db import db
from app.i18n import language
from app.part_pages import form_page


@bp.route("/<reference>/entries/new", methods=["GET", "POST"])
@allow("records.write")
def new_entry(reference: str) -> Any:
    case = writable_or_404(Case, current_user, reference)
    form = EntryForm(kind=request.args.get("kind"))
    form.offer()
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        entry = operations.write_entry(current_user, case, form.given())
        db.session.flush()
        address = web.commit_once(_timeline(case, entry), form.form_token.data)
        web.say(_("Saved."))
        return redirect(address, 303)
    return _form_page(form, case, None)


@bp.route("/<reference>/entries/<uid>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_entry(reference: str, uid: str) -> Any:
    case, entry = _entry_or_404(reference, uid)
    stored = EntryForm(formdata=None, data=entry_as_typed(entry))
    stored.offer(entry)
    form = EntryForm(formdata=conflicts.answers(stored), data=entry_as_typed(entry))
    form.offer(entry)
    if form.validate_on_submit():
        if conflicts.is_stale(form, entry):
            title = entry.text_in(language())
            return conflicts.page(form, stored, entry, title=title, action=request.path, cancel_url=_timeline(case))
        operations.edit_entry(entry, form.given(entry))
        db.session.commit()
        web.say(_("The changes are saved."))
        return redirect(_timeline(case, entry), 303)
    return _form_page(form, case, entry)


@bp.post("/<reference>/entries/<uid>/erase")
@allow("records.write")
def erase_entry(reference: str, uid: str) -> Any:
    case, entry = _entry_or_404(reference, uid)
    operations.erase_entry(entry)
    db.session.commit()
    web.say(_("The entry is gone from the timeline."))
    return redirect(_timeline(case), 303)


def _entry_or_404(reference: str, uid: str) -> tuple[Case, TimelineEntry]:
    case = writable_or_404(Case, current_user, reference)
    entry = queries.entry_of(current_user, case, uid)
    return case, entry or abort(404)


def _timeline(case: Case, entry: TimelineEntry | None = None) -> str:
    anchor = f"entry-{entry.uid}" if entry is not None else "timeline"
    return url_for(".show", reference=case.reference, _anchor=anchor)


def _form_page(form: EntryForm, case: Case, entry: TimelineEntry | None) -> Any:
    return form_page(
        "cases/entry.html",
        form,
        case=case,
        entry=entry,
        case_title=queries.shown_title(case, True),
        cancel_url=_timeline(case),
    )
