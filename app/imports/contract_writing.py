"""Rows become contracts and addenda, with their companies, projects, pay and source."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.accounts.models import Team, User
from app.cases.models import Case
from app.contracts import operations
from app.contracts.models import Contract
from app.db import db
from app.evidence.operations import record_source
from app.imports.contract_plan import Found, Looking
from app.imports.matching import Match
from app.imports.models import ImportBatch
from app.imports.planning import Plan
from app.imports.provenance import Ledger
from app.imports.reading import Row
from app.organisations.models import Organisation, Project
from app.organisations.near import core
from app.organisations.operations import record_organisation, record_project
from app.places.models import Place

AS_THEY_ARE = (
    "title", "number", "modality", "effect", "country", "police_unit", "police_unit_text", "signed", "starts", "ends",
    "officers_least", "officers_most", "counts", "count_basis", "total_amount", "total_currency", "total_basis",
    "total_qualifier", "scope", "obtained", "notes",
)  # fmt: skip
IN_WORDS = {
    "company_text": "company",
    "officers_text": "officers",
    "total_text": "total",
    "pay_text": "pay",
}
"""Column of a contract ← field whose cell it keeps as the source had it."""


class ContractWriter:
    """Looks everything up again inside the transaction that writes: what was recorded meanwhile is found."""

    def __init__(self, user: User, team_id: int, plan: Plan, case: Case | None, batch: ImportBatch) -> None:
        self.user, self.team_id, self.source = user, team_id, plan.source
        self.ledger = Ledger(batch)
        db.session.execute(select(Team.id).where(Team.id == team_id).with_for_update())
        self.cells = {
            bringer.field.name: bringer.indexes[0] for bringer in plan.columns.bringers if len(bringer.indexes) == 1
        }
        self.looking = Looking(user, team_id, plan.source, plan.decisions, doubts=False)
        self.looking.know(plan.known)
        self._written: dict[str, Contract] = {}
        self._made: dict[Any, Any] = {}

    def write(self, rows: list[Row]) -> int:
        for row in rows:
            self._write(self.looking.take(row))
        db.session.flush()
        return len(rows)

    def _write(self, found: Found) -> None:
        self.ledger.turn_to(found.row)
        row, facts = found.row, found.row.facts
        given = {name: facts[name] for name in AS_THEY_ARE if facts.get(name) is not None}
        given |= {column: self._cell(row, name) for column, name in IN_WORDS.items()}
        contract = operations.record_contract(
            self.user,
            self.team_id,
            given
            | {
                "company": self._record(found.company, Organisation, facts),
                "projects": [self._record(match, Project, facts) for match in found.projects],
                "places": self._places(facts["places"]),
                "parent": found.parent or (self._written[found.parent_row.external_id] if found.parent_row else None),
                "institution_pay_text": facts.get("institution_pay"),
                "status": facts.get("status") or "REPORTED",
                "may_be_published": bool(facts.get("may_be_published")),
            },
            external=(self.source, row.external_id),
            batch=self.ledger.batch,
        )
        self.ledger.made(contract)
        for pay in facts["pay"]:
            operations.add_pay(self.user, contract, pay)
        self._cite(contract, facts)
        self._written[row.external_id] = contract

    def _cell(self, row: Row, name: str) -> str | None:
        index = self.cells.get(name)
        return row.cells[index].strip()[:1000] or None if index is not None else None

    def _record(self, match: Match, model: Any, facts: dict[str, Any]) -> Any:
        if match.record is not None:
            return match.record
        key = (model, core(match.asked))
        if key not in self._made:
            shared: dict[str, Any] = {"name": match.asked, "aliases": [], "source": facts.get("source_url")}
            self._made[key] = (
                record_organisation(
                    self.user, self.team_id, shared | {"kind": "COMPANY", "country": facts.get("country")}
                )
                if model is Organisation
                else record_project(self.user, self.team_id, shared | {"companies": [], "places": []})
            )
            self.ledger.made(self._made[key])
        return self._made[key]

    def _places(self, places: dict[int, str]) -> list[Place]:
        return list(db.session.scalars(select(Place).where(Place.id.in_(places)))) if places else []

    def _cite(self, contract: Contract, facts: dict[str, Any]) -> None:
        citation, url = facts.get("source_citation"), facts.get("source_url")
        if not (citation or url):
            return
        told = {"citation": citation or url, "url": url, "kind": facts.get("source_kind")}
        source = record_source(self.user, self.team_id, told, is_public=url is not None, country=contract.country)
        if source in db.session.new:
            self.ledger.made(source)
        operations.add_source(self.user, contract, source)
