"""The name of a file: as it came, without what could lead a program or a reader astray."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from app.evidence.recognising import Format

LONGEST = 200
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def cleaned(name: str) -> str:
    """Without folders, control signs and signs that turn the direction of writing (exe.fdp reads as pdf.exe)."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    words = _FORBIDDEN.sub("-", " ".join(seen.split())).strip(". ")
    path = PurePosixPath(words or "file")
    return path.stem[: LONGEST - len(path.suffix)] + path.suffix if len(path.suffix) < 20 else path.name[:LONGEST]


def served_as(name: str, kind: Format) -> str:
    """The name under which it is saved: with an ending of what it is, whatever ending it came with."""
    return name if name.lower().endswith(kind.endings) else PurePosixPath(name).stem + kind.endings[0]
