"""Columns of a map that one sheet has and another has not: as many of a kind as there are, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.imports.columns import ADDED
from app.imports.maps import SheetMap, Way, check_identity_stays_apart

ANY, MAYBE = "*", "?"


def fitted(sheet_map: SheetMap, header: Sequence[str]) -> SheetMap:
    """The map with the columns that this sheet has.

    Among several columns, and among those to ignore, «labels.*» stands for all that begin so, «Título?» for one that
    may be missing, and «*» alone for those that nothing else takes. A heading that is written so itself goes before.
    Raises MapProblem where a column of names would bring something else too.
    """
    if not any(_is_pattern(one, header) for one in (*sheet_map.ignore, *_several(sheet_map))):
        return sheet_map
    ignore = frozenset(_named(sheet_map.ignore, header, ()))
    ways = {name: _fitted(way, header, ()) for name, way in sheet_map.ways.items()}
    named = (one for way in ways.values() for one in (way.column, *way.columns))
    taken = {*sheet_map.together, *ignore, *ADDED, *named}
    left = [one for one in header if one not in taken and not _is_recognised(one, sheet_map)]
    ways = {name: _fitted(sheet_map.ways[name], header, left) for name in ways}
    fitting = {name: way for name, way in ways.items() if way.columns or not sheet_map.ways[name].columns}
    found = replace(sheet_map, ignore=ignore, ways=fitting)
    # Asked of the map as well, which cannot know what its patterns will meet.
    check_identity_stays_apart(found)
    return found


def _several(sheet_map: SheetMap) -> Iterable[str]:
    return (one for way in sheet_map.ways.values() for one in way.columns)


def _is_pattern(words: str, header: Sequence[str]) -> bool:
    return words not in header and (ANY in words or words.endswith(MAYBE))


def _is_recognised(heading: str, sheet_map: SheetMap) -> bool:
    field = sheet_map.record_kind.fields.recognise(heading)
    return field is not None and field.name not in sheet_map.ways


def _fitted(way: Way, header: Sequence[str], left: Sequence[str]) -> Way:
    return replace(way, columns=tuple(_named(way.columns, header, left)))


def _named(columns: Iterable[str], header: Sequence[str], left: Sequence[str]) -> list[str]:
    found: list[str] = []
    for words in columns:
        if not _is_pattern(words, header):
            found.append(words)
        elif words == ANY:
            found += left
        elif ANY in words:
            pattern = re.compile(".*".join(map(re.escape, words.split(ANY))))
            found += [one for one in header if pattern.fullmatch(one)]
        else:
            found += [one for one in header if one == words.removesuffix(MAYBE)]
    return list(dict.fromkeys(found))
