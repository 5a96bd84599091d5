"""Rows of projects weighed against what is on record: matched, new, or one more row of the same project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.db import db, fold
from app.imports.matching import LOOKED_UP, Doubt, Match, OnRecord, key_of, like_in_sheet, named
from app.imports.planning import Decisions
from app.imports.project_fields import LONGEST_NOTE, WHAT_PROJECTS_ARE, WHAT_THEY_ARE, Called
from app.imports.reading import Row
from app.organisations.models import Organisation, Project
from app.organisations.near import core
from app.places.models import Place


@dataclass
class Company:
    """A company of a row: one on record, or one that is new."""

    called: Called
    match: Match
    first_row: int = 0
    record: Organisation | None = None

    @property
    def key(self) -> Any:
        return self.match.record.id if self.match.record else core(self.match.asked)


@dataclass
class Draft:
    """A project as it is on record, or as the rows so far make it."""

    first_row: int
    name: str
    record: Project | None = None
    is_new: bool = True
    names: set[str] = field(default_factory=set)
    companies: set[Any] = field(default_factory=set)
    places: set[int] = field(default_factory=set)
    note: str = ""


@dataclass
class Gain:
    """What a row says of a project beyond what was known of it."""

    aliases: list[str] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)
    note: str = ""
    note_is_too_long: bool = False

    def __bool__(self) -> bool:
        return bool(self.aliases or self.companies or self.places or self.note)


@dataclass
class Weighed:
    """A row and what it comes to."""

    row: Row
    draft: Draft
    match: Match
    companies: list[Company]
    gain: Gain
    makes_it: bool
    """This row is the first of a new project."""
    may_change: bool
    """The project is new, or the team's own and it was asked to add to those."""
    is_ours: bool
    doubts: list[Doubt]


