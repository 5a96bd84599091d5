"""Ties are entered, changed and taken out, each on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import web
from app.access import allow, reads_in_full
from app.db import db
from app.people import queries
from app.people.blueprint import bp
from app.people.models import Person, PersonLeadership, PersonOrganisation, PersonRelation
from app.people.tie_forms import LeadershipForm, OrganisationTieForm, RelationForm, TieForm
from app.people.ties import INVERSE, relation_words, tie_of
from app.people.views import open_person_or_404

FORMS: dict[type[Any], type[TieForm]] = {
    PersonRelation: RelationForm,
    PersonOrganisation: OrganisationTieForm,
    PersonLeadership: LeadershipForm,
}


@bp.route("/<reference>/relations/new", methods=["GET", "POST"])
@allow("records.write")
def new_relation(reference: str) -> Any:
    return _new(reference, PersonRelation, _("Add a relation to a person"))


@bp.route("/<reference>/organisations/new", methods=["GET", "POST"])
@allow("records.write")
def new_organisation(reference: str) -> Any:
    return _new(reference, PersonOrganisation, _("Add a tie to an organisation"))


@bp.route("/<reference>/leadership/new", methods=["GET", "POST"])
@allow("records.write")
def new_leadership(reference: str) -> Any:
    return _new(reference, PersonLeadership, _("Add a part or post"))


def _new(reference: str, model: type[Any], title: str) -> Any:
    person = open_person_or_404(reference)
    form: Any = FORMS[model]()
    form.offer(current_user)
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit() and (write := _writing(form, person, model())) is not None:
        write()
        return redirect(web.commit_once(_ties(person), form.form_token.data), 303)
    if not form.form_token.data:
        form.form_token.data = web.new_form_token()
    return _page(form, person, title)


@bp.route("/<reference>/ties/<uid>", methods=["GET", "POST"])
@allow("records.write")
def edit_tie(reference: str, uid: str) -> Any:
    person = open_person_or_404(reference)
    tie = tie_of(current_user, person, uid) or abort(404)
    form: Any = FORMS[type(tie)](data=_as_typed(tie, person))
    form.offer(current_user, tie)
    if form.validate_on_submit():
        if str(form.version.data) != str(tie.version):
            form.form_errors.append(
                _("Somebody changed this meanwhile. Your text is still here; save again to keep it.")
            )
            form.version.data = str(tie.version)
        elif (write := _writing(form, person, tie)) is not None:
            write()
            db.session.commit()
            web.say(_("The changes are saved."))
            return redirect(_ties(person), 303)
    return _page(form, person, _("Change a tie"), tie)


@bp.post("/<reference>/ties/<uid>/erase")
@allow("records.write")
def erase_tie(reference: str, uid: str) -> Any:
    person = open_person_or_404(reference)
    tie = tie_of(current_user, person, uid) or abort(404)
    db.session.delete(tie)
    person.touch(current_user.id)
    db.session.commit()
    web.say(_("The tie is taken out."))
    return redirect(_ties(person), 303)


def _writing(form: Any, person: Person, tie: Any) -> Callable[[], None] | None:
    """What saves the form; None where the other person cannot be meant, with the reason at the field."""
    ends: dict[str, int] = {"person_id": person.id}
    if isinstance(form, RelationForm):
        other = queries.person_named(current_user, form.other.data)
        if other is None or other.team_id != person.team_id or not reads_in_full(current_user, other):
            words = _("Nobody of this team is known to you by exactly this pseudonym or reference.")
            form.other.errors = [*form.other.errors, words]
            return None
        if other.id == person.id:
            form.other.errors = [*form.other.errors, _("This is the same person.")]
            return None
        one, two = (other, person) if form.is_inverse else (person, other)
        ends = {"person_id": one.id, "other_id": two.id}

    def write() -> None:
        for name, value in {**ends, **form.facts()}.items():
            setattr(tie, name, value)
        db.session.add(tie)
        person.touch(current_user.id)

    return write


def _as_typed(tie: Any, person: Person) -> dict[str, Any]:
    columns = {column.key: getattr(tie, column.key) for column in type(tie).__mapper__.column_attrs}
    if isinstance(tie, PersonRelation):
        is_inverse = tie.person_id != person.id
        other = tie.person if is_inverse else tie.other
        mark = INVERSE if is_inverse and _reads_otherwise(tie) else ""
        return columns | {"kind": f"{tie.kind}{mark}", "other": f"{other.pseudonym} ({other.reference})"}
    organisation = tie.organisation
    return columns | {"organisation": f"{organisation.name} ({organisation.reference})" if organisation else ""}


def _reads_otherwise(tie: PersonRelation) -> bool:
    return relation_words(tie.kind, True) != relation_words(tie.kind, False)


def _page(form: TieForm, person: Person, title: str, tie: Any = None) -> Any:
    page = render_template("people/tie.html", form=form, person=person, title=title, tie=tie)
    return page, 400 if form.errors else 200


def _ties(person: Person) -> str:
    return url_for(".show", reference=person.reference, _anchor="ties")
