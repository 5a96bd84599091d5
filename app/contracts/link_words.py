"""What may be said of a contract and an incident: the one place for these sentences, for pages and exports alike.

Days and places say that a contract was in force; only people, with evidence and a second person, say more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.contracts.links import L0, L1, L2, L3, L4, PROPOSED, WITH_EVIDENCE, ContractLink
from app.contracts.matches import Match
from app.contracts.models import CERTAIN, POSSIBLE, TERM_UNKNOWN, Contract
from app.contracts.standing import (
    CHANGED,
    DECIDED,
    DISCARDED,
    NO_TERM,
    SENT_BACK,
    UNDECIDED,
    WAITING,
    Standing,
    still_confirmed,
)
from app.contracts.stretches import Stretch, stretches
from app.dates import UncertainDate
from app.i18n import date_words, uncertain_date_words


def told(match: Match | None, link: ContractLink | None) -> str:
    """What may be said as it stands now, without a capital; empty where nothing may be said.

    Neither a proposal nor what has lost its evidence changes anything of it, and who confirmed that a contract was in
    force cannot hold it against the days.
    """
    if link is not None and link.holds:
        if link.level == L4:
            return _("acted for the company")
        if link.level == L3:
            return _("the unit named in the contract took part")
        if link.level == L0:
            return _("looked at and discarded: no link found")
    return follows_words(match) if match is not None else ""


def is_answered_for(match: Match | None, link: ContractLink) -> bool:
    """Whether people answer for what is `told`, and days and places do not merely suggest it."""
    if link.holds and link.level in WITH_EVIDENCE:
        return True
    return still_confirmed(match, link) is not None


def follows_words(match: Match) -> str:
    if match.level is None:
        return _("a contract is on record whose term is not known")
    return possibly_words(match.level) if match.follows == POSSIBLE else level_words(match.level)


def level_words(level: str) -> str:
    """What a level claims. Of L3 and L4 it may be told as such only where a second person has confirmed it."""
    return {
        L0: _("looked at and discarded: no link found"),
        L1: _("a contract was in force at that time"),
        L2: _("a contract was in force at that time and place"),
        L3: _("the unit named in the contract took part"),
        L4: _("acted for the company"),
    }[level]


def possibly_words(level: str) -> str:
    """The same of a link that was confirmed while days only allowed it."""
    possible = {
        L1: _("a contract was possibly in force at that time"),
        L2: _("a contract was possibly in force at that time and place"),
    }
    return possible.get(level) or level_words(level)


def decided_words(link: ContractLink) -> str:
    """What was decided, as it stood then."""
    return possibly_words(link.level) if link.followed == POSSIBLE else level_words(link.level)


def proposed(link: ContractLink | None) -> str:
    """What waits, for full readers of the incident alone; empty for anything else."""
    if link is None or link.state != PROPOSED:
        return ""
    what = level_words(link.level)
    if link.second_by_id is not None:
        return _("proposed: %(what)s (sent back)", what=what)
    return _("proposed: %(what)s (waits for a second person)", what=what)


def sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


# --- why only possibly ---------------------------------------------------------------------------


def doubts(match: Match | None, contract: Contract, happened: UncertainDate) -> list[str]:
    """Why it is not certain, each with the days on record; nothing of what is certain or not known at all."""
    if match is None or match.follows != POSSIBLE:
        return []
    first, last = happened.earliest, happened.latest
    near = [one for one in stretches(contract.spans) if _touches(one, first, last)]
    found = [words for one in near for words in _doubts_of(one, contract, first, last)]
    return list(dict.fromkeys(found))


def _touches(one: Stretch, first: date | None, last: date | None) -> bool:
    begins, ends = one.begins.earliest, one.ends.latest
    return (begins is None or last is None or begins <= last) and (ends is None or first is None or first <= ends)


def _doubts_of(one: Stretch, contract: Contract, first: date | None, last: date | None) -> list[str]:
    if one.sure is None:
        return [_begins(_beginning(one, contract.starts)), _ends(one.ends)]
    begin, end = one.sure
    found = []
    if first is None or first < begin:
        found.append(_begins(one.begins))
    if last is None or last > end:
        found.append(_ends(one.ends))
    inside = (last is None or begin <= last) and (first is None or first <= end)
    if inside and first != last:
        found.insert(0, _("the day of the incident is not known exactly"))
    return found


def _beginning(one: Stretch, starts: UncertainDate) -> UncertainDate:
    """Of a stretch that is not sure on any day: what is stated, where it is that from which it may run."""
    return starts if starts.latest and starts.earliest == one.begins.earliest else one.begins


def _begins(day: UncertainDate) -> str:
    if day.earliest is None:
        if day.latest is None:
            return _("its beginning is not on record")
        return _("it had begun by %(day)s; since when is not on record", day=date_words(day.latest))
    if day.latest == day.earliest:
        return _("it began on %(day)s", day=date_words(day.earliest))
    if day.latest is None:
        return _("it began on %(day)s at the earliest", day=date_words(day.earliest))
    return _("it began between %(first)s and %(last)s", first=date_words(day.earliest), last=date_words(day.latest))


def _ends(day: UncertainDate) -> str:
    if day.latest is None:
        return _("its end is not on record")
    if day.latest == day.earliest:
        return _("it ended on %(day)s", day=date_words(day.latest))
    if day.earliest is None:
        return _("it ended on %(day)s at the latest", day=date_words(day.latest))
    return _("it ended between %(first)s and %(last)s", first=date_words(day.earliest), last=date_words(day.latest))


def needs_doubts(match: Match | None, contract: Contract, happened: UncertainDate) -> bool:
    """Whether the doubts say more than the words of the term beside them."""
    found = stretches(contract.spans)
    said = [[_begins(_beginning(one, contract.starts)), _ends(one.ends)] for one in found if one.sure is None]
    return doubts(match, contract, happened) not in said


# --- the term, and why they match ----------------------------------------------------------------


def term_words(spans: Iterable[Any], starts: UncertainDate | None = None) -> str:
    """With all its addenda: «1 Mar 2021 – 27 Feb 2023», «from 26 Oct 2017; end not on record».

    *starts*: the start that the agreement itself states, where the words may be as exact as that.
    """
    spans = list(spans)
    found = [_stretch_words(one, starts or UncertainDate()) for one in stretches(spans)]
    if any(span.kind == TERM_UNKNOWN for span in spans):
        found.append(_("its beginning is not on record"))
    return "; ".join(found) or _("not on record")


def _stretch_words(one: Stretch, starts: UncertainDate) -> str:
    begins = uncertain_date_words(one.begins)
    if one.sure is None:
        beginning = _beginning(one, starts)
        if one.begins.earliest is None or not one.is_open:
            return "; ".join([_begins(beginning), _ends(one.ends)])
        if beginning.latest is None:
            return _("from %(day)s at the earliest; end not on record", day=date_words(beginning.earliest))
        begins = uncertain_date_words(replace(beginning, text=None))
    if one.is_open and one.begins.earliest is not None:
        return _("from %(day)s; end not on record", day=begins)
    return f"{begins} – {_('end not on record') if one.is_open else uncertain_date_words(one.ends)}"


def why_words(one: Standing) -> list[str]:
    """What the two have in common."""
    if one.match is None:
        return []
    found = []
    if one.match.by_project:
        names = ", ".join(project.name for project in one.projects)
        found.append(_("same project: %(names)s", names=names) if names else _("same project"))
    if one.match.by_place and one.incident.place is not None:
        found.append(_place_words(one, one.incident.place.full_name))
    return found


def _place_words(one: Standing, place: str) -> str:
    """By what the place counts: the area that the contract names, the zone of its project, or as near as is known."""
    if one.match is not None and one.match.by_area:
        return _("place in the area that the contract names: %(place)s", place=place)
    if one.match is not None and one.match.by_zone:
        names = ", ".join(one.zones)
        if names:
            return _("place in the zone of the project %(names)s: %(place)s", names=names, place=place)
        return _("place in the zone of a project of the contract: %(place)s", place=place)
    return _("province in which the project lies: %(place)s", place=place)


def certainty_words(numbers: Mapping[str, int]) -> str:
    """«2 for certain, 3 possibly», of incidents within a term."""
    said = {
        CERTAIN: _("%(number)s for certain"),
        POSSIBLE: _("%(number)s possibly"),
        TERM_UNKNOWN: _("of %(number)s it is not known"),
        "": _("%(number)s outside it"),
    }
    return ", ".join(words % {"number": numbers[kind]} for kind, words in said.items() if numbers.get(kind))


def contract_title(contract: Contract, in_full: bool) -> str:
    """The title for full readers; for others whose it is."""
    return contract.title if in_full else _("Contract of %(company)s", company=contract.company.name)


def nothing_words(incident: Any) -> str:
    """Why no contract stands on the page of an incident."""
    if not (incident.happened_from or incident.happened_to):
        return _("The day of the incident is not on record, so no contract can be said to have been in force.")
    if incident.place is None and not incident.project_links:
        return _("Neither a place nor a project is on record; by these contracts are found.")
    return _("No contract on record covers that date. There may be others that we do not know of.")


def statuses() -> dict[str, str]:
    """Status → what it is called, in the order in which they ask for somebody."""
    return {
        WAITING: _("Wait for a second person"),
        CHANGED: _("Changed since"),
        UNDECIDED: _("Undecided"),
        SENT_BACK: _("Sent back"),
        NO_TERM: _("Term not known"),
        DECIDED: _("Confirmed"),
        DISCARDED: _("Discarded"),
    }


def level_help(level: str) -> str:
    """What it takes for a level to be told."""
    return {
        L1: _("Time and project coincide."),
        L2: _("The place coincides too."),
        L3: _("Asks for evidence and a second person."),
        L4: _("Asks for evidence of payment, order, base, vehicle or premises, and a second person."),
    }.get(level, "")
