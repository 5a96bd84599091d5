"""Terms: proposed on the page of their proceeding, listed for oneself and the team; days on which courts are closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, NumberRange, Optional

from app import web
from app.access import allow, full_ids
from app.dates import today
from app.db import db
from app.proceedings import deadline_operations, proposals, queries
from app.proceedings.blueprint import bp
from app.proceedings.days import Day
from app.proceedings.deadline_operations import DeadlineGiven
from app.proceedings.models import ClosedDay, Deadline, Proceeding
from app.proceedings.part_forms import read_clock
from app.proceedings.terms import CannotCount, Term
from app.proceedings.texts import area, line
from app.proceedings.views import open_or_404
from app.vocabulary.offered import offered

deadlines = Blueprint("deadlines", __name__, url_prefix="/deadlines", template_folder="templates")


class DeadlineForm(FlaskForm):
    """What a person makes of a proposal."""

    version = HiddenField()
    overridden_on = Day(_l("Another last day"), [Optional()], description=_l("Only where a lawyer knows better."))
    override_reason = line(_l("Why another day counts"), 500, optional=False)
    done_on = Day(_l("Done on"), [Optional()])
    note = area(_l("Note"))

    def validate_override_reason(self, field: StringField) -> None:
        if self.overridden_on.data and not field.data:
            raise ValidationError(_("Write why another day counts."))

    def given(self) -> DeadlineGiven:
        return DeadlineGiven(
            self.overridden_on.data, self.override_reason.data or None, self.done_on.data, self.note.data or None
        )


class TermForm(DeadlineForm):
    """From what a term is counted."""

    form_token = HiddenField()
    rule = SelectField(_l("Rule"), [DataRequired(_l("Choose a rule."))])
    triggered_on = Day(_l("From which day"), [DataRequired(_l("Write the day, like 22/10/2024."))])
    hour = line(_l("Hour"), 10, description=_l("For terms in hours."))
    amount = IntegerField(
        _l("Number"),
        [Optional(), NumberRange(1, 10_000)],
        description=_l("Only if the order sets one; for limitation, the most years of the penalty (99 for life)."),
    )

    def offer(self) -> None:
        self.rule.choices = offered(proposals.rules(), or_none=True)

    def validate_hour(self, field: StringField) -> None:
        if field.data and read_clock(field.data) is None:
            raise ValidationError(_("Write the hour like 9:30 or 14:00."))


@bp.route("/<reference>/terms/new", methods=["GET", "POST"])
@allow("records.write")
def new_term(reference: str) -> Any:
    """First the proposal with its count, then, on a second press, it is kept."""
    proceeding = open_or_404(reference)
    form = TermForm(triggered_on=_day_of_address(), rule=request.args.get("rule"))
    form.offer()
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    term = None
    if form.validate_on_submit():
        hour = read_clock(form.hour.data or "")
        words = {"amount": form.amount.data}
        try:
            term = proposals.term_of(
                form.rule.data, form.triggered_on.data, hour=hour, complexity=proceeding.complexity, **words
            )
        except CannotCount as problem:
            form.amount.errors = [proposals.problem_words(problem)]
        if term is not None and request.form.get("act") == "keep":
            deadline_operations.keep_deadline(
                current_user, proceeding, form.rule.data, form.triggered_on.data, form.given(),
                triggered_at=hour, **words,
            )  # fmt: skip
            address = web.commit_once(_terms(proceeding), form.form_token.data)
            web.say(_("The term is on the list. A lawyer has yet to confirm it."))
            return redirect(address, 303)
    if not form.form_token.data:
        form.form_token.data = web.new_form_token()
    return _page(form, proceeding, _("Propose a term"), term), 400 if form.errors else 200


@bp.route("/<reference>/terms/<uid>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_term(reference: str, uid: str) -> Any:
    proceeding = open_or_404(reference)
    part = queries.part_of(proceeding, uid)
    if not isinstance(part, Deadline):
        abort(404)
    form = DeadlineForm(obj=part)
    if form.validate_on_submit():
        if str(form.version.data) != str(part.version):
            abort(409)
        deadline_operations.mend_deadline(current_user, proceeding, part, form.given())
        db.session.commit()
        web.say(_("The changes are saved."))
        return redirect(_terms(proceeding), 303)
    page = _page(form, proceeding, _("Change the term, or say that it is done"), proposals.term_of_deadline(part), part)
    return page, 400 if form.errors else 200


def _terms(proceeding: Proceeding) -> str:
    return url_for("proceedings.show", reference=proceeding.reference, _anchor="terms")


def _day_of_address() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def _page(
    form: DeadlineForm, proceeding: Proceeding, title: str, term: Term | None, part: Deadline | None = None
) -> str:
    return render_template(
        "proceedings/term.html",
        form=form,
        proceeding=proceeding,
        proceeding_title=queries.shown_title(proceeding, True),
        title=title,
        term=term,
        part=part,
        proposals=proposals,
        cancel_url=_terms(proceeding),
    )


# --- the list ------------------------------------------------------------------------------------


@deadlines.get("/")
@allow("records.read")
def index() -> Any:
    wish = {name: request.args.get(name, "")[:20] for name in ("whose", "done")}
    page = web.paged(queries.deadlines_found(current_user, **wish), load=queries.for_deadlines)
    return render_template(
        "proceedings/deadlines.html",
        page=page,
        wish=wish,
        in_full=full_ids(Proceeding, current_user, [row.proceeding for row in page.rows]),
        shown_title=queries.shown_title,
        day=today(),
        soon=queries.SOON,
    )


# --- days on which courts are closed -------------------------------------------------------------


class ClosedDayForm(FlaskForm):
    day = Day(_l("Day"), [DataRequired(_l("Write the day, like 22/10/2024."))])
    reason = line(
        _l("Why the courts are closed"), 200, optional=False, description=_l("A regional holiday, a strike, a decree.")
    )

    def validate_reason(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Write why the courts are closed."))


@deadlines.route("/closed-days", methods=["GET", "POST"])
@allow("codes.manage")
def closed_days() -> Any:
    form = ClosedDayForm()
    if form.validate_on_submit():
        deadline_operations.close_day(current_user, form.day.data, form.reason.data or "")
        db.session.commit()
        web.say(_("The day is saved. Terms that are on record stay as they were counted."))
        return web.back_to(".closed_days")
    rows = db.session.scalars(select(ClosedDay).order_by(ClosedDay.day.desc())).all()
    return render_template("proceedings/closed_days.html", form=form, rows=rows), 400 if form.errors else 200


@deadlines.post("/closed-days/erase")
@allow("codes.manage")
def erase_closed_day() -> Any:
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        abort(400)
    deadline_operations.open_day(day)
    db.session.commit()
    return web.back_to(".closed_days")
