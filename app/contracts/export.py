"""The register as a file: the agreements of the list, each with its addenda, a paper a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from app import access
from app.access import full_ids, visible
from app.accounts.models import User
from app.contracts.in_force import verdict_on
from app.contracts.models import Contract, ContractChallenge
from app.contracts.queries import ContractWish, contracts_found, for_export
from app.contracts.words import places_read
from app.dates import today
from app.db import db
from app.downloads import Table, name_kind
from app.proceedings.models import Proceeding
from app.proceedings.money import decimal_text
from app.vocabulary.queries import label

CONTRACTS = "contracts"
AT_ONCE = 500
CHALLENGES = "court_challenges"
TYPED = ("text", "company", "project")
CODES = ("unit", "region", "status", "obtained", "state")


def table_of(user: User, wish: ContractWish) -> Table:
    return Table(
        kind=CONTRACTS,
        name=f"amparo-contracts-{today().isoformat()}",
        page="contracts.index",
        header=(*COLUMNS, CHALLENGES),
        lines=lambda: _lines(user, wish),
        filters=_described(wish),
    )


def _papers(user: User, wish: ContractWish) -> Select[tuple[Contract]]:
    found = contracts_found(user, wish).order_by(None).with_only_columns(Contract.base_id)
    papers = visible(Contract, user, withdrawn=wish.withdrawn).where(Contract.base_id.in_(found))
    if wish.withdrawn:
        papers = papers.where(Contract.withdrawn_at.is_not(None))
    return papers.order_by(Contract.base_id, Contract.id)


def _described(wish: ContractWish) -> dict[str, str]:
    """The filters as the audit trail keeps them. What was typed may be a name: only that it was typed stays."""
    given = {field.name: getattr(wish, field.name) for field in fields(wish)}
    told = {name: "(text)" for name in TYPED if given[name]}
    told |= {name: str(given[name]) for name in CODES if given[name]}
    told |= {name: "yes" for name in ("addenda", "withdrawn") if given[name]}
    return told | ({"on": given["on"].written()} if given["on"] else {})


def _lines(user: User, wish: ContractWish) -> Iterator[Sequence[Any]]:
    first = 0
    while rows := access.rows_of(_papers(user, wish), first, AT_ONCE, for_export):
        in_full, fought = full_ids(Contract, user, rows), _fought_in(user, rows)
        for row in rows:
            is_open = row.id in in_full
            told = [_told(row, name, is_open) for name in COLUMNS]
            yield (*told, fought.get(row.id))
        first += AT_ONCE


def _told(paper: Contract, name: str, in_full: bool) -> Any:
    if not in_full and name in COARSE:
        return COARSE[name](paper)
    return COLUMNS[name](paper) if in_full or name not in IN_FULL else None


def _fought_in(user: User, rows: Sequence[Contract]) -> dict[int, list[str]]:
    """Contract → the references of the proceedings in which it is fought and which the user sees."""
    ids = [row.id for row in rows]
    statement = visible(ContractChallenge, user).where(ContractChallenge.contract_id.in_(ids))
    pairs = statement.join(Proceeding, Proceeding.id == ContractChallenge.proceeding_id).order_by(ContractChallenge.id)
    found: dict[int, list[str]] = {}
    for contract, reference in db.session.execute(
        pairs.with_only_columns(ContractChallenge.contract_id, Proceeding.reference)
    ):
        found.setdefault(contract, []).append(reference)
    return found


def _verdict(paper: Contract) -> str:
    return verdict_on((paper.base or paper).spans, today()).kind or "NONE"


def _pay(paper: Contract, in_full: bool = True) -> list[str]:
    """«oficial: 100.00–110.00 PEN DAY»; the rank is in the words of the source."""
    return [
        " ".join(
            filter(
                None,
                [
                    f"{pay.rank}:" if in_full and pay.rank else "",
                    "–".join(filter(None, [decimal_text(pay.amount_least), decimal_text(pay.amount_most)])),
                    pay.currency,
                    pay.period,
                ],
            )
        )
        for pay in paper.pay
    ]


def _places(paper: Contract, in_full: bool = True) -> list[str]:
    return [place.full_name for place in places_read(paper, in_full)]


def _place_codes(paper: Contract, in_full: bool = True) -> list[str]:
    return [place.code_inei for place in places_read(paper, in_full) if place.code_inei]


def _clauses(paper: Contract) -> list[str]:
    """Code, page and quote."""
    return [
        " ".join(filter(None, [one.clause, f"({one.page})" if one.page else "", one.quote])) for one in paper.clauses
    ]


IN_FULL = frozenset({
    "number", "company_text", "police_unit_text", "signatories", "officers_text", "pay_text", "institution_pay_text",
    "total_text", "scope", "force_terms", "obtained_note", "clauses", "tests", "sources", "source_urls",
    "document", "notes",
})  # fmt: skip
"""What sources and colleagues wrote in words: for who reads the contract in full."""

COLUMNS: dict[str, Callable[[Contract], Any]] = {
    "reference": lambda paper: paper.reference,
    "addendum_to": lambda paper: paper.parent.reference if paper.parent else None,
    "effect": lambda paper: paper.effect,
    "title": lambda paper: paper.title,
    "number": lambda paper: paper.number,
    "modality": lambda paper: paper.modality,
    "modality_label": lambda paper: label("contract_modalities", paper.modality),
    "company": lambda paper: paper.company.name,
    "company_reference": lambda paper: paper.company.reference,
    "company_text": lambda paper: paper.company_text,
    "projects": lambda paper: [project.name for project in paper.projects],
    "police_unit": lambda paper: paper.police_unit,
    "police_unit_label": lambda paper: label("police_units", paper.police_unit),
    "police_unit_text": lambda paper: paper.police_unit_text,
    "places": _places,
    "place_codes": _place_codes,
    "signed": lambda paper: paper.signed.written() or None,
    "starts": lambda paper: paper.starts.written() or None,
    "ends": lambda paper: paper.ends.written() or None,
    "terminated": lambda paper: paper.terminated.written() or None,
    "in_force_today": _verdict,
    "signatories": lambda paper: paper.signatories,
    "officers_least": lambda paper: paper.officers_least,
    "officers_most": lambda paper: paper.officers_most,
    "officers_text": lambda paper: paper.officers_text,
    "special_units": lambda paper: paper.special_units,
    "services": lambda paper: paper.services,
    "pay": _pay,
    "pay_text": lambda paper: paper.pay_text,
    "institution_amount": lambda paper: decimal_text(paper.institution_amount),
    "institution_currency": lambda paper: paper.institution_currency,
    "institution_pay_text": lambda paper: paper.institution_pay_text,
    "total_amount": lambda paper: decimal_text(paper.total_amount),
    "total_currency": lambda paper: paper.total_currency,
    "total_basis": lambda paper: paper.total_basis,
    "total_qualifier": lambda paper: paper.total_qualifier,
    "total_text": lambda paper: paper.total_text,
    "counts": lambda paper: paper.counts,
    "count_basis": lambda paper: paper.count_basis,
    "logistics": lambda paper: paper.logistics,
    "scope": lambda paper: paper.scope,
    "clauses": _clauses,
    "force_terms": lambda paper: paper.force_terms,
    "legal_bases": lambda paper: [row.norm for row in paper.legal_bases],
    "tests": lambda paper: [f"{row.point}={row.answer}" for row in paper.tests],
    "conflict_at_signature": lambda paper: paper.conflict_at_signature,
    "status": lambda paper: paper.status,
    "status_label": lambda paper: label("contract_status", paper.status),
    "obtained": lambda paper: paper.obtained,
    "obtained_note": lambda paper: paper.obtained_note,
    "in_confidence": lambda paper: paper.in_confidence,
    "may_be_published": lambda paper: paper.may_be_published,
    "confidentiality": lambda paper: paper.confidentiality,
    "verification": lambda paper: paper.state,
    "document": lambda paper: paper.document_reference,
    "sources": lambda paper: [link.source.citation for link in paper.source_links],
    "source_urls": lambda paper: [link.source.url for link in paper.source_links if link.source.url],
    "country": lambda paper: paper.country,
    "notes": lambda paper: paper.notes,
}
"""Column → its value; the names of the fields, which never change once published."""

COARSE: dict[str, Callable[[Contract], Any]] = {
    "places": lambda paper: _places(paper, in_full=False),
    "place_codes": lambda paper: _place_codes(paper, in_full=False),
    "pay": lambda paper: _pay(paper, in_full=False),
}
"""What of a column is left for who reads without identity: places down to the department, pay without ranks."""


name_kind(
    CONTRACTS,
    _l("List of contracts"),
    text=(_l("Text"), None),
    company=(_l("Company"), None),
    project=(_l("Project"), None),
    unit=(_l("Police unit"), "police_units"),
    region=(_l("Department"), None),
    status=(_l("Status"), "contract_status"),
    on=(_l("In force on"), None),
    obtained=(_l("How it was obtained"), "contract_obtained"),
    state=(_l("Review"), "verification_statuses"),
    addenda=(_l("Each addendum in a line of its own"), None),
    withdrawn=(_l("Withdrawn ones"), None),
)
