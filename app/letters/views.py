"""The page on which a letter is chosen, with the answers that it needs, and the file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.access import allow, may, reads_in_full, writable_or_404
from app.cases.models import Case
from app.cases.queries import shown_title
from app.dates import today
from app.db import ReasonMissing, db
from app.letters import content, operations
from app.letters.answers import PURPOSES, Verdict, question, verdict_on
from app.letters.content import Chosen
from app.letters.forms import LetterForm
from app.letters.queries import Material, asking_not_to_be_named, material_of, ties_of
from app.timeline.summary import may_name, names_revealed
from app.timeline.summary_views import WITH
from app.word_files import MIMETYPE, word_file

TITLE = _l("Letter to the UN Special Rapporteur on defenders (Word)")

bp = Blueprint("letters", __name__, url_prefix="/cases", template_folder="templates")


@bp.get("/<reference>/letter")
@allow("records.export")
def choose(reference: str) -> Any:
    case = writable_or_404(Case, current_user, reference, "records.export")
    material = material_of(current_user, case)
    form = _form(case, material, formdata=None)
    form.propose(material)
    return _page(case, form, material)


def _form(case: Case, material: Material, **given: Any) -> LetterForm:
    form = LetterForm(**given)
    form.offer(material)
    if not may_name(current_user, case):
        del form.identities, form.reason
    return form


def _page(case: Case, form: LetterForm, material: Material, verdict: Verdict | None = None) -> Any:
    page = render_template(
        "letters/choose.html",
        case=case,
        title=shown_title(case, True),
        form=form,
        people=verdict_on(material.people, today(), asking_not_to_be_named(material.protection)).answers,
        verdict=verdict,
        purposes=PURPOSES,
        question=question,
    )
    return page, 400 if form.errors or verdict else 200


@bp.post("/<reference>/letter")
@allow("records.export")
def make(reference: str) -> Any:
    case = writable_or_404(Case, current_user, reference, "records.export")
    material = material_of(current_user, case)
    form = _form(case, material)
    if not form.validate():
        return _page(case, form, material)
    chosen = _chosen(case, form, material)
    verdict = Verdict(chosen.answers)
    if not verdict.allows:
        return _page(case, form, material, verdict)
    reason = form.reason.data if "identities" in form and form.identities.data == WITH else None
    try:
        chosen.names = _names(case, chosen, reason) if reason is not None else {}
    except ReasonMissing as problem:
        form.reason.errors = [str(problem)]
        return _page(case, form, material)
    chosen.ties = ties_of(current_user, [one.person for one in chosen.described if one.person.id in material.in_full])
    persons, rows = [one.person.id for one in chosen.answers], chosen.records
    operations.record_letter(current_user, case, persons, list(chosen.names), rows, reason)
    with force_locale(form.language.data):
        file = word_file(content.title(), content.sections(chosen, current_user), form.language.data)
    # Before the first byte leaves: what leaves the house is on record even if the line breaks.
    db.session.commit()
    headers = {"Content-Disposition": f'attachment; filename="{operations.file_name(case)}"'}
    return Response(file, mimetype=MIMETYPE, headers=headers)


def _chosen(case: Case, form: LetterForm, material: Material) -> Chosen:
    incidents = [one for one in material.incidents if one.reference in (form.incidents.data or [])]
    proceedings = [one for one in material.proceedings if one.reference in (form.proceedings.data or [])]
    ticked = {one.id for one in material.people if one.reference in form.people.data}
    protection = [one for one in material.protection if one.reference in (form.protection.data or [])]
    told = ticked | material.people_told_of(incidents, proceedings, protection)
    people = [one for one in material.people if one.id in told]
    answers = verdict_on(people, today(), asking_not_to_be_named(material.protection)).answers
    described = [one for one in answers if one.person.id in ticked]
    risks = [one for one in material.risks if one.person_id in {answer.person.id for answer in described}]
    inner = form.inner.data or []
    return Chosen(case, form.kind.data, incidents, proceedings, protection, risks, described, answers, inner)


def _names(case: Case, chosen: Chosen, reason: str) -> dict[int, str]:
    """Of those who agree that the United Nations know who they are, and of nobody else."""
    agreeing = [one.person.id for one in chosen.answers if one.may_be_named]
    return names_revealed(current_user, case, reason, agreeing)


def acts_panel(case: Case) -> str:
    if case.is_withdrawn or not reads_in_full(current_user, case):
        return ""
    if not may(current_user, "records.export", case.team_id):
        return ""
    return render_template("letters/act.html", case=case)
