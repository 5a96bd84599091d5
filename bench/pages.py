"""Typical times of the pages at 10,000 incidents, and ratios against the bare database, in one run.

    .venv/bin/python bench/pages.py [--incidents 10000] [--rounds 20]

Uses DATABASE_URL where it is set (an empty database!), else an encrypted file in a temporary directory.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import insert, select, text

from app import create_app
from app.accounts.cli import load_packs_of_rooms
from app.accounts.operations import begin_sign_in
from app.commands import upgrade
from app.db import db, folded_words, random_reference, refresh_statistics
from app.incidents.models import Act, Incident, Involvement
from app.places.models import Place
from config import Settings
from tests import factories

WORDS = tuple(
    word
    for line in (
        "protesta comunidad agua mina carretera detención amenaza llamada policía fiscal denuncia dirigente asamblea",
        "bloqueo laguna río ronda abogada periodista audiencia juzgado desalojo patrulla campamento convenio",
    )
    for word in line.split()
)
TYPES = ("THR.DEATH", "THR.OTHER", "LIB.ARB_DET", "CRIM.COMPLAINT", "LIFE.KILL_PROTEST", "SURV.PHYS", "PHYS.FORCE")
STATES = ("DRAFT", "SUBMITTED", "UNVERIFIED", "CORROBORATED", "VERIFIED")


def fill(number: int, world: factories.World) -> None:
    """*number* incidents of the kind that caseworkers write, in one case that the team shares."""
    chance = random.Random(7)
    case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM", title="Corredor")
    places = list(db.session.scalars(select(Place.id).where(Place.level == "district")))
    begin = date(2005, 1, 1)
    rows, acts, involvements = [], [], []
    for position in range(1, number + 1):
        title = " ".join(chance.sample(WORDS, 5)).capitalize()
        narrative = " ".join(chance.choices(WORDS, k=80)) + (" unicornio" if position % 997 == 0 else "")
        day = begin + timedelta(days=chance.randrange(7900))
        words = " ".join(dict.fromkeys(folded_words(f"{title} {narrative}")))
        rows.append(
            {
                "id": position,
                "reference": random_reference("I", "PE"),
                "team_id": world.south.id,
                "case_id": case.id,
                "state": chance.choice(STATES),
                "title_es": title,
                "narrative": narrative,
                "main_type": chance.choice(TYPES),
                "country": "PE",
                "place_id": chance.choice(places),
                "happened_from": day,
                "happened_to": day,
                "happened_precision": "DAY",
                "created_by_id": world.caseworker.id,
                "updated_by_id": world.caseworker.id,
                "search_full": words,
                "search_reduced": "",
                "version": 1,
            }
        )
        acts.append({"incident_id": position, "group_label": "Comuneros", "affected_least": chance.randrange(1, 40)})
        involvements.append({"incident_id": position, "perpetrator_type": "PNP"})
    seen: set[str] = set()
    for row in rows:
        while row["reference"] in seen:
            row["reference"] = random_reference("I", "PE")
        seen.add(row["reference"])
    for table, content in ((Incident, rows), (Act, acts), (Involvement, involvements)):
        for start in range(0, number, 1000):
            db.session.execute(insert(table), content[start : start + 1000])
    if db.engine.dialect.name == "postgresql":  # the numbers were given by hand: the next one follows them
        db.session.execute(text("SELECT setval(pg_get_serial_sequence('incident', 'id'), :last)"), {"last": number})
        db.session.execute(text("ANALYZE"))
    db.session.commit()
    refresh_statistics()


def timed(work, rounds: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, after one round to warm up."""
    work()
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), sorted(times)[int(len(times) * 0.95) - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        settings = Settings(instance=Path(directory), database_url=None, testing=True)
        if os.environ.get("DATABASE_URL"):
            settings = Settings.from_environment({**os.environ, "AMPARO_INSTANCE": directory})
        app = create_app(settings)
        with app.app_context():
            upgrade()
            load_packs_of_rooms()
            factories.a_world()
            db.session.commit()
            world = factories.the_world()
            user_id = world.caseworker.id
            token = begin_sign_in(world.caseworker)
            db.session.commit()
            fill(options.incidents, world)
            reference = db.session.execute(
                select(Incident.reference).where(Incident.id == 5).execution_options(amparo_access="benchmark")
            ).scalar_one()
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"], session["was"] = token, True, user_id
        browser = factories.Browser(client)

        def page(address):
            def work():
                answer = client.get(address)
                assert answer.status_code == 200, (address, answer.status_code)

            return work

        def create():
            answer = browser.post("/incidents/new", {"title_es": "Un incidente nuevo", "save": "draft"})
            assert answer.status_code in (302, 303), answer.text[:2000]

        def bare_csv():
            with app.app_context(), db.engine.connect() as connection:
                writer = csv.writer(io.StringIO())
                columns = [column for column in Incident.__table__.c if not column.name.startswith("search")]
                for row in connection.execute(
                    select(*columns).execution_options(amparo_access="benchmark", yield_per=1000)
                ):
                    writer.writerow(row)

        def export():
            answer = browser.post("/incidents/export", {}, form_at="/incidents/")
            assert answer.status_code == 200
            assert answer.data.count(b"\n") >= options.incidents

        print(f"{options.incidents} incidents, {db_name(app)}, {options.rounds} rounds; median / 95th percentile in ms")
        for name, work, rounds in (
            ("list, first page", page("/incidents/"), options.rounds),
            ("list, last page", page(f"/incidents/?page={options.incidents // 50}"), options.rounds),
            ("search, common word", page("/incidents/?q=protesta"), options.rounds),
            ("search, rare word", page("/incidents/?q=unicornio"), options.rounds),
            ("open an incident", page(f"/incidents/{reference}"), options.rounds),
            ("open the form", page("/incidents/new"), options.rounds),
            ("create (form and post)", create, options.rounds),
            ("my work", page("/work/"), options.rounds),
        ):
            median, late = timed(work, rounds)
            print(f"  {name:<26}{median:8.1f}{late:8.1f}")
        whole, _late = timed(export, 3)
        bare, _late = timed(bare_csv, 3)
        print(f"  CSV of all {whole:.0f} ms; a bare SELECT with csv.writer {bare:.0f} ms; ratio {whole / bare:.1f}")


def db_name(app) -> str:
    with app.app_context():
        return "PostgreSQL" if db.engine.dialect.name == "postgresql" else "SQLCipher"


if __name__ == "__main__":
    main()
