"""What was uploaded and waits for a decision: sealed on disk, for one hour. Whose it is, stands in its facts."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from app.keyring import Keyring

SECONDS_KEPT = 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def seal_away(facts: dict[str, Any], content: bytes) -> str:
    """Keep a file with what is known of it; gives the token of its address. Its name on disk says nothing."""
    _remove_old_ones()
    token = secrets.token_urlsafe(24)
    sealed = seal().encrypt(json.dumps(facts).encode() + b"\n" + content)
    descriptor = os.open(directory() / token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(sealed)
    return token


def opened(token: str) -> tuple[dict[str, Any], bytes] | None:
    """The facts and the file, if it is still kept. The caller asks whose it is."""
    if not is_token(token):
        return None
    try:
        found = seal().decrypt((directory() / token).read_bytes(), ttl=SECONDS_KEPT)
    except (OSError, InvalidToken):
        return None
    facts, _line, content = found.partition(b"\n")
    return json.loads(facts), content


def forget(token: str) -> None:
    if is_token(token):
        with contextlib.suppress(OSError):
            (directory() / token).unlink()


def is_token(text: str) -> bool:
    """Whether it can be one: it becomes the name of a file."""
    return _TOKEN.fullmatch(text) is not None


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
