"""How long a UPR pack takes beside a bare SELECT written by the csv module, and how much memory, in one run.

    .venv/bin/python bench/upr.py [--incidents 10000]

Uses DATABASE_URL where it is set (an empty database!), else an encrypted file in a temporary directory. Each incident
has a person with a consent, a perpetrator, a source and a place; a third is public already.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from flask import Flask
from sqlalchemy import insert, select

from app import create_app
from app.accounts.cli import load_packs_of_rooms
from app.commands import upgrade
from app.db import db, now, refresh_statistics
from app.evidence.models import Source
from app.incidents.models import Act, Incident, Involvement, SourceLink
from app.people.models import Consent, Person
from app.places.models import Place
from app.upr.filters import Filters
from app.upr.pack import build, zipped
from config import Settings
from tests import factories

TYPES = ("THR.DEATH", "THR.OTHER", "LIB.ARB_DET", "CRIM.COMPLAINT", "LIFE.KILL_PROTEST", "SURV.PHYS", "PHYS.FORCE")
STATES = ("SUBMITTED", "CORROBORATED", "VERIFIED")
AT_ONCE = 5000
FIRST, LAST = date(2003, 1, 1), date(2024, 12, 31)


def fill(number: int, world: factories.World) -> None:
    chance = random.Random(7)
    case = factories.a_case(world.south, world.caseworker, confidentiality="TEAM", title="Corredor")
    places = list(db.session.scalars(select(Place.id).where(Place.level == "district")))
    by = {"created_by_id": world.caseworker.id, "updated_by_id": world.caseworker.id, "version": 1}
    found = {"search_full": "", "search_reduced": ""}
    rows: dict[type, list[dict[str, object]]] = {
        model: [] for model in (Incident, Person, Source, Consent, Act, Involvement, SourceLink)
    }
    for position in range(1, number + 1):
        day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
        public = {"public_approved_at": now(), "public_set_at": now()} if chance.random() < 1 / 3 else {
            "public_approved_at": None, "public_set_at": None,
        }  # fmt: skip
        rows[Incident].append({
            "id": position, "reference": _reference("I", position), "team_id": world.south.id, "case_id": case.id,
            "state": chance.choice(STATES), "title_es": f"Incidente {position}", "summary_es": "Recibió amenazas. " * 6,
            "main_type": chance.choice(TYPES), "country": "PE", "place_id": chance.choice(places),
            "happened_from": day, "happened_to": day, "happened_precision": "DAY", **public, **by, **found,
        })  # fmt: skip
        rows[Person].append({
            "id": position, "reference": _reference("D", position), "team_id": world.south.id,
            "pseudonym": f"Persona {position}", "pseudonym_folded": f"persona {position}", "kind": "INDIVIDUAL",
            "gender": chance.choice(("W", "M")), "defender_groups": [chance.choice(("LAND", "JOURNALIST"))],
            "country": "PE", **by, **found,
        })  # fmt: skip
        rows[Source].append({
            "id": position, "reference": _reference("S", position), "team_id": world.south.id, "citation": "Informe",
            "kind": "PRESS", "is_public": True, "country": "PE", **by,
        })  # fmt: skip
        rows[Consent].append({
            "person_id": position, "purpose": "UPR", "level": chance.choice(("C2", "C3", "C3")), "given_on": day,
        })  # fmt: skip
        rows[Act].append({"incident_id": position, "person_id": position, "affected_least": 1})
        rows[Involvement].append({"incident_id": position, "perpetrator_type": "PNP"})
        rows[SourceLink].append({"incident_id": position, "source_id": position})
    for model, lines in rows.items():
        table = model.__table__  # type: ignore[attr-defined]
        known = [{name: value for name, value in line.items() if name in table.c} for line in lines]
        for start in range(0, len(known), AT_ONCE):
            db.session.execute(insert(model), known[start : start + AT_ONCE])
    db.session.commit()


def _reference(letter: str, position: int) -> str:
    """Each once, and in no order that tells anything: as the random ones, which can meet among so many."""
    number = position * 7_919_993 % 33_554_393
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return f"PER-{letter}-" + "".join(signs[number >> shift & 31] for shift in (20, 15, 10, 5, 0))


def bare(path: Path) -> float:
    """The incidents as they lie in their table, and nothing else."""
    started = time.perf_counter()
    columns = list(Incident.__table__.columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in columns])
        with db.engine.connect() as connection:
            for row in connection.execute(
                select(*columns).execution_options(amparo_access="benchmark", yield_per=1000)
            ):
                writer.writerow(row)
    return time.perf_counter() - started


def opened(directory: str) -> Flask:
    settings = Settings(instance=Path(directory), database_url=None, testing=True)
    if os.environ.get("DATABASE_URL"):
        settings = Settings.from_environment({**os.environ, "AMPARO_INSTANCE": directory})
    return create_app(settings)


def peopled(directory: str, number: int) -> None:
    """In a process of its own: what filling takes is not what a pack takes."""
    with opened(directory).app_context():
        upgrade()
        load_packs_of_rooms()
        factories.a_world()
        db.session.commit()
        fill(number, factories.the_world())
        refresh_statistics()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        filling = multiprocessing.get_context("spawn").Process(target=peopled, args=(directory, given.incidents))
        filling.start()
        filling.join()
        with opened(directory).app_context():
            coordinator = factories.the_world().coordinator
            alone = bare(Path(directory) / "bare.csv")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            started = time.perf_counter()
            with build(coordinator, Filters("PE", FIRST, LAST, "es")) as built:
                made = time.perf_counter() - started
                with zipped(built) as archive:
                    size = archive.seek(0, 2)
                whole = time.perf_counter() - started
                rows = len(built.survey.rows)
                counted = built.survey.sums.incidents
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(f"{given.incidents} incidents: {rows} rows leave, {counted} are counted; {size / 1e6:.1f} MB zipped")
            print(f"bare SELECT with csv.writer  {alone:8.2f} s")
            print(f"pack made                    {made:8.2f} s  {made / alone:6.1f} times")
            print(f"pack made and zipped         {whole:8.2f} s  {whole / alone:6.1f} times")
            print(f"memory of the process: {before / 1024:.0f} MB before, {after / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
