"""Every test of behaviour runs on both databases, on a schema made by the migrations, with the packs loaded."""

from __future__ import annotations

import contextvars
import os
import shutil
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import has_app_context
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event

from app import create_app
from app.accounts.cli import load_packs_of_rooms
from app.accounts.operations import begin_sign_in
from app.audit import acting
from app.commands import upgrade
from app.db import db
from config import Settings
from tests import factories
from tests.postgresql import NoPostgreSQL, create_database, drop_database, postgresql_server

DATABASES = ("sqlite", "postgresql")
TEMPLATE = f"template_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}"
SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


def pytest_addoption(parser):
    parser.addoption("--database", choices=(*DATABASES, "both"), default="both", help="which database to test on")


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--database")
        names = DATABASES if wanted == "both" else (wanted,)
        marked = [pytest.param(name, marks=[pytest.mark.postgresql] * (name == "postgresql")) for name in names]
        metafunc.parametrize("database", marked, scope="session", indirect=True)


def skip_or_fail(reason: str) -> None:
    """Skip, unless the switch says that everything has to run."""
    if os.environ.get("AMPARO_REQUIRE_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def database(request):
    return request.param


@pytest.fixture(scope="session")
def server(database):
    """The PostgreSQL server, or None on SQLite."""
    if database == "sqlite":
        yield None
        return
    try:
        with postgresql_server() as url:
            yield url
    except NoPostgreSQL as error:
        skip_or_fail(str(error))


@pytest.fixture(scope="session")
def template(database, server, tmp_path_factory):
    """A data directory (and database) with schema and packs, copied for each test."""
    directory = tmp_path_factory.mktemp("template")
    url = create_database(server, TEMPLATE) if server else None
    app = create_app(Settings(instance=directory, database_url=url, testing=True))
    with app.app_context():
        upgrade()
        load_packs_of_rooms()
        db.session.commit()
        db.session.close()
        if database == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        db.engine.dispose()
    yield directory
    if server:
        drop_database(server, TEMPLATE)


@pytest.fixture
def settings(database, server, template, tmp_path):
    """The settings of this test's own installation; a test may `dataclasses.replace` them."""
    instance = tmp_path / "instance"
    shutil.copytree(template, instance)
    name = uuid.uuid4().hex[:12]
    url = create_database(server, name, template=TEMPLATE) if server else None
    yield Settings(instance=instance, database_url=url, testing=True)
    if server:
        drop_database(server, name)


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


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory):
    """Each test has an app of its own; without this, each would compile the templates anew: a third of the time."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings, compiled_templates):
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = Client
    with app.app_context():
        yield app
        db.session.close()
        db.engine.dispose()


@pytest.fixture
def world(app):
    """Two teams with their people, an administrator and an auditor: see factories.World."""
    return factories.a_world()


@pytest.fixture
def sign_in(app):
    """`sign_in(user)` gives a client that is signed in as the user."""

    def signed_in(user):
        with acting(user.id):
            token = begin_sign_in(user)
            db.session.commit()
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
            session["was"] = user.id
        return factories.Browser(client)

    return signed_in


@pytest.fixture
def shared_data():
    """The real public files beside the checkout; a test that needs them is skipped where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("the public data files are not beside this checkout")
    return SHARED


@pytest.fixture
def statements(app):
    """`with statements() as made:` gathers the SQL of a block, to see that a page costs a fixed number."""

    @contextmanager
    def counted():
        made = []

        def note(connection, cursor, statement, *rest):
            made.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield made
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counted
