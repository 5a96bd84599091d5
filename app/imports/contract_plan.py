"""The dry run of contracts: which company, project and agreement a row means, and what is in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from app.access import visible
from app.accounts.models import User
from app.contracts.models import ADDENDUM, Contract
from app.db import db, fold
from app.imports.matching import Doubt, Match, OnRecord, how_words, key_of, named
from app.imports.planning import Decisions, MatchProblem, Plan
from app.imports.project_fields import WHAT_PROJECTS_ARE, WHAT_THEY_ARE, former_names
from app.imports.reading import Row
from app.organisations.models import Organisation, Project
from app.organisations.near import core

MOST_LIKE = 3


@dataclass
class Found:
    """What the names of a row led to. *parent* is an agreement on record, *parent_row* one of the same sheet."""

    row: Row
    company: Match
    projects: list[Match]
    parent: Contract | None = None
    parent_row: Row | None = None

    @cached_property
    def company_key(self) -> Any:
        return _key(self.company)

    @cached_property
    def project_keys(self) -> set[Any]:
        return {_key(match) for match in self.projects}


class Looking:
    """Takes row after row; the dry run tells what each came to, the writer writes it."""

    def __init__(self, user: User, team_id: int, source: str, decisions: Decisions, *, doubts: bool) -> None:
        """*doubts*: whether to look for names that are nearly the same. The writer asks nobody any more."""
        self.user, self.team_id, self.source, self.asks = user, team_id, source, doubts
        self.companies = OnRecord(user, Organisation, WHAT_THEY_ARE, decisions.answers)
        self.projects = OnRecord(user, Project, WHAT_PROJECTS_ARE, decisions.answers)
        self.doubts: dict[str, Doubt] = {}
        self.seen: dict[str, Match] = {}
        agreements: Any = db.session.scalars(
            visible(Contract, user).where(Contract.team_id == team_id, Contract.full_to(user))
        )
        self.agreements: list[Contract] = [one for one in agreements.unique() if not one.is_addendum]
        self._earlier: list[Found] = []

    def know(self, rows: list[Row]) -> None:
        """Rows that came in before: an addendum of today may belong to one of them."""
        self._known = {
            one.external_id: one for one in self.agreements if one.external_source == self.source and one.external_id
        }
        for row in rows:
            if row.external_id in self._known:
                self._earlier.append(Found(row, *self._names(row), parent=None))

    def take(self, row: Row) -> Found:
        found = Found(row, *self._names(row))
        if row.facts["modality"] == ADDENDUM:
            self._find_parent(found)
        else:
            self._earlier.append(found)
        return found

    def _names(self, row: Row) -> tuple[Match, list[Match]]:
        return self._company(row.facts["company"]), [self._project(name) for name in row.facts.get("projects") or ()]

    def _company(self, text: str) -> Match:
        name, former = former_names(text)
        match = self.companies.find(name)
        if match.record is None and match.asked == name:
            others = {one.record.id: one for alias in former if (one := self.companies.find(alias)).record}
            match = next(iter(others.values())) if len(others) == 1 else match
        return self._seen(self.companies, name, match)

    def _project(self, name: str) -> Match:
        return self._seen(self.projects, name, self.projects.find(name))

    def _seen(self, records: OnRecord, name: str, match: Match) -> Match:
        self.seen[key_of(records.what, name)] = match
        if self.asks and match.record is None and (key := key_of(records.what, match.asked)) not in self.doubts:
            options = [(record.reference, _option(record, called)) for record, called in records.near(match)]
            if options:
                self.doubts[key] = Doubt(records.what, match.asked, options)
        return match

    def doubts_of(self, found: Found) -> list[Doubt]:
        pairs = [(self.companies, found.company), *((self.projects, match) for match in found.projects)]
        keys = [key_of(records.what, match.asked) for records, match in pairs if match.record is None]
        return [self.doubts[key] for key in keys if key in self.doubts]

    def like(self, found: Found) -> list[Contract]:
        """Agreements of the company on record that have the number, the amount, or the beginning of the row."""
        company, facts = found.company.record, found.row.facts
        if company is None or facts["modality"] == ADDENDUM:
            return []
        number = fold(facts.get("number"))
        days = {facts[name].written() for name in ("signed", "starts")} - {""}
        return [
            one
            for one in self.agreements
            if one.company_id == company.id
            and (
                (number and one.number and (fold(one.number) in number or number in fold(one.number)))
                or (facts.get("total_amount") and one.total_amount == facts["total_amount"])
                or days & {one.signed.written(), one.starts.written()}
            )
        ][:MOST_LIKE]

    # --- addenda ----------------------------------------------------------------------------------

    def _find_parent(self, found: Found) -> None:
        """By the number that the sheet gives, else the last agreement before it of the same company and project."""
        wanted = found.row.facts.get("addendum_to")
        if wanted:
            self._by_number(found, wanted)
        else:
            self._by_company(found)
        if found.parent is None and found.parent_row is None:
            found.row.problems.append(
                _("It is an addendum, and no agreement of this company and project stands before it or is on record; "
                  "write the number of the agreement in the column “addendum_to”.")
            )  # fmt: skip

    def _by_number(self, found: Found, wanted: str) -> None:
        row = next(
            (one.row for one in self._earlier if wanted in (one.row.external_id, one.row.facts.get("number"))), None
        )
        agreement = next(
            (one for one in self.agreements if wanted in (one.reference, one.external_id, one.number)), None
        )
        found.parent = self._known.get(row.external_id) if row else agreement
        found.parent_row = row if row and found.parent is None else None

    def _by_company(self, found: Found) -> None:
        same = [one for one in self._earlier if _is_of(one, found)]
        if same:
            row = same[-1].row
            found.parent = self._known.get(row.external_id)
            found.parent_row = row if found.parent is None else None
            return
        company, projects = found.company.record, {match.record.id for match in found.projects if match.record}
        fitting = [
            one
            for one in self.agreements
            if company is not None and one.company_id == company.id
            and (not projects or projects & {project.id for project in one.projects})
        ]  # fmt: skip
        # Of several one cannot tell which is meant.
        found.parent = fitting[0] if len(fitting) == 1 else None


def _is_of(one: Found, other: Found) -> bool:
    if one.company_key != other.company_key:
        return False
    projects, others = one.project_keys, other.project_keys
    return not projects or not others or bool(projects & others)


def _key(match: Match) -> Any:
    return match.record.id if match.record else core(match.asked)


def look_around(user: User, team_id: int, plan: Plan) -> None:
    looking = Looking(user, team_id, plan.source, plan.decisions, doubts=True)
    looking.know(plan.known)
    new, plan.new = plan.new, []
    for row in new:
        found = looking.take(row)
        if row.problems:
            plan.refused.append(row)
            continue
        row.remarks[:0] = _remarks(found, looking.like(found))
        for doubt in looking.doubts_of(found):
            doubt.rows.append(row.number)
            shown = "; ".join(words for _value, words in doubt.options[:3])
            row.remarks.append(
                _("In doubt: “%(name)s” is nearly called like %(names)s. It is recorded as another one unless you say "
                  "that they are the same.", name=doubt.name, names=shown)
            )  # fmt: skip
        plan.new.append(row)
    plan.refused.sort(key=lambda row: row.number)
    plan.doubts += [doubt for doubt in looking.doubts.values() if doubt.rows]
    for key, answer in plan.decisions.answers.items():
        match = looking.seen.get(key)
        if match is not None and match.record is None:
            name = key.partition(":")[2]
            raise MatchProblem(
                _("“%(name)s” cannot be matched to “%(answer)s”: no single record of yours is called so.",
                  name=name, answer=answer)
            )  # fmt: skip


def _remarks(found: Found, like: list[Contract]) -> list[str]:
    said = []
    for one in like:
        said.append(
            _("It may be on record already: %(agreement)s. Compare them before you go on.", agreement=_called(one))
        )
    if found.parent is not None:
        said.append(_("Addendum to %(agreement)s.", agreement=_called(found.parent)))
    elif found.parent_row is not None:
        said.append(_("Addendum to the agreement of row %(row)s.", row=found.parent_row.number))
    for match, new, matched in (
        (
            found.company,
            _("Company “%(name)s” will be recorded."),
            _("Company “%(name)s” matched to %(record)s, %(how)s."),
        ),
        *(
            (one, _("Project “%(name)s” will be recorded."), _("Project “%(name)s” matched to %(record)s, %(how)s."))
            for one in found.projects
        ),
    ):
        if match.record is None:
            said.append(new % {"name": match.asked})
        elif fold(match.asked) != fold(match.record.name):
            said.append(matched % {"name": match.asked, "record": named(match.record), "how": how_words(match)})
    return said


def _called(agreement: Contract) -> str:
    return f"{agreement.title} ({agreement.reference})"


def _option(record: Any, called: str) -> str:
    return named(record) if fold(called) == fold(record.name) else f"{named(record)}: {called}"
