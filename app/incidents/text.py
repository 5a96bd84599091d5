"""Text as it is kept: one form of each letter, no control characters, nothing but blanks is nothing."""

from __future__ import annotations

import re
import unicodedata

# NUL breaks PostgreSQL, half a surrogate breaks UTF-8, and marks of direction can make a name read as another.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str | None) -> str | None:
    """The text in composed letters with plain line ends and without unseen signs; None when nothing is left."""
    plain = _UNSEEN.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", plain).strip() or None


def clean_line(text: str | None) -> str | None:
    """The same for what stands on one line."""
    return " ".join((clean(text) or "").split()) or None
