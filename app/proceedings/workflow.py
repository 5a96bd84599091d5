"""Which stage usually follows which, and how long a measure may last: tables, read by the rules that raise doubts."""

from __future__ import annotations

from dataclasses import dataclass

from app.proceedings.terms import COMMON, COMPLEX, ORGANISED

FOLLOWED_BY: dict[str, tuple[str, ...]] = {
    "PRE": ("PRELIM", "FORMAL", "CLOSED"),
    "PRELIM": ("FORMAL", "INTERMEDIATE", "TRIAL", "CLOSED"),
    "FORMAL": ("INTERMEDIATE", "TRIAL", "CLOSED"),
    "INTERMEDIATE": ("TRIAL", "FORMAL", "APPEAL", "CLOSED"),
    "TRIAL": ("APPEAL", "EXECUTION", "CLOSED"),
    "APPEAL": ("CASSATION", "EXECUTION", "TRIAL", "INTERMEDIATE", "FORMAL", "CLOSED"),
    "CASSATION": ("EXECUTION", "APPEAL", "TRIAL", "CLOSED"),
    "EXECUTION": ("CLOSED", "CASSATION"),
    "CLOSED": (),
}
"""The code of criminal procedure of 2004. A direct indictment skips FORMAL, an immediate trial skips INTERMEDIATE."""

AT_ANY_TIME = frozenset({"CONSTIT"})
"""Habeas corpus and amparo come beside the way, whatever its stage; after them it goes on as before."""


@dataclass(frozen=True)
class Limit:
    """How long a measure may last, in days or in months, and by which norm; *longer* is what an extension may add."""

    amount: int
    unit: str
    norm: str
    longer: int = 0


def _same(limit: Limit) -> dict[str, Limit]:
    return dict.fromkeys((COMMON, COMPLEX, ORGANISED), limit)


_REMAND = {
    COMMON: Limit(9, "months", "NCPP 272, 274", 9),
    COMPLEX: Limit(18, "months", "NCPP 272, 274", 18),
    ORGANISED: Limit(36, "months", "NCPP 272, 274", 12),
}

LIMITS: dict[str, dict[str, Limit]] = {
    "PE-FLAG": _same(Limit(2, "days", "NCPP 264.1")) | {ORGANISED: Limit(15, "days", "NCPP 264")},
    "PE-FLAG-JUD": _same(Limit(7, "days", "NCPP 266")) | {ORGANISED: Limit(10, "days", "NCPP 266")},
    "PE-PRELIM": _same(Limit(7, "days", "NCPP 264.2")) | {ORGANISED: Limit(15, "days", "NCPP 264.2")},
    "PE-PREV": _REMAND,
    "PE-HOME": _REMAND,
    "PE-COMP-R": _REMAND,
    "PE-WARRANT": _same(Limit(6, "months", "NCPP 261.4", 6)),
}

IN_CUSTODY = frozenset({"PE-FLAG", "PE-FLAG-JUD", "PE-PRELIM", "PE-PREV", "PE-HOME"})
"""Measures whose days are days without liberty."""

OF_PERSONS = frozenset({"DISMISSED", "ACQUITTED", "CONVICTED", "PRESCRIBED", "AMNESTY"})
"""Outcomes of a stage that are outcomes of the accused too."""

ENDS_CUSTODY = OF_PERSONS - {"CONVICTED"}
"""Outcomes after which nobody is to be held in this matter any longer."""
