"""Record organisations and projects; bring those of a pack into step with its files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.access import unguarded
from app.accounts.models import User
from app.db import db, fold
from app.organisations.models import Organisation, Project
from app.organisations.parents import check_parent
from app.places.models import DISTRICT, Place
from config import PACKS

PACK = "pack"


def record_organisation(user: User, team_id: int, facts: dict[str, Any]) -> Organisation:
    """A new organisation of the user's team. *facts* are columns by their name, and `aliases`."""
    organisation = Organisation(team_id=team_id, created_by_id=user.id)
    db.session.add(organisation)
    edit_organisation(user, organisation, facts)
    return organisation


def edit_organisation(user: User, organisation: Organisation, facts: dict[str, Any]) -> None:
    """Raises ParentRefused where the parent would belong to the company itself, or to another team."""
    facts = dict(facts)
    check_parent(organisation, organisation.team_id, facts.get("parent"))
    organisation.rename(facts.pop("name"))
    organisation.set_aliases(_each_once(facts.pop("aliases"), but=organisation.name))
    _set(organisation, user, facts)


def record_project(user: User, team_id: int, facts: dict[str, Any]) -> Project:
    """A new project of the user's team. *facts* are columns by their name, `aliases`, `companies` and `places`."""
    project = Project(team_id=team_id, created_by_id=user.id)
    db.session.add(project)
    edit_project(user, project, facts)
    return project


def edit_project(user: User, project: Project, facts: dict[str, Any]) -> None:
    facts = dict(facts)
    project.rename(facts.pop("name"))
    project.set_aliases(_each_once(facts.pop("aliases"), but=project.name))
    _set(project, user, facts)


def call_by(row: Organisation | Project, team_id: int, stood: list[str], names: list[str]) -> None:
    """The names by which a team calls a record of the pack. *stood*: those that were there when somebody began.

    What somebody else added meanwhile stays.
    """
    if row.team_id is not None:
        raise ValueError("a team's own record has its names itself")
    known = {fold(name) for name in (row.name, *(alias.name for alias in row.aliases))}
    now = [alias.name for alias in row.team_aliases if alias.team_id == team_id]
    taken_out = {fold(name) for name in stood} - {fold(name) for name in names}
    wanted = [name for name in _each_once([*now, *names], but=row.name) if fold(name) not in taken_out | known]
    for alias in row.set_team_aliases(team_id, wanted):
        row.team_aliases.remove(alias)
        db.session.delete(alias)


def _set(row: Organisation | Project, user: User, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.touch(user.id)


def _each_once(names: list[str], *, but: str) -> list[str]:
    seen = {fold(but): ""}
    for name in names:
        if fold(name):
            seen.setdefault(fold(name), name.strip())
    return [name for name in seen.values() if name]


# --- what comes with a pack ----------------------------------------------------------------------


def load_organisations(country: str) -> int:
    """Bring companies, projects and their districts into step with the pack; gives how many were added."""
    directory = PACKS / country.lower()
    companies = _pack_rows(directory / "organisations.csv")
    projects = _pack_rows(directory / "projects.csv")
    if not (companies or projects):
        return 0
    districts = {row["code"]: _parts(row["districts"]) for row in _pack_rows(directory / "sites.csv")}
    known = _known_from_pack(Organisation)
    known_projects = _known_from_pack(Project)
    before = len(known) + len(known_projects)
    for row in companies:
        known[row["key"]] = _load_organisation(known.get(row["key"]), row, country)
    db.session.flush()
    places = _places(country, {code for codes in districts.values() for code in codes})
    for row in projects:
        project = _load_project(known_projects.get(row["key"]), row)
        _step(project, "companies", [known[key] for key in _parts(row["companies"])])
        _step(project, "places", [places[code] for code in districts.get(row["site"], []) if code in places])
        known_projects[row["key"]] = project
    db.session.flush()
    return len(known) + len(known_projects) - before


def _pack_rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _parts(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split("|") if part.strip()]


def _known_from_pack(model: type[Organisation] | type[Project]) -> dict[str, Any]:
    rows = db.session.scalars(
        unguarded(select(model).where(model.external_source == PACK, model.team_id.is_(None)), "loading the pack")
    )
    return {row.external_id: row for row in rows}


def _places(country: str, codes: set[str]) -> dict[str, Place]:
    """Districts by their INEI code; of two rows with one code, the one that can be chosen."""
    found = db.session.scalars(
        select(Place)
        .where(Place.country == country, Place.level == DISTRICT, Place.code_inei.in_(codes))
        .order_by(Place.selectable)
    )
    return {place.code_inei or "": place for place in found}


def _load_organisation(organisation: Organisation | None, row: dict[str, str], country: str) -> Organisation:
    if organisation is None:
        organisation = Organisation(external_source=PACK, external_id=row["key"], country=country, team_id=None)
        db.session.add(organisation)
    organisation.rename(row["name"])
    aliases = _each_once(_parts(row["aliases"]), but=row["name"])
    if {alias.name for alias in organisation.aliases} != set(aliases):
        organisation.set_aliases(aliases)
    for name in ("kind", "parent_name", "home_country", "source", "note"):
        setattr(organisation, name, row.get(name) or None)
    return organisation


def _load_project(project: Project | None, row: dict[str, str]) -> Project:
    if project is None:
        project = Project(external_source=PACK, external_id=row["key"], key=row["key"], team_id=None, name=row["name"])
        db.session.add(project)
    project.rename(row["name"])
    aliases = _each_once(_parts(row["aliases"]), but=row["name"])
    if {alias.name for alias in project.aliases} != set(aliases):
        project.set_aliases(aliases)
    for name in ("site", "sector", "source", "note"):
        setattr(project, name, row.get(name) or None)
    return project


def _step(row: Any, name: str, value: list[Any]) -> None:
    """Set the related rows where they differ, so that a second load changes nothing."""
    if set(getattr(row, name)) != set(value):
        setattr(row, name, value)
