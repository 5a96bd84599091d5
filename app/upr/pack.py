"""The pack: its files, made on disk from one look at the records, with a manifest that says what it is."""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import select

from app import __version__
from app.accounts.models import User
from app.db import db, now, transactions
from app.upr import datapackage
from app.upr.annex import ANNEX_LANGUAGES, annex_file, annex_name, annex_words
from app.upr.cover import Cover
from app.upr.filters import Filters
from app.upr.models import pack_name
from app.upr.queries import previous_pack
from app.upr.readme import readme
from app.upr.survey import Survey, look
from app.upr.tables import TABLES, Written, put, written
from app.vocabulary.models import VocabularyVersion

ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class PackFailed(RuntimeError):
    """The pack could not be made, for whatever reason; nothing of it is left."""


@dataclass(frozen=True)
class Built:
    """A pack that lies ready and has not left yet. Its files are gone when it is closed."""

    uid: uuid.UUID
    filters: Filters
    cover: Cover
    survey: Survey
    files: list[Written]
    manifest: dict[str, Any]
    directory: tempfile.TemporaryDirectory[str]

    @property
    def name(self) -> str:
        filters = self.filters
        return pack_name(filters.country_iso3, filters.first, filters.last, self.uid, filters.profile)

    @property
    def sums(self) -> Written:
        return self.files[-1]

    def close(self) -> None:
        self.survey.close()
        self.directory.cleanup()

    def __enter__(self) -> Built:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


@contextmanager
def or_nothing() -> Iterator[None]:
    """Whatever goes wrong inside is noted by its kind only: the text of an exception may quote a record."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 (a pack is whole or it is not)
        db.session.rollback()
        current_app.logger.error("the UPR pack could not be made: %s", type(error).__name__)
        raise PackFailed from None


def build(user: User, filters: Filters, cover: Cover | None = None) -> Built:
    """Look at the records and write the files to the waiting room. Changes nothing and holds no write lock."""
    directory = tempfile.TemporaryDirectory(prefix="upr-")
    try:
        return _build(user, filters, cover or Cover(), directory)
    except BaseException:
        directory.cleanup()
        raise


def _build(user: User, filters: Filters, cover: Cover, directory: tempfile.TemporaryDirectory[str]) -> Built:
    place = Path(directory.name)
    with transactions(writing=False):
        db.session.rollback()
        survey = look(user, filters)
        uid, made_at = uuid.uuid4(), now()
        name = pack_name(filters.country_iso3, filters.first, filters.last, uid, filters.profile)
        tables = [(table, written(table, survey, place)) for table in TABLES]
        files = [file for _table, file in tables]
        files += [
            put(place, annex_name(language), annex_file(survey, cover, language, str(uid), made_at))
            for language in ANNEX_LANGUAGES
        ]
        text = readme(name, survey, [file.path for file in files])
        files.insert(0, put(place, "README.txt", text.encode()))
        files.append(_json(place, "datapackage.json", datapackage.describe(name, str(uid), filters, tables)))
        manifest = _manifest(user, survey, cover, files, uid, made_at)
        db.session.rollback()
    files.append(_json(place, "manifest.json", manifest))
    sums = "".join(f"{file.sha256}  {file.path}\n" for file in files)
    files.append(put(place, "SHA256SUMS", sums.encode()))
    return Built(uid, filters, cover, survey, files, manifest, directory)


def _manifest(
    user: User, survey: Survey, cover: Cover, files: list[Written], uid: uuid.UUID, at: datetime
) -> dict[str, Any]:
    """Provenance. Holds no name of anybody: packs are for publication; who made them stands in the trail."""
    filters = survey.filters
    previous = previous_pack(user, filters.country_iso3)
    return {
        "pack_id": str(uid),
        "profile": filters.profile,
        "generated_at": at.isoformat(timespec="seconds"),
        "app_version": __version__,
        "db_revision": ",".join(MigrationContext.configure(db.session.connection()).get_current_heads()),
        "data_as_of": at.isoformat(timespec="seconds"),
        "filters": filters.as_written(),
        "codelist_versions": {"vocabulary": _vocabulary_version()},
        "rec_source": survey.rec_source,
        "files": [
            {
                "path": file.path,
                "bytes": file.size,
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
            "in_tables": survey.sums.incidents,
            "not_public": survey.not_public,
            "generalised": len(survey.generalised),
            "generalised_to_the_least": survey.alone,
            "generalised_fields": dict(sorted(survey.generalised_fields.items())),
            "cells_suppressed": survey.sums.suppressed_cells,
            "proceedings": len(survey.proceedings),
            "proceedings_in_tables": len(survey.sums.proceedings),
            "proceedings_excluded": {reason: len(kept) for reason, kept in survey.proceedings_stay.items()},
            "contracts": len(survey.contracts),
            "contracts_excluded": {reason: len(papers) for reason, papers in survey.contracts_stay.items()},
            "recommendations": len(survey.recommendations),
            "links": len(survey.links),
            "sources": len(survey.sources),
        },
        "word_counts": {
            language: {"words": annex_words(survey, cover, language), "limit": cover.limit}
            for language in ANNEX_LANGUAGES
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


def _json(place: Path, path: str, content: dict[str, Any]) -> Written:
    return put(place, path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())


# --- how it leaves -------------------------------------------------------------------------------


def zipped(built: Built) -> IO[bytes]:
    """One folder in a ZIP file, at its beginning; its times are fixed, so that the same files give the same ZIP.

    The caller closes it.
    """
    # In the waiting room of the data directory, as all that is on the way; gone when it is closed.
    buffer = tempfile.TemporaryFile()  # noqa: SIM115
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in built.files:
            member = zipfile.ZipInfo(f"{built.name}/{file.path}", ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            with file.file.open("rb") as content, archive.open(member, "w") as into:
                shutil.copyfileobj(content, into, 1 << 16)
    buffer.seek(0)
    return buffer


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
        for file in built.files:
            place = half_made / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.file, place)
        yield
        if directory.exists():
            directory.rmdir()
        half_made.rename(directory)
