"""The words in columns of codes, and which code each means: by the map, the list, the team's memory, or nearly."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from app.db import fold, folded_words
from app.fields import Field
from app.imports.blanks import without_blanks
from app.imports.cells import BARS, SYNONYMS, known_words, parts_of
from app.imports.columns import Bringer, understand
from app.imports.kinds import RecordKind
from app.imports.layout import Sheet
from app.imports.maps import KEEP, SheetMap, Way

BY_MAP, BY_LIST, BY_MEMORY, NEARLY, BY_NOTHING = "BY_MAP", "BY_LIST", "BY_MEMORY", "NEARLY", "BY_NOTHING"
UNDECIDED, LEFT_EMPTY = "", "-"
"""What a word may mean beside codes: rows with it are refused; or it says nothing, and the cell is left empty."""
ALIKE = 84
LONGEST_KEY = 150
"""Longer texts are no words of a list, and no keys of a map."""

_SEVERAL = re.compile(r"\s*[,/]\s*|\s+(?:y|e|and|&)\s+")

Memory = Mapping[tuple[str, str], str | None]
"""List and folded word → code; None where it says nothing."""


@dataclass(frozen=True)
class Word:
    """One word of a column in all its spellings, and what it means: codes parted by a plus sign."""

    spellings: tuple[str, ...]
    number: int
    meaning: str
    how: str

    @property
    def text(self) -> str:
        return self.spellings[0]

    @property
    def key(self) -> str:
        return hashlib.sha256(fold(self.text).encode()).hexdigest()[:12]

    @property
    def is_settled(self) -> bool:
        return self.how in (BY_MAP, BY_LIST)


@dataclass(frozen=True)
class CodedColumn:
    """A field of codes, its headings, and the words in its column, the most frequent first."""

    field: Field
    headings: tuple[str, ...]
    words: tuple[Word, ...]

    @property
    def list_name(self) -> str:
        assert self.field.code_list
        return self.field.code_list

    @property
    def takes_several(self) -> bool:
        return self.field.kind == "codes"


def coded_columns(sheet: Sheet, sheet_map: SheetMap, memory: Memory) -> list[CodedColumn]:
    """Raises MapProblem where the map does not fit the sheet."""
    columns, _sentences = without_blanks(sheet, understand(sheet.header, sheet_map), sheet_map)
    return [
        CodedColumn(one.field, one.headings, tuple(_words(one, columns.kind, sheet, memory)))
        for one in columns.bringers
        if one.field.code_list and one.way.column
    ]


def _words(bringer: Bringer, kind: RecordKind, sheet: Sheet, memory: Memory) -> Iterator[Word]:
    (index,) = bringer.indexes
    cells = Counter(line[index] for number, line in sheet.rows if number not in sheet.broken)
    spellings: dict[str, Counter[str]] = {}
    for text, number in cells.items():
        for word in _apart(text, bringer, kind) if text not in bringer.blanks else ():
            if word and len(word) <= LONGEST_KEY:
                spellings.setdefault(fold(word), Counter())[word] += number
    for folded, found in sorted(spellings.items(), key=lambda pair: (-pair[1].total(), pair[0])):
        meaning, how = _meaning(folded, list(found), bringer, memory)
        yield Word(tuple(word for word, _number in found.most_common()), found.total(), meaning, how)


def _apart(text: str, bringer: Bringer, kind: RecordKind) -> list[str]:
    """The words of a cell as `cells.py` takes it apart."""
    field, way = bringer.field, bringer.way
    if text in way.values:
        return [text]
    if field.name in kind.in_step | kind.listed and BARS.search(text):
        return [part.strip().replace("\\|", "|") for part in BARS.split(text)]
    return parts_of(text, way) if field.kind == "codes" or way.separator else [text]


def _meaning(folded: str, spellings: Sequence[str], bringer: Bringer, memory: Memory) -> tuple[str, str]:
    list_name = bringer.field.code_list or ""
    for word in spellings:
        if word in bringer.way.values:
            return "+".join(bringer.way.values[word]) or LEFT_EMPTY, BY_MAP
    if code := code_in_list(folded, list_name):
        return code, BY_LIST
    if (list_name, folded) in memory:
        return memory[list_name, folded] or LEFT_EMPTY, BY_MEMORY
    if bringer.field.kind == "codes" and (codes := _several(folded, list_name, memory)):
        return codes, NEARLY
    near = _nearest(folded, list_name)
    return (near, NEARLY) if near else (UNDECIDED, BY_NOTHING)


def code_in_list(folded: str, list_name: str) -> str | None:
    return known_words(list_name).get(folded) or SYNONYMS.get(list_name, {}).get(folded)


def _several(folded: str, list_name: str, memory: Memory) -> str | None:
    """«policía, empresa»: each part a word that is known."""
    parts = [part for part in _SEVERAL.split(folded) if part]
    codes = [code_in_list(part, list_name) or memory.get((list_name, part)) for part in parts]
    return "+".join(dict.fromkeys(code for code in codes if code)) if len(parts) > 1 and all(codes) else None


def _nearest(folded: str, list_name: str) -> str | None:
    labels = {" ".join(folded_words(label)): code for label, code in known_words(list_name).items() if len(label) > 3}
    said = " ".join(folded_words(folded))
    found = process.extractOne(said, list(labels), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    return labels[found[0]] if found else None


def with_meanings(sheet_map: SheetMap, columns: Sequence[CodedColumn], said: Mapping[tuple[str, str], str]) -> SheetMap:
    """The map with what was said of the words; *said* goes by the name of the field and the key of the word."""
    ways = dict(sheet_map.ways)
    for column in columns:
        name = column.field.name
        way = ways.get(name, Way())
        values = dict(way.values)
        for word in column.words:
            meaning = said.get((name, word.key))
            if meaning is None:
                continue
            for spelling in word.spellings:
                values.pop(spelling, None)
                if not _says_itself(meaning, word, column, way):
                    values[spelling] = () if meaning == LEFT_EMPTY else tuple(meaning.split("+"))
        ways[name] = replace(way, values=values)
    return replace(sheet_map, ways=ways)


def _says_itself(meaning: str, word: Word, column: CodedColumn, way: Way) -> bool:
    """Whether the map need not speak of the word: its code stands in the list, or nobody said what it means."""
    if meaning == UNDECIDED:
        return True
    return way.other == KEEP and code_in_list(fold(word.text), column.list_name) == meaning
