"""The database: engines, column types, and what every table and every root has in common."""

from __future__ import annotations

import contextlib
import re
import secrets
import sqlite3
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime
from itertools import filterfalse
from pathlib import Path
from typing import Any, ClassVar

import sqlcipher3.dbapi2 as sqlcipher
from babel.core import get_global
from cryptography.fernet import Fernet
from flask import current_app
from flask_babel import gettext as _
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Engine, ForeignKey, Integer, MetaData, String, Text, event, select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from app import dates
from app.keyring import Keyring
from config import SettingError, Settings

MINIMUM_SQLITE = (3, 51, 3)  # older ones can corrupt a file when the write-ahead log is reset

BigId = BigInteger().with_variant(Integer(), "sqlite")
SortText = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared and sorted by code point on both databases; holds folded words."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware UTC in Python on both databases. SQLite would hand back naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SealedText(TypeDecorator[str]):
    """Text that stands sealed in the database, with a key of the data directory: a copy of the database alone, or who
    runs its server, reads nothing. It can be neither searched nor sorted there."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _seal().encrypt(value.encode()).decode("ascii")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _seal().decrypt(value.encode("ascii")).decode()


def _seal() -> Fernet:
    keyring: Keyring = current_app.extensions["keyring"]
    return keyring.seal_for("identity")


class Base(DeclarativeBase):
    """Every table. `__audited__` tables are written down by the audit listener; few are left out."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime(),
        str: Text(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
    }

    __audited__: ClassVar[bool] = True
    __hangs_on__: ClassVar[tuple[str, str] | None] = None
    """(name of the root's table, own column that holds the root's id): whose history this row belongs to."""


class Numbered:
    """A table with the usual internal number, which never shows in an address and is never used again."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True, sort_order=-10)

    @declared_attr.directive
    def __table_args__(cls) -> Any:
        return {"sqlite_autoincrement": True}


def now() -> datetime:
    return datetime.now(UTC)


class ReasonMissing(Exception):
    """What is done with a reason or not at all; the message is a sentence for people."""


class Root(Numbered):
    """What cases, incidents, persons, sources, organisations and the like have in common.

    Withdrawn is not a state: a withdrawn row keeps its state and leaves every list unless asked for.
    """

    __letter__: ClassVar[str]
    """Second part of the reference: I incident, C case, D person, O organisation, S source …"""

    reference: Mapped[str] = mapped_column(String(11), unique=True)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4, insert_sentinel=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None]
    external_source: Mapped[str | None] = mapped_column(String(200))
    external_id: Mapped[str | None] = mapped_column(String(200))
    extra: Mapped[dict[str, Any] | None]

    @declared_attr
    def team_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("team.id"), index=True)

    @declared_attr
    def created_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id"), index=True)

    @declared_attr
    def updated_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id"))

    @declared_attr
    def withdrawn_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id"))

    @declared_attr
    def import_batch_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("import_batch.id"), index=True)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def touch(self, by: int) -> None:
        """Who changed it last, and when; also when only what hangs on it changed: nobody saves over it unseen."""
        self.updated_by_id, self.updated_at = by, now()

    def withdraw(self, by: int, reason: str) -> None:
        """Take it out of every list; it keeps its state and can be restored. Raises ReasonMissing."""
        words = reason.strip()
        if not words:
            raise ReasonMissing(_("Write why the record is withdrawn. Nothing was changed."))
        self.withdrawn_at, self.withdrawn_by_id, self.withdrawal_reason = now(), by, words
        self.touch(by)

    def restore(self, by: int) -> None:
        self.withdrawn_at = self.withdrawn_by_id = self.withdrawal_reason = None
        self.touch(by)

    def reference_country(self) -> str | None:
        """ISO 3166-1 alpha-2 of the country that the reference names when it is drawn."""
        return getattr(self, "country", None)


class Happened:
    """When something happened: the four columns of an uncertain date."""

    happened_from: Mapped[date | None] = mapped_column(index=True)
    happened_to: Mapped[date | None]
    happened_precision: Mapped[str] = mapped_column(String(10), default=dates.UNKNOWN)
    happened_text: Mapped[str | None]

    @property
    def happened(self) -> dates.UncertainDate:
        return dates.UncertainDate(
            self.happened_from, self.happened_to, self.happened_precision or dates.UNKNOWN, self.happened_text
        )

    @happened.setter
    def happened(self, value: dates.UncertainDate) -> None:
        self.happened_from, self.happened_to = value.earliest, value.latest
        self.happened_precision, self.happened_text = value.precision, value.text


def uncertain(name: str) -> Any:
    """The four columns `name_from`, `name_to`, `name_precision` and `name_text` as one value."""

    def read(row: Any) -> dates.UncertainDate:
        precision = getattr(row, f"{name}_precision") or dates.UNKNOWN
        return dates.UncertainDate(
            getattr(row, f"{name}_from"), getattr(row, f"{name}_to"), precision, getattr(row, f"{name}_text")
        )

    def write(row: Any, value: dates.UncertainDate) -> None:
        setattr(row, f"{name}_from", value.earliest)
        setattr(row, f"{name}_to", value.latest)
        setattr(row, f"{name}_precision", value.precision)
        setattr(row, f"{name}_text", value.text)

    return property(read, write)


class Edited:
    """A part with a form of its own: the version says whether somebody else has saved it meanwhile."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


