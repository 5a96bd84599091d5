"""What the page of one contract shows, for this reader: the chain, the terms in force on a day, facts and parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError

from app.access import full_ids, may, reads_in_full
from app.accounts.models import User
from app.cases.forms import read_day
from app.contracts import words
from app.contracts.in_force import Said, nearest_day, said_on, unreviewed_on, verdict_on
from app.contracts.models import CERTAIN, Contract
from app.contracts.operations import check_hindered_by
from app.contracts.queries import chain_seen, challenges_of
from app.contracts.workflow import MOVES, note_asked, paper_on_file
from app.dates import UncertainDate, today
from app.evidence.queries import file_choices
from app.incidents.sources import independent_sources, links_that_count, same_origin_as
from app.organisations.parents import home_country_of, parents_of
from app.people.days import typed as typed_day
from app.places.countries import country_words
from app.proceedings.models import Proceeding
from app.proceedings.queries import shown_title
from app.vocabulary.queries import entries, entry, label
from app.workflow import open_moves


@dataclass(frozen=True)
class Button:
    """A move of the review; *reason* says why it is not possible now."""

    name: str
    words: Any
    reason: Any
    is_grave: bool


@dataclass(frozen=True)
class Term:
    """One term on a day: what the papers say of it, the latest first."""

    words: str
    said: list[Said]


def page_of(contract: Contract, user: User, on: str) -> dict[str, Any]:
    in_full = reads_in_full(user, contract)
    is_writer = in_full and may(user, "records.write", contract.team_id)
    chain = chain_seen(user, contract)
    base, (day, is_readable_day) = chain[0], _day_asked(on)
    challenges = challenges_of(user, contract)
    verdict, today_ = verdict_on(base.spans, day), verdict_on(base.spans, today())
    return {
        "contract": contract,
        "in_full": in_full,
        "may_write": is_writer and not contract.is_withdrawn,
        "may_restore": is_writer and contract.is_withdrawn,
        "words": words,
        "base": base,
        "chain": chain,
        "changes": {paper.id: _changes(paper, in_full) for paper in chain},
        "on": on or typed_day(UncertainDate.on(day)),
        "is_readable_day": is_readable_day,
        "day": day,
        "verdict": verdict,
        "verdict_today": today_,
        "source_status": words.source_status(contract, today_.kind),
        "unreviewed": unreviewed_on(chain, day) if verdict.kind == CERTAIN else 0,
        "nearest": nearest_day(base.spans, day),
        "terms": _terms(chain, day, in_full),
        "parties": _parties(contract),
        "facts": _facts(contract, in_full),
        "texts": _texts(contract) if in_full else [],
        "points": [(one, _answer(contract, code)) for code, one in entries("contract_tests").items() if one.active],
        "norms": [(entry("legal_bases_contracts", row.norm), row) for row in contract.legal_bases],
        "source_links": contract.source_links if in_full else [],
        "repeats": same_origin_as(links_that_count(contract)) if in_full else {},
        "independent": independent_sources(contract) if in_full else 0,
        "challenges": _with_titles(user, challenges),
        "file_choices": file_choices(user, contract),
        "moves": _moves(contract, user) if in_full else [],
        "notes_asked": _notes_asked(contract, user) if in_full else "",
        "check_hindered_by": partial(check_hindered_by, user, contract, has_paper=paper_on_file(contract, user)),
        "today": today(),
        "problem": None,
        "typed": "",
    }


def _day_asked(text: str) -> tuple[date, bool]:
    """The day that was typed, or today; and whether it could be read."""
    if not text.strip():
        return today(), True
    try:
        found = read_day(text)
    except ValidationError:
        return today(), False
    is_one_day = found.earliest is not None and found.earliest == found.latest
    return (found.earliest, True) if is_one_day and found.earliest else (today(), False)


def _changes(paper: Contract, in_full: bool) -> list[str]:
    """What a paper states, in a few words, for the table of the chain."""
    found = [
        (_("officers: %(words)s"), words.officers_words(paper, False)),
        (_("total: %(words)s"), words.total_words(paper)),
        (_("pay: %(words)s"), "; ".join(words.pay_words(pay, in_full) for pay in paper.pay)),
        (_("projects: %(words)s"), ", ".join(project.name for project in paper.projects)),
        (_("unit: %(words)s"), words.unit_words(paper, in_full)),
    ]
    return [sentence % {"words": told} for sentence, told in found if told]


def _terms(chain: list[Contract], day: date, in_full: bool) -> list[Term]:
    def codes(name: str, list_name: str) -> Callable[[Contract], str]:
        return lambda paper: words.codes_words(list_name, getattr(paper, name))

    def text(name: str) -> Callable[[Contract], str]:
        return lambda paper: (getattr(paper, name) or "") if in_full else ""

    reads: list[tuple[str, Callable[[Contract], str]]] = [
        (_("Company"), _own_company),
        (_("Police unit"), lambda paper: words.unit_words(paper, in_full)),
        (_("Projects"), lambda paper: "; ".join(project.name for project in paper.projects)),
        (_("Area covered"), lambda paper: words.places_words(paper, in_full)),
        (_("Officers"), lambda paper: words.officers_words(paper, in_full)),
        (_("Special units"), codes("special_units", "police_units")),
        (_("Services"), codes("services", "contract_services")),
        (_("What the company provides"), codes("logistics", "contract_logistics")),
        (_("Pay per officer"), lambda paper: words.all_pay_words(paper, in_full)),
        (_("Payment to the institution"), lambda paper: words.institution_words(paper, in_full)),
        (_("Total amount"), lambda paper: words.total_words(paper, in_full)),
        (_("Scope"), text("scope")),
        (_("Use of force"), text("force_terms")),
    ]
    found = [Term(name, _said_anew(said_on(chain, day, read))) for name, read in reads]
    # What no paper says and who reads without identity may not read look alike: the free texts are left out.
    return [term for term in found if term.said or term.words not in (_("Scope"), _("Use of force"))]


def _own_company(paper: Contract) -> str:
    """That of the agreement; of an addendum only where it names another."""
    return "" if paper.parent is not None and paper.company is paper.parent.company else paper.company.name


def _said_anew(said: list[Said]) -> list[Said]:
    """A paper that may hold and only repeats the one before it makes nothing uncertain."""
    return [
        one
        for place, one in enumerate(said)
        if one.surely or place + 1 == len(said) or said[place + 1].value != one.value
    ]


def _parties(contract: Contract) -> list[tuple[str, Any]]:
    company = contract.company
    aliases = "; ".join(sorted(alias.name for alias in company.aliases))
    owners = " ← ".join(parent.name for parent in parents_of(company))
    return [
        (_("Also called"), aliases),
        (_("Parent company"), owners or company.parent_name),
        (_("Home country"), country_words(home_country_of(company))),
    ]


def _facts(contract: Contract, in_full: bool) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = [
        (_("Modality"), label("contract_modalities", contract.modality)),
        (_("Status according to the source"), _status(contract)),
        (_("Signed on"), words.shown_day(contract.signed, in_full)),
        (_("Start"), words.shown_day(contract.starts, in_full)),
        (_("End"), words.shown_day(contract.ends, in_full)),
    ]
    if words.is_known(contract.terminated):
        pairs.append((_("Ended before its term"), words.shown_day(contract.terminated, in_full)))
    if in_full and contract.ends.text:
        pairs.append((_("The end, as it was written"), contract.ends.text))
    pairs.append((_("Social conflict when signed"), label("yes_no_unknown", contract.conflict_at_signature)))
    if contract.counts is not None or contract.count_basis:
        pairs.append((_("What it stands for"), words.counts_words(contract)))
    pairs.append((_("How it was obtained"), label("contract_obtained", contract.obtained)))
    if in_full:
        pairs += [(_("Signatories"), contract.signatories), (_("Recorded by"), _author(contract))]
    pairs.append((_("Public pack"), _("may leave") if contract.may_be_published else _("does not leave")))
    return pairs


def _status(contract: Contract) -> str:
    if contract.status == "REPORTED" and contract.has_document:
        return _("The paper is on file")
    return label("contract_status", contract.status)


def _author(contract: Contract) -> str:
    return contract.author.name if contract.author else ""


def _texts(contract: Contract) -> list[tuple[str, str]]:
    pairs = [
        (_("About how it was obtained"), contract.obtained_note),
        (_("Scope of the service"), contract.scope),
        (_("What it says on the use of force"), contract.force_terms),
        (_("Notes"), contract.notes),
    ]
    return [(name, text) for name, text in pairs if text]


def _answer(contract: Contract, code: str) -> Any:
    return next((test for test in contract.tests if test.point == code), None)


def _with_titles(user: User, proceedings: list[Proceeding]) -> list[tuple[Proceeding, str]]:
    in_full = full_ids(Proceeding, user, proceedings)
    return [(one, shown_title(one, one.id in in_full)) for one in proceedings]


def _moves(contract: Contract, user: User) -> list[Button]:
    if contract.is_withdrawn:
        return []
    found = open_moves(contract, MOVES, user)
    return [Button(one.name, one.move.label, one.hindrance, one.move.is_grave) for one in found]


def _notes_asked(contract: Contract, user: User) -> str:
    asked = [one for one in open_moves(contract, MOVES, user) if one.move.asks_note]
    return " ".join(f"{one.move.label}: {note_asked(one.name)}" for one in asked)
