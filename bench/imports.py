"""How long an import takes against a bare `executemany` of the very rows that it wrote, indexes and triggers included.

.venv/bin/python bench/imports.py FILE --map global-witness
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from app import create_app
from app.accounts.cli import load_packs_of_rooms
from app.commands import upgrade
from app.db import Base, db
from config import Settings
from tests import factories


def fresh(directory: str, language: str = "es"):
    """An installation with packs and people, before any record."""
    app = create_app(Settings(instance=Path(directory), language=language, testing=True))
    with app.app_context():
        upgrade()
        load_packs_of_rooms()
        factories.a_world()
        db.session.commit()
    return app


def rows_beyond(app, before: dict[str, int]) -> dict[str, list[tuple]]:
    """Table → the rows that were written since."""
    with app.app_context(), db.engine.connect() as connection:
        found = {}
        for table in Base.metadata.sorted_tables:
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table.name}" ORDER BY rowid').fetchall()
            if new := rows[before.get(table.name, 0) :]:
                found[table.name] = [tuple(row) for row in new]
        return found


def counted(app) -> dict[str, int]:
    return {name: len(rows) for name, rows in rows_beyond(app, {}).items()}


def put_bare(app, tables: dict[str, list[tuple]]) -> float:
    """Seconds to write these rows with the driver alone, in one transaction."""
    with app.app_context():
        connection = db.engine.raw_connection()
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = OFF")
        start = time.perf_counter()
        cursor.execute("BEGIN IMMEDIATE")
        for name, rows in tables.items():
            cursor.executemany(f'INSERT OR REPLACE INTO "{name}" VALUES ({",".join("?" * len(rows[0]))})', rows)
        cursor.execute("COMMIT")
        seconds = time.perf_counter() - start
        connection.close()
        return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--map", default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        app = fresh(first)
        before = counted(app)
        words = ["import", "incidents", options.file, "--as", "caseworker@example.org"]
        words += ["--map", options.map] if options.map else []
        start = time.perf_counter()
        told = app.test_cli_runner().invoke(args=words)
        whole = time.perf_counter() - start
        if told.exception:
            sys.exit(told.output)
        tables = rows_beyond(app, before)
        bare = put_bare(fresh(second), tables)
    number = sum(map(len, tables.values()))
    print(told.output.strip().splitlines()[-1])
    print(f"{number} rows in {len(tables)} tables: import {whole:.2f} s, bare {bare:.2f} s, ratio {whole / bare:.1f}")


if __name__ == "__main__":
    main()
