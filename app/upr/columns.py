"""The columns of a pack's files and the codes in them: what each means, in two languages. Their text is data."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.i18n import language
from app.vocabulary import queries as vocabulary

DATA = Path(__file__).parent / "data"
NEVER = "never"
WITHHELD = "withheld"
EVERY_LIST = "*"


@dataclass(frozen=True)
class Column:
    """A column of a file, with the words of the codebook."""

    name: str
    type: str
    code_list: str | None
    is_list: bool
    is_required: bool
    is_kept: bool
    """Stays in a row that is not already public."""
    is_filled: bool
    """False while the room that would fill it is not built; then every row says *placeholder*."""
    placeholder: str | None
    tells: str
    """What a row would say with it of when, where and who: see `coarsening`; blank for what says nothing of it."""
    label_en: str
    label_es: str
    description_en: str
    description_es: str

    @property
    def label(self) -> str:
        return self.label_en if language() == "en" else self.label_es

    @property
    def says_withheld(self) -> bool:
        """Whether the type has room for the word; a number or a date is left blank instead."""
        return self.type == "string"


@dataclass(frozen=True)
class ExportedCode:
    """A code as it leaves the house; several of ours may leave as one."""

    code_list: str
    code: str
    label_en: str
    label_es: str
    definition_en: str
    definition_es: str


@lru_cache
def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of a file, in their order."""
    return tuple(
        Column(
            name=row["name"],
            type=row["type"],
            code_list=row["list"] or None,
            is_list=row["many"] == "yes",
            is_required=row["required"] == "yes",
            is_kept=row["kept"] == "yes",
            is_filled=row["filled"] == "yes",
            placeholder=row["placeholder"] or None,
            tells=row["tells"],
            label_en=row["label_en"],
            label_es=row["label_es"],
            description_en=row["description_en"],
            description_es=row["description_es"],
        )
        for row in _rows(table)
    )


@lru_cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def codes_for(column: Column) -> list[ExportedCode]:
    """What may stand in the column: the list's own codes as they leave, those of the export, and «withheld»."""
    if column.code_list is None:
        return []
    codes = codes_of_list(column.code_list)
    if column.is_filled and not column.is_kept and column.says_withheld:
        codes |= _codes_of_export(EVERY_LIST)
    return list(codes.values())


def codes_of_list(code_list: str) -> dict[str, ExportedCode]:
    """The codes of a list as they leave, and those that only the export knows."""
    return _codes_of_packs(code_list) | _codes_of_export(code_list)


def _codes_of_packs(code_list: str) -> dict[str, ExportedCode]:
    """The labels of ours that leave as the same code stand side by side."""
    together: dict[str, list[vocabulary.Entry]] = {}
    for entry in vocabulary.entries(code_list).values():
        if entry.upr and entry.upr != NEVER:
            together.setdefault(entry.upr, []).append(entry)
    return {
        code: ExportedCode(
            code_list,
            code,
            _side_by_side(entry.label_en for entry in entries),
            _side_by_side(entry.label_es for entry in entries),
            _side_by_side(entry.definition_en for entry in entries),
            _side_by_side(entry.definition_es for entry in entries),
        )
        for code, entries in together.items()
    }


def _side_by_side(texts: Iterable[str | None]) -> str:
    return " / ".join(text for text in texts if text)


def _codes_of_export(code_list: str) -> dict[str, ExportedCode]:
    words = ("label_en", "label_es", "definition_en", "definition_es")
    return {
        row["code"]: ExportedCode(code_list, row["code"], *(row[word] for word in words))
        for row in _rows("codes")
        if row["list"] == code_list
    }


def hxl_tag(column: str) -> str:
    """The HXL 1.1 hashtag of a column, by its name; blank where there is none."""
    return next((row["tag"] for row in _rows("hxl") if row["column"] == column), "")
