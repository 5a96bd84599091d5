"""How our codes become those of indicator 16.10.1: shown on the page as it is counted.

The category of a type of incident stands in the code list itself (column `sdg_16_10_1`), the kind of defender in
`data/sdg_kinds.csv`. What the indicator's own text does not say is judged by us, and marked so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app import i18n
from app.vocabulary.queries import Entry, entries, upr_code

DATA = Path(__file__).parent / "data"
METADATA = "SDG-META"
"""The source that stands for the indicator's own text."""

KILL = "KILL"
REVIEW, NONE = "REVIEW", "NONE"
"""Codes of the list for types that somebody has to look at one by one, and for those that harm no person."""

WOMEN, MEN, OTHER_SEX, UNKNOWN = "women", "men", "other", "unknown"
SEXES = (WOMEN, MEN, OTHER_SEX, UNKNOWN)
NOT_ON_RECORD = ""
"""The kind of defender of whom none is on record, and of groups that are only counted."""


@dataclass(frozen=True)
class Named:
    """A category or kind of the indicator, with its words."""

    code: str
    label_en: str
    label_es: str

    @property
    def label(self) -> str:
        return self.label_en if i18n.language() == "en" else self.label_es


@dataclass(frozen=True)
class Mapped:
    """One of our codes and where it goes; *is_judged* where the indicator's text does not say so."""

    code: str
    label: str
    target: str
    source: str
    is_judged: bool


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache
def categories() -> dict[str, Named]:
    rows = sorted(_rows("sdg_categories"), key=lambda row: int(row["sort"]))
    return {row["code"]: Named(row["code"], row["label_en"], row["label_es"]) for row in rows}


@lru_cache
def _kind_rows() -> list[dict[str, str]]:
    return sorted(_rows("sdg_kinds"), key=lambda row: int(row["sort"]))


def kinds() -> dict[str, Named]:
    return {row["code"]: Named(row["code"], row["label_en"], row["label_es"]) for row in _kind_rows()}


def category_of(incident_type: str | None) -> str | None:
    """A category, REVIEW or NONE; None for a type that nobody has mapped."""
    found = entries("incident_types").get(incident_type or "")
    return found.extra.get("sdg_16_10_1") if found else None


def kind_of(defender_groups: Iterable[str] | None) -> str:
    """Of somebody of several groups the first kind of the list: nobody counts twice."""
    groups = set(defender_groups or ())
    return next((row["code"] for row in _kind_rows() if row["defender_group"] in groups), NOT_ON_RECORD)


def sex_of(gender: str | None) -> str:
    found = upr_code("gender_identity", gender)
    return found if found in SEXES else UNKNOWN


# --- as the page shows it ------------------------------------------------------------------------


def mapped_types() -> dict[str, list[Mapped]]:
    """Category, REVIEW, NONE or "" for what is not mapped → the types that go there; groups of types are none."""
    known = entries("incident_types")
    targets = [*categories(), REVIEW, NONE, ""]
    found: dict[str, list[Mapped]] = {target: [] for target in targets}
    for entry in known.values():
        if entry.selectable:
            target = category_of(entry.code) or ""
            found[target if target in found else ""].append(_mapped(entry, target))
    return {target: rows for target, rows in found.items() if rows}


def _mapped(entry: Entry, target: str) -> Mapped:
    sources = [one.strip() for one in (entry.source or "").split(";")]
    return Mapped(entry.code, entry.label, target, entry.source or "", METADATA not in sources)


def mapped_groups() -> dict[str, list[Mapped]]:
    """Kind → our groups of defenders; under "" those that no line of the data names."""
    labels: dict[str, Any] = {code: entry.label for code, entry in entries("defender_groups").items()}
    found: dict[str, list[Mapped]] = {kind: [] for kind in kinds()}
    for row in _kind_rows():
        code = row["defender_group"]
        words = labels.pop(code, code)
        found[row["code"]].append(Mapped(code, words, row["code"], row["source"], row["judged"] == "yes"))
    if labels:
        found[NOT_ON_RECORD] = [Mapped(code, words, NOT_ON_RECORD, "", True) for code, words in labels.items()]
    return found
