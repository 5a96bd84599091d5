"""The parts of a proceeding, each written in one form and one transaction; several accused at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import conflicts, web
from app.access import allow, may
from app.accounts.models import User
from app.db import db
from app.doubts import Doubt
from app.part_pages import form_page, mend_part, write_part
from app.people.lines import resolved
from app.proceedings import custody, operations, queries
from app.proceedings.blueprint import bp
from app.proceedings.forms import NumberForm
from app.proceedings.models import Accused, Charge, Hearing, Measure, Proceeding, Stage
from app.proceedings.operations import AccusedGiven, AnswerGiven
from app.proceedings.page import detention_words
from app.proceedings.part_forms import (
    AccusedForm,
    ChargeForm,
    DetentionForm,
    ExtensionForm,
    ForSeveral,
    HearingForm,
    MeasureForm,
    NewChargeForm,
    NewMeasureForm,
    OutcomeForm,
    PartForm,
    PointForm,
    StageForm,
    row_as_typed,
)
from app.proceedings.views import open_or_404
from app.vocabulary.queries import entries


def _address(proceeding: Proceeding, anchor: str) -> str:
    return url_for(".show", reference=proceeding.reference, _anchor=anchor)


def _page(
    form: PartForm,
    proceeding: Proceeding,
    title: str,
    anchor: str,
    doubts: list[Doubt] | None = None,
    part: Any = None,
) -> Any:
    return form_page(
        "proceedings/part.html",
        form,
        proceeding=proceeding,
        proceeding_title=queries.shown_title(proceeding, True),
        title=title,
        doubts=doubts,
        part=part,
        cancel_url=_address(proceeding, anchor),
    )


def _new(form: PartForm, proceeding: Proceeding, title: str, anchor: str, write: Callable[[], str | None]) -> Any:
    """A form that writes something new, once however often it is sent. *write* gives the sentence for the next page."""
    return write_part(form, _address(proceeding, anchor), partial(_page, form, proceeding, title, anchor), write)


# --- accused -------------------------------------------------------------------------------------


@bp.route("/<reference>/accused/new", methods=["GET", "POST"])
@allow("records.write")
def new_accused(reference: str) -> Any:
    proceeding = open_or_404(reference)
    form = AccusedForm()
    form.offer()

    def write() -> str | None:
        who = resolved(current_user, proceeding.case, form.lines)
        if who.unclear:
            form.pseudonyms.errors = [
                _("More than one person is called “%(name)s”; write the reference instead.", name=name)
                for name in who.unclear
            ]
            return None
        given = AccusedGiven(
            role=form.role.data,
            people=who.people,
            pseudonyms=who.fresh,
            group_label=form.group_label.data or None,
            count_least=form.count_least.data,
            count_most=form.count_most.data,
        )
        added = operations.add_accused(current_user, proceeding, given)
        return ngettext("%(num)s line was added.", "%(num)s lines were added.", len(added))

    return _new(form, proceeding, _("Add accused"), "accused", write)


def _for_several(
    form: ForSeveral, reference: str, title: str, anchor: str, write: Callable[[Proceeding, list[Accused]], Any]
) -> Any:
    """A form for those accused who are ticked: on the way in those of the table, all of them only if that is asked."""
    proceeding = open_or_404(reference)
    form.offer()
    form.offer_accused(proceeding.accused)
    if request.method == "GET":
        everybody = request.args.get("tick") == "all" or len(proceeding.accused) == 1
        ticked = [str(row.uid) for row in proceeding.accused] if everybody else request.args.getlist("accused")
        form.accused.data = ticked
    elif request.form.get("tick") == "all":
        form.accused.data = [str(row.uid) for row in proceeding.accused]
        return _page(form, proceeding, title, anchor)

    def write_for_chosen() -> str:
        chosen = form.chosen(proceeding.accused)
        write(proceeding, chosen)
        return ngettext("Saved for %(num)s accused.", "Saved for %(num)s accused.", len(chosen))

    return _new(form, proceeding, title, anchor, write_for_chosen)


@bp.route("/<reference>/outcome", methods=["GET", "POST"])
@allow("records.write")
def outcome(reference: str) -> Any:
    form = OutcomeForm(outcome=request.args.get("outcome"))

    def write(proceeding: Proceeding, chosen: list[Accused]) -> None:
        operations.set_outcome(current_user, proceeding, chosen, form.outcome.data or None)

    return _for_several(form, reference, _("Set the outcome"), "accused", write)


@bp.route("/<reference>/charges/new", methods=["GET", "POST"])
@allow("records.write")
def new_charge(reference: str) -> Any:
    form = NewChargeForm()

    def write(proceeding: Proceeding, chosen: list[Accused]) -> None:
        operations.add_charge(current_user, proceeding, chosen, form.given(), form.doubts_reason.data)

    return _for_several(form, reference, _("Add a charge"), "charges", write)


@bp.route("/<reference>/measures/new", methods=["GET", "POST"])
@allow("records.write")
def new_measure(reference: str) -> Any:
    form = NewMeasureForm()

    def write(proceeding: Proceeding, chosen: list[Accused]) -> None:
        operations.add_measure(current_user, proceeding, chosen, form.given(), form.doubts_reason.data)

    return _for_several(form, reference, _("Add a measure"), "measures", write)


# --- stages, hearings, measures: new and mended --------------------------------------------------


@bp.route("/<reference>/stages/new", methods=["GET", "POST"])
@allow("records.write")
def new_stage(reference: str) -> Any:
    proceeding = open_or_404(reference)
    form = StageForm()
    form.offer()

    def write() -> str:
        operations.enter_stage(current_user, proceeding, form.given(), form.doubts_reason.data)
        return _("The stage is entered.")

    return _new(form, proceeding, _("Enter a stage"), "stages", write)


@bp.route("/<reference>/hearings/new", methods=["GET", "POST"])
@allow("records.write")
def new_hearing(reference: str) -> Any:
    proceeding = open_or_404(reference)
    form = HearingForm()
    form.offer()

    def write() -> str:
        operations.add_hearing(current_user, proceeding, form.given(), form.doubts_reason.data)
        return _("The hearing is written down.")

    return _new(form, proceeding, _("Add a hearing"), "hearings", write)


def _part_or_404(proceeding: Proceeding, uid: str, *kinds: type) -> Any:
    part = queries.part_of(proceeding, uid)
    return part if isinstance(part, kinds) else abort(404)


def _mend(
    form_class: Any,
    proceeding: Proceeding,
    part: Any,
    title: str,
    anchor: str,
    write: Callable[[User, Proceeding, Any, Any, str | None], None],
) -> Any:
    """The form of a part that is on record; of two who change it, the second sees both."""
    names = [name for name, _width in form_class.layout]
    stored = form_class(formdata=None, data=row_as_typed(part, names))
    form = form_class(formdata=conflicts.answers(stored), data=row_as_typed(part, names))
    for each in (stored, form):
        each.offer(part)

    def save() -> None:
        write(current_user, proceeding, part, form.given(), form.doubts_reason.data)

    show = partial(_page, form, proceeding, title, anchor, part=part)
    return mend_part(form, stored, part, title=title, address=_address(proceeding, anchor), show=show, write=save)


@bp.route("/<reference>/stages/<uid>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_stage(reference: str, uid: str) -> Any:
    proceeding = open_or_404(reference)
    part = _part_or_404(proceeding, uid, Stage)
    return _mend(StageForm, proceeding, part, _("Edit the stage"), "stages", operations.mend_stage)


@bp.route("/<reference>/charges/<uid>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_charge(reference: str, uid: str) -> Any:
    """Of one accused: what was changed to another offence for one may stay for the others."""
    proceeding = open_or_404(reference)
    part = _part_or_404(proceeding, uid, Charge)
    title = _("Change the charge against %(name)s", name=part.accused.name or _("Group"))
    return _mend(ChargeForm, proceeding, part, title, "charges", operations.mend_charge)


@bp.route("/<reference>/hearings/<uid>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_hearing(reference: str, uid: str) -> Any:
    proceeding = open_or_404(reference)
    part = _part_or_404(proceeding, uid, Hearing)
    return _mend(HearingForm, proceeding, part, _("Edit the hearing"), "hearings", operations.mend_hearing)


@bp.route("/<reference>/measures/<uid>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_measure(reference: str, uid: str) -> Any:
    """Also where its end is written down."""
    proceeding = open_or_404(reference)
    part = _part_or_404(proceeding, uid, Measure)
    return _mend(MeasureForm, proceeding, part, _("Change or end the measure"), "measures", operations.mend_measure)


@bp.route("/<reference>/measures/<uid>/extend", methods=["GET", "POST"])
@allow("records.write")
def extend_measure(reference: str, uid: str) -> Any:
    proceeding = open_or_404(reference)
    part = _part_or_404(proceeding, uid, Measure)
    form = ExtensionForm()

    def write() -> str:
        operations.extend_measure(
            current_user,
            proceeding,
            part,
            form.until_on.data,
            form.decided_on.data,
            form.note.data or None,
            form.doubts_reason.data,
        )
        return _("The extension is written down.")

    return _new(form, proceeding, _("Extend the measure"), "measures", write)


@bp.route("/<reference>/detentions", methods=["GET", "POST"])
@allow("records.review")
def assess_detentions(reference: str) -> Any:
    """Whether detentions were arbitrary: answered by whoever reviews for the team, for several at once."""
    proceeding = open_or_404(reference)
    if not may(current_user, "records.review", proceeding.team_id):
        abort(403)
    rows = {str(row.uid): row for row in custody.detentions_of(proceeding)}
    form = DetentionForm()
    form.offer((uid, detention_words(row)) for uid, row in rows.items())
    if request.method == "GET":
        form.detentions.data = list(rows) if len(rows) == 1 else []  # one answer for all is no accident
        if len(rows) == 1:
            (one,) = rows.values()
            form.arbitrary.data, form.why.data = one.arbitrary or "", one.arbitrary_why
            form.grounds.data = one.arbitrary_grounds or []

    def write() -> str:
        chosen = [rows[uid] for uid in form.detentions.data]
        custody.assess(current_user, proceeding, chosen, form.given())
        return ngettext("Saved for %(num)s detention.", "Saved for %(num)s detentions.", len(chosen))

    return _new(form, proceeding, _("Was the detention arbitrary?"), "measures", write)


@bp.post("/<reference>/parts/<uid>/erase")
@allow("records.write")
def erase_part(reference: str, uid: str) -> Any:
    proceeding = open_or_404(reference)
    part = queries.part_of(proceeding, uid) or abort(404)
    operations.erase_part(current_user, proceeding, part)
    db.session.commit()
    web.say(_("It is taken out. The history keeps that it was there."))
    return redirect(_address(proceeding, request.form.get("anchor", "")[:20] or "facts"), 303)


# --- numbers and the checklist -------------------------------------------------------------------


@bp.route("/<reference>/numbers", methods=["GET", "POST"])
@allow("records.write")
def numbers(reference: str) -> Any:
    proceeding = open_or_404(reference)
    form = NumberForm()
    form.offer()
    if form.validate_on_submit():
        number = form.number.data or ""
        operations.add_number(current_user, proceeding, form.number_type.data, number, form.issuing_body.data or None)
        db.session.commit()
        web.say(_("The number is saved."))
        if form.is_unusual:
            usual = "01247-2023-0-0401-JR-PE-01"
            web.say(
                _("It is not written like %(usual)s, as court files usually are; please check.", usual=usual), "warn"
            )
        return web.back_to(".numbers", reference=reference)
    page = render_template(
        "proceedings/numbers.html",
        form=form,
        proceeding=proceeding,
        proceeding_title=queries.shown_title(proceeding, True),
    )
    return page, 400 if form.errors else 200


@bp.route("/<reference>/checklist", methods=["GET", "POST"])
@allow("records.write")
def checklist(reference: str) -> Any:
    proceeding = open_or_404(reference)
    answers = {answer.point: answer for answer in proceeding.answers}
    points = [entry for code, entry in entries("fair_trial").items() if entry.active or code in answers]
    forms = {}
    for entry in points:
        known = answers.get(entry.code)
        data = {"answer": known.answer, "note": known.note, "source": known.source} if known else {}
        posted = request.form if request.method == "POST" else None
        forms[entry.code] = PointForm(formdata=posted, data=data, prefix=f"{entry.code}-")
        forms[entry.code].offer()
    if request.method == "POST" and all([form.validate() for form in forms.values()]):
        given = {
            code: AnswerGiven(form.answer.data or None, form.note.data or None, form.source.data or None)
            for code, form in forms.items()
        }
        operations.answer_checklist(current_user, proceeding, given)
        db.session.commit()
        web.say(_("The answers are saved."))
        return redirect(_address(proceeding, "checklist"), 303)
    page = render_template(
        "proceedings/checklist.html",
        proceeding=proceeding,
        proceeding_title=queries.shown_title(proceeding, True),
        points=[(entry, forms[entry.code]) for entry in points],
    )
    return page, 400 if request.method == "POST" else 200
