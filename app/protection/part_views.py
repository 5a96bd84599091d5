"""The parts of a measure or a promise: who is protected, step by step, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import conflicts, web
from app.access import allow
from app.db import db
from app.doubts import Doubt
from app.part_pages import form_page, mend_part, write_part
from app.protection import operations, queries
from app.protection.blueprint import bp
from app.protection.models import Commitment, Protection, ProtectionMeasure, Step
from app.protection.part_forms import BeneficiariesForm, OutcomeForm, PartForm, StepForm
from app.protection.views import open_or_404


def measure_or_404(reference: str) -> ProtectionMeasure:
    record = open_or_404(reference)
    return record if isinstance(record, ProtectionMeasure) else abort(404)


def _address(record: Protection, anchor: str) -> str:
    return url_for(".show", reference=record.reference, _anchor=anchor)


def _page(
    form: PartForm, record: Protection, title: str, anchor: str, doubts: list[Doubt] | None = None, part: Any = None
) -> Any:
    return form_page(
        "protection/part.html",
        form,
        record=record,
        record_title=queries.shown_title(record, True),
        title=title,
        doubts=doubts,
        part=part,
        cancel_url=_address(record, anchor),
    )


def _new(form: PartForm, record: Protection, title: str, anchor: str, write: Callable[[], str]) -> Any:
    """A form that writes something new, once however often it is sent. *write* gives the sentence for the next page."""
    return write_part(form, _address(record, anchor), partial(_page, form, record, title, anchor), write)


@bp.route("/<reference>/beneficiaries/new", methods=["GET", "POST"])
@allow("records.write")
def new_beneficiaries(reference: str) -> Any:
    record = measure_or_404(reference)
    form = BeneficiariesForm()
    known = {row.person_id for row in record.beneficiaries}
    form.offer(one for one in queries.people_in(current_user, record.case) if one.id not in known)

    def write() -> str:
        added = operations.add_beneficiaries(current_user, record, form.given())
        return ngettext("%(num)s line was added.", "%(num)s lines were added.", len(added))

    return _new(form, record, _("Add beneficiaries"), "beneficiaries", write)


@bp.route("/<reference>/steps/new", methods=["GET", "POST"])
@allow("records.write")
def new_step(reference: str) -> Any:
    record = measure_or_404(reference)
    form = StepForm()
    form.offer(record.measure)

    def write() -> str:
        operations.take_step(current_user, record, form.given(), form.doubts_reason.data)
        return _("The step is written down.")

    return _new(form, record, _("Add a step"), "steps", write)


STEP = ("version", "step", "taken", "sector", "note", "really_done")


@bp.route("/<reference>/steps/<uid>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_step(reference: str, uid: str) -> Any:
    record = measure_or_404(reference)
    step = queries.part_of(record, uid)
    if not isinstance(step, Step):
        abort(404)
    typed = {name: getattr(step, name) for name in STEP}
    stored = StepForm(formdata=None, data=typed)
    form = StepForm(formdata=conflicts.answers(stored), data=typed)
    for each in (stored, form):
        each.offer(record.measure, step)

    def write() -> None:
        operations.mend_step(current_user, record, step, form.given(), form.doubts_reason.data)

    return _mend(form, stored, record, step, _("Edit the step"), "steps", write)


@bp.route("/<reference>/outcome", methods=["GET", "POST"])
@allow("records.write")
def outcome(reference: str) -> Any:
    record = open_or_404(reference)
    if not isinstance(record, Commitment):
        abort(404)
    typed = {
        "version": record.version,
        "outcome": record.outcome,
        "told": record.answered,
        "what_happened": record.answer,
        "evidence": record.evidence,
    }
    stored = OutcomeForm(formdata=None, data=typed)
    form = OutcomeForm(formdata=conflicts.answers(stored), data=typed)
    for each in (stored, form):
        each.offer(record)

    def write() -> None:
        operations.settle_commitment(current_user, record, form.given(), form.doubts_reason.data)

    return _mend(form, stored, record, record, _("What became of it"), "answer", write)


def _mend(
    form: Any, stored: Any, record: Protection, part: Any, title: str, anchor: str, write: Callable[[], None]
) -> Any:
    """The form of what is on record; of two who change it, the second sees both."""
    show = partial(_page, form, record, title, anchor, part=part if part is not record else None)
    return mend_part(form, stored, part, title=title, address=_address(record, anchor), show=show, write=write)


@bp.post("/<reference>/parts/<uid>/erase")
@allow("records.write")
def erase_part(reference: str, uid: str) -> Any:
    record = open_or_404(reference)
    part = queries.part_of(record, uid) or abort(404)
    operations.erase_part(current_user, record, part)
    db.session.commit()
    web.say(_("It is taken out. The history keeps that it was there."))
    anchor = request.form.get("anchor", "")[:20] or "steps"
    return redirect(_address(record, anchor), 303)
