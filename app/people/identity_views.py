"""Who a person is: shown on one answer, to who may ask and says why; in no address, title, list or log."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import web
from app.access import allow, reads_in_full, visible_or_404
from app.db import ReasonMissing, db, fold
from app.merge_pages import merge_or_404
from app.merging import CannotMerge
from app.people import merging, operations, queries
from app.people.blueprint import bp
from app.people.forms import IdentityForm, NameForm, ReasonForm
from app.people.models import Person, PersonMerge
from app.people.views import person_page
from app.side_by_side import GONE, KEPT


@bp.get("/by-name")
@allow("identity.reveal")
def by_name() -> Any:
    return _look_up_page(NameForm(formdata=None), None)


@bp.post("/by-name")
@allow("identity.reveal")
def look_up() -> Any:
    """Posted: a name never stands in an address, and what was asked goes on record before it is answered."""
    form = NameForm()
    try:
        if not form.validate():
            return _look_up_page(form, None), 400
        found = operations.look_up_by_name(current_user, form.name.data, form.reason.data)
    except ReasonMissing as problem:
        form.reason.errors = [str(problem)]
        return _look_up_page(form, None), 400
    db.session.commit()
    return _look_up_page(form, found)


def _look_up_page(form: NameForm, found: list[Person] | None) -> str:
    return render_template("people/by_name.html", form=form, found=found)


def _person_or_refusal(reference: str) -> Person:
    person = visible_or_404(Person, current_user, reference)
    if queries.may_reveal(current_user, person):
        return person
    if reads_in_full(current_user, person) and queries.went_into_another(person):
        abort(409, _("This record went into another one. Who it is, is asked there."))
    abort(403)


def _refuse_withdrawn(person: Person) -> None:
    if person.is_withdrawn:
        abort(409, _("The record was withdrawn. Restore it first."))


@bp.post("/<reference>/identity/show")
@allow("identity.reveal")
def show_identity(reference: str) -> Any:
    person = _person_or_refusal(reference)
    found = queries.identity_of(current_user, person) or abort(404)
    form = ReasonForm()
    try:
        if not form.validate():
            return person_page(person, reason_form=form), 400
        identity = operations.reveal_identity(person, found, form.reason.data)
        others = [
            (merge, operations.reveal_other_identity(merge, other, form.reason.data))
            for merge, other in queries.other_identities(current_user, person)
        ]
    except ReasonMissing as problem:
        form.reason.errors = [str(problem)]
        return person_page(person, reason_form=form), 400
    db.session.commit()
    return person_page(person, identity=identity, identity_form=_filled(person, identity), other_identities=others)


@bp.post("/<reference>/identity/choose/<uid>")
@allow("identity.reveal")
def choose_identity(reference: str, uid: str) -> Any:
    """Of the identities of two records of one person the one that is right; the other is kept with the other record."""
    person = _person_or_refusal(reference)
    _refuse_withdrawn(person)
    merge = merge_or_404(PersonMerge, person, uid)
    choice = request.form.get("choice", "")
    if choice not in (KEPT, GONE):
        abort(400)
    try:
        merging.choose_identity(merge, choice)
    except CannotMerge as problem:
        abort(409, str(problem))
    person.touch(current_user.id)
    db.session.commit()
    web.say(_("The identity is chosen. The other one is kept with the record that went into this one."))
    return redirect(url_for(".show", reference=reference, _anchor="identity"), 303)


def _filled(person: Person, identity: operations.Identity | None = None) -> IdentityForm:
    form = IdentityForm(formdata=None, obj=identity)
    form.version.data = str(person.version)
    return form


@bp.get("/<reference>/identity")
@allow("identity.reveal")
def new_identity(reference: str) -> Any:
    """An empty form, for a person of whom no identity is on record; one on record is shown with a reason first."""
    person = _person_or_refusal(reference)
    _refuse_withdrawn(person)
    if queries.has_identity(current_user, person):
        return web.back_to(".show", reference=reference, _anchor="identity")
    return render_template("people/identity.html", person=person, form=_filled(person))


@bp.post("/<reference>/identity")
@allow("identity.reveal")
def save_identity(reference: str) -> Any:
    person = _person_or_refusal(reference)
    _refuse_withdrawn(person)
    form = IdentityForm()
    if form.validate() and str(form.version.data) != str(person.version):
        form.legal_name.errors = [
            _("Somebody changed this person while you were writing. Your text is still here; save again to keep it.")
        ]
        form.version.data = str(person.version)
        return render_template("people/identity.html", person=person, form=form), 409
    if not form.errors and fold(form.legal_name.data) == fold(person.pseudonym) and not person.is_public_figure:
        form.legal_name.errors = [_("This is the pseudonym too. Change the pseudonym first: everybody reads it.")]
    if form.errors:
        return render_template("people/identity.html", person=person, form=form), 400
    operations.save_identity(current_user, person, queries.identity_of(current_user, person), form.identity())
    db.session.commit()
    web.say(_("The identity is saved. It is shown to nobody without a reason."))
    return redirect(url_for(".show", reference=reference, _anchor="identity"), 303)
