"""Days as workbooks of the United Nations hold them: as ISO writes them, or as the serial number of a spreadsheet."""

from __future__ import annotations

import re
from datetime import date, timedelta

_EPOCH = date(1899, 12, 30)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


def read_day(cell: str) -> date | None:
    """None for anything that is no day of this century: it orders nothing and refuses nothing."""
    text = cell.strip()
    try:
        day = _EPOCH + timedelta(days=int(float(text))) if _SERIAL.fullmatch(text) else date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if _EARLIEST <= day <= _LATEST else None
