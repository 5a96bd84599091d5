"""The lists of organisations and projects as files: the same filters give the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from app import access
from app.accounts.models import User
from app.dates import today
from app.downloads import Table, name_kind
from app.organisations.models import Organisation, Project
from app.organisations.parents import home_countries
from app.organisations.queries import home_countries_known, organisations_found, projects_found, team_names
from app.vocabulary.queries import entries, label

ORGANISATIONS, PROJECTS = "organisations", "projects"
PAGES = {ORGANISATIONS: "organisations.index", PROJECTS: "organisations.projects"}
AT_ONCE = 500

HEADERS: dict[str, tuple[str, ...]] = {
    ORGANISATIONS: (
        "reference", "name", "other_names", "kind", "kind_label", "country", "parent_name", "parent",
        "parent_reference", "home_country", "source", "whose",
    ),
    PROJECTS: (
        "reference", "name", "other_names", "sector", "sector_label", "companies", "company_references", "districts",
        "district_codes", "source", "whose",
    ),
}  # fmt: skip

Wish = Mapping[str, str]


def table_of(user: User, what: str, wish: Wish) -> Table:
    return Table(
        kind=what,
        name=f"amparo-{what}-{today().isoformat()}",
        page=PAGES[what],
        header=HEADERS[what],
        lines=lambda: _lines(user, what, wish),
        filters=_described(user, wish),
    )


def _found(what: str, user: User, wish: Wish) -> Any:
    return (organisations_found if what == ORGANISATIONS else projects_found)(user, **wish)


def _described(user: User, wish: Wish) -> dict[str, str]:
    """The filters as the audit trail keeps them. What was typed may be a name: only that it was typed stays."""
    known = {
        "kind": entries("organisation_types"),
        "sector": entries("sectors"),
        "home": home_countries_known(user),
    }
    return {name: value if value in known.get(name, ()) else "(text)" for name, value in wish.items() if value}


def _lines(user: User, what: str, wish: Wish) -> Iterator[Sequence[Any]]:
    statement = _found(what, user, wish)
    load = _load_organisations if what == ORGANISATIONS else _load_projects
    first = 0
    while rows := access.rows_of(statement, first, AT_ONCE, load):
        names = team_names(user, rows)
        homes = home_countries(user, rows) if what == ORGANISATIONS else {}
        for row in rows:
            known = [*sorted(alias.name for alias in row.aliases), *names.get(row.id, [])]
            yield _of_organisation(row, known, homes.get(row.id)) if what == ORGANISATIONS else _of_project(row, known)
        first += AT_ONCE


def _load_organisations(statement: Select[Any]) -> Select[Any]:
    return statement.options(joinedload(Organisation.team), joinedload(Organisation.parent))


def _load_projects(statement: Select[Any]) -> Select[Any]:
    return statement.options(joinedload(Project.team), selectinload(Project.places))


def _of_organisation(row: Organisation, names: list[str], home: str | None) -> Sequence[Any]:
    return (
        row.reference,
        row.name,
        names,
        row.kind,
        label("organisation_types", row.kind),
        row.country,
        row.parent_name,
        row.parent.name if row.parent else None,
        row.parent.reference if row.parent else None,
        home,
        row.source,
        row.team.name if row.team else "pack",
    )


def _of_project(row: Project, names: list[str]) -> Sequence[Any]:
    return (
        row.reference,
        row.name,
        names,
        row.sector,
        label("sectors", row.sector),
        [company.name for company in row.companies],
        [company.reference for company in row.companies],
        [place.full_name for place in row.places],
        [place.code_inei or "" for place in row.places],
        row.source,
        row.team.name if row.team else "pack",
    )


name_kind(
    ORGANISATIONS,
    _l("List of organisations"),
    text=(_l("Name"), None),
    kind=(_l("Kind"), "organisation_types"),
    home=(_l("Home country"), None),
)
name_kind(PROJECTS, _l("List of projects"), text=(_l("Name"), None), sector=(_l("Sector"), "sectors"))
