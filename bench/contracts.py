"""How long the links between contracts and incidents take at 100,000 incidents and 1,000 contracts.

    .venv/bin/python bench/contracts.py [--incidents 100000] [--contracts 1000] [--plans]

Uses DATABASE_URL where it is set (an empty database!), else an encrypted file in a temporary directory.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import insert, select, text

from app import create_app
from app.access import unguarded, visible
from app.accounts.cli import load_packs_of_rooms
from app.accounts.models import User
from app.commands import upgrade
from app.contracts import terms
from app.contracts.matches import matches
from app.contracts.models import Contract, ContractPlace, ContractProject, ContractSpan
from app.contracts.standing import UNDECIDED, StandingWish, counted, of_status, standing_found
from app.dates import UncertainDate
from app.db import db, random_reference, refresh_statistics
from app.incidents.models import Incident, IncidentProject
from app.organisations.models import ProjectPlace
from app.places.models import Place
from config import Settings
from tests import factories

FIRST, DAYS = date(2004, 1, 1), 7900
PROJECTS, CASES = 120, 400


def fill(incidents: int, contracts: int, world: factories.World) -> None:
    """Incidents in the cases of a team, most at a project and a district; contracts of one to four years at a project.

    One contract in ten has no end on record, one in twenty no beginning, one in ten names a province of its own.
    """
    chance = random.Random(11)
    cases = [
        factories.a_case(world.south, world.caseworker, confidentiality="TEAM", title=f"Case {number}").id
        for number in range(CASES)
    ]
    districts = list(db.session.scalars(select(Place.id).where(Place.level == "district")))
    provinces = list(db.session.scalars(select(Place.id).where(Place.level == "province")))
    company = factories.an_organisation()
    projects = [factories.a_project(f"Project {number}") for number in range(PROJECTS)]
    sites = {project.id: chance.sample(districts, 3) for project in projects}
    _insert(ProjectPlace, [{"project_id": key, "place_id": place} for key, places in sites.items() for place in places])
    drawn = _references("I", incidents)
    rows, of_projects = [], []
    for number in range(1, incidents + 1):
        day = FIRST + timedelta(days=chance.randrange(DAYS))
        project = chance.choice(projects).id
        at_project = chance.random() < 0.6
        rows.append({
            "id": number, "reference": drawn[number - 1], "team_id": world.south.id, "case_id": chance.choice(cases),
            "state": "VERIFIED", "title_es": "Incidente", "main_type": "THR.OTHER", "country": "PE",
            "place_id": chance.choice(sites[project]) if at_project else chance.choice(districts),
            "happened_from": day, "happened_to": day, "happened_precision": "DAY",
            "created_by_id": world.caseworker.id, "updated_by_id": world.caseworker.id, "version": 1,
            "search_full": "incidente", "search_reduced": "",
        })  # fmt: skip
        if at_project:
            of_projects.append({"incident_id": number, "project_id": project})
    papers, spans, guarded, named = [], [], [], []
    for number, reference in enumerate(_references("K", contracts), 1):
        begins = FIRST + timedelta(days=chance.randrange(DAYS))
        ends = begins + timedelta(days=chance.randrange(365, 1460))
        starts = UncertainDate() if chance.random() < 0.05 else UncertainDate.on(begins)
        until = UncertainDate() if chance.random() < 0.1 else UncertainDate.on(ends)
        papers.append({
            "id": number, "reference": reference, "team_id": world.south.id, "title": "Convenio", "base_id": number,
            "modality": "INSTITUTIONAL", "company_id": company.id, "confidentiality": "TEAM", "version": 1,
            "starts_from": starts.earliest, "starts_to": starts.latest, "ends_from": until.earliest,
            "ends_to": until.latest, "created_by_id": world.caseworker.id, "search_full": "", "search_reduced": "",
        })  # fmt: skip
        guarded += [{"contract_id": number, "project_id": one.id} for one in chance.sample(projects, 1)]
        if chance.random() < 0.1:
            named.append({"contract_id": number, "place_id": chance.choice(provinces)})
        spans += [
            {"contract_id": number, "kind": span.kind, "from_day": span.from_day, "to_day": span.to_day}
            for span in terms.spans([terms.Paper(starts=starts, ends=until)])
        ]
    for table, content in (
        (Incident, rows),
        (IncidentProject, of_projects),
        (Contract, papers),
        (ContractProject, guarded),
        (ContractPlace, named),
        (ContractSpan, spans),
    ):
        _insert(table, content)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE"))
    db.session.commit()
    refresh_statistics()


def _insert(table, rows) -> None:
    for start in range(0, len(rows), 1000):
        db.session.execute(insert(table), rows[start : start + 1000])


def _references(letter: str, number: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < number:
        found[random_reference(letter, "PE")] = None
    return list(found)


BARE = """
SELECT count(*) FROM (
  SELECT i.id, k.base_id FROM incident i
    JOIN incident_project ip ON ip.incident_id = i.id
    JOIN contract_project cp ON cp.project_id = ip.project_id
    JOIN contract k ON k.id = cp.contract_id
    JOIN contract_span s ON s.contract_id = k.base_id
   WHERE s.from_day <= i.happened_to AND i.happened_from <= s.to_day
   GROUP BY i.id, k.base_id
) AS pairs
"""
"""The same question by the project alone, with nothing of who may see what, nor of places and uncertain days."""


def timed(work) -> tuple[float, object]:
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def show_plan(name: str, statement) -> None:
    compiled = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    is_sqlite = db.engine.dialect.name == "sqlite"
    prefix = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN (ANALYZE, COSTS OFF) "
    print(f"\n-- {name}")
    for row in db.session.connection().exec_driver_sql(prefix + str(compiled)):
        print("  ", row[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--contracts", type=int, default=1_000)
    parser.add_argument("--plans", action="store_true", help="show how the database answers")
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
            world = factories.the_world()
            fill(options.incidents, options.contracts, world)
            ask(options, world.caseworker)


def ask(options: argparse.Namespace, user: User) -> None:
    name = "PostgreSQL" if db.engine.dialect.name == "postgresql" else "SQLCipher"
    print(f"{options.incidents} incidents, {options.contracts} contracts, {name}")
    everything = matches(user)
    linked = db.session.execute(everything.limit(1)).one()
    of_incident = matches(user, incidents=visible(Incident, user).where(Incident.id == linked.incident_id))
    of_contract = matches(user, contracts=visible(Contract, user).where(Contract.id == linked.contract_id))
    for words, statement in (("everything", everything), ("one incident", of_incident), ("one contract", of_contract)):

        def work(statement=statement):
            return db.session.execute(statement).all()

        first, rows = timed(work)
        again = min(timed(work)[0] for _ in range(3))
        print(f"  matches, {words:<14}{len(rows):8d} rows {first:9.3f} s {again:9.3f} s again, one query")
    found = standing_found(user, StandingWish())
    for words, work in (
        ("the list, its counts", lambda: counted(found)),
        ("the list, one page", lambda: db.session.execute(of_status(found, UNDECIDED).limit(50)).all()),
    ):
        took, _answer = timed(work)
        print(f"  {words:<23}{'':13} {took:9.3f} s")
    took, number = timed(lambda: db.session.execute(unguarded(text(BARE), "benchmark")).scalar_one())
    print(f"  bare count           {number:8d} rows {took:9.3f} s")
    if options.plans:
        show_plan("everything", everything)
        show_plan("one incident", of_incident)
        show_plan("one contract", of_contract)


if __name__ == "__main__":
    main()
