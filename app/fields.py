"""What a field is: its words, type, choices, confidentiality and export name, said once.

Forms take their labels from here, imports recognise columns by it, exports and codebooks are written from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.db import folded_words

REDUCED, FULL, IDENTITY = "reduced", "full", "identity"
"""Who reads a field: whoever sees the row; full readers of the row; nobody without a reason that is recorded."""

KINDS = frozenset(
    {"text", "long_text", "code", "codes", "date", "uncertain_date", "number", "yes_no_unknown", "yes_no",
     "place", "country", "moment", "url", "reference"}
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field of a record.

    *name* is the export name: English, snake case, never changed once published. *read* gives the value of a row as
    text, number, date or list; *aliases* are other column names under which spreadsheets bring it.
    """

    name: str
    label: Any
    kind: str = "text"
    code_list: str | None = None
    confidentiality: str = REDUCED
    help: Any = ""
    read: Callable[[Any], Any] | None = None
    aliases: tuple[str, ...] = field(default=())
    leaves: bool = True
    """Whether any list or export may carry it; a note among colleagues never does."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(self.kind)


class Fields:
    """The fields of one kind of record, in the order in which they are shown and exported."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._by_name = {field.name: field for field in fields}

    def __iter__(self) -> Any:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def readable(self, *, in_full: bool) -> list[Field]:
        """Those that leave in a list or an export for such a reader; identity never does."""
        allowed = (REDUCED, FULL) if in_full else (REDUCED,)
        return [field for field in self if field.leaves and field.confidentiality in allowed and field.read]

    def recognise(self, heading: str) -> Field | None:
        """The field that a column heading names, in either language, accents and case forgiven."""
        return self._headings.get(_heading(heading))

    @cached_property
    def _headings(self) -> dict[str, Field]:
        found: dict[str, Field] = {}
        for candidate in self:
            for name in (candidate.name, *_labels(candidate), *candidate.aliases):
                found.setdefault(_heading(name), candidate)
        return found


def _heading(words: str) -> str:
    return " ".join(folded_words(words.replace("_", " ")))


def _labels(candidate: Field) -> list[str]:
    from flask_babel import force_locale

    labels = []
    for language in ("es", "en"):
        with force_locale(language):
            labels.append(str(candidate.label))
    return labels
