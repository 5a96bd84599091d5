"""Note a case file before it leaves: who made it, of whom it tells, whose name stands in it, and which evidence."""

from __future__ import annotations

from collections.abc import Collection

from app import audit
from app.access import visible
from app.accounts.models import User
from app.db import db
from app.evidence.files import EvidenceFile
from app.evidence.filing import note_opened
from app.people.exports import note_export
from app.people.models import Person
from app.reports.case_file_content import Contents

CASE_FILE = "case_file"


def record_case_file(
    user: User, contents: Contents, form: str, sha256: str, evidence: Collection[EvidenceFile], reason: str | None
) -> None:
    """Commit this before the first byte is given away. *sha256*: of the very bytes that leave."""
    found = contents.file
    told = visible(Person, user, withdrawn=True).where(Person.id.in_(found.told_of)).with_only_columns(Person.id)
    name, rows = f"case-file-{found.case.reference}.{form}", len(found.records)
    note_export(
        user, CASE_FILE, name, told, rows=rows, case_id=found.case.id, named=list(contents.names), form=form,
        sha256=sha256,
    )  # fmt: skip
    audit.note_read(
        db.session, "export_taken", found.case, reason=reason, kind=CASE_FILE, purpose=found.purpose, form=form,
        rows=rows, named=len(contents.names), files=len(evidence), sha256=sha256,
    )  # fmt: skip
    for one in evidence:
        note_opened(one, found.case.reference)
