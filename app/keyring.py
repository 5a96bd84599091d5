"""The one door to the secret key of an installation: opened here, derived here, nowhere else."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from config import SettingError

KEY_BYTES = 32


class Keyring:
    """The master key of one data directory; each purpose gets a key of its own, so that none reveals another."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._derived: dict[str, bytes] = {}

    def key_for(self, purpose: str) -> bytes:
        """32 bytes for *purpose* (RFC 5869); the same purpose always gives the same bytes."""
        if purpose not in self._derived:
            self._derived[purpose] = self._derive(purpose)
        return self._derived[purpose]

    def seal_for(self, purpose: str) -> Fernet:
        """What seals and opens texts with the key for *purpose*."""
        return Fernet(base64.urlsafe_b64encode(self.key_for(purpose)))

    def _derive(self, purpose: str) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(self._master)


def open_keyring(directory: Path, *, may_create: bool) -> Keyring:
    """Open the key file of a data directory, or make it where *may_create* says that nothing is locked by one yet.

    Raises SettingError when the key is missing or unreadable: without it the records cannot be opened.
    """
    path = directory / "key"
    if not path.exists():
        if not may_create:
            raise SettingError(
                f"The key file {path} is missing. Put back the copy that was kept with the backups; "
                "without it the database cannot be opened."
            )
        _write_key(path)
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        master = bytes.fromhex(text)
    except ValueError:
        master = b""
    if len(master) != KEY_BYTES:
        raise SettingError(f"The key file {path} is damaged: it must hold {KEY_BYTES * 2} hexadecimal digits.")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return Keyring(master)


def _write_key(path: Path) -> None:
    # O_EXCL: of two starts at once only one makes the key. The mode holds from the first byte on.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_bytes(KEY_BYTES).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
