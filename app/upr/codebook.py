"""codebook.csv: every column of every table, and every code that may stand in one, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.upr.columns import Column, codes_for


def rows(tables: Iterable[tuple[str, tuple[Column, ...]]]) -> list[dict[str, Any]]:
    """First the columns of each file in their order, then the codes, list by list. *tables*: path and columns."""
    known = list(tables)
    return [*_column_rows(known), *_code_rows(known)]


def _column_rows(tables: list[tuple[str, tuple[Column, ...]]]) -> Iterator[dict[str, Any]]:
    for table, columns in tables:
        for position, column in enumerate(columns, start=1):
            yield {
                "entry": "column",
                "file": table,
                "position": position,
                "name": column.name,
                "type": column.type,
                "is_list": column.is_list,
                "code_list": column.code_list,
                "filled": column.is_filled,
                "label_en": column.label_en,
                "label_es": column.label_es,
                "description_en": column.description_en,
                "description_es": column.description_es,
            }


def _code_rows(tables: list[tuple[str, tuple[Column, ...]]]) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, str]] = set()
    for _table, columns in tables:
        for column in columns:
            for code in codes_for(column):
                key = (column.code_list or "", code.code)
                if key in seen:
                    continue
                seen.add(key)
                yield {
                    "entry": "code",
                    "code_list": column.code_list,
                    "code": code.code,
                    "label_en": code.label_en,
                    "label_es": code.label_es,
                    "description_en": code.definition_en,
                    "description_es": code.definition_es,
                }
