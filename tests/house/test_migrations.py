"""The migrations go up, down and up again, and say the same as the models."""

import pytest
from alembic import command as alembic
from sqlalchemy import inspect

from app.commands import alembic_config, downgrade, is_current, migrating, upgrade
from app.db import db

TRIGGERS = {"sqlite": 26, "postgresql": 1}


def triggers():
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            question = "select count(*) from sqlite_master where type = 'trigger'"
        else:
            question = "select count(distinct trigger_name) from information_schema.triggers"
        return connection.exec_driver_sql(question).scalar()


def test_up_down_up(app, database):
    downgrade("base")
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}
    assert left == set()

    upgrade()

    assert is_current()
    assert triggers() == TRIGGERS[database]


def test_models_equal_migrations(app):
    with migrating() as connection:
        alembic.check(alembic_config(connection))


def test_the_trail_can_be_neither_changed_nor_deleted(app, world):
    for statement in ("delete from audit_entry", "update audit_entry set deed = 'nothing'"):
        with pytest.raises(Exception, match="audit entries stay as they are"), db.engine.begin() as connection:
            connection.exec_driver_sql(statement)
