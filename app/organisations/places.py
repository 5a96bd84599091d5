"""Where the pages of organisations and of projects are: one view serves both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.organisations.models import Organisation, Project
from app.organisations.queries import organisation_named, project_named


@dataclass(frozen=True)
class PagesOf:
    """The endpoints, and the one that a name means."""

    words: Any
    index: str
    show: str
    merge: str
    unmerge: str
    names: str
    history: str
    suggest: str
    named: Callable[[Any, str], Any]


PLACES: dict[Any, PagesOf] = {
    Organisation: PagesOf(
        _l("Organisations"),
        "organisations.index",
        "organisations.show",
        "organisations.merge",
        "organisations.unmerge",
        "organisations.names",
        "organisations.history",
        "organisations.suggest",
        organisation_named,
    ),
    Project: PagesOf(
        _l("Projects"),
        "organisations.projects",
        "organisations.project",
        "organisations.merge_project",
        "organisations.unmerge_project",
        "organisations.project_names",
        "organisations.project_history",
        "organisations.suggest_projects",
        project_named,
    ),
}
