"""What command and pages share: into which team and case, and what may stand in the way of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.access import find_visible, may, reads_in_full, visible
from app.accounts.models import Team, User
from app.cases.models import Case
from app.db import db, fold
from app.imports.field_exports import is_field_export, map_of_export, taken_apart
from app.imports.field_media import MediaProblem, tell_of_media
from app.imports.layout import Sheet, lay_out
from app.imports.map_patterns import fitted
from app.imports.maps import MapProblem, SheetMap
from app.imports.planning import NOTHING_SAID, Decisions, MatchProblem, Plan, plan_import
from app.imports.words import map_words
from app.sheet_problems import sheet_words
from app.sheets import SheetProblem, read_grid

PERMISSION = "records.import"
ABOUT_THE_FILE = frozenset({"unknown_columns", "two_columns", "nothing"})
"""What is mended in the file as well as in a map: said at the file, for most have no map."""


class TargetProblem(Exception):
    """A team or case that the user cannot import into; the message is a sentence for people."""


class FileProblem(Exception):
    """A file or map that cannot be read; the message says where and what to do."""

    def __init__(
        self,
        sentence: str,
        *,
        is_too_large: bool = False,
        is_about_map: bool = False,
        is_about_media: bool = False,
        to_be_chosen: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.is_too_large = is_too_large
        self.is_about_map = is_about_map
        self.is_about_media = is_about_media
        self.to_be_chosen = to_be_chosen
        """Whether it is mended by saying what the columns bring."""


@dataclass(frozen=True)
class Target:
    """Where imported records go."""

    team_id: int
    case: Case | None = None


def teams_of(user: User) -> list[Team]:
    """The teams into which the user may import, by name."""
    allowed = [team_id for team_id in user.roles if may(user, PERMISSION, team_id)]
    return list(db.session.scalars(select(Team).where(Team.id.in_(allowed)).order_by(Team.name)))


def cases_of(user: User) -> Select[Any]:
    """The cases that imported incidents may belong to."""
    teams = [team_id for team_id in user.roles if may(user, PERMISSION, team_id)]
    return visible(Case, user).where(Case.full_to(user), Case.team_id.in_(teams)).order_by(Case.id.desc())


def find_target(user: User, team_id: int | None, case_reference: str | None) -> Target:
    """Raises TargetProblem. A case of another team is answered like one that does not exist."""
    case = _case(user, case_reference.strip().upper()) if case_reference and case_reference.strip() else None
    if case is not None and team_id is not None and case.team_id != team_id:
        raise TargetProblem(_("The case belongs to another team than the one named."))
    if case is not None:
        return Target(case.team_id, case)
    teams = [team.id for team in teams_of(user)]
    if team_id is None and len(teams) == 1:
        return Target(teams[0])
    if team_id is None:
        raise TargetProblem(_("Say into which team: you may import into several."))
    if team_id not in teams:
        raise TargetProblem(_("There is no such team, or you may not import into it."))
    return Target(team_id)


def _case(user: User, reference: str) -> Case:
    case = find_visible(Case, user, reference, withdrawn=False)
    if case is None or not reads_in_full(user, case) or not may(user, PERMISSION, case.team_id):
        raise TargetProblem(_("There is no such case, or you may not import into it."))
    return case


def team_named(user: User, name: str) -> int:
    """Raises TargetProblem."""
    for team in teams_of(user):
        if fold(team.name) == fold(name):
            return team.id
    raise TargetProblem(_("There is no such team, or you may not import into it."))


def planned(
    user: User,
    team_id: int,
    filename: str,
    content: bytes,
    sheet_map: SheetMap,
    decisions: Decisions = NOTHING_SAID,
    media: bytes | None = None,
) -> Plan:
    """Read a file and say what would become of each row. Raises FileProblem; writes nothing.

    *media*: the ZIP of attachments beside the export of a form.
    """
    sheet = table_of(filename, content, sheet_map)
    if is_field_export(sheet.header, sheet_map):
        sheet_map = map_of_export(sheet_map)
    try:
        sheet_map = fitted(sheet_map, sheet.header)
        plan = plan_import(user, team_id, sheet, sheet_map, decisions)
        tell_of_media(plan, media)
        return plan
    except MediaProblem as problem:
        raise FileProblem(str(problem), is_about_media=True) from problem
    except MatchProblem as problem:
        raise FileProblem(str(problem)) from problem
    except MapProblem as problem:
        about_map = problem.reason not in ABOUT_THE_FILE
        raise FileProblem(map_words(problem), is_about_map=about_map, to_be_chosen=not about_map) from problem


def table_of(filename: str, content: bytes, sheet_map: SheetMap) -> Sheet:
    """The table of a file, as the map says where it stands. Raises FileProblem."""
    settings = current_app.config["SETTINGS"]
    try:
        grid = read_grid(filename, content, settings, sheet_map.sheet)
        if grid.lines and is_field_export(grid.lines[0][1], sheet_map):
            sheet = taken_apart(grid, lambda name: read_grid(filename, content, settings, name))
        else:
            sheet = lay_out(grid, sheet_map.header)
        if len(sheet.rows) > settings.import_max_rows:
            raise SheetProblem("too_many_rows", limit=settings.import_max_rows)
    except SheetProblem as problem:
        too_large = problem.reason in ("too_large", "unpacks_too_large")
        raise FileProblem(sheet_words(problem), is_too_large=too_large) from problem
    return sheet
