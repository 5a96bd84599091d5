"""Two records of one thing side by side, fact by fact, and what is chosen of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

KEPT, GONE, BOTH = "kept", "gone", "both"


@dataclass(frozen=True)
class Fact:
    """One or more columns that are chosen together. *adds*: two values of the first can stand beside each other."""

    name: str
    label: Any
    columns: tuple[str, ...]
    words: Callable[[Any], str]
    adds: bool = False


@dataclass(frozen=True)
class Compared:
    """A fact of both, and what was or is likely to be chosen; None where there is nothing to choose."""

    fact: Fact
    kept: str
    gone: str
    choice: str | None


def compared(facts: Iterable[Fact], kept: Any, gone: Any, chosen: Mapping[str, str]) -> list[Compared]:
    """What stands in one of the two, fact by fact, with what was *chosen* where they differ."""
    return [
        Compared(
            fact,
            fact.words(kept),
            fact.words(gone),
            chosen.get(fact.name, likely_choice(fact, kept, gone)) if differs(fact, kept, gone) else None,
        )
        for fact in facts
        if fact.words(kept) or fact.words(gone)
    ]


def choices_in(form: Mapping[str, str], facts: Iterable[Fact]) -> dict[str, str]:
    """Name of a fact → what a posted form chooses."""
    given = {fact.name: form.get(f"fact-{fact.name}", KEPT) for fact in facts}
    return {name: choice for name, choice in given.items() if choice in (KEPT, GONE, BOTH)}


def differs(fact: Fact, one: Any, other: Any) -> bool:
    return any(_said(one, column) != _said(other, column) for column in fact.columns)


def likely_choice(fact: Fact, kept: Any, gone: Any) -> str:
    """What says nothing gives way; what can stand beside each other does."""
    if not any(_said(kept, column) for column in fact.columns):
        return GONE
    if fact.adds and any(_said(gone, column) for column in fact.columns):
        return BOTH
    return KEPT


def chosen_value(fact: Fact, column: str, kept: Any, gone: Any, choice: str) -> Any:
    ours, theirs = getattr(kept, column), getattr(gone, column)
    if choice == GONE:
        return theirs
    if choice != BOTH or not fact.adds:
        return ours
    if isinstance(ours or theirs, list):
        return list(dict.fromkeys([*(ours or []), *(theirs or [])])) or None
    if column != fact.columns[0]:
        # It says something of the text, as its language; of a text in two languages nothing is said.
        return None if ours and theirs and ours != theirs else ours or theirs
    return "\n\n".join(part for part in (ours, theirs) if part) or None


def _said(row: Any, column: str) -> Any:
    return getattr(row, column) or None


def text_words(column: str) -> Callable[[Any], str]:
    """Reads a fact that is plain text."""
    return partial(_text, column)


def _text(column: str, row: Any) -> str:
    return getattr(row, column) or ""
