"""The ZIP of attachments that KoboToolbox gives out beside an export: its files become evidence on their incidents.

They are looked at in the dry run, sealed on disk before the database is written to, and added by the transaction that
writes the incidents: both come in, or neither does.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.access import unguarded
from app.accounts.models import User
from app.db import db
from app.evidence import filing, vault
from app.evidence.filing import AlreadyThere, Received
from app.evidence.names import cleaned
from app.evidence.recognising import NotKept, recognised
from app.i18n import size_words
from app.imports.field_exports import FILES
from app.imports.models import ImportBatch
from app.imports.planning import Plan
from app.imports.reading import Row

MOST_ENTRIES = 20_000
MOST_TOLD = 20


class MediaProblem(Exception):
    """The files beside the export cannot be read or kept; the message is a sentence for people."""


@dataclass(frozen=True)
class Found:
    """A file that an answer names: its bytes, or why it does not come in."""

    row: Row
    name: str
    content: bytes = b""
    problem: str = ""


@dataclass
class Media:
    """What lies sealed on disk and waits for the incidents of an import, by the number of each in its source."""

    received: dict[str, list[Received]] = field(default_factory=lambda: defaultdict(list))

    def add_to(self, user: User, plan: Plan, batch: ImportBatch) -> None:
        """Once the incidents are written. Does not commit."""
        if not self.received:
            return
        model = plan.kind.model
        brought = unguarded(select(model).where(model.import_batch_id == batch.id), "what this import just wrote")
        for record in db.session.scalars(brought).unique().all():
            for one in self.received.get(record.external_id, ()):
                with contextlib.suppress(AlreadyThere):  # the same picture twice in one answer
                    filing.add_file(user, record, one).import_batch_id = batch.id
                    db.session.flush()


NO_MEDIA = Media()


def tell_of_media(plan: Plan, content: bytes | None) -> None:
    """Say in the plan what would become of the files. Raises MediaProblem."""
    named = sum(len(_named(plan, row)) for row in plan.new)
    if content is None:
        if named:
            plan.remarks.append(
                ngettext(
                    "The new answers name %(num)s file. Choose the ZIP of attachments beside the export to bring it "
                    "in; else only its name comes in, in the notes.",
                    "The new answers name %(num)s files. Choose the ZIP of attachments beside the export to bring them "
                    "in; else only their names come in, in the notes.",
                    named,
                )
            )
        return
    found = list(_found(plan, content))
    good = sum(not one.problem for one in found)
    plan.remarks.append(
        ngettext("%(num)s file of the ZIP comes in as evidence.", "%(num)s files of the ZIP come in as evidence.", good)
    )
    refused = [one for one in found if one.problem]
    plan.remarks += [
        _("Row %(row)s: “%(name)s” does not come in: %(reason)s", row=one.row.number, name=cleaned(one.name),
          reason=one.problem)
        for one in refused[:MOST_TOLD]
    ]  # fmt: skip
    if (more := len(refused) - MOST_TOLD) > 0:
        plan.remarks.append(ngettext("%(num)s file more does not come in.", "%(num)s files more do not come in.", more))


@contextlib.contextmanager
def received_media(plan: Plan, content: bytes | None) -> Iterator[Media]:
    """Sealed on disk while nothing holds the database; what no import has claimed in the end goes again.

    Raises MediaProblem.
    """
    if content is None:
        yield NO_MEDIA
        return
    media = Media()
    try:
        try:
            for one in _found(plan, content):
                if not one.problem:
                    media.received[one.row.external_id].append(filing.receive(one.name, one.content))
        except OSError as problem:
            current_app.logger.error("evidence cannot be written: %s", type(problem).__name__)
            raise MediaProblem(
                _("The disk of the server takes no more, and nothing was imported. Tell the administration.")
            ) from problem
        yield media
    finally:
        for several in media.received.values():
            for received in several:
                vault.drop(received.number)


# --- in the ZIP ----------------------------------------------------------------------------------


def _named(plan: Plan, row: Row) -> list[tuple[str, str]]:
    """The files of an answer: the folder in which they lie in the ZIP, and their names."""
    if FILES not in plan.sheet.header:
        return []
    said = row.cells[plan.sheet.header.index(FILES)]
    pairs = (one.partition("/") for one in said.split("|") if one)
    return list(dict.fromkeys((folder, name) for folder, _slash, name in pairs))


def _found(plan: Plan, content: bytes) -> Iterator[Found]:
    """The files that new answers name, one after the other. Raises MediaProblem."""
    settings = current_app.config["SETTINGS"]
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise MediaProblem(_("The file of attachments is no ZIP that can be read. Download it again.")) from error
    with archive:
        entries = [one for one in archive.infolist() if not one.is_dir()]
        if len(entries) > MOST_ENTRIES:
            raise MediaProblem(_("The ZIP of attachments holds too many files; bring them in in parts."))
        inside = {(_folder(one.filename), _plain(one.filename)): one for one in entries}
        left = settings.import_max_unpacked_bytes
        for row in plan.new:
            for folder, name in _named(plan, row):
                entry = inside.get((folder.casefold(), _plain(name)))
                if entry is None:
                    yield Found(row, name, problem=_("it is not in the ZIP."))
                    continue
                one = _read(archive, entry, row, name, min(settings.evidence_max_bytes, left))
                left -= len(one.content)
                yield one


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, row: Row, name: str, most: int) -> Found:
    """Never more than *most* bytes, whatever the ZIP says of itself."""
    try:
        with archive.open(entry) as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise NotKept(_("the file has more than %(limit)s.", limit=size_words(most)))
        recognised(content, cleaned(name))
    except NotKept as problem:
        return Found(row, name, problem=str(problem))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError):
        return Found(row, name, problem=_("it cannot be unpacked; it is damaged, or locked with a password."))
    return Found(row, name, content)


def _folder(path: str) -> str:
    """The number of the answer: files lie in a folder that bears it."""
    return path.replace("\\", "/").rpartition("/")[0].rpartition("/")[2].casefold()


def _plain(path: str) -> str:
    """As the server writes the name of a file: without blanks and signs."""
    name = path.replace("\\", "/").rpartition("/")[2].strip().replace(" ", "_")
    return re.sub(r"[^-\w.]", "", name).casefold()
