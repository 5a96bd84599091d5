"""Rows become projects with their companies and districts, or add to those of the team."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.accounts.models import Team, User
from app.cases.models import Case
from app.db import db
from app.imports.models import ImportBatch
from app.imports.planning import Plan
from app.imports.project_weighing import Company, Weighed, Weighing
from app.imports.provenance import Ledger
from app.imports.reading import Row
from app.organisations.models import Organisation, Project
from app.organisations.operations import edit_project, record_organisation, record_project
from app.places.models import Place


class ProjectWriter:
    """Weighs each row again inside the transaction that writes: what was recorded meanwhile is found, not doubled."""

    def __init__(self, user: User, team_id: int, plan: Plan, case: Case | None, batch: ImportBatch) -> None:
        self.user, self.team_id, self.source = user, team_id, plan.source
        self.ledger = Ledger(batch)
        # Numbers of projects are unique in a team by nothing but this: two imports of one team wait for each other.
        db.session.execute(select(Team.id).where(Team.id == team_id).with_for_update())
        self.weighing = Weighing(user, team_id, plan.source, plan.decisions, doubts=False)
        self.weighing.know([*plan.known, *plan.new, *plan.adding])
        self._places: dict[int, Place] = {}

    def write(self, rows: list[Row]) -> int:
        written = [self._write(self.weighing.take(row)) for row in rows]
        db.session.flush()
        return sum(written)

    def _write(self, weighed: Weighed) -> bool:
        self.ledger.turn_to(weighed.row)
        if weighed.makes_it:
            weighed.draft.record = self._new_project(weighed)
        elif weighed.may_change and weighed.gain:
            self._add(weighed)
        else:
            return False
        return True

    def _new_project(self, weighed: Weighed) -> Project:
        facts, gain = weighed.row.facts, weighed.gain
        project = record_project(
            self.user,
            self.team_id,
            {
                "name": weighed.draft.name,
                "aliases": gain.aliases,
                "companies": self._records(gain.companies, facts),
                "places": self._found(gain.places),
                "sector": facts.get("sector"),
                "note": gain.note or None,
                "source": facts.get("source"),
            },
        )
        project.external_source, project.external_id = self.source, weighed.row.external_id
        self.ledger.made(project)
        return project

    def _add(self, weighed: Weighed) -> None:
        project, gain, facts = weighed.draft.record, weighed.gain, weighed.row.facts
        assert project is not None
        edit_project(
            self.user,
            project,
            {
                "name": project.name,
                "aliases": [*(alias.name for alias in project.aliases), *gain.aliases],
                "companies": [*project.companies, *self._records(gain.companies, facts)],
                "places": [*project.places, *self._found(gain.places)],
                "note": weighed.draft.note or None,
            },
        )
        self.ledger.changed(project)

    def _records(self, companies: list[Company], facts: dict[str, Any]) -> list[Organisation]:
        return list(dict.fromkeys(self._recorded(company, facts) for company in companies))

    def _recorded(self, company: Company, facts: dict[str, Any]) -> Organisation:
        if company.record is None:
            company.record = record_organisation(
                self.user,
                self.team_id,
                {
                    "name": company.match.asked,
                    "aliases": list(company.called.aliases),
                    "kind": "COMPANY",
                    "country": facts.get("country"),
                    "source": facts.get("source"),
                },
            )
            self.ledger.made(company.record)
        return company.record

    def _found(self, places: dict[int, str]) -> list[Place]:
        missing = set(places) - set(self._places)
        if missing:
            self._places.update({place.id: place for place in db.session.scalars(
                select(Place).where(Place.id.in_(missing)))})  # fmt: skip
        return [self._places[id_] for id_ in places]
