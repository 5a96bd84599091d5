"""The demonstration's contracts: what was in force when and where its incidents happened, which and why."""

from datetime import date

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.accounts.models import User
from app.contracts.links import L2
from app.contracts.matches import matches, read
from app.contracts.models import CERTAIN, POSSIBLE, TERM_UNKNOWN, Contract
from app.db import db
from app.demonstration.operations import load_demonstration
from app.incidents.models import Incident

OF_BOTH_DATABASES = ("sqlite",)


@pytest.fixture
def told(app):
    """Event → {contract: its match}, as the coordination of each team sees it."""
    load_demonstration()
    db.session.commit()
    why = "the test looks rows up by their numbers"
    incidents = dict(db.session.execute(unguarded(select(Incident.id, Incident.external_id), why)).all())
    contracts = dict(db.session.execute(unguarded(select(Contract.id, Contract.external_id), why)).all())
    found = {event: {} for event in incidents.values()}
    for email in ("coordinator@demo.example", "coordinator2@demo.example"):
        user = db.session.scalars(select(User).where(User.email == email)).one()
        for match in map(read, db.session.execute(matches(user))):
            found[incidents[match.incident_id]][contracts[match.contract_id]] = match
    return found


def test_seven_agreements_and_two_addenda_with_clauses_and_sources(told):
    statement = select(Contract).where(Contract.external_source == "demonstration").order_by(Contract.external_id)
    contracts = {
        row.external_id: row for row in db.session.scalars(unguarded(statement, "the test counts all")).unique()
    }

    assert list(contracts) == ["PC01", "PC02", "PC03", "PC04", "PC05", "PC06", "PC07", "PC07A", "PC07B"]
    assert all(row.source_links for row in contracts.values())
    assert {row.external_id: len(row.clauses) for row in contracts.values() if row.clauses} == {
        "PC02": 4, "PC03": 2, "PC04": 2, "PC05": 3,
    }  # fmt: skip
    # Two years from February 2021, and from 20 May 2025 on; the first addendum has no day of its own.
    certain = [(span.from_day, span.to_day) for span in contracts["PC07"].spans if span.kind == CERTAIN]
    assert certain == [(date(2021, 2, 28), date(2023, 1, 31)), (date(2025, 5, 20), date(2027, 5, 20))]


TOLD = {
    # December 2010 to December 2011; the deaths are known to the province, in which the project lies. The agreement
    # of 2021 had not begun.
    "PE008": {"PC01": (CERTAIN, L2)},
    # The agreement of 26 October 2017 has no end on record; that of the Oficio 088-2016 no day at all.
    "PE037": {"PC05": (POSSIBLE, L2), "PC02": (TERM_UNKNOWN, None)},
    "PE038": {"PC05": (POSSIBLE, L2), "PC02": (TERM_UNKNOWN, None)},
    "PE052": {"PC05": (POSSIBLE, L2), "PC02": (TERM_UNKNOWN, None)},
    # Undated contracts, never L1.
    "PE012": {"PC04": (TERM_UNKNOWN, None)},
    "PE013": {"PC04": (TERM_UNKNOWN, None)},
    "PE014": {"PC04": (TERM_UNKNOWN, None)},
    # 28 September 2015 and 14 October 2016 lie before 26 October 2017.
    "PE022": {"PC02": (TERM_UNKNOWN, None)},
    "PE024": {"PC02": (TERM_UNKNOWN, None)},
    # The agreement with Yanacocha on record is of 2017 to 2020, five years after the deaths at Conga.
    "PE015": {},
}


def test_which_contract_was_in_force_when_and_where_each_incident_happened_and_why(told):
    answers = {
        event: {contract: (match.follows, match.level) for contract, match in told[event].items()} for event in TOLD
    }

    assert answers == TOLD
    # No other incident of the demonstration has a contract beside it.
    assert {event for event, matched in told.items() if matched} == {
        event for event, matched in TOLD.items() if matched
    }
