"""The pairs that wait for a decision; worked out once for as long as nothing they are made of changes."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from flask import current_app
from sqlalchemy import func

from app.access import visible
from app.accounts.models import User
from app.db import db
from app.duplicates.finding import MOST_COMPARED, Pair, likely_pairs, newest_ids
from app.duplicates.models import LATER
from app.duplicates.queries import verdicts_of
from app.incidents.models import Incident

SECONDS_KEPT = 600
MOST_KEPT = 16


@dataclass(frozen=True)
class Waiting:
    """*open* are pairs that nobody decided, *later* those put off."""

    open: list[Pair]
    later: list[Pair]
    compared: int
    """Among how many records."""
    all_records: int


def waiting(user: User, most: int = MOST_COMPARED) -> Waiting:
    """Of the newest records, so many."""
    ids = newest_ids(user, most)
    pairs = _kept(user, ids)
    verdicts = verdicts_of(user, pairs)
    undecided = [pair for pair in pairs if (pair.first_id, pair.second_id) not in verdicts]
    later = [pair for pair in pairs if verdicts.get((pair.first_id, pair.second_id)) == LATER]
    total = db.session.scalar(
        visible(Incident, user).where(Incident.full_to(user)).with_only_columns(func.count(Incident.id))
    )
    return Waiting(undecided, later, len(ids), total or 0)


class Kept:
    """In this process, numbers and scores only: no name, no title."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pairs: OrderedDict[str, tuple[float, list[Pair]]] = OrderedDict()

    def get(self, key: str) -> list[Pair] | None:
        with self._lock:
            at, pairs = self._pairs.get(key, (0.0, []))
            return pairs if time.monotonic() - at < SECONDS_KEPT and at else None

    def put(self, key: str, pairs: list[Pair]) -> None:
        with self._lock:
            self._pairs[key] = (time.monotonic(), pairs)
            while len(self._pairs) > MOST_KEPT:
                self._pairs.popitem(last=False)


def _kept(user: User, ids: list[int]) -> list[Pair]:
    kept: Kept = current_app.extensions["duplicates"]
    latest = db.session.scalar(visible(Incident, user).with_only_columns(func.max(Incident.updated_at)))
    seen = hashlib.sha256(repr((user.id, ids, latest)).encode()).hexdigest()
    pairs = kept.get(seen)
    if pairs is None:
        pairs = likely_pairs(user, ids)
        kept.put(seen, pairs)
    return pairs
