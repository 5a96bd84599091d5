"""What a name of a sheet means among the records: the one that bears it, or several that are nearly called so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.access import teams_where, visible
from app.accounts.models import User
from app.db import db, fold
from app.organisations.models import Organisation, Project
from app.organisations.near import core, likeness, nearest_of, with_cores

LOOKED_UP = 300
"""So many names without a match are compared with all others; a sheet may hold thousands."""

NAME, ALIAS, LEGAL_FORM, KIND_WORDS, CHOSEN = "NAME", "ALIAS", "LEGAL_FORM", "KIND_WORDS", "CHOSEN"
REFERENCE = re.compile(r"[A-Z]{3}-[OJ]-[0-9A-Z]{5}")


@dataclass
class Doubt:
    """A name that may be that of a record, and is a new one unless somebody says so."""

    what: str
    name: str
    options: list[tuple[str, str]]
    """Value and words of each record, or name of the sheet, that could be meant."""
    rows: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return key_of(self.what, self.name)


@dataclass(frozen=True)
class Match:
    """A record, or none, and how the name led to it."""

    record: Any = None
    how: str = ""
    asked: str = ""
    """The name that stands for it: another one where somebody said that both mean the same."""
    candidates: tuple[tuple[Any, str], ...] = ()


def key_of(what: str, name: str) -> str:
    return f"{what}:{fold(name)}"


def answers_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What was said of names: by a reference one says which of both it is, by a name either."""
    found = {}
    for name, record in pairs:
        reference = REFERENCE.search(record)
        for what, letter in (("organisation", "O"), ("project", "J")):
            if reference is None or f"-{letter}-" in reference[0]:
                found[key_of(what, name)] = record.strip()
    return found


class OnRecord:
    """The names of all visible organisations, or projects, looked up once."""

    def __init__(self, user: User, model: Any, kind_words: frozenset[str], answers: Mapping[str, str]) -> None:
        self.model, self.what = model, model.__tablename__
        self.kind_words, self.answers = kind_words, answers
        self.rows: dict[int, Any] = {row.id: row for row in db.session.scalars(visible(model, user)).unique()}
        teams = teams_where(user)
        self.called = [
            (row.id, name)
            for row in self.rows.values()
            for name in (*row.names, *(alias.name for alias in row.team_aliases if alias.team_id in teams))
        ]
        self._with_cores = with_cores(self.called)
        self._near: dict[str, tuple[tuple[Any, str], ...]] = {}
        self._by_reference = {row.reference: row for row in self.rows.values()}
        self._levels: list[tuple[str, Any, dict[Any, set[int]]]] = [
            (NAME, fold, _index(((row.id, row.name) for row in self.rows.values()), fold)),
            (ALIAS, fold, _index(self.called, fold)),
            (LEGAL_FORM, core, _index(self.called, core)),
            (KIND_WORDS, self._bare, _index(self._of_this_kind(), self._bare)),
        ]

    def _of_this_kind(self) -> list[tuple[int, str]]:
        """«Minera Yanacocha» may be called Yanacocha; the defence front of that name may not."""
        return [(id_, name) for id_, name in self.called if getattr(self.rows[id_], "kind", None) in (None, "COMPANY")]

    def _bare(self, name: str) -> tuple[str, ...]:
        return tuple(word for word in core(name) if word not in self.kind_words)

    def find(self, name: str) -> Match:
        answer = self.answers.get(key_of(self.what, name), "")
        if reference := REFERENCE.search(answer):
            return Match(self._by_reference.get(reference[0]), CHOSEN, name)
        found = self._called(answer or name)
        if answer:
            return Match(found.record, CHOSEN if found.record else "", answer)
        return found

    def _called(self, name: str) -> Match:
        for how, read, index in self._levels:
            key = read(name)
            ids = index.get(key, set()) if key else set()
            if len(ids) == 1:
                return Match(self.rows[next(iter(ids))], how, name)
            if ids:
                return Match(None, "", name, tuple((self.rows[id_], self.rows[id_].name) for id_ in sorted(ids)))
        return Match(None, "", name)

    def near(self, match: Match) -> tuple[tuple[Any, str], ...]:
        """Records that could be meant by a name that no record bears; of the first names that are asked about."""
        if match.candidates:
            return match.candidates
        asked = fold(match.asked)
        if asked not in self._near:
            if len(self._near) >= LOOKED_UP:
                return ()
            found = nearest_of([match.asked], self._with_cores)
            self._near[asked] = tuple((self.rows[id_], called) for id_, called in found.items())
        return self._near[asked]


def _index(called: Iterable[tuple[int, str]], read: Any) -> dict[Any, set[int]]:
    found: dict[Any, set[int]] = defaultdict(set)
    for id_, name in called:
        if key := read(name):
            found[key].add(id_)
    return found


def like_in_sheet(name: str, others: Iterable[str]) -> list[str]:
    """Names of the sheet, all of them new, that are nearly this one."""
    wanted = core(name)
    return [other for other in others if likeness(wanted, core(other)) > 0]


def how_words(match: Match) -> str:
    """By what a name was known for that of a record."""
    said = {
        NAME: _("by its name"),
        ALIAS: _("by another of its names"),
        LEGAL_FORM: _("by its name, apart from the legal form"),
        KIND_WORDS: _("by its name, apart from words such as “Compañía Minera”"),
        CHOSEN: _("as was said"),
    }
    return said[match.how]


def named(record: Organisation | Project) -> str:
    return f"{record.name} ({record.reference})"
