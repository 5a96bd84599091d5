"""The sources of a contract, as a form gives them line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.accounts.models import User
from app.contracts.models import Contract
from app.contracts.operations import add_source, erase_part
from app.evidence.models import Source
from app.evidence.operations import record_source, revise_source


@dataclass(frozen=True)
class SourceGiven:
    """*facts* are columns by their name; *source* is the one on record that the line stands for."""

    facts: dict[str, Any]
    credibility: str | None
    source: Source | None = None


def set_sources(user: User, contract: Contract, lines: Iterable[SourceGiven]) -> None:
    """Just these: what a line no longer names is taken out, a source that is cited elsewhere stays there."""
    kept = []
    for given in lines:
        source = given.source
        if source is None:
            source = record_source(user, contract.team_id, given.facts, country=contract.country)
        else:
            revise_source(user, source, given.facts)
        kept.append(source)
        link = next((link for link in contract.source_links if link.source is source), None)
        if link is None:
            add_source(user, contract, source, given.credibility)
        elif link.credibility != given.credibility:
            link.credibility = given.credibility
            contract.touch(user.id)
    for link in [link for link in contract.source_links if link.source not in kept]:
        erase_part(user, contract, link)
