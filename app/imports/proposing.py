"""Which field each column of a sheet could bring: from its heading and from what stands in it, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.db import fold
from app.fields import Field
from app.imports.blanks import USUAL
from app.imports.columns import ADDED
from app.imports.contents import Content, Places, content_of
from app.imports.kinds import RecordKind
from app.imports.usual_headings import is_part_of_a_name, near_headings, speaks_of_else
from app.places.models import DEPARTMENT, DISTRICT, PROVINCE

ENOUGH, SURE = 60, 84
"""From how many of a hundred points a field is proposed, and from how many on nobody need look twice."""
OFFERED = 3

Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Candidate:
    """A field that a column could bring, how likely, and why. *target* names two, parted by a plus sign, for a cell
    that holds both."""

    target: str
    score: float
    reason: str
    """A code; `proposal_words.py` puts it into a sentence."""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.target.split("+"))


@dataclass(frozen=True)
class Proposal:
    """A column with what it could bring, the likeliest first; *chosen* is one of them, or nothing."""

    content: Content
    candidates: tuple[Candidate, ...] = ()
    chosen: Candidate | None = None

    @property
    def is_sure(self) -> bool:
        return self.chosen is not None and self.chosen.score >= SURE


def proposals(header: Sequence[str], rows: Sequence[Line], kind: RecordKind, places: Places) -> list[Proposal]:
    """One for each column, in their order. No field is proposed twice."""
    lists = sorted({one.code_list for one in kind.fields if one.code_list} - YES_NO)
    nothing = {fold(word) for word in USUAL}
    found: list[tuple[Content, list[Candidate]]] = []
    for index, heading in enumerate(header):
        cells = [text for _number, line in rows if (text := line[index]) and fold(text) not in nothing]
        content = content_of(index, heading, cells, lists, places)
        found.append((content, _candidates(content, kind) if heading not in ADDED else []))
    chosen = _shared_out(found)
    return [
        Proposal(content, tuple(candidates[:OFFERED]), taken)
        for (content, candidates), taken in zip(found, chosen, strict=True)
    ]


YES_NO = frozenset({"yes_no_unknown"})


def _shared_out(found: Sequence[tuple[Content, Sequence[Candidate]]]) -> list[Candidate | None]:
    """The likeliest pairs first, each field once; only a name may stand in several columns."""
    chosen: list[Candidate | None] = [None] * len(found)
    taken: dict[str, bool] = {}
    pairs = [(one, at) for at, (_content, ones) in enumerate(found) for one in ones if one.score >= ENOUGH]
    for one, at in sorted(pairs, key=lambda pair: (-pair[0].score, pair[1])):
        is_part = one.target == "legal_name" and is_part_of_a_name(found[at][0].heading)
        if chosen[at] is None and all(name not in taken or (is_part and taken[name]) for name in one.fields):
            chosen[at] = one
            taken.update(dict.fromkeys(one.fields, is_part))
    return chosen


def _candidates(content: Content, kind: RecordKind) -> list[Candidate]:
    """What the column could bring, each field once, the likeliest first."""
    found: dict[str, Candidate] = {}
    exact = kind.fields.recognise(content.heading)
    near = [(exact.name, "HEADING", 100.0, "")] if exact else []
    near += [(one.target, "NEAR", one.score, one.usual) for one in near_headings(content.heading, kind)]
    for target, reason, score, usual in near:
        fits = min(_fit(kind.fields[name], content) for name in target.split("+")) if content.filled else 0.6
        candidate = Candidate(target, score * fits, reason if fits > 0.5 else "NOT_IN_CELLS", {"usual": usual})
        _better(found, candidate)
    for candidate in _from_cells(content, kind):
        _better(found, candidate)
    return sorted(found.values(), key=lambda one: -one.score)


def _better(found: dict[str, Candidate], candidate: Candidate) -> None:
    known = found.get(candidate.target)
    if known is None or candidate.score > known.score:
        found[candidate.target] = candidate


# --- whether the cells can be what the heading says ----------------------------------------------


def _fit(one: Field, content: Content) -> float:
    """From 0 to 1."""
    test = _FITS.get(one.name) or _FITS.get(one.kind)
    if one.code_list and one.kind in ("code", "codes"):
        return _fits_list(one, content)
    return test(content) if test else 1.0


def _fits_list(one: Field, content: Content) -> float:
    """Few different words that come again are a list, whatever its words are."""
    if content.share(f"list:{one.code_list}") >= 0.5:
        return 1.0
    if content.share("number") > 0.8 or content.share("date") > 0.5:
        return 0.4
    comes_again = content.different <= max(12, content.filled // 3)
    return 1.0 if comes_again else 0.85 if content.different <= 200 else 0.6


def _by(*shares: str, otherwise: float = 0.4) -> Any:
    """Where one of these can be read from most cells, all is well; where from hardly any, it is something else."""

    def fits(content: Content) -> float:
        best = max(content.share(name) for name in shares)
        return 1.0 if best >= 0.6 else 0.8 if best >= 0.25 else otherwise

    return fits


def _in_words(content: Content) -> float:
    if content.share("number") > 0.8 or content.share("date") > 0.8 or content.share("url") > 0.8:
        return 0.4
    return 1.0


def _in_long_words(content: Content) -> float:
    is_told = content.share("long") >= 0.3 or content.share("sentence") >= 0.5
    return 1.0 if is_told else min(0.75, _in_words(content))


def _of_no_address(content: Content) -> float:
    return 0.6 if content.share("url") >= 0.8 else _in_words(content)


def _of_a_region(content: Content) -> float:
    """Where all are departments of the country, they are rather that."""
    return 0.75 if content.share(DEPARTMENT) >= 0.7 else _in_words(content)


def _by_date(content: Content) -> float:
    """A column of days before one of years."""
    if content.share("date") >= 0.6:
        return 1.0
    if content.share("year") >= 0.6:
        return 0.75
    return 0.8 if content.share("date") + content.share("year") >= 0.25 else 0.4


def _by_number_of_a_record(content: Content) -> float:
    """Different in each row; a number that comes again is that of something else."""
    return 1.0 if content.different == content.filled else 0.7 if content.different > content.filled * 0.9 else 0.5


_FITS: Mapping[str, Any] = {
    "external_id": _by_number_of_a_record,
    "age": _by("age"),
    "latitude": _by("coordinate", "pair", "number"),
    "longitude": _by("coordinate", "pair", "number"),
    "place": _in_words,
    "ubigeo": _by("ubigeo"),
    "country": _by("country", otherwise=0.55),
    "uncertain_date": _by_date,
    "date": _by_date,
    "number": _by("whole"),
    "url": _by("url"),
    "legal_name": _in_words,
    "community": _in_words,
    "narrative": _in_long_words,
    "region_text": _of_a_region,
    "source_citation": _of_no_address,
    **dict.fromkeys(("title", "title_es", "title_en", "summary", "notes", "note", "name", "companies"), _in_words),
    "perpetrator_organisations": _in_words,
}
"""By the name of a field, else by its kind."""


# --- what the cells say without a heading --------------------------------------------------------


def _from_cells(content: Content, kind: RecordKind) -> list[Candidate]:
    if content.filled < 2:
        return []
    known = {one.name for one in kind.fields}
    found = []
    for reason, share, target, points in (*_PLAIN, *_of_lists(kind)):
        part = content.share(share)
        if part >= 0.7 and set(target.split("+")) <= known and not speaks_of_else(content.heading, target):
            details = {"part": round(part * 100), "field": kind.fields[target.split("+")[0]].label}
            found.append(Candidate(target, points * part, reason, details))
    return found


_PLAIN: tuple[tuple[str, str, str, float], ...] = (
    ("DATES", "date", "happened", 72),
    ("DATES", "date", "signed", 72),
    ("COUNTRIES", "country in words", "country", 68),
    ("PLACES", DEPARTMENT, "department", 78),
    ("PLACES", PROVINCE, "province", 76),
    ("PLACES", DISTRICT, "district", 74),
    ("UBIGEO", "ubigeo", "place", 80),
    ("PAIRS", "pair", "latitude+longitude", 90),
    ("ADDRESSES", "url", "source_url", 88),
    ("LONG_TEXTS", "long", "narrative", 66),
    ("LONG_TEXTS", "long", "note", 66),
    ("LONG_TEXTS", "long", "notes", 64),
)
"""Reason, what can be read, the field, and the points for a column of which every cell reads so."""


def _of_lists(kind: RecordKind) -> list[tuple[str, str, str, float]]:
    """The first field of each list; those whose words mean little by themselves are left to the headings."""
    seen: dict[str, str] = {}
    for one in kind.fields:
        if one.code_list and one.code_list not in _SAYS_LITTLE:
            seen.setdefault(one.code_list, one.name)
    return [("OF_A_LIST", f"list:{name}", target, 80) for name, target in seen.items()]


_SAYS_LITTLE = YES_NO | {
    "info_credibility", "source_reliability", "date_precisions", "urgency_levels", "threat_credibility",
    "involvement_degree", "contract_status", "contract_amount_bases", "contract_pay_periods",
}  # fmt: skip
