"""Taking a plan in: rows become records, all or none."""

from __future__ import annotations

import gc
import hashlib
import uuid
from collections.abc import Callable

from app.accounts.models import User
from app.cases.models import Case
from app.db import db, now
from app.imports.field_media import NO_MEDIA, Media
from app.imports.models import ImportBatch
from app.imports.planning import Plan, batches, known_ids

AT_ONCE = 200
"""So many rows are written together: whoever asks how far it is, or to stop, waits no longer than for these."""


class RowsRefused(Exception):
    """Some rows cannot be taken in, and it was not asked to leave them out."""


def take_in(
    user: User,
    team_id: int,
    plan: Plan,
    content: bytes,
    *,
    case: Case | None = None,
    skip_bad: bool = False,
    uid: uuid.UUID | None = None,
    media: Media = NO_MEDIA,
    told: Callable[[int], None] = lambda done: None,
) -> ImportBatch:
    """Write what the plan holds. Raises RowsRefused, and then nothing is written. Does not commit.

    *told* is called with the number of rows done, now and then; what it raises ends the import.
    """
    if plan.refused and not skip_bad:
        raise RowsRefused
    # Asked again inside the transaction that writes: somebody may have imported the same file meanwhile.
    known = known_ids(plan.kind, team_id, plan.source, [row.external_id for row in plan.to_write])
    rows = [row for row in plan.to_write if row.external_id not in known]
    batch = ImportBatch(
        uid=uid or uuid.uuid4(),
        team_id=team_id,
        filename=plan.sheet.name[:200],
        sheet_name=plan.sheet.sheet_name[:200] or None,
        sha256=hashlib.sha256(content).hexdigest(),
        map_name=plan.map_name,
        kind=plan.kind.name,
        rows_known=len(plan.known) + len(known),
        rows_added=0,
        rows_refused=len(plan.refused),
        refused_numbers=sorted(number for row in plan.refused for number in row.numbers) or None,
        by_id=user.id,
    )
    db.session.add(batch)
    db.session.flush()
    writer = plan.kind.writer(user, team_id, plan, case, batch)
    # Thousands of rows wait in memory: collecting garbage, Python would walk through all of them again and again.
    gc.freeze()
    try:
        for number, part in enumerate(batches(rows, AT_ONCE)):
            told(number * AT_ONCE)
            batch.rows_added += writer.write(part)
            writer.ledger.write_down()
        media.add_to(user, plan, batch)
        told(len(rows))
        if plan.to_correct and plan.kind.corrector is not None:
            batch.rows_changed = plan.kind.corrector(user, team_id, plan).correct(plan.to_correct, batch)
    finally:
        gc.unfreeze()
    # Whatever is touched later than this was touched by somebody.
    batch.at = now()
    return batch