class Weighing:
    """Takes row after row. The dry run asks what each comes to; the writer writes it at once and goes on."""

    def __init__(self, user: User, team_id: int, source: str, decisions: Decisions, *, doubts: bool) -> None:
        """*doubts*: whether to look for names that are nearly the same. The writer asks nobody any more."""
        self.user, self.team_id, self.source, self.decisions = user, team_id, source, decisions
        self._asks, self._asked = doubts, set[str]()
        self.projects = OnRecord(user, Project, WHAT_PROJECTS_ARE, decisions.answers)
        self.organisations = OnRecord(user, Organisation, WHAT_THEY_ARE, decisions.answers)
        self.doubts: dict[str, Doubt] = {}
        self.seen: dict[str, tuple[str, Match]] = {}
        """Names of the sheet by the keys that doubts have, and what they came to."""
        self._drafts: dict[Any, Draft] = {}
        self._companies: dict[Any, Company] = {}
        self._above: dict[int, tuple[int | None, int | None]] = {}

    def know(self, rows: list[Row]) -> None:
        """Rows that came in before: their projects are theirs, whatever they are called by now."""
        of_this_source = {
            project.external_id: project
            for project in self.projects.rows.values()
            if project.team_id == self.team_id and project.external_source == self.source
        }
        for row in rows:
            project = of_this_source.get(row.external_id)
            if project is not None and row.facts.get("name"):
                self._drafts[core(row.facts["name"])] = self._of(project, row.number)

    def leads_somewhere(self, key: str, answer: str) -> bool:
        """Whether an answer names a record, or another name of the sheet."""
        return self.seen[key][1].record is not None or key_of(key.partition(":")[0], answer) in self.seen

    def take(self, row: Row) -> Weighed:
        draft, match, makes_it = self._draft_of(row)
        doubts = [self._doubt(self.projects, match, row, ())] if makes_it and not match.record else []
        is_ours = draft.record is None or draft.record.team_id == self.team_id
        may_change = draft.is_new or (is_ours and self.decisions.adds)
        companies = [self._company(called, row, may_change) for called in row.facts.get("companies") or ()]
        for company in companies:
            if may_change and not company.match.record and company.first_row == row.number:
                doubts.append(self._doubt(self.organisations, company.match, row, self._new_names(but=company)))
        gain = self._gain(row, draft, companies)
        if may_change:
            self._widen(draft, gain)
        told = [doubt for doubt in doubts if doubt]
        return Weighed(row, draft, match, companies, gain, makes_it, may_change, is_ours, told)

    # --- the project ------------------------------------------------------------------------------

    def _draft_of(self, row: Row) -> tuple[Draft, Match, bool]:
        name = row.facts["name"]
        match = self._find(self.projects, name, row.facts["aliases"])
        key = match.record.id if match.record else core(match.asked)
        known = self._drafts.get(key)
        if known is not None:
            return known, match, False
        draft = self._of(match.record, row.number) if match.record else Draft(row.number, match.asked)
        self._drafts[key] = draft
        return draft, match, match.record is None

    def _find(self, records: OnRecord, name: str, others: Any) -> Match:
        """By its name, else by one of the other names that the sheet has for it."""
        match = records.find(name)
        self.seen[key_of(records.what, name)] = (name, match)
        if match.record or match.candidates or match.asked != name:
            return match
        found = {other.record.id: other for alias in others if (other := records.find(alias)).record}
        return next(iter(found.values())) if len(found) == 1 else match

    def _of(self, project: Project, number: int) -> Draft:
        return Draft(
            number,
            project.name,
            record=project,
            is_new=False,
            names={fold(name) for name in project.names},
            companies={company.id for company in project.companies},
            places={place.id for place in project.places},
            note=project.note or "",
        )

    # --- its companies ----------------------------------------------------------------------------

    def _company(self, called: Called, row: Row, may_change: bool) -> Company:
        match = self._find(self.organisations, called.name, called.aliases)
        company = Company(called, match, row.number)
        if match.record:
            company.record = match.record
            return company
        if earlier := self._companies.get(company.key):
            return earlier
        if may_change:
            self._companies[company.key] = company
        return company

    def _new_names(self, but: Company) -> Iterator[str]:
        return (one.match.asked for one in self._companies.values() if one is not but)

    # --- doubts -----------------------------------------------------------------------------------

    def _doubt(self, records: OnRecord, match: Match, row: Row, in_sheet: Iterable[str]) -> Doubt | None:
        key = key_of(records.what, match.asked)
        if self._asks and key not in self._asked and len(self._asked) < LOOKED_UP:
            self._asked.add(key)
            options = [(record.reference, _option(record, called)) for record, called in records.near(match)]
            options += [(name, name) for name in like_in_sheet(match.asked, in_sheet)]
            if options:
                self.doubts[key] = Doubt(records.what, match.asked, options)
        return self.doubts.get(key)

    # --- what is more -----------------------------------------------------------------------------

    def _gain(self, row: Row, draft: Draft, companies: list[Company]) -> Gain:
        facts = row.facts
        names = draft.names | {fold(draft.name)}
        # A name that led to the record by being nearly its own is no further name of it.
        gain = Gain(
            aliases=[alias for alias in dict.fromkeys(facts["aliases"]) if fold(alias) not in names],
            companies=[company for company in companies if company.key not in draft.companies],
            places={id_: words for id_, words in facts["places"].items() if self._says_more(id_, draft.places)},
        )
        note = facts["note"]
        if note and note not in draft.note:
            gain.note_is_too_long = len(draft.note) + len(note) + 1 > LONGEST_NOTE
            gain.note = "" if gain.note_is_too_long else note
        return gain

    def _says_more(self, place_id: int, known: set[int]) -> bool:
        """A province says nothing where one of its districts is known."""
        missing = [id_ for id_ in {place_id, *known} if id_ not in self._above]
        if missing:
            found = db.session.execute(
                select(Place.id, Place.province_id, Place.department_id).where(Place.id.in_(missing))
            )
            self._above.update({id_: (province, department) for id_, province, department in found})
        return place_id not in known and not any(place_id in self._above[one] for one in known)

    def _widen(self, draft: Draft, gain: Gain) -> None:
        draft.names |= {fold(alias) for alias in gain.aliases}
        draft.companies |= {company.key for company in gain.companies}
        draft.places |= set(gain.places)
        draft.note = "\n".join(filter(None, [draft.note, gain.note]))


def _option(record: Any, called: str) -> str:
    return named(record) if fold(called) == fold(record.name) else f"{named(record)}: {called}"
