"""How many sources are independent: two texts of one origin count as one source."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from app.db import fold
from app.evidence.models import Source

INDEPENDENT_ENOUGH = 2


def links_that_count(record: Any) -> list[Any]:
    """Of an incident, or of another record with `source_links`, each with its `source`."""
    return [link for link in record.source_links if not link.source.is_withdrawn]


def independent_sources(record: Any) -> int:
    return len(set(origins(links_that_count(record)).values()))


def origins(links: list[Any]) -> dict[Any, str]:
    """Where each source comes from: its group; without one, that of a source at the same site; else itself."""
    group_at = {
        host_of(link.source): fold(link.source.origin_group)
        for link in links
        if link.source.origin_group and host_of(link.source)
    }
    found = {}
    for position, link in enumerate(links):
        host = host_of(link.source)
        group = fold(link.source.origin_group) or group_at.get(host, "")
        found[link] = f"group {group}" if group else f"site {host}" if host else f"own {position}"
    return found


def same_origin_as(links: list[Any]) -> dict[Any, int]:
    """For each source that repeats an origin, the number (from 1) of the first source of that origin."""
    first: dict[str, int] = {}
    repeats: dict[Any, int] = {}
    for link, origin in origins(links).items():
        number = links.index(link) + 1
        if origin in first:
            repeats[link] = first[origin]
        else:
            first[origin] = number
    return repeats


def host_of(source: Source) -> str:
    """The site of an address, without www; empty where there is none."""
    try:
        host = urlsplit(source.url or "").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
