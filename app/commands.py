"""The data directory, the database schema and the server: what `manage.py` asks for, whatever the rooms hold."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from alembic import command as alembic
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import AppGroup, FlaskGroup
from flask_babel import gettext as _
from sqlalchemy import Connection

from app.db import db
from config import SettingError

DEMO, REAL = "demo", "real"
MIGRATIONS = Path(__file__).parent.parent / "migrations"


# --- the data directory --------------------------------------------------------------------------


def prepare_directory(instance: Path) -> None:
    """Raises SettingError where AMPARO_INSTANCE cannot be a directory of ours."""
    try:
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingError(f"AMPARO_INSTANCE: {instance} cannot be made ({error.strerror}).") from error
    if not os.access(instance, os.W_OK):
        raise SettingError(f"AMPARO_INSTANCE: {instance} cannot be written to.")


def kind_of(instance: Path) -> str | None:
    """Demo or real, as the directory was marked when it was first used."""
    path = instance / "kind"
    return path.read_text(encoding="ascii").strip() if path.exists() else None


def mark_directory(kind: str) -> None:
    """Mark the data directory, or refuse one that was made for the other kind."""
    instance = current_app.config["SETTINGS"].instance
    marked = kind_of(instance)
    if marked is None:
        (instance / "kind").write_text(kind + "\n", encoding="ascii")
    elif marked != kind:
        other = "python3 manage.py demo" if marked == DEMO else "python3 manage.py run"
        raise click.ClickException(
            _(
                "The data directory %(instance)s was made as %(marked)s. Use “%(other)s” for it, or name another "
                "directory in AMPARO_INSTANCE.",
                instance=instance,
                marked=marked,
                other=other,
            )
        )
    current_app.config["KIND"] = kind


# --- the schema ----------------------------------------------------------------------------------


def alembic_config(connection: Connection) -> Config:
    config = Config(toml_file=MIGRATIONS.parent / "pyproject.toml")
    config.attributes["connection"] = connection
    return config


@contextlib.contextmanager
def migrating() -> Iterator[Connection]:
    """A connection to migrate on. SQLite's batch mode would delete child rows with foreign keys on."""
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.driver_connection
        if sqlite:
            assert raw is not None
            raw.execute("PRAGMA foreign_keys = OFF")
        try:
            yield connection
            if sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    connection.rollback()
                    words = _("The migration would have left %(num)s rows without their owner.", num=len(broken))
                    raise click.ClickException(words)
            connection.commit()
        finally:
            connection.rollback()
            if sqlite:
                assert raw is not None
                raw.execute("PRAGMA foreign_keys = ON")


def upgrade(revision: str = "head") -> None:
    with migrating() as connection:
        alembic.upgrade(alembic_config(connection), revision)


def downgrade(revision: str) -> None:
    with migrating() as connection:
        alembic.downgrade(alembic_config(connection), revision)


def is_current() -> bool:
    with db.engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_heads()
        return set(at) == set(ScriptDirectory(str(MIGRATIONS)).get_heads())


database = AppGroup("db", help="The database schema: upgrade, downgrade, current, check.")


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade_command(revision: str) -> None:
    """Bring the schema up to date."""
    upgrade(revision)
    click.echo(_("The schema is up to date."))


@database.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Go back to a revision, or to «base»."""
    downgrade(revision)


@database.command("current")
def current_command() -> None:
    """Say which revision the schema is at."""
    with migrating() as connection:
        alembic.current(alembic_config(connection))


@database.command("check")
def check_command() -> None:
    """Say whether models and migrations agree."""
    with migrating() as connection:
        alembic.check(alembic_config(connection))


@database.command("revision")
@click.option("-m", "--message", required=True)
@click.option("--empty", is_flag=True)
def revision_command(message: str, empty: bool) -> None:
    """Write a new migration from what the models say (for developers)."""
    with migrating() as connection:
        config = alembic_config(connection)
        number = len(list((MIGRATIONS / "versions").glob("0*.py"))) + 1
        alembic.revision(config, message=message, autogenerate=not empty, rev_id=f"{number:04d}")


# --- the server ----------------------------------------------------------------------------------


def check_port(host: str, port: int) -> None:
    """Say that a port is taken before anything is made or printed that would look like a start."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # there the option would let two servers share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _port_refused(host, port, error) from error


def _port_refused(host: str, port: int, error: OSError) -> click.ClickException:
    return click.ClickException(
        _(
            "Port %(port)s on %(host)s cannot be used (%(why)s); choose another with --port.",
            port=port,
            host=host,
            why=error.strerror,
        )
    )


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until stopped. Uploads wait in the data directory, not in a temporary directory open to others."""
    from waitress import serve as waitress

    settings = app.config["SETTINGS"]
    app.config["TRUSTED_HOSTS"].append(f"[{host}]" if ":" in host else host)
    waiting_room = settings.instance / "tmp"
    shutil.rmtree(waiting_room, ignore_errors=True)
    waiting_room.mkdir(mode=0o700)
    tempfile.tempdir = str(waiting_room)
    with app.app_context():
        for tidy_up in app.extensions["before_serving"]:
            tidy_up()
        db.session.rollback()
    try:
        waitress(
            app,
            host=host,
            port=port,
            threads=8,
            ident=None,
            # What is too large by less than half again is read to its end, beyond memory on disk, so that our own page
            # can refuse it in words; the server's refusal is one line of English.
            max_request_body_size=settings.max_request_with("evidence_max_bytes") * 3 // 2,
            inbuf_overflow=settings.max_request_with("evidence_max_bytes") + 131072,
            clear_untrusted_proxy_headers=True,
            _quiet=True,
        )
    except OSError as error:
        raise _port_refused(host, port, error) from error


def command_line(app: Flask) -> None:
    """Carry out the command that stands behind `manage.py`.

    Flask's own commands stay out: its `run` would stand in front of ours, and is a server for developers.
    """
    group = FlaskGroup(
        create_app=lambda: app,
        add_default_commands=False,
        add_version_option=False,
        load_dotenv=False,
        set_debug_flag=False,
        help="Amparo's commands. Each explains itself with --help.",
    )
    group.params = [option for option in group.params if option.name == "help"]
    group.main(prog_name="python3 manage.py")


def host_and_port(function: click.decorators.FC) -> click.decorators.FC:
    function = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))(function)
    return click.option("--host", default="127.0.0.1", show_default=True)(function)


def init_app(app: Flask) -> None:
    app.extensions["packs"] = []
    """What rooms load from the packs of a country, in the order of the rooms: functions of the country's code."""
    app.extensions["before_serving"] = []
    """What rooms put in order before the server answers anybody."""
    app.cli.add_command(database)
