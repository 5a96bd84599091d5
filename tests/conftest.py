"""Every test of behaviour runs on both databases, on a schema made by the migrations, with the packs loaded."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event

from app.accounts.operations import begin_sign_in
from app.audit import acting
from app.db import db
from tests import factories
from tests.postgresql import NoPostgreSQL
from tests.quarters import FILLINGS, Quarters

DATABASES = ("sqlite", "postgresql")
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
def compiled_templates(tmp_path_factory):
    """An app of its own would compile the templates anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def quarters_of(tmp_path_factory, compiled_templates):
    """The quarters of a database, the same ones each time."""
    with ExitStack() as at_the_end:
        directory = tmp_path_factory.mktemp("quarters")
        yield cache(lambda database: Quarters(database, directory / database, compiled_templates, at_the_end))


@pytest.fixture
def quarters(database, quarters_of):
    try:
        return quarters_of(database)
    except NoPostgreSQL as error:
        skip_or_fail(str(error))


@pytest.fixture
def settings(request, quarters):
    """The settings of this test's installation, fresh from the template; a test may `dataclasses.replace` them."""
    filling = next((name for name in FILLINGS if name in request.fixturenames), None)
    with quarters.fresh(filling) as settings:
        yield settings


@pytest.fixture
def app(quarters, settings):
    """The app on this test's installation. What a test changes in its configuration is taken back."""
    app = quarters.app
    config, extensions = dict(app.config), dict(app.extensions)
    with app.app_context():
        yield app
        db.session.close()
        db.engine.dispose()
    app.config.clear()
    app.config.update(config)
    app.extensions.clear()
    app.extensions.update(extensions)


@pytest.fixture
def world(app):
    """Two teams with their people, an administrator and an auditor: see factories.World."""
    return factories.the_world()


@pytest.fixture
def demonstrated(app):
    """The demonstration stands in the installation."""


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
