"""Where the bytes of evidence lie: sealed on disk with a key of their own, never in the database.

A file is written and made lasting before the transaction begins that records it, as `UID.arriving`; when that
transaction is committed it gets its name. So the write lock is never held while 25 MB are sealed, and a name without
`.arriving` is never removed by anything, whatever database stands beside it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.keyring import Keyring

ARRIVING = ".arriving"
KEPT_UNCLAIMED = 24 * 60 * 60
"""Seconds after which what no record claims was left behind by a kill."""


class Damaged(Exception):
    """The bytes are gone, or are not those that were received."""


def put(content: bytes) -> uuid.UUID:
    """Seal the bytes and make them lasting. They go again unless a transaction claims them and is committed.

    Raises OSError, as when the disk is full.
    """
    number = uuid.uuid4()
    path = _path(number, ARRIVING)
    _make_folder(path.parent)
    sealed = _seal().encrypt(content)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        _make_lasting(path.parent)
    except OSError:
        drop(number)
        raise
    return number


def claim(session: Session, number: uuid.UUID) -> None:
    """Tie the bytes to the transaction: kept when it is committed, removed when it is rolled back."""
    session.info.setdefault("evidence claimed", []).append((_path(number, ARRIVING), _path(number)))


def release(session: Session, number: uuid.UUID) -> None:
    """Remove the bytes when the transaction is committed that removes their record."""
    session.info.setdefault("evidence released", []).append(number)


def drop(number: uuid.UUID) -> None:
    """Remove bytes that nothing has claimed and committed; others stay."""
    with contextlib.suppress(OSError):
        _path(number, ARRIVING).unlink()


def opened(number: uuid.UUID, sha256: str) -> bytes:
    """The bytes as they were received. Raises Damaged."""
    try:
        content = _seal().decrypt(_sealed(number))
    except (OSError, InvalidToken) as error:
        raise Damaged from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged
    return content


def _sealed(number: uuid.UUID) -> bytes:
    try:
        return _path(number).read_bytes()
    except FileNotFoundError:
        # A kill between the commit and the new name left it under the old one.
        return _path(number, ARRIVING).read_bytes()


# --- with the transaction ------------------------------------------------------------------------


@event.listens_for(Session, "after_commit")
def _name_what_was_claimed(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for arriving, kept in session.info.pop("evidence claimed", []):
        # Under either name it is found; the next start tries again.
        with contextlib.suppress(OSError):
            arriving.rename(kept)
    for number in session.info.pop("evidence released", []):
        for path in (_path(number), _path(number, ARRIVING)):
            with contextlib.suppress(OSError):
                path.unlink()


@event.listens_for(Session, "after_transaction_end")
def _remove_what_was_not_committed(session: Session, transaction: Any) -> None:
    if transaction.parent is not None:
        return
    session.info.pop("evidence released", None)
    for arriving, _kept in session.info.pop("evidence claimed", []):
        with contextlib.suppress(OSError):
            arriving.unlink()


# --- after a kill --------------------------------------------------------------------------------


def unclaimed() -> list[uuid.UUID]:
    """What has been arriving for longer than any upload takes."""
    long_ago = time.time() - KEPT_UNCLAIMED
    found = []
    for path in folder().glob(f"??/*{ARRIVING}"):
        with contextlib.suppress(OSError, ValueError):
            if path.stat().st_mtime < long_ago:
                found.append(uuid.UUID(path.name.removesuffix(ARRIVING)))
    return found


def sweep(numbers: Iterable[uuid.UUID], on_record: set[uuid.UUID]) -> None:
    """Of what has been arriving for long: name what a record claims, remove the rest."""
    for number in numbers:
        if number in on_record:
            with contextlib.suppress(OSError):
                _path(number, ARRIVING).rename(_path(number))
        else:
            drop(number)


# --- places --------------------------------------------------------------------------------------


def folder() -> Path:
    instance: Path = current_app.config["SETTINGS"].instance
    return instance / "evidence"


def _path(number: uuid.UUID, ending: str = "") -> Path:
    return folder() / number.hex[:2] / f"{number}{ending}"


def _make_folder(path: Path) -> None:
    if path.is_dir():
        return
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    _make_lasting(path.parent)


def _make_lasting(directory: Path) -> None:
    """That the file is there must survive a power cut, as its bytes do. Windows keeps folders by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _seal() -> Fernet:
    keyring: Keyring = current_app.extensions["keyring"]
    return keyring.seal_for("evidence")
