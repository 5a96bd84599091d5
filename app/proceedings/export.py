"""The list of proceedings as a file: the same filters give the same rows; codes, days and counts, no names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from app.access import full_ids
from app.accounts.models import User
from app.cases.queries import REFERENCE
from app.dates import today
from app.db import db
from app.downloads import Table, name_kind
from app.i18n import language
from app.proceedings.forms import DIRECTIONS
from app.proceedings.models import Accused, Proceeding
from app.proceedings.money import decimal_text
from app.proceedings.queries import WITHDRAWN, ProceedingWish, for_page, proceedings_found
from app.vocabulary.queries import entries, label

PROCEEDINGS = "proceedings"
HEADER = (
    "read_as", "reference", "case", "direction", "kind", "kind_label", "title", "facts", "complexity", "stage",
    "stage_label", "stage_entered", "outcome", "outcome_label", "accused_least", "accused_most", "offences",
    "hearings", "measures", "sentence_years", "sentence_months", "sentence_suspended", "reparation",
    "reparation_currency", "criminalisation_forms",
)  # fmt: skip
AT_ONCE = 500


def table_of(user: User, wish: ProceedingWish) -> Table:
    return Table(
        kind=PROCEEDINGS,
        name=f"amparo-proceedings-{today().isoformat()}",
        page="proceedings.index",
        header=HEADER,
        lines=lambda: _lines(user, wish),
        filters=_described(wish),
        persons=_persons_in(user, wish),
    )


def _persons_in(user: User, wish: ProceedingWish) -> Select[Any]:
    """The ids of all whom the file tells of, though it names nobody."""
    proceedings = proceedings_found(user, wish).with_only_columns(Proceeding.id).order_by(None)
    return select(Accused.person_id).where(Accused.proceeding_id.in_(proceedings))


def _described(wish: ProceedingWish) -> dict[str, str]:
    """The filters as the audit trail keeps them. What was typed may be a name: only that it was typed stays."""
    given = {name: value for name, value in vars(wish).items() if value}
    return {name: value if _is_code(name, value) else "(text)" for name, value in given.items()}


def _is_code(name: str, value: str) -> bool:
    """Whether the filter is what the list offers; an address may bring anything in its place."""
    known: dict[str, Collection[str]] = {
        "direction": DIRECTIONS,
        "stage": entries("proc_stages"),
        "outcome": {*entries("proc_outcomes"), WITHDRAWN},
    }
    return value in known.get(name, ()) or (name == "case" and REFERENCE.fullmatch(value) is not None)


def _lines(user: User, wish: ProceedingWish) -> Iterator[Sequence[Any]]:
    statement = for_page(proceedings_found(user, wish))
    first = 0
    while rows := list(db.session.scalars(statement.limit(AT_ONCE).offset(first)).unique()):
        in_full = full_ids(Proceeding, user, rows)
        yield from (_line(row, row.id in in_full) for row in rows)
        first += AT_ONCE


def _line(proceeding: Proceeding, in_full: bool) -> Sequence[Any]:
    stages = proceeding.stages_in_order
    least, most = proceeding.accused_counted()
    return (
        "full" if in_full else "reduced",
        proceeding.reference,
        proceeding.case.reference,
        proceeding.direction,
        proceeding.kind,
        label("proc_kinds", proceeding.kind),
        proceeding.title_in(language()) if in_full else None,
        proceeding.facts.written(),
        proceeding.complexity,
        proceeding.current_stage,
        label("proc_stages", proceeding.current_stage),
        stages[-1].entered.written() if stages else None,
        proceeding.outcome,
        label("proc_outcomes", proceeding.outcome),
        least if proceeding.accused else None,
        most if proceeding.accused else None,
        list(dict.fromkeys(charge.offence for charge in proceeding.charges)),
        len(proceeding.hearings),
        len(proceeding.measures),
        proceeding.sentence_years,
        proceeding.sentence_months,
        proceeding.sentence_suspended,
        decimal_text(proceeding.reparation_amount),
        proceeding.reparation_currency,
        proceeding.criminalisation_forms,
    )


name_kind(
    PROCEEDINGS,
    _l("List of proceedings"),
    text=(_l("Text"), None),
    direction=(_l("Direction"), DIRECTIONS),
    stage=(_l("Stage"), "proc_stages"),
    outcome=(_l("Outcome"), "proc_outcomes"),
    case=(_l("Case"), None),
)
