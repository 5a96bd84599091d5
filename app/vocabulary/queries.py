"""Labels and choices of the code lists, kept in memory until a change raises the version."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from flask import current_app, g
from sqlalchemy import ColumnElement, Select, and_, case, func, select

from app import i18n
from app.db import db, fold
from app.vocabulary.models import LOCAL, PACK, Code, VocabularyVersion


@dataclass(frozen=True)
class Entry:
    """A code as memory keeps it."""

    code: str
    label_en: str
    label_es: str
    definition_en: str | None
    definition_es: str | None
    parent: str | None
    sort: int
    selectable: bool
    active: bool
    verified: str | None
    upr: str | None
    source: str | None
    extra: dict[str, Any]

    def label_in(self, language: str) -> str:
        return self.label_en if language == "en" else self.label_es

    @property
    def label(self) -> str:
        return self.label_in(i18n.language())

    @property
    def definition(self) -> str | None:
        return self.definition_en if i18n.language() == "en" else self.definition_es


Lists = dict[str, dict[str, Entry]]
_lock = threading.Lock()


def lists() -> Lists:
    """All lists; one statement a request asks whether they are still new."""
    kept: Lists | None = g.get("vocabulary")
    if kept is None:
        kept = g.vocabulary = _lists_of_process()
    return kept


def _lists_of_process() -> Lists:
    number = db.session.scalar(select(VocabularyVersion.number).where(VocabularyVersion.id == 1)) or 0
    state: dict[str, Any] = current_app.extensions.setdefault("vocabulary", {})
    with _lock:
        if state.get("number") != number:
            state["lists"] = _read_lists()
            state["number"] = number
        found: Lists = state["lists"]
        return found


def _read_lists() -> Lists:
    found: Lists = {}
    # Plain rows: there are a thousand codes, and nobody changes them here.
    for row in db.session.execute(select(*Code.__table__.columns).order_by(Code.list, Code.sort, Code.id)):
        found.setdefault(row.list, {})[row.code] = Entry(
            row.code, row.label_en, row.label_es, row.definition_en, row.definition_es, row.parent, row.sort,
            row.selectable, row.active, row.verified, row.upr, row.source, row.extra or {},
        )  # fmt: skip
    return found


def entries(list_name: str) -> dict[str, Entry]:
    return lists().get(list_name, {})


def entry(list_name: str, code: str | None) -> Entry | None:
    return entries(list_name).get(code) if code else None


def label(list_name: str, code: str | None) -> str:
    """The label in the language of the page; the code itself where the list does not know it; empty for none."""
    found = entry(list_name, code)
    return found.label if found else (code or "")


def labels(list_name: str, value: Any) -> str:
    """The labels of one code or of several, parted by commas; empty for none."""
    codes = value if isinstance(value, list) else [value] if value else []
    return ", ".join(label(list_name, code) for code in codes)


def upr_code(list_name: str, code: str | None) -> str | None:
    """The code that leaves the house in a UPR pack."""
    found = entry(list_name, code)
    return found.upr if found else None


def choices(list_name: str, *, keep: str | None = None) -> list[tuple[str, str]]:
    """(code, label) of what may be chosen now; *keep* is a code in use that stays although it is no longer active."""
    return [
        (found.code, found.label)
        for found in entries(list_name).values()
        if (found.active and found.selectable) or found.code == keep
    ]


def grouped_choices(list_name: str, *, keep: str | None = None) -> dict[str, list[tuple[str, str]]]:
    """Group label → choices, for a list of two levels; what has no group stands under its own label."""
    known = entries(list_name)
    grouped: dict[str, list[tuple[str, str]]] = {}
    for found in known.values():
        if not ((found.active and found.selectable) or found.code == keep):
            continue
        parent = known.get(found.parent or "")
        grouped.setdefault(parent.label if parent else found.label, []).append((found.code, found.label))
    return grouped


def codes_in(list_name: str) -> Select[Code]:
    return select(Code).where(Code.list == list_name).order_by(Code.sort, Code.id)


def code_at(list_name: str, code: str) -> Select[Code]:
    return select(Code).where(Code.key == f"{list_name}/{code}")


def counts_by_list() -> Select[str, int, int, int, int]:
    """Name of the list, codes, those switched off, those edited here, those of one's own."""

    def those(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    return (
        select(
            Code.list,
            func.count(),
            those(Code.active.is_(False)),
            those(and_(Code.edited.is_(True), Code.origin == PACK)),
            those(Code.origin == LOCAL),
        )
        .group_by(Code.list)
        .order_by(Code.list)
    )


def holds(code: Code, words: str) -> bool:
    """Whether a code, its labels or definitions hold every typed word, accents forgiven. Lists are short."""
    text = fold(
        " ".join(filter(None, (code.code, code.label_es, code.label_en, code.definition_es, code.definition_en)))
    )
    return all(word in text for word in fold(words).split())
