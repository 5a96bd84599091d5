"""A map as TOML: what was chosen on the pages, as the command takes it. `maps.py` reads it back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from app.imports.maps import KEEP, ONE_RECORD, SheetMap, Way


def toml_of(sheet_map: SheetMap) -> str:
    """The same map when `read_map` reads it; only its name is that of the file."""
    return "\n".join([*_head(sheet_map), "", *_fields(sheet_map)]).rstrip() + "\n"


def _head(one: SheetMap) -> Iterator[str]:
    yield f"kind = {_text(one.kind)}"
    for key in ("title", "source", "language", "sheet"):
        if value := getattr(one, key):
            yield f"{key} = {_text(value)}"
    if one.header is not None:
        yield f"header = {one.header}"
    if one.empty is not None:
        yield f"empty = {_texts(one.empty)}"
    if one.row != ONE_RECORD:
        yield f"row = {_text(one.row)}"
    if one.together:
        yield f"together = {_texts(one.together)}"
    if one.ignore:
        yield f"ignore = {_texts(sorted(one.ignore))}"


def _fields(one: SheetMap) -> Iterator[str]:
    for name, way in one.ways.items():
        yield f"[fields.{name}]"
        yield from _way(way)
        yield ""
        if way.values:
            yield f"[fields.{name}.values]"
            yield from (f"{_text(word)} = {_meaning(words)}" for word, words in way.values.items())
            yield ""


def _way(way: Way) -> Iterator[str]:
    for key in ("column", "constant", "template", "separator"):
        value = getattr(way, key)
        if value is not None:
            yield f"{key} = {_text(value)}"
    if way.columns:
        yield f"columns = {_texts(way.columns)}"
    if way.join != Way.join:
        yield f"join = {_text(way.join)}"
    if way.after:
        yield f"after = {_text(way.after)}"
    if way.ticked:
        yield "ticked = true"
    if way.other != KEEP:
        yield f"other = {_text(way.other)}"
    if way.formats:
        yield f"format = {_texts(way.formats)}"


def _meaning(words: Sequence[str]) -> str:
    return _text(words[0]) if len(words) == 1 else _texts(words)


def _texts(values: Iterable[str]) -> str:
    """One a line: the reader counts the dots of a line."""
    lines = [f"    {_text(value)}," for value in values]
    return "\n".join(["[", *lines, "]"]) if lines else "[]"


def _text(value: str) -> str:
    """A basic string of TOML is one of JSON, except that it may not hold the sign of deletion as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
