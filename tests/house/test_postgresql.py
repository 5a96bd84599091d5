"""The tests' own server: it makes databases, and refuses one that holds anything."""

import os

import pytest

from tests.postgresql import (
    SETTING,
    NoPostgreSQL,
    connect,
    create_database,
    drop_database,
    given_server,
    postgresql_server,
)

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def server():
    try:
        with postgresql_server() as url:
            yield url
    except NoPostgreSQL as reason:
        if os.environ.get("AMPARO_REQUIRE_ALL"):
            raise
        pytest.skip(str(reason))


@pytest.fixture
def own_database(server):
    yield create_database(server, "own")
    drop_database(server, "own")


def test_a_copy_holds_what_its_template_holds(server, own_database):
    with connect(own_database) as connection:
        connection.execute("CREATE TABLE word AS SELECT 'amparo' AS text")

    copy = create_database(server, "own_copy", template="own")

    with connect(copy) as connection:
        assert connection.execute("SELECT text FROM word").fetchone() == ("amparo",)
    drop_database(server, "own_copy")


def test_an_empty_database_is_taken(own_database):
    assert given_server(own_database).database == "amparo_test_own"


def test_a_database_that_holds_anything_is_refused(own_database):
    with connect(own_database) as connection:
        connection.execute("CREATE SCHEMA theirs CREATE TABLE record (id int)")

    with pytest.raises(RuntimeError, match=f"{SETTING}: .* is not empty"):
        given_server(own_database)
