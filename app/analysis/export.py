"""The tables of map and charts as files: the very rows that stand on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.analysis.numbers import Count, Numbers, numbers_of
from app.analysis.queries import AnalysisWish
from app.dates import today
from app.downloads import Table, name_kind
from app.organisations.queries import home_countries_known
from app.proceedings.money import decimal_text
from app.vocabulary.queries import entries

COUNTED = ("agreements", "of_these_for_several_papers", "officers_least", "officers_most", "agreements_with_officers")
HEADERS: dict[str, tuple[str, ...]] = {
    "years": ("year_of_start", *COUNTED),
    "departments": ("department", *COUNTED),
    "departments-years": ("department", "year_of_start", *COUNTED),
    "money": (
        "year_of_start", "currency", "covers", "counted", "exactness", "records", "papers", "total", "least", "most",
    ),
}  # fmt: skip
NOT_ON_RECORD = "not on record"


def table_of(user: User, what: str, wish: AnalysisWish) -> Table:
    return Table(
        kind=f"analysis-{what}",
        name=f"amparo-contracts-by-{what}-{today().isoformat()}",
        page="analysis.contracts",
        header=HEADERS[what],
        lines=lambda: _lines(what, numbers_of(user, wish)),
        filters=_described(user, wish),
    )


def _described(user: User, wish: AnalysisWish) -> dict[str, str]:
    """The filters as the audit trail keeps them. What was typed may be a name: only that it was typed stays."""
    known = {"home": home_countries_known(user), "unit": entries("police_units")}
    given = {name: value for name, value in vars(wish).items() if value}
    return {
        name: str(value) if isinstance(value, int) or value in known.get(name, ()) else "(text)"
        for name, value in given.items()
    }


def _lines(what: str, numbers: Numbers) -> Iterator[Sequence[Any]]:
    if what == "years":
        yield from ((year or NOT_ON_RECORD, *_of(count)) for year, count in numbers.by_year)
    elif what == "departments":
        yield from ((_name(numbers, place), *_of(count)) for place, count in numbers.by_department)
    elif what == "departments-years":
        for place, year, count in numbers.by_department_and_year:
            yield (_name(numbers, place), year or NOT_ON_RECORD, *_of(count))
    else:
        for year, line in numbers.money_by_year:
            amounts = [decimal_text(amount) for amount in (line.total, line.least, line.most)]
            said = (line.currency, line.basis, line.count_basis, line.qualifier)
            yield (year or NOT_ON_RECORD, *said, line.records, line.papers, *amounts)


def _name(numbers: Numbers, department: int | None) -> str:
    return NOT_ON_RECORD if department is None else numbers.names[department]


def _of(count: Count) -> Sequence[Any]:
    officers = (count.officers_least, count.officers_most) if count.with_officers else (None, None)
    return (count.agreements, count.several, *officers, count.with_officers)


for _what, _words in (
    ("years", _l("Contracts by year")),
    ("departments", _l("Contracts by department")),
    ("departments-years", _l("Contracts by department and year")),
    ("money", _l("Money of contracts by year")),
):
    name_kind(
        f"analysis-{_what}",
        _words,
        home=(_l("Home country"), None),
        company=(_l("Company"), None),
        project=(_l("Project"), None),
        unit=(_l("Police unit"), "police_units"),
        first_year=(_l("From"), None),
        last_year=(_l("To"), None),
    )