class Doubted:
    """What spoke against the row when it was saved, by code, and the reason for which it was saved all the same."""

    doubts: Mapped[list[str] | None]
    doubts_reason: Mapped[str | None]


class MadePublic:
    """Whether a record is known to everybody already: said by one person and approved by another."""

    @declared_attr
    def public_set_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id"))

    public_set_at: Mapped[datetime | None]

    @declared_attr
    def public_approved_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id"))

    public_approved_at: Mapped[datetime | None]

    @property
    def is_already_public(self) -> bool:
        return self.public_approved_at is not None


db = SQLAlchemy()


# --- words, folded once for both databases -------------------------------------------------------

_WORD = re.compile(r"[^\W_]+")


def fold(text: str | None) -> str:
    """Lower case without accents, so that Ñaupa, ñaupa and NAUPA are one; for comparing and sorting."""
    plain = unicodedata.normalize("NFKD", text or "")
    return "".join(filterfalse(unicodedata.combining, plain)).casefold().strip()


def folded_words(text: str | None) -> list[str]:
    """The words of a text, folded; what search stores and asks for."""
    return [word[:100] for word in _WORD.findall(fold(text))]


# --- references ----------------------------------------------------------------------------------

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NO_COUNTRY = "XXX"


def alpha3(country: str | None) -> str:
    """ISO 3166-1 alpha-3 for an alpha-2 code; XXX where there is none."""
    return _alpha3_codes().get(country or "", NO_COUNTRY)


def alpha2(code: str) -> str | None:
    """ISO 3166-1 alpha-2 for an alpha-2, alpha-3 or numeric code; None if it is no country."""
    code = code.strip().upper()
    if code in _alpha3_codes():
        return code
    found = get_global("territory_aliases").get(code.zfill(3) if code.isdigit() else code, [])
    return found[0] if len(found) == 1 and found[0] in _alpha3_codes() else None


_NO_COUNTRIES = re.compile(r"AA|AC|CP|CQ|DG|E[AUZ]|IC|Q[M-Z]|TA|U[KN]|X[A-Z]|ZZ")
"""Codes that ISO 3166-1 leaves to users or only reserves: unions, parts of countries, and regions for testing."""

_alpha3_cache: dict[str, str] = {}


def _alpha3_codes() -> dict[str, str]:
    if not _alpha3_cache:
        for alias, targets in get_global("territory_aliases").items():
            is_one = len(alias) == 3 and alias.isalpha() and len(targets) == 1 and len(targets[0]) == 2
            if is_one and not _NO_COUNTRIES.match(targets[0]):
                _alpha3_cache.setdefault(targets[0], alias)
    return _alpha3_cache


def random_reference(letter: str, country: str | None) -> str:
    """Random, not counted: a gap would show how many records are hidden."""
    return f"{alpha3(country)}-{letter}-{''.join(secrets.choice(_CROCKFORD) for _ in range(5))}"


@event.listens_for(Session, "before_flush")
def _draw_references(session: Session, context: Any, instances: Any) -> None:
    waiting: dict[type[Root], list[Root]] = {}
    for row in session.new:
        if isinstance(row, Root) and not row.reference:
            waiting.setdefault(type(row), []).append(row)
    for model, rows in waiting.items():
        taken: set[str] = set()
        while rows:
            for row in rows:
                row.reference = random_reference(model.__letter__, row.reference_country())
            drawn = [row.reference for row in rows]
            with session.no_autoflush:
                taken |= set(
                    session.scalars(
                        select(model.reference)
                        .where(model.reference.in_(drawn))
                        .execution_options(amparo_access="references are unique over all teams")
                    )
                )
            seen: set[str] = set(taken)
            again = []
            for row in rows:
                if row.reference in seen:
                    again.append(row)
                seen.add(row.reference)
            taken |= {row.reference for row in rows}
            rows = again


