"""A PostgreSQL server for the tests: the one that AMPARO_TEST_DATABASE_URL names, or a throw-away one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import URL, make_url

SETTING = "AMPARO_TEST_DATABASE_URL"
OLDEST = 15
PREFIX = "amparo_test_"


class NoPostgreSQL(Exception):
    """There is no server to test with. The text says why, and what to do."""


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Yield the URL of a server to make and drop databases on, or raise NoPostgreSQL."""
    if given := os.environ.get(SETTING):
        yield spelled(given_server(given))
    else:
        with throw_away_server(binaries()) as url:
            yield spelled(url)


def create_database(server_url: str, name: str, template: str | None = None) -> str:
    """Make a database, empty or as a copy of another that nobody is connected to. Return its URL."""
    statement = SQL("CREATE DATABASE {}").format(Identifier(PREFIX + name))
    if template:
        statement += SQL(" TEMPLATE {}").format(Identifier(PREFIX + template))
    with connect(server_url) as connection:
        connection.execute(statement)
    return spelled(make_url(server_url).set(database=PREFIX + name))


def drop_database(server_url: str, name: str) -> None:
    """Drop a database that `create_database` made, whoever is still connected to it."""
    with connect(server_url) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(PREFIX + name)))


def connect(url: str | URL) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(spelled(plain), autocommit=True, connect_timeout=10)


def spelled(url: URL) -> str:
    return url.render_as_string(hide_password=False)


# ---------------------------------------------------------------- a server that is there already


def given_server(given: str) -> URL:
    """The server behind the setting. A database that holds anything is refused: it may be somebody's work."""
    url = make_url(given).set(drivername="postgresql+psycopg")
    with connect(url) as connection:
        version = connection.info.server_version // 10000
        (tables,) = connection.execute(
            "SELECT count(*) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
            " ON n.oid = c.relnamespace WHERE n.nspname <> 'information_schema'"
            " AND n.nspname NOT LIKE 'pg\\_%'"
        ).fetchone()
        (may_create,) = connection.execute(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if tables:
        raise RuntimeError(f"{SETTING}: the database {url.database!r} is not empty, and tests refuse such.")
    if version < OLDEST:
        raise RuntimeError(f"{SETTING}: PostgreSQL {version} is too old, {OLDEST} or newer is needed.")
    if not may_create:
        raise RuntimeError(f"{SETTING}: the role {url.username!r} must be allowed to CREATEDB.")
    return url


# ---------------------------------------------------------------- a server for these tests only


def binaries() -> Path:
    """Where initdb and pg_ctl are: Debian keeps them out of the PATH, one folder a version."""
    if os.name == "nt":
        raise NoPostgreSQL(f"on Windows, name a server with an empty database in {SETTING}")
    versions = {int(p.parent.name): p for p in Path("/usr/lib/postgresql").glob("[0-9]*/bin")}
    found = [versions[number] for number in sorted(versions, reverse=True) if number >= OLDEST]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).parent)
    for place in found:
        if (place / "initdb").exists() and (place / "pg_ctl").exists():
            return place
    raise NoPostgreSQL(f"no PostgreSQL {OLDEST} or newer: apt-get install postgresql, or set {SETTING}")


MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3


def _quick_place() -> Path:
    """In memory, where there is plenty: each test copies a database of some hundred files, on disk six times slower.

    Else /tmp and not TMPDIR: the path of a socket must be short, and the server's user must get there.
    """
    is_roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if is_roomy else Path("/tmp")


@contextmanager
def throw_away_server(programs: Path) -> Iterator[URL]:
    """Start a server on a socket in a temporary folder; durability is off, it lives as long as the tests."""
    folder = Path(tempfile.mkdtemp(prefix="amparo-pg-", dir=_quick_place()))
    data, log = folder / "data", folder / "log"
    who = as_server_user(folder)

    def call(program: str, *words: str) -> None:
        command = [programs / program, "--pgdata", data, *words]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **who)
        if done.returncode:
            details = log.read_text() if log.exists() else done.stdout + done.stderr
            raise RuntimeError(f"PostgreSQL's {program} failed:\n{details}")

    try:
        # Spanish order by ICU and not C, as in real installations: a COLLATE that was forgotten shows.
        call("initdb", "--username=amparo", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C",
             "--locale-provider=icu", "--icu-locale=es")  # fmt: skip
        settings = (
            f"-k {folder} -c listen_addresses='' -c max_connections=60"
            " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=256MB"
        )
        call("pg_ctl", "--wait", "--log", str(log), "--options", settings, "start")
        try:
            yield URL.create("postgresql+psycopg", "amparo", database="postgres", query={"host": str(folder)})
        finally:
            call("pg_ctl", "--mode=immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def as_server_user(folder: Path) -> dict:
    """PostgreSQL refuses to run as root: give the folder to the account that its package made."""
    if os.geteuid() != 0:
        return {}
    try:
        shutil.chown(folder, "postgres", "postgres")
    except LookupError:
        folder.rmdir()
        raise NoPostgreSQL("root cannot start PostgreSQL, and there is no account `postgres`") from None
    return {"user": "postgres", "group": "postgres", "extra_groups": []}
