"""Files in the history of their record: by reference, as the name of a file may name people."""

from __future__ import annotations

from flask_babel import gettext as _

from app.evidence.recognising import FORMATS
from app.history import Picture, Row, added
from app.i18n import size_words

TABLE = "evidence_file"


def file_phrases(before: Picture, after: Picture) -> list[str]:
    phrases = [_("added the file %(file)s", file=_words(row)) for row in added(before, after, TABLE)]
    for key, row in after.items():
        if key[0] != TABLE or key not in before:
            continue
        was, now = bool(before[key].get("withdrawn_at")), bool(row.get("withdrawn_at"))
        if now and not was:
            reason = row.get("withdrawal_reason") or ""
            phrases.append(_("withdrew the file %(file)s: “%(reason)s”", file=_words(row), reason=reason))
        elif was and not now:
            phrases.append(_("restored the file %(file)s", file=_words(row)))
    return phrases


def _words(row: Row) -> str:
    kind = FORMATS[row["media_type"]].words
    return f"{row['reference']} ({kind}, {size_words(row['size'])})"
