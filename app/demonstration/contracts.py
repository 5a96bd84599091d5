"""The demonstration's contracts with their addenda, as public reports tell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.accounts.models import User
from app.contracts import operations
from app.contracts.models import NETWORK, Contract
from app.dates import UncertainDate
from app.db import db
from app.evidence.operations import record_source
from app.proceedings.money import read_amount


def load_contract(
    row: dict[str, str],
    by: User,
    loaded: dict[str, Contract],
    companies: Mapping[str, Any],
    projects: Mapping[str, Any],
    entry_uid: Any,
    origin: str,
) -> Contract:
    """One row of the file; an addendum comes after its agreement. Does not commit."""
    facts = _facts(row, loaded) | {
        "company": companies[row["companies"]],
        "projects": [projects[key] for key in row["projects"].split("|")],
        "entry_uid": None if row["base"] else entry_uid,
    }
    contract = operations.record_contract(by, by.memberships[0].team_id, facts, external=(origin, row["id"]))
    for code in filter(None, row["clauses"].split("|")):
        operations.add_clause(by, contract, {"clause": code})
    for part in filter(None, row["pay"].split("|")):
        operations.add_pay(by, contract, _pay(part, row["currency"]))
    source = {
        "citation": row["source_1_title"],
        "url": row["source_1_url"],
        "kind": row["source_1_kind"],
        "reliability": row["source_1_reliability"],
        "origin_group": row["source_1_origin"],
    }
    cited = record_source(by, contract.team_id, source, is_public=True, country="PE")
    operations.add_source(by, contract, cited, row["source_1_credibility"] or None)
    db.session.flush()
    return contract


def review_contract(row: dict[str, str], contract: Contract, coordinator: User) -> None:
    for step in filter(None, row["steps"].split("|")):
        operations.advance(coordinator, contract, step, None)
        db.session.flush()


def _facts(row: dict[str, str], loaded: dict[str, Contract]) -> dict[str, Any]:
    total = row["total_amount"]
    officers = int(row["officers"]) if row["officers"] else None
    return {
        "title": row["title_es"],
        "number": _number(row["label"]),
        "modality": row["modality"],
        "parent": loaded[row["base"]] if row["base"] else None,
        "effect": row["effect"] or None,
        "country": "PE",
        "company_text": row["company"] or None,
        "police_unit": row["police_unit"],
        "police_unit_text": row["unit_text"] or None,
        "special_units": [code for code in row["special_units"].split("|") if code] or None,
        "signed": _day(row, "signed"),
        "starts": _day(row, "start"),
        "ends": _day(row, "end"),
        "officers_least": officers,
        "officers_most": officers,
        "officers_text": row["officers_text"] or None,
        "institution_pay_text": row["institution_pay_es"] or None,
        "total_amount": read_amount(total) if total else None,
        "total_currency": row["currency"] if total else None,
        "total_basis": "TOTAL" if total else None,
        "total_qualifier": "EXACT" if total else None,
        "total_text": row["total_text"] or None,
        "counts": int(row["counts"]) if row["counts"] else None,
        "count_basis": row["count_basis"] or ("ADDENDUM" if row["base"] else "AGREEMENT"),
        "status": row["status"],
        "obtained": row["obtained"],
        "may_be_published": True,
        "confidentiality": NETWORK,
        "scope": row["summary_es"] or None,
        "notes": row["notes"] or None,
    }


def _day(row: dict[str, str], name: str) -> UncertainDate:
    first, last = (date.fromisoformat(row[f"{name}_{end}"]) if row[f"{name}_{end}"] else None for end in ("from", "to"))
    return UncertainDate(first, last, row[f"{name}_precision"].upper(), row.get(f"{name}_text") or None)


def _number(label: str) -> str | None:
    """What stands in brackets, where it is a number: «(RM 0087-2021-IN)»."""
    found = label.rpartition("(")[2].rstrip(")")
    return found if "(" in label and found.startswith(("RM ", "Oficio ")) else None


def _pay(part: str, currency: str) -> dict[str, Any]:
    """`Oficial=100/DAY` or `=100..110/DAY`."""
    rank, _sign, rest = part.partition("=")
    amounts, period = rest.split("/")
    least, *most = (read_amount(amount) for amount in amounts.split(".."))
    return {
        "rank": rank or None,
        "amount_least": least,
        "amount_most": most[0] if most else None,
        "currency": currency,
        "period": period,
    }
