"""The mappings that a team keeps: the list, the file that the command takes, another name, the end."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, abort, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.http import quote_header_value

from app import web
from app.access import allow
from app.db import begin_again, db
from app.imports.intake import PERMISSION
from app.imports.kinds import KINDS
from app.imports.layout import Sheet
from app.imports.map_writing import toml_of
from app.imports.mapping_models import SavedMap
from app.imports.maps import SheetMap
from app.imports.saved_maps import NameProblem, file_name, may_change, rename_map, save_map, saved_map, saved_maps_of
from app.imports.uploads import Upload
from app.imports.views import bp
from app.imports.waiting import keep_instead, map_of, upload_or_404


@bp.get("/maps")
@allow(PERMISSION)
def maps() -> Any:
    found = db.session.scalars(saved_maps_of(current_user)).all()
    return render_template(
        "imports/maps.html", maps=[(one, may_change(current_user, one)) for one in found], kinds=KINDS
    )


@bp.get("/maps/<uuid:uid>.toml")
@allow(PERMISSION)
def map_toml(uid: uuid.UUID) -> Response:
    saved = _saved_or_404(uid)
    return _toml(file_name(saved), saved.toml)


@bp.get("/<token>/map.toml")
@allow(PERMISSION)
def map_of_upload(token: str) -> Response:
    """What was chosen so far, as a map."""
    return _toml("amparo-map.toml", toml_of(map_of(upload_or_404(token))))


@bp.post("/maps/<uuid:uid>")
@allow(PERMISSION)
def change_map(uid: uuid.UUID) -> Any:
    begin_again(writing=True)
    saved = _changeable_or_404(uid)
    if request.form.get("act") == "delete":
        db.session.delete(saved)
        web.say(_("The mapping is no longer kept."), "info")
    else:
        try:
            rename_map(current_user, saved, request.form.get("name", ""), is_shared=bool(request.form.get("is_shared")))
        except NameProblem as problem:
            db.session.rollback()
            web.say(str(problem), "warn")
            return web.back_to(".maps")
        web.say(_("Saved."))
    db.session.commit()
    return web.back_to(".maps")


@bp.post("/<token>/use")
@allow(PERMISSION)
def use_map(token: str) -> Any:
    """The saved mapping instead of what is proposed."""
    upload = upload_or_404(token)
    try:
        saved = _saved_or_404(uuid.UUID(request.form.get("map", "")))
    except ValueError:
        abort(404)
    changed = keep_instead(upload, map_text=saved.toml, map_filename=file_name(saved), kind=None)
    return web.back_to(".columns", token=changed)


def save_if_asked(upload: Upload, sheet: Sheet, sheet_map: SheetMap) -> bool:
    """Whether the form asked to keep the mapping under a name; it is kept then, or a sentence says why not."""
    if request.form.get("act") != "save":
        return False
    begin_again(writing=True)
    name, is_shared = request.form.get("save_as", ""), bool(request.form.get("is_shared"))
    try:
        saved = save_map(current_user, upload.team_id, name, sheet_map, sheet.header, is_shared=is_shared)
        db.session.commit()
        web.say(_("The mapping is kept as “%(name)s”.", name=saved.name))
    except NameProblem as problem:
        db.session.rollback()
        web.say(str(problem), "warn")
    return True


def _saved_or_404(uid: uuid.UUID) -> SavedMap:
    return saved_map(current_user, uid) or abort(404)


def _changeable_or_404(uid: uuid.UUID) -> SavedMap:
    saved = _saved_or_404(uid)
    return saved if may_change(current_user, saved) else abort(404)


def _toml(name: str, text: str) -> Response:
    # A header of the answer has room for no other signs.
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_. ") else "-" for sign in name)
    headers = {"Content-Disposition": f"attachment; filename={quote_header_value(plain)}"}
    return Response(text, mimetype="application/toml", headers=headers)
