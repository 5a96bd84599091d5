"""Digests of what a row says, field by field: they tell that a corrected file says something else, and not what.

No value is kept a second time. Each digest is made with a key of the installation, for one record and one field: equal
names in two rows have different digests, and nobody without the key can try names out.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any

from flask import current_app

BYTES = 16

Digests = dict[str, Any]
"""Field → digest; of a list, the digest of each that stands in it."""


class Digester:
    """Makes the digests of one record, known by its number in its source."""

    def __init__(self, source: str, external_id: str) -> None:
        self._key = current_app.extensions["keyring"].key_for("imports")
        self._record = f"{source}\x1f{external_id}\x1f"

    def of(self, name: str, value: Any) -> str:
        text = f"{self._record}{name}\x1f{_encoder.encode(value)}"
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")[:BYTES].hex()

    def of_all(self, facts: Mapping[str, Any]) -> Digests:
        return {
            name: [self.of(name, one) for one in value] if isinstance(value, list) else self.of(name, value)
            for name, value in facts.items()
        }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


_encoder = json.JSONEncoder(default=_plain, ensure_ascii=False, sort_keys=True)
