"""Mappings under a name: whose they are, who may change them, and how a sheet or a command finds them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import Select, false, or_, select

from app.access import COORDINATOR, may, teams_where
from app.accounts.models import User
from app.db import db, fold, folded_words, now
from app.imports.columns import ADDED
from app.imports.intake import PERMISSION
from app.imports.map_writing import toml_of
from app.imports.mapping_models import SavedMap
from app.imports.maps import SheetMap, read_map, shipped_maps

LONGEST_NAME = 80


class NameProblem(Exception):
    """A name under which a mapping cannot be kept; the message is a sentence for people."""


def saved_maps_of(user: User) -> Select[SavedMap]:
    """One's own, and those that were shared with a team into which one imports."""
    teams = [team_id for team_id in user.roles if may(user, PERMISSION, team_id)]
    seen = or_(SavedMap.is_shared, SavedMap.made_by_id == user.id)
    mine = SavedMap.team_id.in_(teams) if teams else false()
    return select(SavedMap).where(mine, seen).order_by(SavedMap.name, SavedMap.id)


def saved_map(user: User, uid: uuid.UUID) -> SavedMap | None:
    return db.session.scalar(saved_maps_of(user).where(SavedMap.uid == uid))


def may_change(user: User, saved: SavedMap) -> bool:
    """Whoever made it, and the coordination of the team."""
    return saved.made_by_id == user.id or (saved.is_shared and saved.team_id in teams_where(user, COORDINATOR))


def for_headings(user: User, team_id: int, header: Sequence[str], kind: str) -> list[SavedMap]:
    """Those that were made for a sheet with the same headings."""
    statement = saved_maps_of(user).where(SavedMap.team_id == team_id, SavedMap.kind == kind)
    return list(db.session.scalars(statement.where(SavedMap.headings == digest_of(header))))


def map_saved_as(user: User, team_id: int, name: str | None, kind: str) -> SheetMap | None:
    """For the command: a saved map of the team by its name; the names of those that come with Amparo are theirs.

    Raises MapProblem where it is for records of another kind.
    """
    if not name or name in shipped_maps():
        return None
    found = _named(user, team_id, name)
    return read_map(file_name(found), found.toml.encode(), kind) if found else None


def file_name(saved: SavedMap) -> str:
    return f"{saved.name}.toml"


def digest_of(header: Sequence[str]) -> str:
    headings = sorted(" ".join(folded_words(heading)) for heading in header if heading not in ADDED)
    return hashlib.sha256("|".join(headings).encode()).hexdigest()[:16]


def save_map(
    user: User, team_id: int, name: str, sheet_map: SheetMap, header: Sequence[str], *, is_shared: bool
) -> SavedMap:
    """Keep a mapping; one of the same name takes on what is said now. Raises NameProblem. Does not commit."""
    name = checked_name(name)
    found = _named(user, team_id, name)
    if found is not None and not may_change(user, found):
        raise NameProblem(_("Somebody else keeps a mapping of this name. Choose another one."))
    if found is None:
        found = SavedMap(team_id=team_id, made_by_id=user.id)
        db.session.add(found)
    else:
        found.changed_by_id, found.changed_at = user.id, now()
    found.name, found.kind, found.is_shared = name, sheet_map.kind, is_shared
    found.toml = toml_of(replace(sheet_map, title=name))
    found.headings = digest_of(header)
    return found


def rename_map(user: User, saved: SavedMap, name: str, *, is_shared: bool) -> None:
    """Raises NameProblem. Does not commit."""
    name = checked_name(name)
    other = _named(user, saved.team_id, name)
    if other is not None and other.id != saved.id:
        raise NameProblem(_("There is a mapping of this name already. Choose another one."))
    saved.name, saved.is_shared = name, is_shared
    saved.toml = toml_of(replace(read_map(file_name(saved), saved.toml.encode()), title=name))
    saved.changed_by_id, saved.changed_at = user.id, now()


def checked_name(name: str) -> str:
    """Raises NameProblem. The name is that of a file too, when it is fetched."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or any(sign in '/\\:"<>|?*' or not sign.isprintable() for sign in name):
        raise NameProblem(
            _('Write a name of at most %(limit)s characters, without / \\ : " < > | ? *.', limit=LONGEST_NAME)
        )
    if name.startswith("."):
        raise NameProblem(_("A name does not begin with a dot."))
    if fold(name) in {fold(one) for one in shipped_maps()}:
        raise NameProblem(_("A map that comes with Amparo has this name. Choose another one."))
    return name


def _named(user: User, team_id: int, name: str) -> SavedMap | None:
    """One's own before one of the team."""
    found = [one for one in db.session.scalars(saved_maps_of(user)) if one.team_id == team_id]
    alike = [one for one in found if fold(one.name) == fold(name)]
    return next((one for one in alike if one.made_by_id == user.id), alike[0] if alike else None)
