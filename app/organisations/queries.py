"""What is asked of organisations and projects: lists, suggestions, and the one that a name means."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, or_

from app.access import visible
from app.accounts.models import User
from app.db import db, fold, folded_words
from app.organisations.models import Organisation, OrganisationAlias, Project
from app.search import MOST_WORDS

SUGGESTIONS = 12

Named = TypeVar("Named", Organisation, Project)


def organisations_found(
    user: User, text: str | None = None, kind: str | None = None, country: str | None = None
) -> Select[tuple[Organisation]]:
    """Visible organisations whose name or aliases hold every word; *country* is that of the house or of its parent."""
    statement = visible(Organisation, user)
    words = folded_words(text)[:MOST_WORDS]
    if (text or "").strip() and not words:
        return statement.where(false())
    for word in words:
        statement = statement.where(
            or_(
                Organisation.name_folded.contains(word, autoescape=True),
                Organisation.aliases.any(OrganisationAlias.name_folded.contains(word, autoescape=True)),
                Organisation.reference == (text or "").strip().upper(),
            )
        )
    if kind:
        statement = statement.where(Organisation.kind == kind)
    if country:
        statement = statement.where(or_(Organisation.country == country, Organisation.home_country == country))
    return statement.order_by(Organisation.name_folded, Organisation.id)


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
                _called(user, lambda alias: all(word in alias for word in words)),
                Project.reference == (text or "").strip().upper(),
            )
        )
    if sector:
        statement = statement.where(Project.sector == sector)
    return statement.order_by(Project.name_folded, Project.id)


def projects_of(user: User, organisation: Organisation) -> Select[tuple[Project]]:
    return projects_found(user).where(Project.companies.any(Organisation.id == organisation.id))


def organisation_named(user: User, text: str | None) -> Organisation | None:
    """The one visible organisation of that name, alias or reference; None when there is none, or more than one."""
    reference = _reference_in(text, "O")
    name = fold(text)
    if not name:
        return None
    called = or_(Organisation.name_folded == name, Organisation.aliases.any(OrganisationAlias.name_folded == name))
    rule = Organisation.reference == reference if reference else called
    found: Any = db.session.scalars(visible(Organisation, user).where(rule).limit(20)).unique().all()
    return _only(found, name)


def project_named(user: User, text: str | None) -> Project | None:
    """The one visible project of that name, alias or reference; None when there is none, or more than one."""
    reference = _reference_in(text, "J")
    name = fold(text)
    if not name:
        return None
    called = or_(Project.name_folded == name, _called(user, lambda alias: alias == name))
    rule = Project.reference == reference if reference else called
    found: Any = db.session.scalars(visible(Project, user).where(rule).limit(20)).unique().all()
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


def _called(user: User, fits: Callable[[str], bool]) -> ColumnElement[bool]:
    """Projects one of whose aliases fits. Aliases stand in one cell, so they are compared here; projects are few."""
    statement = visible(Project, user).where(Project.aliases.is_not(None))
    rows = db.session.execute(statement.with_only_columns(Project.id, Project.aliases))
    ids = [id_ for id_, aliases in rows if any(fits(fold(alias)) for alias in aliases or [])]
    return Project.id.in_(ids) if ids else false()
