"""Pages of people: the list by pseudonym, the person, new and edited, and their place in a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import conflicts, web
from app.access import allow, count, find_visible, full_ids, may, reads_in_full, visible_or_404, writable_or_404
from app.cases.models import Case
from app.cases.queries import shown_title
from app.dates import day_of, today
from app.db import db
from app.downloads import give
from app.merging import kept_instead
from app.part_pages import form_page
from app.people import list_export, operations, queries
from app.people.blueprint import bp
from app.people.consent import ANY_PURPOSE, effective_consent, weakest_consent
from app.people.exports import exports_of, kind_words
from app.people.forms import JoinForm, PersonForm, PublicFigureForm, ReasonForm, as_typed
from app.people.models import Consent, Export, Person, PersonMerge, PersonRelation
from app.people.near import near_words, people_like
from app.people.queries import PeopleWish
from app.people.ties import lasting_words, leaderships_of, of_organisations, relations_of
from app.vocabulary.offered import NameField
from app.vocabulary.queries import choices


@bp.get("/")
@allow("records.read")
def index() -> Any:
    wish = _wish(request.args)
    page = web.paged(queries.people_found(current_user, wish))
    return render_template(
        "people/index.html",
        page=page,
        wish=wish,
        filters={"text": wish.text, "kind": wish.kind, "withdrawn": "yes" if wish.withdrawn else ""},
        kinds=choices("person_kinds"),
        withdrawn_total=count(queries.people_found(current_user, replace(wish, withdrawn=True))),
    )


def _wish(given: Any) -> PeopleWish:
    typed = {name: given.get(name, "").strip()[:200] for name in ("text", "kind")}
    return PeopleWish(**typed, withdrawn=given.get("withdrawn") == "yes")


@bp.post("/export")
@allow("people.export")
def export_list() -> Any:
    return give(current_user, list_export.table_of(current_user, _wish(request.form)))


@bp.get("/suggest")
@allow("records.read")
def suggest() -> Any:
    wish = PeopleWish(text=request.args.get("q", "")[:200])
    people: Any = db.session.scalars(queries.people_found(current_user, wish).limit(queries.SUGGESTIONS)).all()
    return queries.suggestions(people)


@bp.get("/<reference>")
@allow("records.read")
def show(reference: str) -> Any:
    person = find_visible(Person, current_user, reference)
    if (person is None or person.is_withdrawn) and (kept := kept_instead(current_user, Person, PersonMerge, reference)):
        return redirect(url_for(".show", reference=kept.reference))
    return person_page(person or abort(404))


@dataclass(frozen=True)
class PurposeLine:
    """What holds today for a purpose; *is_general* when it was said for any purpose."""

    purpose: str
    consent: Consent | None

    @property
    def is_general(self) -> bool:
        return self.consent is not None and self.consent.purpose != self.purpose


def person_page(person: Person, **further: Any) -> str:
    """Also the answer to a reveal, which carries the identity and nothing else more."""
    in_full = reads_in_full(current_user, person)
    is_writer = in_full and may(current_user, "records.write", person.team_id)
    may_reveal = in_full and queries.may_reveal(current_user, person)
    roles: Any = db.session.scalars(queries.roles_of(current_user, person)).all()
    full_cases = full_ids(Case, current_user, [role.case for role in roles])
    return render_template(
        "people/show.html",
        person=person,
        in_full=in_full,
        may_write=is_writer and not person.is_withdrawn,
        may_restore=is_writer and person.is_withdrawn,
        may_reveal=may_reveal,
        has_identity=may_reveal and queries.has_identity(current_user, person),
        lines=[PurposeLine(code, effective_consent(person, code, today())) for code, _w in choices("consent_purposes")],
        roles=[
            (role, shown_title(role.case, role.case_id in full_cases), role.case_id in full_cases) for role in roles
        ],
        may_merge=is_writer and not person.is_withdrawn and may(current_user, "people.merge", person.team_id),
        merges=queries.standing_merges(current_user, person) if in_full else [],
        may_open_name=is_writer and not person.is_withdrawn and may(current_user, "records.review", person.team_id),
        **(_ties_shown(person) if in_full else {}),
        **exports_shown(person),
        **{"reason_form": ReasonForm(formdata=None), "identity": None, "other_identities": [], **further},
    )


def _ties_shown(person: Person) -> dict[str, Any]:
    ties = relations_of(current_user, person)
    return {
        "ties": ties,
        "full_ties": full_ids(PersonRelation, current_user, [tie.row for tie in ties]),
        "organisations": db.session.scalars(of_organisations(current_user, person)).all(),
        "leaderships": db.session.scalars(leaderships_of(current_user, person)).all(),
        "lasting_words": lasting_words,
    }


def exports_shown(person: Person) -> dict[str, Any]:
    """What the list of exports needs; it is empty for who does not read the person in full."""
    exports: Any = db.session.scalars(exports_of(current_user, person)).all()
    open_exports = full_ids(Export, current_user, [one.export for one in exports])
    return {"exports": exports, "open_exports": open_exports, "export_words": kind_words, "day_of": day_of}


def open_person_or_404(reference: str) -> Person:
    """A person to write to; a withdrawn one is restored first."""
    return writable_or_404(Person, current_user, reference)


@bp.route("/new", methods=["GET", "POST"])
@allow("records.write")
def new() -> Any:
    case = _case_of_address()
    form = PersonForm(country=current_app.config["SETTINGS"].country, pseudonym=request.args.get("pseudonym", "")[:120])
    form.offer(current_user, case=case)
    if earlier := web.already_done(form.form_token.data):
        return redirect(earlier, 303)
    if form.validate_on_submit() and (known := _known_already(form)) is not None:
        return _not_recorded_again(known, form, case)
    if form.is_submitted() and not form.errors:
        person = operations.record_person(current_user, form.team_id.data, form.facts())
        if case is not None:
            operations.give_role(person, case, form.role.data or None)
        db.session.flush()
        return redirect(web.commit_once(url_for(".show", reference=person.reference), form.form_token.data), 303)
    cancel_url = url_for("cases.show", reference=case.reference) if case else url_for(".index")
    return _form_page(form, _("New person"), cancel_url, case=case)


def _known_already(form: PersonForm) -> Person | None:
    """Whom the user means of those who are like the name; asks on the form while that was not said."""
    field = form.pseudonym
    found = people_like(current_user, field.data, *form.aliases.data)
    field.offered = [(person.reference, near_words(person, called)) for person, called in found] or None
    chosen = next((person for person, _called in found if person.reference == field.meant), None)
    if found and chosen is None and field.meant != NameField.NEW:
        field.errors = [*field.errors, _("Is it one of these? Choose, or say that it is somebody new.")]
    return chosen


def _not_recorded_again(person: Person, form: PersonForm, case: Case | None) -> Any:
    """Nobody is recorded twice; from a case, the one who is on record is put into it."""
    if case is not None and person.team_id == case.team_id and reads_in_full(current_user, person):
        operations.give_role(person, case, form.role.data or None)
        db.session.commit()
        web.say(_("%(name)s is in this case now.", name=person.pseudonym))
    else:
        web.say(_("This person is on record already; nothing was recorded twice."), "info")
    return redirect(url_for(".show", reference=person.reference), 303)


@bp.get("/alike")
@allow("records.write")
def alike() -> Any:
    """What stands under a name while it is typed."""
    found = people_like(current_user, request.args.get("q", "")[:200])
    return render_template("people/alike.html", found=found, near_words=near_words)


@bp.route("/<reference>/public-figure", methods=["GET", "POST"])
@allow("records.review")
def public_figure(reference: str) -> Any:
    """The open name of a public figure: a coordinator says it, and from where everybody knows it."""
    person = writable_or_404(Person, current_user, reference, "records.review")
    form = PublicFigureForm(obj=person)
    if form.validate_on_submit():
        if str(form.version.data) == str(person.version):
            name = form.open_name.data or None
            operations.set_public_figure(current_user, person, name, (name and form.open_name_source.data) or None)
            db.session.commit()
            web.say(_("The changes are saved."))
            return redirect(url_for(".show", reference=reference), 303)
        form.open_name.errors = [
            _("Somebody changed this person while you were writing. Your text is still here; save again to keep it.")
        ]
        form.version.data = str(person.version)
    page = render_template("people/public_figure.html", form=form, person=person)
    return page, 400 if form.errors else 200


@bp.route("/<reference>/edit", methods=["GET", "POST"])
@allow("records.write")
def edit(reference: str) -> Any:
    person = open_person_or_404(reference)
    stored = PersonForm(formdata=None, data=as_typed(person))
    stored.offer(current_user, person)
    form = PersonForm(formdata=conflicts.answers(stored), data=as_typed(person))
    form.offer(current_user, person)
    address = url_for(".show", reference=reference)
    if form.validate_on_submit():
        if conflicts.is_stale(form, person):
            return conflicts.page(form, stored, person, title=person.pseudonym, action=request.path, cancel_url=address)
        operations.edit_person(current_user, person, form.facts())
        db.session.commit()
        web.say(_("The changes are saved."))
        return redirect(address, 303)
    return _form_page(form, _("Edit %(name)s", name=person.pseudonym), address)


def _form_page(form: PersonForm, title: str, cancel_url: str, case: Case | None = None) -> Any:
    return form_page("people/edit.html", form, title=title, cancel_url=cancel_url, case=case)


# --- in a case -----------------------------------------------------------------------------------


def _case_of_address() -> Case | None:
    """The case that the address names (`?case=`), open to the user; 404 for one that is not theirs."""
    reference = request.args.get("case")
    return writable_or_404(Case, current_user, reference) if reference else None


@bp.route("/join", methods=["GET", "POST"])
@allow("records.write")
def join() -> Any:
    """Put someone who is recorded already into a case."""
    case = _case_of_address() or abort(404)
    form = JoinForm()
    form.offer()
    if form.validate_on_submit():
        person = queries.person_named(current_user, form.person.data)
        if person is None or person.team_id != case.team_id or not reads_in_full(current_user, person):
            form.person.errors = [_("Nobody of this team is known to you by exactly this pseudonym or reference.")]
        else:
            operations.give_role(person, case, form.role.data or None)
            db.session.commit()
            web.say(_("%(name)s is in this case now.", name=person.pseudonym))
            return web.back_to("cases.show", reference=case.reference, _anchor="people")
    page = render_template("people/join.html", form=form, case=case, title=shown_title(case, True))
    return page, 400 if form.errors else 200


@bp.post("/<reference>/leave")
@allow("records.write")
def leave(reference: str) -> Any:
    """Take the person out of a case; what was recorded of them stays."""
    person = visible_or_404(Person, current_user, reference)
    case = writable_or_404(Case, current_user, request.form.get("case", ""))
    operations.take_out(person, case)
    db.session.commit()
    web.say(_("%(name)s is no longer in this case.", name=person.pseudonym))
    return web.back_to("cases.show", reference=case.reference, _anchor="people")


def case_panel(case: Case) -> str:
    """The people in a case, with what each allows."""
    roles: Any = db.session.scalars(queries.roles_in(current_user, case)).all()
    may_write = reads_in_full(current_user, case) and may(current_user, "records.write", case.team_id)
    if not roles and not may_write:
        return ""
    return render_template("people/case_panel.html", case=case, roles=roles, may_write=may_write)


NOT_ASKED_FOR = frozenset({"ALLEGED"})
"""Roles in a case of people who are not asked for their consent."""


def _asked(roles: list[Any]) -> list[Person]:
    return [role.person for role in roles if role.role not in NOT_ASKED_FOR]


def consent_tag(case: Case) -> str:
    people = _asked(list(db.session.scalars(queries.roles_in(current_user, case))))
    if not people:
        return ""
    return render_template("people/consent_tag.html", level=weakest_consent(people, ANY_PURPOSE, today()))


def next_panel(case: Case) -> str:
    """Who in the case has not been asked yet what may be done with their information."""
    people = _asked(list(db.session.scalars(queries.roles_in(current_user, case))))
    day = today()
    unasked = [person for person in people if not any(consent.holds_on(day) for consent in person.consents)]
    return render_template("people/next.html", people=unasked[:3]) if unasked else ""


def add_panel(case: Case) -> str:
    return render_template("people/add.html", case=case)
