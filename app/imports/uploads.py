"""What was uploaded and waits to be imported: sealed on disk, for one user, for one hour."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from app.keyring import Keyring

SECONDS_KEPT = 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True)
class Upload:
    """A file with the choices that were made for it. *is_rest*: imported; these are the rows that stayed out."""

    user_id: int
    team_id: int
    case: str | None
    filename: str
    map_filename: str | None
    map_text: str | None
    content: bytes
    kind: str | None = None
    """What the sheet holds, where one said so; else the map says it."""
    answers: dict[str, str] = field(default_factory=dict)
    adds: bool = False
    """What was decided about names in doubt, and whether records of the team take on more."""
    leaves_doubtful: bool = False
    """Whether rows that may be on record already stay out."""
    overwrite: list[str] = field(default_factory=list)
    """Differences in which the file goes before what somebody wrote since."""
    is_rest: bool = False
    media: str = ""
    """The token under which the ZIP of attachments is kept, where one was chosen."""
    digest: str = ""
    """Of the file that a rest is of: what came in of it can be listed."""
    token: str = ""


def keep(upload: Upload) -> str:
    """Seal an upload; gives the token of its address. The name of the file on disk says nothing."""
    _remove_old_ones()
    token = secrets.token_urlsafe(24)
    facts = {key: value for key, value in asdict(upload).items() if key not in ("content", "token")}
    sealed = seal().encrypt(json.dumps(facts).encode() + b"\n" + upload.content)
    descriptor = os.open(directory() / token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealed)
    return token


def find(token: str, user_id: int) -> Upload | None:
    """The upload if it is this user's and still kept."""
    if not is_token(token):
        return None
    try:
        opened = seal().decrypt((directory() / token).read_bytes(), ttl=SECONDS_KEPT)
    except (OSError, InvalidToken):
        return None
    facts, _line, content = opened.partition(b"\n")
    upload = Upload(**json.loads(facts), content=content, token=token)
    return upload if upload.user_id == user_id else None


def media_of(upload: Upload) -> bytes | None:
    """The ZIP of attachments that was chosen beside the file. Raises KeyError where it is no longer kept."""
    if not upload.media:
        return None
    found = find(upload.media, upload.user_id)
    if found is None:
        raise KeyError(upload.media)
    return found.content


def is_token(text: str) -> bool:
    """Whether it can be one: it becomes the name of a file."""
    return _TOKEN.fullmatch(text) is not None


def remove(token: str, user_id: int) -> None:
    """Forget the upload if it is this user's."""
    if find(token, user_id) is not None:
        with contextlib.suppress(OSError):
            (directory() / token).unlink()


def remove_with_media(upload: Upload) -> None:
    """Once nothing more is done with it."""
    remove(upload.token, upload.user_id)
    remove(upload.media, upload.user_id)


def _remove_old_ones() -> None:
    for path in _kept():
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < time.time() - SECONDS_KEPT:
                path.unlink()


def _kept() -> Iterator[Path]:
    return directory().iterdir()


def directory() -> Path:
    # Beneath the waiting room, which is emptied whenever the server starts.
    path: Path = current_app.config["SETTINGS"].instance / "tmp" / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def seal() -> Fernet:
    keyring: Keyring = current_app.extensions["keyring"]
    return keyring.seal_for("uploads")
