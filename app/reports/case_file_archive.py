"""A case file as bytes: the Word file alone, or an archive with chronology, chosen evidence, sums and a manifest."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from app import __version__, i18n
from app.db import now
from app.evidence import vault
from app.evidence.files import EvidenceFile
from app.reports import case_file_content as content
from app.reports.case_file_content import Contents
from app.tabular import csv_lines
from app.word_files import NO_TIME, word_file

MOST_EVIDENCE = 200 * 1024 * 1024
"""So many bytes of evidence go into one archive."""


@dataclass
class Archive:
    """Files as they are put in; what they weigh and their sums are kept, so that none is read a second time."""

    file: IO[bytes]
    entries: list[dict[str, Any]] = field(default_factory=list)
    sums: str = ""
    """SHA-256 of the list of sums, which stands for all of it."""

    def put(self, path: str, content: bytes, **said: Any) -> None:
        entry = zipfile.ZipInfo(path, NO_TIME)
        entry.create_system = 0
        entry.external_attr = 0o600 << 16
        # Pictures, recordings and Word files are packed already.
        entry.compress_type = zipfile.ZIP_STORED if path.startswith("evidence/") else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(self.file, "a") as archive:
            archive.writestr(entry, content)
        self.entries.append({"path": path, "bytes": len(content), "sha256": digest(content), **said})

    def finish(self, manifest: dict[str, Any]) -> None:
        told = json.dumps({**manifest, "files": list(self.entries)}, ensure_ascii=False, indent=2)
        self.put("manifest.json", f"{told}\n".encode())
        sums = "".join(f"{one['sha256']}  {one['path']}\n" for one in self.entries).encode()
        self.put("SHA256SUMS", sums)
        self.sums = self.entries[-1]["sha256"]

    @property
    def enclosed(self) -> list[str]:
        return [one["evidence"] for one in self.entries if "evidence" in one]

    def close(self) -> None:
        self.file.close()


def begun(evidence: Iterable[EvidenceFile]) -> Archive:
    """An archive that holds these files already, on disk in the waiting room. Raises vault.Damaged.

    Under their reference, not their name, which may name somebody.
    """
    archive = Archive(tempfile.TemporaryFile())  # noqa: SIM115 (closed when it has been sent)
    try:
        for one in evidence:
            path = f"evidence/{one.reference}{one.format.endings[0]}"
            archive.put(path, vault.opened(one.uid, one.sha256), evidence=one.reference, media_type=one.media_type)
    except BaseException:
        archive.close()
        raise
    return archive


def completed(archive: Archive, contents: Contents) -> Archive:
    found = contents.file
    archive.put(f"{file_name(contents)}.docx", written(contents))
    rows = [content.moment_row(one, contents.screen) for one in contents.moments]
    archive.put("chronology.csv", "".join(csv_lines(content.MOMENT_HEADER, rows)).encode())
    archive.finish(
        {
            "case": found.case.reference,
            "purpose": found.purpose,
            "identities": "named" if contents.with_names else "none",
            "language": i18n.language(),
            "generated_at": now().isoformat(timespec="seconds"),
            "app_version": __version__,
            "records": [one.reference for one in found.records],
            "is_all_on_record": not (found.left_out or found.in_the_way),
        }
    )
    return archive


def written(contents: Contents) -> bytes:
    return word_file(content.title(contents), content.sections(contents), i18n.language(), content.look(contents))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def file_name(contents: Contents) -> str:
    return f"case-file-{contents.file.case.reference}"
