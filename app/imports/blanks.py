"""What sheets write where nothing is known: NA, N/D, a dash; and NN for somebody whose name nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.db import fold
from app.imports.cells import known_words
from app.imports.columns import Bringer, Columns
from app.imports.layout import Sheet
from app.imports.maps import SheetMap

if TYPE_CHECKING:
    from app.fields import Field

USUAL = (
    "NA", "N/A", "N.A.", "#N/A", "#N/D", "N/D", "ND", "N.D.", "S/D", "SD", "S.D.", "S/I", "S.I.", "no data", "no info",
    "not available", "not applicable", "not stated", "sin dato", "sin datos", "sin información", "no disponible",
    "no aplica", "no registra", "no precisa", "no especifica", "no especificado", "null", "none", "nan", "ninguno", "-",
    "--", "---", "–", "—", ".", "..", "...", "…",
)  # fmt: skip
_NOBODY = (
    "NN", "N.N.", "N. N.", "N/N", "NN.", "no identificado", "no identificada", "no identificados",
    "sin identificar", "por identificar", "sin nombre", "desconocido", "desconocida", "unknown", "unidentified",
    "not identified", "unnamed", "no name", "name unknown",
)  # fmt: skip
NOBODY = frozenset(map(fold, _NOBODY))
LONGEST = max(map(len, USUAL)) + 2


def without_blanks(sheet: Sheet, columns: Columns, sheet_map: SheetMap) -> tuple[Columns, list[str]]:
    """The columns, each with the words that say nothing in it, and a sentence that says which there are."""
    said = frozenset(fold(word) for word in (USUAL if sheet_map.empty is None else sheet_map.empty))
    found: Counter[str] = Counter()
    bringers = []
    for bringer in columns.bringers:
        words = _blank_in(bringer, said, sheet)
        found.update(words)
        bringers.append(replace(bringer, blanks=frozenset(words)))
    if not found:
        return replace(columns, bringers=tuple(bringers)), []
    shown = ", ".join(_("“%(word)s” (%(number)s)", word=word, number=number) for word, number in found.most_common(8))
    return replace(columns, bringers=tuple(bringers)), [_("Read as nothing known: %(words)s.", words=shown)]


def _blank_in(bringer: Bringer, said: frozenset[str], sheet: Sheet) -> Counter[str]:
    """The cells of the column that say nothing, as they stand, and how many they are."""
    if not bringer.indexes:
        return Counter()
    cells = Counter(cells[index] for index in bringer.indexes for _number, cells in sheet.rows)
    meant = _meant(bringer.field, cells)
    return Counter({
        text: number
        for text, number in cells.items()
        if 0 < len(text) <= LONGEST and text not in bringer.way.values and (word := fold(text)) in said
        and word not in meant
    })  # fmt: skip


def _meant(field: Field, cells: Iterable[str]) -> frozenset[str]:
    """Words that say something in such a column: a code of its list; Namibia among countries in two letters."""
    if field.code_list:
        return frozenset(known_words(field.code_list))
    others = [text for text in cells if text and fold(text) != "na"]
    return frozenset({"na"} if field.kind == "country" and others and all(len(text) == 2 for text in others) else ())


def is_nobody(name: str) -> bool:
    return fold(name).strip(" .*()") in NOBODY or fold(name) in NOBODY
