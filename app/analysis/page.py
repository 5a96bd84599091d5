"""What a page says that is seen from a company, a project, a police unit or a home country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.access import full_ids
from app.accounts.models import User
from app.analysis.court import in_court
from app.analysis.drawing import picture
from app.analysis.incidents import happened
from app.analysis.queries import AnalysisWish, agreements_found, chains_of
from app.analysis.sums import paper_of, totals
from app.contracts.link_words import contract_title, term_words
from app.contracts.models import TERM_UNKNOWN, Contract
from app.contracts.words import officers_words, total_words
from app.dates import today
from app.timeline.moments import LANES
from app.vocabulary.queries import label


@dataclass(frozen=True)
class Line:
    """An agreement or addendum as this reader may read it."""

    contract: Contract
    title: str
    address: str
    term: str
    """With all addenda; of an addendum what it does."""
    officers: str
    amount: str
    unit: str
    short: str
    """A few words for the picture."""
    is_addendum: bool

    @property
    def spans(self) -> list[Any]:
        return list(self.contract.spans)

    @property
    def projects(self) -> list[Any]:
        return list(self.contract.projects)


def page_of(
    user: User,
    wish: AnalysisWish,
    *,
    companies: Sequence[int] = (),
    projects: Sequence[int] = (),
    in_court_for: Sequence[int] = (),
    names_companies: bool = True,
) -> dict[str, Any]:
    """Contracts of the wish, incidents about *companies* or *projects*, and who stands in court for *in_court_for*.

    *names_companies*: the contracts are of several companies, so that the picture names them and not the unit.
    """
    agreements = agreements_found(user, wish)
    chains = chains_of(user, agreements)
    papers = [paper for chain in chains for paper in chain]
    in_full = full_ids(Contract, user, papers)
    lines = [_line(paper, paper.id in in_full, names_companies) for paper in papers]
    drawn = [line for line in lines if not line.is_addendum]
    beside = happened(user, agreements, chains, companies, projects)
    return {
        "lines": lines,
        "number": len(chains),
        "addenda": len(papers) - len(chains),
        "picture": picture(drawn, beside.moments, today()),
        "not_drawn": sum(not any(span.kind != TERM_UNKNOWN for span in line.spans) for line in drawn),
        "lanes": LANES,
        "beside": beside,
        "money": totals([paper_of(paper) for paper in papers]),
        "court": in_court(user, in_court_for, papers),
        "line_of": {line.contract.id: line for line in lines},
    }


def _line(paper: Contract, in_full: bool, names_companies: bool) -> Line:
    unit = label("police_units", paper.police_unit)
    return Line(
        contract=paper,
        title=contract_title(paper, in_full),
        address=url_for("contracts.show", reference=paper.reference),
        term=label("addendum_effects", paper.effect) if paper.is_addendum else term_words(paper.spans, paper.starts),
        officers=officers_words(paper, in_full),
        amount=total_words(paper, in_full),
        unit=unit,
        short=paper.company.name if names_companies else unit,
        is_addendum=paper.is_addendum,
    )
