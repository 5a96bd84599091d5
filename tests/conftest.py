"""Every test of behaviour runs on both databases, on a schema made by the migrations, with the packs loaded."""

from __future__ import annotations

import contextvars
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import has_app_context
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.engine import make_url

from app import create_app
from app.accounts.cli import load_packs_of_rooms
from app.accounts.operations import begin_sign_in
from app.audit import acting
from app.commands import upgrade
from app.db import db
from config import Settings
from tests import factories
from tests.postgresql import PREFIX, NoPostgreSQL, create_database, drop_database, postgresql_server, spelled

DATABASES = ("sqlite", "postgresql")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "only")
TEMPLATE, PEOPLED, GROUND = f"template_{WORKER}", f"peopled_{WORKER}", f"ground_{WORKER}"
SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


def pytest_addoption(parser):
    parser.addoption("--database", choices=(*DATABASES, "both"), default="both", help="which database to test on")


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--database")
        # A file that walks through every page says so: what pages show does not hang on the database below.
        both = getattr(metafunc.module, "OF_BOTH_DATABASES", DATABASES)
        names = both if wanted == "both" else (wanted,)
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
    with installation(Settings(instance=directory, database_url=url, testing=True)):
        upgrade()
        load_packs_of_rooms()
        db.session.commit()
    yield directory
    if server:
        drop_database(server, TEMPLATE)


@pytest.fixture(scope="session")
def peopled_template(database, server, template, tmp_path_factory):
    """The template with the people of `factories.World` in it: made once, not for each test."""
    directory = tmp_path_factory.mktemp("peopled") / "instance"
    shutil.copytree(template, directory)
    url = create_database(server, PEOPLED, template=TEMPLATE) if server else None
    with installation(Settings(instance=directory, database_url=url, testing=True)):
        factories.a_world()
    yield directory
    if server:
        drop_database(server, PEOPLED)


@contextmanager
def installation(settings):
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


@pytest.fixture(scope="session")
def ground(database, server, tmp_path_factory):
    """Where the installations of the tests stand, one after the other."""
    url = spelled(make_url(server).set(database=PREFIX + GROUND)) if server else None
    return Settings(instance=tmp_path_factory.mktemp("ground") / "instance", database_url=url, testing=True)


@pytest.fixture
def settings(request, server, ground):
    """The settings of this test's installation, fresh from the template; a test may `dataclasses.replace` them."""
    peopled = "world" in request.fixturenames
    template = request.getfixturevalue("peopled_template" if peopled else "template")
    shutil.rmtree(ground.instance, ignore_errors=True)
    shutil.copytree(template, ground.instance)
    if server:
        create_database(server, GROUND, template=PEOPLED if peopled else TEMPLATE)
    yield ground
    if server:
        drop_database(server, GROUND)


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
    """An app of its own would compile the templates anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def build(ground, template, compiled_templates):
    """The app of a database, made once: its routes and statements are compiled once, a third of the time of a test."""
    shutil.copytree(template, ground.instance, dirs_exist_ok=True)  # the key stands in it
    app = create_app(ground)
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = Client
    return app


@pytest.fixture
def app(build, settings):
    """The app on this test's installation. What a test changes in its configuration is taken back."""
    config, extensions = dict(build.config), dict(build.extensions)
    with build.app_context():
        yield build
        db.session.close()
        db.engine.dispose()
    build.config.clear()
    build.config.update(config)
    build.extensions.clear()
    build.extensions.update(extensions)


@pytest.fixture
def world(app):
    """Two teams with their people, an administrator and an auditor: see factories.World."""
    return factories.the_world()


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
