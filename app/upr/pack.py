"""The pack: its files as bytes, made from one look at the records, with a manifest that says what it is."""

from __future__ import annotations

import io
import json
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import select

from app import __version__
from app.accounts.models import User
from app.db import db, now, transactions
from app.upr import datapackage
from app.upr.filters import Filters
from app.upr.models import PUBLIC, pack_name
from app.upr.queries import previous_pack
from app.upr.readme import readme
from app.upr.survey import Survey, look
from app.upr.tables import TABLES, Written, written
from app.vocabulary.models import VocabularyVersion

ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class PackFailed(RuntimeError):
    """The pack could not be made, for whatever reason; nothing of it is left."""


@dataclass(frozen=True)
class Built:
    """A pack that lies ready and has not left yet."""

    uid: uuid.UUID
    filters: Filters
    survey: Survey
    files: list[Written]
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        return pack_name(self.filters.country_iso3, self.filters.first, self.filters.last, self.uid)

    @property
    def sums(self) -> Written:
        return self.files[-1]


@contextmanager
def or_nothing() -> Iterator[None]:
    """Whatever goes wrong inside is noted by its kind only: the text of an exception may quote a record."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 (a pack is whole or it is not)
        db.session.rollback()
        current_app.logger.error("the UPR pack could not be made: %s", type(error).__name__)
        raise PackFailed from None


def build(user: User, filters: Filters) -> Built:
    """Look at the records and write the files in memory. Changes nothing and holds no write lock."""
    with transactions(writing=False):
        db.session.rollback()
        survey = look(user, filters)
        uid, made_at = uuid.uuid4(), now()
        name = pack_name(filters.country_iso3, filters.first, filters.last, uid)
        tables = [(table, written(table, survey)) for table in TABLES]
        files = [file for _table, file in tables]
        files.append(_text("README.txt", readme(name, survey, [file.path for file in files])))
        files.append(_json("datapackage.json", datapackage.describe(name, str(uid), filters, tables)))
        manifest = _manifest(user, survey, files, uid, made_at)
        db.session.rollback()
    files.append(_json("manifest.json", manifest))
    files.append(_text("SHA256SUMS", "".join(f"{file.sha256}  {file.path}\n" for file in files)))
    return Built(uid, filters, survey, files, manifest)


def _manifest(user: User, survey: Survey, files: list[Written], uid: uuid.UUID, at: datetime) -> dict[str, Any]:
    """Provenance. Holds no name of anybody: packs are for publication; who made them stands in the trail."""
    filters = survey.filters
    previous = previous_pack(user, filters.country_iso3)
    return {
        "pack_id": str(uid),
        "profile": PUBLIC,
        "generated_at": at.isoformat(timespec="seconds"),
        "app_version": __version__,
        "db_revision": ",".join(MigrationContext.configure(db.session.connection()).get_current_heads()),
        "data_as_of": at.isoformat(timespec="seconds"),
        "filters": filters.as_written(),
        "codelist_versions": {"vocabulary": _vocabulary_version()},
        "rec_source": None,
        "files": [
            {
                "path": file.path,
                "bytes": len(file.content),
                "sha256": file.sha256,
                "rows": file.rows,
                "columns": file.columns,
            }
            for file in files
        ],
        "counts": {
            "matched": survey.matched,
            "exported": len(survey.rows),
            "excluded": survey.excluded,
            "generalised": len(survey.generalised),
            "contracts": len(survey.contracts),
            "contracts_excluded": {reason: len(papers) for reason, papers in survey.contracts_stay.items()},
            "links": len(survey.links),
        },
        "csv": {
            "delimiter": filters.delimiter,
            "bom": filters.mark,
            "guard": "apostrophe",
            "guarded_cells": sum(file.guarded_cells for file in files),
        },
        "warnings": survey.warnings,
        "flagged": survey.flagged,
        "previous_pack_id": str(previous.uid) if previous else None,
    }


def _vocabulary_version() -> int:
    return db.session.scalar(select(VocabularyVersion.number).where(VocabularyVersion.id == 1)) or 0


def _text(path: str, text: str) -> Written:
    return Written(path, text.encode())


def _json(path: str, content: dict[str, Any]) -> Written:
    return _text(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


# --- how it leaves -------------------------------------------------------------------------------


def zipped(built: Built) -> bytes:
    """One folder in a ZIP file; its times are fixed, so that the same files give the same ZIP."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in built.files:
            member = zipfile.ZipInfo(f"{built.name}/{file.path}", ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, file.content)
    return buffer.getvalue()


def is_free(directory: Path) -> bool:
    """Whether a pack may be put there: nothing is there, or an empty folder."""
    return not directory.exists() or (directory.is_dir() and not any(directory.iterdir()))


@contextmanager
def put_into(directory: Path, built: Built) -> Iterator[None]:
    """Write the files beside, and move them to their place in one step when the block ends well."""
    directory = directory.absolute()
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{directory.name}-", dir=directory.parent) as beside:
        half_made = Path(beside) / "pack"
        half_made.mkdir()
        for file in built.files:
            (half_made / file.path).write_bytes(file.content)
        yield
        if directory.exists():
            directory.rmdir()
        half_made.rename(directory)
