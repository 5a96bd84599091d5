"""How long the list of incidents takes as a file, beside a bare SELECT with csv.writer, and what memory it costs.

    .venv/bin/python bench/exports.py [--incidents 10000 100000]

Each way runs in a process of its own, on SQLCipher and through the view; it says the most memory it had, before and
after.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import select

from app import create_app
from app.accounts.cli import load_packs_of_rooms
from app.accounts.operations import begin_sign_in
from app.commands import upgrade
from app.db import db
from app.incidents.models import Act, Incident, Involvement
from bench.pages import fill
from config import Settings
from tests import factories

PASSWORD = "four words nobody 8 guesses"
ASKED = {
    "csv": {"format": "csv"},
    "xlsx": {"format": "xlsx"},
    "json": {"format": "json"},
    "csv, locked": {"format": "csv", "password": PASSWORD, "password_again": PASSWORD},
}
BARE = "bare"


def opened(directory: str):
    return create_app(Settings(instance=Path(directory), testing=True))


def peopled(directory: str, number: int) -> None:
    with opened(directory).app_context():
        upgrade()
        load_packs_of_rooms()
        factories.a_world()
        db.session.commit()
        fill(number, factories.the_world())


def write_bare(app) -> int:
    """The columns that the export reads, of each table by itself: no right is asked, nothing is brought together."""
    number = 0
    with app.app_context(), db.engine.connect() as connection, tempfile.TemporaryFile("w", newline="") as file:
        writer = csv.writer(file)
        for model in (Incident, Act, Involvement):
            columns = [column for column in model.__table__.c if not column.name.startswith("search")]
            statement = select(*columns).execution_options(amparo_access="benchmark", yield_per=1000)
            for row in connection.execute(statement):
                writer.writerow(row)
                number += model is Incident
    return number


def taken(app, way: str):
    """Ready to take the list: what is left to do is what a click does."""
    with app.app_context():
        world = factories.the_world()
        token, user_id = begin_sign_in(world.caseworker), world.caseworker.id
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session["was"] = token, True, user_id
    form = {**ASKED[way], "csrf_token": factories.Browser(client).token_at("/incidents/")}

    def take() -> int:
        answer = client.post("/incidents/export", data=form)
        assert answer.status_code == 200
        size = sum(len(chunk) for chunk in answer.response)
        answer.close()
        return size

    return take


def most_memory() -> float:
    """Megabytes, as Linux counts them; `getrusage` would tell of the process that started this one."""
    words = Path("/proc/self/status").read_text().split()
    return int(words[words.index("VmHWM:") + 1]) / 1024


def measured(directory: str, way: str) -> None:
    app = opened(directory)
    work = (lambda: write_bare(app)) if way == BARE else taken(app, way)
    before = most_memory()
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"{seconds:.2f} {before:.0f} {most_memory():.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--measure", nargs=2, metavar=("DIRECTORY", "WAY"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measured(*options.measure)
    for number in options.incidents:
        with tempfile.TemporaryDirectory() as directory:
            peopled(directory, number)
            print(f"{number} incidents, SQLCipher", flush=True)
            bare = 0.0
            for way in (BARE, *ASKED):
                command = [sys.executable, __file__, "--measure", directory, way]
                answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                seconds, before, after = (float(word) for word in answer.split())
                bare = bare or seconds
                ratio, growth = seconds / bare, after - before
                memory = f"{before:.0f} MB, then {after:.0f} (+{growth:.0f})"
                print(f"  {way:<12}{seconds:7.2f} s  {ratio:5.1f} times  {memory}", flush=True)
    return None


if __name__ == "__main__":
    main()
