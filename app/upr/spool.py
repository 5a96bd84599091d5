"""Rows that wait on disk: a pack looks at every record before it knows what one row may say, and memory stays flat."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from typing import Any

IN_MEMORY = 4_000_000
"""So many bytes stay in memory; what is more goes to the waiting room of the data directory, and is gone with it."""

Row = dict[str, Any]


class Spool:
    """Rows in the order in which they came. May be read as often as wished, not while it is written."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (lives as long as the look at the records)
        self._length = 0

    def append(self, row: Row) -> None:
        self._file.write(json.dumps(row, ensure_ascii=False, default=_written).encode())
        self._file.write(b"\n")
        self._length += 1

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)

    def close(self) -> None:
        self._file.close()


def _written(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
