"""Adding files to a record, opening, withdrawing and restoring them; the page of a source."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage, Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import dump_options_header

from app import web
from app.access import allow, full_or_404, visible_or_404
from app.db import begin_again, db, fold
from app.evidence import filing, vault
from app.evidence.files import EvidenceFile, Holder, holder_of_kind
from app.evidence.filing import AlreadyThere, Received
from app.evidence.forms import FilesForm
from app.evidence.models import Source
from app.evidence.names import cleaned
from app.evidence.queries import record_of
from app.evidence.recognising import NotKept
from app.i18n import size_words

bp = Blueprint("evidence", __name__, url_prefix="/evidence", template_folder="templates")


@bp.get("/source/<reference>")
@allow("records.read")
def source(reference: str) -> Any:
    """A source and its files. A source is read in full or not at all."""
    return render_template("evidence/source.html", source=visible_or_404(Source, current_user, reference))


# --- adding --------------------------------------------------------------------------------------


def open_or_404(kind: str, reference: str) -> tuple[Holder, Any]:
    """A record that the user may add files to; what was withdrawn is restored first (409)."""
    holder = holder_of_kind(kind) or abort(404)
    row = full_or_404(holder.model, current_user, reference)
    _refuse_withdrawn(holder, row)
    return holder, row


def _refuse_withdrawn(holder: Holder, row: Any) -> None:
    if not holder.is_open(row):
        abort(409, _("The record was withdrawn. Restore it first."))


@bp.route("/<kind>/<reference>/new", methods=["GET", "POST"])
@allow("records.write")
@web.takes_files("evidence_max_bytes")
def new(kind: str, reference: str) -> Any:
    """What is good is added, what is not is named with the reason."""
    begin_again(writing=False)
    holder, row = open_or_404(kind, reference)
    form = FilesForm()
    if not form.validate_on_submit():
        return _form_page(form, holder, row)
    chosen = [file for file in form.files.data or [] if isinstance(file, FileStorage) and file.filename]
    if not chosen:
        form.files.errors = [_("Choose at least one file.")]
        return _form_page(form, holder, row)
    received, form.files.errors = _received(chosen)
    try:
        begin_again(writing=True)
        holder, row = open_or_404(kind, reference)
        _add(row, received, form.description.data)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        abort(409, _("Somebody else added the same file at this moment. Look at the record again."))
    finally:
        for one in received:
            vault.drop(one.number)
    return _form_page(form, holder, row) if form.files.errors else redirect(holder.address(row), 303)


def _received(chosen: list[FileStorage]) -> tuple[list[Received], list[str]]:
    """Sealed on disk while nothing holds the database; and what is wrong with the others."""
    received, problems = [], []
    for file in chosen:
        name = file.filename or ""
        try:
            received.append(filing.receive(name, file.read()))
        except NotKept as problem:
            problems.append(_("“%(name)s” was not added: %(reason)s", name=cleaned(name), reason=problem))
        except OSError as problem:
            current_app.logger.error("evidence cannot be written: %s", type(problem).__name__)
            reason = _("the disk of the server takes no more. Tell the administration.")
            problems.append(_("“%(name)s” was not added: %(reason)s", name=cleaned(name), reason=reason))
    return received, problems


def _add(row: Any, received: list[Received], description: str | None) -> None:
    added = 0
    for one in received:
        try:
            filing.add_file(current_user, row, one, description)
            db.session.flush()
            added += 1
        except AlreadyThere as known:
            # By its reference: what is said here travels in a cookie.
            words = _("It is there already, but withdrawn") if known.file.is_withdrawn else _("It is there already")
            web.say(f"{words}: {known.file.reference}. " + _("Nothing was added for it."), "info")
    if added:
        web.say(ngettext("%(num)s file was added.", "%(num)s files were added.", added))


def _form_page(form: FilesForm, holder: Holder, row: Any) -> Any:
    most = current_app.config["SETTINGS"].evidence_max_bytes
    page = render_template(
        "evidence/new.html",
        form=form,
        row=row,
        address=holder.address(row),
        most=most,
        limit=size_words(most),
        action=request.path,
    )
    return page, 400 if form.errors else 200


@bp.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> Any:
    """What the server refuses before it is read."""
    limit = size_words(current_app.config["SETTINGS"].evidence_max_bytes)
    sentence = _(
        "What you sent has more than the %(limit)s that are taken at once (setting AMPARO_EVIDENCE_MAX_BYTES). Add "
        "the files one after the other; make a video shorter or smaller.",
        limit=limit,
    )
    return render_template("error.html", code=413, detail=sentence), 413


# --- opening -------------------------------------------------------------------------------------


@bp.post("/<reference>/download")
@allow("records.read")
def download(reference: str) -> Any:
    """Posted, because it goes on record who opened which file, before the first byte leaves."""
    begin_again(writing=False)
    file = visible_or_404(EvidenceFile, current_user, reference)
    row = record_of(current_user, file)
    if file.is_withdrawn:
        abort(409, _("The file was withdrawn. Restore it first."))
    try:
        content = vault.opened(file.uid, file.sha256)
    except vault.Damaged:
        current_app.logger.error("evidence %s is missing or damaged", file.reference)
        return _cannot_be_opened(file, row)
    answer = Response(content, content_type=file.media_type, headers=_headers(file))
    record = row.reference
    begin_again(writing=True)
    filing.note_opened(file, record)
    db.session.commit()
    return answer


def _headers(file: EvidenceFile) -> Headers:
    """To be saved and not shown: nothing that stands in a file may act in the name of Amparo."""
    headers = Headers()
    plain = fold(PurePath(file.served_name).stem).encode("ascii", "ignore").decode() or "file"
    # What old programs read, then the name itself.
    names = {"filename": plain + PurePath(file.served_name).suffix, "filename*": f"UTF-8''{quote(file.served_name)}"}
    headers.add("Content-Disposition", dump_options_header("attachment", names))
    headers.add("Content-Security-Policy", "default-src 'none'; sandbox")
    return headers


def _cannot_be_opened(file: EvidenceFile, row: Any) -> Any:
    sentence = _(
        "The file %(reference)s cannot be opened: its bytes are missing or are not those that were received. Tell the "
        "administration, which can put the folder “evidence” back from a backup.",
        reference=file.reference,
    )
    web.say(sentence, "grave")
    return redirect(_address_of(file, row), 303)


# --- withdrawing ---------------------------------------------------------------------------------


def _address_of(file: EvidenceFile, row: Any) -> str:
    holder = holder_of_kind(file.holder_kind)
    assert holder is not None
    return holder.address(row)


def writable_file_or_404(reference: str) -> tuple[EvidenceFile, Any]:
    file = full_or_404(EvidenceFile, current_user, reference)
    row, holder = record_of(current_user, file), holder_of_kind(file.holder_kind)
    assert holder is not None
    _refuse_withdrawn(holder, row)
    return file, row


@bp.post("/<reference>/withdraw")
@allow("records.write")
def withdraw(reference: str) -> Any:
    file, row = writable_file_or_404(reference)
    filing.withdraw_file(current_user, file, request.form.get("reason", ""))
    db.session.commit()
    web.say(_("The file is withdrawn. It can be restored."))
    return redirect(_address_of(file, row), 303)


@bp.post("/<reference>/restore")
@allow("records.write")
def restore(reference: str) -> Any:
    file, row = writable_file_or_404(reference)
    filing.restore_file(current_user, file)
    db.session.commit()
    web.say(_("The file is restored."))
    return redirect(_address_of(file, row), 303)
