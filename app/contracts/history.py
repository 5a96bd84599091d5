"""The history of a contract in sentences. For full readers only."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import visible
from app.accounts.models import User
from app.accounts.queries import names_of
from app.contracts.forms import DAYS, ONE_OF, SEVERAL_OF, SHARING, TEXTS, ContractForm
from app.contracts.link_history import told_of_contract
from app.contracts.models import Contract
from app.contracts.workflow import DONE, MOVES
from app.db import db
from app.evidence.history import file_phrases
from app.evidence.models import Source
from app.evidence.queries import files_of
from app.history import Describe, Picture, Readers, Row, Step, column_read, day_read, record_told, several, when_read
from app.organisations.models import Organisation, Project
from app.places.models import Place
from app.proceedings.models import Proceeding
from app.proceedings.money import money_words
from app.vocabulary.queries import label, labels


def history_of(user: User, contract: Contract, most: int | None = None) -> tuple[list[Step], bool]:
    """The newest *most* steps, and whether there are older ones. The caller has made sure of full reading."""
    rows: list[Any] = [*contract.project_links, *contract.place_links, *contract.source_links]
    rows += [*contract.challenge_links, *contract.pay, *contract.clauses, *contract.legal_bases, *contract.tests]
    rows += contract.reviews
    links = told_of_contract(user, contract)
    rows += links.rows
    rows += db.session.scalars(files_of(user, contract, withdrawn=True))

    def beside(before: Picture, after: Picture) -> list[str]:
        return file_phrases(before, after) + links.phrases(before, after)

    readers, parts = partial(_readers, user), _parts(user)
    return record_told(contract, rows, names_of, readers, parts, most, beside, links.entries)


def _words(name: str) -> str:
    """The label of its field, as it stands inside a sentence in quotes."""
    field: Any = getattr(ContractForm, name)
    return f"“{field.args[0]}”"


def _readers(user: User) -> Readers:
    for name in TEXTS:
        yield _words(name), column_read(name)
    for name, list_name in {**ONE_OF, **SEVERAL_OF}.items():
        yield _words(name), column_read(name, partial(labels, list_name))
    for name in DAYS:
        yield _words(name), partial(when_read, name=name)
    for name in ("officers_least", "officers_most", "counts", "country"):
        yield _words(name), column_read(name)
    for name in ("total", "institution"):
        yield _words(f"{name}_amount"), partial(_money, name)
    for name in ("in_confidence", "may_be_published"):
        yield _words(name), column_read(name, lambda value: _("yes") if value else _("no"))
    yield _words("confidentiality"), column_read("confidentiality", lambda code: str(SHARING[code]))
    yield _("which file is the paper itself"), column_read("document_reference")
    yield _words("company"), column_read("company_id", partial(_named, user, Organisation))
    yield _words("parent"), column_read("parent_id", partial(_named, user, Contract))


def _money(name: str, row: Row) -> str:
    return money_words(row.get(f"{name}_amount"), row.get(f"{name}_currency"))


def _named(user: User, model: Any, number: int | None) -> str:
    """What a row is called, as far as the user sees it; the number in the trail says no more."""
    if number is None:
        return ""
    statement = visible(model, user, withdrawn=True).where(model.id == number)
    found: Any = db.session.scalars(statement).unique().one_or_none()
    if found is None:
        return _("a record that you do not see")
    if isinstance(found, Source):
        return found.citation
    return str(found.reference if isinstance(found, Contract | Proceeding) else found.name)


def _place(number: int | None) -> str:
    found = db.session.get(Place, number) if number else None
    return found.full_name if found else ""


def _parts(user: User) -> dict[str, tuple[Any, Describe]]:
    named = cache(partial(_named, user))

    def move(row: Row) -> str:
        name = row.get("move") or ""
        words = DONE[name] if name in MOVES else _("a key fact was changed, the review is open again")
        return several(str(words).rstrip("."), row.get("note"))

    def checked(row: Row) -> str | None:
        return _("compared with the paper") if row.get("checked_at") else None

    return {
        "contract_project": (_l("project"), lambda row: named(Project, row.get("project_id"))),
        "contract_place": (_l("place"), lambda row: _place(row.get("place_id"))),
        "contract_source": (
            _l("source"),
            lambda row: several(named(Source, row.get("source_id")), label("info_credibility", row.get("credibility"))),
        ),
        "contract_challenge": (_l("court challenge"), lambda row: named(Proceeding, row.get("proceeding_id"))),
        "contract_pay": (
            _l("pay"),
            lambda row: several(
                row.get("rank"), money_words(row.get("amount_least"), row.get("currency")),
                money_words(row.get("amount_most"), row.get("currency")),
                labels("contract_pay_periods", row.get("period")),
            ),
        ),
        "contract_clause": (
            _l("clause"),
            lambda row: several(labels("contract_clauses", row.get("clause")), row.get("page"), checked(row)),
        ),
        "contract_legal_basis": (
            _l("legal basis"),
            lambda row: several(
                labels("legal_bases_contracts", row.get("norm")), day_read(row, "checked_on"), row.get("note")
            ),
        ),
        "contract_test": (
            _l("answer"),
            lambda row: several(
                labels("contract_tests", row.get("point")), labels("yes_no_unknown", row.get("answer")), row.get("note")
            ),
        ),
        "contract_review": (_l("review"), move),
    }  # fmt: skip
