"""Organisations and projects that a sheet names: those on record, else new ones of the team."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.db import fold
from app.imports.provenance import Ledger
from app.imports.reading import Row
from app.organisations.models import Organisation, Project
from app.organisations.operations import record_organisation, record_project
from app.organisations.queries import organisation_named, project_named

if TYPE_CHECKING:
    from app.imports.planning import Plan

LOOKED_UP = 100
"""So many names are looked up for the dry run; a sheet may hold thousands."""


NAMES_SHOWN = 20


def tell_new_names(user: User, team_id: int, plan: Plan) -> None:
    if names := _new_names(user, plan.new):
        shown = ", ".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")
        plan.remarks.append(_("These names are not on record and will be recorded: %(names)s.", names=shown))


def _new_names(user: User, rows: Iterable[Row]) -> list[str]:
    """Names that an import would record, among the first of the rows."""
    organisations = {name for row in rows for column in ORGANISATIONS for name in row.facts.get(column) or () if name}
    projects = {name for row in rows for name in row.facts.get("projects") or ()}
    found = [name for name in sorted(organisations)[:LOOKED_UP] if organisation_named(user, name) is None]
    return found + [name for name in sorted(projects)[:LOOKED_UP] if project_named(user, name) is None]


ORGANISATIONS = ("companies", "perpetrator_organisations")


class Names:
    """Looks each name up once; one that is not on record is recorded, as an import of thousands of rows cannot ask."""

    def __init__(self, user: User, team_id: int, ledger: Ledger) -> None:
        self.user, self.team_id, self.ledger = user, team_id, ledger
        self._organisations: dict[str, Organisation] = {}
        self._projects: dict[str, Project] = {}

    def organisation(self, name: str, kind: str | None, country: str | None) -> Organisation:
        key = fold(name)
        if key not in self._organisations:
            self._organisations[key] = organisation_named(self.user, name) or self._recorded(name, kind, country)
        return self._organisations[key]

    def _recorded(self, name: str, kind: str | None, country: str | None) -> Organisation:
        facts: dict[str, Any] = {"name": name, "aliases": [], "kind": kind, "country": country}
        made = record_organisation(self.user, self.team_id, facts)
        self.ledger.made(made)
        return made

    def project(self, name: str) -> Project:
        key = fold(name)
        if key not in self._projects:
            self._projects[key] = project_named(self.user, name) or self._new_project(name)
        return self._projects[key]

    def _new_project(self, name: str) -> Project:
        facts: dict[str, Any] = {"name": name, "aliases": [], "companies": [], "places": []}
        made = record_project(self.user, self.team_id, facts)
        self.ledger.made(made)
        return made
