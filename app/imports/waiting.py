"""What was uploaded and is being mapped: the file of a token, its map, and another in its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort
from flask_babel import gettext as _
from flask_login import current_user

from app.imports import uploads
from app.imports.doubles import note_that_names_are_compared
from app.imports.intake import FileProblem, table_of
from app.imports.layout import Sheet
from app.imports.maps import MapProblem, SheetMap, map_for, read_map, shipped_maps
from app.imports.uploads import Upload
from app.imports.words import map_words


def upload_or_404(token: str) -> Upload:
    found = uploads.find(token, current_user.id)
    if found is None:
        abort(404, _("What was uploaded is kept for one hour, for the person who uploaded it. Choose the file again."))
    return found


def map_of(upload: Upload) -> SheetMap:
    """The map that was chosen, uploaded or written on the pages. Raises FileProblem."""
    try:
        if upload.map_text is not None:
            return read_map(upload.map_filename or "", upload.map_text.encode("utf-8", "surrogateescape"), upload.kind)
        if upload.map_filename and upload.map_filename not in shipped_maps():
            raise MapProblem("no_file", name=upload.map_filename, shipped=", ".join(shipped_maps()))
        return map_for(upload.map_filename, upload.kind)
    except MapProblem as problem:
        raise FileProblem(map_words(problem), is_about_map=True) from problem


def media_of(upload: Upload) -> bytes | None:
    """The ZIP of attachments beside the file. Raises FileProblem."""
    try:
        return uploads.media_of(upload)
    except KeyError as problem:
        raise FileProblem(_("The ZIP of attachments is no longer kept. Choose both files again.")) from problem


def sheet_of(upload: Upload) -> Sheet:
    """Raises FileProblem."""
    return table_of(upload.filename, upload.content, map_of(upload))


def keep_instead(upload: Upload, **changes: Any) -> str:
    """Seal it anew with what was decided; gives the new token, and forgets the old one."""
    changed = replace(upload, **changes)
    if map_of(changed).ways.get("legal_name") is not None:
        note_that_names_are_compared()
    token = uploads.keep(changed)
    uploads.remove(upload.token, upload.user_id)
    return token
