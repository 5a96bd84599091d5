"""Slowing guesses: the next try waits, but nobody is ever locked out. Accounts that do not exist wait the same."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import Throttle
from app.accounts.operations import digest_of
from app.db import db, fold, now

# kind: (failures that cost nothing, longest wait in seconds)
SLOWING = {"pair": (3, 300), "address": (20, 300), "account": (10, 10)}
KNOWN_FOR = timedelta(days=30)


def _key(kind: str, email: str, address: str) -> str:
    of = {"address": address, "account": fold(email)}.get(kind, f"{fold(email)}|{address}")
    return digest_of(f"{kind}|{of}")


def seconds_to_wait(email: str, address: str) -> int:
    """How long before the next try of this account and address is looked at."""
    keys = {_key(kind, email, address): kind for kind in (*SLOWING, "known")}
    statement = select(Throttle.key, Throttle.next_at).where(Throttle.key.in_(keys), Throttle.next_at > now())
    waiting = {keys[key]: next_at for key, next_at in db.session.execute(statement)}
    if waiting.pop("known", None):
        # Whoever signed in from here before does not wait for what strangers try elsewhere.
        waiting.pop("account", None)
    return max((int((next_at - now()).total_seconds()) + 1 for next_at in waiting.values()), default=0)


def note_try(email: str, address: str) -> None:
    """Count a try before its password is looked at, so that tries sent all at once count too."""
    db.session.execute(delete(Throttle).where(Throttle.next_at < now() - timedelta(hours=24)))
    for key, kind in sorted((_key(kind, email, address), kind) for kind in SLOWING):
        free, longest = SLOWING[kind]
        failures = _one_more(key)
        wait = 0 if failures <= free else min(2 ** min(failures - free, 20), longest)
        next_at = now() + timedelta(seconds=wait)
        db.session.execute(update(Throttle).where(Throttle.key == key).values(next_at=next_at))


def forget_try(email: str, address: str) -> None:
    """The password was right: this try was no failure, and this address is known for the account."""
    others = [_key(kind, email, address) for kind in ("address", "account")]
    less = update(Throttle).where(Throttle.key.in_(others), Throttle.failures > 0)
    db.session.execute(less.values(failures=Throttle.failures - 1, next_at=now()))
    pair, known = _key("pair", email, address), _key("known", email, address)
    db.session.execute(delete(Throttle).where(Throttle.key.in_([pair, known])))
    db.session.add(Throttle(key=known, failures=0, next_at=now() + KNOWN_FOR))


def _one_more(key: str) -> int:
    """In one statement, so that two at the same moment are two."""
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(Throttle)
    counted = insert.values(key=key, failures=1, next_at=now()).on_conflict_do_update(
        index_elements=["key"], set_={"failures": Throttle.failures + 1}
    )
    return db.session.scalar(counted.returning(Throttle.failures)) or 1
