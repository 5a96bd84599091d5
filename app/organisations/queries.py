"""What is asked of organisations and projects: lists, suggestions, and the one that a name means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.access import find_visible, visible
from app.accounts.models import User
from app.db import db, fold, folded_words
from app.merging import kept_instead
from app.organisations.models import (
    Organisation,
    OrganisationAlias,
    OrganisationMerge,
    Project,
    ProjectAlias,
    ProjectMerge,
)
from app.search import MOST_WORDS

SUGGESTIONS = 12

MERGES: dict[Any, Any] = {Organisation: OrganisationMerge, Project: ProjectMerge}
"""Where it stands that two records were one."""

Named = TypeVar("Named", Organisation, Project)


def organisations_found(
    user: User, text: str | None = None, kind: str | None = None, home: str | None = None
) -> Select[tuple[Organisation]]:
    """Visible organisations whose name or aliases hold every word; *home*: the country where they are at home."""
    statement = visible(Organisation, user)
    words = folded_words(text)[:MOST_WORDS]
    if (text or "").strip() and not words:
        return statement.where(false())
    for word in words:
        statement = statement.where(
            or_(
                Organisation.name_folded.contains(word, autoescape=True),
                _called(user, Organisation, OrganisationAlias.name_folded.contains(word, autoescape=True)),
                Organisation.reference == (text or "").strip().upper(),
            )
        )
    if kind:
        statement = statement.where(Organisation.kind == kind)
    if home:
        statement = statement.where(Organisation.id.in_(_at_home_in(user, home)))
    return statement.order_by(Organisation.name_folded, Organisation.id)


def companies_at_home_in(user: User, country: str) -> Select[tuple[Organisation]]:
    """Those whose home country that is, by their own record or by that of the parents on record."""
    return organisations_found(user, home=country)


def _at_home_in(user: User, country: str) -> Select[Any]:
    """The numbers: who says so itself, and downwards who says nothing and belongs to one of these."""
    owned = aliased(Organisation)
    first = select(Organisation.id).where(Organisation.home_country == country, Organisation.visible_to(user))
    found = first.cte("at_home", recursive=True)
    # `union` forgets what it has seen already, so that even a ring comes to an end.
    below = (
        select(owned.id)
        .join(found, owned.parent_id == found.c.id)
        .where(or_(owned.home_country.is_(None), owned.home_country == ""), owned.visible_to(user))
    )
    return select(found.union(below).c.id)


def home_countries_known(user: User) -> list[str]:
    """The countries that the list can be narrowed to."""
    statement = visible(Organisation, user).where(Organisation.home_country.is_not(None))
    found = db.session.scalars(statement.with_only_columns(Organisation.home_country).distinct())
    return sorted(country for country in found if country)


def subsidiaries_of(user: User, organisation: Organisation) -> Select[tuple[Organisation]]:
    """The companies of which it is the parent on record."""
    return organisations_found(user).where(Organisation.parent_id == organisation.id)


def projects_found(user: User, text: str | None = None, sector: str | None = None) -> Select[tuple[Project]]:
    """Visible projects whose name, or one of whose aliases, holds every word."""
    statement = visible(Project, user)
    words = folded_words(text)[:MOST_WORDS]
    if (text or "").strip() and not words:
        return statement.where(false())
    if words:
        statement = statement.where(
            or_(
                and_(*(Project.name_folded.contains(word, autoescape=True) for word in words)),
                _called(user, Project, *(ProjectAlias.name_folded.contains(word, autoescape=True) for word in words)),
                Project.reference == (text or "").strip().upper(),
            )
        )
    if sector:
        statement = statement.where(Project.sector == sector)
    return statement.order_by(Project.name_folded, Project.id)


def projects_of(user: User, organisation: Organisation) -> Select[tuple[Project]]:
    return projects_found(user).where(Project.companies.any(Organisation.id == organisation.id))


def organisation_named(user: User, text: str | None) -> Organisation | None:
    """The one visible organisation of that name, alias or reference; None when there is none, or more than one.

    The reference of a record that went into another one names that other one.
    """
    found: Organisation | None = _named(user, Organisation, "O", text)
    return found


def project_named(user: User, text: str | None) -> Project | None:
    """The one visible project of that name, alias or reference; None when there is none, or more than one."""
    found: Project | None = _named(user, Project, "J", text)
    return found


def _named(user: User, model: Any, letter: str, text: str | None) -> Any:
    reference = _reference_in(text, letter)
    name = fold(text)
    if not name:
        return None
    called = or_(model.name_folded == name, _called(user, model, model.__alias__().name_folded == name))
    rule = model.reference == reference if reference else called
    found: Any = db.session.scalars(visible(model, user).where(rule).limit(20)).unique().all()
    # Of what the user cannot open, its reference tells nothing: not even that it went into a record that they can.
    if reference and not found and find_visible(model, user, reference):
        return kept_instead(user, model, MERGES[model], reference)
    return _only(found, name)


def _only(found: Sequence[Any], name: str) -> Any:
    """The one that was found; of several, the one that bears the name itself and not only as an alias."""
    bearers = [row for row in found if row.name_folded == name] if len(found) > 1 else found
    return bearers[0] if len(bearers) == 1 else None


def suggestions(rows: Sequence[Named], kind_words: list[str]) -> list[dict[str, str]]:
    """Values that `…_named` understands: the name, with the reference behind it where two are called alike."""
    names = [row.name_folded for row in rows]
    return [
        {
            "value": row.name if names.count(row.name_folded) == 1 else f"{row.name} ({row.reference})",
            "label": f"{row.name} · {words}" if words else row.name,
        }
        for row, words in zip(rows, kind_words, strict=True)
    ]


def _reference_in(text: str | None, letter: str) -> str | None:
    """PER-O-7K3QX, alone or in brackets at the end."""
    found = re.search(rf"\(?\b([A-Z]{{3}}-{letter}-[0-9A-Z]{{5}})\)?$", (text or "").strip().upper())
    return found.group(1) if found else None


def _called(user: User, model: Any, *fits: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a further name that the user may read fits."""
    alias = model.__alias__()
    owner = alias.organisation_id if model is Organisation else alias.project_id
    return exists(select(alias.id).where(owner == model.id, alias.open_to(user), *fits).correlate(model))


def team_names(user: User, rows: Sequence[Any]) -> dict[int, list[str]]:
    """By what names the user's teams call records of the pack: number of the record → names."""
    if not rows:
        return {}
    model = type(rows[0])
    alias = model.__alias__()
    owner = alias.organisation_id if model is Organisation else alias.project_id
    statement = visible(alias, user).where(alias.team_id.is_not(None), owner.in_([row.id for row in rows]))
    found: dict[int, list[str]] = {}
    names = statement.with_only_columns(owner, alias.name).order_by(alias.name_folded, alias.id)
    for number, name in db.session.execute(names):
        found.setdefault(number, []).append(name)
    return {number: list(dict.fromkeys(names)) for number, names in found.items()}


def standing_merges(user: User, row: Any) -> list[Any]:
    """What went into this record, as far as the user sees it, the last on top."""
    merge = MERGES[type(row)]
    statement = visible(merge, user).where(merge.kept_id == row.id, merge.undone_at.is_(None))
    return list(db.session.scalars(statement.order_by(merge.id.desc())).unique())
