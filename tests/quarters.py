"""Where tests live: for each database one installation, made once and set back for each test."""

from __future__ import annotations

import contextvars
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from sqlalchemy.engine import make_url

from app import create_app
from app.accounts.cli import load_packs_of_rooms
from app.commands import upgrade
from app.db import db
from app.demonstration.operations import load_demonstration
from config import Settings
from tests import factories
from tests.postgresql import PREFIX, create_database, drop_database, postgresql_server, spelled

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "only")
GROUND = f"ground_{WORKER}"

FILLINGS = {"world": factories.a_world, "demonstrated": load_demonstration}
"""What stands in an installation besides the packs, by the fixture that a test asks for: made once, and copied."""


class Template(NamedTuple):
    """A data directory and, on PostgreSQL, the name of its database."""

    directory: Path
    database: str


class Quarters:
    """What the tests of a database share. Each thing is made when it is first asked for, and kept to the end.

    No fixture of pytest's can do so: file after file goes from one database to the other and back, and with each step
    pytest lets go of what it made for the one before.
    """

    def __init__(self, database: str, directory: Path, compiled_templates: BytecodeCache, at_the_end: ExitStack):
        """Raises NoPostgreSQL where the server cannot be started; on SQLite there is none."""
        self.directory, self.compiled_templates, self.at_the_end = directory, compiled_templates, at_the_end
        self.templates: dict[str | None, Template] = {}
        self.server = at_the_end.enter_context(postgresql_server()) if database == "postgresql" else None

    def template(self, filling: str | None = None) -> Template:
        """The schema and the packs, and on top of them one of FILLINGS."""
        if filling not in self.templates:
            self.templates[filling] = self._filled(filling) if filling else self._bare()
        return self.templates[filling]

    def _bare(self) -> Template:
        template = Template(self.directory / "bare", f"bare_{WORKER}")
        with installation(Settings(template.directory, self._made(template.database), testing=True)):
            upgrade()
            load_packs_of_rooms()
            db.session.commit()
        return template

    def _filled(self, filling: str) -> Template:
        bare, template = self.template(), Template(self.directory / filling, f"{filling}_{WORKER}")
        shutil.copytree(bare.directory, template.directory)
        url = self._made(template.database, copied_from=bare.database)
        with installation(Settings(template.directory, url, testing=True)):
            FILLINGS[filling]()
            db.session.commit()
        return template

    def _made(self, name: str, copied_from: str | None = None) -> str | None:
        """The URL of a new database on the server; None on SQLite, where it lies in the data directory."""
        if not self.server:
            return None
        self.at_the_end.callback(drop_database, self.server, name)
        return create_database(self.server, name, copied_from)

    @cached_property
    def settings(self):
        """Where the installations of the tests stand, one after the other."""
        url = spelled(make_url(self.server).set(database=PREFIX + GROUND)) if self.server else None
        return Settings(instance=self.directory / "ground", database_url=url, testing=True)

    @contextmanager
    def fresh(self, filling: str | None) -> Iterator[Settings]:
        """A copy of a template on the ground, to be used up."""
        template = self.template(filling)
        shutil.rmtree(self.settings.instance, ignore_errors=True)
        shutil.copytree(template.directory, self.settings.instance)
        if self.server:
            create_database(self.server, GROUND, template=template.database)
        yield self.settings
        if self.server:
            drop_database(self.server, GROUND)

    @cached_property
    def app(self) -> Flask:
        """The app on the ground, which has been laid: its routes, statements and templates are compiled once."""
        app = create_app(self.settings)
        app.jinja_env.bytecode_cache = self.compiled_templates
        app.test_client_class = Client
        return app


@contextmanager
def installation(settings: Settings) -> Iterator[None]:
    """Work on an installation and leave nothing open behind, so that it can be copied as files."""
    with create_app(settings).app_context():
        yield
        db.session.close()
        if not settings.database_url:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        db.engine.dispose()


class Client(FlaskClient):
    """Each request in a context of its own, as on a server: nothing of the test or of another request is left in `g`.

    What the test has changed is committed first, and what it knows of the database is forgotten afterwards.
    """

    def open(self, *arguments, **options):
        if not has_app_context():  # a redirect that is followed within a request
            return super().open(*arguments, **options)
        db.session.commit()
        options.setdefault("buffered", True)  # a stream, too, is drawn in its own context
        try:
            return contextvars.Context().run(super().open, *arguments, **options)
        finally:
            db.session.expire_all()
