"""What contracts bring into the timeline of a case: how long they were in force, and the days of their papers.

Those that bear on its incidents, and those for which an entry of the case was written. For full readers of the case:
a contract tells where something happened, and nearly when. Others keep the public words of the entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app import i18n
from app.access import full_ids, reads_in_full
from app.accounts.models import User
from app.cases.models import Case
from app.contracts.models import Contract
from app.contracts.standing import agreements_in, papers_in
from app.contracts.stretches import stretches
from app.dates import UncertainDate
from app.db import db
from app.timeline.moments import Moment, Stretch
from app.vocabulary.queries import label


def contract_moments(case: Case, user: User) -> Iterator[Moment]:
    if not reads_in_full(user, case):
        return
    papers: Any = db.session.scalars(papers_in(user, case)).unique().all()
    in_full = full_ids(Contract, user, papers)
    for paper in papers:
        day = paper.signed if _is_known(paper.signed) else paper.starts
        if not _is_known(day) and paper.entry_uid is None:
            continue
        full = paper.id in in_full
        yield Moment(
            lane="contracts",
            happened=day,
            when=_shown(day, full),
            title=paper.title,
            what=_what(paper),
            address=url_for("contracts.show", reference=paper.reference),
            reference=paper.reference,
            text=paper.scope if full else None,
            state=paper.state,
            short=paper.company.name,
            group=paper.base.reference if paper.base else paper.reference,
        )


def contract_stretches(case: Case, user: User) -> Iterator[Stretch]:
    """Solid while an agreement was in force for certain, hatched while it may have been."""
    if not reads_in_full(user, case):
        return
    found: Any = db.session.scalars(agreements_in(user, case)).unique().all()
    for contract in found:
        for one in stretches(contract.spans):
            begins = one.begins if one.sure else UncertainDate.between(one.begins.earliest, one.ends.latest)
            yield Stretch(
                lane="contracts",
                begins=begins,
                ends=UncertainDate() if one.is_open else one.ends,
                runs=one.is_open,
                known_until=one.ends.earliest or one.begins.latest or one.begins.earliest,
                title=contract.title,
                begun=_shown(one.begins, False),
                ended=_("no end on record") if one.is_open else _shown(one.ends, False),
                lasted=_("in force") if one.sure else _("possibly in force"),
                short=contract.company.name,
                address=url_for("contracts.show", reference=contract.reference),
                group=contract.reference,
            )


def _is_known(day: UncertainDate) -> bool:
    return bool(day.earliest or day.latest)


def _shown(day: UncertainDate, in_full: bool) -> str:
    return i18n.uncertain_date_words(day if in_full else replace(day, text=None))


def _what(paper: Contract) -> str:
    if paper.is_addendum:
        return label("addendum_effects", paper.effect) or _("Addendum")
    return _("Contract signed") if _is_known(paper.signed) else _("Contract begins")
