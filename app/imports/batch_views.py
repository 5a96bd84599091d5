"""The page of an import: which file it was, what it brought, which rows stayed out."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, render_template
from flask_login import current_user

from app.access import allow, may
from app.accounts.deeds import TABLES
from app.db import db
from app.imports.intake import PERMISSION
from app.imports.models import ImportBatch
from app.imports.queries import batch_of, brought_by, with_their_kinds
from app.imports.views import bp

NUMBERS_SHOWN = 300


@bp.get("/batches/<uuid:uid>")
@allow(PERMISSION)
def batch(uid: uuid.UUID) -> Any:
    return page_of(batch_or_404(uid))


def batch_or_404(uid: uuid.UUID) -> ImportBatch:
    return batch_of(current_user, uid) or abort(404)


def page_of(batch: ImportBatch, template: str = "imports/batch.html", **further: Any) -> str:
    ((_batch, kind),) = with_their_kinds([batch])
    return render_template(
        template,
        batch=batch,
        kind=kind,
        may_undo=batch.undone_at is None and may(current_user, PERMISSION, batch.team_id),
        brought=[(TABLES.get(table, table), number) for table, number in db.session.execute(brought_by(batch))],
        stayed_out=(batch.refused_numbers or [])[:NUMBERS_SHOWN],
        **further,
    )
