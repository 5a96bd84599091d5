"""Importing in the browser: choose a file, look at what would happen to each row, then import or cancel."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from itertools import islice
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from app import i18n, web
from app.access import allow
from app.accounts.models import User
from app.db import begin_again, db, refresh_statistics
from app.imports import uploads
from app.imports.doubles import note_that_names_are_compared
from app.imports.field_forms import FORM_ID, field_form
from app.imports.field_media import Media, MediaProblem, received_media
from app.imports.forms import UploadForm
from app.imports.intake import (
    PERMISSION,
    FileProblem,
    Target,
    TargetProblem,
    cases_of,
    find_target,
    planned,
    teams_of,
)
from app.imports.kinds import KINDS, PLAIN
from app.imports.maps import shipped_maps
from app.imports.operations import take_in
from app.imports.planning import Decisions, Plan
from app.imports.queries import batches_of, with_their_kinds
from app.imports.report import report_header, report_lines
from app.imports.running import MANY, Work, start
from app.imports.saved_maps import file_name, saved_map, saved_maps_of
from app.imports.uploads import Upload
from app.imports.waiting import map_of as _map_of
from app.imports.waiting import media_of
from app.imports.waiting import upload_or_404 as _upload_or_404
from app.imports.words import do_it_words, done_words, source_words, verdict_words
from app.tabular import XLSX, csv_lines, csv_response

bp = Blueprint("imports", __name__, url_prefix="/imports", template_folder="templates")

ROWS_SHOWN = 200
CHANGES_SHOWN = 50
CASES_OFFERED = 200
DIGEST_IN_ADDRESS = 16
SAVED = "saved:"
"""Before the number of a mapping that somebody kept, among the maps that come with Amparo."""
_IS_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


# --- choosing a file -----------------------------------------------------------------------------


@bp.get("/")
@allow(PERMISSION)
def index() -> Any:
    return _index(_form())


@bp.post("/")
@allow(PERMISSION)
@web.takes_files("import_max_bytes")
def upload() -> Any:
    """Read the file once to say what is wrong with it; then keep it sealed until one has decided."""
    begin_again(writing=False)
    form = _form()
    if not form.validate_on_submit():
        return _index(form), 400
    if not form.file.data:
        form.file.errors = [_("Choose the file that holds the table.")]
        return _index(form), 400
    try:
        chosen = _with_media(_chosen(form), form.media.data)
        return web.back_to(_first_page(chosen), token=uploads.keep(chosen))
    except TargetProblem as problem:
        form.case.errors = [str(problem)]
    except FileProblem as problem:
        about = form.map_file if problem.is_about_map else form.media if problem.is_about_media else form.file
        about.errors = [str(problem)]
        return _index(form), 413 if problem.is_too_large else 400
    return _index(form), 400


def _first_page(upload: Upload) -> str:
    """The dry run where every column is known, else the page that asks what they bring. Raises FileProblem."""
    try:
        plan = _plan(upload)
    except FileProblem as problem:
        if not problem.to_be_chosen:
            raise
        return ".columns"
    if plan.columns.of("legal_name"):
        note_that_names_are_compared()
    return ".show"


def _form() -> UploadForm:
    form = UploadForm()
    form.team.choices = [(team.id, team.name) for team in teams_of(current_user)]
    language = i18n.language()
    cases = db.session.scalars(cases_of(current_user).limit(CASES_OFFERED))
    form.case.choices = [("", _("No case")), *((case.reference, _case_words(case, language)) for case in cases)]
    form.kind.choices = [
        ("", _("Incidents, or what the map says")), *((kind.name, kind.words.label) for kind in KINDS.values())
    ]  # fmt: skip
    maps = shipped_maps()
    form.shipped_map.choices = [
        ("", _("None: columns by their headings")), *((name, one.title or name) for name, one in maps.items()),
        *((SAVED + str(one.uid), one.name) for one in db.session.scalars(saved_maps_of(current_user))),
    ]  # fmt: skip
    return form


def _case_words(case: Any, language: str) -> str:
    return f"{case.title_in(language)} ({case.reference})"


def _index(form: UploadForm) -> str:
    settings = current_app.config["SETTINGS"]
    return render_template(
        "imports/index.html",
        form=form,
        kinds=KINDS,
        earlier=with_their_kinds(db.session.scalars(batches_of(current_user).limit(20)).all()),
        limit=i18n.size_words(settings.import_max_bytes),
        rows=i18n.number_words(settings.import_max_rows),
        brought=_brought(),
    )


def _chosen(form: UploadForm) -> Upload:
    """Raises TargetProblem, FileProblem."""
    target = find_target(current_user, form.team.data if not form.case.data else None, form.case.data)
    file: FileStorage = form.file.data
    own: FileStorage | None = form.map_file.data or None
    map_name, map_text = form.shipped_map.data or None, None
    if own is not None and own.filename:
        map_name, map_text = own.filename, own.read().decode("utf-8", "surrogateescape")
    elif map_name and map_name.startswith(SAVED):
        map_name, map_text = _saved(map_name.removeprefix(SAVED))
    upload = Upload(
        user_id=current_user.id,
        team_id=target.team_id,
        case=target.case.reference if target.case else None,
        filename=(file.filename or "").replace("\x00", ""),
        map_filename=map_name,
        map_text=map_text,
        content=file.read(),
        kind=form.kind.data or None,
    )
    kind = _map_of(upload).record_kind
    if target.case and not kind.takes_case:
        raise TargetProblem(_("These records belong to no case; choose “No case”."))
    return upload


def _with_media(upload: Upload, file: FileStorage | None) -> Upload:
    """The ZIP is kept under a token of its own: what is decided about the sheet is sealed anew each time."""
    if not (file and file.filename):
        return upload
    name = file.filename.replace("\x00", "")
    kept = replace(upload, content=file.read(), filename=name, map_filename=None, map_text=None)
    return replace(upload, media=uploads.keep(kept))


def _saved(uid: str) -> tuple[str, str]:
    """The name and the text of a mapping that somebody kept. Raises FileProblem."""
    found = saved_map(current_user, UUID(uid)) if _IS_UID.fullmatch(uid) else None
    if found is None:
        raise FileProblem(_("This mapping is no longer kept."), is_about_map=True)
    return file_name(found), found.toml


def _brought() -> tuple[Any, str] | None:
    """What leads to the records that just came in: the words of their kind and an address."""
    kind, digest = KINDS.get(request.args.get("kind", "")), request.args.get("brought", "")
    return (kind.words.see, kind.brought(digest)) if kind and digest else None


def _plan(upload: Upload, user: User | None = None, *, compares: bool = False) -> Plan:
    """For who is signed in; a thread says for whom. *compares*: with what is on record, for who looks at the rows."""
    return planned(
        user or current_user,
        upload.team_id,
        upload.filename,
        upload.content,
        _map_of(upload),
        Decisions(upload.answers, upload.adds, upload.leaves_doubtful, frozenset(upload.overwrite), compares),
        media_of(upload),
    )


@bp.get("/form.xlsx")
@allow(PERMISSION)
def xlsform() -> Response:
    """The form for KoboToolbox and ODK."""
    headers = {"Content-Disposition": f'attachment; filename="{FORM_ID}.xlsx"'}
    return Response(field_form(i18n.language()), mimetype=XLSX, headers=headers)


@bp.get("/template.csv")
@allow(PERMISSION)
def template() -> Response:
    kind = KINDS.get(request.args.get("kind", PLAIN)) or abort(404)
    name = "amparo-import.csv" if kind.name == PLAIN else f"amparo-import-{kind.name}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("".join(kind.template_lines()), mimetype="text/csv", headers=headers)


# --- looking at it -------------------------------------------------------------------------------


@bp.get("/<token>")
@allow(PERMISSION)
def show(token: str) -> Any:
    """The dry run: each row with its verdict and the reason. Once imported, what stayed out."""
    upload = _upload_or_404(token)
    plan = _plan(upload, compares=True)
    return render_template(
        "imports/rest.html" if upload.is_rest else "imports/dry_run.html",
        upload=upload,
        plan=plan,
        target=_target_of(upload),
        team=next((team for team in teams_of(current_user) if team.id == upload.team_id), None),
        rows=list(islice(plan.report(), ROWS_SHOWN)),
        total=len(plan.sheet.rows),
        verdict_words=verdict_words,
        language=i18n.language(),
        source_words=source_words,
        kind=plan.kind,
        do_it=do_it_words(plan),
        changes_shown=CHANGES_SHOWN,
    )


def _target_of(upload: Upload) -> Target:
    """Asked again each time: a role or a case may have ended since."""
    try:
        return find_target(current_user, upload.team_id, upload.case)
    except TargetProblem as problem:
        abort(404, str(problem))


# --- deciding ------------------------------------------------------------------------------------


@bp.post("/<token>")
@allow(PERMISSION)
def decide(token: str) -> Any:
    if request.form.get("decision") == "cancel":
        if (given_up := uploads.find(token, current_user.id)) is not None:
            uploads.remove_with_media(given_up)
        web.say(_("Nothing was imported. The file is no longer kept."), "info")
        return web.back_to(".index")
    form_token = request.form.get("form_token")
    if earlier := web.already_done(form_token):
        return redirect(earlier, 303)
    begin_again(writing=False)
    upload = _upload_or_404(token)
    if "looked" in request.form:
        upload = _as_decided(upload)
    if request.form.get("decision") == "look":
        uploads.remove(token, current_user.id)
        return web.back_to(".show", token=uploads.keep(upload))
    plan = _plan(upload)
    skip_bad = request.form.get("decision") == "skip_bad"
    if upload.is_rest or (plan.refused and not skip_bad) or not plan.does_something:
        return web.back_to(".show", token=token)
    if len(plan.to_write) + len(plan.to_correct) >= MANY:
        begin_again(writing=True)
        return redirect(_begin(upload, form_token), 303)
    with received_media(plan, media_of(upload)) as media:
        begin_again(writing=True)
        return redirect(_import(upload, plan, media, form_token), 303)


def _as_decided(upload: Upload) -> Upload:
    """With what the form says of names in doubt: a name and, in step with it, the record that is meant, if any."""
    pairs = zip(request.form.getlist("doubt"), request.form.getlist("answer"), strict=False)
    answers = {key[:500]: answer[:500] for key, answer in pairs if answer}
    overwrite = [key[:500] for key in request.form.getlist("overwrite")]
    return replace(
        upload,
        answers=answers,
        adds=bool(request.form.get("adds")),
        leaves_doubtful=bool(request.form.get("leaves_doubtful")),
        overwrite=overwrite,
    )


def _begin(upload: Upload, form_token: str | None) -> str:
    """Many rows: they are written outside this request, and a page says how far it is."""
    _target_of(upload)
    work = Work(upload, current_user.id, i18n.language(), _plan, _kept_rest)
    address = web.commit_once(url_for(".progress", token=upload.token), form_token)
    start(work)
    return address


def _import(upload: Upload, plan: Plan, media: Media, form_token: str | None) -> str:
    target = _target_of(upload)
    try:
        case, content = target.case, upload.content
        batch = take_in(current_user, target.team_id, plan, content, case=case, skip_bad=True, media=media)
        done = done_words(plan.kind, batch)
        address = _keep_rest(upload, plan) if plan.refused else _back_to_index(plan, batch.sha256)
        address = web.commit_once(address, form_token)
    except IntegrityError:
        db.session.rollback()
        abort(409, _("Somebody imported the same records at this moment. Look at the rows again."))
    refresh_statistics()
    uploads.remove_with_media(upload)
    web.say(done)
    return address


def _back_to_index(plan: Plan, digest: str) -> str:
    return url_for(".index", brought=digest[:DIGEST_IN_ADDRESS], kind=plan.kind.name)


def _keep_rest(upload: Upload, plan: Plan) -> str:
    """What stayed out can be fetched for an hour more."""
    return url_for(".show", token=_kept_rest(upload, plan))


def _kept_rest(upload: Upload, plan: Plan) -> str:
    header, rows = plan.rest()
    content = "".join(csv_lines(header, rows)).encode()
    digest = hashlib.sha256(upload.content).hexdigest()
    name = _rest_name(upload)
    kept = replace(upload, content=content, filename=name, is_rest=True, digest=digest, media="", token="")
    return uploads.keep(kept)


def _rest_name(upload: Upload) -> str:
    # A header of the answer carries the name, and has room for no other signs.
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in upload.filename)
    return plain[:80] + ".rest.csv"


@bp.post("/<token>/rest")
@allow(PERMISSION)
def rest(token: str) -> Response:
    """The rows that stay out, with the reason, as CSV: mend them and import that file."""
    begin_again(writing=False)
    upload = _upload_or_404(token)
    header, rows = _plan(upload).rest()
    return csv_response(_rest_name(upload), header, rows)


@bp.post("/<token>/report")
@allow(PERMISSION)
def report(token: str) -> Response:
    """The whole dry run as CSV, row by row; the page shows the first rows only."""
    begin_again(writing=False)
    upload = _upload_or_404(token)
    return csv_response(
        "amparo-report.csv", report_header(), report_lines(_plan(upload, compares=True), i18n.language())
    )


@bp.errorhandler(FileProblem)
@bp.errorhandler(MediaProblem)
def _no_longer_fits(problem: Exception) -> Any:
    """A file that was fine when it came, and is not now: a code list or a map has changed since."""
    return render_template("error.html", code=400, detail=str(problem)), 400


@bp.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> Any:
    """The same sentence for what the server refuses before it is read."""
    limit = i18n.size_words(current_app.config["SETTINGS"].import_max_bytes)
    sentence = _("The file has more than the %(limit)s that are accepted (setting AMPARO_IMPORT_MAX_BYTES). "
                 "Split it into parts, each with the header.", limit=limit)  # fmt: skip
    return render_template("error.html", code=413, detail=sentence), 413
