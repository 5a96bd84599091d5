"""Undoing an import: first what would go and what stands in the way, then with a reason."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from app import web
from app.access import allow, may
from app.db import ReasonMissing, db, refresh_statistics
from app.imports.batch_views import batch_or_404, page_of
from app.imports.intake import PERMISSION
from app.imports.models import ImportBatch
from app.imports.undoing import CannotUndo, obstacles_of, undo_import
from app.imports.views import bp
from app.merging import checked_reason


@bp.get("/batches/<uuid:uid>/undo")
@allow(PERMISSION)
def undo(uid: uuid.UUID) -> Any:
    return _page(_batch(uid))


@bp.post("/batches/<uuid:uid>/undo")
@allow(PERMISSION)
def undo_now(uid: uuid.UUID) -> Any:
    batch = _batch(uid)
    reason = request.form.get("reason", "")
    try:
        words = checked_reason(
            reason, _("Write why the import is undone, in ten letters or more. Nothing was removed.")
        )
        undo_import(current_user, batch, words)
        db.session.commit()
    except (ReasonMissing, CannotUndo) as problem:
        db.session.rollback()
        return _page(_batch(uid), problem=str(problem), reason=reason), 400
    except IntegrityError:
        db.session.rollback()
        abort(409, _("Nothing was removed: somebody built on a record of this import at this moment. Look again."))
    refresh_statistics()
    web.say(_("The import was undone. Nothing of it is on record any more."))
    return web.back_to(".batch", uid=uid)


def _batch(uid: uuid.UUID) -> ImportBatch:
    batch = batch_or_404(uid)
    if not may(current_user, PERMISSION, batch.team_id):
        abort(403)
    if batch.undone_at is not None:
        abort(409, _("This import was undone already."))
    return batch


def _page(batch: ImportBatch, problem: str | None = None, reason: str = "") -> str:
    in_the_way = obstacles_of(batch).sentences(current_user)
    return page_of(batch, "imports/undo.html", in_the_way=in_the_way, problem=problem, reason=reason)
