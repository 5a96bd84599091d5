"""Consent: a further answer is written down, an answer is taken back; none is ever changed."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import access, web
from app.access import allow, full_or_404
from app.dates import today
from app.db import db
from app.people import operations, queries
from app.people.blueprint import bp
from app.people.consent import effective_consent
from app.people.exports import exports_of
from app.people.forms import ConsentForm, WithdrawConsentForm
from app.people.models import Consent, Person
from app.people.views import exports_shown, open_person_or_404
from app.vocabulary.queries import label


@bp.route("/<reference>/consent", methods=["GET", "POST"])
@allow("records.write")
def ask(reference: str) -> Any:
    person = open_person_or_404(reference)
    form = ConsentForm(purpose=request.args.get("purpose", "ALL"), given_on=today())
    form.offer()
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit():
        operations.add_consent(current_user, person, form.given())
        return redirect(web.commit_once(_consents(person), form.form_token.data), 303)
    if not form.form_token.data:
        form.form_token.data = web.new_form_token()
    return render_template("people/consent.html", form=form, person=person), 400 if form.errors else 200


@bp.route("/<reference>/consent/<uid>/withdraw", methods=["GET", "POST"])
@allow("records.write")
def withdraw_consent(reference: str, uid: str) -> Any:
    person = full_or_404(Person, current_user, reference)
    consent = queries.consent_of(current_user, person, uid) or abort(404)
    if consent.withdrawn_on is not None:
        abort(409)
    form = WithdrawConsentForm(withdrawn_on=today())
    form.check_against(consent)
    if form.validate_on_submit():
        operations.withdraw_consent(current_user, consent, form.withdrawn_on.data, form.reason.data or "")
        db.session.commit()
        web.say(_what_holds_now(person, consent))
        carried = access.count(exports_of(current_user, person))
        if carried:
            web.say(_to_call_back(carried), "warn")
        return redirect(url_for(".show", reference=reference, _anchor="exports" if carried else "consent"), 303)
    shown = {"form": form, "person": person, "consent": consent, **exports_shown(person)}
    return render_template("people/withdraw_consent.html", **shown), 400 if form.errors else 200


def _to_call_back(number: int) -> str:
    return ngettext(
        "%(num)s export carried this person. It is listed below: ask whoever has it to delete what it says.",
        "%(num)s exports carried this person. They are listed below: ask whoever has them to delete what they say.",
        number,
    )


def _what_holds_now(person: Person, consent: Consent) -> str:
    """Taking back one answer may leave another in force: say so, it must not come as a surprise."""
    purpose = label("consent_purposes", consent.purpose)
    standing = effective_consent(person, consent.purpose, today())
    if standing is None:
        return _("The answer is withdrawn. For “%(purpose)s” nothing is allowed now.", purpose=purpose)
    return _(
        "The answer is withdrawn. For “%(purpose)s” another answer still holds: %(level)s.",
        purpose=purpose,
        level=f"{standing.level} · {label('consent_levels', standing.level)}",
    )


def _consents(person: Person) -> str:
    return url_for(".show", reference=person.reference, _anchor="consent")
