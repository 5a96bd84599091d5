"""The way from the page of an organisation or project to what its contracts and incidents look like together."""

from __future__ import annotations

from flask import render_template, url_for
from flask_login import current_user

from app.access import count
from app.analysis.queries import AnalysisWish, agreements_found
from app.organisations.models import Organisation, Project

COMPANY = "COMPANY"


def of_organisation(organisation: Organisation) -> str:
    number = count(agreements_found(current_user, AnalysisWish(company_id=organisation.id)))
    if not number and organisation.kind != COMPANY:
        return ""
    return _panel(url_for("analysis.company", reference=organisation.reference), number)


def of_project(project: Project) -> str:
    number = count(agreements_found(current_user, AnalysisWish(project_id=project.id)))
    return _panel(url_for("analysis.project", reference=project.reference), number)


def _panel(address: str, number: int) -> str:
    return render_template("analysis/panel.html", address=address, number=number)
