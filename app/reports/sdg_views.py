"""The reports of this room at a glance; indicator 16.10.1 as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, request
from flask_login import current_user

from app.access import allow, may
from app.dates import today
from app.downloads import Table, give
from app.reports import sdg_mapping as mapping
from app.reports.blueprint import bp
from app.reports.forms import SdgForm
from app.reports.sdg import Sdg, sdg_of

HEADER = (
    "year", "category", "category_label", "incidents", "victims_least", "victims_most", "without_number",
)  # fmt: skip
SDG = "sdg-16-10-1"
YEAR_NOT_ON_RECORD = "not on record"


@bp.get("/")
@allow("records.read")
def index() -> Any:
    return render_template("reports/index.html", may_upr=may(current_user, "upr.export"))


@bp.get("/sdg-16-10-1")
@allow("records.read")
def sdg() -> Any:
    form = SdgForm(request.args, current_user)
    form.validate()
    return _page(form)


def _page(form: SdgForm) -> str:
    return render_template(
        "reports/sdg.html", form=form, found=sdg_of(current_user, form.wish()), mapping=mapping, kinds=mapping.kinds()
    )


@bp.post("/sdg-16-10-1/export")
@allow("records.export")
def export_sdg() -> Any:
    """By year and category alone: what crosses kinds and sexes is for inside, for the numbers are small."""
    form = SdgForm(request.form, current_user)
    if not form.validate():
        # Nothing leaves the house by a filter that could not be read: the file would hold more than was meant.
        return _page(form), 400
    wish = form.wish()
    table = Table(
        kind=SDG,
        name=f"amparo-sdg-16-10-1-{today().isoformat()}",
        page="reports.sdg",
        header=HEADER,
        lines=lambda: _lines(sdg_of(current_user, wish)),
        filters={name: str(value) for name, value in vars(wish).items() if value},
    )
    return give(current_user, table)


def _lines(found: Sdg) -> Iterator[Sequence[Any]]:
    for year, lines in found.by_year:
        for code, line in lines.items():
            words = mapping.categories()[code].label
            yield (
                year or YEAR_NOT_ON_RECORD, code, words, line.incidents, line.least, line.most, line.without_number,
            )  # fmt: skip
