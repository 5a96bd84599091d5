"""Reports: what is told of the records to others, from the same select that lists and pages stand on."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.downloads import KINDS, name_kind
from app.reports import bulletin_views, case_file_views, sdg_views
from app.reports.blueprint import bp, of_case
from app.reports.bulletin_files import BULLETIN
from app.reports.case_file_operations import CASE_FILE


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(of_case)
    place = web.Place("reports.index", _l("Reports"), "clipboard-data", "records.read", order=65, group=1)
    web.add_place(app, place)
    name_kind(
        BULLETIN,
        _l("Monthly bulletin"),
        month=(_l("Month"), None),
        team=(_l("Team"), None),
        titles=(_l("With titles"), None),
    )
    name_kind(
        sdg_views.SDG,
        _l("SDG indicator 16.10.1"),
        country=(_l("Country"), None),
        first_year=(_l("First year"), None),
        last_year=(_l("Last year"), None),
    )
    KINDS[CASE_FILE] = _l("Case file for a lawyer or a body")
    web.add_panel(app, "case acts", "file", case_file_views.acts_panel, order=15)


__all__ = ["bulletin_views", "case_file_views", "sdg_views"]
