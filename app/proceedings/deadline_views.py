"""Terms, proposed on the page of their proceeding."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, NumberRange, Optional

from app import conflicts, web
from app.access import allow
from app.dates import today
from app.db import db
from app.incidents.texts import area, line
from app.people.days import Day
from app.proceedings import deadline_operations, proposals, queries
from app.proceedings.blueprint import bp
from app.proceedings.deadline_operations import Counted, DeadlineGiven
from app.proceedings.models import Deadline, Proceeding
from app.proceedings.part_forms import read_clock
from app.proceedings.terms import CannotCount, Term
from app.proceedings.views import open_or_404
from app.vocabulary.offered import WholeNumberField, offered


class DeadlineForm(FlaskForm):
    """What a person makes of a proposal."""

    together: ClassVar = (("overridden_on", "override_reason"), ("confirmed_on", "confirmed_by"))
    version = HiddenField()
    overridden_on = Day(_l("Another last day"), [Optional()], description=_l("Only where a lawyer knows better."))
    override_reason = line(_l("Why another day counts"), 500, optional=False)
    confirmed_on = Day(_l("Confirmed by a lawyer on"), [Optional()], description=_l("Until then it is a proposal."))
    confirmed_by = line(_l("Which lawyer"), 200, optional=False)
    done_on = Day(_l("Done on"), [Optional()])
    note = area(_l("Note"))

    def validate_override_reason(self, field: StringField) -> None:
        if self.overridden_on.data and not field.data:
            raise ValidationError(_("Write why another day counts."))

    def validate_confirmed_by(self, field: StringField) -> None:
        if self.confirmed_on.data and not field.data:
            raise ValidationError(_("Write which lawyer has confirmed it."))
        if field.data and not self.confirmed_on.data:
            raise ValidationError(_("Write on which day the lawyer has confirmed it."))

    def validate_confirmed_on(self, field: Day) -> None:
        if isinstance(field.data, date) and field.data > today():
            raise ValidationError(_("This day is still to come."))

    def given(self) -> DeadlineGiven:
        return DeadlineGiven(
            self.overridden_on.data,
            self.override_reason.data or None,
            self.confirmed_on.data,
            self.confirmed_by.data or None,
            self.done_on.data,
            self.note.data or None,
        )


class TermForm(DeadlineForm):
    """From what a term is counted."""

    form_token = HiddenField()
    rule = SelectField(_l("Rule"), [DataRequired(_l("Choose a rule."))])
    triggered_on = Day(_l("From which day"), [DataRequired(_l("Write the day, like 22/10/2024."))])
    hour = line(_l("Hour"), 10, description=_l("For terms in hours."))
    amount = WholeNumberField(
        _l("Number"),
        [Optional(), NumberRange(1, 10_000)],
        description=_l("Only if the order sets one; for limitation, the most years of the penalty (99 for life)."),
    )

    def offer(self, proceeding: Proceeding) -> None:
        self.rule.choices = offered(proposals.rules(proceeding.complexity), or_none=True)

    def validate_hour(self, field: StringField) -> None:
        if field.data and read_clock(field.data) is None:
            raise ValidationError(_("Write the hour like 9:30 or 14:00."))

    @property
    def can_be_counted(self) -> bool:
        """Although something else may be wrong: the proposal stays on the page, and so does what was typed below it."""
        return not any(field.errors for field in (self.rule, self.triggered_on, self.hour, self.amount))

    def counted(self) -> Counted:
        rule, _slash, part = self.rule.data.partition("/")
        return Counted(rule, self.triggered_on.data, part or None, read_clock(self.hour.data or ""), self.amount.data)


@bp.route("/<reference>/terms/new", methods=["GET", "POST"])
@allow("records.write")
def new_term(reference: str) -> Any:
    """First the proposal with its count, then, on a second press, it is kept."""
    proceeding = open_or_404(reference)
    form = TermForm(triggered_on=_day_of_address(), rule=request.args.get("rule"))
    form.offer(proceeding)
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    term = None
    is_valid = form.validate_on_submit()
    if request.method == "POST" and form.can_be_counted:
        try:
            term = deadline_operations.term_counted(proceeding, form.counted())
        except CannotCount as problem:
            form.amount.errors = [proposals.problem_words(problem)]
    if is_valid and term is not None and request.form.get("act") == "keep":
        kept = deadline_operations.keep_deadline(current_user, proceeding, form.counted(), form.given())
        confirmed = kept.confirmed_on is not None
        address = web.commit_once(_terms(proceeding), form.form_token.data)
        web.say(
            _("The term is on the list.")
            if confirmed
            else _("The term is on the list. A lawyer has yet to confirm it.")
        )
        return redirect(address, 303)
    if not form.form_token.data:
        form.form_token.data = web.new_form_token()
    return _page(form, proceeding, _("Propose a term"), term), 400 if form.errors else 200


@bp.route("/<reference>/terms/<uid>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit_term(reference: str, uid: str) -> Any:
    """Of two who change it, the second sees both."""
    proceeding = open_or_404(reference)
    part = queries.part_of(proceeding, uid)
    if not isinstance(part, Deadline):
        abort(404)
    title = _("Confirm or change the term, or say that it is done")
    stored = DeadlineForm(formdata=None, obj=part)
    form = DeadlineForm(formdata=conflicts.answers(stored), obj=part)
    if form.validate_on_submit():
        if conflicts.is_stale(form, part):
            address = _terms(proceeding)
            return conflicts.page(form, stored, part, title=title, action=request.path, cancel_url=address)
        lapsed = deadline_operations.mend_deadline(current_user, proceeding, part, form.given())
        db.session.commit()
        web.say(_("The changes are saved."))
        if lapsed:
            web.say(_("The day has changed: a lawyer has to confirm it again."), "warn")
        return redirect(_terms(proceeding), 303)
    page = _page(form, proceeding, title, proposals.term_of_deadline(part), part)
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
