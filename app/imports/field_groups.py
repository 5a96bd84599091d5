"""The fields of a kind of record in groups, as one chooses among them: what, when, where, who."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.imports.kinds import RecordKind
from app.imports.proposal_words import target_words

BEGINS: Mapping[str, Mapping[str, Any]] = {
    "incidents": {
        "reference": _l("The record"),
        "happened": _l("When"),
        "country": _l("Where"),
        "main_type": _l("What happened"),
        "pseudonym": _l("To whom"),
        "perpetrators": _l("By whom"),
        "source_citation": _l("How it is known"),
        "state_responses": _l("What the State did"),
        "summary": _l("In words"),
    },
    "projects": {"reference": _l("The record"), "country": _l("Where"), "status": _l("What else is known")},
    "contracts": {
        "reference": _l("The record"),
        "company": _l("Between whom, where"),
        "signed": _l("When"),
        "officers": _l("What was agreed"),
        "country": _l("Where"),
        "source_citation": _l("How it is known"),
        "notes": _l("In words"),
    },
}
"""The first field of each group."""

POINT = "latitude+longitude"


def grouped_fields(kind: RecordKind) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Label of the group, and pairs of what a column can bring and its label."""
    groups: list[tuple[Any, list[tuple[str, str]]]] = []
    begins = BEGINS.get(kind.name, {})
    for one in kind.fields:
        if one.name in begins or not groups:
            groups.append((begins.get(one.name, ""), []))
        groups[-1][1].append((one.name, str(one.label)))
        if one.name == "longitude":
            groups[-1][1].append((POINT, target_words(POINT, kind)))
    return groups
