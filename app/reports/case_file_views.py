"""The page on which a case file is chosen, with who stands in the way, and the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, render_template
from flask_babel import gettext as _
from flask_login import current_user

from app.access import allow, may, reads_in_full, writable_or_404
from app.cases.models import Case
from app.cases.queries import shown_title
from app.db import ReasonMissing, begin_again, db
from app.downloads import digest_of, sent
from app.evidence import vault
from app.evidence.files import EvidenceFile
from app.letters.queries import material_of
from app.reports import case_file_archive as archives
from app.reports import case_file_content as content
from app.reports.blueprint import of_case
from app.reports.case_file import PURPOSES, CaseFile, LeftOut, case_file_of, files_for, held_by, holders_in, screen_for
from app.reports.case_file_archive import Archive
from app.reports.case_file_content import Contents
from app.reports.case_file_forms import DOCX, ZIP, CaseFileForm
from app.reports.case_file_operations import record_case_file
from app.timeline.summary import may_name, names_revealed
from app.timeline.summary_views import WITH
from app.vocabulary.queries import label
from app.word_files import MIMETYPE


@dataclass
class Asked:
    """A case as its reader sees it now, what the file would hold for each purpose, and the form."""

    case: Case
    by_purpose: dict[str, CaseFile]
    files: dict[EvidenceFile, str]
    form: CaseFileForm

    @property
    def chosen(self) -> CaseFile:
        return self.by_purpose[self.form.purpose.data]


def _asked(reference: str, **given: Any) -> Asked:
    case = writable_or_404(Case, current_user, reference, "records.export")
    material = material_of(current_user, case)
    by_purpose = {purpose: case_file_of(current_user, case, purpose, material) for purpose in PURPOSES}
    records = [one for each in by_purpose.values() for one in holders_in(each)]
    found: Any = db.session.scalars(files_for(current_user, records))
    files = {one: held_by(one, records) for one in found}
    form = CaseFileForm(**given)
    form.offer(files)
    if not files:
        del form.evidence
    if not may_name(current_user, case):
        del form.identities, form.reason
    return Asked(case, by_purpose, files, form)


@of_case.get("/<reference>/file")
@allow("records.export")
def choose(reference: str) -> Any:
    return _page(_asked(reference, formdata=None))


def _page(asked: Asked) -> Any:
    page = render_template(
        "reports/case_file.html",
        case=asked.case,
        title=shown_title(asked.case, True),
        form=asked.form,
        by_purpose=asked.by_purpose,
        left_out=_left_out(asked),
    )
    return page, 400 if asked.form.errors else 200


def _left_out(asked: Asked) -> list[tuple[list[str], list[LeftOut]]]:
    """(purposes, what stays out for them): purposes for which the same stays out stand together."""
    found: dict[tuple[str, ...], tuple[list[str], list[LeftOut]]] = {}
    for purpose, each in asked.by_purpose.items():
        if each.left_out:
            key = tuple(one.reference for one in each.left_out)
            found.setdefault(key, ([], each.left_out))[0].append(label("consent_purposes", purpose))
    return list(found.values())


@of_case.post("/<reference>/file")
@allow("records.export")
def make(reference: str) -> Any:
    """Evidence is opened before the write begins; then all is asked once more, for access may have changed."""
    begin_again(writing=False)
    asked = _asked(reference)
    if not _is_valid(asked):
        return _page(asked)
    archive = None
    if asked.form.shape.data == ZIP:
        try:
            archive = archives.begun(_chosen_files(asked))
        except vault.Damaged:
            current_app.logger.error("evidence of case %s is missing or damaged", reference)
            asked.form.evidence.errors = [_("One of these files is missing or damaged. Tell the administration.")]
            return _page(asked)
    begin_again(writing=True)
    asked = _asked(reference)
    contents = _contents(asked, archive) if _is_valid(asked) else None
    if contents is None:
        if archive is not None:
            archive.close()
        return _page(asked)
    answer = _recorded(asked, contents, archive)
    # Before the first byte leaves: what leaves the house is on record even if the line breaks.
    db.session.commit()
    return answer


def _is_valid(asked: Asked) -> bool:
    """Also whether each chosen file hangs on a record that may leave for the purpose."""
    if not asked.form.validate():
        return False
    leaving = {one.reference for one in holders_in(asked.chosen)}
    staying = [one.reference for one in _chosen_files(asked) if asked.files[one] not in leaving]
    if staying:
        words = _("These hang on records that stay out for this purpose: %(files)s.", files=", ".join(staying))
        asked.form.evidence.errors = [words]
    return not staying


def _chosen_files(asked: Asked) -> list[EvidenceFile]:
    ticked = asked.form.evidence.data if "evidence" in asked.form else None
    return [one for one in asked.files if one.reference in (ticked or [])]


def _reason(form: CaseFileForm) -> str | None:
    """Why names must stand in it; None where none shall."""
    return form.reason.data if "identities" in form and form.identities.data == WITH else None


def _contents(asked: Asked, archive: Archive | None) -> Contents | None:
    """None where names are asked for without a reason; the form says so then."""
    form, found, reason = asked.form, asked.chosen, _reason(asked.form)
    agreeing = [one.person.id for one in found.standing if one.may_be_named]
    try:
        names = names_revealed(current_user, asked.case, reason, agreeing) if reason is not None else {}
    except ReasonMissing as problem:
        form.reason.errors = [str(problem)]
        return None
    inner, leaving = form.inner.data or [], {one.reference for one in holders_in(found)}
    return Contents(
        file=found,
        screen=screen_for(current_user, found, names),
        names=names,
        with_names=reason is not None,
        inner=inner,
        moments=content.moments_for(current_user, found, inner),
        evidence=[one for one, record in asked.files.items() if record in leaving],
        enclosed=archive.enclosed if archive else (),
    )


def _recorded(asked: Asked, contents: Contents, archive: Archive | None) -> Response:
    """The file, and on record what it is; the caller commits."""
    reason, name = _reason(asked.form), f"{archives.file_name(contents)}.{asked.form.shape.data}"
    if archive is None:
        file = archives.written(contents)
        record_case_file(current_user, contents, DOCX, archives.digest(file), [], reason)
        return Response(file, mimetype=MIMETYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})
    archives.completed(archive, contents)
    record_case_file(current_user, contents, ZIP, digest_of(archive.file), _chosen_files(asked), reason)
    return sent(archive.file, name, "application/zip", archive.close)


def acts_panel(case: Case) -> str:
    if case.is_withdrawn or not reads_in_full(current_user, case):
        return ""
    if not may(current_user, "records.export", case.team_id):
        return ""
    return render_template("reports/act.html", case=case)
