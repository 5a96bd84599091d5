"""Runs migrations on the connection that `app.commands` hands over; SQLite and PostgreSQL alike."""

from typing import Any

from alembic import context
from sqlalchemy import String, Text
from sqlalchemy.types import TypeDecorator

from app.db import Base, UtcDateTime


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Indexes of searching and of walking a list are made by hand; autogenerate would want to drop them."""
    return not (name and ("_fts" in name or name.endswith("_walk")))


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Our own column types are written as what they are in the database: a migration must not change with them."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, TypeDecorator) and isinstance(item.impl, Text):
        return "sa.Text()"
    if kind == "type" and isinstance(item, TypeDecorator) and isinstance(item.impl, String):
        return f"sa.String({item.impl.length})"
    return False


def run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,
        include_name=include_name,
        render_item=render_item,
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
