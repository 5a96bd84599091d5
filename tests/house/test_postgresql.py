"""The tests' own server: it makes databases, and refuses one that holds anything."""

import os

import pytest

from tests.postgresql import (
    PREFIX,
    SETTING,
    NoPostgreSQL,
    connect,
    create_database,
    drop_database,
    given_server,
    postgresql_server,
)
from tests.quarters import WORKER

pytestmark = pytest.mark.postgresql

OWN, COPY = f"own_{WORKER}", f"own_copy_{WORKER}"


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
    yield create_database(server, OWN)
    drop_database(server, OWN)


def test_a_copy_holds_what_its_template_holds(server, own_database):
    with connect(own_database) as connection:
        connection.execute("CREATE TABLE word AS SELECT 'amparo' AS text")

    copy = create_database(server, COPY, template=OWN)

    with connect(copy) as connection:
        assert connection.execute("SELECT text FROM word").fetchone() == ("amparo",)
    drop_database(server, COPY)


def test_an_empty_database_is_taken(own_database):
    assert given_server(own_database).database == PREFIX + OWN


def test_a_database_that_holds_anything_is_refused(own_database):
    with connect(own_database) as connection:
        connection.execute("CREATE SCHEMA theirs CREATE TABLE record (id int)")

    with pytest.raises(RuntimeError, match=f"{SETTING}: .* is not empty"):
        given_server(own_database)