# --- engines -------------------------------------------------------------------------------------

_will_write: ContextVar[bool] = ContextVar("will_write", default=True)


@contextlib.contextmanager
def transactions(*, writing: bool) -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once, or not at all.

    A transaction that reads first and writes later fails at once when another process has committed in between.
    """
    token = _will_write.set(writing)
    try:
        yield
    finally:
        _will_write.reset(token)


def set_writing(writing: bool) -> None:
    """The same for the rest of a request."""
    _will_write.set(writing)


def begin_again(*, writing: bool) -> None:
    """End what the request has read so far, and say whether it writes from here on.

    Nothing may hold the write lock while a file is read, parsed or sealed.
    """
    db.session.rollback()
    set_writing(writing)


def begin_reading() -> None:
    """All that is asked from here on, until the request begins again, is of one moment and holds no lock."""
    begin_again(writing=False)
    if db.engine.dialect.name == "postgresql":  # SQLite's transactions are so by themselves
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def database_file(instance: Path) -> Path:
    return instance / "amparo.db"


def engine_options(settings: Settings, keyring: Keyring) -> dict[str, Any]:
    """What `SQLALCHEMY_ENGINES["default"]` needs: PostgreSQL where it is set, else the encrypted file."""
    if settings.database_url:
        return {"url": settings.database_url, "pool_pre_ping": True, "hide_parameters": True}
    check_sqlite_version(sqlcipher.sqlite_version_info)
    path = database_file(settings.instance)
    return {
        "url": f"sqlite:///{path}",
        "module": sqlcipher,
        "creator": _connector(path, keyring.key_for("database").hex(), lasting=not settings.testing),
        "poolclass": QueuePool,
        "hide_parameters": True,  # an error text must not carry names into a log
        "pool_size": 8,
        "max_overflow": 8,
    }


def check_sqlite_version(version: tuple[int, ...]) -> None:
    """Raises SettingError for a SQLite that can corrupt a file."""
    if version < MINIMUM_SQLITE:
        raise SettingError(
            f"SQLite {'.'.join(map(str, version))} is too old; install sqlcipher3 0.6.4 or newer "
            f"(SQLite {'.'.join(map(str, MINIMUM_SQLITE))})."
        )


def _connector(path: Path, key: str, *, lasting: bool) -> Callable[[], sqlite3.Connection]:
    def connect() -> sqlite3.Connection:
        connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False, timeout=15)
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        for pragma in (
            "cipher_memory_security = OFF",
            "journal_mode = WAL",
            # A test that loses its power has nothing to lose; everybody else has.
            f"synchronous = {'FULL' if lasting else 'OFF'}",
            "foreign_keys = ON",
            "busy_timeout = 15000",
            "secure_delete = ON",
            "trusted_schema = OFF",
            "temp_store = MEMORY",
            "cache_size = -32768",  # 32 MiB of pages, decrypted once; they are not kept longer than the connection
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return connect


def refresh_statistics() -> None:
    """Let the database look at its tables again, where they have grown: without it, it guesses how to answer.

    On PostgreSQL the server does so by itself.
    """
    if db.engine.dialect.name != "sqlite":
        return
    raw = db.engine.raw_connection()
    # Whoever is writing just now goes first: a later start looks again.
    with contextlib.closing(raw), contextlib.suppress(sqlcipher.OperationalError):
        # Of each index as many rows as tell its shape, whatever its length; of tables that have changed in size.
        raw.cursor().execute("PRAGMA analysis_limit = 2000").close()
        raw.cursor().execute("PRAGMA optimize = 0x10002").close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _will_write.get() else "BEGIN")


@event.listens_for(Engine, "connect")
def _answer_without_compiling(connection: Any, record: Any) -> None:
    """PostgreSQL would spend seconds on compiling a long question that it answers in milliseconds."""
    if type(connection).__module__.startswith("psycopg"):
        connection.execute("SET jit = off")
        connection.commit()
