"""Pages seen from a company, a project, a police unit or a home country; the map and the charts; files of them."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from app.access import allow, visible_or_404
from app.analysis import export, queries
from app.analysis.blueprint import bp
from app.analysis.charts import bars, map_of, money_charts
from app.analysis.forms import WishForm
from app.analysis.numbers import numbers_of
from app.analysis.page import page_of
from app.analysis.queries import AnalysisWish
from app.db import db, fold
from app.downloads import give
from app.merging import kept_instead
from app.organisations.models import Organisation, Project
from app.organisations.parents import home_country_of, parents_of
from app.organisations.queries import MERGES, companies_at_home_in, organisations_found, projects_found
from app.places.countries import country_choices, country_words
from app.vocabulary.queries import entries, label

MOST_FOUND = 20


@bp.get("/")
@allow("records.read")
def index() -> Any:
    text = request.args.get("text", "").strip()[:200]
    homes = [(code, country_words(code), number) for code, number in queries.homes_counted(current_user).items()]
    units = [
        (code, label("police_units", code), number) for code, number in queries.units_counted(current_user).items()
    ]
    return render_template(
        "analysis/index.html",
        text=text,
        companies=_first(organisations_found(current_user, text)) if text else [],
        projects=_first(projects_found(current_user, text)) if text else [],
        most=MOST_FOUND,
        homes=sorted(homes, key=lambda row: fold(row[1])),
        units=sorted(units, key=lambda row: (-row[2], fold(row[1]))),
    )


def _first(statement: Any) -> list[Any]:
    return list(db.session.scalars(statement.limit(MOST_FOUND)).unique())


# --- seen from one of them -----------------------------------------------------------------------


@bp.get("/company/<reference>")
@allow("records.read")
def company(reference: str) -> Any:
    found = visible_or_404(Organisation, current_user, reference)
    if found.is_withdrawn:
        return _instead(found, "analysis.company")
    wish = AnalysisWish(company_id=found.id)
    return render_template(
        "analysis/company.html",
        company=found,
        parents=parents_of(found),
        home=home_country_of(found),
        **page_of(current_user, wish, companies=[found.id], in_court_for=[found.id], names_companies=False),
    )


@bp.get("/project/<reference>")
@allow("records.read")
def project(reference: str) -> Any:
    found = visible_or_404(Project, current_user, reference)
    if found.is_withdrawn:
        return _instead(found, "analysis.project")
    wish = AnalysisWish(project_id=found.id)
    companies = [company.id for company in found.companies]
    told = page_of(current_user, wish, projects=[found.id], in_court_for=companies)
    return render_template("analysis/project.html", project=found, **told)


def _instead(row: Any, endpoint: str) -> Any:
    """The page of the record into which this one went; of what was withdrawn there is none."""
    kept = kept_instead(current_user, type(row), MERGES[type(row)], row.reference)
    return redirect(url_for(endpoint, reference=kept.reference)) if kept else abort(404)


@bp.get("/unit/<unit>")
@allow("records.read")
def unit(unit: str) -> Any:
    if unit not in entries("police_units"):
        abort(404)
    told = page_of(current_user, AnalysisWish(unit=unit))
    return render_template("analysis/unit.html", unit=unit, **told)


@bp.get("/home/<country>")
@allow("records.read")
def home(country: str) -> Any:
    if country not in dict(country_choices()):
        abort(404)
    companies: Any = db.session.scalars(companies_at_home_in(current_user, country)).unique().all()
    numbers = [company.id for company in companies]
    counted = queries.companies_counted(current_user)
    told = page_of(current_user, AnalysisWish(home=country), companies=numbers, in_court_for=numbers)
    return render_template(
        "analysis/home.html",
        country=country,
        companies=[(company, len(counted.get(company.id, ()))) for company in companies],
        **told,
    )


# --- map and charts ------------------------------------------------------------------------------


@bp.get("/contracts")
@allow("records.read")
def contracts() -> Any:
    form = WishForm(request.args, current_user)
    form.validate()
    return _charts(form)


def _charts(form: WishForm) -> str:
    wish = form.wish()
    numbers = numbers_of(current_user, wish)
    return render_template(
        "analysis/contracts.html",
        form=form,
        wish=wish,
        numbers=numbers,
        bars=bars({year: count.agreements for year, count in numbers.by_year}),
        money_charts=money_charts(numbers.money_by_year),
        map=map_of(numbers, current_app.config["SETTINGS"].country),
        perhaps=queries.perhaps_in_these_years(current_user, wish),
    )


@bp.post("/contracts/export")
@allow("records.export")
def export_table() -> Any:
    what = request.form.get("what", "")
    if what not in export.HEADERS:
        what = "departments-years"
    form = WishForm(request.form, current_user)
    if not form.validate():
        # Nothing leaves the house by a filter that could not be read: the file would hold more than was meant.
        return _charts(form), 400
    return give(current_user, export.table_of(current_user, what, form.wish()))
