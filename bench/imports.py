"""How long an import takes against a bare `executemany` of the very rows that it wrote, indexes and triggers included.

.venv/bin/python bench/imports.py FILE --map global-witness
.venv/bin/python bench/imports.py --rows 10000
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from datetime import date, timedelta
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


def made_up(path: Path, rows: int) -> Path:
    """Incidents as a spreadsheet of an organisation has them: a type, a day, a district, a person, a source."""
    types = ("THR.DEATH", "LIB.ARB_DET", "PHYS.ASSAULT", "CRIM.COMPLAINT")
    places = ("Mara, Cotabambas, Apurímac", "Cocachacra, Islay, Arequipa", "Ayabaca, Piura", "Juliaca, Puno")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["código", "titulo", "tipo principal", "fecha", "lugar", "seudónimo", "fuente", "relato"])
        for number in range(rows):
            day = date(2010, 1, 1) + timedelta(days=number % 5000)
            told = "Lo que se cuenta, en dos o tres frases. " * 3
            writer.writerow([number, f"Hecho {number}", types[number % 4], day.isoformat(), places[number % 4],
                             f"Persona {number}", f"Radio {number % 40}", told])  # fmt: skip
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--rows", type=int, help="Of a made-up sheet, instead of a file.")
    parser.add_argument("--map", default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        app = fresh(first)
        before = counted(app)
        file = options.file or made_up(Path(first) / "rows.csv", options.rows)
        words = ["import", "incidents", str(file), "--as", "caseworker@example.org"]
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
